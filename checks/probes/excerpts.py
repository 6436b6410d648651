"""What is kept of a web server's answer: enough to judge it, no secret, nothing that could harm a screen."""

import contextlib
import re
import zlib
from collections.abc import Iterable

from checks.knowledge.challenges import challenges
from checks.text import clean, clean_lines

MOST_HEADERS = 64
MOST_BODY = 64 * 1024
_MOST_TEXT = 4096
_MOST_LINES = 200
# Python knows codecs that are slow, or no text at all; only those of web pages may be named.
_CHARSET = re.compile(
    r"""charset\s*=\s*["']?(utf-?8|utf-16(?:le|be)?|us-ascii|iso-8859-\d{1,2}|windows-125\d|shift_jis|euc-jp"""
    r"""|euc-kr|gb2312|gbk|gb18030|big5|koi8-r)\b""",
    re.IGNORECASE,
)
# zlib's way to take gzip and deflate alike.
_ANY_FORMAT = 47


def kept_headers(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """The headers without a cookie's value or a sign-in's token; each challenge is an entry of its own."""
    headers: list[tuple[str, str]] = []
    for raw_name, raw_value in raw:
        name, value = clean(raw_name.decode("latin-1"), 100), decoded(raw_value)
        match name.lower():
            case "www-authenticate" | "proxy-authenticate":
                headers += [(name, challenge) for challenge in challenges([value])]
            case "set-cookie" | "set-cookie2":
                headers.append((name, f"{clean(value.partition('=')[0], 100)}=…"))
            case "authentication-info" | "proxy-authentication-info":
                headers.append((name, "…"))
            case _:
                headers.append((name, clean(value, 300)))
        if len(headers) >= MOST_HEADERS:
            break
    return tuple(headers[:MOST_HEADERS])


def kept_body(body: bytes, coding: str, content_type: str) -> str:
    """The first lines of a body, by its Content-Encoding and Content-Type. What it unpacks to is bounded too."""
    if coding.strip().lower() in {"gzip", "x-gzip", "deflate"}:
        with contextlib.suppress(zlib.error):
            body = zlib.decompressobj(wbits=_ANY_FORMAT).decompress(body, MOST_BODY)
    named = _CHARSET.search(content_type)
    try:
        text = body.decode(named.group(1) if named else "utf-8", errors="replace")
    except LookupError:
        text = body.decode("utf-8", errors="replace")
    return clean_lines(text, _MOST_TEXT, lines=_MOST_LINES)


def decoded(raw: bytes) -> str:
    """Bytes of a header or of a stranger's greeting as text; still to be cleaned."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
