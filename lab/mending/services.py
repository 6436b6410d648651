"""Services of Windows: Start-, Stop- and Restart-(Cs)WindowsService, Set-Service, and the replication of the store."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.services import services_of
from lab.computers import Computer
from lab.listening import SIP
from lab.mending import applications, edge
from lab.mending.values import one_of, refused, require
from lab.model import EDGE, Model

_GATEWAY, _REGISTRAR, _WEB, _FIREWALL = "RTCXMPPTGW", "RTCSRV", "W3SVC", "MpsSvc"
"""The registrar of a Front End, and the Access Edge of an Edge, are services of one name."""
_PROXY_TITLE = "Lync Server XMPP Translating Gateway Proxy"


def _servers(model: Model) -> list[Computer]:
    """The computers of the pools that users or Directors are on."""
    return [each for each in model.computers if each.pool in (*model.pools, *model.directors)]


def _meant(cmdlet: str, model: Model, arguments: Arguments) -> Sequence[Computer]:
    """The one that -ComputerName tells, or all. CmdletError where it cannot be reached."""
    if "computername" not in arguments:
        return _servers(model)
    name = str(arguments["computername"])
    for computer in _servers(model):
        if computer.fqdn.lower() == name.lower() and computer.answers:
            return [computer]
    raise refused(cmdlet, f"Cannot open Service Control Manager on computer '{name}'.")


def _start_lync(model: Model, arguments: Arguments) -> list[Any]:
    """Start-CsWindowsService: one service, or without -Name all."""
    cmdlet = "Start-CsWindowsService"
    if _is_of_edge(arguments):
        said = [edge.start(model), *(_start(model, each, "") for each in model.computers_of(EDGE))]
    else:
        computers, name = _meant(cmdlet, model, arguments), _service(cmdlet, model, arguments)
        also = () if "computername" in arguments else model.computers_of(EDGE)
        said = [_start(model, computer, name) for computer in (*computers, *also)]
    return [each for each in said if each] or ["What was to be started runs already."]


def _stop_lync(model: Model, arguments: Arguments) -> list[Any]:
    """Stop-CsWindowsService: one service, or without -Name all."""
    cmdlet = "Stop-CsWindowsService"
    if _is_of_edge(arguments):
        edge.stop(model)
        for computer in model.computers_of(EDGE):
            computer.standing_still[_REGISTRAR] = "Stopped"
        return ["The services of the Edge are stopped."]
    computers, name = _meant(cmdlet, model, arguments), _service(cmdlet, model, arguments)
    for computer in computers:
        for each in services_of(model, computer):
            if name in {"", each}:
                computer.standing_still.setdefault(each, "Stopped")
    return [f"{name or 'Every service'} is stopped."]


def _is_of_edge(arguments: Arguments) -> bool:
    """True where neither a service nor a computer is named: that is prescribed for the Edge alone."""
    return "name" not in arguments and "computername" not in arguments


def _service(cmdlet: str, model: Model, arguments: Arguments) -> str:
    """The short name as it is written; empty: all services. CmdletError where no server has it."""
    if "name" not in arguments:
        return ""
    known = {each.lower(): each for computer in _servers(model) for each in services_of(model, computer)}
    wanted = str(arguments["name"])
    if wanted.lower() not in known:
        raise refused(cmdlet, f"Cannot find any service with service name '{wanted}'.")
    return known[wanted.lower()]


def _start(model: Model, computer: Computer, name: str) -> str:
    """Starts what is stopped, and tells of it. What is starting already is left to itself."""
    started = [each for each, state in computer.standing_still.items() if state == "Stopped" and name in {"", each}]
    for each in started:
        del computer.standing_still[each]
    if name in {"", _GATEWAY} and computer.pool != EDGE and model.xmpp.gateway_service == "Stopped":
        model.xmpp.gateway_service = "Running"
        _reach_edge(model)
        started.append(_GATEWAY)
    return f"Running on {computer.fqdn} now: {', '.join(started)}." if started else ""


def _reach_edge(model: Model) -> None:
    """A gateway that comes up connects to the Edge as soon as a partner has a stream there."""
    in_use = any(listener.established for listener in model.edge_listeners)
    for listener in model.edge_listeners:
        listener.established = listener.established or (in_use and listener.where == "edge-internal")


def _start_service(model: Model, arguments: Arguments) -> list[Any]:
    """Start-Service of Windows, on the servers that have it."""
    if _is_proxy(arguments):
        return [edge.start(model)]
    name = _windows_service("Start-Service", model, arguments)
    if name == _FIREWALL:
        return ["Windows Firewall runs. What starts from now on opens its ports."]
    said = [_start(model, computer, name) for computer in _servers(model)]
    return [each for each in said if each] or [f"{name} runs already."]


def _restart_service(model: Model, arguments: Arguments) -> list[Any]:
    """Restart-Service: what runs ends and comes up again, with its ports and all that had got stuck."""
    if _is_proxy(arguments):
        return [edge.restart(model)]
    name = _windows_service("Restart-Service", model, arguments)
    for computer in _servers(model):
        if computer.standing_still.get(name) == "Stopped":
            del computer.standing_still[name]
        if name == _WEB:
            applications.restart_all(model, computer)
        if name == _REGISTRAR:
            for host in applications.hosts_of(model, computer):
                model.listening.get(host, {}).pop(SIP, None)
    return [f"{name} was restarted."]


def _set_service(model: Model, arguments: Arguments) -> list[Any]:
    """Set-Service: the start type of the XMPP proxy. All others start by themselves."""
    require("Set-Service", arguments, "Name", "StartupType")
    start_type = one_of("Set-Service", "StartupType", arguments["startuptype"], ("Automatic", "Manual", "Disabled"))
    if not _is_proxy(arguments):
        return [f"{_windows_service('Set-Service', model, arguments)} has that start type."]
    return [edge.change_start_type(model, start_type)]


def _is_proxy(arguments: Arguments) -> bool:
    pattern = str(arguments.get("displayname", ""))
    named = str(arguments.get("name", "")).lower() == edge.PROXY.lower()
    return named or (bool(pattern) and fnmatchcase(_PROXY_TITLE.lower(), pattern.lower()))


def _windows_service(cmdlet: str, model: Model, arguments: Arguments) -> str:
    if str(arguments.get("name", "")).lower() == _FIREWALL.lower():
        return _FIREWALL
    if "name" in arguments:
        return _service(cmdlet, model, arguments)
    raise refused(cmdlet, f"Cannot find any service with display name '{arguments.get('displayname', '')}'.")


def _reset_registrar(model: Model, arguments: Arguments) -> list[Any]:
    """Reset-CsPoolRegistrarState: Front Ends that wait for each other begin anew, and come up."""
    cmdlet = "Reset-CsPoolRegistrarState"
    require(cmdlet, arguments, "PoolFqdn", "ResetType")
    one_of(cmdlet, "ResetType", arguments["resettype"], ("FullReset", "QuorumLossRecovery", "ServiceReset"))
    computers = model.computers_of(str(arguments["poolfqdn"]))
    if not computers:
        raise refused(cmdlet, f'Cannot find the pool "{arguments["poolfqdn"]}" in the topology.')
    for computer in computers:
        if computer.standing_still.get(_REGISTRAR) == "StartPending":
            del computer.standing_still[_REGISTRAR]
    return [f"The registrar state of {arguments['poolfqdn']} was reset."]


def _replicate(model: Model, arguments: Arguments) -> list[Any]:
    """Invoke-CsManagementStoreReplication: arrives where a replicator runs that was ever reached."""
    cmdlet = "Invoke-CsManagementStoreReplication"
    wanted = str(arguments.get("replicafqdn", "")).lower()
    computers = [each for each in model.computers if wanted in {"", each.fqdn.lower()}]
    if not computers:
        raise refused(cmdlet, f'Cannot find the computer "{arguments["replicafqdn"]}" in the topology.')
    reached = [each for each in computers if each.reported and "REPLICA" not in each.standing_still]
    for computer in reached:
        computer.up_to_date = True
        if computer.pool == EDGE:
            model.xmpp.replicated_partners = None
        elif computer.pool == model.pools[0]:
            model.transactions.knows_pool = True
    return [f"The configuration has reached {', '.join(each.fqdn for each in reached) or 'nobody'}."]


_OF_WINDOWS = ("Name", "DisplayName", "Force")
CMDLETS = (
    Cmdlet("Start-CsWindowsService", ("Name", "ComputerName", "NoWait"), _start_lync),
    Cmdlet("Stop-CsWindowsService", ("Name", "ComputerName", "Graceful"), _stop_lync),
    Cmdlet("Start-Service", _OF_WINDOWS, _start_service),
    Cmdlet("Restart-Service", _OF_WINDOWS, _restart_service),
    Cmdlet("Set-Service", ("Name", "DisplayName", "StartupType"), _set_service),
    Cmdlet("Reset-CsPoolRegistrarState", ("PoolFqdn", "ResetType", "Force"), _reset_registrar),
    Cmdlet("Invoke-CsManagementStoreReplication", ("ReplicaFqdn",), _replicate),
    *edge.CMDLETS,
)
