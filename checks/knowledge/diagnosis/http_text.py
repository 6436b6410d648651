"""HTTP statuses as they stand in error messages, consoles and pages."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from checks.knowledge.challenges import schemes
from checks.knowledge.diagnosis import web_answers
from checks.knowledge.diagnosis.model import Sign
from checks.knowledge.diagnosis.paste import Found, Paste
from checks.knowledge.diagnosis.web_answer import WebAnswer
from checks.knowledge.pasted import web_output
from checks.probes import Response
from checks.text import clean

_MOST = 6
_STATUS = re.compile(
    r"(?:http/[123](?:\.\d)? |http (?:status|error)(?: code)?:? |http code:? |http |status ?code ?:? |statuscode ?: |server returned an "
    r"error: \(|\()([1-5]\d\d)(?!\d|[:,]\d|\.\d{1,3}[.:])(?=\)|\W|$)"
    r"|(?<!sip/2\.0 )(?<![\d.])([45]\d\d) ?-? ?(?:unauthorized|forbidden|not found|file or directory not found|"
    r"internal server error|bad gateway|service unavailable|gateway time-?out|bad request|conflict)"
)
_STATUS_LINE = re.compile(r"^[ \t<]{0,4}HTTP/[123]", re.MULTILINE | re.IGNORECASE)
_SIP = re.compile(
    r"sip/2\.0 [1-6]\d\d|[1-6]\d\d, (?:not found|server time-out|forbidden|unauthorized)|\d{3} \(server time-out\)"
)
_CHALLENGE = re.compile(r"^www-authenticate ?: ?(.{1,600})$", re.IGNORECASE)
_LOCATION = re.compile(r"^location ?: ?(\S{1,300})", re.IGNORECASE)


def signs(paste: Paste) -> Iterator[Sign]:
    """The signs of the statuses in the text, each status once; of several answers to one request the last counts."""
    response = web_output.recognise(paste.text)
    if isinstance(response, Response):
        yield from web_answers.signs_of(_shown(paste, response))
        return
    found: dict[int, Found] = {}
    sip = [match.span() for _, match in zip(range(_MOST), _SIP.finditer(paste.low), strict=False)]
    for match in _STATUS.finditer(paste.low):
        status = int(match[1] or match[2])
        if not any(start <= match.start() <= end for start, end in sip):
            found.setdefault(status, Found(*match.span()))
        if len(found) == _MOST:
            break
    headers_shown = any(line.lower().startswith("http/") for line in paste.lines)
    errors = [status for status in found if status >= 400]
    for status, place in found.items():
        if status < 400 and errors:
            continue
        yield from web_answers.signs_of(_answer(paste, status, place, headers_shown))


def _shown(paste: Paste, response: Response) -> WebAnswer:
    """The last answer of curl or Invoke-WebRequest; the address from the text where the output does not have it."""
    last = response.last
    host, path = _address(last.url) or next(iter(_asked(paste)), ("", ""))
    return WebAnswer(
        status=last.status,
        quote=f"It shows HTTP status {last.status}.",
        host=host.lower(),
        path=path.lower() if path != "/" else "",
        server=clean(last.header("X-MS-Server-Fqdn"), 253),
        headers_shown=bool(last.headers),
        schemes=schemes(last.headers),
        body=last.body.lower(),
        location=(response.location or last.header("Location")).lower(),
        ticket_service=bool(last.header("X-MS-WebTicketURL")),
    )


def _asked(paste: Paste) -> tuple[tuple[str, str], ...]:
    """The addresses before the answer: those within its headers are others."""
    answer = _STATUS_LINE.search(paste.text)
    return Paste(paste.text[: answer.start()]).urls if answer else paste.urls


def _address(url: str) -> tuple[str, str] | None:
    """Host and path; None where the text does not show the address, or not a whole one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (clean(parts.hostname, 253), clean(parts.path, 300)) if parts.hostname else None


def _answer(paste: Paste, status: int, place: Found, headers_shown: bool) -> WebAnswer:
    host, path = paste.urls[0] if paste.urls else ("", "")
    challenges = [("www-authenticate", match[1]) for line in paste.lines if (match := _CHALLENGE.match(line.strip()))]
    location = next((match[1] for line in paste.lines if (match := _LOCATION.match(line.strip()))), "")
    return WebAnswer(
        status=status,
        quote=f"It says “{paste.quote(place)}”.",
        host=host,
        path=path if path != "/" else "",
        server=paste.server,
        headers_shown=headers_shown,
        schemes=schemes(challenges[:16]),
        body=paste.low[:20_000],
        location=location.lower(),
        ticket_service=paste.has("x-ms-webticketurl"),
    )
