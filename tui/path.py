"""Where the keys lead on a walk's path.

Passed over, and said so, are steps that a fault made pointless, and those that only another seat can see.
"""

from collections.abc import Callable, Iterator
from itertools import takewhile

from checks.model import Status
from checks.walk import Walk


def before(walk: Walk, step_id: str) -> str | None:
    """The step that the back key shows; None at the beginning."""
    earlier = walk.path[: walk.path.index(step_id)] if step_id in walk.path else walk.path
    return next((step for step in reversed(earlier) if not is_passed_over(walk, step)), None)


def after(walk: Walk, step_id: str) -> str | None:
    """The step that follows: the next one already walked, else what the runbook says. None for the verdict."""
    return _walked_after(walk, step_id) or walk.next(step_id)


def coming(walk: Walk, step_id: str) -> str | None:
    """The step that `after` would give now; nothing is noted."""
    return _walked_after(walk, step_id) or walk.coming(step_id)


def made_pointless(walk: Walk, step_id: str) -> tuple[str, ...]:
    """The titles of the steps that were passed over just before this one, because of a fault."""
    return tuple(_titles_before(walk, step_id, _is_consequence))


def seen_elsewhere(walk: Walk, step_id: str) -> tuple[str, ...]:
    """The titles of the steps that were passed over just before this one, because another seat sees them."""
    return tuple(_titles_before(walk, step_id, _is_seen_elsewhere))


def is_passed_over(walk: Walk, step_id: str) -> bool:
    """True for a step that nobody needs to read on his way; whoever goes to it sees it."""
    return _is_consequence(walk, step_id) or _is_seen_elsewhere(walk, step_id)


def _titles_before(walk: Walk, step_id: str, counts: Callable[[Walk, str], bool]) -> Iterator[str]:
    earlier = walk.path[: walk.path.index(step_id)] if step_id in walk.path else walk.path
    passed = list(takewhile(lambda step: is_passed_over(walk, step), reversed(earlier)))
    return (walk.runbook.stage(step).step.title for step in reversed(passed) if counts(walk, step))


def _walked_after(walk: Walk, step_id: str) -> str | None:
    later = walk.path[walk.path.index(step_id) + 1 :] if step_id in walk.path else []
    return next((step for step in later if not is_passed_over(walk, step)), None)


def _is_consequence(walk: Walk, step_id: str) -> bool:
    concluded = walk.conclusion(step_id)
    return concluded is not None and concluded.finding.status is Status.SKIPPED and bool(concluded.finding.because)


def _is_seen_elsewhere(walk: Walk, step_id: str) -> bool:
    concluded = walk.conclusion(step_id)
    return (
        concluded is not None
        and concluded.finding.status is Status.NOT_APPLICABLE
        and bool(concluded.finding.seen_from)
        # Who pastes can bring what another seat sees. What a person said of a step, or noted about it, is read.
        and walk.journal.began.sources.shell != "paste"
        and not concluded.source
        and step_id not in walk.journal.notes
    )
