"""Pasted output of curl and Invoke-WebRequest as the answer of a web address, judged like a live one."""

from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from checks.knowledge.pasted import NotUnderstood, curl_output, web_request_output
from checks.knowledge.pasted.screen import lines_of
from checks.knowledge.pasted.web_exchange import Answered, Exchange, Failed
from checks.model import Frozen
from checks.probes import Hop, Request, Response, Unreached
from checks.probes.excerpts import kept_body, kept_headers
from checks.text import clean

MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


def read(question: Request, text: str) -> Response | Unreached | NotUnderstood:
    """What the text says of the question's address, with the hops, headers and bodies that a probe keeps.

    NotUnderstood where it is of another address or kind of request, where the certificate was looked past and should
    not have been (or the other way round), and where what was left out could change the finding.
    """
    shown = _exchange(text)
    if shown is None:
        return _sentence(f"This is neither curl's output nor Invoke-WebRequest's. Run {_by_hand(question)}")
    if refusal := _of_something_else(question, shown) or shown.unclear or _trust_differs(question, shown):
        return _sentence(refusal)
    way = _walked(shown, question.url)
    if isinstance(way.end, Failed):
        return _unreached(way.end, after_redirect=bool(way.hops))
    if way.end == "cookies":
        return _sentence(
            f"It goes round in a circle and curl kept no cookies, so nothing follows. Add -b '': {_by_hand(question)}"
        )
    if way.end == "unfollowed":
        return _sentence(
            f"It is sent on to {clean(way.location, 200)} and did not go there. Run {_by_hand(question, '-L ')}"
        )
    lacking = _lacking(way.last, shown.method)
    if lacking and not way.stopped:
        return _sentence(f"{lacking} Run {_by_hand(question)}")
    return Response(hops=way.hops, stopped=way.stopped, location=clean(way.location) if way.stopped else "")


def recognise(text: str) -> Response | Unreached | None:
    """What the text says of whichever address; None where it is no such text, or nothing follows from it.

    A hop's url and address are empty where the text does not show them. Headers may be missing that were not
    printed: an error of Invoke-WebRequest has none.
    """
    shown = _exchange(text)
    if shown is None or shown.unclear:
        return None
    way = _walked(shown, shown.url)
    if isinstance(way.end, Failed):
        return _unreached(way.end, after_redirect=bool(way.hops))
    return Response(hops=way.hops, stopped=way.stopped, location=clean(way.location))


def _exchange(text: str) -> Exchange | None:
    lines = lines_of(text)
    return curl_output.exchange(lines) or web_request_output.exchange(lines)


class _Way(Frozen, frozen=True):
    """The answers as hops, up to the one that does not lead on."""

    hops: tuple[Hop, ...]
    last: Answered
    stopped: Literal["", "stranger", "loop", "too-many", "bad-location"] = ""
    location: str = ""
    end: Failed | Literal["", "cookies", "unfollowed"] = ""


def _walked(shown: Exchange, url: str) -> _Way:
    hops: list[Hop] = []
    seen: set[str] = set()
    cookies = False
    last = Answered(status=0)
    for last in shown.answers:
        hops.append(_hop(last, url))
        seen.add(url)
        cookies = cookies or bool(last.header("Set-Cookie"))
        location = last.header("Location")
        if last.status not in _REDIRECTS or not location:
            return _Way(hops=tuple(hops), last=last)
        stopped, target = _next(url, location)
        if not stopped and target in seen:
            stopped = "" if cookies else "loop"
        elif not stopped and len(hops) > MOST_REDIRECTS:
            stopped = "" if cookies else "too-many"
        if stopped:
            return _Way(hops=tuple(hops), last=last, stopped=stopped, location=location)
        if cookies and len(hops) > MOST_REDIRECTS:
            return _Way(hops=tuple(hops), last=last, location=location, end="cookies")
        url = target
    if shown.failed is not None:
        return _Way(hops=tuple(hops), last=last, end=shown.failed)
    end: Literal["cookies", "unfollowed"] = "cookies" if shown.endless else "unfollowed"
    return _Way(hops=tuple(hops), last=last, location=last.header("Location"), end=end)


