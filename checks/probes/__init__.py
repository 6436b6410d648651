"""Questions of the world and its answers, as values. A probe is the only code that does I/O; steps see these alone.

A question that the world answered, well or badly, has its own kind of answer. One that could not be asked
is `Unanswered`, with the reason: that is never a fault of the server.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar

from checks.knowledge.powershell import command_line, literal
from checks.model import Frozen, Reason
from checks.secret import Secret

View = Literal["inside", "outside"]
Server = Literal["front-end", "edge"]
"""The server that a question about a server is put to. Whatever reaches it may answer: a shell, this machine, a paste."""
Account = Literal["sender", "receiver"]
"""One of the two test users, by what they do in a test."""
Way = Literal["configured", "direct", "system"]
"""How a web request leaves this computer: as the walk was told, past any proxy, or through the proxy of the system."""


class Login(Frozen, frozen=True):
    """A test user's user name and password, as the parameter of a cmdlet. The password is put in where it is sent."""

    account: Account
    user: str
    """As it is typed: `domain\\user` or a user principal name."""

    def typed(self) -> str:
        """As a person gives it: the prompt asks for the password."""
        return f"(Get-Credential {literal(self.user)})"


Parameter = str | int | bool | tuple[str, ...] | Login | None
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
    account: Literal["", "sender", "receiver"] = ""
    """The test user whose password that is; empty for the one of the shell that was asked."""

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
    accept: str = ""
    """The media type that is wanted; empty: any."""
    way: Way = "configured"

    def typed(self) -> str:
        if self.way == "system":
            # curl knows nothing of the proxy that Windows is set to.
            return f"Invoke-WebRequest -UseBasicParsing {self.url}"
        words = ["curl", "-i"]
        words += ["-k"] if self.trusting else []
        words += ["--noproxy", "*"] if self.way == "direct" else []
        words += ["-H", f'"Accept: {self.accept}"'] if self.accept else []
        words += ["-X", "POST", "-d", "@-"] if self.method == "POST" else []
        return " ".join([*words, self.url])


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


class Port(Frozen, frozen=True, tag="port"):
    """Does a TCP port of a host take a connection? Nothing is said on it."""

    host: str
    port: int
    view: View

    def typed(self) -> str:
        return f"Test-NetConnection {self.host} -Port {self.port}"


class Open(Frozen, frozen=True, tag="open"):
    """The port took the connection."""

    address: str

    def lines(self) -> Iterator[str]:
        yield f"open, at {self.address}"


class Series(Frozen, frozen=True, tag="series"):
    """Which servers answer a web address that is asked several times in a row?"""

    url: str
    view: View
    times: int
    cookies: bool = False
    """True: what an answer sets is sent with the next request, as a phone does."""
    connection: Literal["new", "kept"] = "new"

    def typed(self) -> str:
        cookies = "-b jar -c jar " if self.cookies else ""
        return f"curl -s -o NUL -D - {cookies}{' '.join([self.url] * min(self.times, 3))}"


class Sample(Frozen, frozen=True):
    """One answer of a series."""

    status: int
    server: str
    """X-MS-Server-Fqdn; empty where the answer has none."""
    address: str
    cookies: tuple[str, ...] = ()
    """The names of the cookies that it sets."""
    http_only: tuple[str, ...] = ()
    """Of these, the ones that are HttpOnly."""
    ending: tuple[str, ...] = ()
    """Of these, the ones that end at some time."""
    connection: int = 0
    """The number of the connection that it came on, of those of its series."""


class Samples(Frozen, frozen=True, tag="samples"):
    """The answers of a series, in order. `lost` requests got none."""

    samples: tuple[Sample, ...]
    lost: int = 0

    def lines(self) -> Iterator[str]:
        for number, sample in enumerate(self.samples, 1):
            sets = f"  sets {', '.join(sample.cookies)}" if sample.cookies else ""
            on = f"  connection {sample.connection}" if sample.connection not in {0, number} else ""
            yield f"{number:>3}  HTTP {sample.status}  {sample.server or 'no X-MS-Server-Fqdn'}  at {sample.address}{on}{sets}"
        if self.lost:
            yield f"{self.lost} without an answer"


NO_VALID_TOKEN = 28020
"""The number of X-Ms-diagnostics where user name or password was wrong."""


class PhoneSignIn(Frozen, frozen=True, tag="phone"):
    """Can this user sign in as a phone does? Acts: asked only with the user's consent.

    In one go, because a token never leaves the probe: the ticket service's metadata, a web ticket by Windows sign-in,
    an OAuth token, the user's own Autodiscover document, an application of UCWA that is created and deleted again.
    """

    login: Login
    sip: str
    web: str
    """The host whose Autodiscover root is asked first."""
    view: View

    def typed(self) -> str:
        return f"# sign in at https://{self.web}/ as {self.login.user} for {self.sip}"


