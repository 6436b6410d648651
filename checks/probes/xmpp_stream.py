"""One XMPP stream between servers, from our side: opened, asked for TLS, asked about a dialback key, closed."""

import asyncio
import contextlib
import secrets
import ssl
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from checks.probes.excerpts import decoded
from checks.probes.trust import looks_like_tls
from checks.probes.wire import Wire, words_of
from checks.probes.xmpp_facts import Features, Header, Kind, Opening, Stage, Stopped, StreamError, Verified
from checks.probes.xmpp_markup import STREAMS, BadMarkup, Element, Event, Reader, Root, TooMuch
from checks.text import clean

DIALBACK = "jabber:server:dialback"
_DIALBACK_FEATURE = "urn:xmpp:features:dialback"
_TLS = "urn:ietf:params:xml:ns:xmpp-tls"
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
_CONDITIONS = "urn:ietf:params:xml:ns:xmpp-streams"
_CHUNK = 4096
_MOST_LISTED = 32
_QUOTED = 80
_FIRST_LINE = 0.3
"""Seconds for the first line of what is no XMPP."""
_FAREWELL = 0.2
"""Seconds for saying that the stream ends."""


class StreamStopped(Exception):
    """The stream went no further."""

    def __init__(self, kind: Kind, detail: str, error: StreamError | None = None) -> None:
        super().__init__(detail)
        self.kind: Kind = kind
        self.detail = detail
        self.error = error

    def at(self, stage: Stage) -> Stopped:
        """The same as a value."""
        return Stopped(stage=stage, kind=self.kind, detail=self.detail, error=self.error)


class XmppStream:
    """A stream over a wire. Each reply may take `patience` seconds, and all together last until `until`."""

    def __init__(self, wire: Wire, domain: str, from_domain: str, *, patience: float, until: float) -> None:
        self._wire = wire
        self._domain = domain
        self._from_domain = from_domain
        self._patience = patience
        self._until = until
        self._stands = False
        self._restart()

    async def open(self) -> Opening:
        """Opens the stream, anew where TLS has begun meanwhile, and reads what the server offers."""
        self._restart()
        secured = self._wire.tls is not None
        stage: Stage = "secured stream" if secured else "stream"
        header: Header | None = None
        try:
            header = _header(await self._exchange(self._opening_tag()))
            if not header.has_features:
                # A server from before XMPP 1.0 sends none, but may have an error to tell.
                return Opening(header=header)
            stage = "secured features" if secured else "features"
            return Opening(header=header, features=_features(await self._element(STREAMS, "features")))
        except StreamStopped as stopped:
            return Opening(header=header, stopped=stopped.at(stage))

    async def ask_for_tls(self) -> None:
        """Returns where the server lets TLS begin. Raises StreamStopped."""
        await self._send(f"<starttls xmlns='{_TLS}'/>")
        answer = await self._element(_TLS)
        if answer.name != "proceed":
            raise StreamStopped("failure", "It offers STARTTLS and answers it with a failure.")
        # What is sent next belongs to TLS.
        self._stands = False

    async def verify(self) -> Verified:
        """Asks the server about a dialback key that nobody gave out."""
        over_tls = self._wire.tls is not None
        key, stream_id = secrets.token_hex(32), secrets.token_hex(8)
        names = f"from={quoteattr(self._from_domain)} to={quoteattr(self._domain)}"
        try:
            await self._send(f"<db:verify {names} id='{stream_id}'>{escape(key)}</db:verify>")
            answer = await self._element(DIALBACK, "verify")
        except StreamStopped as stopped:
            return _unverified(stopped, over_tls)
        return _verified(answer, over_tls)

    async def close(self) -> None:
        """Ends the stream as politely as the server lets us."""
        try:
            if self._stands:
                async with asyncio.timeout_at(min(self._until, asyncio.get_running_loop().time() + _FAREWELL)):
                    await self._wire.send(b"</stream:stream>")
        except OSError:
            pass
        finally:
            self._wire.close()

    def _restart(self) -> None:
        self._reader = Reader()
        self._fault: StreamStopped | None = None

    def _opening_tag(self) -> str:
        return (
            f"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='{STREAMS}' "
            f"xmlns:db='{DIALBACK}' from={quoteattr(self._from_domain)} to={quoteattr(self._domain)} version='1.0'>"
        )

    async def _exchange(self, text: str) -> Root:
        """Sends the opening tag, and gives the server's. Raises StreamStopped."""
        await self._send(text)
        self._stands = True
        root = await self._next()
        if not isinstance(root, Root) or (root.namespace, root.name) != (STREAMS, "stream"):
            name = clean(root.name, 60) if isinstance(root, Root) else "nothing"
            raise StreamStopped("not-xmpp", f"It answers with XML, but not with a stream of XMPP: <{name}>.")
        return root

    async def _element(self, namespace: str, name: str = "") -> Element:
        """The next element of that namespace; others are passed over. Raises StreamStopped, also for a stream error."""
        while True:
            event = await self._next()
            if not isinstance(event, Element):
                raise StreamStopped("ended", "It ended the stream in order, without a word why.")
            if (event.namespace, event.name) == (STREAMS, "error"):
                error = _error(event)
                words = f"{error.condition}{f': {error.text}' if error.text else ''}"
                raise StreamStopped("stream-error", f"It ended the stream with the error {words}", error)
            if event.namespace == namespace and name in {"", event.name}:
                return event

    async def _next(self) -> Event:
        until = min(self._until, asyncio.get_running_loop().time() + self._patience)
        received = 0
        while True:
            if (event := self._reader.take()) is not None:
                return event
            if self._fault is not None:
                raise self._fault
            try:
                async with asyncio.timeout_at(until):
                    data = await self._wire.receive(_CHUNK)
            except TimeoutError:
                raise _late(received) from None
            except ssl.SSLError as error:
                raise StreamStopped("alert", f"It broke TLS off: {words_of(error)}.") from None
            except OSError:
                raise StreamStopped("closed", "It closed the connection and gave no answer.") from None
            if not data:
                raise StreamStopped("closed", "It closed the connection and gave no answer.")
            received += len(data)
            try:
                self._reader.feed(data)
            except BadMarkup as fault:
                await self._read_first_line()
                self._fault = self._garbled(fault)

    async def _read_first_line(self) -> None:
        """Waits a moment for the rest of a stranger's first line, so that it can be quoted."""
        with contextlib.suppress(OSError):
            async with asyncio.timeout_at(min(self._until, asyncio.get_running_loop().time() + _FIRST_LINE)):
                while len(self._wire.opening) < _QUOTED and b"\n" not in self._wire.opening:
                    if not await self._wire.receive(_CHUNK):
                        return

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout_at(self._until):
                await self._wire.send(text.encode())
        except TimeoutError:
            raise StreamStopped("silence", "It takes nothing more on this connection.") from None
        except ssl.SSLError as error:
            raise StreamStopped("alert", f"It broke TLS off: {words_of(error)}.") from None
        except OSError:
            raise StreamStopped("closed", "It closed the connection.") from None

    def _garbled(self, fault: BadMarkup) -> StreamStopped:
        """What answers that is no XML of a stream."""
        opening = self._wire.opening
        if isinstance(fault, TooMuch):
            return StreamStopped("too-much", f"It sends without end: {fault}.")
        if looks_like_tls(opening) and self._wire.tls is None:
            return StreamStopped("tls-spoken", "It speaks TLS from the first byte, so it takes no stream in the clear.")
        quoted = clean(decoded(opening.partition(b"\n")[0][:_QUOTED]).strip(), _QUOTED)
        return StreamStopped("not-xml", f"It answers, but not with XMPP ({fault}): {quoted}")