def _hop(answered: Answered, url: str) -> Hop:
    raw = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in answered.headers]
    return Hop(
        url=clean(url),
        address=clean(answered.address, 60),
        status=answered.status,
        headers=kept_headers(raw),
        body=kept_body(answered.body.encode("utf-8", "replace"), "", ""),
    )


def _next(url: str, location: str) -> tuple[Literal["", "stranger", "loop", "too-many", "bad-location"], str]:
    try:
        target = urldefrag(urljoin(url, location)).url
        host, before = urlsplit(target), urlsplit(url)
        if host.scheme not in _PORTS or not host.hostname or host.port == 0:
            return ("bad-location", "") if url else ("", location)
        if before.hostname and host.hostname.rstrip(".") != before.hostname.rstrip("."):
            return "stranger", target
    except ValueError:
        return "bad-location", ""
    return "", target


def _unreached(failed: Failed, *, after_redirect: bool) -> Unreached:
    before = "After a redirect: " if after_redirect else ""
    return Unreached(
        phase=failed.phase, kind=failed.kind, detail=clean(before + failed.detail), address=clean(failed.address, 60)
    )


def _of_something_else(question: Request, shown: Exchange) -> str:
    """A sentence where the text is not of this address or not of this kind of request."""
    asked = clean(question.url, 200)
    if shown.url and not _same(shown.url, question.url):
        return f"This is of {clean(shown.url, 200)}; asked was {asked}."
    host = urlsplit(question.url).hostname or ""
    failed = shown.failed
    if failed is not None and not shown.answers and _is_other_name(failed.host, host):
        return f"This is of {clean(failed.host, 200)}; asked was {clean(host, 200)}."
    methods = {"GET", "HEAD"} if question.method == "GET" else {"POST"}
    if shown.method and shown.method not in methods:
        return f"This is a {clean(shown.method, 10)} request; a {question.method} is wanted. Run {_by_hand(question)}"
    return ""


def _is_other_name(one: str, other: str) -> bool:
    """False where the first is no name: an address may well be the other's."""
    named = one.rpartition(".")[2].isalpha()
    return named and one.lower().rstrip(".") != other.lower().rstrip(".")


def _same(one: str, other: str) -> bool:
    try:
        first, second = urlsplit(one), urlsplit(other)
        ports = [each.port or _PORTS.get(each.scheme.lower()) for each in (first, second)]
    except ValueError:
        return False
    hosts = [(each.hostname or "").rstrip(".") for each in (first, second)]
    paths = [(each.path or "/").lower() for each in (first, second)]
    return hosts[0] == hosts[1] and ports[0] == ports[1] and paths[0] == paths[1] and first.query == second.query


def _trust_differs(question: Request, shown: Exchange) -> str:
    if shown.unverified and not question.trusting and shown.answers:
        return f"The certificate was not verified, because of -k. Run {_by_hand(question)}"
    if question.trusting and shown.failed is not None and shown.failed.kind == "certificate":
        return f"The certificate stopped it. To look past it, for diagnosis alone, run {_by_hand(question)}"
    return ""


def _lacking(answered: Answered, method: str) -> str:
    """A sentence where something was not printed that could change the finding."""
    lync = answered.header("X-MS-Server-Fqdn")
    if not answered.all_headers and not (lync and answered.status < 400):
        return f"The status {answered.status} is there, the headers are not, or not all of them."
    challenged = answered.status == 401 and answered.header("WWW-Authenticate")
    if lync or challenged or (answered.whole_body and method != "HEAD"):
        return ""
    return "The headers are there, the page itself is not."


def _by_hand(question: Request, more: str = "") -> str:
    looking_away = "-k " if question.trusting else ""
    post = '-X POST -d "" ' if question.method == "POST" else ""
    return f"curl.exe -v {more}{looking_away}{post}{clean(question.url, 300)} and paste all it prints."


def _sentence(sentence: str) -> NotUnderstood:
    return NotUnderstood(sentence=sentence)
