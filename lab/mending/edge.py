"""The XMPP proxy on the Edge: it listens where a site's route leads to it, and presents the certificate assigned last."""

from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import refused, require
from lab.model import EDGE, XMPP_INTERNAL_PORT, XMPP_PORT, EdgeListener, Model

PROXY = "RTCXMPPTGWPX"
_PROGRAM = EdgeListener(XMPP_PORT, "edge-external").process
_SIDES = ((XMPP_PORT, "edge-external"), (XMPP_INTERNAL_PORT, "edge-internal"))


def start(model: Model) -> str:
    """Starts the proxy where it is stopped. CmdletError where its start type forbids that."""
    match model.xmpp.edge_service:
        case "disabled":
            raise refused(
                "Start-Service",
                f"Service '{PROXY}' cannot be started due to the following error: the service is disabled.",
            )
        case "Stopped":
            model.xmpp.edge_service = "Running"
            _begin(model)
            return "The XMPP proxy runs now."
    return f"The XMPP proxy is {model.xmpp.edge_service}: it was not started."


def restart(model: Model) -> str:
    """Ends the proxy where it runs, and starts it."""
    if model.xmpp.edge_service != "Running":
        return start(model)
    _begin(model)
    return "The XMPP proxy was restarted."


def stop(model: Model) -> str:
    """Ends the proxy."""
    if model.xmpp.edge_service == "Running":
        model.xmpp.edge_service = "Stopped"
        model.edge_listeners = [each for each in model.edge_listeners if each.process != _PROGRAM]
    return f"The XMPP proxy is {model.xmpp.edge_service}."


def change_start_type(model: Model, start_type: str) -> str:
    """What Windows does with the proxy when it starts itself."""
    if start_type.lower() == "disabled":
        model.xmpp.edge_service = "disabled"
    elif model.xmpp.edge_service == "disabled":
        model.xmpp.edge_service = "Stopped"
    return f"The start type of the XMPP proxy is {start_type} now."


def end_process(model: Model, number: int) -> str:
    """Ends a program that has ports open on the Edge. CmdletError where no such process is known."""
    program = next((each.process for each in model.edge_sockets if each.pid == number), "")
    if not program:
        raise refused("Stop-Process", f"Cannot find a process with the process identifier {number}.")
    model.edge_listeners = [each for each in model.edge_listeners if each.process != program]
    return f"{program} was ended."


def _begin(model: Model) -> None:
    """What a proxy does that comes up: opens its ports, reads its certificate, answers again."""
    _listen(model)
    certificate = model.xmpp.edge_certificate
    for server in (each for each in model.xmpp.servers if each.host.startswith("edge-")):
        if server.conduct in {"hangs", "closes"}:
            server.conduct = "xmpp"
        if certificate is not None and server is model.xmpp.edge:
            server.certificate, server.starttls_answer = certificate, "proceed"


def _listen(model: Model) -> None:
    """Opens the ports that no other program has, at the addresses that the topology gives the Edge."""
    foreign = [each for each in model.edge_listeners if each.process != _PROGRAM]
    on_loopback = any(each.where == "loopback" for each in model.edge_listeners if each.process == _PROGRAM)
    led_to = f"EdgeServer:{EDGE}" in model.xmpp.routes.values()
    taken = {each.port for each in foreign}
    own = [
        EdgeListener(port, "loopback" if on_loopback else side) for port, side in _SIDES if led_to and port not in taken
    ]
    model.edge_listeners = [*foreign, *own]
    for port, side in _SIDES:
        if model.listening.get(side, {}).get(port) == "closed":
            del model.listening[side][port]


def _set_site(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsSite: a proxy that runs begins to listen when the first route leads to it."""
    require("Set-CsSite", arguments, "Identity", "XmppFederationRoute")
    known = {site.lower(): site for site in model.xmpp.routes}
    site = known.get(str(arguments["identity"]).removeprefix("Site:").lower())
    if site is None:
        raise refused("Set-CsSite", f'Cannot find the item "{arguments["identity"]}" in the store.')
    route = arguments["xmppfederationroute"]
    homes = {*model.pools, *model.directors}
    edges = {computer.pool for computer in model.computers if computer.pool not in homes} | {*model.xmpp.more_edges}
    if route is not None and str(route).removeprefix("EdgeServer:") not in edges:
        raise refused("Set-CsSite", f'Cannot find the service "{route}" in the topology.')
    model.xmpp.routes[site] = route
    if model.xmpp.edge_service == "Running" and not model.edge_listeners:
        _listen(model)
    return [f"The XMPP federation route of {site} is {route or 'no Edge'} now."]


def _stop_process(model: Model, arguments: Arguments) -> list[Any]:
    require("Stop-Process", arguments, "Id")
    return [end_process(model, int(arguments["id"]))]


CMDLETS = (
    Cmdlet("Set-CsSite", ("Identity", "XmppFederationRoute"), _set_site),
    Cmdlet("Stop-Process", ("Id", "Force"), _stop_process),
)
