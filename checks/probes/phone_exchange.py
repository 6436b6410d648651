"""One request of a phone's sign-in: sent with secrets, answered without them, and never longer than it may take."""

import asyncio
import logging
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpcore
import msgspec

from checks.knowledge.challenges import schemes
from checks.knowledge.sign_in_answers import Headers, header, said
from checks.probes import Exchange, Unanswered, Unreached, View
from checks.probes.addresses import Network
from checks.probes.excerpts import decoded
from checks.probes.http import client_on
from checks.probes.web_line import Line, Stopped, by_proxy
from checks.probes.wire import Deadlines
from checks.secret import Secret
from checks.text import clean

MOST_BODY = 256 * 1024
"""Bytes; metadata of a ticket service has some 60 KiB."""
_MOST_HEADERS = 100

# Down to their debug messages they write headers and tokens.
for _library in ("httpx", "httpcore", "spnego"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

Fields = Mapping[str, str | Secret]
"""Headers to send."""


@dataclass(frozen=True)
class Reply:
    """An exchange, and what came with it that the exchange does not keep."""

    exchange: Exchange
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    without: Unreached | Unanswered | None = None
    """How far the question came, where no answer did."""

    @property
    def status(self) -> int:
        return self.exchange.status

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def but(self, failure: str) -> "Reply":
        """The same with the reason why it is of no use."""
        return Reply(msgspec.structs.replace(self.exchange, failure=failure), self.headers, self.body, self.without)


class Caller:
    """Sends requests in one view of the network, all of them before one deadline."""

    def __init__(
        self, network: Network, view: View, context: ssl.SSLContext, proxy: str, deadlines: Deadlines, seconds: float
    ) -> None:
        self._network = network
        self._view = view
        self._context = context
        self._proxy = proxy
        self._deadlines = deadlines
        self._until = asyncio.get_running_loop().time() + seconds

    @property
    def out_of_time(self) -> bool:
        return asyncio.get_running_loop().time() >= self._until

    async def send(
        self,
        method: str,
        url: str,
        fields: Fields | None = None,
        content: bytes | Secret = b"",
        *,
        credentials: bool = False,
        grace: float = 0.0,
    ) -> Reply:
        """The answer, over a connection of its own. `credentials`: the user's password is in it.

        `grace`: seconds that it may take even where the time for all is over.
        """
        with self.conversation() as conversation:
            return await conversation.send(method, url, fields, content, credentials=credentials, grace=grace)

    @contextmanager
    def conversation(self) -> Iterator["Conversation"]:
        """Requests that follow each other on one connection, as a Windows sign-in needs it."""
        line = Line(self._network, self._view, bool(self._proxy), self._deadlines)
        try:
            yield Conversation(line, self._context, self._proxy, self._deadlines, self._until)
        finally:
            line.close()


class Conversation:
    """One connection to a web server. Where the server closes it, the next request opens another one."""

    def __init__(self, line: Line, context: ssl.SSLContext, proxy: str, deadlines: Deadlines, until: float) -> None:
        self._line = line
        self._proxy = proxy
        self._deadlines = deadlines
        self._until = until
        self._client = client_on(line, context, proxy, kept=True)

    @property
    def connections(self) -> int:
        """How many connections were opened until now."""
        return self._line.connections

    async def send(
        self,
        method: str,
        url: str,
        fields: Fields | None = None,
        content: bytes | Secret = b"",
        *,
        credentials: bool = False,
        grace: float = 0.0,
    ) -> Reply:
        """As Caller.send."""
        asked = Exchange(url=clean(url, 300), credentials=credentials)
        now = asyncio.get_running_loop().time()
        until = max(min(self._until, now + self._deadlines.whole), now + grace)
        try:
            async with asyncio.timeout_at(until):
                return await self._answer(asked, method, url, fields or {}, content)
        except Stopped as stopped:
            return _without(asked, stopped.answer)
        except httpcore.ProxyError as error:
            return _without(asked, by_proxy(self._proxy, clean(str(error), 100)))
        except UnicodeError:
            return Reply(msgspec.structs.replace(asked, failure="This is no web address."))
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return _without(asked, self._line.failure(error))

    async def _answer(self, asked: Exchange, method: str, url: str, fields: Fields, content: bytes | Secret) -> Reply:
        request = self._client.build_request(
            method,
            url,
            headers={name: _revealed(value) for name, value in fields.items()},
            content=_revealed(content) if isinstance(content, Secret) else content,
        )
        # A cookie of an answer is a secret, and nothing here needs it.
        self._client.cookies.clear()
        response = await self._client.send(request, stream=True)
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += chunk[: MOST_BODY - len(body)]
                if len(body) >= MOST_BODY:
                    break
        finally:
            await response.aclose()
        headers = _received(response.headers.raw)
        return Reply(_told(asked, response.status_code, headers, bytes(body)), headers, bytes(body))


def _told(asked: Exchange, status: int, headers: Headers, body: bytes) -> Exchange:
    """What an answer says, its secrets left out."""
    known = tuple(headers)
    why = said(known, body.decode("utf-8", "replace") if status >= 400 else "")
    return msgspec.structs.replace(
        asked,
        status=status,
        server=clean(header(known, "x-ms-server-fqdn").strip(), 255),
        software=clean(header(known, "server").strip(), 100),
        schemes=schemes(known) if status == 401 else (),
        error=why.error,
        code=why.code,
        message=why.message,
    )


def _without(asked: Exchange, answer: Unreached | Unanswered) -> Reply:
    kind = answer.kind if isinstance(answer, Unreached) else None
    # Several connections of a line mean a redirect elsewhere, and here a server that closes them.
    failure = answer.detail.removeprefix("After a redirect: ")
    return Reply(msgspec.structs.replace(asked, failure=failure, kind=kind), without=answer)


def _received(raw: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), decoded(value)) for name, value in raw[:_MOST_HEADERS])


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value
