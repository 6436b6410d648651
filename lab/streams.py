"""A connection as bytes in and out, plain or inside TLS.

TLS is done here and not by asyncio, whose servers close a handshake that failed without sending the alert that
tells the client why.
"""

import asyncio
import contextlib
import ssl
from typing import Any

_PIECE = 64 * 1024


class Stream:
    """A plain connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def open(self) -> None:
        """Makes it ready for use."""

    @property
    def client_names(self) -> frozenset[str]:
        """The DNS names of the certificate that the client showed, in lower case; none where it is not trusted."""
        return frozenset()

    async def read(self) -> bytes:
        """What has come; empty at the end."""
        return await self._reader.read(_PIECE)

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def close(self) -> None:
        """Ends it in order, as far as that takes no waiting."""


class TlsStream(Stream):
    """The server's end of a TLS connection. OSError where TLS fails, after its alert was sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
        super().__init__(reader, writer)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def open(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                await self._exchange()
            finally:
                await self._flush()

    @property
    def client_names(self) -> frozenset[str]:
        shown: dict[str, Any] = self._tls.getpeercert() or {}
        return frozenset(name.lower() for kind, name in shown.get("subjectAltName", ()) if kind == "DNS")

    async def read(self) -> bytes:
        while True:
            try:
                return self._tls.read(_PIECE)
            except ssl.SSLWantReadError:
                await self._exchange()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            finally:
                await self._flush()

    async def write(self, data: bytes) -> None:
        for begin in range(0, len(data), _PIECE):
            self._tls.write(data[begin : begin + _PIECE])
            await self._flush()

    async def close(self) -> None:
        # The client has not said goodbye yet, and that is not waited for; or the connection is broken already.
        with contextlib.suppress(OSError):
            self._tls.unwrap()
        await self._flush()

    async def _exchange(self) -> None:
        await self._flush()
        data = await self._reader.read(_PIECE)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            self._writer.write(data)
            await self._writer.drain()
