"""Where the keys lead on a walk's path. Steps that a fault made pointless are passed over, and said so."""

from checks.model import Status
from checks.walk import Walk


def before(walk: Walk, step_id: str) -> str | None:
    """The step that the back key shows; None at the beginning."""
    earlier = walk.path[: walk.path.index(step_id)] if step_id in walk.path else walk.path
    return next((step for step in reversed(earlier) if not _is_consequence(walk, step)), None)


def after(walk: Walk, step_id: str) -> str | None:
    """The step that follows: the next one already walked, else what the runbook says. None for the verdict."""
    return _walked_after(walk, step_id) or walk.next(step_id)


def coming(walk: Walk, step_id: str) -> str | None:
    """The step that `after` would give now; nothing is noted."""
    return _walked_after(walk, step_id) or walk.coming(step_id)


def passed_over(walk: Walk, step_id: str) -> tuple[str, ...]:
    """The titles of the steps that were skipped just before this one, because of a fault."""
    earlier = walk.path[: walk.path.index(step_id)] if step_id in walk.path else walk.path
    titles: list[str] = []
    for step in reversed(earlier):
        if not _is_consequence(walk, step):
            break
        titles.insert(0, walk.runbook.stage(step).step.title)
    return tuple(titles)


def _walked_after(walk: Walk, step_id: str) -> str | None:
    later = walk.path[walk.path.index(step_id) + 1 :] if step_id in walk.path else []
    return next((step for step in later if not _is_consequence(walk, step)), None)


def _is_consequence(walk: Walk, step_id: str) -> bool:
    concluded = walk.conclusion(step_id)
    return concluded is not None and concluded.finding.status is Status.SKIPPED and bool(concluded.finding.because)
