"""The Front Ends whose gateway is looked at, and the services that each of them shows."""

from checks.context import Context
from checks.knowledge import topology_objects
from checks.knowledge.lync_objects import is_partial, text, value
from checks.knowledge.products import release_of
from checks.knowledge.shell_answers import Unseen
from checks.model import Frozen
from checks.pool_services import FRONT_END, REPLICATOR, Computer, as_computer, ask_services, computer_names, objects
from checks.probes import Objects
from checks.xmpp import seats

GATEWAY = "RTCXMPPTGW"
"""The gateway's short name, which no language changes. No document tells the proxy's."""


class FrontEnds(Frozen, frozen=True):
    """The computers of a pool."""

    pool: str = ""
    """The pool that was looked at; empty where there is none."""
    pools: tuple[str, ...] = ()
    """Those that home users."""
    computers: tuple[Computer, ...] = ()
    """Those that may have a gateway."""
    whole: tuple[str, ...] = ()
    """The computers that are sure to have listed all of their services."""
    without_xmpp: tuple[str, ...] = ()
    """The computers of the pool that are of a version without XMPP, and were not asked."""
    unseen: Unseen | None = None

    def lacks_gateway(self, computer: Computer) -> bool:
        """True where all was listed, with what every Front End has, and the gateway was not."""
        listed = computer.fqdn in self.whole and all(map(computer.status, (FRONT_END, REPLICATOR)))
        return listed and not computer.status(GATEWAY)


async def ask_front_ends(context: Context) -> FrontEnds:
    """The computers of the named pool, else of the only one there is."""
    pools, replicas = await context.together(
        context.invoke("Get-CsPool"), context.invoke("Get-CsManagementStoreReplicationStatus")
    )
    known = topology_objects.pools(objects(pools))
    homing = _homing(objects(pools))
    deployment = context.deployment
    pool = topology_objects.find_pool(known, deployment.pool or (homing[0] if len(homing) == 1 else ""))
    later = _without_xmpp(objects(replicas))
    names = await computer_names(context, pool) if pool else ()
    asked = [name for name in names if name not in later]
    answers = await context.together(*(ask_services(context, name) for name in asked))
    told = dict(zip(asked, answers, strict=True))
    return FrontEnds(
        pool=pool.fqdn if pool else "",
        pools=homing,
        computers=tuple(as_computer(name, answer, deployment) for name, answer in told.items()),
        whole=tuple(name for name, answer in told.items() if isinstance(answer, Objects) and not is_partial(answer)),
        without_xmpp=tuple(name for name in names if name in later),
        unseen=seats.of_deployment(pools, deployment),
    )


def _homing(shown: tuple[dict[str, object], ...]) -> tuple[str, ...]:
    named = ((text(one, "Fqdn") or text(one, "Identity")).lower() for one in shown if _homes_users(one))
    return tuple(dict.fromkeys(filter(None, named)))


def _homes_users(pool: dict[str, object]) -> bool:
    services = value(pool, "Services")
    return isinstance(services, list | tuple) and any(str(one).lower().startswith("userserver:") for one in services)


def _without_xmpp(replicas: tuple[dict[str, object], ...]) -> frozenset[str]:
    builds = ((text(one, "ReplicaFqdn").lower(), release_of(text(one, "ProductVersion"))) for one in replicas)
    return frozenset(name for name, found in builds if found and not found.has_xmpp)
