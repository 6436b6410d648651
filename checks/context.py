"""What gather may use: the deployment, and its questions of the world as methods."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from typing import Literal, Self, TypeVar, cast

from checks.asking import Asking
from checks.deployment import Deployment
from checks.elsewhere import FromSeat, view_at
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
    Stream,
    StreamFacts,
    Unanswered,
    Unreached,
    View,
    Way,
)
from checks.sign_ins import acts

__all__ = ["Asking", "Context"]

A = TypeVar("A")
B = TypeVar("B")

_ROUNDS = 21.0
"""Seconds: a few less than a step may take."""
_TOO_LATE = "There was no time left to wait for it."


class Context:
    """What one step's gather is given. It notes each question, so that the finding can show its evidence.

    Unless it `may_act`, what acts is never asked live: what is known of it answers, or it is withheld.
    """

    def __init__(
        self,
        deployment: Deployment,
        asking: Asking,
        noticed: Callable[[Question], None] | None = None,
        *,
        may_act: bool = False,
    ) -> None:
        self.deployment = deployment
        self.questions: list[Question] = []
        self.withheld: list[Question] = []
        self._asking = asking
        self._may_act = may_act
        self._noticed = noticed
        self._until: float | None = None

    def bounded(self, seconds: float = _ROUNDS) -> Self:
        """The same, but every question ends within so many seconds from now: what takes longer is unanswered.

        For a gather of several rounds, so that what the first ones saw is judged although a later one takes too long.
        """
        bounded = copy.copy(self)
        until = asyncio.get_running_loop().time() + seconds
        bounded._until = until if self._until is None else min(until, self._until)
        return bounded

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

    async def stream(self, domain: str, from_domain: str, view: View | None = None) -> StreamFacts | Unanswered:
        """How a domain's XMPP service takes a stream that speaks for another domain."""
        question = Stream(domain=domain, from_domain=from_domain, view=view or self.view)
        return cast(StreamFacts | Unanswered, await self._ask(question))

    def login(self, account: Account, user: str = "") -> Login:
        """Who a test user signs in as: `user`, else the account that was named, else the SIP address as principal name."""
        return Login(account=account, user=user or self.deployment.account_of(account))

    async def sockets(self, *ports: int, on: Server) -> SocketTable | Unanswered:
        """A server's TCP sockets that have one of the ports at either end."""
        return cast(SocketTable | Unanswered, await self._ask(Sockets(ports=ports, on=on)))

    def answered_at(self, question: Question) -> str:
        """When a question was answered, in ISO 8601 and UTC; empty where nobody was asked it."""
        return self._asking.answered_at(question)

    def evidence_at(self, question: Question) -> str:
        """When an answer was made that was brought and is more than a day older than the walk; else empty."""
        return self._asking.evidence_at(question)

    async def invoke(self, name: str, *, on: Server = "front-end", **parameters: Parameter) -> Objects | Unanswered:
        """What a cmdlet brings back; cmdlet and parameters travel as data."""
        question = Cmdlet(name=name, parameters=tuple(parameters.items()), on=on)
        return cast(Objects | Unanswered, await self._ask(question))

    def from_seat(self, seat: str) -> FromSeat:
        """What another seat saw. Only evidence from there tells it; nothing is asked live."""
        return FromSeat(seat, self._tell)

    def together(self, *asked: Awaitable[A]) -> Awaitable[tuple[A, ...]]:
        """The answers to questions that do not wait for each other, in their order. They begin at once."""
        return asyncio.ensure_future(_as_tuple(asyncio.gather(*asked)))

    def both(self, one: Awaitable[A], other: Awaitable[B]) -> Awaitable[tuple[A, B]]:
        """Two things of different kinds, side by side. They begin at once."""
        return asyncio.gather(one, other)

    @property
    def view(self) -> View:
        """The view of DNS that a machine at this vantage has."""
        return view_at(self.deployment.vantage)

    async def _ask(self, question: Question) -> Answer:
        if acts(question) and not self._may_act:
            return self._without_consent(question)
        self._note(question)
        try:
            async with asyncio.timeout_at(self._until):
                return await self._asking.ask(question)
        except TimeoutError:
            return Unanswered(reason=Reason.TIMEOUT, detail=_TOO_LATE, command=question.typed())

    def _without_consent(self, question: Question) -> Answer:
        """Not noted where nothing is known of it: nobody wants that command run."""
        told = self._asking.tell(question)
        if told is None:
            self.withheld.append(question)
            return Unanswered(
                reason=Reason.MISSING_INPUT,
                detail="It signs in as a user, and nobody agreed to that.",
                command=question.typed(),
            )
        self._note(question)
        return told

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


async def _as_tuple(answers: Awaitable[list[A]]) -> tuple[A, ...]:
    return tuple(await answers)
