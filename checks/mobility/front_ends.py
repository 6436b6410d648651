"""The machines that serve phones: the Front Ends of the users' pools, and the Directors, each by its own name."""

from collections.abc import Iterable

from checks.context import Context
from checks.deployment import InvalidName, parse_fqdn
from checks.knowledge import lync_objects, topology_objects
from checks.knowledge.lync_objects import Properties, text, value
from checks.knowledge.topology_objects import find_pool
from checks.knowledge.web_ports import web_ports
from checks.model import Frozen
from checks.probes import Objects, Unanswered

MOST_MACHINES = 24
"""More than the largest pool and its Directors."""


class Machine(Frozen, frozen=True):
    """A computer with the web services of a pool, and the ports of its two web sites."""

    fqdn: str
    pool: str
    director: bool = False
    internal_port: int = 443
    external_port: int = 4443


async def home_pools(context: Context) -> tuple[str, ...]:
    """The pools of the users, because phones are served by their own pool; else the one that was named."""
    answers = await context.together(*(_user(context, sip) for sip in context.deployment.users))
    homes = tuple(dict.fromkeys(user.pool for user in answers if user is not None and user.pool))
    return homes or ((context.deployment.pool,) if context.deployment.pool else ())


async def machines(context: Context, pools: Objects, services: Objects | Unanswered) -> tuple[Machine, ...]:
    """Those of the users' pools first, then the Directors; none where the topology does not show the computers."""
    known = topology_objects.pools(pools.objects)
    homes = [home for name in await home_pools(context) if (home := find_pool(known, name))]
    directors = _directors(pools.objects)
    wanted = [*homes, *(pool for pool in known if pool.fqdn in directors and pool not in homes)]
    found: list[Machine] = []
    for pool in wanted:
        names = pool.computers
        if names is None:
            # A console shows four of them and no more.
            answer = await context.invoke("Get-CsComputer")
            names = topology_objects.computers_of(answer.objects, pool.fqdn) if isinstance(answer, Objects) else ()
        ports = web_ports(services, pool.fqdn) if isinstance(services, Objects) else web_ports(Objects(), "")
        found += [
            Machine(
                fqdn=name,
                pool=pool.fqdn,
                director=pool.fqdn in directors,
                internal_port=ports.internal_https,
                external_port=ports.external_https,
            )
            for name in filter(_is_host, names)
        ]
    return tuple(found[:MOST_MACHINES])


async def _user(context: Context, sip: str) -> lync_objects.User | None:
    answer = await context.invoke("Get-CsUser", Identity=sip)
    return lync_objects.user(answer, sip) if isinstance(answer, Objects) else None


def _is_host(name: str) -> bool:
    try:
        return bool(parse_fqdn(name))
    except InvalidName:
        return False


def _directors(pools: Iterable[Properties]) -> frozenset[str]:
    """The pools that have web services and a registrar, and no users of their own: so a Director stands in the topology."""
    named = ((text(one, "Fqdn") or text(one, "Identity"), _roles(one)) for one in pools)
    return frozenset(
        name.lower()
        for name, roles in named
        if {"registrar", "webserver"} <= roles and "userserver" not in roles and name
    )


def _roles(pool: Properties) -> frozenset[str]:
    """The roles of a pool; none where they were not shown whole: a console ends a long list with dots."""
    services = value(pool, "Services")
    listed = [str(one) for one in services] if isinstance(services, list | tuple) else []
    cut = any(one.endswith(("...", "…")) for one in listed)
    return frozenset() if cut else frozenset(one.partition(":")[0].lower() for one in listed)
