"""Get-NetTCPConnection, Get-Process, Get-Service and Get-WinEvent of the Edge; of a Front End its event log alone."""

import re
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from psrpcore.types import PSByte, PSUInt, PSUInt16

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.model import EdgeSocket, LoggedEvent, Model

_STATES = clixml.enumeration_of(
    "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetTCPConnection.State",
    {"Listen": 2, "Established": 5},
)
_STATUSES = clixml.enumeration_of(
    "System.ServiceProcess.ServiceControllerStatus", {"Stopped": 1, "StartPending": 2, "Running": 4}
)
_START_TYPES = clixml.enumeration_of("System.ServiceProcess.ServiceStartMode", {"Automatic": 2, "Disabled": 4})
_LOG = "Lync Server"
_LEVELS = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information"}


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
    """The XMPP proxy's service. Its short name is not documented."""
    title = "Skype for Business Server" if model.product.year > 2013 else "Lync Server"
    state = model.xmpp.edge_service
    start = "Disabled" if state == "disabled" else "Automatic"
    status = "Stopped" if state == "disabled" else state
    services = [] if state == "absent" else [("RTCXMPPTGWPX", f"{title} XMPP Translating Gateway Proxy", status, start)]
    pattern = str(arguments.get("displayname") or "*").lower()
    name = str(arguments.get("name") or "*").lower()
    return [
        _service(*service)
        for service in services
        if fnmatchcase(service[1].lower(), pattern) and fnmatchcase(service[0].lower(), name)
    ]


def get_events_of_edge(model: Model, arguments: Arguments) -> list[Any]:
    """What its services of Lync wrote, as -FilterXPath asks for it."""
    return _events(model, model.xmpp.edge_events, arguments)


def get_events_of_front_end(model: Model, arguments: Arguments) -> list[Any]:
    """The same of a Front End."""
    return _events(model, model.xmpp.front_end_events, arguments)


def _events(model: Model, written: list[LoggedEvent], arguments: Arguments) -> list[Any]:
    if str(arguments.get("logname") or "").lower() != _LOG.lower():
        message = f'There is not an event log on the localhost computer that matches "{arguments.get("logname")}".'
        raise _none("NoMatchingLogsFound", message)
    path = str(arguments.get("filterxpath") or "")
    levels = {int(level) for level in re.findall(r"Level=(\d)", path)} or set(_LEVELS)
    span = re.search(r"timediff\(@SystemTime\) <= (\d+)", path)
    hours = int(span[1]) / 3_600_000 if span else float("inf")
    found = [event for event in written if event.level in levels and event.hours_ago <= hours]
    if not found:
        raise _none("NoMatchingEventsFound", "No events were found that match the specified selection criteria.")
    newest_first = sorted(found, key=lambda event: event.hours_ago)
    chosen = newest_first[: int(arguments.get("maxevents") or len(newest_first))]
    return [_event(event, model.last_evening) for event in chosen]


def _none(identifier: str, message: str) -> Exception:
    return not_found("Get-WinEvent", message, "", f"{identifier},Microsoft.PowerShell.Commands.GetWinEventCommand")


def _event(event: LoggedEvent, asked_at: datetime) -> Any:
    properties = {
        "TimeCreated": asked_at - timedelta(hours=event.hours_ago),
        "ProviderName": event.provider,
        "Id": event.id,
        "Level": PSByte(event.level),
        "LevelDisplayName": _LEVELS[event.level],
        "LogName": _LOG,
        "Message": event.message,
    }
    return clixml.object_of("System.Diagnostics.Eventing.Reader.EventLogRecord", properties)


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


def _service(name: str, display_name: str, status: str, start_type: str) -> Any:
    properties = {
        "Name": name,
        "DisplayName": display_name,
        "ServiceName": name,
        "Status": _STATUSES[status],
        "StartType": _START_TYPES[start_type],
    }
    return clixml.object_of("System.ServiceProcess.ServiceController", properties, name)


_EVENT_PARAMETERS = ("LogName", "MaxEvents", "FilterXPath", "ProviderName")
CMDLETS = (
    Cmdlet(
        "Get-NetTCPConnection",
        ("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State", "OwningProcess"),
        get_net_tcp_connection,
    ),
    Cmdlet("Get-Process", ("Name", "Id"), get_process),
    Cmdlet("Get-Service", ("Name", "DisplayName"), get_service),
    Cmdlet("Get-WinEvent", _EVENT_PARAMETERS, get_events_of_edge),
)
OF_FRONT_END = (Cmdlet("Get-WinEvent", _EVENT_PARAMETERS, get_events_of_front_end),)
"""What a console on a Front End has beside the cmdlets of Lync; its remote endpoint has not."""
