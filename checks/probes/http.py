"""Web addresses asked as a client would, with each step on the way told apart. The only file that knows httpx."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any, Literal

import httpcore
import httpx

from checks.model import Reason
from checks.probes import Hop, Request, Response, Unanswered, Unreached, Way, system_proxy, trust
from checks.probes.addresses import Network
from checks.probes.excerpts import MOST_BODY, kept_body, kept_headers
from checks.probes.web_line import Line, Stopped, by_proxy
from checks.probes.wire import DEADLINES, Deadlines
from checks.text import clean

MOST_REDIRECTS = 5
Client = httpx.AsyncClient
Reply = httpx.Response
"""As other probes name them: they hold a client and know nothing of httpx."""
_REDIRECTS = {301, 302, 303, 307, 308}
_HEADERS = {"User-Agent": "lyncdoctor", "Accept": "*/*", "Accept-Encoding": "identity"}


class HttpProbe:
    """Answers `Request`. Redirects are walked by hand, so that each hop is evidence."""

    def __init__(
        self,
        network: Network,
        *,
        ca_file: str = "",
        proxy: str = "",
        system_proxy: str = "",
        deadlines: Deadlines = DEADLINES,
    ) -> None:
        """`proxy` is the way `configured`. `system_proxy` stands for what this computer is set to; empty: that is asked."""
        self._network = network
        self._ca_file = ca_file
        self._proxy = "" if proxy == "none" else proxy
        self._system_proxy = system_proxy
        self._deadlines = deadlines

    async def ask(self, question: Request) -> Response | Unreached | Unanswered:
        """Every hop's answer; how far it came where there is none; Unanswered where it could not be asked."""
        proxy = await self._proxy_on(question.way, question.url)
        if isinstance(proxy, Unanswered):
            return proxy
        if proxy.startswith("https:"):
            return Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail="A proxy is asked over http:// alone.")
        context = trust.blind() if question.trusting else trust.verifying(self._ca_file)
        if isinstance(context, Unanswered):
            return context
        line = Line(self._network, question.view, bool(proxy), self._deadlines)
        try:
            async with client_on(line, context, proxy) as client:
                until = asyncio.get_running_loop().time() + self._deadlines.whole
                return await _walk(client, line, question, until, self._deadlines.body)
        except Stopped as stopped:
            return stopped.answer
        except httpcore.ProxyError as error:
            return by_proxy(proxy, clean(str(error), 100), chosen=question.way == "configured")
        except (httpx.InvalidURL, UnicodeError):
            return Unanswered(reason=Reason.MISSING_INPUT, detail=f"{clean(question.url)} is not a web address.")
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return line.failure(error)
        finally:
            line.close()

    async def _proxy_on(self, way: Way, url: str) -> str | Unanswered:
        """The proxy on that way; empty: straight to the server."""
        match way:
            case "configured":
                return self._proxy
            case "direct":
                return ""
        if self._system_proxy == "none":
            return Unanswered(
                reason=Reason.NOT_POSSIBLE_HERE, detail="The HTTP proxy of this computer is not used here."
            )
        return self._system_proxy or await system_proxy.proxy_for(url)


def client_on(line: Line, context: ssl.SSLContext, proxy: str = "", *, kept: bool = False) -> httpx.AsyncClient:
    """A client whose connections all go over the line; it follows no redirect and reads no environment.

    `kept`: the connection stays open for the next request to the same server, so that a Windows sign-in holds on it.
    """
    transport = _Transport(line, context, proxy, kept=kept)
    return httpx.AsyncClient(transport=transport, trust_env=False, headers=_HEADERS)


async def _walk(client: httpx.AsyncClient, line: Line, question: Request, until: float, patience: float) -> Response:
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
            response = await client.send(_request(client, method, url, question.accept), stream=True)
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


def _request(client: httpx.AsyncClient, method: str, url: httpx.URL, accept: str) -> httpx.Request:
    headers = {"Accept": accept} if accept else {}
    if method == "POST":
        headers["Content-Type"] = "text/xml; charset=utf-8"
        return client.build_request(method, url, content=b"", headers=headers)
    return client.build_request(method, url, headers=headers)


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


class _Answer(httpx.Response):
    """An answer whose redirect httpx leaves alone: it would raise, and lose the answer, where the location is none."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Transport(httpx.AsyncBaseTransport):
    """httpx's way out: HTTP/1.1, one connection at a time."""

    def __init__(self, line: Line, context: ssl.SSLContext, proxy: str, *, kept: bool) -> None:
        self._line = line
        common: dict[str, Any] = {
            "ssl_context": context,
            "network_backend": line,
            "max_connections": 1,
            "max_keepalive_connections": int(kept),
        }
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
