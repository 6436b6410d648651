"""What opens a port that mobility needs."""

from collections.abc import Collection

from checks.deployment import Vantage
from checks.model import Remedy

_WEB_ADMINISTRATOR = "local Administrator on the Front End"
_RERUN = "check again (r)"


def start_listener(host: str, port: int, address: str) -> Remedy:
    return Remedy(
        action=f"On the reverse proxy that has {address or f'the address of {host}'}, start the listener for port {port}. If a "
        "firewall passes the port on to it, see that it leads to the proxy's address.",
        who="administrator of the reverse proxy",
        risk="none if it is stopped",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )


def start_web_service(host: str, port: int, address: str) -> Remedy:
    return Remedy(
        cmdlet="Start-Service",
        parameters={"Name": "W3SVC"},
        who=f"{_WEB_ADMINISTRATOR} that has {address or host}, or on those behind it where that is a load balancer",
        risk="none if it is stopped",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )


def open_path(host: str, port: int, address: str, vantage: Vantage) -> Remedy:
    where = f"{address}:{port}" if address else f"port {port}"
    return Remedy(
        action=f"Let TCP {port} from {vantage} reach {host}, {where}: check that the machine is up and listens, then its "
        "firewall and those on the way.",
        who="firewall administrator",
        risk="opens one port to one address",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )


def compare_address(host: str) -> Remedy:
    return Remedy(
        action=f"Compare the address of {host} with that of the machine that is meant: the reverse proxy outside, the pool "
        "inside. A record that was left behind leads to a machine that does not listen.",
        who="DNS administrator",
        risk="none: it only looks",
        verify=f"Resolve-DnsName {host}, then {_RERUN}",
    )


def publish_https(host: str, port: int) -> Remedy:
    return Remedy(
        action=f"Publish {host} on port {port} too, with a certificate that holds the name. Or stay with HTTP on purpose, and "
        "tell users of the error that HTTPS may show first.",
        who="administrator of what publishes it: the reverse proxy outside, the pool's load balancer or firewall inside",
        risk="with a certificate that lacks the name, phones show another error than before",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )


_MCX = {5086: "CSIntMcxAppPool", 5087: "CSExtMcxAppPool"}


def of_server(answer: str, host: str, closed: Collection[int], site: tuple[int, int]) -> tuple[Remedy, ...]:
    """What brings these ports of a Front End back. `site`: HTTPS and HTTP of its external web site."""
    match answer:
        case "registrar-closed":
            return (_start_registrar(host),)
        case "mobility-ports-closed":
            # Where the topology has other ports, which is whose is not told.
            return tuple(_restart(_MCX[port], host, port) for port in sorted(_MCX.keys() & set(closed)) or _MCX)
        case "branch-ports-closed":
            return (_restart("LyncUcwa", host, min(closed)),)
    return (_start_external_site(host, *site),)


def _start_registrar(host: str) -> Remedy:
    return Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": "RTCSRV"},
        who="member of RTCUniversalServerAdmins and local Administrators, on the Front End",
        risk="none if it is stopped. The Windows Firewall service has to run before it starts, or it opens no port",
        verify=f"Test-NetConnection {host} -Port 5061, then {_RERUN}",
    )


def _start_external_site(host: str, https: int, http: int) -> Remedy:
    return Remedy(
        action=f"In IIS Manager on {host} start the external web site (Lync or Skype for Business Server External Web Site) and "
        f"look at its bindings: {https} for HTTPS, {http} for HTTP. Then let the Windows Firewall through to both.",
        who=_WEB_ADMINISTRATOR,
        risk="none if it is stopped",
        verify=f"Test-NetConnection {host} -Port {https}, the same with {http}, then {_RERUN}",
    )


def _restart(application_pool: str, host: str, port: int) -> Remedy:
    return Remedy(
        cmdlet="Restart-WebAppPool",
        parameters={"Name": application_pool},
        who=_WEB_ADMINISTRATOR,
        risk="phones on this Front End reconnect; one that is stopped wants Start-WebAppPool instead",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )
