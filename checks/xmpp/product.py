"""Does this product have XMPP federation, where the user is homed and on the Edge?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links, lync_objects, topology_objects
from checks.knowledge.lync_objects import text
from checks.knowledge.products import Release, product_in, release, release_of
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.knowledge.web_ports import branch_appliances
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.pool_services import objects
from checks.probes import Objects, Unanswered
from checks.xmpp import product_remedies as remedies
from checks.xmpp import seats

OUTCOMES = Outcomes(
    links.XMPP_MIGRATION,
    Answer(name="supported", status=Status.OK, meaning="what can be seen from here is 2013 or 2015, which have XMPP"),
    Answer(
        name="not-on-this-version",
        status=Status.NOT_APPLICABLE,
        meaning="nothing here has XMPP on its Edge: it came with 2013 and went with 2019",
    ),
    Answer(
        name="edge-without-xmpp", status=Status.FAILED, meaning="pools have XMPP, and no Edge does that would carry it"
    ),
    Answer(
        name="pool-without-xmpp", status=Status.FAILED, meaning="the user is homed in a pool of a version without XMPP"
    ),
    Answer(
        name="branch-appliance",
        status=Status.FAILED,
        meaning="the user is homed on a Survivable Branch Appliance, which XMPP is not supported for",
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no server can be asked from here"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="which version this is was not shown"),
)
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


class Place(Frozen, frozen=True):
    """A pool or an Edge, and which release it is."""

    fqdn: str
    release: Release | None = None
    """None: not shown."""
    ports: tuple[str, str] | None = None
    """Of an Edge the ports for partners and for Front Ends, empty for null; None: not shown."""


class Home(Frozen, frozen=True):
    """A user and the pool that homes him; empty where he has none, or it was not shown."""

    sip: str
    pool: str = ""


class Facts(Frozen, frozen=True):
    """The releases of the topology, or of the one server that can be asked."""

    partner: str = ""
    asked: Release | None = None
    """Of the server that was asked itself."""
    edges: tuple[Place, ...] = ()
    pools: tuple[Place, ...] = ()
    """Those inside."""
    home: Home | None = None
    appliances: tuple[str, ...] = ()
    unseen: Unseen | None = None
    """Why nothing was told; set only where no release at all was seen."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    at_edge = deployment.vantage is Vantage.EDGE
    version, pools, edges, replicas = await context.together(
        context.invoke("Get-CsServerVersion", on="edge" if at_edge else "front-end"),
        context.invoke("Get-CsPool"),
        _edges(context),
        context.invoke("Get-CsManagementStoreReplicationStatus"),
    )
    sip = next(iter(deployment.users), "")
    user = await context.invoke("Get-CsUser", Identity=sip) if sip and isinstance(pools, Objects) else None
    named = deployment.product or product_in(version)
    known = _releases(objects(pools), objects(replicas))
    of_edges = {(text(one, "PoolFqdn")).lower() for one in objects(edges)}
    return Facts(
        partner=deployment.partner,
        asked=release(named) if named else None,
        edges=tuple(_edge(one, known) for one in objects(edges)[:50] if text(one, "PoolFqdn")),
        pools=tuple(Place(fqdn=fqdn, release=found) for fqdn, found in known.items() if fqdn not in of_edges),
        home=_home(user, sip) if isinstance(user, Objects) else None,
        appliances=tuple(name.lower() for name in branch_appliances(pools)) if isinstance(pools, Objects) else (),
        unseen=None if named else _unseen(version, deployment),
    )


async def _edges(context: Context) -> Objects | Unanswered:
    if context.deployment.vantage is Vantage.EDGE:
        return await context.invoke("Get-CsService", on="edge", EdgeServer=True, LocalStore=True)
    return await context.invoke("Get-CsService", EdgeServer=True)


def _unseen(version: Objects | Unanswered, deployment: Deployment) -> Unseen:
    at_edge = deployment.vantage is Vantage.EDGE
    failure = seats.of_edge(version, deployment) if at_edge else seats.of_deployment(version, deployment)
    return failure or Unseen(
        reason=Reason.MISSING_INPUT, detail="it names no product that is known.", command="Get-CsServerVersion"
    )


def _releases(
    pools: tuple[dict[str, object], ...], replicas: tuple[dict[str, object], ...]
) -> dict[str, Release | None]:
    """By pool its release: every computer's replica reports the build. None where none of them did."""
    builds = {text(one, "ReplicaFqdn").lower(): release_of(text(one, "ProductVersion")) for one in replicas}
    known = topology_objects.pools(pools)
    return {
        pool.fqdn: next(filter(None, (builds.get(name) for name in pool.computers or ())), builds.get(pool.fqdn))
        for pool in known
    }


def _edge(one: dict[str, object], known: dict[str, Release | None]) -> Place:
    names = ("XmppListeningPort", "XmppInternalPort")
    shown = all(lync_objects.has(one, name) for name in names)
    listening, internal = (text(one, name)[:5] for name in names)
    fqdn = text(one, "PoolFqdn").lower()
    return Place(fqdn=fqdn, release=known.get(fqdn), ports=(listening, internal) if shown else None)


def _home(answer: Objects, sip: str) -> Home | None:
    found = lync_objects.user(answer, sip)
    return Home(sip=sip, pool=found.pool) if found else None


