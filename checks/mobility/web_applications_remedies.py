"""What mends the web applications of a Front End."""

from checks.knowledge import iis
from checks.model import Remedy

_ADMINISTRATOR = "local Administrator on "
_RERUN = "check again (r)"
_RECONNECT = "phones on this server reconnect"


def start_application_pool(pool: str, machine: str) -> Remedy:
    """For a pool that is stopped: one that stands still cannot be restarted."""
    return Remedy(
        cmdlet="Start-WebAppPool",
        parameters={"Name": pool},
        who=_ADMINISTRATOR + machine,
        risk="none; if it stops again, the Application log tells why (1000, 1026, ASP.NET 1309)",
        verify=_RERUN,
    )


def restart_application_pool(pool: str, machine: str) -> Remedy:
    return Remedy(
        cmdlet="Restart-WebAppPool",
        parameters={"Name": pool},
        who=_ADMINISTRATOR + machine,
        risk=_RECONNECT,
        verify=f"{_RERUN}; if it comes back, read the Application log there (1000, 1026, ASP.NET 1309)",
    )


def start_pool_of(application: str, machine: str) -> Remedy:
    return Remedy(
        action=f"In IIS Manager on {machine}, open Application Pools and start the one of /{application} that is stopped.",
        who=_ADMINISTRATOR + machine,
        risk="none; if it stops again, the Application log tells why (1000, 1026, ASP.NET 1309)",
        verify=_RERUN,
    )


def reset_iis(machine: str) -> Remedy:
    return Remedy(
        cmdlet="iisreset",
        who=_ADMINISTRATOR + machine + ", at an elevated command prompt; a restart in IIS Manager was not enough",
        risk=_RECONNECT + ", one Front End at a time",
        verify=_RERUN,
    )


def compare_ucwa_pool(machine: str) -> Remedy:
    wanted = ", ".join(f"{name} {value}" for name, value in iis.UCWA_POOL_SETTINGS.items())
    return Remedy(
        action=f"On {machine} run {iis.SHOW_UCWA_POOL} and compare: {wanted}. Where a virus scanner recycles the pool again "
        "and again, exclude the web folders of Lync from it.",
        who=_ADMINISTRATOR + machine,
        risk="a changed setting recycles the pool",
        verify=_RERUN,
    )


def relieve(machine: str) -> Remedy:
    return Remedy(
        action=f"On {machine} watch the counters “LS:WEB - Throttling and Authentication\\WEB - Total Requests in Processing” "
        "(10,000 is the limit of UCWA) and “ASP.NET\\Requests Queued” (0 is right). At the limit the pool is too small.",
        who=_ADMINISTRATOR + machine,
        risk="none, it only looks",
        verify=_RERUN,
    )


def install_update(machines: str) -> Remedy:
    return Remedy(
        action=f"On {machines} install the latest cumulative update (UCWA came with that of February 2013), then run the "
        "Deployment Wizard: Install or Update, step 2, Setup or Remove Components.",
        who="member of RTCUniversalServerAdmins and local Administrators",
        risk="web services restart, one Front End at a time",
        verify=_RERUN,
    )


def set_up_components(application: str, machines: str) -> Remedy:
    return Remedy(
        action=f"On {machines} run the Deployment Wizard: Install or Update, step 2, Setup or Remove Components, Run Again. It "
        f"creates the web application {application} anew.",
        who="member of RTCUniversalServerAdmins and local Administrators",
        risk="web services restart, one Front End at a time",
        verify=_RERUN,
    )


def unlock_configuration(application: str, machine: str) -> Remedy:
    return Remedy(
        action=f"On {machine} open http://localhost and the Application log: they name the file and line of web.config. A "
        rf"section that an update needs may be locked: %windir%\system32\inetsrv\appcmd unlock config /section:<that one>. "
        f"Then recycle the pool of {application}.",
        who=_ADMINISTRATOR + machine,
        risk="the section may then be set for each application",
        verify=_RERUN,
    )


def repair_framework(application: str, machine: str) -> Remedy:
    return Remedy(
        action=f"On {machine} read the Application log (ASP.NET 1309, 1000, 1026) and check in Server Manager that .NET with "
        f"HTTP Activation (WCF) and ASP.NET are installed. Then recycle the pool of {application}.",
        who=_ADMINISTRATOR + machine,
        risk="adding a feature may want a restart",
        verify=_RERUN,
    )


def allow(application: str, machine: str) -> Remedy:
    return Remedy(
        action=f"In IIS Manager on {machine}, under both Lync web sites, open {application}: authentication as installed, "
        "and no IP, URL or request-filtering rule that forbids it.",
        who=_ADMINISTRATOR + machine,
        risk="IIS recycles the application",
        verify=_RERUN,
    )


def move_stranger(machine: str, port: int) -> Remedy:
    return Remedy(
        action=f"On {machine} find who has port {port}: netsh http show servicestate, and netstat -ano. If it is Windows Admin "
        "Center, install it again on another port; then start the Lync web site in IIS Manager.",
        who=_ADMINISTRATOR + machine,
        risk="the other program's address changes",
        verify=_RERUN,
    )


def look_at(machine: str, port: int) -> Remedy:
    return Remedy(
        action=f"See whether {machine} is up, whether W3SVC and the Lync web sites run there, and whether a firewall lets TCP "
        f"{port} from here through. Until it answers, take it out of the load balancer.",
        who=_ADMINISTRATOR + machine,
        risk="none",
        verify=f"Test-NetConnection {machine} -Port {port}, then {_RERUN}",
    )


def supported_windows(machines: str) -> Remedy:
    return Remedy(
        action=f"Compare the Windows version of {machines} with those that the product supports: IIS comes with Windows and is "
        "not changed alone. If phones work there, this is no cause.",
        who="who plans the servers",
        risk="none, it only looks",
        verify=_RERUN,
    )
