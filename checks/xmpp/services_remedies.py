"""What brings the services of XMPP back."""

from checks.knowledge.powershell import command_line
from checks.model import Remedy
from checks.xmpp.proxy_services import DISPLAY_NAMES, ProxyService

LISTING = command_line("Get-Service", {"DisplayName": DISPLAY_NAMES})
_SERVER_ADMINISTRATOR = "member of RTCUniversalServerAdmins"
_EDGE_ADMINISTRATOR = "local Administrator on the Edge"
_RERUN = "check again (r)"
_LOG = "if it stops again, step “Event log” shows what it wrote"
_PORT = f"{_LOG}, and netstat -ano who holds port 5269"


def start_proxy(where: str) -> Remedy:
    """Starts the proxy by its display name."""
    return Remedy(
        cmdlet="Start-Service",
        parameters={"DisplayName": "*XMPP Translating Gateway Proxy*"},
        who=_EDGE_ADMINISTRATOR,
        risk=f"none, unless it was stopped on {where} on purpose",
        verify=f"{_RERUN}; {_PORT}",
    )


def start_gateway(computer: str) -> Remedy:
    """Starts the gateway on a Front End."""
    return Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": "RTCXMPPTGW", "ComputerName": computer},
        who=_SERVER_ADMINISTRATOR,
        risk="none, unless it was stopped on purpose",
        verify=f"{_RERUN}; {_LOG}",
    )


def enable(proxy: ProxyService) -> tuple[Remedy, ...]:
    """Lets the proxy start with Windows again, and starts it."""
    risk, verify = "ask first who disabled it, and why", "then start it, and check again (r)"
    if proxy.name:
        allow = Remedy(
            cmdlet="Set-Service",
            parameters={"Name": proxy.name, "StartupType": "Automatic"},
            who=_EDGE_ADMINISTRATOR,
            risk=risk,
            verify=verify,
        )
    else:
        allow = Remedy(
            action=f"In services.msc set the start type of {proxy.display_name} to Automatic.",
            who=_EDGE_ADMINISTRATOR,
            risk=risk,
            verify=verify,
        )
    return (allow, start_proxy("the Edge"))


def wait(where: str) -> tuple[Remedy, ...]:
    """For a service that does not come up."""
    return (
        Remedy(
            action=f"Wait a minute and check again (r). If it still starts, open the event log “Lync Server” on {where}, "
            "and read its errors of XMPP: a missing certificate and a missing route are the usual ones.",
            who=_EDGE_ADMINISTRATOR,
            risk="none",
            verify=_RERUN,
        ),
    )


def install(where: str) -> tuple[Remedy, ...]:
    """For a service that is not there: the topology asks for it first, then Setup installs it."""
    return (
        Remedy(
            action="In Topology Builder edit the site, tick XMPP federation, choose the Edge, and publish. The step “XMPP route” "
            "shows whether that is so already.",
            who="member of Domain Admins and of RTCUniversalServerAdmins",
            risk="changes the topology for every user of the site",
            verify="step “XMPP route” says that a route is set",
        ),
        Remedy(
            action="In the Deployment Wizard choose “Setup or Remove Lync Server Components” and “Run Again”, on the Front "
            f"End first, then on the Edge. Here it is missing on {where}.",
            who="member of RTCUniversalServerAdmins, local Administrator there",
            risk="services of Lync may restart: do it outside working hours",
            verify=_RERUN,
        ),
    )
