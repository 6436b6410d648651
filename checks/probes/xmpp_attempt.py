"""One address of an XMPP server, taken as far as it goes; over as many connections as it needs to be seen whole."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from checks.knowledge.xmpp.names import PresentedNames
from checks.model import Frozen
from checks.probes import NoTls, Presented, Unanswered, trust
from checks.probes.wire import ConnectFailed, Deadlines, Wire, connect
from checks.probes.xmpp_discovery import Place
from checks.probes.xmpp_facts import Attempt, Opening, Phase, Secured, Stage, Stopped, Stream, Verified
from checks.probes.xmpp_stream import StreamStopped, XmppStream
from checks.probes.xmpp_tls import Shake, accepting, shake


class XmppDeadlines(Frozen, frozen=True):
    """Seconds that are waited at most. They hold as totals, whatever trickles in meanwhile."""

    connect: float = 5.0
    """For one connection."""
    reply: float = 4.0
    """For each thing that the server has to say, and for a TLS handshake."""
    place: float = 10.0
    """For one address, over all connections to it."""
    whole: float = 18.0
    """For the whole question, DNS among it."""


DEADLINES = XmppDeadlines()


@dataclass(frozen=True)
class Client:
    """What we come with: a context that verifies for each way to TLS, and the file of a client certificate, if any."""

    verifying: ssl.SSLContext
    verifying_direct: ssl.SSLContext
    certificate: str = ""


@dataclass
class _Leg:
    """What one connection showed."""

    plain: Opening | None = None
    shake: Shake | None = None
    opening: Opening | None = None
    verified: Verified | None = None
    stopped: Stopped | None = None
    phases: list[Phase] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        return self.shake.refusal if self.shake else ""

    @property
    def tls(self) -> Presented | NoTls | None:
        return self.shake.tls if self.shake else None

    @property
    def names(self) -> PresentedNames:
        return self.shake.names if self.shake else PresentedNames()

    @contextmanager
    def timed(self, stage: Stage | Literal["dialback"]) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.phases.append(Phase(stage=stage, took_ms=round((time.monotonic() - started) * 1000)))

    def secured(self) -> Secured | None:
        return Secured(tls=self.tls, names=self.names, opening=self.opening) if self.tls else None


class Attempting:
    """The connections to one place."""

    def __init__(self, question: Stream, place: Place, client: Client, deadlines: XmppDeadlines, until: float) -> None:
        self._question = question
        self._place = place
        self._client = client
        self._deadlines = deadlines
        self._until = min(until, asyncio.get_running_loop().time() + deadlines.place)

    async def attempt(self) -> Attempt:
        """All that can be seen there."""
        leg = await self._seen()
        certified = await self._certified(leg.tls) if isinstance(leg.tls, Presented) else None
        return Attempt(
            target=self._place.target,
            address=self._place.address,
            port=self._place.port,
            plain=leg.plain,
            secured=leg.secured(),
            certified=certified,
            verified=leg.verified,
            stopped=leg.stopped,
            phases=tuple(leg.phases),
        )

    async def _certified(self, shown: Presented) -> Secured | None:
        """What the server offers to our certificate; None where there is none, or where it did not come to TLS."""
        if not self._client.certificate:
            return None
        context = accepting(direct=self._direct, old=shown.only_old, certificate=self._client.certificate)
        if isinstance(context, Unanswered):  # The file was there when the question began.
            return None
        leg = await self._leg(context, ask_dialback=False)
        if isinstance(leg.tls, Presented):
            # The verifier's word on the same server stands.
            verdict = {"verified": shown.verified, "rule": shown.rule, "only_old": shown.only_old}
            leg = _replaced(leg, msgspec.structs.replace(leg.tls, **verdict))
        return leg.secured()

    @property
    def _direct(self) -> bool:
        return self._place.target.direct

    async def _seen(self) -> _Leg:
        """A connection that verifies; where that fails one that accepts anything; at last one with old protocols."""
        first = await self._leg(self._client.verifying_direct if self._direct else self._client.verifying)
        leg = first
        if first.refusal:
            leg = _with_rule(await self._leg(_context(direct=self._direct)), first)
        if isinstance(leg.tls, NoTls) and leg.tls.kind in {"alert", "reset"}:
            if not trust.can_speak_old_protocols():
                return _replaced(leg, msgspec.structs.replace(leg.tls, old_protocols_tried=False))
            old = await self._leg(_context(direct=self._direct, old=True))
            if isinstance(old.tls, Presented):
                rule = old.tls.rule or first.refusal or leg.tls.detail
                return _replaced(old, msgspec.structs.replace(old.tls, only_old=True, rule=rule))
        return leg

    async def _leg(self, context: ssl.SSLContext, *, ask_dialback: bool = True) -> _Leg:
        leg = _Leg()
        if asyncio.get_running_loop().time() >= self._until:
            leg.stopped = Stopped(stage="connect", kind="no-time", detail="The time was over before this connection.")
            return leg
        try:
            with leg.timed("connect"):
                wire = await self._connect()
        except ConnectFailed as failure:
            leg.stopped = Stopped(stage="connect", kind=failure.kind, detail=failure.detail)
            return leg
        names = self._question.domain, self._question.from_domain
        stream = XmppStream(wire, *names, patience=self._deadlines.reply, until=self._until)
        try:
            if self._direct or await self._reach_tls(leg, stream):
                with leg.timed("tls"):
                    leg.shake = await shake(wire, context, self._question.domain, self._patience())
                if isinstance(leg.tls, Presented) and wire.tls is not None:
                    with leg.timed("secured features"):
                        leg.opening = await stream.open()
            if ask_dialback and _can_be_asked(leg):
                with leg.timed("dialback"):
                    leg.verified = await stream.verify()
        finally:
            await stream.close()
        return leg

    async def _reach_tls(self, leg: _Leg, stream: XmppStream) -> bool:
        """The stream in the clear, up to where TLS may begin. False where it may not."""
        with leg.timed("features"):
            leg.plain = await stream.open()
        if leg.plain.features is None or leg.plain.features.starttls == "absent":
            return False
        try:
            with leg.timed("starttls"):
                await stream.ask_for_tls()
        except StreamStopped as stopped:
            leg.stopped = stopped.at("starttls")
            return False
        return True

    def _patience(self) -> float:
        """Until when the server may take for one handshake, by the loop's clock."""
        return min(self._until, asyncio.get_running_loop().time() + self._deadlines.reply)

    async def _connect(self) -> Wire:
        left = max(0.0, self._until - asyncio.get_running_loop().time())
        seconds = min(self._deadlines.connect, left)
        return await connect((self._place.endpoint,), Deadlines(connect=seconds, connecting=seconds))


