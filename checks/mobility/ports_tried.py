"""The TCP ports that a seat tries: which, at which host, what each is there for, and what came of it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from checks.context import Context
from checks.deployment import InvalidName, Product, Vantage, parse_fqdn
from checks.knowledge import topology_objects
from checks.knowledge.products import product_in
from checks.knowledge.web_ports import REGISTRAR, branch_appliances
from checks.mobility.phone_names import Known, is_inside, known, named
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

    @property
    def address(self) -> str:
        """Where it failed; empty where that is not known, or it did not fail."""
        return self.closed.address if self.closed else ""

    @property
    def told(self) -> str:
        """The place, and how it failed."""
        return f"{self.place}: {self.closed.detail}" if self.closed else f"{self.place}."


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
    every = list(looks)
    done = {look.host for look in every if look.purpose == "http"}
    closed = dict.fromkeys(look.host for look in every if look.purpose == "discovery" and look.closed)
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


async def look_around(context: Context) -> Facts:
    """The ports that a phone at this seat uses, at a Front End also those behind the reverse proxy, in rounds.

    What a round brings decides what the next one asks, and all of them end within the limit of the step.
    """
    deployment, context = context.deployment, context.bounded()
    first = web_places(named(deployment), deployment.vantage)
    looks, names = await context.both(tried(context, first), known(context))
    places = web_places(names, deployment.vantage)
    product, appliances, computers = deployment.product, tuple[str, ...](), tuple[str, ...]()
    if is_inside(deployment.vantage) and names.pool:
        if product is None:
            product = product_in(await context.invoke("Get-CsServerVersion"))
        pools = await context.invoke("Get-CsPool")
        if isinstance(pools, Objects):
            appliances, computers = branch_appliances(pools), front_ends_of(pools, names.pool)
        places += pool_places(names, product, branch=bool(appliances))
    # What the topology showed to be another thing than its name alone said is left out.
    kept = tuple(look for look in looks if (look.host, look.port, look.purpose) in places)
    looks = kept + await tried(context, [place for place in dict.fromkeys(places) if place not in first])
    at_server = at_each(looks, computers if deployment.vantage is Vantage.FRONT_END else ())
    over_http, each = await context.both(tried(context, http_instead(looks)), tried(context, at_server))
    looks += over_http
    reached = {look.port for look in each if isinstance(look.answer, Open) or look.closed}
    balanced = tuple(
        look for look in looks if look.host == names.pool and look.purpose in AT_THE_SERVER and look.port in reached
    )
    return Facts(
        vantage=deployment.vantage,
        pool=names.pool,
        product=product,
        told=names.ports.told,
        appliances=appliances,
        looks=tuple(look for look in looks if look not in balanced) + each,
        balanced=balanced,
        computers=computers,
        site_ports=(names.ports.external_https, names.ports.external_http),
    )


def beside(facts: Facts) -> Iterator[str]:
    """What was seen and is no fault here."""
    closed = {look.host for look in facts.looks if look.closed and look.purpose in {"discovery", "internal"}}
    for look in facts.looks:
        if look.purpose == "http" and look.closed and look.host not in closed:
            yield (
                f"Port {look.port} of {look.host} is closed. That matters only where Autodiscover over HTTP is relied on."
            )
    if facts.balanced:
        yield (
            f"Not by the name {facts.pool}: {', '.join(dict.fromkeys(str(look.port) for look in facts.balanced))}. Each Front "
            "End was asked by its own name instead, because the load balancer need not carry them there."
        )
    hidden = [look for look in facts.looks if look.purpose in AT_THE_SERVER and look.closed]
    if hidden and facts.vantage is not Vantage.FRONT_END:
        numbers = ", ".join(str(look.port) for look in hidden)
        yield (
            f"Not reached from here at {hidden[0].host}: {numbers}. A firewall may keep clients from them; only from a Front "
            "End is that judged."
        )


def without_address(facts: Facts) -> tuple[str, ...]:
    """A line for each name that has no address, so that none of its ports was tried."""
    nameless: Iterable[str] = (
        look.host for look in facts.looks if isinstance(look.answer, Unreached) and look.answer.phase == "name"
    )
    return tuple(f"{host} has no address here, so it was not tried." for host in dict.fromkeys(nameless))
