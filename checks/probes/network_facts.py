"""Questions of the network and its answers: names, web requests, ports, handshakes."""

from collections.abc import Iterator
from typing import Literal

from checks.knowledge.powershell import host_name, web_address
from checks.model import Frozen
from checks.probes.basics import RecordKind, UnreachedKind, View, Way


class Lookup(Frozen, frozen=True, tag="dns"):
    """Which records does a name have, in one view of DNS? `ADDRESS` asks for A and AAAA, as a connection does."""

    name: str
    kind: RecordKind
    view: View

    def typed(self) -> str:
        # Without a type it asks for A and AAAA.
        return f"Resolve-DnsName {host_name(self.name)}" + ("" if self.kind == "ADDRESS" else f" -Type {self.kind}")


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
        # Windows PowerShell has an alias `curl` for another program, takes @ for its own, and drops an empty argument.
        words = ["curl.exe", "-i"]
        words += ["-k"] if self.trusting else []
        words += ["--noproxy", '"*"'] if self.way == "direct" else []
        words += ["-H", f'"Accept: {self.accept}"'] if self.accept else []
        words += ["-X", "POST", "-H", '"Content-Length: 0"'] if self.method == "POST" else []
        return " ".join([*words, web_address(self.url)])


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
        return f"Test-NetConnection {host_name(self.host)} -Port {self.port}"


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
        return f"curl.exe -s -o NUL -D - {cookies}{' '.join([web_address(self.url)] * min(self.times, 3))}"


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


class Handshake(Frozen, frozen=True, tag="tls"):
    """Which certificate does a server present, and would it verify? Asked after a handshake failed."""

    host: str
    port: int
    view: View

    def typed(self) -> str:
        place, name = host_name(f"{self.host}:{self.port}"), host_name(self.host)
        return f"openssl s_client -connect {place} -servername {name} -showcerts"


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
