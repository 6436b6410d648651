"""What curl's last words mean: how far it came, and what stopped it there. Both its TLS libraries' words."""

import re

from checks.knowledge.pasted.web_exchange import Failed, Phase
from checks.probes import UnreachedKind
from checks.text import clean

_VERBOSE = "Run curl.exe -v with the same address and paste all it prints."
_NAME = re.compile(r"(?:resolve host|resolve):? '?([^\s'();]{1,260})", re.IGNORECASE)
_HOST = re.compile(r"(?:connect to|connection to) \[?([^\s\]]{1,260}?)\]? port", re.IGNORECASE)
_AFTER = re.compile(r"after (\d{1,9}) ?m", re.IGNORECASE)
_RECEIVED = re.compile(r"with (\d{1,12}) (?:out of -?\d{1,12} )?bytes", re.IGNORECASE)
# Windows gives up a silent connection after 21 seconds and a refused one after two.
_SURELY_SILENT_MS = 10_000
_NO_ROUTE = (
    "no route to host",
    "network is unreachable",
    "host is unreachable",
    "unreachable host",
    "network unreachable",
)
_SILENT = ("timed out", "timeout was reached", "did not properly respond")
_REVOCATION = ("0x80092012", "0x80092013", "no_revocation_check", "revocation_offline")
_CERTIFICATE = (
    "untrusted_root",
    "0x80090325",
    "wrong_principal",
    "0x80090322",
    "cert_expired",
    "0x80090328",
    "cert_unknown",
    "0x80090327",
    "0x800b01",
    "cert_trust_",
    "certificate verify failed",
    "certificate problem",
    "certificate check failed",
    "certificate subject name",
    "certificate has expired",
    "self signed certificate",
    "self-signed certificate",
    "local issuer certificate",
)
_ABOUT_ITSELF = {
    1: "This curl cannot speak the protocol of the address. Use one that begins with https://.",
    2: "curl could not start. Say what it prints to whoever looks after this computer.",
    3: "curl did not understand the address. Put it in quotes and paste what it prints then.",
    5: "curl could not resolve the name of its proxy, so the server was never asked. Run it again with --noproxy '*'.",
    58: f"curl could not use its own certificate, which says nothing of the server. {_VERBOSE}",
    59: f"curl was told to use a cipher that it does not know, which says nothing of the server. {_VERBOSE}",
    77: "curl could not read its file of trusted certificates, which says nothing of the server.",
    97: "curl's proxy failed, so the server was never asked. Run it again with --noproxy '*'.",
}


def failure_of(code: int, words: str, notes: str, address: str) -> Failed | str | None:
    """What `curl: (code) words` means, with the `* ` lines before it as notes.

    A sentence where nothing follows for the server; None for a code that is no failure to get an answer.
    """
    said = words.lower()
    detail = clean(words.strip(), 300)
    named = _NAME.search(words) or _HOST.search(words)
    host = named.group(1) if named else ""

    def failed(phase: Phase, kind: UnreachedKind) -> Failed:
        return Failed(phase=phase, kind=kind, detail=detail, address=address, host=host)

    if (code == 1 and "http/0.9" in said) or code == 8:
        return failed("reply", "not-http")
    if code in _ABOUT_ITSELF:
        return _ABOUT_ITSELF[code]
    if (code in {56, 7, 35} and "proxy" in said) or "connect tunnel failed" in said:
        return "The proxy answered, not the server. Run it again with --noproxy '*', or from another computer."
    match code:
        case 6:
            return _name_failed(said, failed("name", "no-such-name"))
        case 7:
            return _connect_failed(said, notes.lower(), failed("connect", "refused"))
        case 28:
            return _timed_out(said, failed("connect", "timeout"))
        case 51 | 60:
            return _revocation(said) or failed("tls", "certificate")
        case 35:
            untrusted = any(word in said for word in _CERTIFICATE)
            return _revocation(said) or failed("tls", "certificate" if untrusted else "handshake")
        case 52 | 55 | 56 | 92 | 95:
            return failed("reply", "reset")
    return None


def _name_failed(said: str, failed: Failed) -> Failed | str:
    if any(word in said for word in ("could not contact dns", "timeout", "general failure", "refused")):
        return "The name server did not answer, so nothing follows for the name. Paste what nslookup says of it."
    return failed


def _connect_failed(said: str, notes: str, failed: Failed) -> Failed | str:
    """The words are in the message or, since curl 7.80, in the notes alone."""
    everything = f"{said}\n{notes}"
    waited = _AFTER.search(said)
    kind: UnreachedKind
    if "refused" in everything:
        kind = "refused"
    elif any(word in everything for word in _SILENT) or (waited and int(waited.group(1)) >= _SURELY_SILENT_MS):
        kind = "timeout"
    elif any(word in everything for word in _NO_ROUTE):
        kind = "no-route"
    else:
        return f"curl does not say whether the connection was refused or not answered. {_VERBOSE}"
    return _of_kind(failed, "connect", kind)


def _timed_out(said: str, failed: Failed) -> Failed | str:
    if "resolving" in said:
        return (
            "The name server did not answer in time, so nothing follows for the name. Paste what nslookup says of it."
        )
    if "ssl connection" in said:
        return _of_kind(failed, "tls", "silence")
    if "operation timed out" in said or "operation too slow" in said:
        received = _RECEIVED.search(said)
        drips = received is not None and int(received.group(1)) > 0
        return _of_kind(failed, "reply", "drip" if drips else "silence")
    return failed


def _revocation(said: str) -> str:
    if any(word in said for word in _REVOCATION):
        return (
            "This computer could not find out whether the certificate was revoked, which says nothing of the server. "
            "Run curl.exe again with --ssl-no-revoke."
        )
    return ""


def _of_kind(failed: Failed, phase: Phase, kind: UnreachedKind) -> Failed:
    return Failed(phase=phase, kind=kind, detail=failed.detail, address=failed.address, host=failed.host)
