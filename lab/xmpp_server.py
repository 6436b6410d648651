"""XMPP servers of the model at their ports: the Edge's proxy, and those of partners."""

import asyncio
import contextlib
import functools
import ssl
from collections import Counter
from pathlib import Path

from lab.addresses import FullBacklog, listener
from lab.certificates import Authorities
from lab.listening import PortState
from lab.xmpp import XmppServer
from lab.xmpp_conversation import Conversation

_LIFE = 300.0
"""Seconds that a connection may last."""


class XmppHost:
    """One XMPP server of the model at its port."""

    def __init__(self, server: XmppServer, authorities: Authorities, directory: Path) -> None:
        self._server = server
        self._authorities = authorities
        self._directory = directory
        self._listening: asyncio.Server | FullBacklog | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.streams: Counter[str] = Counter()
        """The connections on which a stream was opened, by its `from`. The stream over TLS is not counted again."""

    async def open(self, address: str, port: int, state: PortState) -> None:
        """Makes the port what the model says. CannotListen where that is not possible."""
        if state == "drop":
            self._listening = FullBacklog(address, port)
        elif state == "open":
            self._listening = await asyncio.start_server(self._accept, sock=listener(address, port))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a stream's callback always runs in one
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(_LIFE):
                    await Conversation(self._server, reader, writer, lambda: self._context, self.streams).hold()
        finally:
            self._tasks.discard(task)
            writer.close()

    @functools.cached_property
    def _context(self) -> ssl.SSLContext:
        """Made when the first handshake comes: most labs see none."""
        if self._server.starttls_answer == "broken":
            # Without a certificate every handshake ends in an alert.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued = self._authorities.issue(self._server.certificate)
        context = issued.context(self._directory, old=self._server.newest_tls == "1.0")
        if self._server.newest_tls == "1.2":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=self._authorities.trusted_pem.decode())
        return context

    async def close(self) -> None:
        """Stops listening and ends every conversation."""
        if self._listening:
            self._listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
