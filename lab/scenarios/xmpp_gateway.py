"""What can be wrong with the one configuration of the XMPP gateway."""

from lab.model import DOMAIN, EDGE, Computer, Model, Name
from lab.scenarios import Enter, scenario

_DROPS = "Presence of contacts at fabrikam.com comes and goes."


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "front-end") -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.gateway/{answer}", seat)


@_fault(
    "xmpp-gateway-limit-low",
    "A partner may have one connection at a time",
    "Messages from fabrikam.com arrive, and answers to them do not. Then it is the other way round.",
    "limit-low",
)
def xmpp_gateway_limit_low(model: Model) -> None:
    model.xmpp.gateway.partner_connection_limit = 1


@_fault(
    "xmpp-gateway-times-short",
    "A partner has five seconds to open a stream",
    "The first message to fabrikam.com fails in the morning. The second one arrives.",
    "times-short",
    "edge",
)
def xmpp_gateway_times_short(model: Model) -> None:
    model.xmpp.gateway.stream_establishment_timeout = 5


@_fault("xmpp-gateway-keep-alive-late", "Keep-alives are due after a session has ended", _DROPS, "keep-alive-late")
def xmpp_gateway_keep_alive_late(model: Model) -> None:
    model.xmpp.gateway.keep_alive_interval = 900


@_fault("xmpp-gateway-no-phrase", "Two Edge servers, and no pass phrase for dialback", _DROPS, "no-phrase")
def xmpp_gateway_no_phrase(model: Model) -> None:
    model.computers = [each for each in model.computers if each.pool != EDGE]
    for server in (f"edge0{number}.{DOMAIN}" for number in (1, 2)):
        model.computers.append(Computer(server, EDGE))
        model.names["inside"][server] = Name(hosts=["edge-internal"])
    model.xmpp.gateway.dialback_passphrase = None


@_fault(
    "xmpp-gateway-bodies-logged",
    "The text of all messages is logged",
    "An auditor asks who can read what is written to partners.",
    "bodies-logged",
)
def xmpp_gateway_bodies_logged(model: Model) -> None:
    model.xmpp.gateway.enable_logging_all_message_bodies = True
