"""Carries remedies out in the practice deployment: one after the other, until one of them fails."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from checks.model import Remedy, labels
from tui.session import CannotMend

Mend = Callable[[Remedy], Awaitable[str]]
"""Carries one out and tells in a sentence what came of it; CannotMend where it did not work, and has changed nothing."""


class CarriedOut(NamedTuple):
    """What came of some remedies."""

    told: str
    """A line for each: what was carried out, and where it stopped."""
    is_any: bool
    """True where at least one was carried out, so that it is worth looking again."""


async def carry_out(mend: Mend, chosen: Sequence[Remedy], shown: Sequence[Remedy]) -> CarriedOut:
    """Carries out those that were chosen, in their order; the rest is left once one fails. `shown` gives them numbers."""
    told: list[str] = []
    for place, remedy in enumerate(chosen):
        try:
            told.append(f"{_number(remedy, shown)}{await mend(remedy)}")
        except CannotMend as refusal:
            told.append(f"{_number(remedy, shown)}{refusal}")
            told += [f"{_number(left, shown)}not carried out." for left in chosen[place + 1 :]]
            told += [] if place else ["Nothing has changed."]
            return CarriedOut("\n".join(told), bool(place))
    return CarriedOut("\n".join(told), bool(chosen))


def _number(remedy: Remedy, shown: Sequence[Remedy]) -> str:
    """What stands before it on the page; nothing where it is the only one."""
    return f"{labels(shown)[shown.index(remedy)]}: " if len(shown) > 1 else ""
