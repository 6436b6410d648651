"""Questions of the world and its answers, as values. A probe is the only code that does I/O; steps see these alone.

A question that the world answered, well or badly, has its own kind of answer. One that could not be asked
is `Unanswered`, with the reason: that is never a fault of the server.
"""

from typing import Protocol, TypeVar

from checks.model import Frozen
from checks.probes.basics import (
    Account,
    Login,
    Parameter,
    RecordKind,
    Server,
    Unanswered,
    UnreachedKind,
    View,
    Way,
)
from checks.probes.network_facts import (
    Certificate,
    Handshake,
    Hop,
    Lookup,
    NoTls,
    Open,
    Port,
    Presented,
    Record,
    Records,
    Request,
    Response,
    Sample,
    Samples,
    Series,
    Unreached,
)
from checks.probes.phone_facts import NO_VALID_TOKEN, DocumentLink, Exchange, PhoneSession, PhoneSignIn, is_refusal
from checks.probes.server_facts import Cmdlet, CmdletError, Objects, Socket, Sockets, SocketTable
from checks.probes.xmpp_facts import Stream, StreamFacts
from checks.secret import Secret

__all__ = [
    "NO_VALID_TOKEN", "Account", "Answer", "Certificate", "Cmdlet", "CmdletError", "DocumentLink", "Elsewhere", "Exchange",
    "Handshake", "Hop", "Login", "Lookup", "NoTls", "Objects", "Open", "Parameter", "PhoneSession", "PhoneSignIn", "Port",
    "Presented", "Probe", "Probes", "Question", "Record", "RecordKind", "Records", "Request", "Response", "Sample",
    "Samples", "Series", "Server", "Socket", "SocketTable", "Sockets", "Stream", "StreamFacts", "Unanswered", "Unreached",
    "UnreachedKind", "View", "Way", "is_refusal",
]  # fmt: skip


class Elsewhere(Frozen, frozen=True, tag="elsewhere"):
    """What was another seat told? Answered from what was recorded there, never asked from here."""

    seat: str
    question: Request | Handshake | Port | Stream

    @property
    def view(self) -> View:
        """The view of DNS that the other seat had."""
        return self.question.view

    def typed(self) -> str:
        return self.question.typed()


Question = Lookup | Request | Handshake | Sockets | Cmdlet | Port | Series | PhoneSignIn | Stream | Elsewhere
Answer = (
    Unanswered
    | Records
    | Response
    | Unreached
    | Presented
    | NoTls
    | SocketTable
    | Objects
    | Open
    | Samples
    | PhoneSession
    | StreamFacts
)

Q = TypeVar("Q", contravariant=True)
A = TypeVar("A", covariant=True)


class Probe(Protocol[Q, A]):
    """One kind of I/O. Asking never raises for a fault of the world, keeps its own deadline, and can be cancelled."""

    async def ask(self, question: Q) -> A | Unanswered: ...


class Probes(Protocol):
    """One probe for each kind of question."""

    @property
    def dns(self) -> Probe[Lookup, Records]: ...
    @property
    def http(self) -> Probe[Request, Response | Unreached]: ...
    @property
    def tls(self) -> Probe[Handshake, Presented | NoTls]: ...
    @property
    def host(self) -> Probe[Sockets, SocketTable]: ...
    @property
    def shell(self) -> Probe[Cmdlet, Objects]: ...
    @property
    def ports(self) -> Probe[Port, Open | Unreached]: ...
    @property
    def series(self) -> Probe[Series, Samples | Unreached]: ...
    @property
    def phone(self) -> Probe[PhoneSignIn, PhoneSession | Unreached]: ...
    @property
    def xmpp(self) -> Probe[Stream, StreamFacts]: ...

    def forget(self) -> None:
        """Lets what could not be opened be tried again. A refused sign-in stays refused."""

    def reset(self, whose: Server | Account, password: Secret) -> None:
        """Takes the password of a server's shell or of a test user that was typed anew; the next question tries it."""

    async def close(self) -> None: ...
