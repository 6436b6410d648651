"""The names by which phones reach the web services, as a seat can see them, and on whose machine each one ends."""

from collections.abc import Iterable
from typing import Literal

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge.web_ports import WebPorts, web_ports
from checks.knowledge.web_services import WebNames, sip_domains, web_names, web_names_of
from checks.model import Frozen
from checks.probes import Objects

MOST_DOMAINS = 20
_INSIDE = frozenset({Vantage.INSIDE, Vantage.FRONT_END})

Role = Literal["external-discovery", "internal-discovery", "web", "web-internal", "pool"]


class PhoneName(Frozen, frozen=True):
    """One name that is asked, and why."""

    host: str
    role: Role
    domain: str = ""
    """The SIP domain of a discovery name."""

    @property
    def machine(self) -> str:
        """Whose certificate and listener it is, where the names lead where they must."""
        return "the reverse proxy" if self.role in {"external-discovery", "web"} else "the Front End"


class Known(Frozen, frozen=True):
    """The names of a deployment, completed by the topology where a shell tells it."""

    domains: tuple[str, ...] = ()
    web: str = ""
    web_internal: str = ""
    pool: str = ""
    ports: WebPorts = WebPorts()

    def names(self, *roles: Role) -> tuple[PhoneName, ...]:
        """The names in these roles, each host once: the first role that it has."""
        found: dict[str, PhoneName] = {}
        for name in (name for role in roles for name in self._of(role) if name.host):
            found.setdefault(name.host, name)
        return tuple(found.values())

    def _of(self, role: Role) -> Iterable[PhoneName]:
        match role:
            case "external-discovery":
                return (PhoneName(host=f"lyncdiscover.{one}", role=role, domain=one) for one in self.domains)
            case "internal-discovery":
                return (PhoneName(host=f"lyncdiscoverinternal.{one}", role=role, domain=one) for one in self.domains)
            case "web":
                return (PhoneName(host=self.web, role=role),)
            case "web-internal":
                return (PhoneName(host=self.web_internal, role=role),)
        return (PhoneName(host=self.pool, role=role),)


def is_inside(vantage: Vantage) -> bool:
    """True where the names of the inside can be reached."""
    return vantage in _INSIDE


def named(deployment: Deployment) -> Known:
    """What the deployment names by itself."""
    return Known(
        domains=deployment.domains[:MOST_DOMAINS],
        web=deployment.web,
        web_internal=deployment.web_internal,
        pool=deployment.pool,
    )


async def known(context: Context) -> Known:
    """The names that were given, and what the topology adds to them."""
    deployment = context.deployment
    services, domains = await context.together(
        context.invoke("Get-CsService", WebServer=True), context.invoke("Get-CsSipDomain")
    )
    pools = web_names(services) if isinstance(services, Objects) else ()
    own = web_names_of(pools, deployment.pool, deployment.web) or WebNames(pool=deployment.pool)
    others = sip_domains(domains) if isinstance(domains, Objects) else ()
    return Known(
        domains=tuple(dict.fromkeys((*deployment.domains, *others)))[:MOST_DOMAINS],
        web=deployment.web or own.external,
        web_internal=deployment.web_internal or own.internal,
        pool=own.pool,
        ports=web_ports(services, own.pool) if isinstance(services, Objects) else WebPorts(),
    )