def _can_be_asked(leg: _Leg) -> bool:
    """True where the stream that is open now takes dialback: none that broke, and none that wants TLS first."""
    if leg.shake is not None:
        return leg.opening is not None and _stands(leg.opening)
    if leg.plain is None or leg.stopped is not None:
        return False
    wants_tls = leg.plain.features is not None and leg.plain.features.starttls != "absent"
    return not wants_tls and _stands(leg.plain)


def _stands(opening: Opening) -> bool:
    """A server that opens the stream and then never offers anything may still speak dialback."""
    if opening.header is None:
        return False
    return opening.stopped is None or opening.stopped.kind == "silence"


def _context(*, direct: bool, old: bool = False) -> ssl.SSLContext:
    context = accepting(direct=direct, old=old)
    assert isinstance(context, ssl.SSLContext)  # noqa: S101 - without a file, nothing can fail
    return context


def _with_rule(leg: _Leg, first: _Leg) -> _Leg:
    """What a client that accepts anything saw, with what the one that verifies said."""
    if isinstance(leg.tls, Presented):
        return _replaced(leg, msgspec.structs.replace(leg.tls, rule=leg.tls.rule or first.refusal))
    if leg.tls is None:
        # The second connection did not come as far; what the first one saw stands.
        detail = f"Its certificate does not verify ({first.refusal}), and a second connection to see it broke off."
        leg.stopped = Stopped(stage="tls", kind="closed", detail=detail)
        leg.plain = first.plain
    return leg


def _replaced(leg: _Leg, tls: Presented | NoTls) -> _Leg:
    leg.shake = Shake(tls, leg.names)
    return leg
