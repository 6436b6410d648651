"""Why `openssl s_client` showed no certificate, in the words of OpenSSL 1.0.2 to 3.x and of several systems."""

import re

from checks.probes import NoTls
from checks.text import clean

_ERRNO = re.compile(r"connect:errno ?= ?(\d{1,5})")
_REFUSED, _SILENT = {111, 61, 10061}, {110, 60, 10060}
_NO_ROUTE = {101, 113, 51, 65, 10051, 10065}
_ERROR = re.compile(r"(?:[0-9A-Fa-f]{8,20}:|\d{4,20}:)error:[0-9A-Fa-f]{6,10}:([^\n]{1,400})")
_PLACE = re.compile(r":[\w./\\-]{1,200}\.c:\d{1,6}:?")
_NAME_FAILURES = (
    "name or service not known",
    "nodename nor servname",
    "no such host is known",
    "host not found",
    "no address associated with",
    "bad hostname lookup",
)
_NOT_TLS = (
    "wrong version number",
    "unknown protocol",
    "http request",
    "packet length too long",
    "record layer failure",
)
_NAME_SERVER = ("temporary failure in name resolution", "try again")
NO_NAME_SERVER = "The name server did not answer, so nothing follows for the name. Paste what nslookup says of it."
CUT_OFF = "The output ends before the handshake does. Paste all of it, from CONNECTED to Verify return code."


def failure_of(text: str, address: str, *, old_protocols_tried: bool) -> NoTls | str:
    """Why there is no certificate in the text; a sentence where nothing follows from it."""
    said = text.lower()
    errors = [_PLACE.sub("", error).strip(": ") for error in _ERROR.findall(text[:200_000])]
    if any(words in said for words in _NAME_SERVER):
        return NO_NAME_SERVER
    if any(words in said for words in _NAME_FAILURES):
        return NoTls(kind="no-such-name", detail="openssl could not resolve the name.", address=address)
    if (unconnected := _unconnected(said, address)) is not None:
        return unconnected
    if any(words in said for words in _NOT_TLS):
        return NoTls(kind="not-tls", detail=f"It answers, but not with TLS: {_last(errors)}", address=address)
    if errors and not _broke_off(said):
        detail = f"The handshake was refused: {_last(errors)}."
        return NoTls(kind="alert", detail=detail, address=address, old_protocols_tried=old_protocols_tried)
    if _broke_off(said) or "no peer certificate available" in said:
        detail = "It closed the connection in the middle of the handshake."
        return NoTls(kind="reset", detail=detail, address=address, old_protocols_tried=old_protocols_tried)
    if "connected(" in said and "^c" in said:
        return NoTls(
            kind="silence", detail="It took the connection and did not finish a TLS handshake.", address=address
        )
    return CUT_OFF


def _unconnected(said: str, address: str) -> NoTls | None:
    number = _ERRNO.search(said)
    code = int(number.group(1)) if number else 0
    if code in _REFUSED or "connection refused" in said or "actively refused" in said:
        return NoTls(kind="refused", detail="It refuses the connection.", address=address)
    if code in _SILENT or "connection timed out" in said or "operation timed out" in said:
        return NoTls(kind="timeout", detail="It does not answer to a connection.", address=address)
    if code in _NO_ROUTE or "no route to host" in said or "network is unreachable" in said:
        return NoTls(kind="no-route", detail="There is no route to it.", address=address)
    return None


def _broke_off(said: str) -> bool:
    return any(
        words in said
        for words in ("read:errno=", "write:errno=", "unexpected eof", "connection reset", "ssl handshake failure:s23")
    )


def _last(errors: list[str]) -> str:
    """The library's own words: the last part of the first error, without its place in the source."""
    return clean(errors[0].split(":")[-1].strip() if errors else "no certificate came", 200)
