"""What opens a port of the Edge, outside or inside."""

from checks.model import Remedy
from checks.xmpp.connections import Connection
from checks.xmpp.listening_remedies import SERVICE
from checks.xmpp.ports_tried import Purpose

_RERUN = "check again (r)"
_FIREWALL = "firewall administrator"
_EDGE = "local Administrator on the Edge"


def let_in(one: Connection) -> Remedy:
    return Remedy(
        action=f"Let TCP {one.port} from any address reach {one.address} ({one.host}), on the firewall before the Edge. If NAT is on "
        "the way, the rule leads to the external address of the Access Edge service, not to the one of another Edge service.",
        who=_FIREWALL,
        risk="opens one port to one address",
        verify=f"from outside: Test-NetConnection {one.host} -Port {one.port}, then {_RERUN}",
    )


def listen(one: Connection) -> Remedy:
    return Remedy(
        action=f"On the Edge, see that the XMPP proxy runs and listens on {one.port}: “Edge listens”, walked there, tells how. "
        "If it listens, see that NAT leads to the address on which it does.",
        who=_EDGE,
        risk="none: it only looks",
        verify=f"on the Edge: netstat -ano | findstr {one.port}, then {_RERUN}",
    )


def check_nat(one: Connection) -> Remedy:
    return Remedy(
        action=f"Compare {one.address}, the address of {one.host}, with the public address of the Access Edge service in Topology "
        "Builder. If it is another one, mend the DNS record or the NAT rule.",
        who=f"{_FIREWALL}, and who keeps the public DNS",
        risk="none: it only looks",
        verify=_RERUN,
    )


def of_inside(purpose: Purpose, host: str, port: int, *, refused: bool) -> Remedy:
    """What brings back the port of the XMPP gateway, or of SIP, on the Edge's internal side."""
    verify = f"on the Front End: Test-NetConnection {host} -Port {port}, then {_RERUN}"
    if not refused:
        return Remedy(
            action=f"Let TCP {port} from the Front Ends reach {host}, the internal interface of the Edge: check that the Edge is up, "
            "then the firewall between them and the Windows Firewall of the Edge.",
            who=_FIREWALL,
            risk="opens one port to one address",
            verify=verify,
        )
    if purpose == "gateway":
        return Remedy(
            cmdlet="Restart-Service",
            parameters={"DisplayName": SERVICE},
            who=_EDGE,
            risk="XMPP sessions drop and come back",
            verify=f"on the Edge: netstat -ano | findstr {port}, then {_RERUN}",
        )
    return Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": "RTCSRV"},
        who=_EDGE,
        risk="starting it touches nothing else",
        verify=verify,
    )