def judge(facts: Facts) -> Finding:
    places = [*facts.edges, *facts.pools]
    releases = [one for one in (facts.asked, *(place.release for place in places)) if one]
    if not releases:
        missing = facts.unseen or Unseen(reason=Reason.MISSING_INPUT, detail="it was not shown.")
        return not_seen(OUTCOMES, missing, "Which version this is could not be seen")
    if not any(one.has_xmpp for one in releases):
        return _nowhere(releases[0])
    return _home_fault(facts) or _edge_fault(facts) or _supported(facts, releases)


def _nowhere(found: Release) -> Finding:
    older = "2010" in found.name
    return OUTCOMES.finding(
        "not-on-this-version",
        f"{found.name} has no XMPP federation{'' if older else ' any more'}.",
        "There it was a server role of its own, the XMPP Gateway, which is not looked at here."
        if older
        else "It was removed with 2019, whatever cmdlets are still there. Users keep it as long as they are homed in a "
        "pool of 2013 or 2015 that goes out over an Edge of that version.",
    )


def _home_fault(facts: Facts) -> Finding | None:
    home = facts.home
    if home is None or not home.pool:
        return None
    others = [one.fqdn for one in facts.pools if one.release and one.release.has_xmpp]
    if home.pool in facts.appliances:
        return OUTCOMES.finding(
            "branch-appliance",
            f"{home.sip} is homed on the branch appliance {home.pool}: XMPP is not supported there.",
            "Users of a Survivable Branch Appliance are left out of XMPP federation by design.",
            remedies=(remedies.move(home.sip, [name for name in others if name not in facts.appliances]),),
        )
    place = next((one for one in facts.pools if one.fqdn == home.pool), None)
    if place is None or place.release is None or place.release.has_xmpp:
        return None
    return OUTCOMES.finding(
        "pool-without-xmpp",
        f"{home.sip} is homed in {home.pool}, whose version has no XMPP federation.",
        f"It is {place.release.name}.",
        "Users who need XMPP stay in a pool of 2013 or 2015, and its Edge stays too.",
        remedies=(remedies.move(home.sip, others),),
    )


def _edge_fault(facts: Facts) -> Finding | None:
    seen = [one for one in facts.edges if one.release]
    if not seen or any(one.release and one.release.has_xmpp for one in seen) or len(seen) < len(facts.edges):
        return None
    if not any(one.release and one.release.has_xmpp for one in facts.pools):
        return None
    names = ", ".join(one.fqdn for one in seen[:3])
    return OUTCOMES.finding(
        "edge-without-xmpp",
        f"No Edge here has XMPP federation: {names}.",
        *(f"{one.fqdn} is {one.release.name}." for one in seen[:3] if one.release),
        "The pools have it, and need an Edge of 2013 or 2015 to reach partners.",
        remedies=remedies.keep_edge(),
    )


def _supported(facts: Facts, releases: list[Release]) -> Finding:
    own = next(one for one in releases if one.has_xmpp)
    return OUTCOMES.finding(
        "supported",
        f"{own.name} has XMPP federation.",
        *_lines(facts),
        *_partner_line(facts.partner),
    )


def _lines(facts: Facts) -> Iterator[str]:
    for one in facts.edges[:5]:
        name = one.release.name if one.release else "version not shown"
        yield f"Edge {one.fqdn}: {name}{_ports(one)}."
    if facts.home and facts.home.pool:
        yield f"{facts.home.sip} is homed in {facts.home.pool}."
    elif not facts.pools:
        yield "Where users are homed is not seen from here. A pool of 2019 or later would leave its users without XMPP."


def _ports(edge: Place) -> str:
    if edge.ports is None:
        return ""
    listening, internal = edge.ports
    if listening and internal:
        return f", ports {listening} for partners and {internal} for Front Ends"
    return ", without ports for XMPP, as an Edge that no XMPP route leads to (see “XMPP route”)"


def _partner_line(partner: str) -> Iterator[str]:
    if partner in _GOOGLE:
        yield f"{partner}: Google has ended XMPP federation, whatever is configured here."
    elif partner:
        yield f"Microsoft tested it with Google Talk alone. For {partner}, support comes from the vendor of its server."


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    user = deployment.users[0] if deployment.users else "sip:<user>@<domain>"
    return (
        "Get-CsServerVersion",
        "Get-CsManagementStoreReplicationStatus | Select-Object ReplicaFqdn,ProductVersion",
        "Get-CsService -EdgeServer | Select-Object PoolFqdn,Version,XmppListeningPort,XmppInternalPort",
        f'Get-CsUser -Identity "{user}" | Select-Object SipAddress,RegistrarPool',
        "# 5.0 is 2013 and 6.0 is 2015: these have XMPP. 7.0 is 2019 or later, and 4.0 is 2010: these have none.",
    )


STEP = Step(
    id="xmpp.product",
    title="Version",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="XMPP federation is a part of Lync Server 2013 and of Skype for Business Server 2015, and was removed from 2019. A "
    "user who was moved to a newer pool loses his XMPP contacts, and nothing says why.",
    good="The user's pool and the Edge are both 2013 or 2015. A newer Edge or pool may stand beside them.",
    by_hand=by_hand,
    limit=45.0,
)
