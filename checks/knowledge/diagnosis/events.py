"""Event log excerpts: the documented numbers, and the words of XMPP events, whose numbers are in no document."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Found, Paste

_MOST = 12
_NUMBERED = re.compile(r"(?<![a-z])(?:event ?id|event|eventid|ereignis-id|이벤트 id)s? ?[:#=]? ?(\d{3,5})(?![\d.])")
_FIELD = re.compile(r"(?<![a-z])id ?: ?(\d{3,5})(?![\d.])")
_ROW = re.compile(
    r"\S.{5,40}?\s(\d{3,5})\s+(?:critical|error|warning|fehler|warnung|erreur|avertissement|오류|경고|kritisch|critique)\b"
)
_LOG_WORDS = ("leveldisplayname", "providername", "log name", "logname", "get-winevent", "ls ")
_XMPP_SOURCE = ("xmpp translating gateway",)


class Event(NamedTuple):
    """What an event number means; `sources` are words of which one must be in the text, so that 1000 is not anybody's."""

    cause: str
    layer: Layer
    who: str
    step: str = ""
    command: str = ""
    sources: tuple[str, ...] = ()
    not_meant: str = ""


def _ucwa(cause: str, layer: Layer = Layer.APPLICATION, step: str = "") -> Event:
    return Event(
        cause,
        layer,
        sides.FRONT_END_ADMINISTRATOR,
        step,
        command="curl.exe -i https://<Front End>/ucwa/v1/applications",
        sources=("ucwa",),
    )


_REPLICATION = ("replica", "replication", "복제")
_EVENTS = {
    32174: Event(
        "The Front End waits for its place in the pool: too few Front Ends are up for a quorum.",
        Layer.SERVICE,
        sides.FRONT_END_ADMINISTRATOR,
        starts.SERVICES,
        command="Get-CsPoolFabricState -PoolFqdn <pool FQDN>",
        not_meant="It does not mean that the service hangs: do not restart more than one Front End.",
    ),
    1017: Event(
        "The configuration is not replicated to a server, usually the Edge: TCP 4443 to it is blocked.",
        Layer.REPLICATION,
        sides.NETWORK_ADMINISTRATOR,
        step=starts.SERVICES,
        command="Get-CsManagementStoreReplicationStatus",
        sources=_REPLICATION,
    ),
    1015: Event(
        "The configuration is not replicated to a server, for a certificate is not accepted.",
        Layer.REPLICATION,
        sides.CERTIFICATE_ADMINISTRATOR,
        step=starts.SERVICES,
        command="Get-CsManagementStoreReplicationStatus",
        sources=_REPLICATION,
    ),
    1034: Event(
        "The configuration is not replicated, for the rights on the share are wrong.",
        Layer.REPLICATION,
        sides.FRONT_END_ADMINISTRATOR,
        step=starts.SERVICES,
        command="Get-CsManagementStoreReplicationStatus",
        sources=_REPLICATION,
    ),
    32042: Event(
        "Front Ends on Windows Server 2012 R2 lose TLS connections among each other: a known fault with TLS session tickets.",
        Layer.SERVICE,
        sides.FRONT_END_ADMINISTRATOR,
        command="Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL -Name EnableSessionTicket",
        not_meant="It does not mean the certificate that phones see.",
    ),
    30061: Event(
        "New users are not replicated from a domain, so they cannot sign in.",
        Layer.USER,
        sides.LYNC_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUserReplicatorConfiguration",
        not_meant="It does not mean a wrong password.",
    ),
    20002: _ucwa("UCWA failed while it started on this Front End.", step=starts.WEB_APPLICATIONS),
    20003: _ucwa(
        "UCWA met an unexpected error on this Front End; the documents say to restart the server.",
        step=starts.WEB_APPLICATIONS,
    ),
    20010: _ucwa("UCWA cannot read the settings that a user gets at sign-in."),
    20011: _ucwa("UCWA cannot subscribe to presence."),
    20012: _ucwa(
        "UCWA cannot register the user's endpoint: the Registrar refuses or is not reached.",
        Layer.SERVICE,
        starts.REGISTRAR,
    ),
    20013: _ucwa("UCWA does not reach the IM conferencing service.", step=starts.SERVICES),
    20015: _ucwa("UCWA does not reach the A/V conferencing service."),
    20017: _ucwa("UCWA does not reach the application sharing service."),
    20019: _ucwa("UCWA does not reach the web conferencing service."),
    1309: Event(
        "A web application of Lync fails: ASP.NET reports an unhandled error.",
        Layer.APPLICATION,
        sides.FRONT_END_ADMINISTRATOR,
        starts.WEB_APPLICATIONS,
        command="Get-WinEvent -FilterHashtable @{LogName='Application';Id=1309} -MaxEvents 5 | Format-List",
        sources=("asp.net",),
    ),
}
_EVENTS[61045] = _EVENTS[32042]

