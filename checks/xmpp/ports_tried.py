"""The ports of both sides of an Edge that a seat tries, and what came of it."""

from collections.abc import Iterator
from typing import Literal

from checks.context import Context
from checks.deployment import Vantage
from checks.knowledge import topology_objects
from checks.knowledge.edge_interfaces import EdgeInterface, edge_interfaces
from checks.knowledge.topology_objects import Pool
from checks.model import Frozen
from checks.probes import Objects, Open, Unanswered, Unreached
from checks.xmpp.connections import Reached, reached
from checks.xmpp.streams import seen_live, streams

GATEWAY, SIP, REPLICATION = 23456, 5061, 4443
MOST_HOSTS = 8
"""Edge servers whose ports are tried."""

Purpose = Literal["gateway", "sip", "replication"]
Place = tuple[str, int, Purpose]


class Look(Frozen, frozen=True):
    """One port of the Edge's internal side."""

    host: str
    port: int
    purpose: Purpose
    answer: Open | Unreached | Unanswered

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def closed(self) -> Unreached | None:
        """How it failed; None where it is open, or its name has no address, which closes no port."""
        return self.answer if isinstance(self.answer, Unreached) and self.answer.phase == "connect" else None


class Facts(Frozen, frozen=True):
    """Both sides of the Edge, as far as they are seen from a seat."""

    vantage: Vantage
    live: bool = False
    """True where this seat tries the outside itself."""
    outside: tuple[Reached, ...] = ()
    """For each SIP domain."""
    inside: tuple[Look, ...] = ()
    late: tuple[str, ...] = ()
    """Computers whose copy of the configuration is known not to be up to date, in lower case."""


async def look_around(context: Context) -> Facts:
    """Where partners connect to, as far as this seat tells; from inside, what a Front End needs of each Edge server."""
    context = context.bounded()
    deployment = context.deployment
    seen, (looks, late) = await context.both(streams(context, "ours"), context.both(_inside(context), _late(context)))
    return Facts(
        vantage=deployment.vantage,
        live=seen_live(deployment, "ours"),
        outside=reached(seen),
        inside=looks,
        late=late,
    )


async def _late(context: Context) -> tuple[str, ...]:
    if context.deployment.vantage is not Vantage.FRONT_END:
        return ()
    status = await context.invoke("Get-CsManagementStoreReplicationStatus")
    replicas = topology_objects.replicas(status.objects) if isinstance(status, Objects) else ()
    return tuple(one.fqdn for one in replicas if one.up_to_date is False)


async def _inside(context: Context) -> tuple[Look, ...]:
    deployment = context.deployment
    if deployment.vantage not in {Vantage.FRONT_END, Vantage.INSIDE}:
        return ()
    services, pools = await context.both(context.invoke("Get-CsService", EdgeServer=True), context.invoke("Get-CsPool"))
    edges = edge_interfaces(services.objects) if isinstance(services, Objects) else ()
    known = topology_objects.pools(pools.objects) if isinstance(pools, Objects) else ()
    tried = list(places(deployment.edge, edges, known))
    answers = await context.together(*(context.port(host, port, "inside") for host, port, _ in tried))
    return tuple(
        Look(host=host, port=port, purpose=purpose, answer=answer)
        for (host, port, purpose), answer in zip(tried, answers, strict=True)
    )


def places(named: str, edges: tuple[EdgeInterface, ...], pools: tuple[Pool, ...]) -> Iterator[Place]:
    """The ports of the Edge that was named, pool or server, else of all that the topology has.

    Each server is asked by its own name: a load balancer that has the pool's need not carry these ports.
    """
    gateways = {host: edge.internal_port or GATEWAY for edge in edges for host in servers_of(edge, pools)}
    chosen = [edge for edge in edges if named and named in {edge.pool, edge.inside}]
    if chosen:
        gateways = {host: edge.internal_port or GATEWAY for edge in chosen for host in servers_of(edge, pools)}
    elif named:
        gateways = {named: gateways.get(named, GATEWAY)}
    for host, gateway in list(gateways.items())[:MOST_HOSTS]:
        yield host, gateway, "gateway"
        yield host, SIP, "sip"
        yield host, REPLICATION, "replication"


def servers_of(edge: EdgeInterface, pools: tuple[Pool, ...]) -> tuple[str, ...]:
    """The computers of an Edge pool; where they were not shown, the name of its internal interface."""
    pool = next((one for one in pools if one.fqdn == edge.pool), None)
    return (pool.computers if pool else None) or (edge.inside or edge.pool,)
