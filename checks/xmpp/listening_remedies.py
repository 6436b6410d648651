"""What mends an Edge that does not listen for XMPP as it must."""

from checks.model import Remedy
from checks.probes import Socket
from checks.xmpp.listening_sockets import owner_of

SERVICE = "*XMPP Translating Gateway Proxy*"


def start_proxy() -> Remedy:
    """Starts it where it is stopped; one that runs and does not listen has to begin anew."""
    return Remedy(
        cmdlet="Restart-Service",
        parameters={"DisplayName": SERVICE},
        who="local Administrator on the Edge",
        risk="none if it is stopped",
        verify="check again (r)",
    )


def set_route() -> Remedy:
    return Remedy(
        action="If there is no such service: in Topology Builder edit the site, tick XMPP federation and choose this Edge, "
        "publish, then run Setup or Remove Components on the Front End and on the Edge.",
        who="Domain Admins and RTCUniversalServerAdmins",
        risk="Edge services restart",
        verify="check again (r)",
    )


def restart_proxy(side: str) -> Remedy:
    return Remedy(
        cmdlet="Restart-Service",
        parameters={"DisplayName": SERVICE},
        who="local Administrator on the Edge",
        risk="XMPP sessions drop and come back",
        verify=f"check again (r); if it stays, check the {side} interface, its certificate and the Lync Server event log",
    )


def free(socket: Socket) -> tuple[Remedy, ...]:
    """What frees the port for the proxy: first to see what holds it, because a service that is killed comes back."""
    if socket.pid is None:
        return (
            Remedy(
                action=f"Stop {owner_of(socket)}, or move it to another port. Then start the XMPP proxy.",
                who="local Administrator on the Edge",
                risk=f"ends what {owner_of(socket)} does here",
                verify="check again (r)",
            ),
        )
    return (
        Remedy(
            cmdlet="Get-CimInstance",
            parameters={"ClassName": "Win32_Service", "Filter": f"ProcessId={socket.pid}"},
            who="local Administrator on the Edge",
            risk="none: it shows which service that is",
            verify="if it names a service, end it with Stop-Service, and not as below",
        ),
        Remedy(
            cmdlet="Stop-Process",
            parameters={"Id": socket.pid},
            who="local Administrator on the Edge",
            risk=f"ends {owner_of(socket)}, where it is no service, and what it does here",
            verify="the port is free then: netstat -ano | findstr 5269",
        ),
        start_proxy(),
    )


def right_addresses() -> Remedy:
    return Remedy(
        action="In Topology Builder compare the Edge's external and internal IP addresses with those of its network cards, "
        "correct them, publish, and restart the Edge services.",
        who="RTCUniversalServerAdmins, and local Administrator on the Edge",
        risk="Edge services restart",
        verify="check again (r)",
    )


def try_from_front_end(edge: str, port: int) -> Remedy:
    """Whether a Front End comes through to the Edge at all."""
    return Remedy(
        cmdlet="Test-NetConnection",
        parameters={"ComputerName": edge or "<internal FQDN of the Edge>", "Port": port},
        who="anyone on a Front End",
        risk="none: it opens a connection and closes it",
        verify="TcpTestSucceeded is True; if it is, the Front End's gateway is stopped, or does not trust the Edge's internal "
        "certificate",
    )


def start_gateway() -> Remedy:
    return Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": "RTCXMPPTGW"},
        who="member of RTCUniversalServerAdmins, on the Front End",
        risk="none if it is stopped",
        verify="check again (r)",
    )
