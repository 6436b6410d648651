"""The web servers: the listening ports of one host, and the HTTP conversation on each connection."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import h11

from lab.addresses import FullBacklog, listener
from lab.callers import Answering, Caller
from lab.certificates import Authorities
from lab.pages import Answer
from lab.streams import Stream, TlsStream
from lab.web_servers import Listener

_LARGEST_REQUEST = 4_000_000
_PIECE = 64 * 1024
"""The body goes out in pieces of this size."""
_NOISE = b"220 mail.litwareinc.com ready\r\n"
"""What a service that knows neither TLS nor HTTP says."""

Converse = Callable[[Stream, str], Awaitable[None]]
"""What is done on a connection that was accepted, and from which address it comes."""


class Host:
    """The two ports of one listener of the model, on its own address."""

    def __init__(self, server: Listener, answering: Answering, authorities: Authorities, directory: Path) -> None:
        self._server = server
        self._answering = answering
        self._issued = authorities.issue(server.certificate)
        self._directory = directory
        self._listening: list[asyncio.Server | FullBacklog] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, address: str, https_port: int, http_port: int) -> None:
        """Listens where the model says so."""
        match self._server.https:
            case "drop":
                self._listening.append(FullBacklog(address, https_port))
            case "noise":
                await self._listen(address, https_port, _make_noise)
            case "plain":
                await self._listen(address, https_port, self._talk)
            case "tls" | "tls-1.0" as mode:
                context = self._issued.context(self._directory, old=mode == "tls-1.0")
                await self._listen(address, https_port, self._talk_secretly, context)
        match self._server.http:
            case "drop":
                self._listening.append(FullBacklog(address, http_port))
            case "plain":
                await self._listen(address, http_port, self._talk)

    async def _listen(self, address: str, port: int, converse: Converse, context: ssl.SSLContext | None = None) -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            stream = TlsStream(reader, writer, context) if context else Stream(reader, writer)
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a stream's callback always runs in one
            self._tasks.add(task)
            try:
                with contextlib.suppress(OSError, h11.ProtocolError):
                    await stream.open()
                    await converse(stream, writer.get_extra_info("peername")[0])
                    await stream.close()
            finally:
                self._tasks.discard(task)
                writer.close()

        self._listening.append(await asyncio.start_server(accept, sock=listener(address, port)))

    async def _talk(self, stream: Stream, source: str) -> None:
        await Connection(stream, self._server, self._answering, Caller(None, source)).serve()

    async def _talk_secretly(self, stream: Stream, source: str) -> None:
        await Connection(stream, self._server, self._answering, Caller(self._issued.channel_binding, source)).serve()

    async def close(self) -> None:
        """Stops listening and ends every conversation."""
        for each in self._listening:
            each.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _make_noise(stream: Stream, _: str) -> None:
    await stream.read()
    await stream.write(_NOISE)


class Connection:
    """One client's connection: requests and answers in turn, until either side ends it."""

    def __init__(self, stream: Stream, server: Listener, answering: Answering, caller: Caller) -> None:
        self._stream = stream
        self._server = server
        self._answering = answering
        self._caller = caller
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=64 * 1024)

    async def serve(self) -> None:
        while await self._serve_one():
            self._http.start_next_cycle()

    async def _serve_one(self) -> bool:
        """Answers one request; False when the connection is over."""
        try:
            request = await self._request()
        except h11.RemoteProtocolError:
            await self._send(self._answering.bad_request())
            return False
        if request is None:
            return False
        head, body = request
        does = self._server.middlebox.does if self._server.middlebox else "answer"
        if does == "noise":
            await self._stream.write(_NOISE)
            return False
        answer = await self._answering.answer(self._caller, head, body)
        if answer is None or does == "silence":
            await self._say_nothing()
            return False
        if does == "drip":
            await self._drip(answer)
            return False
        await self._send(answer, with_body=head.method != b"HEAD")
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _request(self) -> tuple[h11.Request, bytes] | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    await self._stream.write(self._http.send(go_on) or b"")
                self._http.receive_data(await self._stream.read())
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > _LARGEST_REQUEST:
                    return None
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return head, bytes(body)
            else:
                return None

    async def _send(self, answer: Answer, *, with_body: bool = True) -> None:
        """Sends an answer and, unless HEAD asked for it, its body."""
        pieces = [self._http.send(answer.head)]
        if with_body:
            pieces.append(self._http.send(h11.Data(data=answer.body)))
            left = answer.padding
            while left > 0:
                await self._stream.write(b"".join(piece or b"" for piece in pieces))
                pieces = [self._http.send(h11.Data(data=b" " * min(left, _PIECE)))]
                left -= _PIECE
        pieces.append(self._http.send(h11.EndOfMessage()))
        await self._stream.write(b"".join(piece or b"" for piece in pieces))

    async def _drip(self, answer: Answer) -> None:
        """Sends the answer one byte a second, for as long as the client has patience."""
        for byte in self._http.send(answer.head) or b"":
            await self._stream.write(bytes([byte]))
            await asyncio.sleep(1)

    async def _say_nothing(self) -> None:
        """Waits until the client gives up."""
        while await self._stream.read():
            pass
