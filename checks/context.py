"""What gather may use: the deployment and the probes. Within a walk the same question is asked of the world once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar, cast

from checks.deployment import Deployment
from checks.elsewhere import FromSeat, view_at
from checks.journal import PASTED, Asked, Journal, now
from checks.model import Reason
from checks.probes import (
    Account,
    Answer,
    Cmdlet,
    Elsewhere,
    Handshake,
    Login,
    Lookup,
    NoTls,
    Objects,
    Open,
    Parameter,
    PhoneSession,
    PhoneSignIn,
    Port,
    Presented,
    Probe,
    Probes,
    Question,
    RecordKind,
    Records,
    Request,
    Response,
    Samples,
    Series,
    Server,
    Sockets,
    SocketTable,
    Unanswered,
    Unreached,
    View,
    Way,
)
from checks.probes.journal import Evidence, Offline, is_fact
from checks.secret import Secret

A = TypeVar("A")
B = TypeVar("B")


class Asking:
    """Asks each question once, remembers the answer, and writes both to the journal.

    What `evidence` answers is not asked live. A waiter that is cancelled never cancels a question that another still
    awaits.
    """

    def __init__(self, probes: Probes, journal: Journal, evidence: Evidence | None = None) -> None:
        self.probes = probes
        self.journal = journal
        self._evidence = evidence or Evidence()
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

    def told(self, cmdlet: str) -> tuple[Cmdlet, ...]:
        """The questions with that cmdlet that the evidence answers, whatever their parameters."""
        return self._evidence.questions(cmdlet)

    def take(self, question: Question, answer: Answer) -> None:
        """An answer that a person brought. It stands until another one is brought."""
        self._keep(Asked(question=question, answer=answer, seat=self._seat, at=now(), took_ms=0, source=PASTED))

    def forget(self, question: Question) -> None:
        """Asks anew the next time; what a person brought, or another seat saw, stays."""
        if _is_brought(self.journal.asked.get(question)):
            return
        self._answers.pop(question, None)
        self.journal.forget(question)
        if isinstance(question, Cmdlet):
            self.probes.forget()
        task = self._running.pop(question, None)
        if task is not None:
            task.cancel()

    def sign_in_again(self, whose: Server | Account, password: Secret) -> set[Question]:
        """Takes a password that was typed anew, and gives back what is forgotten because of it.

        That is what the server of a shell did not answer, or whatever was asked as that test user.
        """
        again = {question for question, asked in self.journal.asked.items() if _rests_on(whose, asked)}
        for question in again:
            self.forget(question)
        self.probes.reset(whose, password)
        return again

    async def close(self) -> None:
        """Stops what still runs, then the probes."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.probes.close()

    async def _ask_the_world(self, question: Question) -> Answer:
        told = self._told(question)
        asked = told if told and (told.source == PASTED or is_fact(told.answer)) else await self._ask_live(question)
        if told and isinstance(asked.answer, Unanswered) and asked.answer.reason is Reason.MISSING_INPUT:
            # Nobody can be asked now, so the reason of then says more.
            asked = told
        if not (isinstance(question, Elsewhere) and isinstance(asked.answer, Unanswered)):
            # What another seat might have seen, had somebody stood there, is not wanted here.
            self._keep(asked)
        self._running.pop(question, None)
        return asked.answer

    def _told(self, question: Question) -> Asked | None:
        """What was pasted before this walk was resumed, or what the evidence tells."""
        before = self.journal.asked.get(question)
        return before if _is_brought(before) else self._evidence.find(question)

    async def _ask_live(self, question: Question) -> Asked:
        at, started = now(), time.monotonic()
        try:
            answer = await self._probe(question).ask(question)
        except Exception as error:  # A crash of a probe is a finding, never the end of a walk.
            answer = Unanswered(reason=Reason.BUG, detail=f"the probe crashed: {type(error).__name__}")
        took = round((time.monotonic() - started) * 1000)
        return Asked(question=question, answer=answer, seat=self._seat, at=at, took_ms=took)

    def _keep(self, asked: Asked) -> None:
        self._answers[asked.question] = asked.answer
        self.journal.add(asked)

    @property
    def _seat(self) -> str:
        return self.journal.began.deployment.vantage

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
            case Port():
                return self.probes.ports
            case Series():
                return self.probes.series
            case PhoneSignIn():
                return self.probes.phone
            case Elsewhere():
                return Offline()


