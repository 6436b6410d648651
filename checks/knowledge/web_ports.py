"""The TCP ports of a pool's web services and of what stands behind them, as documented or as the topology tells."""

from collections.abc import Mapping
from typing import Any

from checks.knowledge.lync_objects import has, text, value
from checks.model import Frozen
from checks.probes import Objects

REGISTRAR = 5061
_MCX, _UCWA = (5086, 5087), (5088, 5089)


class WebPorts(Frozen, frozen=True):
    """The ports of one pool. The defaults are those that the documents name."""

    told: bool = False
    """True where the topology told them."""
    internal_https: int = 443
    internal_http: int = 80
    external_https: int = 4443
    external_http: int = 8080
    mcx: tuple[int, ...] = _MCX
    """Where Mcx takes SIP; none where the topology says that it has none."""
    ucwa: tuple[int, ...] = _UCWA
    """Where UCWA takes SIP of users whose home is a branch appliance."""


def web_ports(answer: Objects, pool: str) -> WebPorts:
    """The ports of a pool in an answer of `Get-CsService -WebServer`; what was not shown is as documented."""
    one = next((found for found in answer.objects if text(found, "PoolFqdn").lower() == pool), None)
    if one is None or not pool:
        return WebPorts()
    return WebPorts(
        told=True,
        internal_https=_port(one, "PrimaryHttpsPort") or 443,
        internal_http=_port(one, "PrimaryHttpPort") or 80,
        external_https=_port(one, "ExternalHttpsPort") or 4443,
        external_http=_port(one, "ExternalHttpPort") or 8080,
        mcx=_pair(one, "McxSip", _MCX),
        ucwa=_pair(one, "UcwaSip", _UCWA),
    )


def branch_appliances(pools: Objects) -> tuple[str, ...]:
    """The pools of `Get-CsPool` that have a registrar, and neither users of their own nor web services.

    So stands a Survivable Branch Appliance in the topology; a Director has web services. Pools whose services were not
    shown are none.
    """
    return tuple(
        name for one in pools.objects if (name := text(one, "Fqdn") or text(one, "Identity")) and _is_branch(one)
    )


def _is_branch(pool: Mapping[str, Any]) -> bool:
    services = value(pool, "Services")
    named = services if isinstance(services, list | tuple) else []
    roles = {str(one).partition(":")[0].lower() for one in named}
    return "registrar" in roles and not roles & {"userserver", "webserver", "edgeserver"}


def _pair(one: Mapping[str, Any], prefix: str, documented: tuple[int, ...]) -> tuple[int, ...]:
    """The ports that were shown. Null is an answer too; what was not shown at all is as documented."""
    names = (f"{prefix}PrimaryListeningPort", f"{prefix}ExternalListeningPort")
    if not any(has(one, name) for name in names):
        return documented
    return tuple(sorted(port for name in names if (port := _port(one, name))))


def _port(one: Mapping[str, Any], name: str) -> int:
    """The port; 0 where there is none, or it is no port."""
    shown = text(one, name)
    number = int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= 5 else 0
    return number if number <= 65535 else 0
