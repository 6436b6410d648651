"""Get-CsWindowsService of a Front End: the services that the product has, under the names it gives them."""

from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError, not_found
from lab.computers import Computer
from lab.model import SKYPE_2015, Model

_STATUS = clixml.enumeration_of(
    "System.ServiceProcess.ServiceControllerStatus",
    {"Stopped": 1, "StartPending": 2, "StopPending": 3, "Running": 4, "Paused": 7},
)
_SERVICES = {
    "RTCSRV": "Front-End",
    "REPLICA": "Replica Replicator Agent",
    "RTCCLSAGT": "Centralized Logging Service Agent",
    "RTCIMMCU": "IM Conferencing",
    "RTCDATAMCU": "Web Conferencing",
    "RTCAVMCU": "A/V Conferencing",
    "RTCASMCU": "Application Sharing",
}
_GATEWAY = {"RTCXMPPTGW": "XMPP Translating Gateway"}
_OF_WINDOWS = {"W3SVC": "World Wide Web Publishing Service", "FabricHostSvc": "Windows Fabric Host Service"}


def get_windows_service(model: Model, arguments: Arguments) -> list[Any]:
    """All services of a Front End, the one that -ComputerName tells or that is asked; or the one that -Name tells."""
    computer = _computer(model, str(arguments.get("computername") or ""))
    services = services_of(model, computer)
    wanted = str(arguments.get("name") or "").lower()
    if wanted and wanted not in (name.lower() for name in services):
        message = f"Cannot find any service with service name '{arguments['name']}'."
        identifier = "NoServiceFoundForGivenName,Microsoft.Rtc.Management.Deployment.GetNTServiceCmdlet"
        raise not_found("Get-CsWindowsService", message, wanted, identifier)
    return [
        _service(name, title, _status(model, name, computer))
        for name, title in services.items()
        if wanted in {"", name.lower()}
    ]


def _computer(model: Model, name: str) -> Computer:
    computers = [each for each in model.computers if each.pool in (*model.pools, *model.directors)]
    if not name:
        return computers[0]
    found = next((each for each in computers if each.fqdn.lower() == name.lower() and each.answers), None)
    if found is None:
        raise CmdletError(
            f"Cannot open Service Control Manager on computer '{name}'. This operation might require other privileges.",
            "OperationFailed,Microsoft.Rtc.Management.Deployment.GetNTServiceCmdlet",
            category="InvalidOperation",
            target=name,
            activity="Get-CsWindowsService",
            terminates=True,
        )
    return found


def services_of(model: Model, computer: Computer) -> dict[str, str]:
    """Display names by name. The gateway of XMPP came with Lync Server 2013 and went with 2019."""
    year = model.product.year
    has_gateway = model.product.has_xmpp and not computer.version and model.xmpp.gateway_service != "absent"
    own = _SERVICES | (_GATEWAY if has_gateway else {})
    brand = "Skype for Business Server" if year >= SKYPE_2015.year else "Lync Server"
    return {name: f"{brand} {title}" for name, title in own.items()} | _OF_WINDOWS


def _status(model: Model, name: str, computer: Computer) -> str:
    """A computer's own state of the gateway goes before the one that all of them have."""
    everywhere = model.xmpp.gateway_service if name in _GATEWAY else "Running"
    return computer.standing_still.get(name, everywhere)


def _service(name: str, title: str, status: str) -> Any:
    properties = {"Status": _STATUS[status], "Name": name, "DisplayName": title, "ActivityLevel": ""}
    return clixml.lync_object("Deployment.Core.NTService", properties, name)


CMDLETS = (Cmdlet("Get-CsWindowsService", ("Name", "ComputerName", "ExcludeActivityLevel"), get_windows_service),)
