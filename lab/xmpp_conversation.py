"""What an XMPP server says to another that opens a stream to it. It authenticates nobody and calls nobody back."""

import asyncio
import contextlib
import secrets
import ssl
from collections import Counter
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from lab.streams import Stream, TlsStream
from lab.xmpp import XmppServer
from lab.xmpp_reader import Broken, Element, Event, Reader, Root

_STREAMS = "http://etherx.jabber.org/streams"
_SERVER = "jabber:server"
_DIALBACK = "jabber:server:dialback"
_TLS = "urn:ietf:params:xml:ns:xmpp-tls"
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
_CONDITIONS = "urn:ietf:params:xml:ns:xmpp-streams"
_STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
_PROCEED = f"<proceed xmlns='{_TLS}'/>"
_FAILURE = f"<failure xmlns='{_TLS}'/>"
_EXTERNAL = f"<mechanisms xmlns='{_SASL}'><mechanism>EXTERNAL</mechanism></mechanisms>"
_DIALBACK_FEATURE = "<dialback xmlns='urn:xmpp:features:dialback'/>"
_GREETING = b"220 mail.fabrikam.com ready\r\n"
"""What a service says that does not know XMPP."""
_NO_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"}
"""What OpenSSL makes of a client that does not speak TLS."""
_UNEXPECTED = b"\x15\x03\x01\x00\x02\x02\x0a"
"""The alert `unexpected_message`."""
_IDLE = 60.0
"""Seconds that a stream may be silent."""
_FAREWELL = 1.0
"""Seconds that the client may take to go, once all is said."""
_PIECE = 64 * 1024


class _Ending(Exception):
    """The stream ends with these words."""


def _error(condition: str, text: str = "") -> _Ending:
    told = f"<text xmlns='{_CONDITIONS}'>{escape(text)}</text>" if text else ""
    return _Ending(f"<stream:error><{condition} xmlns='{_CONDITIONS}'/>{told}</stream:error>")


