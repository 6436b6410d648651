"""Where no Lync shell was named: every question goes back with the command to run by hand."""

from checks.model import Reason
from checks.probes import Cmdlet, Objects, Unanswered


class NoShell:
    """Answers nothing, and says what would."""

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        return Unanswered(reason=Reason.MISSING_INPUT, detail="No Lync shell was given.", command=question.typed())

    def forget(self) -> None:
        """There is nothing to try again."""

    async def close(self) -> None:
        """There is nothing to close."""
