"""What `openssl s_client` showed of a server: the rules that its certificate breaks, or how the handshake ended."""

import re
from collections.abc import Iterator

from checks.knowledge.certificate_rules import BrokenRule, broken_rules
from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.pasted import openssl_output
from checks.probes import NoTls, Presented

_KIND = "openssl s_client output"
_STEPS = {
    "no-such-name": starts.DNS,
    "timeout": starts.PORTS,
    "no-route": starts.PORTS,
    "refused": starts.PORTS,
}
"""The step that looks at a connection without TLS; where it was connected, that of the certificates."""
_XMPP_STEPS = {
    "no-such-name": starts.XMPP_DNS,
    "timeout": starts.XMPP_PORTS,
    "no-route": starts.XMPP_PORTS,
    "refused": starts.XMPP_LISTENING,
}
"""The same on 5269; where it was connected, that of the stream, which the handshake is a part of."""
_CONNECT = re.compile(r"-connect ['\"]?\[?([a-z0-9.:-]{1,253}?)\]?:(\d{2,5})\b")
_SERVER_NAME = re.compile(r"-servername ['\"]?([a-z0-9.-]{1,253})")
_XMPP_HOST = re.compile(r"-xmpphost ['\"]?([a-z0-9.-]{1,253})")


def signs(paste: Paste) -> Iterator[Sign]:
    """The signs of one handshake; nothing where the text shows none."""
    if not paste.has(
        "connected(", "certificate chain", "verify return code", "connect:errno", "bio_connect", "s_client"
    ):
        return
    shown = openssl_output.recognise(paste.text, paste.now)
    connect = _CONNECT.search(paste.low)
    xmpp = paste.has("xmpp") or (connect is not None and connect[2] == "5269")
    host = _host(paste, xmpp) or (connect[1] if connect else "")
    match shown:
        case Presented():
            yield from _presented(shown, host, xmpp)
        case NoTls():
            yield _no_tls(shown, host, xmpp)


def _host(paste: Paste, xmpp: bool) -> str:
    """The name that a client would look for in the certificate: for XMPP the domain, not the server."""
    named = (_XMPP_HOST if xmpp else _SERVER_NAME).search(paste.low)
    return named[1] if named else ""


def _presented(shown: Presented, host: str, xmpp: bool) -> Iterator[Sign]:
    broken = [one for one in broken_rules(shown, host or "the server") if host or one.rule != "wrong-name"]
    if not broken:
        word = "verifies" if shown.verified else "is within its dates"
        yield Sign(
            kind=_KIND,
            clarity=Clarity.HINT,
            topic="certificate-shown",
            explains=frozenset({"tls"}) if shown.verified else frozenset(),
            in_order=(f"The certificate of {host or 'the server'} {word}, over {shown.protocol}.",),
            question="Phones may trust fewer CAs than this machine. What does the phone say, word for word?",
        )
        return
    first, *others = broken
    yield Sign(
        kind=_KIND,
        clarity=Clarity.DECISIVE,
        layer=Layer.CERTIFICATE,
        topic="certificate-shown",
        explains=frozenset({"tls", "connection", "certificate-message", "certificate-log"}),
        likely=(_likely(first, host, xmpp), *(_likely(one, host, xmpp) for one in others)),
        not_meant=("It does not mean a wrong password: no sign-in was reached.",),
    )


def _likely(broken: BrokenRule, host: str, xmpp: bool) -> Likely:
    whom = "XMPP partners" if xmpp else "Phones"
    return Likely(
        cause=f"{whom} may refuse the certificate of {host or 'the server'}: {broken.sentence}."
        if broken.rule in {"untrusted", "incomplete-chain", "weak"}
        else f"{whom} refuse the certificate of {host or 'the server'}: {broken.sentence}.",
        reason="The certificate that was shown says so itself."
        if broken.rule in {"expired", "not-yet-valid", "wrong-name"}
        else "This machine's verifier refused it.",
        step=starts.XMPP_CERTIFICATE if xmpp else starts.CERTIFICATES,
        who=sides.CERTIFICATE_ADMINISTRATOR if broken.rule != "old-protocol" else sides.PROXY_ADMINISTRATOR,
    )


def _no_tls(shown: NoTls, host: str, xmpp: bool) -> Sign:
    where = host or shown.address or "the server"
    cause = {
        "no-such-name": f"{where} has no address in DNS.",
        "timeout": f"Nothing answers at {where}: a firewall on the way, or a wrong address.",
        "no-route": f"There is no route to {where}.",
        "refused": f"{where} is there, and nothing listens on that port.",
        "reset": f"{where} breaks the handshake off: usually no TLS version in common.",
        "not-tls": f"What listens at {where} does not speak TLS on that port.",
        "alert": f"{where} refuses the handshake: no TLS version or cipher in common, or it wants another name.",
        "silence": f"{where} accepts the connection and never answers.",
    }[shown.kind]
    return Sign(
        kind=_KIND,
        layer=Layer.CERTIFICATE if shown.kind in {"reset", "not-tls", "alert", "silence"} else Layer.REACH,
        topic="no-tls",
        explains=frozenset({"connection", "tls", "name"}),
        likely=(
            Likely(
                cause=cause,
                reason=f"openssl says “{shown.detail}”.",
                step=_XMPP_STEPS.get(shown.kind, starts.XMPP_STREAM)
                if xmpp
                else _STEPS.get(shown.kind, starts.CERTIFICATES),
                who=f"{sides.NETWORK_ADMINISTRATOR}, or {sides.EDGE_ADMINISTRATOR if xmpp else sides.PROXY_ADMINISTRATOR}",
            ),
        ),
        not_meant=()
        if shown.old_protocols_tried or shown.kind not in {"reset", "alert"}
        else ("It does not mean that the server speaks no TLS at all: old versions were not tried.",),
    )
