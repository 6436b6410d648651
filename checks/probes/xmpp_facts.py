"""The question that one XMPP server puts to another, and what is seen on the way, as values."""

from collections.abc import Iterator
from typing import Literal

from checks.knowledge.powershell import host_name
from checks.knowledge.xmpp.names import PresentedNames, match
from checks.knowledge.xmpp.negotiation import Offer
from checks.model import Frozen
from checks.probes.basics import Unanswered, View
from checks.probes.network_facts import NoTls, Presented, Records

Way = Literal["records", "no-record", "no-answer", "disabled"]
"""How the servers were found: by SRV records; by the domain's own address, because there is no record or because nobody
told of one; not at all, because the record says that there is no service."""
Stage = Literal["connect", "stream", "features", "starttls", "tls", "secured stream", "secured features"]
Kind = Literal[
    "timeout",
    "no-route",
    "refused",
    "silence",
    "drip",
    "closed",
    "ended",
    "tls-spoken",
    "not-xml",
    "not-xmpp",
    "too-much",
    "alert",
    "stream-error",
    "failure",
    "no-time",
]
"""Why it went no further. `ended` closed the stream in order, `closed` the connection; `failure` is the answer to
STARTTLS; `tls-spoken` where TLS is spoken from the first byte; `no-time` where this question's own time was over."""


class Stream(Frozen, frozen=True, tag="stream"):
    """How does a domain's XMPP service take a stream from another server, on every way to it?"""

    domain: str
    from_domain: str
    """The domain that the stream speaks for. A server may answer only those that it knows."""
    view: View

    def typed(self) -> str:
        # The record names the host and its port, so it is looked up first.
        record = f"$srv = (Resolve-DnsName _xmpp-server._tcp.{self.domain} -Type SRV)[0]"
        place = '"$($srv.NameTarget):$($srv.Port)"'
        return f"{record}; {self._opened_at(place)}"

    def typed_at(self, host: str, port: int) -> str:
        """The command for one server of the domain, where its name is known."""
        return self._opened_at(host_name(f"{host}:{port}"))

    def _opened_at(self, place: str) -> str:
        return f"openssl s_client -connect {place} -starttls xmpp-server -xmpphost {self.domain} -showcerts"


class Phase(Frozen, frozen=True):
    """How long one stage took, in milliseconds."""

    stage: Stage | Literal["dialback"]
    took_ms: int


class StreamError(Frozen, frozen=True):
    """What the server said before it gave up. `condition` is a name of RFC 6120, or whatever stood in its place."""

    condition: str
    text: str = ""


class Stopped(Frozen, frozen=True):
    """Where it went no further, and why."""

    stage: Stage
    kind: Kind
    detail: str
    """One sentence for the user."""
    error: StreamError | None = None


class Header(Frozen, frozen=True):
    """The opening tag of the server's stream."""

    id: str = ""
    sender: str = ""
    """`from`; empty where there is none."""
    version: str = ""
    """Empty for a server from before XMPP 1.0: it sends no features."""
    namespace: str = ""
    """The content's; `jabber:server` is right."""
    declares_dialback: bool = False

    @property
    def has_features(self) -> bool:
        """True where features have to follow: the version is 1.0 or later."""
        major = self.version.partition(".")[0]
        return major.isascii() and major.isdigit() and int(major[:4]) >= 1


class Features(Frozen, frozen=True):
    """What the server offers on a stream."""

    starttls: Literal["absent", "offered", "required"] = "absent"
    mechanisms: tuple[str, ...] = ()
    """Of SASL, as written. Some servers offer EXTERNAL to everybody, and judge a certificate only once it is used."""
    dialback: bool = False
    others: tuple[str, ...] = ()
    """The namespaces of all other features."""


class Opening(Frozen, frozen=True):
    """One stream as far as it opened. `features` is None where none came."""

    header: Header | None = None
    features: Features | None = None
    stopped: Stopped | None = None


class Secured(Frozen, frozen=True):
    """TLS, and the stream over it."""

    tls: Presented | NoTls
    """`verified` is of the chain alone; which domains it speaks for is in `names`."""
    names: PresentedNames = PresentedNames()
    opening: Opening | None = None
    """None where no TLS stands."""

    def speaks_for(self, domain: str) -> bool:
        """True where the certificate has a name that XMPP accepts for the domain."""
        return match(self.names, domain) is not None


