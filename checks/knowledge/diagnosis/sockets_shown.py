"""Lists of sockets, netstat's or Get-NetTCPConnection's: who listens where, and who waits in vain."""

from collections.abc import Iterator

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.pasted import netstat
from checks.model import Remedy
from checks.probes import Socket, SocketTable

EXTERNAL, INTERNAL = 5269, 23456
_PROXY = "xmppproxy"
_SERVICE = "*XMPP Translating Gateway Proxy*"
_BOTH_ASKED = (f"findstr {EXTERNAL} … findstr {INTERNAL}", f"findstr {INTERNAL} … findstr {EXTERNAL}")
_LANGUAGES = (
    ("connexions actives", "French"),
    ("adresse locale", "French"),
    ("활성 연결", "Korean"),
    ("로컬 주소", "Korean"),
    ("aktive verbindungen", "German"),
    ("lokale adresse", "German"),
    ("active connections", "English"),
    ("local address", "English"),
)
_START = Remedy(
    cmdlet="Start-Service",
    parameters={"DisplayName": _SERVICE},
    who=sides.EDGE_ADMINISTRATOR,
    risk="none if it is stopped",
    verify="netstat -ano | findstr 5269",
)


def signs(paste: Paste) -> Iterator[Sign]:
    """What a list of sockets says of XMPP; nothing where it is no such list, or of other ports."""
    table = netstat.recognise(paste.text)
    if table is None or not (table.sockets or paste.has("netstat", "get-nettcpconnection", *dict(_LANGUAGES))):
        return
    kind = f"netstat output{_language(paste)}"
    if not table.sockets:
        yield _nothing(kind, "The list is empty.")
        return
    shown = table.of((EXTERNAL, INTERNAL)).sockets
    if not shown:
        yield _neither(paste, table, kind)
        return
    yield from _waiting(kind, shown)
    if any(one.remote_port == INTERNAL for one in shown):
        # It is the Front End that connects there, and on a Front End nothing of XMPP listens.
        return
    yield from _listening(kind, shown, whole=len(shown) < len(table.sockets) or paste.has(*_BOTH_ASKED))


def _language(paste: Paste) -> str:
    language = next((name for words, name in _LANGUAGES if words in paste.low), "")
    return f" in {language}" if language else ""


def _neither(paste: Paste, table: SocketTable, kind: str) -> Sign:
    """The list has other sockets only: if it is the whole list of an Edge, nothing listens for XMPP."""
    reason = f"It lists {len(table.sockets)} sockets, and none on {EXTERNAL} or {INTERNAL}."
    return Sign(
        kind=kind,
        clarity=Clarity.STATUS,
        layer=Layer.LISTENER,
        likely=() if paste.has("findstr") else (_nobody_listens(reason),),
        not_meant=("findstr finds digits anywhere: 52690 or a process number are no socket on 5269.",)
        if paste.has("5269", "23456")
        else (),
        question="Is it the whole list of the Edge? Run there: netstat -ano",
    )


def _listening(kind: str, shown: tuple[Socket, ...], *, whole: bool) -> Iterator[Sign]:
    listeners = {
        port: [
            one for one in shown if one.state == "LISTEN" and one.port == port and not one.address.startswith("127.")
        ]
        for port in (EXTERNAL, INTERNAL)
    }
    strangers = [
        one for held in listeners.values() for one in held if one.process and _PROXY not in one.process.lower()
    ]
    if strangers:
        yield _held(kind, strangers[0])
    elif all(listeners.values()):
        yield Sign(
            kind=kind,
            clarity=Clarity.HINT,
            in_order=(f"The Edge listens on {EXTERNAL} for partners and on {INTERNAL} for the Front End.",),
            not_meant=("That nothing is ESTABLISHED means idle, which is no fault.",)
            if not any(one.state == "ESTABLISHED" for one in shown)
            else (),
            question="The Edge listens. Can partners find it? Run outside: "
            "Resolve-DnsName -Type SRV _xmpp-server._tcp.<SIP domain>",
        )
    elif any(listeners.values()):
        yield from _one_of_two(kind, listeners, whole)
    elif whole:
        yield _nothing(kind, f"No row listens on {EXTERNAL} or {INTERNAL}.")


def _one_of_two(kind: str, listeners: dict[int, list[Socket]], whole: bool) -> Iterator[Sign]:
    there, lacking = (EXTERNAL, INTERNAL) if listeners[EXTERNAL] else (INTERNAL, EXTERNAL)
    if not whole:
        # `findstr 5269` shows one port alone, so the other is not missing but not asked for.
        yield Sign(
            kind=kind,
            clarity=Clarity.HINT,
            in_order=(f"Something listens on {there}.",),
            question=f"And the other port? Run on the Edge: netstat -ano | findstr {lacking}",
        )
        return
    side = "partners" if lacking == EXTERNAL else "the Front End"
    interface = "external" if lacking == EXTERNAL else "internal"
    yield Sign(
        kind=kind,
        clarity=Clarity.NAMED,
        layer=Layer.LISTENER,
        likely=(
            Likely(
                cause=f"The XMPP proxy does not listen on {lacking}, for {side}: the {interface} interface or its certificate "
                "may be at fault.",
                reason=f"It listens on {there} and not on {lacking}.",
                step=starts.XMPP_LISTENING,
                command="Get-CsCertificate | Select-Object Use,Subject,NotAfter",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
        in_order=(f"The XMPP proxy runs: it listens on {there}.",),
    )


def _nothing(kind: str, reason: str) -> Sign:
    return Sign(
        kind=kind,
        clarity=Clarity.NAMED,
        layer=Layer.LISTENER,
        likely=(_nobody_listens(reason, _START),),
    )


def _nobody_listens(reason: str, remedy: Remedy | None = None) -> Likely:
    return Likely(
        cause="If this is an Edge: nothing listens for XMPP, for the proxy is stopped or no XMPP route was published.",
        reason=reason,
        step=starts.XMPP_LISTENING,
        remedy=remedy,
        command=f"Get-Service -DisplayName '{_SERVICE}'",
        who=sides.EDGE_ADMINISTRATOR,
    )


def _held(kind: str, stranger: Socket) -> Sign:
    return Sign(
        kind=kind,
        clarity=Clarity.DECISIVE,
        layer=Layer.LISTENER,
        likely=(
            Likely(
                cause=f"Port {stranger.port} is held by {stranger.process}, so the XMPP proxy cannot listen there.",
                reason=f"The row of port {stranger.port} names process {stranger.pid}.",
                step=starts.XMPP_LISTENING,
                command=f"Get-Process -Id {stranger.pid}",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
    )


def _waiting(kind: str, shown: tuple[Socket, ...]) -> Iterator[Sign]:
    waiting = next((one for one in shown if one.state == "SYN_SENT"), None)
    if waiting is None:
        return
    to_partner = waiting.remote_port == EXTERNAL
    yield Sign(
        kind=kind,
        clarity=Clarity.NAMED,
        layer=Layer.REACH,
        likely=(
            Likely(
                cause=f"The connection to {waiting.remote_address}:{waiting.remote_port} gets no answer: "
                + (
                    "outbound 5269 is blocked, or the partner's server is down."
                    if to_partner
                    else "a firewall drops it."
                ),
                reason="A row waits in SYN_SENT.",
                step=starts.XMPP_PARTNER_PORTS if to_partner else starts.XMPP_PORTS,
                command=f"Test-NetConnection {waiting.remote_address} -Port {waiting.remote_port}",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
        ),
    )
