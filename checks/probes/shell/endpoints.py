"""Where a remote shell connects to: the addresses of its server, or of the proxy that leads there."""

from urllib.parse import urlsplit

from checks.model import Reason
from checks.probes import Records, Unanswered, View
from checks.probes.addresses import Network
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.target import Target
from checks.probes.wire import Endpoint


async def endpoints_of(target: Target, network: Network, view: View) -> tuple[Endpoint, ...] | Failure:
    """The addresses in their order; the name of a proxy is looked up as this computer does it."""
    host, port = target.host, target.port
    if target.proxy:
        proxy, view = urlsplit(target.proxy), network.own_view
        if proxy.scheme == "https" and not target.tls:
            return failed(Reason.NOT_POSSIBLE_HERE, f"{target.url} is not asked through an https proxy.")
        host, port = proxy.hostname or "", proxy.port or (443 if proxy.scheme == "https" else 80)
    match await network.endpoints(host, port, view):
        case Unanswered() as unanswered:
            return Failure(unanswered)
        case Records() as records:
            missing = "does not exist" if records.outcome == "no-such-name" else "has no address"
            if records.outcome in {"server-failure", "loop"}:
                missing = f"could not be looked up ({records.outcome})"
            return failed(Reason.UNREACHABLE, f"The name {host} {missing} in the {view} view of DNS.")
        case endpoints:
            return endpoints
