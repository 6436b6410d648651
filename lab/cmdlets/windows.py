"""Get-NetTCPConnection, Get-Process and Get-Service of the Edge, as functions of what its processes have open."""

from fnmatch import fnmatchcase
from typing import Any

from psrpcore.types import PSUInt, PSUInt16

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.model import EdgeSocket, Model

_STATES = clixml.enumeration_of(
    "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetTCPConnection.State",
    {"Listen": 2, "Established": 5},
)
_STATUSES = clixml.enumeration_of("System.ServiceProcess.ServiceControllerStatus", {"Stopped": 1, "Running": 4})
_GATEWAY = "XmppProxy.exe"


def get_net_tcp_connection(model: Model, arguments: Arguments) -> list[Any]:
    """The sockets of the Edge that fit every parameter; each takes one value or several."""
    found = [socket for socket in model.edge_sockets if all(_fits(socket, *each) for each in arguments.items())]
    if not found:
        message = "No matching MSFT_NetTCPConnection objects found by CIM query for instances of the class."
        identifier = "CmdletizationQuery_NotFound,Get-NetTCPConnection"
        raise not_found("Get-NetTCPConnection", message, "MSFT_NetTCPConnection", identifier)
    return [_connection(socket) for socket in found]


def get_process(model: Model, arguments: Arguments) -> list[Any]:
    """The processes that have those sockets, all or by number."""
    wanted = {int(each) for each in _several(arguments["id"])} if "id" in arguments else set()
    processes = {socket.pid: socket.process.removesuffix(".exe") for socket in model.edge_sockets}
    for pid in wanted - processes.keys():
        message = f"Cannot find a process with the process identifier {pid}."
        identifier = "NoProcessFoundForGivenId,Microsoft.PowerShell.Commands.GetProcessCommand"
        raise not_found("Get-Process", message, str(pid), identifier)
    return [_process(pid, name) for pid, name in sorted(processes.items()) if not wanted or pid in wanted]


def get_service(model: Model, arguments: Arguments) -> list[Any]:
    """The XMPP gateway's service, which runs where its process does. Its short name is not documented."""
    running = any(socket.process == _GATEWAY for socket in model.edge_sockets)
    title = "Skype for Business Server" if model.product.year > 2013 else "Lync Server"
    services = [("RTCXMPPTGWPX", f"{title} XMPP Translating Gateway Proxy", running)]
    pattern = str(arguments.get("displayname") or "*").lower()
    name = str(arguments.get("name") or "*").lower()
    return [
        _service(*service)
        for service in services
        if fnmatchcase(service[1].lower(), pattern) and fnmatchcase(service[0].lower(), name)
    ]


def _fits(socket: EdgeSocket, parameter: str, given: Any) -> bool:
    shown = {
        "localaddress": socket.address,
        "localport": socket.port,
        "remoteaddress": _remote_address(socket),
        "remoteport": socket.remote_port,
        "state": _state(socket),
        "owningprocess": socket.pid,
    }[parameter]
    return str(shown).lower() in {str(each).lower() for each in _several(given)}


def _several(given: Any) -> list[Any]:
    """The values of a parameter that takes one or several."""
    return list(given) if isinstance(given, list | tuple) else [given]


def _state(socket: EdgeSocket) -> str:
    return "Established" if socket.remote_address else "Listen"


def _remote_address(socket: EdgeSocket) -> str:
    """A listener's is shown by Windows as any address."""
    return socket.remote_address or "0.0.0.0"  # noqa: S104 - nothing is bound to it


def _connection(socket: EdgeSocket) -> Any:
    properties = {
        "LocalAddress": socket.address,
        "LocalPort": PSUInt16(socket.port),
        "RemoteAddress": _remote_address(socket),
        "RemotePort": PSUInt16(socket.remote_port),
        "State": _STATES[_state(socket)],
        "OwningProcess": PSUInt(socket.pid),
    }
    kind = "Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/MSFT_NetTCPConnection"
    return clixml.object_of(kind, properties)


def _process(pid: int, name: str) -> Any:
    properties = {"Name": name, "Id": pid, "ProcessName": name, "HandleCount": 421, "SessionId": 0}
    return clixml.object_of("System.Diagnostics.Process", properties, f"System.Diagnostics.Process ({name})")


def _service(name: str, display_name: str, running: bool) -> Any:
    status = _STATUSES["Running" if running else "Stopped"]
    properties = {"Name": name, "DisplayName": display_name, "ServiceName": name, "Status": status}
    return clixml.object_of("System.ServiceProcess.ServiceController", properties, name)


CMDLETS = (
    Cmdlet(
        "Get-NetTCPConnection",
        ("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State", "OwningProcess"),
        get_net_tcp_connection,
    ),
    Cmdlet("Get-Process", ("Name", "Id"), get_process),
    Cmdlet("Get-Service", ("Name", "DisplayName"), get_service),
)