def _late(received: int) -> StreamStopped:
    if received:
        return StreamStopped("drip", "It began an answer and did not finish it in time.")
    return StreamStopped("silence", "It did not answer in time.")


def _header(root: Root) -> Header:
    attributes = {name: clean(value, 260) for name, value in list(root.attributes.items())[:_MOST_LISTED]}
    return Header(
        id=attributes.get("id", ""),
        sender=attributes.get("from", ""),
        version=attributes.get("version", ""),
        namespace=clean(root.declared.get("", ""), 100),
        declares_dialback=DIALBACK in root.declared.values(),
    )


def _features(element: Element) -> Features:
    starttls, mechanisms = element.child(_TLS, "starttls"), element.child(_SASL, "mechanisms")
    known = {_TLS, _SASL, _DIALBACK_FEATURE}
    others = dict.fromkeys(clean(child.namespace, 100) for child in element.children if child.namespace not in known)
    return Features(
        starttls="absent" if starttls is None else "required" if starttls.child(_TLS, "required") else "offered",
        mechanisms=_mechanisms(mechanisms) if mechanisms else (),
        dialback=element.child(_DIALBACK_FEATURE) is not None,
        others=tuple(others)[:_MOST_LISTED],
    )


def _mechanisms(element: Element) -> tuple[str, ...]:
    names = (clean(child.text.strip(), 40) for child in element.children if child.name == "mechanism")
    return tuple(name for name in names if name)[:_MOST_LISTED]


def _error(element: Element) -> StreamError:
    """Condition and text. A server of the time before conditions has text alone."""
    condition = next((one for one in element.children if one.namespace == _CONDITIONS and one.name != "text"), None)
    text = element.child(_CONDITIONS, "text")
    return StreamError(
        condition=clean(condition.name, 60) if condition is not None else "undefined-condition",
        text=clean((text.text if text is not None else element.text).strip(), 300),
    )


def _verified(answer: Element, over_tls: bool) -> Verified:
    kind = answer.attributes.get("type", "")
    match kind:
        case "invalid" | "valid":
            return Verified(outcome="invalid" if kind == "invalid" else "valid", over_tls=over_tls)
        case "error":
            error = next((one for one in answer.children if one.name == "error"), None)
            condition = next((one.name for one in error.children if one.name != "text"), "") if error else ""
            return Verified(outcome="error", over_tls=over_tls, detail=clean(condition, 60))
    return Verified(outcome="other", over_tls=over_tls, detail=f"type {clean(kind, 40) or 'missing'}")


def _unverified(stopped: StreamStopped, over_tls: bool) -> Verified:
    outcome: Literal["stream-error", "silence", "closed", "other"] = "other"
    match stopped.kind:
        case "stream-error":
            outcome = "stream-error"
        case "silence" | "drip":
            outcome = "silence"
        case "closed" | "ended":
            outcome = "closed"
    return Verified(outcome=outcome, over_tls=over_tls, detail=stopped.detail, error=stopped.error)
