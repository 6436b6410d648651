"""The plain TCP ports of the servers beside their web sites: SIP, and the inner ports of Mcx and UCWA."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lab.model import Model

PortState = Literal["open", "closed", "drop"]
"""Whether a port takes connections, refuses them, or is never heard of again."""

SIP, MCX_INTERNAL, MCX_EXTERNAL, UCWA_EXTERNAL, UCWA_INTERNAL = 5061, 5086, 5087, 5088, 5089
STANDARD = (443, 80, 4443, 8080, SIP, MCX_INTERNAL, MCX_EXTERNAL, UCWA_EXTERNAL, UCWA_INTERNAL)
"""The ports of the product that the lab has; each stands for a port that was free."""


def ports_of(model: "Model", host: str) -> dict[int, PortState]:
    """The ports of a host that listen, or drop what comes. All others are closed."""
    ports = _by_product(model, host) | model.listening.get(host, {})
    return {port: state for port, state in ports.items() if state != "closed"}


def _by_product(model: "Model", host: str) -> dict[int, PortState]:
    if host == "edge-external":
        return {443: "open", SIP: "open"}
    if host == "edge-internal":
        return {SIP: "open"}
    server = next((each for each in model.web_servers if each.host == host), None)
    if server is None:
        return {}
    computer = model.computer(server.fqdn)
    ports: dict[int, PortState] = {}
    if "RTCSRV" not in computer.standing_still:
        ports[SIP] = "open"
    if "W3SVC" in computer.standing_still or computer.pool in model.directors:
        return ports
    if model.product.has_mcx:
        ports |= {MCX_INTERNAL: "open", MCX_EXTERNAL: "open"}
    if model.product.has_ucwa:
        ports |= {UCWA_EXTERNAL: "open", UCWA_INTERNAL: "open"}
    return ports
