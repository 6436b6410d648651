"""Web addresses asked as a client would, with each step on the way told apart. The only file that knows httpx."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal

import httpcore
import httpx

from checks.model import Reason
from checks.probes import Hop, Records, Request, Response, Unanswered, Unreached, UnreachedKind, View, trust
from checks.probes.addresses import Network
from checks.probes.excerpts import MOST_BODY, decoded, kept_body, kept_headers
from checks.probes.wire import DEADLINES, ConnectFailed, Deadlines, Wire, connect, words_of
from checks.text import clean

MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_HEADERS = {"User-Agent": "lyncdoctor", "Accept": "*/*", "Accept-Encoding": "identity"}


class HttpProbe:
    """Answers `Request`. Redirects are walked by hand, so that each hop is evidence."""

    def __init__(
        self, network: Network, *, ca_file: str = "", proxy: str = "", deadlines: Deadlines = DEADLINES
    ) -> None:
        self._network = network
        self._ca_file = ca_file
        self._proxy = "" if proxy == "none" else proxy
        self._deadlines = deadlines

    async def ask(self, question: Request) -> Response | Unreached | Unanswered:
        """Every hop's answer; how far it came where there is none; Unanswered where it could not be asked."""
        if self._proxy.startswith("https:"):
            return Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail="A proxy is asked over http:// alone.")
        context = trust.blind() if question.trusting else trust.verifying(self._ca_file)
        if isinstance(context, Unanswered):
            return context
        line = _Line(self._network, question.view, bool(self._proxy), self._deadlines)
        transport = _Transport(line, context, self._proxy)
        try:
            async with httpx.AsyncClient(transport=transport, trust_env=False, headers=_HEADERS) as client:
                until = asyncio.get_running_loop().time() + self._deadlines.whole
                return await _walk(client, line, question, until, self._deadlines.body)
        except _Stopped as stopped:
            return stopped.answer
        except httpcore.ProxyError as error:
            return _by_proxy(self._proxy, clean(str(error), 100))
        except (httpx.InvalidURL, UnicodeError):
            return Unanswered(reason=Reason.MISSING_INPUT, detail=f"{clean(question.url)} is not a web address.")
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return line.failure(error)
        finally:
            line.close()


class _Stopped(Exception):
    """The way ended before a connection was there."""

    def __init__(self, answer: Unreached | Unanswered) -> None:
        super().__init__()
        self.answer = answer


async def _walk(client: httpx.AsyncClient, line: "_Line", question: Request, until: float, patience: float) -> Response:
    """All hops until one does not lead on. Raises what a hop raises."""
    method, url = question.method, httpx.URL(question.url)
    if not _is_web(url):
        raise httpx.InvalidURL(question.url)
    hops: list[Hop] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    while True:
        # A server that sets a cookie and sends the client back means no loop.
        seen.add((str(url), _cookies(client)))
        async with asyncio.timeout_at(until):
            response = await client.send(_request(client, method, url), stream=True)
        hops.append(await _hop(response, str(url), line.address, patience))
        location = response.headers.get("location", "")
        if response.status_code not in _REDIRECTS or not location:
            return Response(hops=tuple(hops))
        stopped, target = _next(url, location)
        if target is not None and (str(target), _cookies(client)) in seen:
            stopped = "loop"
        elif target is not None and len(hops) > MOST_REDIRECTS:
            stopped = "too-many"
        if stopped or target is None:
            return Response(hops=tuple(hops), stopped=stopped, location=clean(location))
        if method == "POST" and response.status_code not in {307, 308}:
            method = "GET"
        url = target


def _cookies(client: httpx.AsyncClient) -> frozenset[str]:
    """What the client will send along. A cookie that cannot be put into a request is forgotten."""
    for cookie in list(client.cookies.jar):
        text = f"{cookie.name}{cookie.value}"
        if not text.isascii() or not text.isprintable():
            client.cookies.delete(cookie.name, cookie.domain, cookie.path)
    return frozenset(f"{cookie.path} {cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def _next(
    url: httpx.URL, location: str
) -> tuple[Literal["", "stranger", "loop", "too-many", "bad-location"], httpx.URL | None]:
    """Where a redirect leads; why it is not followed, where it leads to no address or to another host."""
    try:
        target = url.join(location).copy_with(userinfo=b"", fragment=None)
    except (httpx.InvalidURL, ValueError):
        return "bad-location", None
    if not _is_web(target):
        return "bad-location", None
    if target.host.rstrip(".") != url.host.rstrip("."):
        return "stranger", None
    return "", target


