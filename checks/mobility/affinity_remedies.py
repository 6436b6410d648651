"""What mends a load balancer that loses clients on the way."""

from checks.mobility.affinity_seen import Side
from checks.model import Remedy

_WHO = "administrator of the load balancer"
_RERUN = "check again (r)"


def source_affinity(host: str, ports: str) -> Remedy:
    return Remedy(
        action=f"On the virtual servers of {host} (ports {ports} of the pool) set persistence by source address, with a TCP "
        "idle timeout of 1800 seconds.",
        who=_WHO,
        risk="clients behind one address all go to one Front End",
        verify=_RERUN,
    )


def balance_requests(host: str) -> Remedy:
    return Remedy(
        action=f"Let the virtual server of {host} choose anew for each request inside a connection; on an F5 that is a "
        "OneConnect profile.",
        who=_WHO,
        risk="connections to the Front Ends are shared; sign-in by NTLM on them needs care",
        verify=_RERUN,
    )


def plain_cookie(host: str, side: Side) -> Remedy:
    instead = "switch it off and set persistence by source address" if side == "internal" else "switch it off"
    return Remedy(
        action=f"Where Lync 2010 remains: let the load balancer of {host} set MS-WSMAN without HttpOnly and without an expiry, "
        f"on each answer to a client that has none. Where none remains: {instead}.",
        who=_WHO,
        risk="clients may reach another Front End once",
        verify=_RERUN,
    )


def monitor(host: str) -> Remedy:
    return Remedy(
        action=f"In the pool of {host} on the load balancer, take out the member that fails, and watch port 5061 of each "
        "Front End. What checks the web by HEAD or OPTIONS is refused by UCWA; use GET.",
        who=_WHO,
        risk="less capacity until the server is back",
        verify=_RERUN,
    )
