"""The TCP ports that a seat tries: which, at which host, what each is there for, and what came of it."""

from collections.abc import Collection, Iterable
from typing import Literal

from checks.context import Context
from checks.deployment import InvalidName, Product, Vantage, parse_fqdn
from checks.knowledge import topology_objects
from checks.knowledge.web_ports import REGISTRAR
from checks.mobility.phone_names import Known, is_inside
from checks.model import Frozen
from checks.probes import Objects, Open, Unanswered, Unreached

_HTTPS, _HTTP = 443, 80

Purpose = Literal["web", "discovery", "internal", "http", "external-site", "external-http", "registrar", "mcx", "ucwa"]
AT_THE_SERVER = frozenset({"external-site", "external-http", "registrar", "mcx", "ucwa"})
"""What a firewall may rightly keep from clients: judged at the Front End alone."""


class Look(Frozen, frozen=True):
    """One port that was tried, and why."""

    host: str
    port: int
    purpose: Purpose
    answer: Open | Unreached | Unanswered

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def closed(self) -> Unreached | None:
        """How it failed. A name without an address is no closed port: “DNS records” judges that."""
        return self.answer if isinstance(self.answer, Unreached) and self.answer.phase != "name" else None


Place = tuple[str, int, Purpose]


def web_places(names: Known, vantage: Vantage) -> list[Place]:
    """The web ports that a phone at this seat uses. From inside, the way out to the proxy is the hairpin's matter."""
    if not is_inside(vantage):
        places: list[Place] = [(one.host, _HTTPS, "web") for one in names.names("web")]
        for one in names.names("external-discovery"):
            places += [(one.host, _HTTPS, "discovery"), (one.host, _HTTP, "http")]
        return places
    ports = names.ports
    places = [(one.host, _HTTPS, "discovery") for one in names.names("internal-discovery")]
    inner = [(one.host, _HTTPS, _HTTP) for one in names.names("web-internal")]
    if not inner and names.pool:
        # Where the web services have a name of their own, the pool's may lead to SIP alone.
        inner = [(names.pool, ports.internal_https, ports.internal_http)]
    for host, https, http in inner:
        places += [(host, https, "internal"), (host, http, "http")]
    if not inner:
        places += [(one.host, _HTTPS, "web") for one in names.names("web")]
    return places


def pool_places(names: Known, product: Product | None, *, branch: bool) -> list[Place]:
    """What listens on a Front End behind the reverse proxy and beside the web sites."""
    ports, pool = names.ports, names.pool
    has_mcx = (product is None or product.has_mcx_and_xmpp) and (product is not Product.LYNC_2010 or ports.told)
    places: list[Place] = [
        (pool, ports.external_https, "external-site"),
        (pool, ports.external_http, "external-http"),
        (pool, REGISTRAR, "registrar"),
    ]
    places += [(pool, port, "mcx") for port in ports.mcx if has_mcx]
    places += [(pool, port, "ucwa") for port in ports.ucwa if branch]
    return places


def http_instead(looks: Iterable[Look]) -> list[Place]:
    """Port 80 of the discovery names whose 443 is closed, where it was not tried: phones may begin there."""
    known = list(looks)
    done = {look.host for look in known if look.purpose == "http"}
    closed = dict.fromkeys(look.host for look in known if look.purpose == "discovery" and look.closed)
    return [(host, _HTTP, "http") for host in closed if host not in done]


def at_each(looks: Iterable[Look], computers: Collection[str]) -> list[Place]:
    """What is closed by the pool's name, at each of its Front Ends: a load balancer that has the name may keep it."""
    return [
        (computer, look.port, look.purpose)
        for look in looks
        if look.purpose in AT_THE_SERVER and look.closed and computers and look.host not in computers
        for computer in computers
    ]


def front_ends_of(pools: Objects, pool: str) -> tuple[str, ...]:
    """The Front Ends of a pool in an answer of Get-CsPool; none where they were not shown."""
    found = topology_objects.find_pool(topology_objects.pools(pools.objects), pool)
    return tuple(filter(_is_host, found.computers or ())) if found is not None else ()


def _is_host(name: str) -> bool:
    try:
        return bool(parse_fqdn(name))
    except InvalidName:
        return False


async def tried(context: Context, places: Collection[Place]) -> tuple[Look, ...]:
    answers = await context.together(*(context.port(host, port) for host, port, _ in places))
    return tuple(
        Look(host=host, port=port, purpose=purpose, answer=answer)
        for (host, port, purpose), answer in zip(places, answers, strict=True)
    )


class Facts(Frozen, frozen=True):
    """The ports that were tried, from one seat."""

    vantage: Vantage
    pool: str = ""
    product: Product | None = None
    told: bool = False
    """True where the topology told the pool's ports."""
    appliances: tuple[str, ...] = ()
    """Survivable Branch Appliances of the topology."""
    looks: tuple[Look, ...] = ()
    balanced: tuple[Look, ...] = ()
    """What is closed by the pool's name at a Front End, where `looks` has each Front End by its own name instead."""
    computers: tuple[str, ...] = ()
    """The Front Ends of the pool; empty where they were not shown."""
    site_ports: tuple[int, int] = (4443, 8080)
    """HTTPS and HTTP of the external web site."""
