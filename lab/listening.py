"""The TCP ports of the servers beside their web sites: SIP, XMPP, replication, and the inner ports of Mcx and UCWA."""

from typing import TYPE_CHECKING, Literal

from lab.names import EDGE

if TYPE_CHECKING:
    from lab.model import Model

PortState = Literal["open", "closed", "drop"]
"""Whether a port takes connections, refuses them, or is never heard of again."""

SIP, MCX_INTERNAL, MCX_EXTERNAL, UCWA_EXTERNAL, UCWA_INTERNAL = 5061, 5086, 5087, 5088, 5089
REPLICATION = 4443
"""At the Edge's internal side. At a Front End that number is its external web site."""
XMPP_PORT, XMPP_INTERNAL_PORT = 5269, 23456
STANDARD = (
    *(443, 80, 4443, 8080, SIP, MCX_INTERNAL, MCX_EXTERNAL, UCWA_EXTERNAL, UCWA_INTERNAL),
    *(XMPP_PORT, XMPP_INTERNAL_PORT),
)
"""The ports of the product that the lab has; each stands for a port that was free."""


def ports_of(model: "Model", host: str) -> dict[int, PortState]:
    """The ports of a host that listen, or drop what comes. All others are closed.

    At 5269 of a host of `Model.xmpp` an XMPP server answers, everything else takes connections and says nothing.
    """
    ports = _by_product(model, host) | model.listening.get(host, {})
    return {port: state for port, state in ports.items() if state != "closed"}


def web_listening(model: "Model") -> str:
    """All that decides where web requests are taken and with which certificate: alike for models that do not differ."""
    listeners = (*model.web_servers, *model.load_balancers, *model.reverse_proxies)
    shown = [(each.key, each.https, each.http, each.certificate) for each in listeners]
    return repr((shown, [each.fqdn for each in model.computers if "W3SVC" in each.standing_still]))


def ports_listening(model: "Model") -> str:
    """The same for all other ports."""
    ports = {host: ports_of(model, host) for host in model.addresses}
    return repr((ports, model.xmpp.servers, model.edge_listeners))


def _by_product(model: "Model", host: str) -> dict[int, PortState]:
    if host == "edge-external":
        ports: dict[int, PortState] = {443: "open", **_of_access_edge(model)}
        return ports | _of_gateway(model, host, XMPP_PORT, model.xmpp.edge.port)
    if host == "edge-internal":
        ports = {REPLICATION: "open", **_of_access_edge(model)}
        return ports | _of_gateway(model, host, XMPP_INTERNAL_PORT, "open")
    if partner := next((each for each in model.xmpp.servers if each.host == host), None):
        return {XMPP_PORT: partner.port}
    server = next((each for each in model.web_servers if each.host == host), None)
    if server is None:
        return {}
    computer = model.computer(server.fqdn)
    ports = {}
    if "RTCSRV" not in computer.standing_still:
        ports[SIP] = "open"
    if "W3SVC" in computer.standing_still or computer.pool in model.directors:
        return ports
    if model.product.has_mcx:
        ports |= {MCX_INTERNAL: "open", MCX_EXTERNAL: "open"}
    if model.product.has_ucwa:
        ports |= {UCWA_EXTERNAL: "open", UCWA_INTERNAL: "open"}
    return ports


def _of_access_edge(model: "Model") -> dict[int, PortState]:
    """Its port on either side, where its service runs. It has the name of the Front End's."""
    stopped = any("RTCSRV" in computer.standing_still for computer in model.computers_of(EDGE))
    return {} if stopped else {SIP: "open"}


def _of_gateway(model: "Model", host: str, port: int, state: PortState) -> dict[int, PortState]:
    """A port of the XMPP proxy, which is there only while the Edge's own process listens at it on that side."""
    listens = any((each.port, each.where) == (port, host) for each in model.edge_listeners)
    return {port: state} if listens and model.product.has_xmpp else {}