def _is_web(url: httpx.URL) -> bool:
    return url.scheme in {"http", "https"} and bool(url.host) and (url.port is None or 1 <= url.port <= 65535)


def _request(client: httpx.AsyncClient, method: str, url: httpx.URL) -> httpx.Request:
    if method == "POST":
        return client.build_request(method, url, content=b"", headers={"Content-Type": "text/xml; charset=utf-8"})
    return client.build_request(method, url)


async def _hop(response: httpx.Response, url: str, address: str, patience: float) -> Hop:
    body = b""
    # The head is what is judged: a body that drips, breaks off or never ends takes nothing from it.
    with contextlib.suppress(TimeoutError, OSError, httpcore.NetworkError, httpcore.ProtocolError):
        try:
            async with asyncio.timeout(patience):
                async for chunk in response.aiter_raw():
                    body += chunk[: MOST_BODY - len(body)]
                    if len(body) == MOST_BODY:
                        break
        finally:
            await response.aclose()
    return Hop(
        url=clean(url),
        address=address,
        status=response.status_code,
        headers=kept_headers(response.headers.raw),
        body=kept_body(body, response.headers.get("content-encoding", ""), response.headers.get("content-type", "")),
    )


def _by_proxy(proxy: str, words: str) -> Unanswered:
    denied = words.startswith("407")
    wish = " It asks for a sign-in; name another way out with --proxy." if denied else ""
    return Unanswered(
        reason=Reason.DENIED if denied else Reason.UNREACHABLE,
        detail=f"The proxy {clean(proxy)} did not connect: {words}.{wish}",
    )


class _Line(httpcore.AsyncNetworkBackend):
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
            raise _Stopped(self._without_address(endpoints))
        self.phase = "connect"
        try:
            self._wire = await connect(endpoints, self._deadlines)
        except ConnectFailed as failure:
            if self._proxied:
                raise _Stopped(_by_proxy(host, failure.detail.rstrip("."))) from None
            raise _Stopped(self._unreached(failure.kind, failure.detail, failure.address)) from None
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
                return _by_proxy(self._host, "it did not answer in time" if late else words_of(error))
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
            return self._unreached("handshake", f"It answers, but not with TLS: {clean(decoded(opening), 80)}")
        if isinstance(error, ssl.SSLEOFError) or not isinstance(error, ssl.SSLError):
            return self._unreached("handshake", "It closed the connection in the middle of the TLS handshake.")
        return self._unreached("handshake", f"The TLS handshake failed: {words_of(error)}.")

    def _without_address(self, answer: Records | Unanswered) -> Unreached | Unanswered:
        if self._proxied:
            return _by_proxy(self._host, "its name has no address")
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

    def __init__(self, line: _Line, wire: Wire) -> None:
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


class _Answer(httpx.Response):
    """An answer whose redirect httpx leaves alone: it would raise, and lose the answer, where the location is none."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Transport(httpx.AsyncBaseTransport):
    """httpx's way out: HTTP/1.1 over a new connection for each request."""

    def __init__(self, line: _Line, context: ssl.SSLContext, proxy: str) -> None:
        self._line = line
        common: dict[str, Any] = {"ssl_context": context, "network_backend": line, "max_keepalive_connections": 0}
        self._pool = httpcore.AsyncHTTPProxy(proxy, **common) if proxy else httpcore.AsyncConnectionPool(**common)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._line.encrypted = request.url.scheme == "https"
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(method=request.method, url=url, headers=request.headers.raw, content=request.stream)
        )
        return _Answer(status_code=response.status, headers=response.headers, stream=_Body(response))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
