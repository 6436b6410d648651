"""The server's own tests, the cmdlets Test-Cs…: one is run, and what came of it is told."""

from checks.context import Context
from checks.knowledge import synthetic_output
from checks.knowledge.shell_answers import Unseen, unseen
from checks.knowledge.synthetic_output import Outcome
from checks.model import Frozen
from checks.probes import Parameter, Unanswered


class Ran(Frozen, frozen=True):
    """A test that was asked for: its outcome, or why there is none."""

    cmdlet: str
    outcome: Outcome | None = None
    unseen: Unseen | None = None
    password_wanted: bool = False

    @property
    def failed(self) -> Outcome | None:
        """The outcome of a test that failed."""
        return self.outcome if self.outcome and self.outcome.passed is False else None

    @property
    def passed(self) -> bool:
        return self.outcome is not None and self.outcome.passed is True


async def run(context: Context, cmdlet: str, **parameters: Parameter) -> Ran:
    """Runs a test, or takes what came of it before."""
    answer = await context.invoke(cmdlet, on="front-end", **parameters)
    if isinstance(answer, Unanswered):
        return Ran(cmdlet=cmdlet, unseen=unseen(answer, context.deployment), password_wanted=answer.password_wanted)
    outcome = synthetic_output.outcome(answer)
    told = outcome.passed is not None or outcome.no_test_users or outcome.no_such_pool
    return Ran(cmdlet=cmdlet, outcome=outcome, unseen=None if told else unseen(answer, context.deployment))
