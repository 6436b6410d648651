"""What users say, as the beginning of a walk: all that the runbooks know, and where each leads."""

from collections.abc import Iterator
from typing import NamedTuple

from checks.model import Runbook, Symptom
from checks.runbooks import RUNBOOKS

UNSURE = "I don't know"
ELSE = "Something else: paste it"
WHOLE = "mobility"
"""The runbook that is walked from the top by who does not know."""


class Told(NamedTuple):
    """A symptom, and the runbook that explains it."""

    runbook: Runbook
    symptom: Symptom


def known() -> list[Told]:
    """Every symptom, in the order of the runbooks."""
    return [Told(runbook, symptom) for runbook in RUNBOOKS.values() for symptom in runbook.symptoms]


def leads_to(told: Told) -> Iterator[tuple[str, str]]:
    """Where the walk begins and why: a label and a sentence each."""
    steps = told.symptom.explained_by
    title = told.runbook.stage(steps[0]).step.title
    yield "Starts at", title if len(steps) == 1 else f"{title}, the first of {len(steps)} steps that can explain it"
    yield "Because", told.symptom.because


def begins(runbook: Runbook, symptom: str) -> str:
    """What the walk of a symptom keeps to, in a few words; empty where none is known by that name."""
    known_as = runbook.symptom(symptom)
    if known_as is None:
        return ""
    steps = known_as.explained_by
    title = runbook.stage(steps[0]).step.title
    if len(steps) == 1:
        return f"The step that can explain it: “{title}”."
    return f"The {len(steps)} steps that can explain it, from “{title}”."
