"""What web services say about a sign-in: the challenge for OAuth, tokens, errors, and the header X-Ms-diagnostics."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from checks.knowledge.challenges import challenges
from checks.knowledge.web_ticket import fault
from checks.model import Frozen
from checks.secret import Secret
from checks.text import clean

Headers = Iterable[tuple[str, str]]

_DIAGNOSTICS = re.compile(r"\s*(\d{1,6})\s*(?:;|\Z)")
_REASON = re.compile(r'reason\s*=\s*"([^"]{0,300})')
_FAULT_CODE = re.compile(r'faultcode\s*=\s*"([^"]{0,100})')
_HREF = re.compile(r'\bhref="([^"]*)"', re.IGNORECASE)
_GRANT_TYPE = re.compile(r'\bgrant_type="([^"]*)"', re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]{1,16384}\Z")
_MOST_GRANTS = 16


class Said(Frozen, frozen=True):
    """Why a web service refuses, as far as it says so."""

    error: str = ""
    """The `error` of OAuth, the fault code of SOAP, the subcode or code of UCWA."""
    code: int = 0
    """The number of X-Ms-diagnostics or of the fault; 0 where there is none."""
    message: str = ""


class OAuth(Frozen, frozen=True):
    """Where tokens are made, and for which grant types."""

    url: str = ""
    grants: tuple[str, ...] = ()


def header(headers: Headers, name: str) -> str:
    """The first value of a header; empty where there is none."""
    return next((value for each, value in headers if each.lower() == name.lower()), "")


def said(headers: Headers, body: str) -> Said:
    """What an answer that refuses says: in its header first, then in its body, be it SOAP or JSON."""
    headers = tuple(headers)
    found = _in_header(header(headers, "x-ms-diagnostics"))
    in_body = _in_json(body) if body.lstrip("\ufeff \t\r\n").startswith("{") else _in_soap(body)
    return Said(
        error=in_body.error or found.error,
        code=found.code or in_body.code,
        message=found.message or in_body.message,
    )


def oauth(headers: Headers) -> OAuth:
    """What the MsRtcOAuth challenge of a 401 offers, merged into one header or not, quoted or not."""
    values = (value for name, value in headers if name.lower() == "www-authenticate")
    for challenge in challenges(values):
        if challenge.lower().startswith("msrtcoauth"):
            url, named = _HREF.search(challenge), _GRANT_TYPE.search(challenge)
            grants = [grant.strip() for grant in (named[1] if named else "").split(",")]
            return OAuth(url=url[1] if url else "", grants=tuple(filter(None, grants))[:_MOST_GRANTS])
    return OAuth()


def access_token(body: str) -> Secret | None:
    """The token that OAuth made; None where there is none that could be sent back in a header."""
    token = _object(body).get("access_token")
    return Secret(token) if isinstance(token, str) and _TOKEN.match(token) else None


def passive_url(body: str) -> str:
    """Where a browser would sign in instead, if an OAuth answer names it."""
    return _text(_object(body), "ms_rtc_passiveauthuri")


def application_url(body: str) -> str:
    """What a new UCWA application calls itself; empty where it does not say."""
    links = _object(body).get("_links")
    own = links.get("self") if isinstance(links, Mapping) else None
    return _text(own, "href") if isinstance(own, Mapping) else ""


def _in_header(value: str) -> Said:
    number = _DIAGNOSTICS.match(value)
    if number is None:
        return Said()
    reason, code = _REASON.search(value), _FAULT_CODE.search(value)
    return Said(error=clean(code[1]) if code else "", code=int(number[1]), message=clean(reason[1]) if reason else "")


def _in_soap(body: str) -> Said:
    found = fault(body) if "<" in body else None
    return Said(error=found.code, code=found.id, message=found.text) if found else Said()


def _in_json(body: str) -> Said:
    known = _object(body)
    error = _text(known, "error") or _text(known, "subcode") or _text(known, "code")
    return Said(error=error, message=_text(known, "error_description") or _text(known, "message"))


def _object(body: str) -> Mapping[str, Any]:
    try:
        value = msgspec.json.decode(body.lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(known: Mapping[str, Any], name: str) -> str:
    value = known.get(name)
    return clean(value.strip(), 300) if isinstance(value, str) else ""
