"""One web address asked several times in a row, to see which servers answer it."""

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

import httpcore

from checks.deployment import InvalidName, parse_fqdn
from checks.model import Reason
from checks.probes import Sample, Samples, Series, Unanswered, Unreached, trust
from checks.probes.addresses import Network
from checks.probes.excerpts import MOST_BODY, decoded
from checks.probes.http import Client, Reply, client_on
from checks.probes.web_line import Line, Stopped
from checks.probes.wire import DEADLINES, Deadlines
from checks.text import clean

MOST_REQUESTS = 30
_MOST_COOKIES = 10
_HOPELESS = frozenset({"no-such-name", "no-address", "timeout", "no-route", "certificate"})
"""What the next request would meet again."""


class SeriesProbe:
    """Answers `Series`: at most 30 requests, one after another, within twice the time that one request may take."""

    def __init__(self, network: Network, *, ca_file: str = "", deadlines: Deadlines = DEADLINES) -> None:
        self._network = network
        self._ca_file = ca_file
        self._deadlines = deadlines

    async def ask(self, question: Series) -> Samples | Unreached | Unanswered:
        """Each answer in order; what there was no time left to ask is neither answered nor lost.

        Where no request got an answer: how far the first one came, or why it could not be asked.
        """
        if not _is_web(question.url):
            return Unanswered(reason=Reason.MISSING_INPUT, detail=f"{clean(question.url)} is not a web address.")
        context = trust.verifying(self._ca_file)
        if isinstance(context, Unanswered):
            return context
        times = max(1, min(question.times, MOST_REQUESTS))
        line = Line(self._network, question.view, False, self._deadlines)
        try:
            return await _Asking(question, line, self._deadlines).run(context, times)
        finally:
            line.close()


class _Asking:
    """One series while it is asked."""

    def __init__(self, question: Series, line: Line, deadlines: Deadlines) -> None:
        self._question = question
        self._line = line
        self._deadlines = deadlines
        self._samples: list[Sample] = []
        self._lost = 0

    async def run(self, context: ssl.SSLContext, times: int) -> Samples | Unreached | Unanswered:
        clock = asyncio.get_running_loop().time
        end = clock() + 2 * self._deadlines.whole
        first: Unreached | Unanswered | None = None
        async with client_on(self._line, context, kept=self._question.connection == "kept") as client:
            for _ in range(times):
                left = end - clock()
                if left < self._deadlines.connect:
                    # Cut this short, a healthy server would look like one that does not answer.
                    break
                failure = await self._one(client, clock() + min(left, self._deadlines.whole))
                if failure is None:
                    continue
                self._lost += 1
                first = first or failure
                if self._is_hopeless(failure):
                    break
        if first is not None and not self._samples:
            return first
        return Samples(samples=tuple(self._samples), lost=self._lost)

    async def _one(self, client: Client, until: float) -> Unreached | Unanswered | None:
        """Takes one more answer; why there is none, where none came."""
        try:
            async with asyncio.timeout_at(until):
                response = await client.send(client.build_request("GET", self._question.url), stream=True)
            sample = _sample(response, self._line)
            await _drain(response, min(self._deadlines.body, max(0.0, until - asyncio.get_running_loop().time())))
        except Stopped as stopped:
            return stopped.answer
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return self._line.failure(error)
        self._samples.append(sample)
        _keep(client, self._question.cookies)
        return None

    def _is_hopeless(self, failure: Unreached | Unanswered) -> bool:
        return not self._samples and (isinstance(failure, Unanswered) or failure.kind in _HOPELESS)


def _sample(response: Reply, line: Line) -> Sample:
    set_cookies = [decoded(value) for name, value in response.headers.raw if name.lower() == b"set-cookie"]
    cookies = [(name, marks) for name, marks in map(_cookie, set_cookies[:_MOST_COOKIES]) if name]
    return Sample(
        status=response.status_code,
        server=clean(response.headers.get("x-ms-server-fqdn", ""), 255).strip().lower(),
        address=line.address,
        cookies=tuple(name for name, _ in cookies),
        http_only=tuple(name for name, marks in cookies if "httponly" in marks),
        ending=tuple(name for name, marks in cookies if not marks.isdisjoint({"expires", "max-age"})),
        connection=line.connections,
    )


def _cookie(text: str) -> tuple[str, set[str]]:
    """The name of a cookie, never its value, and the names of its attributes in small letters."""
    pair, *attributes = text.split(";")
    marks = {attribute.partition("=")[0].strip().lower() for attribute in attributes}
    return clean(pair.partition("=")[0], 100).strip(), marks


async def _drain(response: Reply, patience: float) -> None:
    """Reads what is left of an answer, so that its connection can be used again; a long or slow body ends it instead."""
    size = 0
    with contextlib.suppress(TimeoutError, OSError, httpcore.NetworkError, httpcore.ProtocolError):
        try:
            async with asyncio.timeout(patience):
                async for chunk in response.aiter_raw():
                    size += len(chunk)
                    if size > MOST_BODY:
                        break
        finally:
            await response.aclose()


def _keep(client: Client, cookies: bool) -> None:
    """Leaves the client the cookies that it may send along: all, but for those that cannot be put into a request; or none."""
    for cookie in list(client.cookies.jar):
        text = f"{cookie.name}{cookie.value}"
        if not cookies or not text.isascii() or not text.isprintable():
            client.cookies.delete(cookie.name, cookie.domain, cookie.path)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
        parse_fqdn(parts.hostname or "")
    except (InvalidName, ValueError):
        return False
    return parts.scheme in {"http", "https"} and port != 0 and url.isascii() and url.isprintable()
