"""What opens a port that mobility needs."""

from collections.abc import Collection

from checks.deployment import Vantage
from checks.mobility.ports_tried import Look
from checks.model import Remedy

_WEB_ADMINISTRATOR = "local Administrator on the Front End"
_RERUN = "check again (r)"


def start_listener(host: str, port: int, address: str) -> Remedy:
    return Remedy(
        action=f"On the reverse proxy that has {address or f'the address of {host}'}, start the listener for port {port}. If a "
        "firewall passes the port on to it, see that it leads to the proxy's address.",
        who="administrator of the reverse proxy",
        risk="starting it touches nothing else",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )


def start_web_service(host: str, port: int, address: str, site: str) -> tuple[Remedy, ...]:
    """The service, and the web site of that name, which may be stopped while the service runs."""
    commands: tuple[tuple[str, str], ...] = (("Start-Service", "W3SVC"), ("Start-Website", site))
    return tuple(
        Remedy(
            cmdlet=cmdlet,
            parameters={"Name": name},
            who=f"{_WEB_ADMINISTRATOR} that has {address or host}, or on those behind it where that is a load balancer",
            risk="starting it touches nothing else",
            verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
        )
        for cmdlet, name in commands
    )


def open_path(look: Look, vantage: Vantage) -> Remedy:
    host, port = look.host, look.port
    where = f"{look.address}:{port}" if look.address else f"port {port}"
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


def of_server(answer: str, host: str, closed: Collection[int], site: tuple[int, int], title: str) -> tuple[Remedy, ...]:
    """What brings these ports of a Front End back. `site`: HTTPS and HTTP of its external web site; `title`: its name."""
    match answer:
        case "registrar-closed":
            return _start_registrar(host)
        case "mobility-ports-closed":
            # Where the topology has other ports, which is whose is not told.
            return tuple(_restart(_MCX[port], host, port) for port in sorted(_MCX.keys() & set(closed)) or _MCX)
        case "branch-ports-closed":
            return (_restart("LyncUcwa", host, min(closed)),)
        case "external-http-closed":
            return (_bind_http(host, site[1]),)
    return _start_external_site(host, site[0], title)


def _start_registrar(host: str) -> tuple[Remedy, Remedy]:
    """It opens its port when it starts, so one that runs already has to be restarted."""
    who = "member of RTCUniversalServerAdmins and local Administrators, on the Front End"
    verify = f"Test-NetConnection {host} -Port 5061, then {_RERUN}"
    start = Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": "RTCSRV"},
        who=who,
        risk="starting it touches nothing else. The Windows Firewall service has to run before it starts, or it opens no port",
        verify=verify,
    )
    restart = Remedy(
        cmdlet="Restart-Service",
        parameters={"Name": "RTCSRV"},
        who=who,
        risk="for one that runs and does not listen: whoever is signed in at this Front End reconnects",
        verify=verify,
    )
    return start, restart


def _start_external_site(host: str, https: int, title: str) -> tuple[Remedy, ...]:
    verify = f"Test-NetConnection {host} -Port {https}, then {_RERUN}"
    start = Remedy(
        cmdlet="Start-Website",
        parameters={"Name": title},
        who=_WEB_ADMINISTRATOR,
        risk="starting the site touches nothing else",
        verify=verify,
    )
    look = Remedy(
        action=f"If it runs, see in IIS Manager on {host} that the bindings of the External Web Site (Lync or Skype for Business "
        f"Server) have https {https}, and that the Windows Firewall passes {https}.",
        who=_WEB_ADMINISTRATOR,
        risk="a binding that is changed interrupts the site for a moment",
        verify=verify,
    )
    return start, look


def _bind_http(host: str, http: int) -> Remedy:
    return Remedy(
        action=f"In IIS Manager on {host}, External Web Site (Lync or Skype for Business Server), Bindings: if http {http} is "
        f"missing, add it. If it is there, let the Windows Firewall pass {http}.",
        who=_WEB_ADMINISTRATOR,
        risk="the site is interrupted for a moment; HTTPS stays as it is",
        verify=f"Test-NetConnection {host} -Port {http}, then {_RERUN}",
    )


def _restart(application_pool: str, host: str, port: int) -> Remedy:
    return Remedy(
        cmdlet="Restart-WebAppPool",
        parameters={"Name": application_pool},
        who=_WEB_ADMINISTRATOR,
        risk="phones on this Front End reconnect; one that is stopped wants Start-WebAppPool instead",
        verify=f"Test-NetConnection {host} -Port {port}, then {_RERUN}",
    )
