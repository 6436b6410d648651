"""Which steps can tell nothing because of what others found, and what stands in the journal for them."""

from checks.journal import Concluded, Journal, now
from checks.model import Finding, Runbook, Stage, Status
from checks.verdict import title_of


def pointless_because(stage: Stage, journal: Journal) -> str | None:
    """`step-id/answer` of what makes the step of this stage tell nothing new; None where nothing does."""
    for step_id, answers in stage.stands_on.items():
        concluded = journal.concluded.get(step_id)
        if concluded and concluded.finding.answer in answers:
            return f"{step_id}/{concluded.finding.answer}"
        if concluded and concluded.finding.status is Status.SKIPPED:
            cause = concluded.finding.because
            # What the stage itself says of the cause counts more than that a step between was skipped for it.
            if cause and cause.partition("/")[0] not in stage.stands_on:
                return cause
    return None


def skipped(runbook: Runbook, journal: Journal, step_id: str, cause: str) -> Concluded:
    """The conclusion of a step that was not looked at: because of `step-id/answer`, or, where that is empty, of the user."""
    step = runbook.stage(step_id).step
    headline = f"Not looked at: {_rests_on(runbook, journal, cause)}" if cause else "You skipped this step."
    finding = Finding(answer="skipped", status=Status.SKIPPED, headline=headline, because=cause, link=step.link)
    return Concluded(step=step_id, finding=finding, at=now())


def _rests_on(runbook: Runbook, journal: Journal, cause: str) -> str:
    title = title_of(runbook, cause)
    concluded = journal.concluded.get(cause.partition("/")[0])
    match concluded.finding.status if concluded else None:
        case Status.UNKNOWN:
            return f"it rests on “{title}”, which could not be seen."
        case Status.NOT_APPLICABLE:
            return f"it rests on “{title}”, which does not apply here."
    return f"it can tell nothing new until “{title}” is mended."