class Verified(Frozen, frozen=True):
    """The answer to a `db:verify` with a key that nobody gave out: `invalid` is right, and shows a living server."""

    outcome: Literal["invalid", "valid", "error", "stream-error", "silence", "closed", "other"]
    over_tls: bool
    detail: str = ""
    """The condition of an error, or why there is no answer."""
    error: StreamError | None = None
    """The stream error that came instead."""

    @property
    def answers(self) -> bool:
        """True where the server acts as one that is asked about keys."""
        return self.outcome in {"invalid", "valid", "error"}


class Target(Frozen, frozen=True):
    """One server of the domain, by name. Of several, lower `priority` comes first, then higher `weight`."""

    host: str
    port: int
    direct: bool = False
    """True where TLS is spoken from the first byte (XEP-0368)."""
    priority: int = 0
    weight: int = 0
    records: Records | Unanswered | None = None
    """Its addresses; None where nobody looked, because there are too many."""

    @property
    def is_alias(self) -> bool:
        """True where the name is a CNAME, which RFC 2782 forbids."""
        return isinstance(self.records, Records) and bool(self.records.values("CNAME"))


class Attempt(Frozen, frozen=True):
    """One address of one target, as far as it came."""

    target: Target
    address: str
    port: int
    """Where the connection went."""
    plain: Opening | None = None
    """The stream before TLS; None where it was not opened."""
    secured: Secured | None = None
    """None where TLS was not tried; `stopped` says why, or the server does not offer it."""
    certified: Secured | None = None
    """The same with a client certificate; None where none was given."""
    verified: Verified | None = None
    """None where dialback was not asked for."""
    stopped: Stopped | None = None
    """Set where no stream was opened, or TLS was announced and not begun."""
    phases: tuple[Phase, ...] = ()

    @property
    def opened(self) -> bool:
        """True where a stream of XMPP was opened, with or without TLS."""
        openings = (self.plain, self.secured.opening if self.secured else None)
        return any(opening is not None and opening.header is not None for opening in openings)

    @property
    def last_word(self) -> Stopped | None:
        """What stopped it, of the outermost layer that it reached; None where nothing did."""
        inner = self.secured.opening if self.secured else None
        return (inner.stopped if inner else None) or self.stopped or (self.plain.stopped if self.plain else None)

    @property
    def certified_features(self) -> Features | None:
        """What was offered to our client certificate."""
        opening = self.certified.opening if self.certified else None
        return opening.features if opening else None

    @property
    def error(self) -> StreamError | None:
        """The stream error that the server gave, wherever on the way; None where it gave none.

        One that only says that the server does no dialback is left out: `offer` has that.
        """
        if (word := self.last_word) is not None and word.error is not None:
            return word.error
        return self.verified.error if self.verified and not self._refuses_dialback_as_foreign else None

    @property
    def offer(self) -> Offer:
        """What the server was seen to offer; `unknown` where it could not be seen."""
        return Offer(tls=self._tls(), external=self._external(), dialback=self._dialback())

    @property
    def _shown(self) -> list[Features]:
        """What was offered over TLS, to our certificate if there is one, and before TLS."""
        best = self.certified if self.certified and self.certified.opening else self.secured
        openings = (best.opening if best else None, self.plain)
        return [one.features for one in openings if one is not None and one.features is not None]

    def _tls(self) -> Literal["required", "offered", "absent", "broken", "unknown"]:
        match self.secured.tls if self.secured else None:
            case NoTls(old_protocols_tried=tried):
                # Where an old protocol was not tried, nothing follows from the failure.
                return "broken" if tried else "unknown"
            case Presented(only_old=True):
                # Servers as old as Lync's may well speak it with each other.
                return "unknown"
        if self.target.direct:
            return "required" if self.secured else "unknown"
        if self.plain is None or self.plain.header is None:
            return "unknown"
        if self.plain.features is None:
            return "unknown" if self.plain.header.has_features else "absent"
        if self.stopped is not None and self.stopped.stage == "starttls":
            return "broken"
        return self.plain.features.starttls

    def _external(self) -> Literal["offered", "absent", "unknown"]:
        if any(mechanism.upper() == "EXTERNAL" for features in self._shown for mechanism in features.mechanisms):
            return "offered"
        return "unknown" if self.certified_features is None else "absent"

    def _dialback(self) -> Literal["offered", "absent", "unknown"]:
        if any(features.dialback for features in self._shown) or (self.verified is not None and self.verified.answers):
            return "offered"
        if self.verified is None or self.verified.outcome != "stream-error" or not self._shown:
            return "unknown"
        # A server that announced dialback nowhere, and ended the stream over it, does not do it. Some declare the
        # namespace whatever they do; then only the kind of the error tells.
        openings = (self.plain, self.secured.opening if self.secured else None)
        declared = any(one.header.declares_dialback for one in openings if one and one.header)
        return "unknown" if declared and not self._refuses_dialback_as_foreign else "absent"

    @property
    def _refuses_dialback_as_foreign(self) -> bool:
        """True where the stream ended over dialback in a way that says only that this server does none."""
        error = self.verified.error if self.verified else None
        if error is None or any(features.dialback for features in self._shown):
            return False
        # Where no sign-in is offered either, it may be the domain that asked that is not authorized.
        waits_for_sign_in = any(features.mechanisms for features in self._shown)
        return error.condition == "unsupported-stanza-type" or (
            error.condition == "not-authorized" and waits_for_sign_in
        )

    def lines(self) -> Iterator[str]:
        kind = "direct TLS" if self.target.direct else "STARTTLS"
        yield f"{self.target.host}:{self.target.port} ({kind}) at {self.address or 'no address'} port {self.port}"
        yield from _opening_lines("before TLS", self.plain)
        if self.secured is not None:
            yield from (f"  {line}" for line in self.secured.tls.lines())
            names = self.secured.names
            yield f"  names for XMPP: {', '.join((*names.xmpp, *names.services, *names.hosts)[:20]) or 'none'}"
            yield from _opening_lines("over TLS", self.secured.opening)
        if self.certified is not None:
            if isinstance(self.certified.tls, NoTls):
                yield from (f"  with our certificate: {line}" for line in self.certified.tls.lines())
            yield from _opening_lines("over TLS with our certificate", self.certified.opening)
        if self.verified:
            yield f"  db:verify: {self.verified.outcome} {self.verified.detail}".rstrip()
        if self.stopped:
            yield f"  stopped at {self.stopped.stage} ({self.stopped.kind}): {self.stopped.detail}"
        if self.phases:
            yield "  " + ", ".join(f"{phase.stage} {phase.took_ms} ms" for phase in self.phases)


