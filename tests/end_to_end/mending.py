"""What a verdict's remedies come to: carried out in the practice deployment that was walked, which is then looked at again."""

from collections.abc import MutableMapping
from dataclasses import dataclass

from checks.model import Finding, Status
from checks.walk import Walk
from lab import client
from tests.end_to_end.walking import Then
from tui import practice
from tui.session import CannotMend


@dataclass(frozen=True)
class Outcome:
    """What came of the commands of one verdict."""

    refused: tuple[str, ...] = ()
    """What PowerShell said where it did not do as it was told."""
    finding: Finding | None = None
    """What the step of the cause concluded afterwards; None where no remedy has a command."""

    @property
    def mended(self) -> bool:
        """True where the fault was looked for again, and is not there."""
        return self.finding is not None and self.finding.status in {Status.OK, Status.NOT_APPLICABLE}


Outcomes = MutableMapping[tuple[str, str], Outcome]
"""By scenario and runbook."""


def mend_into(outcomes: Outcomes) -> Then:
    """Carries out all commands of the verdict in their order, and then asks the step of the cause again."""

    async def mend(running: client.Running, walk: Walk) -> None:
        verdict = walk.verdict()
        commands = [remedy for remedy in verdict.remedies if remedy.cmdlet]
        refused: list[str] = []
        for remedy in commands:
            try:
                await practice.mend(running, remedy)
            except CannotMend as refusal:
                refused.append(f"{remedy.command()}: {refusal}")
        finding = None
        if verdict.cause is not None and commands:
            concluded = await walk.rerun(verdict.cause.partition("/")[0])
            finding = concluded.finding
        outcomes[walk.journal.began.scenario, walk.runbook.name] = Outcome(tuple(refused), finding)

    return mend
