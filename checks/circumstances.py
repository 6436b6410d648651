"""What is told beside a symptom, such as who is concerned and where: data of a runbook, and the course that follows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from checks.model import Runbook

MOST_TOLD = 8
"""Answers that a journal may hold."""
_MOST_REASONS = 2
MOST_NAME = 40
"""Characters of the name of one."""


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to what is asked beside the symptom, and what follows from it for the walk.

    It takes away only steps that cannot be the cause where it is true. Where that is in doubt it changes the order.
    """

    name: str
    """Of its own in the runbook: it is what the command line takes."""
    short: str
    """A word or two, for a line of choices."""
    says: str
    """The same as a statement, for a report and a numbered list."""
    because: str = ""
    """Why the walk begins with `first`: a sentence."""
    first: tuple[str, ...] = ()
    """The steps that are walked before the others, where they can explain the symptom."""
    adds: Mapping[str, tuple[str, ...]] = {}
    """By symptom: steps that may explain it too, now that this is known."""
    without: Mapping[str, str] = {}
    """The steps that cannot be the cause, with a sentence that says why."""
    seat: str = ""
    """The vantage that sees what is told best; empty: any does."""


class Circumstance(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked beside the symptom. Not to know it is a good answer."""

    label: str
    asks: str
    details: tuple[Detail, ...]
    told_by: Mapping[str, str] = {}
    """The symptoms that tell it themselves, each with the name of the detail, or empty: it is not asked beside them."""


class Course(NamedTuple):
    """What is walked, and why it begins where it does."""

    steps: tuple[str, ...]
    """In the order in which they are walked."""
    put_first: tuple[str, ...] = ()
    """Those that come before their place in causal order."""
    because: str = ""
    """Why the first of them is; empty where nothing that was told says it."""
    left_out: Mapping[str, str] = {}
    """The steps that cannot be the cause after what was told, with the reason."""


def asked_beside(runbook: "Runbook", symptom: str) -> Iterator[Circumstance]:
    """What is worth asking beside a symptom; beside none, all."""
    return (one for one in runbook.circumstances if symptom not in one.told_by)


def details_told(runbook: "Runbook", symptom: str, told: Sequence[str]) -> tuple[Detail, ...]:
    """The details by those names: one for each circumstance, the first where two are named; unknown names are none."""
    named = (_named(circumstance, told) for circumstance in asked_beside(runbook, symptom))
    return tuple(detail for detail in named if detail is not None)


def course_of(runbook: "Runbook", symptom: str, told: Sequence[str]) -> Course:
    """The steps that can explain a symptom after what was told beside it; all of them where it is not known.

    Something is always left to walk. Without anything told the order is the causal one.
    """
    known = runbook.symptom(symptom)
    details = details_told(runbook, symptom, told)
    explaining = {*(known.explained_by if known else runbook.step_ids)}
    explaining |= {step for detail in details for step in detail.adds.get(symptom, ())}
    impossible = {step: why for detail in details for step, why in detail.without.items() if step in explaining}
    if explaining <= impossible.keys():
        impossible = {}
    causal = tuple(step for step in runbook.step_ids if step in explaining - impossible.keys())
    first = tuple(dict.fromkeys(step for detail in details for step in detail.first if step in causal))
    steps = (*first, *(step for step in causal if step not in first))
    put_first = first if steps != causal else ()
    because = " ".join(_reasons(details, steps))
    return Course(steps, put_first, because or (known.because if known else ""), impossible)


def _reasons(details: Sequence[Detail], steps: Sequence[str]) -> list[str]:
    """Why the course begins as it does: what decides its first step, and one more that puts steps first."""
    moving = [detail for detail in details if detail.because and any(step in steps for step in detail.first)]
    moving.sort(key=lambda detail: steps[0] not in detail.first)
    return [detail.because for detail in moving[:_MOST_REASONS]]


def steps_for(runbook: "Runbook", symptom: str, told: Sequence[str] = ()) -> tuple[str, ...]:
    """The steps of that course, in the order in which they are walked."""
    return course_of(runbook, symptom, told).steps


def told_line(runbook: "Runbook", symptom: str, told: Sequence[str]) -> str:
    """What a walk began from, in one line: the symptom and what was told beside it; empty where nothing was."""
    known = runbook.symptom(symptom)
    says = [known.says] if known else []
    return "; ".join([*says, *(detail.says for detail in details_told(runbook, symptom, told))])


def seat_of(runbook: "Runbook", symptom: str, told: Sequence[str]) -> tuple[str, str]:
    """The vantage that sees best what was told, and the detail that says so; both empty where any does."""
    for circumstance in runbook.circumstances:
        implied = circumstance.told_by.get(symptom)
        detail = _named(circumstance, told if implied is None else (implied,))
        if detail is not None and detail.seat:
            return detail.seat, detail.says
    return "", ""


def _named(circumstance: Circumstance, names: Sequence[str]) -> Detail | None:
    details = {detail.name: detail for detail in circumstance.details}
    return next((details[name] for name in names if name in details), None)
