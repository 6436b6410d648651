"""What gather may use: the deployment and the probes. Within a walk the same question is asked of the world once."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

from checks.deployment import Deployment
from checks.journal import Asked, Journal, now
from checks.model import Reason
from checks.probes import (
    Answer,
    Cmdlet,
    Handshake,
    Lookup,
    NoTls,
    Objects,
    Parameter,
    Presented,
    Probe,
    Probes,
    Question,
    RecordKind,
    Records,
    Request,
    Response,
    Sockets,
    SocketTable,
    Unanswered,
    Unreached,
    View,
)


class Asking:
    """Asks each question once, remembers the answer, and writes both to the journal.

    A waiter that is cancelled never cancels a question that another still awaits.
    """

    def __init__(self, probes: Probes, journal: Journal) -> None:
        self.probes = probes
        self.journal = journal
        self._running: dict[Question, asyncio.Task[Answer]] = {}
        self._waiting: dict[Question, int] = {}
        self._answers: dict[Question, Answer] = {}

    async def ask(self, question: Question) -> Answer:
        """The world's answer, from memory where it was asked before."""
        if question in self._answers:
            return self._answers[question]
        task = self._running.get(question)
        if task is None:
            task = self._running[question] = asyncio.create_task(self._ask_the_world(question))
        self._waiting[question] = self._waiting.get(question, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[question] -= 1
            if not self._waiting[question] and not task.done():
                task.cancel()
                self._running.pop(question, None)

    def forget(self, question: Question) -> None:
        """Asks anew the next time."""
        self._answers.pop(question, None)
        self.journal.forget(question)
        if isinstance(question, Cmdlet):
            self.probes.forget()
        task = self._running.pop(question, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Stops what still runs, then the probes."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.probes.close()

    async def _ask_the_world(self, question: Question) -> Answer:
        at, started = now(), time.monotonic()
        try:
            answer = await self._probe(question).ask(question)
        except Exception as error:  # A crash of a probe is a finding, never the end of a walk.
            answer = Unanswered(reason=Reason.BUG, detail=f"the probe crashed: {type(error).__name__}")
        self._answers[question] = answer
        self._running.pop(question, None)
        took = round((time.monotonic() - started) * 1000)
        seat = self.journal.began.deployment.vantage
        self.journal.add(Asked(question=question, answer=answer, seat=seat, at=at, took_ms=took))
        return answer

    def _probe(self, question: Question) -> Probe[Any, Answer]:
        match question:
            case Lookup():
                return self.probes.dns
            case Request():
                return self.probes.http
            case Handshake():
                return self.probes.tls
            case Sockets():
                return self.probes.host
            case Cmdlet():
                return self.probes.shell


class Context:
    """What one step's gather is given. It notes each question, so that the finding can show its evidence."""

    def __init__(
        self, deployment: Deployment, asking: Asking, noticed: Callable[[Question], None] | None = None
    ) -> None:
        self.deployment = deployment
        self.questions: list[Question] = []
        self._asking = asking
        self._noticed = noticed

    async def lookup(self, name: str, kind: RecordKind, view: View | None = None) -> Records | Unanswered:
        """DNS records of a name; in the view of the vantage unless told otherwise."""
        question = Lookup(name=name, kind=kind, view=view or self.view)
        return cast(Records | Unanswered, await self._ask(question))

    async def get(
        self, url: str, view: View | None = None, *, trusting: bool = False
    ) -> Response | Unreached | Unanswered:
        """What the address answers to GET."""
        question = Request(method="GET", url=url, view=view or self.view, trusting=trusting)
        return cast(Response | Unreached | Unanswered, await self._ask(question))

    async def post(
        self, url: str, view: View | None = None, *, trusting: bool = False
    ) -> Response | Unreached | Unanswered:
        """What the address answers to an empty, unauthenticated POST."""
        question = Request(method="POST", url=url, view=view or self.view, trusting=trusting)
        return cast(Response | Unreached | Unanswered, await self._ask(question))

    async def handshake(self, host: str, port: int = 443, view: View | None = None) -> Presented | NoTls | Unanswered:
        """The certificate that a server presents, and whether it verifies."""
        question = Handshake(host=host, port=port, view=view or self.view)
        return cast(Presented | NoTls | Unanswered, await self._ask(question))

    async def sockets(self, *ports: int) -> SocketTable | Unanswered:
        """This host's TCP sockets that have one of the ports at either end."""
        return cast(SocketTable | Unanswered, await self._ask(Sockets(ports=ports)))

    async def invoke(self, name: str, **parameters: Parameter) -> Objects | Unanswered:
        """What a Lync cmdlet brings back; cmdlet and parameters travel as data."""
        question = Cmdlet(name=name, parameters=tuple(parameters.items()))
        return cast(Objects | Unanswered, await self._ask(question))

    @property
    def view(self) -> View:
        """The view of DNS that a machine at this vantage has. An Edge resolves through its outside interface."""
        return "outside" if self.deployment.vantage in {"outside", "edge"} else "inside"

    async def _ask(self, question: Question) -> Answer:
        if question not in self.questions:
            self.questions.append(question)
        if self._noticed:
            self._noticed(question)
        return await self._asking.ask(question)
