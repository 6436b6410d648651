"""A small runbook whose world is a dictionary, so that the walk itself can be tested without any server."""

import asyncio
from typing import Any

from checks.context import Asking, Context
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, now
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Runbook, Stage, Status, Step
from checks.probes import Account, Cmdlet, Objects, Server, Unanswered
from checks.secret import Secret
from checks.walk import Walk


class World:
    """Answers cmdlets from `says`; a cmdlet named in `held` waits until its event is set."""

    def __init__(self, **says: str) -> None:
        self.says: dict[str, str] = says
        self.held: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []
        self.cancelled: list[str] = []
        self.arrived = asyncio.Event()
        self.let_go = asyncio.Event()

    async def ask(self, question: Any) -> Any:
        assert isinstance(question, Cmdlet)
        self.asked.append(question.name)
        self.arrived.set()
        if question.name in self.held:
            try:
                await self.held[question.name].wait()
            except asyncio.CancelledError:
                self.cancelled.append(question.name)
                self.let_go.set()
                raise
        said = self.says.get(question.name, "good")
        if said == "crash":
            raise RuntimeError("canary-in-an-exception")
        if said == "unknown":
            return Unanswered(reason=Reason.TIMEOUT, detail="Nobody answered.")
        return Objects(objects=({"Value": said},))

    @property
    def probes(self) -> Any:
        return self

    dns = http = tls = host = shell = ports = series = phone = xmpp = property(lambda self: self)

    def forget(self) -> None:
        return None

    def reset(self, whose: Server | Account, password: Secret) -> None:
        return None

    async def close(self) -> None:
        return None


class Facts(Frozen, frozen=True):
    """What the cmdlets of the step said."""

    said: tuple[str, ...]


OUTCOMES = Outcomes(
    "https://learn.microsoft.com/",
    Answer(name="good", status=Status.OK, meaning="fine"),
    Answer(name="bad", status=Status.FAILED, meaning="broken"),
    Answer(name="poor", status=Status.WARNING, meaning="not quite"),
    Answer(name="away", status=Status.NOT_APPLICABLE, meaning="not seen from here"),
    Answer(name="unknown", status=Status.UNKNOWN, meaning="not seen"),
)


def judge(facts: Facts) -> Finding:
    if "judge-crash" in facts.said:
        raise ValueError("canary-in-an-exception")
    worst = next((word for word in ("bad", "poor", "unknown", "away") if word in facts.said), "good")
    remedies = (Remedy(cmdlet="Set-Good", who="you", risk="none", verify="r"),) if worst == "bad" else ()
    return OUTCOMES.finding(
        worst, f"It is {worst}.", remedies=remedies, reason=Reason.TIMEOUT if worst == "unknown" else None
    )


def step(name: str, *cmdlets: str, acts: bool = False, limit: float = 25) -> Step[Facts]:
    """A step that asks these cmdlets, and is as good as the worst of them."""

    async def gather(context: Context) -> Facts:
        answers = [await context.invoke(cmdlet) for cmdlet in cmdlets]
        return Facts(
            said=tuple(
                str(answer.objects[0]["Value"]) if isinstance(answer, Objects) else "unknown" for answer in answers
            )
        )

    return Step(
        id=f"canned.{name}", title=name.title(), question=f"Is {name} good?", facts=Facts, gather=gather, judge=judge,
        outcomes=OUTCOMES, why="Because.", good="It is good.", by_hand=lambda deployment: ("Get-Good",), acts=acts, limit=limit,
    )  # fmt: skip


def runbook() -> Runbook:
    """First, second, third (stands on second), fourth (asks what first asks). A poor first leads to fourth."""
    return Runbook(
        name="canned", title="Canned", purpose="tests",
        stages=(
            Stage(step=step("first", "Get-First"), otherwise="canned.second", next={"poor": "canned.fourth"}),
            Stage(step=step("second", "Get-Second"), otherwise="canned.third"),
            Stage(step=step("third", "Get-Third"), otherwise="canned.fourth", stands_on={"canned.second": frozenset({"bad"})}),
            Stage(step=step("fourth", "Get-First", "Get-Fourth"), otherwise=None),
        ),
    )  # fmt: skip


def walk_in(world: World, book: Runbook | None = None, journal: Journal | None = None) -> Walk:
    """A walk through the runbook in that world."""
    book = book or runbook()
    journal = journal or Journal(Began(version=VERSION, runbook=book.name, deployment=Deployment(), at=now()))
    return Walk(book, Deployment(), Asking(world, journal), journal)
