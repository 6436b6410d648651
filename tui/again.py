"""Checks again what failed, once somebody mended it: which steps that are, and how each turned out."""

from collections.abc import Sequence
from typing import NamedTuple

from checks.journal import Concluded
from checks.model import Finding, Status, Verdict
from checks.walk import Walk


class Turned(NamedTuple):
    """A step that is checked again: its title, what it was, and what it is now; None while that is not known."""

    title: str
    before: Finding
    after: Finding | None


def to_check(walk: Walk) -> tuple[str, ...]:
    """The steps with a fault, the cause first; where there is none, those that stayed unknown.

    A step that signs in as a user and that nobody has agreed to is left to its own screen, which asks.
    """
    verdict = walk.verdict()
    faults = [fault.partition("/")[0] for fault in (verdict.cause, *verdict.also) if fault]
    return tuple(step for step in faults or verdict.unknown if not walk.must_agree(step, again=True))


def still_hidden(turned: Sequence[Turned]) -> Sequence[Turned]:
    """Those that were skipped because of a fault, and that nothing was asked of again."""
    return [one for one in turned if one.after is None and one.before.status is Status.SKIPPED]


def behind(hidden: Sequence[Turned]) -> str:
    """How many steps a fault hides, in words."""
    return f"{len(hidden)} step{'s' if len(hidden) > 1 else ''} behind it"


def said_of(turned: Sequence[Turned], verdict: Verdict) -> str:
    """How the steps that were checked again turned out and what the verdict is now, in one sentence."""
    well = sum(one.after is not None and one.after.status is Status.OK for one in turned)
    if all(one.before.status is Status.UNKNOWN for one in turned) and not well:
        return "Checked again, and it still cannot be seen."
    if not well:
        return "Checked again, and it is not as it should be yet."
    if well < len(turned):
        return f"Checked again: {well} of {len(turned)} are as they should be now."
    match verdict.status:
        case Status.OK:
            return "Checked again, and it is as it should be."
        case Status.UNKNOWN:
            return "Checked again: that is mended, and something else cannot be seen yet."
    return "Checked again: that is mended, and something else is wrong."


def well_again(walk: Walk) -> Sequence[str]:
    """What was a fault in this walk and is as it should be now: the step, and what it was."""
    return [
        f"{walk.runbook.stage(one.step).step.title} (was: {one.finding.headline})"
        for one in walk.journal.mended()
        if one.step in walk.path
    ]


class Again:
    """One check of what failed, and of what its faults had hidden."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.steps = to_check(walk)
        self._before = {step: walk.journal.concluded[step] for step in (*self.steps, *_hidden_by(walk, self.steps))}

    async def run(self) -> None:
        """Asks everything of the steps anew."""
        await self.walk.rerun(*self.steps)

    def give_up(self) -> None:
        """What was not asked to its end is noted as cancelled: the old finding may be true no more."""
        for step in self.steps:
            if self._now(step) is None:
                self.walk.cancel(step)

    def turned(self) -> Sequence[Turned]:
        """Each step as it was and as it is: first those of `steps`, then what they had hidden."""
        found = []
        for step, before in self._before.items():
            now = self._now(step)
            title = self.walk.runbook.stage(step).step.title
            found.append(Turned(title, before.finding, now.finding if now else None))
        return found

    def _now(self, step: str) -> Concluded | None:
        concluded = self.walk.conclusion(step)
        return concluded if concluded is not self._before[step] else None


def _hidden_by(walk: Walk, steps: Sequence[str]) -> list[str]:
    concluded = (walk.journal.concluded[step] for step in walk.path)
    return [
        one.step
        for one in concluded
        if one.finding.status is Status.SKIPPED and one.finding.because.partition("/")[0] in steps
    ]
