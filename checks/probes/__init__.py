"""Questions of the world and its answers, as values. A probe is the only code that does I/O; steps see these alone.

A question that the world answered, well or badly, has its own kind of answer. One that could not be asked
is `Unanswered`, with the reason: that is never a fault of the server.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar

from checks.knowledge.powershell import command_line
from checks.model import Frozen, Reason
from checks.secret import Secret

View = Literal["inside", "outside"]
Server = Literal["front-end", "edge"]
"""The server that a question about a server is put to. Whatever reaches it may answer: a shell, this machine, a paste."""
Parameter = str | int | bool | tuple[str, ...] | None
UnreachedKind = Literal[
    "no-such-name",
    "no-address",
    "timeout",
    "no-route",
    "refused",
    "certificate",
    "handshake",
    "reset",
    "silence",
    "drip",
    "not-http",
]
RecordKind = Literal["ADDRESS", "A", "AAAA", "CNAME", "SRV"]


class Unanswered(Frozen, frozen=True, tag="unanswered"):
    """The question could not be asked, or nobody answered that could have."""

    reason: Reason
    detail: str
    """One sentence for the user."""
    command: str = ""
    """What to run by hand instead, where that would answer it."""
    password_wanted: bool = False
    """True where a password would answer it: none was given, or the one that was given was refused."""

    def lines(self) -> Iterator[str]:
        yield f"not seen ({self.reason}): {self.detail}"


class Lookup(Frozen, frozen=True, tag="dns"):
    """Which records does a name have, in one view of DNS? `ADDRESS` asks for A and AAAA, as a connection does."""

    name: str
    kind: RecordKind
    view: View

    def typed(self) -> str:
        # Without a type it asks for A and AAAA.
        return f"Resolve-DnsName {self.name}" + ("" if self.kind == "ADDRESS" else f" -Type {self.kind}")


class Record(Frozen, frozen=True):
    """One record. `value` is an address or a target; priority, weight and port are an SRV's."""

    name: str
    kind: str
    value: str
    ttl: int = 0
    priority: int = 0
    weight: int = 0
    port: int = 0


class Records(Frozen, frozen=True, tag="records"):
    """What a name server said."""

    outcome: Literal["found", "no-such-name", "no-such-record", "server-failure", "loop"]
    records: tuple[Record, ...] = ()
    server: str = ""

    def values(self, *kinds: str) -> tuple[str, ...]:
        """The values of all records of these kinds, in order."""
        return tuple(record.value for record in self.records if record.kind in kinds)

    @property
    def addresses(self) -> tuple[str, ...]:
        return self.values("A", "AAAA")

    def lines(self) -> Iterator[str]:
        yield f"{self.outcome} (answered by {self.server or 'the system'})"
        for record in self.records:
            extra = f"{record.priority} {record.weight} {record.port} " if record.kind == "SRV" else ""
            yield f"{record.name}  {record.kind}  {extra}{record.value}"


class Request(Frozen, frozen=True, tag="http"):
    """What does a web address answer? Redirects are followed while the host stays the same."""

    method: Literal["GET", "POST"]
    url: str
    view: View
    trusting: bool = False
    """True: look past a certificate that does not verify, for diagnosis alone."""

    def typed(self) -> str:
        return f"curl -i {'-k ' if self.trusting else ''}{'-X POST -d @- ' if self.method == 'POST' else ''}{self.url}"


class Hop(Frozen, frozen=True):
    """One answer on the way. Headers and body are cut to what a judge needs."""

    url: str
    address: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def header(self, name: str) -> str:
        """The first header of that name; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Response(Frozen, frozen=True, tag="response"):
    """A web server answered; `hops` has at least one."""

    hops: tuple[Hop, ...]
    stopped: Literal["", "stranger", "loop", "too-many", "bad-location"] = ""
    """Why a redirect was not followed any further; `location` is where it pointed."""
    location: str = ""

    @property
    def last(self) -> Hop:
        return self.hops[-1]

    def lines(self) -> Iterator[str]:
        for hop in self.hops:
            yield f"HTTP {hop.status}  {hop.url}  from {hop.address}"
            for name, value in hop.headers:
                yield f"{name}: {value}"
            yield from (f"| {line}" for line in hop.body.splitlines()[:20])
        if self.stopped:
            yield f"redirect not followed ({self.stopped}): {self.location}"


class Unreached(Frozen, frozen=True, tag="unreached"):
    """No HTTP answer came, and the world is why. `phase` is how far it got."""

    phase: Literal["name", "connect", "tls", "reply"]
    kind: UnreachedKind
    detail: str
    address: str = ""

    def lines(self) -> Iterator[str]:
        yield f"no answer: stopped at {self.phase} ({self.kind}){f', with {self.address}' if self.address else ''}"
        yield self.detail


class Handshake(Frozen, frozen=True, tag="tls"):
    """Which certificate does a server present, and would it verify? Asked after a handshake failed."""

    host: str
    port: int
    view: View

    def typed(self) -> str:
        return f"openssl s_client -connect {self.host}:{self.port} -servername {self.host} -showcerts"


class Certificate(Frozen, frozen=True):
    """A certificate's fields as presented. `problem` is set where it, or a field of it, does not parse."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    """dNSNames, in order."""
    not_before: str = ""
    not_after: str = ""
    """Dates in ISO 8601, UTC."""
    purposes: tuple[str, ...] = ()
    key: str = ""
    self_signed: bool = False
    problem: str = ""