_XMPP_WORDS: tuple[tuple[tuple[str, ...], Likely, Layer], ...] = (
    (
        ("23456",),
        Likely(
            cause="Front End and Edge do not get together on port 23456.",
            step=starts.XMPP_LISTENING,
            command="netstat -ano | findstr 23456   # on the Edge",
            who=sides.EDGE_ADMINISTRATOR,
        ),
        Layer.LISTENER,
    ),
    (
        ("srv", "dns"),
        Likely(
            cause="The partner's name, or ours, is not found in DNS.",
            step=starts.XMPP_PARTNER_DNS,
            command="Resolve-DnsName -Type SRV _xmpp-server._tcp.<domain>",
            who=sides.DNS_ADMINISTRATOR,
        ),
        Layer.NAME,
    ),
    (
        ("certificate",),
        Likely(
            cause="A certificate is not accepted between our Edge and the partner.",
            step=starts.XMPP_CERTIFICATE,
            command="openssl s_client -connect <Access Edge>:5269 -starttls xmpp-server -showcerts",
            who=sides.CERTIFICATE_ADMINISTRATOR,
        ),
        Layer.CERTIFICATE,
    ),
    (
        ("tls", "schannel"),
        Likely(
            cause="The two servers do not agree on TLS.",
            step=starts.XMPP_PARTNER_STREAM,
            command="Get-CsXmppAllowedPartner | Format-List *",
            who=sides.LYNC_ADMINISTRATOR,
        ),
        Layer.STREAM,
    ),
    (
        ("dialback",),
        Likely(
            cause="Dialback fails: the other side cannot connect back to us, or the keys differ.",
            step=starts.XMPP_NEGOTIATION,
            command="Get-CsXmppGatewayConfiguration",
            who=sides.LYNC_ADMINISTRATOR,
        ),
        Layer.STREAM,
    ),
)


def xmpp_words(message: str) -> Iterator[tuple[str, Likely]]:
    """The words of an event of XMPP that suggest a cause, each with what it suggests."""
    low = message[:4000].lower()
    for words, likely, _ in _XMPP_WORDS:
        found = next((word for word in words if re.search(rf"(?<![a-z0-9]){word}(?![0-9])", low)), "")
        if found:
            yield found, likely


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each known event; for one that is not known, a question."""
    numbers = _numbers(paste)
    unknown = ""
    for number, place in numbers.items():
        event = _EVENTS.get(number)
        if event is None or (event.sources and not paste.has(*event.sources)):
            unknown = unknown or f"Event {number} is in no document that is known here. "
            continue
        yield _sign(paste, number, event, place)
    xmpp = paste.find(_XMPP_SOURCE[0]) if numbers or paste.has("ls xmpp", "event") else None
    if xmpp is not None:
        yield from _xmpp(paste, xmpp)
    elif unknown:
        yield Sign(
            kind="an event log excerpt",
            clarity=Clarity.HINT,
            question=f"{unknown}What does its message say? Run: Get-WinEvent -LogName 'Lync Server' -MaxEvents 20 | Format-List "
            "ProviderName,Id,Message",
        )


def _numbers(paste: Paste) -> dict[int, Found]:
    found: dict[int, Found] = {}
    patterns = [_NUMBERED]
    if paste.has(*_LOG_WORDS):
        patterns += [_FIELD]
        for line in paste.lines[:2000]:
            row = _ROW.match(line.strip()[:200].lower())
            place = paste.find(row[1]) if row else None
            if row and place:
                found.setdefault(int(row[1]), place)
            if len(found) == _MOST:
                return found
    for pattern in patterns:
        for match in pattern.finditer(paste.low):
            found.setdefault(int(match[1]), Found(*match.span()))
            if len(found) == _MOST:
                return found
    return found


def _sign(paste: Paste, number: int, event: Event, place: Found) -> Sign:
    return Sign(
        kind=f"event {number}",
        clarity=Clarity.DECISIVE,
        layer=event.layer,
        likely=(
            Likely(
                cause=event.cause,
                reason=f"It says “{paste.quote(place)}”, and the event has this number.",
                step=event.step,
                command=event.command,
                who=event.who,
            ),
        ),
        not_meant=(event.not_meant,) if event.not_meant else (),
    )


def _xmpp(paste: Paste, source: Found) -> Iterator[Sign]:
    quote = f"The event of “{paste.quote(source)}” mentions"
    any_word = False
    for words, likely, layer in _XMPP_WORDS:
        found = next(filter(None, map(paste.find, words)), None)
        if found is None:
            continue
        any_word = True
        reason = (
            f"{quote} “{paste.quote(found)}”. No document numbers these events, so this is only what its words suggest."
        )
        yield Sign(
            kind="an event of the XMPP gateway",
            clarity=Clarity.STATUS,
            layer=layer,
            likely=(
                Likely(cause=likely.cause, reason=reason, step=likely.step, command=likely.command, who=likely.who),
            ),
        )
    if not any_word:
        yield Sign(
            kind="an event of the XMPP gateway",
            clarity=Clarity.HINT,
            question="What does the message of the event say? Run: Get-WinEvent -LogName 'Lync Server' -MaxEvents 50 | "
            "Where-Object ProviderName -like '*XMPP*' | Format-List Id,Message",
        )