class Exchange(Frozen, frozen=True):
    """One request of a sign-in and its answer, without the ticket or token that was in either."""

    url: str
    status: int = 0
    """0 where no answer came; `failure` says why."""
    failure: str = ""
    """Why there is no answer, or why what came is of no use."""
    kind: UnreachedKind | None = None
    """The same of an answer that did not come, where it is one of the usual ways."""
    server: str = ""
    """X-MS-Server-Fqdn."""
    software: str = ""
    """`Server`: of what answered where X-MS-Server-Fqdn is missing."""
    schemes: tuple[str, ...] = ()
    """The ways of signing in that a 401 offers, in lower case."""
    credentials: bool = False
    """True where the proof of the user's password went with it: a 401 then refuses the user."""
    error: str = ""
    """The `error` of OAuth, the fault code of SOAP, the subcode or code of UCWA."""
    code: int = 0
    """The number of X-Ms-diagnostics, or of the fault; 0 where there is none."""
    message: str = ""
    """What the answer says in words."""

    def line(self) -> str:
        """The exchange on one line."""
        told = " ".join(filter(None, (self.error, str(self.code or ""), self.message, self.failure)))
        return f"{f'HTTP {self.status}' if self.status else 'no answer'}  {self.url}  {self.server}  {told}".rstrip()


class DocumentLink(Frozen, frozen=True):
    """One link of an Autodiscover document."""

    token: str
    href: str


class PhoneSession(Frozen, frozen=True, tag="phone-session"):
    """How far a phone's sign-in came. What was not tried is None; nothing in it is a secret.

    Where a document sent the phone on, everything but `redirects` is of the last place.
    """

    root: Exchange | None = None
    """The root of Autodiscover: 200 is right."""
    unauthenticated: Exchange | None = None
    """The user document without a ticket: 401 is right."""
    ticket_url: str = ""
    """X-MS-WebTicketURL of that 401."""
    challenge: Exchange | None = None
    """The user document's OAuth form without a token: 401 is right. None where the root has no such link."""
    token_url: str = ""
    """Where the MsRtcOAuth challenge of that 401 has tokens made."""
    grants: tuple[str, ...] = ()
    """The grant types that it names."""
    metadata: Exchange | None = None
    metadata_ports: tuple[str, ...] = ()
    """The names of the ports in the ticket service's metadata."""
    ticket: Exchange | None = None
    """The request for a web ticket, by Windows sign-in."""
    has_ticket: bool = False
    token: Exchange | None = None
    """The request for an OAuth token. Not made once the ticket service has refused the user."""
    has_token: bool = False
    passive_url: str = ""
    """ms_rtc_passiveauthuri: where a browser would sign in instead."""
    document: Exchange | None = None
    """The user document with a ticket or token."""
    access_location: str = ""
    """`Internal` or `External`, as the user document says."""
    links: tuple[DocumentLink, ...] = ()
    sip_access: tuple[DocumentLink, ...] = ()
    """SipClientInternalAccess and the like as `token`, `host:port` as `href`."""
    redirects: tuple[str, ...] = ()
    """Where documents sent the phone, in order. The last one was not followed where it comes twice or is one too many."""
    application: Exchange | None = None
    """POST to the applications of UCWA: 201 is right."""
    deleted: Exchange | None = None
    """DELETE of that application: 204 is right."""

    @property
    def refused(self) -> bool:
        """True where the server turned the user's password down."""
        return any(is_refusal(exchange) for exchange in (self.ticket, self.token))

    def lines(self) -> Iterator[str]:
        tried = {
            "Autodiscover": self.root,
            "user document, unauthenticated": self.unauthenticated,
            "user document for OAuth, unauthenticated": self.challenge,
            "metadata": self.metadata,
            "web ticket": self.ticket,
            "OAuth token": self.token,
            "user document": self.document,
            "UCWA application": self.application,
            "UCWA application deleted": self.deleted,
        }
        yield from (f"{what}: {exchange.line()}" for what, exchange in tried.items() if exchange)
        yield from (f"sent on to {address}" for address in self.redirects)
        yield from (f"{link.token}  {link.href}" for link in (*self.sip_access, *self.links))


def is_refusal(exchange: Exchange | None) -> bool:
    """True where the password went with the request and was turned down. A 401 that only begins a sign-in is none."""
    if exchange is None or not exchange.credentials:
        return False
    return exchange.status == 401 or exchange.error == "invalid_grant" or exchange.code == NO_VALID_TOKEN


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


class Elsewhere(Frozen, frozen=True, tag="elsewhere"):
    """What was another seat told? Answered from what was recorded there, never asked from here."""

    seat: str
    question: Request | Handshake | Port

    @property
    def view(self) -> View:
        """The view of DNS that the other seat had."""
        return self.question.view

    def typed(self) -> str:
        return self.question.typed()


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


Question = Lookup | Request | Handshake | Sockets | Cmdlet | Port | Series | PhoneSignIn | Elsewhere
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

    def forget(self) -> None:
        """Lets what could not be opened be tried again. A refused sign-in stays refused."""

    def reset(self, whose: Server | Account, password: Secret) -> None:
        """Takes the password of a server's shell or of a test user that was typed anew; the next question tries it."""

    async def close(self) -> None: ...