class Presented(Frozen, frozen=True, tag="presented"):
    """What a TLS server showed. Judged as presented, also when verification fails."""

    address: str
    protocol: str
    """`TLSv1.2` and the like; of the handshake that showed the certificate."""
    chain: tuple[Certificate, ...]
    """As sent: the server's own first."""
    seen_at: str
    """ISO 8601, UTC: the clock that dates are judged by."""
    verified: bool
    rule: str = ""
    """The verifier's own words where it refused."""
    only_old: bool = False
    """True where today's protocols were refused and an old one was accepted, for diagnosis alone."""

    def lines(self) -> Iterator[str]:
        yield f"{self.protocol} with {self.address}; {'verifies' if self.verified else f'refused: {self.rule}'}"
        for number, certificate in enumerate(self.chain):
            yield f"[{number}] {certificate.subject or certificate.problem}"
            yield f"    issued by {certificate.issuer}"
            yield f"    names {', '.join(certificate.names) or 'none'}"
            yield f"    from {certificate.not_before} to {certificate.not_after}  {certificate.key}"


class NoTls(Frozen, frozen=True, tag="no-tls"):
    """No handshake could be finished, with today's protocols nor with old ones."""

    kind: Literal["no-such-name", "timeout", "no-route", "refused", "reset", "not-tls", "alert", "silence"]
    detail: str
    address: str = ""
    old_protocols_tried: bool = True
    """False where this machine's OpenSSL cannot speak TLS 1.0, so that nothing follows from the failure."""

    def lines(self) -> Iterator[str]:
        yield f"no handshake: {self.kind}{f', at {self.address}' if self.address else ''}"
        yield self.detail


class Sockets(Frozen, frozen=True, tag="host"):
    """Which TCP sockets of a server have one of these ports at either end? Without ports: all of them."""

    ports: tuple[int, ...] = ()
    on: Server = "edge"

    def typed(self) -> str:
        return "netstat -ano"


class Socket(Frozen, frozen=True):
    """One TCP socket. The port is a number, never a part of a line."""

    address: str
    port: int
    remote_address: str = ""
    remote_port: int = 0
    state: str = ""
    """`LISTEN`, `ESTABLISHED`, `SYN_SENT` and so on, as psutil names them."""
    pid: int | None = None
    process: str = ""
    """The owner's name; empty where it cannot be seen without rights."""


class SocketTable(Frozen, frozen=True, tag="sockets"):
    """The sockets found; none is an answer too."""

    sockets: tuple[Socket, ...] = ()

    def of(self, ports: Iterable[int]) -> "SocketTable":
        """The sockets that have one of the ports at either end; all where no port is named."""
        wanted = frozenset(ports)
        if not wanted:
            return self
        return SocketTable(sockets=tuple(one for one in self.sockets if {one.port, one.remote_port} & wanted))

    def lines(self) -> Iterator[str]:
        if not self.sockets:
            yield "no socket with these ports"
        for socket in self.sockets:
            owner = f"{socket.process or 'owner not visible'}{f' ({socket.pid})' if socket.pid else ''}"
            remote = f"{socket.remote_address}:{socket.remote_port}" if socket.remote_address else "-"
            yield f"TCP  {socket.address}:{socket.port}  {remote}  {socket.state}  {owner}"


class Cmdlet(Frozen, frozen=True, tag="shell"):
    """A cmdlet with its parameters as data. On the front end: any Lync shell that speaks for the deployment."""

    name: str
    parameters: tuple[tuple[str, Parameter], ...] = ()
    on: Server = "front-end"

    def typed(self) -> str:
        return command_line(self.name, dict(self.parameters))


class CmdletError(Frozen, frozen=True):
    """An error record: `id` is the FullyQualifiedErrorId, which no language translates."""

    message: str
    id: str = ""
    category: str = ""


class Objects(Frozen, frozen=True, tag="objects"):
    """What a cmdlet brought back: objects as plain properties, errors and warnings beside them."""

    objects: tuple[dict[str, Any], ...] = ()
    errors: tuple[CmdletError, ...] = ()
    warnings: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        for number, properties in enumerate(self.objects):
            if number:
                yield ""
            width = max((len(name) for name in properties), default=0)
            yield from (f"{name:<{width}} : {_shown(value)}" for name, value in properties.items())
        yield from (f"WARNING: {warning}" for warning in self.warnings)
        for error in self.errors:
            yield f"ERROR: {error.message}"
            if error.id:
                yield f"    + FullyQualifiedErrorId : {error.id}"
        if not self.objects and not self.errors:
            yield "(no output)"


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            return "{" + ", ".join(_shown(item) for item in value) + "}"
    return str(value)


Question = Lookup | Request | Handshake | Sockets | Cmdlet
Answer = Unanswered | Records | Response | Unreached | Presented | NoTls | SocketTable | Objects

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

    def forget(self) -> None:
        """Lets what could not be opened be tried again. A refused sign-in stays refused."""

    def reset(self, server: Server, password: Secret) -> None:
        """Takes the password of a server's shell that was typed anew; the next question tries it."""

    async def close(self) -> None: ...
