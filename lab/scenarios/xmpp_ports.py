"""Which ports of XMPP a firewall or a stopped service may close: the Edge's, outside and inside, and the partner's."""

from lab.model import ACCESS_EDGE, EDGE, PARTNER_SERVER, XMPP_INTERNAL_PORT, Model
from lab.scenarios import Enter, scenario

_NOTHING_ARRIVES = "Nothing that people at fabrikam.com write arrives."
_NOTHING_GOES = "Nothing that is written to people at fabrikam.com arrives there."
_SOMETIMES = "Messages to and from fabrikam.com arrive late, and sometimes not at all."
_REPLICATION = 4443


def _fault(name: str, title: str, symptom: str, answer: str, seat: str) -> Enter:
    return scenario(f"xmpp-port-{name}", "xmpp", title, symptom, f"xmpp.ports/{answer}", seat)


def _of_partner(name: str, title: str, answer: str, symptom: str = _NOTHING_GOES) -> Enter:
    return scenario(f"xmpp-partner-port-{name}", "xmpp", title, symptom, f"xmpp.partner-ports/{answer}")


@_fault("refused", "The address in DNS refuses partners", _NOTHING_ARRIVES, "refused", "outside")
def refused(model: Model) -> None:
    model.xmpp.edge.port = "closed"


@_fault("unreachable", "A firewall drops what partners send to the Edge", _NOTHING_ARRIVES, "unreachable", "outside")
def unreachable(model: Model) -> None:
    model.xmpp.edge.port = "drop"


@_fault("some-closed", "One of two addresses of the Edge is nobody's any more", _SOMETIMES, "some-closed", "outside")
def some_closed(model: Model) -> None:
    model.names["outside"][ACCESS_EDGE].hosts.append("edge-external-2")


@_fault(
    "gateway-refused",
    "The inside of the Edge refuses the Front End on the port of XMPP",
    "No message to or from fabrikam.com arrives, and the Edge looks well.",
    "gateway-refused",
    "front-end",
)
def gateway_refused(model: Model) -> None:
    model.listening["edge-internal"] = {XMPP_INTERNAL_PORT: "closed"}


@_fault(
    "gateway-unreachable",
    "A firewall between the Front End and the Edge drops the port of XMPP",
    "No message to or from fabrikam.com arrives, and the Edge looks well.",
    "gateway-unreachable",
    "front-end",
)
def gateway_unreachable(model: Model) -> None:
    model.listening["edge-internal"] = {XMPP_INTERNAL_PORT: "drop"}


@_fault(
    "sip-closed",
    "The inside of the Edge takes no SIP",
    "Partners on Lync, and users outside, are not reached either.",
    "sip-closed",
    "front-end",
)
def sip_closed(model: Model) -> None:
    model.computer(EDGE).standing_still["RTCSRV"] = "Stopped"


@scenario(
    "healthy-replication-elsewhere",
    "xmpp",
    "Another Front End replicates, and only that one may",
    "Nobody complains.",
    None,
    "front-end",
)
def healthy_replication_elsewhere(model: Model) -> None:
    model.listening["edge-internal"] = {_REPLICATION: "drop"}


@_of_partner("refused", "The partner's server refuses connections", "refused")
def partner_refused(model: Model) -> None:
    model.xmpp.partner.port = "closed"


@_of_partner("unreachable", "A firewall does not let the Edge out to the partner", "unreachable")
def partner_unreachable(model: Model) -> None:
    model.xmpp.partner.port = "drop"


@_of_partner("some-closed", "One of the partner's two addresses is nobody's any more", "some-closed", _SOMETIMES)
def partner_some_closed(model: Model) -> None:
    model.names["outside"][PARTNER_SERVER].hosts.append("partner-2")
