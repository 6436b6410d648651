"""XMPP stream errors, by the names that RFC 6120 gives them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Found, Paste
from checks.knowledge.diagnosis.wording import in_command, in_prose
from checks.knowledge.xmpp.stream_errors import meaning

_PARTNERS = "Get-CsXmppAllowedPartner | Format-List *"
_OUR_RECORD = "Resolve-DnsName -Type SRV _xmpp-server._tcp.«domain»"
_THEIR_RECORD = "Resolve-DnsName -Type SRV _xmpp-server._tcp.<partner domain>"


class Condition(NamedTuple):
    """What a diagnosis adds to the meaning of a stream error: where it belongs, and what to look at."""

    reason: str
    layer: Layer
    who: str
    step: str = ""
    command: str = ""
    not_meant: str = ""


_TALKED = "It does not mean a firewall: the two servers talked with each other."
CONDITIONS: dict[str, Condition] = {
    "host-unknown": Condition(
        "Without an SRV record, the domain's own address is tried.",
        Layer.NAME,
        f"{sides.DNS_ADMINISTRATOR}, then {sides.PARTNER}",
        starts.XMPP_PARTNER_STREAM,
        command=_THEIR_RECORD,
        not_meant=_TALKED,
    ),
    "host-gone": Condition(
        "The partner probably moved to another server.",
        Layer.NAME,
        sides.PARTNER,
        starts.XMPP_PARTNER_STREAM,
        command=_THEIR_RECORD,
        not_meant=_TALKED,
    ),
    "improper-addressing": Condition(
        "Both names are needed.",
        Layer.STREAM,
        sides.YOU,
        starts.XMPP_PARTNER_STREAM,
        not_meant=_TALKED,
    ),
    "remote-connection-failed": Condition(
        "Dialback needs a second connection, inward.",
        Layer.LISTENER,
        f"{sides.EDGE_ADMINISTRATOR}, then {sides.DNS_ADMINISTRATOR}",
        starts.XMPP_DNS,
        _OUR_RECORD,
        "It does not mean that our outbound 5269 is closed: the message came over it.",
    ),
    "not-authorized": Condition(
        "The stream was there, and authentication failed.",
        Layer.CERTIFICATE,
        f"{sides.CERTIFICATE_ADMINISTRATOR}, and {sides.PARTNER}",
        starts.XMPP_CERTIFICATE,
        command=_PARTNERS,
        not_meant="It does not mean a user's password: servers sign in here, not users.",
    ),
    "policy-violation": Condition(
        "The text beside it may say which.",
        Layer.PARTNER,
        f"{sides.PARTNER}, and {sides.LYNC_ADMINISTRATOR}",
        starts.XMPP_PARTNER_STREAM,
        command=_PARTNERS,
        not_meant="It does not mean a Lync policy: the rule is that of the server that wrote it.",
    ),
    "unsupported-version": Condition(
        "Dialback may be off on one side.",
        Layer.PARTNER,
        f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
        starts.XMPP_NEGOTIATION,
        command=_PARTNERS,
        not_meant=_TALKED,
    ),
    "unsupported-feature": Condition(
        "The settings of both sides must overlap.",
        Layer.PARTNER,
        f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
        starts.XMPP_NEGOTIATION,
        command=_PARTNERS,
        not_meant=_TALKED,
    ),
    "invalid-namespace": Condition(
        "Servers speak jabber:server on 5269.",
        Layer.STREAM,
        sides.YOU,
        starts.XMPP_PARTNER_STREAM,
        not_meant=_TALKED,
    ),
    "invalid-from": Condition(
        "Each SIP domain needs a proof of its own.",
        Layer.CERTIFICATE,
        f"{sides.CERTIFICATE_ADMINISTRATOR}, and {sides.LYNC_ADMINISTRATOR}",
        starts.XMPP_CERTIFICATE,
        command=_PARTNERS,
        not_meant=_TALKED,
    ),
    "connection-timeout": Condition(
        "Idle streams may be ended; keep-alives differ between servers.",
        Layer.STREAM,
        sides.LYNC_ADMINISTRATOR,
        starts.XMPP_PARTNER,
        command="Get-CsXmppAllowedPartner | Select-Object Identity,EnableKeepAlive",
        not_meant="It does not mean a closed port: the stream was open.",
    ),
    "see-other-host": Condition(
        "Whether Lync follows is not documented.",
        Layer.NAME,
        sides.PARTNER,
        starts.XMPP_PARTNER_STREAM,
        command=_THEIR_RECORD,
    ),
    "resource-constraint": Condition(
        "Our own limits are 1000 in all and 20 for a partner.",
        Layer.STREAM,
        f"{sides.PARTNER}, or {sides.LYNC_ADMINISTRATOR}",
        starts.XMPP_GATEWAY,
        "Get-CsXmppGatewayConfiguration",
        not_meant=_TALKED,
    ),
    "system-shutdown": Condition(
        "It should come back by itself.",
        Layer.STREAM,
        sides.PARTNER,
        starts.XMPP_PARTNER_STREAM,
    ),
    "internal-server-error": Condition(
        "Its log has the reason.",
        Layer.STREAM,
        sides.PARTNER,
        starts.XMPP_PARTNER_STREAM,
        not_meant="It does not mean our configuration.",
    ),
    "undefined-condition": Condition(
        "The condition itself says nothing.",
        Layer.STREAM,
        sides.PARTNER,
        starts.XMPP_PARTNER_STREAM,
    ),
    "not-well-formed": Condition(
        "Servers exchange XML only.",
        Layer.STREAM,
        sides.NETWORK_ADMINISTRATOR,
        starts.XMPP_PARTNER_STREAM,
    ),
}
"""The conditions that are looked for in any text; the meaning of each stands in checks.knowledge.xmpp.stream_errors."""
_UNSURE = {"undefined-condition", "internal-server-error", "system-shutdown", "see-other-host"}
_NAME = re.compile(rf"(?<![\w-])({'|'.join(CONDITIONS)})(?![\w-])")
_SASL_FAILURE = re.compile(r"<failure[^<>]{0,120}xmpp-sasl[^<>]{0,40}>\s?<([a-z-]{3,40})")


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each condition, and for a refused SASL."""
    refused = _SASL_FAILURE.search(paste.low)
    if refused is not None:
        yield _sasl(paste, Found(*refused.span()))
    seen = set[str]()
    for match in _NAME.finditer(paste.low):
        name = match[1]
        if name in seen or (refused is not None and refused.start() <= match.start() < refused.end() + 1):
            continue
        seen.add(name)
        yield _sign(paste, name, Found(*match.span()))
        if len(seen) == len(CONDITIONS):
            return


def _sign(paste: Paste, name: str, place: Found) -> Sign:
    condition = CONDITIONS[name]
    return Sign(
        kind=f"XMPP stream error {name}",
        clarity=Clarity.STATUS if name in _UNSURE else Clarity.NAMED,
        layer=condition.layer,
        topic="stream-error",
        likely=(
            Likely(
                cause=meaning(name).sentence,
                reason=f"It says “{paste.quote(place)}”. {condition.reason}",
                step=condition.step,
                command=in_command(paste, condition.command),
                who=condition.who,
            ),
        ),
        not_meant=(in_prose(paste, condition.not_meant),) if condition.not_meant else (),
    )


def _sasl(paste: Paste, place: Found) -> Sign:
    return Sign(
        kind="XMPP SASL failure",
        layer=Layer.CERTIFICATE,
        explains=frozenset({"stream-error"}),
        likely=(
            Likely(
                cause="The other server refused SASL EXTERNAL: it does not accept the Edge certificate as proof of our "
                "domain.",
                reason=f"It says “{paste.quote(place)}”. Dialback may still work where both sides allow it.",
                step=starts.XMPP_CERTIFICATE,
                command=_PARTNERS,
                who=sides.CERTIFICATE_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a user's password: servers sign in here, not users.",),
    )
