"""One way to a web server: the connections that httpx asks for, opened by our own resolving, each phase told apart."""

import ssl
from collections.abc import Iterable
from typing import Any, Literal

import httpcore

from checks.model import Reason
from checks.probes import Records, Unanswered, Unreached, UnreachedKind, View, trust
from checks.probes.addresses import Network
from checks.probes.excerpts import decoded
from checks.probes.wire import ConnectFailed, Deadlines, Wire, connect, words_of
from checks.text import clean


class Stopped(Exception):
    """The way ended before a connection was there."""

    def __init__(self, answer: Unreached | Unanswered) -> None:
        super().__init__()
        self.answer = answer


def by_proxy(proxy: str, words: str, *, chosen: bool = True) -> Unanswered:
    """Why a proxy let nothing through. `chosen`: by --proxy, so that another can be."""
    denied = words.startswith("407")
    wish = " It asks for a sign-in; name another way out with --proxy." if denied and chosen else ""
    return Unanswered(
        reason=Reason.DENIED if denied else Reason.UNREACHABLE,
        detail=f"The proxy {clean(proxy)} did not connect: {words}.{wish}",
    )


class Line(httpcore.AsyncNetworkBackend):
    """Opens the connections that httpx asks for, by our own resolving, and knows how far the last one came."""

    def __init__(self, network: Network, view: View, proxied: bool, deadlines: Deadlines) -> None:
        self.phase: Literal["name", "connect", "tls", "reply"] = "name"
        self.encrypted = True
        self._network = network
        self._view = network.own_view if proxied else view
        self._proxied = proxied
        self._connections = 0
        self._deadlines = deadlines
        self._host = ""
        self._wire: Wire | None = None

    @property
    def address(self) -> str:
        return self._wire.address if self._wire else ""

    @property
    def connections(self) -> int:
        """How many were opened until now, the present one among them."""
        return self._connections

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "_Stream":
        self.close()
        self._wire, self._host, self.phase = None, clean(host), "name"
        self._connections += 1
        endpoints = await self._network.endpoints(host, port, self._view)
        if not isinstance(endpoints, tuple):
            raise Stopped(self._without_address(endpoints))
        self.phase = "connect"
        try:
            self._wire = await connect(endpoints, self._deadlines)
        except ConnectFailed as failure:
            if self._proxied:
                raise Stopped(by_proxy(host, failure.detail.rstrip("."))) from None
            raise Stopped(self._unreached(failure.kind, failure.detail, failure.address)) from None
        if not self.encrypted:
            self.phase = "reply"
        return _Stream(self, self._wire)

    def failure(self, error: Exception) -> Unreached | Unanswered:
        """What an error while talking means, by the phase it fell into and by what had come until then."""
        opening = self._wire.opening if self._wire else b""
        late = isinstance(error, TimeoutError)
        match self.phase:
            case "name":
                return Unanswered(reason=Reason.TIMEOUT, detail=f"Resolving {self._host} took too long.")
            case "connect" if self._proxied:
                return by_proxy(self._host, "it did not answer in time" if late else words_of(error))
            case "connect":
                return self._unreached("timeout", "The connection was not there in time.")
            case "tls":
                return self._without_tls(error, opening, late)
        if opening and not opening.startswith(b"HTTP/"[: len(opening)]):
            return self._unreached("not-http", f"It answers, but not with HTTP: {clean(decoded(opening), 80)}")
        if late and opening:
            return self._unreached("drip", "The answer began, but its head was not complete in time.")
        if late:
            return self._unreached("silence", "It took the request and did not answer.")
        if self._wire and not self._wire.ended and isinstance(error, httpcore.ProtocolError):
            return self._unreached("not-http", f"It answers, but not with proper HTTP: {words_of(error)}")
        return self._unreached("reset", "The connection was closed before the answer was complete.")

    def _without_tls(self, error: Exception, opening: bytes, late: bool) -> Unreached:
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._unreached("certificate", clean(error.verify_message))
        if late:
            return self._unreached("silence", "It took the connection and did not answer to a TLS handshake.")
        if opening and not trust.looks_like_tls(opening):
            return self._unreached("handshake", trust.without_tls(opening))
        if isinstance(error, ssl.SSLEOFError) or not isinstance(error, ssl.SSLError):
            return self._unreached("handshake", "It closed the connection in the middle of the TLS handshake.")
        return self._unreached("handshake", f"The TLS handshake failed: {words_of(error)}.")

    def _without_address(self, answer: Records | Unanswered) -> Unreached | Unanswered:
        if self._proxied:
            return by_proxy(self._host, "its name has no address")
        if isinstance(answer, Unanswered):
            return answer
        if answer.outcome == "no-such-name":
            return self._unreached("no-such-name", f"There is no name {self._host}.")
        if answer.outcome == "server-failure":
            # The record may well be there: nothing follows for the name.
            return Unanswered(reason=Reason.UNREACHABLE, detail=f"The name server failed to look up {self._host}.")
        reason = "its aliases go in a circle" if answer.outcome == "loop" else "it has no record of type A or AAAA"
        return self._unreached("no-address", f"{self._host} has no address: {reason}.")

    def _unreached(self, kind: UnreachedKind, detail: str, address: str = "") -> Unreached:
        before = "After a redirect: " if self._connections > 1 else ""
        return Unreached(phase=self.phase, kind=kind, detail=before + detail, address=address or self.address)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection as httpcore wants it."""

    def __init__(self, line: Line, wire: Wire) -> None:
        self._line = line
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._wire.receive(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            await self._wire.send(buffer)
        except OSError as error:  # httpcore reads on after this one: the server may have answered and closed.
            raise httpcore.WriteError(words_of(error)) from error

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        self._line.phase = "tls"
        await self._wire.start_tls(ssl_context, server_hostname or "")
        self._line.phase = "reply"
        return self

    async def aclose(self) -> None:
        self._wire.close()

    def get_extra_info(self, info: str) -> ssl.SSLObject | None:
        return self._wire.tls if info == "ssl_object" else None
