"""What users say, as the beginning of a walk: all that the runbooks know, and where each leads."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checks.circumstances import course_of
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


def leads_to(runbook: Runbook, symptom: str, told: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where the walk begins after what was told, why, and what it leaves out: a label and a sentence each."""
    course = course_of(runbook, symptom, told)
    if course.steps == runbook.step_ids:
        yield "Then", f"all {len(course.steps)} steps of {runbook.title} are walked, from the top"
        return
    title = runbook.stage(course.steps[0]).step.title
    several = f", the first of {len(course.steps)} steps that can explain it" if len(course.steps) > 1 else ""
    yield "Starts at", f"{title}{several}"
    if course.because:
        yield "Because", course.because
    without_more = course_of(runbook, symptom, ()).steps
    added = [runbook.stage(step).step.title for step in course.steps if step not in without_more]
    if added:
        yield "Also", f"{' and '.join(added)}: what you added makes {'it' if len(added) == 1 else 'them'} possible."
    reasons = [f"{runbook.stage(step).step.title}: {why}" for step, why in course.left_out.items()]
    if len(reasons) > 1:
        reasons = [
            f"{' and '.join(runbook.stage(step).step.title for step in course.left_out)}: neither can be the cause then."
        ]
    yield from (("Left out", reason) for reason in reasons)


def begins(runbook: Runbook, symptom: str, told: Sequence[str] = ()) -> str:
    """What the walk keeps to after what was told, in a few words; empty where it is all of the runbook from the top."""
    steps = course_of(runbook, symptom, told).steps
    if steps == runbook.step_ids:
        return ""
    title = runbook.stage(steps[0]).step.title
    if len(steps) == 1:
        return f"The step that can explain it: “{title}”."
    return f"The {len(steps)} steps that can explain it, from “{title}”."
