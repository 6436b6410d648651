"""One TCP connection, plain and then under TLS, for probes that must know exactly how far a connection came."""

import asyncio
import contextlib
import errno
import socket
import ssl
import sys
from collections.abc import Sequence
from typing import Literal, NamedTuple

from checks.model import Frozen
from checks.text import clean
from checks.threads import in_thread

MOST_ADDRESSES = 2
_CHUNK = 64 * 1024
_OPENING = 256
_NO_ROUTE = {
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
    errno.EHOSTDOWN,
    errno.ENETDOWN,
    errno.EACCES,
    errno.EPERM,
}
# There the system itself verifies, inside the handshake, and may fetch certificates over the network meanwhile.
_VERIFYING_BLOCKS = sys.platform in {"win32", "darwin"}
# Linux holds an acknowledgement back for 40 ms, and a peer that answers in two pieces waits for it before the second.
_ACKNOWLEDGE_NOW: int | None = getattr(socket, "TCP_QUICKACK", None)


class Deadlines(Frozen, frozen=True):
    """Seconds that a probe waits at most. They hold as totals, whatever trickles in meanwhile."""

    connect: float = 5.0
    """For one address."""
    connecting: float = 8.0
    """For all addresses together."""
    whole: float = 12.0
    """From the first packet to a complete answer."""
    body: float = 2.0
    """For the body of an answer whose head is there."""


DEADLINES = Deadlines()


class Endpoint(NamedTuple):
    """Where to connect: an IP address and a port."""

    address: str
    port: int


class ConnectFailed(Exception):
    """No address took the connection."""

    def __init__(self, kind: Literal["timeout", "no-route", "refused"], detail: str, address: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.address = address


class Wire:
    """An open connection. `opening` holds the first bytes that came, of the layer that is spoken now."""

    def __init__(self, connection: socket.socket, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.opening = b""
        self.ended = False
        self.tls: ssl.SSLObject | None = None
        self._socket = connection
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()

    @property
    def address(self) -> str:
        return self.endpoint.address

    async def send(self, data: bytes) -> None:
        """Sends all of it. Raises OSError."""
        if self.tls is None:
            await asyncio.get_running_loop().sock_sendall(self._socket, data)
            return
        self.tls.write(data)
        await self._flush()

    async def receive(self, limit: int) -> bytes:
        """At most `limit` bytes; none at the end. Raises OSError."""
        data = await self._receive_raw(limit) if self.tls is None else await self._decrypt(self.tls, limit)
        self._note(data)
        return data

    async def start_tls(self, context: ssl.SSLContext, host: str) -> ssl.SSLObject:
        """Shakes hands, with `host` as the name asked for and verified. Raises ssl.SSLError and OSError."""
        self.opening = b""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        while True:
            try:
                await self._shake(tls, blocking=_VERIFYING_BLOCKS and context.verify_mode != ssl.CERT_NONE)
                break
            except ssl.SSLWantReadError:
                await self._flush()
                self._note(await self._fill())
            except ssl.SSLError:
                with contextlib.suppress(OSError):  # The alert that says why, where the peer still listens.
                    await self._flush()
                raise
        await self._flush()
        self.tls = tls
        self.opening = b""
        return tls

    def close(self) -> None:
        self._socket.close()

    async def _shake(self, tls: ssl.SSLObject, *, blocking: bool) -> None:
        if blocking:
            await in_thread(tls.do_handshake)
        else:
            tls.do_handshake()

    async def _decrypt(self, tls: ssl.SSLObject, limit: int) -> bytes:
        while True:
            try:
                data = tls.read(limit)
                # Where the peer said that it closes, Python gives no byte instead of an error.
                self.ended = self.ended or not data
                return data
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                self.ended = True
                return b""

    async def _fill(self) -> bytes:
        data = await self._receive_raw(_CHUNK)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return data

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def _receive_raw(self, limit: int) -> bytes:
        if _ACKNOWLEDGE_NOW is not None:
            with contextlib.suppress(OSError):  # The system forgets it after a while, so it is said each time.
                self._socket.setsockopt(socket.IPPROTO_TCP, _ACKNOWLEDGE_NOW, 1)
        data = await asyncio.get_running_loop().sock_recv(self._socket, limit)
        self.ended = self.ended or not data
        return data

    def _note(self, data: bytes) -> None:
        if len(self.opening) < _OPENING:
            self.opening += data[: _OPENING - len(self.opening)]


async def connect(endpoints: Sequence[Endpoint], deadlines: Deadlines) -> Wire:
    """A connection to the first of the endpoints that takes one; at most two are tried. Raises ConnectFailed."""
    until = asyncio.get_running_loop().time() + deadlines.connecting
    failures: list[ConnectFailed] = []
    for endpoint in endpoints[:MOST_ADDRESSES]:
        left = until - asyncio.get_running_loop().time()
        try:
            return await _connect(endpoint, max(0.0, min(deadlines.connect, left)))
        except ConnectFailed as failure:
            failures.append(failure)
    if not failures:
        raise ConnectFailed("no-route", "There is no address to connect to.", "")
    # An address that this machine has no route to (often IPv6) says less than one that was tried in earnest.
    worst = next((failure for failure in failures if failure.kind != "no-route"), failures[0])
    detail = " ".join(failure.detail for failure in failures)
    raise ConnectFailed(worst.kind, detail, worst.address)


async def _connect(endpoint: Endpoint, seconds: float) -> Wire:
    family = socket.AF_INET6 if ":" in endpoint.address else socket.AF_INET
    name = f"[{endpoint.address}]:{endpoint.port}" if ":" in endpoint.address else f"{endpoint.address}:{endpoint.port}"
    connection: socket.socket | None = None
    try:
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.setblocking(False)
        # What follows the end of a TLS handshake would else wait for the peer's delayed acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(connection, endpoint)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, ConnectionRefusedError):
            raise ConnectFailed("refused", f"{name} refuses the connection.", endpoint.address) from None
        if isinstance(error, TimeoutError):
            raise ConnectFailed("timeout", f"{name} does not answer.", endpoint.address) from None
        if isinstance(error, OSError):
            kind: Literal["no-route", "refused"] = "no-route" if error.errno in _NO_ROUTE else "refused"
            raise ConnectFailed(kind, f"{name} cannot be reached: {words_of(error)}.", endpoint.address) from None
        raise
    return Wire(connection, endpoint)


def words_of(error: Exception) -> str:
    """An error's own words as one harmless line; those of OpenSSL without its file and line."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return clean(str(reason), 200) or type(error).__name__
