"""An Autodiscover document, as a browser or curl shows it: from where the server takes the caller to come, and what it lacks."""

import re
from collections.abc import Iterator

from checks.knowledge.autodiscover import MOST_CHARACTERS, Document, document
from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste

_KIND = "an Autodiscover document"
_BEGINS = re.compile(r"\{\s{0,80}\"|<\?xml|<autodiscoverresponse", re.IGNORECASE)
_MOST_TRIES = 8
_INTERNAL = ('"accesslocation":"internal"', 'accesslocation="internal"')
_EXTERNAL = ('"accesslocation":"external"', 'accesslocation="external"')


def signs(paste: Paste) -> Iterator[Sign]:
    """The sign of the first document; nothing where the text has none."""
    if not paste.has("accesslocation", "_links"):
        return
    found, before = _document(paste)
    location = found.access_location.lower() if found else _location(paste)
    host = Paste(before).web
    if location == "internal":
        yield _inside(host)
    if found is not None and found.kind == "user" and not found.redirect and not _leads_to(found, "ucwa"):
        yield _without_ucwa(host)
    elif location == "external":
        yield Sign(
            kind=_KIND,
            clarity=Clarity.HINT,
            layer=Layer.PUBLISHING,
            in_order=("Autodiscover answers, and takes the caller for an outside one.", *_on(found)),
        )


def _document(paste: Paste) -> tuple[Document | None, str]:
    """The document, and the text before it. What follows its last bracket is no part of it."""
    for _, begins in zip(range(_MOST_TRIES), _BEGINS.finditer(paste.text), strict=False):
        body = paste.text[begins.start() : begins.start() + MOST_CHARACTERS]
        found = document(body[: body.rfind("}" if body[0] == "{" else ">") + 1])
        if found is not None:
            return found, paste.text[: begins.start()]
    return None, ""


def _location(paste: Paste) -> str:
    """As a document tells it that was cut off, or has other text in it."""
    squeezed = paste.low[:MOST_CHARACTERS].replace(" ", "")
    if any(words in squeezed for words in _INTERNAL):
        return "internal"
    return "external" if any(words in squeezed for words in _EXTERNAL) else ""


def _inside(host: str) -> Sign:
    return Sign(
        kind=_KIND,
        clarity=Clarity.STATUS,
        layer=Layer.PUBLISHING,
        likely=(
            Likely(
                cause=f"If this was asked from outside: the reverse proxy forwards {host or 'it'} to the pool's "
                "internal site (443) instead of the external one (4443).",
                reason="Autodiscover says that the caller is inside (AccessLocation Internal).",
                step=starts.AUTODISCOVER,
                who=sides.PROXY_ADMINISTRATOR,
            ),
        ),
        not_meant=("Asked from inside, AccessLocation Internal is right.",),
        question="From where was it asked? From outside, AccessLocation must be External: "
        "curl.exe -i https://lyncdiscover.<domain>/",
    )


def _without_ucwa(host: str) -> Sign:
    return Sign(
        kind=_KIND,
        clarity=Clarity.NAMED,
        layer=Layer.APPLICATION,
        likely=(
            Likely(
                cause=f"The user's own document{f' from {host}' if host else ''} has no link to UCWA, which phones since Lync 2013 "
                "need.",
                reason="On Lync Server 2013, UCWA comes with the cumulative update of February 2013.",
                step=starts.USER_DOCUMENT,
                command="Get-CsServerVersion",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("On Lync Server 2010 it is right: phones of its time use Mcx.",),
    )


def _leads_to(found: Document, token: str) -> bool:
    return any(link.token.lower() == token for link in found.links)


def _on(found: Document | None) -> tuple[str, ...]:
    hosts = found.hosts if found else ()
    return (f"Its links lead to {', '.join(hosts[:4])}.",) if hosts else ()