def _is_brought(asked: Asked | None) -> bool:
    """True for an answer that nobody here can ask for again: a person pasted it, or another seat saw it."""
    return asked is not None and (asked.source == PASTED or isinstance(asked.question, Elsewhere))


def _rests_on(whose: Server | Account, asked: Asked) -> bool:
    """True for a question that a password typed anew may answer otherwise."""
    match asked.question:
        case PhoneSignIn(login=login):
            return login.account == whose
        case Cmdlet(parameters=parameters) if any(
            isinstance(value, Login) and value.account == whose for _, value in parameters
        ):
            return True
        case Cmdlet(on=server) | Sockets(on=server):
            return server == whose and isinstance(asked.answer, Unanswered)
    return False


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
        self, url: str, view: View | None = None, *, trusting: bool = False, accept: str = "", way: Way = "configured"
    ) -> Response | Unreached | Unanswered:
        """What the address answers to GET."""
        question = Request(method="GET", url=url, view=view or self.view, trusting=trusting, accept=accept, way=way)
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

    async def port(self, host: str, port: int, view: View | None = None) -> Open | Unreached | Unanswered:
        """Whether a TCP port takes a connection."""
        return cast(Open | Unreached | Unanswered, await self._ask(Port(host=host, port=port, view=view or self.view)))

    async def series(
        self, url: str, times: int, *, cookies: bool = False, connection: Literal["new", "kept"] = "new"
    ) -> Samples | Unreached | Unanswered:
        """Which servers answer an address that is asked several times."""
        question = Series(url=url, view=self.view, times=times, cookies=cookies, connection=connection)
        return cast(Samples | Unreached | Unanswered, await self._ask(question))

    async def phone(
        self, account: Account, sip: str, web: str, user: str = ""
    ) -> PhoneSession | Unreached | Unanswered:
        """How far a phone's sign-in comes. Only for steps that say that they act."""
        question = PhoneSignIn(login=self.login(account, user), sip=sip, web=web, view=self.view)
        return cast(PhoneSession | Unreached | Unanswered, await self._ask(question))

    def login(self, account: Account, user: str = "") -> Login:
        """Who a test user signs in as: `user`, else the account that was named, else the SIP address as principal name."""
        return Login(account=account, user=user or self.deployment.account_of(account))

    async def sockets(self, *ports: int, on: Server) -> SocketTable | Unanswered:
        """A server's TCP sockets that have one of the ports at either end."""
        return cast(SocketTable | Unanswered, await self._ask(Sockets(ports=ports, on=on)))

    async def invoke(self, name: str, *, on: Server = "front-end", **parameters: Parameter) -> Objects | Unanswered:
        """What a cmdlet brings back; cmdlet and parameters travel as data."""
        question = Cmdlet(name=name, parameters=tuple(parameters.items()), on=on)
        return cast(Objects | Unanswered, await self._ask(question))

    def from_seat(self, seat: str) -> FromSeat:
        """What another seat saw. Only evidence from there tells it; nothing is asked live."""
        return FromSeat(seat, self._tell)

    async def together(self, *asked: Awaitable[A]) -> tuple[A, ...]:
        """The answers to questions that do not wait for each other, in their order."""
        return tuple(await asyncio.gather(*asked))

    async def both(self, one: Awaitable[A], other: Awaitable[B]) -> tuple[A, B]:
        """Two things of different kinds, side by side."""
        return await asyncio.gather(one, other)

    @property
    def view(self) -> View:
        """The view of DNS that a machine at this vantage has."""
        return view_at(self.deployment.vantage)

    async def _ask(self, question: Question) -> Answer:
        self._note(question)
        return await self._asking.ask(question)

    async def _tell(self, question: Elsewhere) -> Answer:
        """Noted only where there is an answer: nothing rests on what nobody saw."""
        answer = await self._asking.ask(question)
        if not isinstance(answer, Unanswered):
            self._note(question)
        return answer

    def _note(self, question: Question) -> None:
        if question not in self.questions:
            self.questions.append(question)
        if self._noticed:
            self._noticed(question)
