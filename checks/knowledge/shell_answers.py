"""When a Lync cmdlet brought nothing that can be judged: why, and what to say of it."""

from checks.deployment import Deployment, Vantage
from checks.knowledge.lync_objects import not_found
from checks.knowledge.roles import cmdlet_in, not_offered
from checks.model import Finding, Frozen, Outcomes, Reason
from checks.probes import Objects, Unanswered


class Unseen(Frozen, frozen=True):
    """A question to the shell without a usable answer."""

    reason: Reason
    detail: str
    command: str = ""
    seat_has_no_shell: bool = False
    """True where this vantage is not one that a Lync shell belongs to, and none was named."""
    seen_from: Vantage = Vantage.FRONT_END
    """The seat that sees it then: the one whose shell was asked."""


def unseen(answer: Objects | Unanswered, deployment: Deployment) -> Unseen | None:
    """Why the answer tells nothing; None where it can be judged. That an object does not exist can be judged."""
    if isinstance(answer, Unanswered):
        away = deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE}
        return Unseen(
            reason=answer.reason,
            detail=answer.detail,
            command=answer.command,
            seat_has_no_shell=away and answer.reason is Reason.MISSING_INPUT,
        )
    error = next((error for error in answer.errors if not not_found(error)), None)
    if error is None or answer.objects:
        return None
    if "commandnotfound" in error.id.lower():
        return Unseen(reason=Reason.DENIED, detail=not_offered(cmdlet_in(error.message)))
    # What the message says in any language, its id says in English.
    denied = "unauthorizedaccess" in error.id.lower() or any(
        word in f"{error.message} {error.category}".lower()
        for word in ("access", "denied", "unauthorized", "permission", "login failed")
    )
    return Unseen(reason=Reason.DENIED if denied else Reason.UNREACHABLE, detail=error.message)


def not_seen(outcomes: Outcomes, seen: Unseen, what: str) -> Finding:
    """The finding for it: `not-for-this-seat` or `not-seen`, both of which the step declares."""
    if seen.seat_has_no_shell:
        edge = seen.seen_from is Vantage.EDGE
        where = "at the Edge or with a shell of it" if edge else "at the Front End or with a Lync shell"
        return outcomes.finding(
            "not-for-this-seat",
            f"This is seen {where}, not from here.",
            command=seen.command,
            seen_from=(seen.seen_from,),
        )
    return outcomes.finding("not-seen", f"{what}: {seen.detail}", reason=seen.reason, command=seen.command)
