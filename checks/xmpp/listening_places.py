"""Where an Edge should listen for XMPP: the ports of the topology, and the addresses of its names."""

from checks.context import Context
from checks.deployment import Vantage
from checks.knowledge.edge_interfaces import edge_interfaces
from checks.knowledge.lync_objects import text
from checks.probes import Objects, Records, Unanswered


async def topology_of(context: Context) -> Objects | Unanswered:
    """The Edges as the seat can know them."""
    if context.deployment.vantage is Vantage.EDGE:
        # An Edge does not reach the Central Management store; its own replica tells the same.
        return await context.invoke("Get-CsService", on="edge", EdgeServer=True, LocalStore=True)
    return await context.invoke("Get-CsService", EdgeServer=True)


def port_of(topology: Objects | Unanswered, edge: str, name: str) -> int:
    """The port of that Edge, or of the only one there is; 0 where it cannot be told."""
    edges = topology.objects if isinstance(topology, Objects) else ()
    wanted = edge.lower()
    named = [
        one for one in edges if wanted in {text(one, "PoolFqdn").lower(), text(one, "InternalInterfaceFqdn").lower()}
    ]
    ports = {text(one, name) for one in (named if edge and named else edges)}
    port = ports.pop() if len(ports) == 1 else ""
    return int(port) if port.isascii() and port.isdigit() and int(port[:6]) < 65536 else 0


async def external_addresses(context: Context, topology: Objects | Unanswered) -> tuple[str, ...]:
    """Of the Access Edge FQDN, and of what the SRV records name: either may be wrong, which is another step's matter."""
    edges = edge_interfaces(topology.objects) if isinstance(topology, Objects) else ()
    records = (context.lookup(f"_xmpp-server._tcp.{domain}", "SRV", "outside") for domain in context.deployment.domains)
    names = [one.access for one in edges if one.access]
    for services in await context.together(*records):
        names += services.values("SRV") if isinstance(services, Records) else ()
    found = await context.together(*(context.lookup(name, "ADDRESS", "outside") for name in dict.fromkeys(names)))
    return tuple(address for one in found if isinstance(one, Records) for address in one.addresses)


async def internal_addresses(context: Context) -> tuple[str, ...]:
    """Of the Edge that was named."""
    if not context.deployment.edge:
        return ()
    found = await context.lookup(context.deployment.edge, "ADDRESS", "inside")
    return found.addresses if isinstance(found, Records) else ()
