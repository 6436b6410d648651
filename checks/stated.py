"""What a person saw where this program could not look: one of a step's own answers, marked as stated."""

from typing import Any

from checks.journal import MOST_NOTE, STATED, Concluded, now
from checks.model import Answer, Finding, Remedy, Status, Step
from checks.text import clean

SAYS = "Stated by a person: "
_OPEN = frozenset({Status.UNKNOWN, Status.NOT_APPLICABLE})
_SETTLES = frozenset({Status.OK, Status.WARNING, Status.FAILED, Status.NOT_APPLICABLE})
_FAULTS = frozenset({Status.WARNING, Status.FAILED})


def can_be_stated(concluded: Concluded | None) -> bool:
    """True for a step that could not be seen, that the user left out, or about which somebody said something before.

    A step that was skipped because of a fault can tell nothing new, whoever looks.
    """
    if concluded is None:
        return False
    finding = concluded.finding
    left_out = finding.status is Status.SKIPPED and not finding.because
    return is_stated(concluded) or left_out or finding.status in _OPEN


def is_stated(concluded: Concluded | None) -> bool:
    """True where a person said it, and nothing here saw it."""
    return concluded is not None and concluded.source == STATED


def answers_to_state(step: Step[Any]) -> tuple[Answer, ...]:
    """The answers of a step that somebody who looked can give, in the step's order."""
    return tuple(answer for answer in step.answers if answer.status in _SETTLES)


def stated(step: Step[Any], name: str, remark: str, before: Concluded | None) -> Concluded:
    """The conclusion that a step has the answer of that name because a person says so.

    ValueError where the step has no such answer that can be stated. What was asked before stays its evidence.
    """
    answer = next((one for one in answers_to_state(step) if one.name == name), None)
    if answer is None:
        raise ValueError(f"{step.id} has no answer {name!r} that can be stated.")
    remark = clean(remark.strip(), MOST_NOTE)
    finding = Finding(
        answer=answer.name,
        status=answer.status,
        headline=f"{SAYS}{answer.meaning}",
        detail=(f"“{remark}”",) if remark else (),
        remedies=(_remedy(step),) if answer.status in _FAULTS else (),
        link=step.link,
    )
    return Concluded(
        step=step.id, finding=finding, at=now(), evidence=before.evidence if before else (), source=STATED
    )  # fmt: skip


def _remedy(step: Step[Any]) -> Remedy:
    """What mends it depends on what was seen, and only the person knows that."""
    return Remedy(
        action=f"Mend what was seen; the documentation of “{step.title}” tells how, and what good looks like.",
        who="whoever administers what was seen",
        risk="as the documentation tells",
        verify="look once more; what can be seen from here, check again (r)",
    )
