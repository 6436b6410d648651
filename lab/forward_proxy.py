"""The HTTP proxy on the clients' way out, for tunnels alone: it lets through, wants a sign-in, or denies."""

import asyncio
import contextlib

from lab.addresses import listener
from lab.model import Model

_ANSWERS = {
    "open": "200 Connection established",
    "login": "407 Proxy Authentication Required",
    "deny": "403 Forbidden",
}
_PIECE = 64 * 1024
_LARGEST_HEAD = 16 * 1024


class ForwardProxy:
    """Listens at the host `forward-proxy` of a model. It looks names up as the outside does, and finds the lab's ports."""

    def __init__(self, model: Model, ports: dict[int, int]) -> None:
        self.address = ""
        """`http://ADDRESS:PORT`; empty where the model has none."""
        self._model = model
        self._ports = ports
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, address: str) -> None:
        """Listens on a port of its own, where the model says that there is a proxy."""
        if self._model.forward_proxy is None:
            return
        self._server = await asyncio.start_server(self._accept, sock=listener(address, 0), limit=_LARGEST_HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        self.address = f"http://{address}:{port}"

    async def close(self) -> None:
        """Stops listening and ends every tunnel."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a stream's callback always runs in one
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, _, rest = head.partition(" ")
        does = self._model.forward_proxy or "deny"
        target = self._target(rest.partition(" ")[0]) if method == "CONNECT" and does == "open" else None
        if does == "open" and target is None:
            writer.write(_said("502 Bad Gateway"))
            return
        if target is None:
            writer.write(_said(_ANSWERS[does]))
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection(*target)
        writer.write(f"HTTP/1.1 {_ANSWERS['open']}\r\n\r\n".encode())
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, far_writer))
                both.create_task(_pass_on(far_reader, writer))
        finally:
            far_writer.close()

    def _target(self, wanted: str) -> tuple[str, int] | None:
        """Address and port that a `host:port` has in the lab; None where nothing outside is called so."""
        host, _, port = wanted.rpartition(":")
        name = self._model.names["outside"].get(host.lower())
        real = self._ports.get(int(port)) if port.isascii() and port.isdigit() and len(port) < 6 else None
        return (self._model.addresses[name.hosts[0]], real) if name and name.hosts and real else None


def _said(status: str) -> bytes:
    challenge = 'Proxy-Authenticate: Basic realm="litwareinc"\r\n' if status.startswith("407") else ""
    return f"HTTP/1.1 {status}\r\n{challenge}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