class Conversation:
    """One connection, until either side ends it. `secured` makes the server's TLS."""

    def __init__(
        self,
        server: XmppServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        secured: Callable[[], ssl.SSLContext],
        opened: Counter[str],
    ) -> None:
        self._server = server
        self._ends = reader, writer
        self._secured = secured
        self._opened = opened
        self._stream = Stream(reader, writer)
        self._restart()

    async def hold(self) -> None:
        """All of it. OSError where the connection breaks."""
        # A failed handshake was told to the client already.
        with contextlib.suppress(ssl.SSLError):
            await self._serve()
        await self._leave()

    async def _serve(self) -> None:
        match self._server.conduct:
            case "hangs":
                await self._wait()
            case "not-xmpp":
                await self._stream.write(_GREETING)
                await self._wait()
            case "tls-first":
                await self._expect_tls()
                await self._talk()
            case "xmpp":
                await self._talk()

    async def _wait(self) -> None:
        """Says nothing more, until the client gives up."""
        while await self._stream.read():
            pass

    async def _talk(self) -> None:
        try:
            await self._converse()
        except Broken as fault:
            await self._end(_error(fault.condition))
        except TimeoutError:
            await self._end(_error("connection-timeout"))
        except _Ending as ending:
            await self._end(ending)
        await self._stream.close()

    async def _end(self, ending: _Ending) -> None:
        header = "" if self._answered else self._header({})
        await self._say(f"{header}{ending}</stream:stream>")

    async def _leave(self) -> None:
        """Waits a moment for the client to go: what it still sends would reset the connection, and lose the last words."""
        reader, writer = self._ends
        writer.write_eof()
        async with asyncio.timeout(_FAREWELL):
            while await reader.read(_PIECE):
                pass

    async def _converse(self) -> None:
        """Stream after stream, for TLS begins a new one. Raises _Ending, Broken and TimeoutError."""
        while event := await self._next():
            if isinstance(event, Root):
                await self._open(event)
            elif isinstance(event, Element):
                await self._answer(event)
            else:
                raise _Ending

    async def _open(self, root: Root) -> None:
        """Answers the opening of a stream."""
        if not self._is_secured or self._server.conduct == "tls-first":
            self._opened[root.attributes.get("from", "")[:255]] += 1
        self._answered = True
        await self._say(self._header(root.attributes))
        if (root.namespace, root.name, root.content) != (_STREAMS, "stream", _SERVER):
            raise _error("invalid-namespace")
        if self._server.error:
            raise _error(self._server.error, self._server.error_text)
        self._expect_served(root.attributes.get("to", ""))
        if _has_features(self._server.version) and _has_features(root.attributes.get("version", "")):
            features = self._features(root.attributes.get("from", ""))
            await self._say(f"<stream:features>{features}</stream:features>")

    async def _answer(self, element: Element) -> None:
        """Answers what comes on a stream."""
        if (element.namespace, element.name) == (_TLS, "starttls"):
            await self._start_tls()
        elif element.namespace != _DIALBACK:
            raise _error("not-authorized")
        elif not self._server.dialback:
            raise _error("unsupported-stanza-type")
        elif self._server.starttls == "required" and not self._is_secured:
            raise _error("policy-violation", "Encryption is required between servers")
        elif element.name == "verify":
            await self._verify(element)
        else:
            # Who asks for dialback has to be called back, and the lab calls nobody.
            raise _error("remote-connection-failed")

    async def _start_tls(self) -> None:
        if self._is_secured or self._server.starttls == "absent" or self._server.starttls_answer == "failure":
            raise _Ending(_FAILURE)
        await self._say(_PROCEED)
        await self._begin_tls()

    async def _expect_tls(self) -> None:
        """TLS from the first byte."""
        try:
            await self._begin_tls()
        except ssl.SSLError as error:
            if error.reason in _NO_TLS:
                # OpenSSL has no word for who speaks something else; most others have this one.
                await Stream(*self._ends).write(_UNEXPECTED)
            raise

    async def _begin_tls(self) -> None:
        self._stream = TlsStream(*self._ends, self._secured())
        await self._stream.open()
        # What was sent before TLS is forgotten.
        self._restart()

    async def _verify(self, element: Element) -> None:
        """Nobody was ever given a key, so none is valid."""
        sender, to = element.attributes.get("from", ""), element.attributes.get("to", "")
        if not sender:
            raise _error("improper-addressing")
        self._expect_served(to)
        if self._server.verify == "silence":
            return
        names = f"from={quoteattr(to)} to={quoteattr(sender)} id={quoteattr(element.attributes.get('id', ''))}"
        error = f"<error type='cancel'><item-not-found xmlns='{_STANZAS}'/></error>"
        answer = "" if self._server.verify == "invalid" else error
        await self._say(f"<db:verify {names} type='{self._server.verify}'>{answer}</db:verify>")

    def _expect_served(self, to: str) -> None:
        """Raises _Ending where `to` is no domain of this server."""
        if not to:
            raise _error("improper-addressing")
        if to.lower() not in self._server.domains:
            raise _error("host-unknown")

    def _header(self, asked: dict[str, str]) -> str:
        """The opening tag in answer to one that has the attributes `asked`."""
        to = asked.get("to", "")
        attributes = {
            "xmlns": _SERVER,
            "xmlns:stream": _STREAMS,
            "xmlns:db": _DIALBACK if self._server.dialback else "",
            "id": secrets.token_hex(8) if self._server.has_id else "",
            "from": to if to.lower() in self._server.domains else self._server.domains[0],
            "to": asked.get("from", ""),
            "version": self._server.version,
        }
        written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value)
        return f"<?xml version='1.0'?><stream:stream {written}>"

    def _features(self, sender: str) -> str:
        """What is offered on a stream that speaks for `sender`."""
        if self._is_secured:
            external = self._server.external and sender.lower() in self._stream.client_names
            return (_EXTERNAL if external else "") + (_DIALBACK_FEATURE if self._server.dialback else "")
        match self._server.starttls:
            case "required":
                return f"<starttls xmlns='{_TLS}'><required/></starttls>"
            case "offered":
                starttls = f"<starttls xmlns='{_TLS}'/>"
            case "absent":
                starttls = ""
        return starttls + (_DIALBACK_FEATURE if self._server.dialback else "")

    @property
    def _is_secured(self) -> bool:
        return isinstance(self._stream, TlsStream)

    def _restart(self) -> None:
        """What comes next is a stream of its own."""
        self._reader = Reader()
        self._fault: Broken | None = None
        self._answered = False

    async def _next(self) -> Event | None:
        """What comes next; None where the connection ends."""
        while not self._reader.events:
            if self._fault:
                raise self._fault
            async with asyncio.timeout(_IDLE):
                data = await self._stream.read()
            if not data:
                return None
            try:
                self._reader.feed(data)
            except Broken as fault:
                self._fault = fault
        return self._reader.events.popleft()

    async def _say(self, text: str) -> None:
        await self._stream.write(text.encode())


def _has_features(version: str) -> bool:
    """Whether a stream of that version has features: from 1.0 on."""
    major = version.partition(".")[0]
    return major.isascii() and major.isdigit() and int(major[:4]) >= 1
