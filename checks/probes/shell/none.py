"""Where no shell was named: every question goes back with the command to run by hand."""

from checks.model import Reason
from checks.probes import Cmdlet, Objects, Unanswered
from checks.secret import Secret


class NoShell:
    """Answers nothing, and says what would. `detail` is the sentence that tells which shell is missing."""

    def __init__(self, detail: str) -> None:
        self._detail = detail

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        return Unanswered(reason=Reason.MISSING_INPUT, detail=self._detail, command=question.typed())

    def forget(self) -> None:
        """There is nothing to try again."""

    def reset(self, password: Secret) -> None:
        """There is nobody to sign in to."""

    async def close(self) -> None:
        """There is nothing to close."""