class StreamFacts(Frozen, frozen=True, tag="stream-facts"):
    """What all ways to a domain's XMPP service show. Nothing is in `attempts` where no address was found."""

    services: Records | Unanswered
    """`_xmpp-server._tcp`."""
    direct_services: Records | Unanswered
    """`_xmpps-server._tcp`."""
    way: Way
    targets: tuple[Target, ...] = ()
    """In the order that a server tries them."""
    attempts: tuple[Attempt, ...] = ()
    """In the same order, each address of each target."""
    left_out: int = 0
    """Targets and addresses that were too many to try."""
    took_ms: int = 0
    """For the records and addresses in DNS."""

    @property
    def usable(self) -> Attempt | None:
        """The first attempt that opened a stream."""
        return next((attempt for attempt in self.attempts if attempt.opened), None)

    def lines(self) -> Iterator[str]:
        for name, records in (("_xmpp-server._tcp", self.services), ("_xmpps-server._tcp", self.direct_services)):
            yield from (f"{name}: {line}" for line in records.lines())
        yield f"found by: {self.way}"
        for attempt in self.attempts:
            yield from attempt.lines()
        if self.left_out:
            yield f"{self.left_out} more were not tried"


def _opening_lines(what: str, opening: Opening | None) -> Iterator[str]:
    if opening is None:
        return
    if (header := opening.header) is not None:
        dialback = ", declares dialback" if header.declares_dialback else ""
        yield f"  {what}: stream {header.id or 'without id'}, version {header.version or 'none'}{dialback}"
    if (features := opening.features) is not None:
        dialback = "advertised" if features.dialback else "not advertised"
        mechanisms = " ".join(features.mechanisms) or "none"
        yield f"  {what}: STARTTLS {features.starttls}, mechanisms {mechanisms}, dialback {dialback}"
    if (stopped := opening.stopped) is not None:
        yield f"  {what}: stopped at {stopped.stage} ({stopped.kind}): {stopped.detail}"
