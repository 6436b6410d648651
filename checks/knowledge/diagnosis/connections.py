"""Connections that failed: Winsock numbers and the words of curl and others, and whose port it was."""

import re
from collections.abc import Iterator
from typing import Literal

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.connection_ports import EDGE_SIP, PORTS, Port
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Found, Paste

Failure = Literal["timeout", "refused", "reset", "no-route", "no-name", "no-address", "not-allowed", "no-connection"]


_WORDS: tuple[tuple[Failure, tuple[str, ...]], ...] = (
    (
        "timeout",
        (
            "did not properly respond after a period of time",
            "connection timed out",
            "connect timed out",
            "operation timed out",
            "wsaetimedout",
            "etimedout",
            "연결된 호스트에서 응답이 없어",
            "delivered no response within",
            "the operation has timed out",
        ),
    ),
    ("refused", ("actively refused", "connection refused", "wsaeconnrefused", "econnrefused")),
    (
        "reset",
        (
            "forcibly closed by the remote host",
            "connection reset by peer",
            "connection was reset",
            "econnreset",
            "wsaeconnreset",
        ),
    ),
    ("no-route", ("no route to host", "network is unreachable", "unreachable host", "wsaehostunreach")),
    (
        "no-name",
        (
            "no such host is known",
            "could not resolve host",
            "remote name could not be resolved",
            "name or service not known",
            "getaddrinfo enotfound",
            "dns name does not exist",
            "dns_error_rcode_name_error",
            "le nom dns n'existe pas",
            "non-existent domain",
            "nxdomain",
        ),
    ),
    (
        "no-connection",
        (
            "tcptestsucceeded : false",
            "tcp connect to … failed",
            "failed to connect to",
            "unable to connect to the remote server",
            "either blocked, not listening, or not producing",
        ),
    ),
    ("no-address", ("no data of the requested type was found",)),
)
_NUMBERS: dict[str, Failure] = {
    "10060": "timeout",
    "10061": "refused",
    "10054": "reset",
    "10053": "reset",
    "10051": "no-route",
    "10065": "no-route",
    "10013": "not-allowed",
    "11001": "no-name",
    "11002": "no-name",
    "11004": "no-address",
}
_NUMBER = re.compile(rf"(?<![\d.:])({'|'.join(_NUMBERS)})(?![\d.])")
_PORT_WORD = re.compile(r"(?:\b([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z0-9-]{1,62}),? )?port ?:? ?(\d{2,5})\b")
# As machine-translated documents have it: the address, some words, and then the port.
_LOOSE_PORT = re.compile(r"(?:(\d{1,3}(?:\.\d{1,3}){3})[^\d:]{0,60})?: ?(443|4443|5061|5269|23456|8080|80)\b")
_NAME_BESIDE = re.compile(
    r"(?:resolve host:?|could not be resolved:|enotfound|resolve-dnsname :|can't find|cannot find) ?"
    r"['\"(]?([a-z0-9_](?:[a-z0-9_-]{0,62}\.){1,8}[a-z0-9-]{2,62})"
)
_XMPP_RECORD = "_xmpp-server"
_SOCKET_ROW = re.compile(r"^[ \t]{0,20}tcp[ \t]{1,20}\S{1,64}:\d{1,5}[ \t]", re.IGNORECASE | re.MULTILINE)


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each kind of failed connection in the text."""
    found = dict[Failure, tuple[Found, str]]()
    if not _SOCKET_ROW.search(paste.plain):
        for match in _NUMBER.finditer(paste.low):
            found.setdefault(_NUMBERS[match[1]], (Found(*match.span()), match[1]))
            if len(found) == len(set(_NUMBERS.values())):
                break
    for failure, words in _WORDS:
        if failure not in found and (place := next(filter(None, map(paste.find, words)), None)):
            found[failure] = (place, "")
    if len(found) > 1:
        # What says why it failed says that it failed, too.
        found.pop("no-connection", None)
    taken = None if found else paste.find("tcptestsucceeded : true")
    if taken is not None:
        yield _taken(paste, taken)
    for failure, (place, number) in found.items():
        yield _sign(paste, failure, place, number)


def _sign(paste: Paste, failure: Failure, place: Found, number: str) -> Sign:
    quote = f"It says “{_quoted(paste, place, number)}”."
    kind = f"Winsock error {number}" if number else "a failed connection"
    if failure in {"no-name", "no-address"}:
        return _name_sign(paste, failure, place, kind if number else "a name that DNS does not have", quote)
    if failure == "not-allowed":
        cause = "This machine itself forbade the connection: its firewall, or another program holds the port."
        likely = Likely(cause=cause, reason=quote, who=sides.YOU)
        return Sign(kind=kind, layer=Layer.REACH, likely=(likely,), topic="connection")
    host, port = _target(paste, place)
    whose = EDGE_SIP if port == 5061 and _is_edge(host) else PORTS.get(port)
    if whose is None:
        return _anonymous(paste, failure, kind, quote, f"{host}:{port}" if port else host or "The server")
    where = f"{_url_host(host)}:{port}" if host else f"port {port}"
    named = [f"{number} …" if number else "A failure at …"]
    return Sign(
        kind=f"{kind} on port {port}",
        layer=Layer.LISTENER if failure == "refused" else Layer.REACH,
        topic="connection",
        explains=frozenset({"test-failed", "unavailable-message"}),
        likely=_causes(failure, where, whose, quote, host, port),
        not_meant=(whose.not_meant.replace("{number}", named[0]),),
    )


def _taken(paste: Paste, place: Found) -> Sign:
    host, port = _target(paste, place)
    whose = PORTS.get(port)
    return Sign(
        kind="a connection that was tried",
        clarity=Clarity.HINT,
        layer=Layer.REACH,
        in_order=(f"{host or 'The host'} takes connections on port {port}" + (f", {whose.owner}." if whose else "."),),
        not_meant=("It does not mean that Lync answers there: a proxy in between takes connections too.",),
    )


def _causes(failure: Failure, where: str, whose: Port, quote: str, host: str, port: int) -> tuple[Likely, ...]:
    test = f"Test-NetConnection {host or '<host>'} -Port {port}"
    service = "Get-CsWindowsService -Name RTCSRV -ExcludeActivityLevel" if port == 5061 else test
    blocked = Likely(
        cause=f"Nothing answers at {where}, which is {whose.owner}: a firewall on the way, a wrong address in DNS, or the "
        "machine is down.",
        reason=f"{quote} A connection without any answer was dropped on the way.",
        step=whose.step,
        command=test,
        who=whose.who,
    )
    stopped = Likely(
        cause=f"The machine at {where} is there, but {whose.service} does not listen.",
        reason=f"{quote} It refused at once.",
        step=whose.refused,
        command=service,
        who=whose.who,
    )
    match failure:
        case "refused":
            return (stopped,)
        case "timeout":
            return (blocked,)
        case "no-connection":
            cause = f"No connection to {where}, which is {whose.owner}: it is dropped on the way, or nothing listens."
            return (Likely(cause=cause, reason=quote, step=whose.step, command=test, who=whose.who),)
        case "no-route":
            cause = f"There is no route to {where}, which is {whose.owner}."
            return (Likely(cause=cause, reason=quote, step=whose.step, command=test, who=whose.who),)
    return (
        Likely(
            cause=f"{where}, which is {whose.owner}, broke the connection off: usually no TLS version or no trusted "
            "certificate in common.",
            reason=f"{quote} The connection had been accepted before.",
            step=whose.broken_off,
            command=f"openssl s_client -connect {host or '<host>'}:{port}",
            who=whose.who,
        ),
    )


def _name_sign(paste: Paste, failure: Failure, place: Found, kind: str, quote: str) -> Sign:
    beside = _NAME_BESIDE.search(paste.low, max(0, place.start - 400), place.end + 200)
    name = beside[1] if beside else paste.pool or paste.web
    xmpp = name.startswith(_XMPP_RECORD)
    what = "no address" if failure == "no-address" else "no entry"
    record = "SRV" if xmpp else "A"
    return Sign(
        kind=kind,
        layer=Layer.NAME,
        topic="name",
        explains=frozenset({"connection", "test-failed"}),
        likely=(
            Likely(
                cause=f"{name or 'The name'} has {what} in the DNS that was asked.",
                reason=quote,
                step=_name_step(paste, name),
                command=f"Resolve-DnsName {name or '<name>'} -Type {record}",
                who=sides.DNS_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a firewall or a stopped service: nothing was connected to.",),
    )


def _anonymous(paste: Paste, failure: Failure, kind: str, quote: str, where: str) -> Sign:
    happened = {
        "timeout": "does not answer: a firewall on the way, a wrong address, or the machine is down",
        "refused": "refuses the connection: the machine is there, and nothing listens on that port",
        "reset": "broke the connection off, usually for lack of a common TLS version or a trusted certificate",
        "no-connection": "takes no connection: it is dropped on the way, or nothing listens",
        "no-route": "cannot be reached: there is no route to it",
    }[failure]
    return Sign(
        kind=kind,
        clarity=Clarity.STATUS,
        layer=Layer.REACH,
        topic="connection",
        explains=frozenset({"test-failed"}),
        likely=(Likely(cause=f"{where} {happened}.", reason=quote, who=sides.NETWORK_ADMINISTRATOR),),
        question="Which address and port was it? 443 is the web, 5061 the Registrar, 5269 XMPP. "
        "Run: Test-NetConnection <host> -Port <port>",
    )


def _target(paste: Paste, place: Found) -> tuple[str, int]:
    """Host and port of the connection, from what stands near; port 0 where nothing says."""
    endpoint = paste.near(place)
    if endpoint is not None:
        return endpoint.host, endpoint.port
    near = _PORT_WORD.search(paste.low, max(0, place.start - 200), place.end + 200)
    host = paste.pool or paste.web
    if near is not None:
        return near[1] or host, int(near[2])
    loose = _LOOSE_PORT.search(paste.low, place.start, place.end + 200)
    if loose is not None:
        return loose[1] or host, int(loose[2])
    return host, 443 if paste.urls and not paste.pool else 0


def _quoted(paste: Paste, place: Found, number: str) -> str:
    if not number:
        return paste.quote(place)
    return paste.quote(Found(place.start, min(len(paste.flat), place.end + 60)))


def _is_edge(host: str) -> bool:
    return host.startswith(("sip.", "access.")) or "edge" in host


def _name_step(paste: Paste, name: str) -> str:
    if name.startswith(_XMPP_RECORD):
        return starts.XMPP_DNS
    if _is_ours(paste, name):
        return starts.DNS
    return starts.TEST_TRANSACTION if name and name == paste.pool else ""


def _is_ours(paste: Paste, name: str) -> bool:
    """True for a name that phones look for; of other names no step knows what they are."""
    return bool(name) and (name.startswith(("lyncdiscover", "lyncweb")) or name == paste.web)


def _url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
