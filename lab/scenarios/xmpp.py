"""What can be wrong with the ports that the XMPP proxy opens on the Edge."""

from lab.model import Model
from lab.scenarios import Enter, scenario

_NO_PRESENCE = "Contacts at fabrikam.com show no presence, and messages to them fail."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.listening/{answer}")


@_fault(
    "edge-only-external",
    "The Edge listens for partners, but not for the Front End",
    "Messages from fabrikam.com never arrive.",
    "only-external",
)
def edge_only_external(model: Model) -> None:
    model.edge_listeners = [listener for listener in model.edge_listeners if listener.port == 5269]


@_fault("edge-only-internal", "The Edge listens for the Front End, but not for partners", _NO_PRESENCE, "only-internal")
def edge_only_internal(model: Model) -> None:
    model.edge_listeners = [listener for listener in model.edge_listeners if listener.port == 23456]


@_fault("edge-not-listening", "The XMPP proxy runs on the Edge, and has opened no port", _NO_PRESENCE, "none")
def edge_not_listening(model: Model) -> None:
    model.edge_listeners = []


@_fault("edge-other-process", "Another program holds the ports of the XMPP proxy", _NO_PRESENCE, "other-process")
def edge_other_process(model: Model) -> None:
    for listener in model.edge_listeners:
        listener.process = "openfire-service.exe"


@_fault("edge-loopback-only", "The XMPP proxy listens on 127.0.0.1 only", _NO_PRESENCE, "loopback-only")
def edge_loopback_only(model: Model) -> None:
    for listener in model.edge_listeners:
        listener.where = "loopback"


@_fault(
    "edge-without-front-end",
    "A partner is connected to the Edge, and no Front End",
    "What fabrikam.com writes never arrives.",
    "front-end-away",
)
def edge_without_front_end(model: Model) -> None:
    model.xmpp.gateway_service = "Stopped"
    for listener in model.edge_listeners:
        listener.established = listener.port == 5269


@scenario("healthy-sessions", "xmpp", "A partner and a Front End are connected", "Nobody complains.", None)
def healthy_sessions(model: Model) -> None:
    for listener in model.edge_listeners:
        listener.established = True
