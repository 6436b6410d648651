"""What mends a server that does not open streams: at our Edge an action, at a partner's a message."""

from checks.model import Remedy
from checks.xmpp.listening_remedies import SERVICE
from checks.xmpp.partner_lines import ask_partner
from checks.xmpp.stream_problems import Problem
from checks.xmpp.streams import Side

_RERUN = "check again (r)"
_EDGE_ADMINISTRATOR = "local Administrator on the Edge"
_NETWORK_ADMINISTRATOR = "firewall administrator"
_LYNC_ADMINISTRATOR = "member of RTCUniversalServerAdmins"
_DROPS = "XMPP sessions drop and come back"


def for_problem(side: Side, domain: str, speaker: str, server: str, problem: Problem) -> tuple[Remedy, ...]:
    """What mends it. `server` is where it was seen, with its address."""
    if side == "ours":
        return _OF_EDGE[problem.answer](domain, speaker, problem) if problem.answer in _OF_EDGE else ()
    return (ask_partner(domain, _letter(domain, speaker, server, problem)),)


def _restart() -> Remedy:
    return Remedy(
        cmdlet="Restart-Service",
        parameters={"DisplayName": SERVICE},
        who=_EDGE_ADMINISTRATOR,
        risk=_DROPS,
        verify=f"{_RERUN}; if it stays, read the Lync Server event log of the Edge",
    )


def _restart_proxy(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    look = Remedy(
        action="See that no firewall, load balancer or application filter between the Internet and the Edge takes the connection "
        "on 5269 itself, or limits who may come.",
        who=_NETWORK_ADMINISTRATOR,
        risk="none: a look",
        verify=_RERUN,
    )
    return _restart(), look


def _lead_to_edge(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    lead = Remedy(
        action=f"Find what answers at that address on 5269, and let it lead to the Access Edge's external address: in the rule of "
        f"the firewall, or in the record _xmpp-server._tcp.{domain}.",
        who=f"{_NETWORK_ADMINISTRATOR}, or DNS administrator",
        risk="partners reach another machine from then on",
        verify=_RERUN,
    )
    return (lead,)


def _serve_domain(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    served = Remedy(
        action=f"See that {domain} is a SIP domain of this deployment (Get-CsSipDomain) and that {speaker} is an allowed partner "
        "(Get-CsXmppAllowedPartner), and that both have reached the Edge (Get-CsManagementStoreReplicationStatus). If both are "
        f"right, _xmpp-server._tcp.{domain} leads to another server.",
        who=_LYNC_ADMINISTRATOR,
        risk="none: a look",
        verify=_RERUN,
    )
    return (served,)


def _read_the_log(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    settings = Remedy(
        action=f"On the Edge read the Lync Server event log of this minute; then compare what Get-CsXmppAllowedPartner says of "
        f"{speaker} with what that partner's server does.",
        who=f"{_EDGE_ADMINISTRATOR}, and {_LYNC_ADMINISTRATOR}",
        risk="none: a look",
        verify=_RERUN,
    )
    return (settings,)


def _assign_certificate(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    assign = Remedy(
        cmdlet="Set-CsCertificate",
        parameters={
            "Type": "AccessEdgeExternal",
            "Thumbprint": "<thumbprint of a certificate that has its private key>",
        },
        who=f"{_LYNC_ADMINISTRATOR}, on the Edge",
        risk="the other Edge services go on with the old one until they are restarted",
        verify="Get-CsCertificate on the Edge; it is presented after the restart",
    )
    schannel = Remedy(
        action="If it has its private key: see that TLS 1.2 and its ciphers are enabled on the Edge (Schannel registry keys).",
        who=_EDGE_ADMINISTRATOR,
        risk="needs a restart",
        verify=_RERUN,
    )
    return assign, _restart(), schannel


def _enable_tls(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    enable = Remedy(
        action="Enable TLS 1.2 on the Edge (Windows updates, Schannel registry keys), and restart it.",
        who=_EDGE_ADMINISTRATOR,
        risk="needs a restart; keep TLS 1.0 until no old partner is left",
        verify=_RERUN,
    )
    return (enable,)


def _wait(domain: str, speaker: str, problem: Problem) -> tuple[Remedy, ...]:
    wait = Remedy(
        action="Wait some minutes and check again. If it stays, compare the limits of Get-CsXmppGatewayConfiguration with the "
        "sessions that netstat shows on 5269.",
        who=_LYNC_ADMINISTRATOR,
        risk="none",
        verify=_RERUN,
    )
    return (wait,)


_OF_EDGE = {
    "silent": _restart_proxy,
    "closed": _restart_proxy,
    "not-xmpp": _lead_to_edge,
    "tls-at-once": _lead_to_edge,
    "host-unknown": _serve_domain,
    "stream-error": _read_the_log,
    "tls-refused": _assign_certificate,
    "handshake-fails": _assign_certificate,
    "only-old": _enable_tls,
    "no-id": _lead_to_edge,
    "busy": _wait,
}


_ASKED = {
    "silent": "Please see whether the XMPP service is well, and whether a firewall takes the connection in its place.",
    "closed": "Please see whether a firewall or a list of allowed addresses ends it, and what your server's log says.",
    "not-xmpp": "Please let the record _xmpp-server._tcp.{domain} lead to your XMPP server's port for servers.",
    "tls-at-once": "Please offer STARTTLS on the port of _xmpp-server._tcp.{domain}; TLS from the first byte belongs to "
    "_xmpps-server._tcp.",
    "host-unknown": "Please serve {domain} there, or let _xmpp-server._tcp.{domain} lead to the server that does.",
    "stream-error": "Please look in your server's log why, and whether {speaker} is allowed.",
    "tls-refused": "Please see that your server has a certificate with its private key, and restart it.",
    "handshake-fails": "Please see that your server has a certificate with its private key, and TLS 1.2 with common ciphers.",
    "only-old": "Please enable TLS 1.2.",
    "no-id": "Please see what changes the stream on its way: RFC 6120 wants an id.",
    "busy": "Please see whether it is overloaded, or how many streams it allows from {speaker}.",
}


def _letter(domain: str, speaker: str, server: str, problem: Problem) -> list[str]:
    """Lines that the partner can act on, in whole sentences."""
    who = speaker if not speaker.endswith(".invalid") else "our domain"
    lines = [f"We opened a stream for {domain} to {server}, and {problem.sentence.rstrip('.')}."]
    return [*lines, _ASKED[problem.answer].format(domain=domain, speaker=who)] if problem.answer in _ASKED else lines
