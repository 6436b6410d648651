"""Gathering of one step where each cmdlet answers what it is told to, whatever its parameters."""

from collections.abc import Mapping
from typing import Any

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Reason, Step
from checks.probes import Account, Cmdlet, Objects, PhoneSignIn, Question, Server, Unanswered
from checks.secret import Secret


class Told:
    """Implements `Probes` for cmdlets; one that is not named is unanswered."""

    def __init__(self, says: Mapping[str, Objects | Unanswered]) -> None:
        self._says = says

    async def ask(self, question: Any) -> Any:
        nobody = Unanswered(reason=Reason.MISSING_INPUT, detail="There is no shell.", command=question.typed())
        assert isinstance(question, Cmdlet | PhoneSignIn)
        return self._says.get(question.name, nobody) if isinstance(question, Cmdlet) else nobody

    dns: Any = property(lambda self: self)
    http = tls = host = shell = ports = series = phone = xmpp = dns

    def forget(self) -> None: ...

    def reset(self, whose: Server | Account, password: Secret) -> None: ...

    async def close(self) -> None: ...


def deployment(vantage: Vantage = Vantage.FRONT_END, **names: Any) -> Deployment:
    return Deployment(vantage=vantage, **names)


async def gathered(
    step: Step[Any], says: Mapping[str, Objects | Unanswered], place: Deployment
) -> tuple[Any, list[Question]]:
    """The facts that the step gathers, and its questions in order."""
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    context = Context(place, Asking(Told(says), record), may_act=True)
    return await step.gather(context), context.questions
