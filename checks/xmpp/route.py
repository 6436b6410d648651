"""Does a site have an XMPP federation route, and does it lead to an Edge that speaks XMPP?"""

from collections.abc import Iterable, Iterator

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects, topology_objects
from checks.knowledge.lync_objects import is_partial
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.knowledge.sites import EdgePool, Site, edge_pools, find_edge, find_site, sites
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.probes import Objects, Unanswered
from checks.text import clean
from checks.xmpp import route_remedies as remedies
from checks.xmpp.seats import of_deployment

OUTCOMES = Outcomes(
    links.cmdlet("Set-CsSite"),
    Answer(name="set", status=Status.OK, meaning="a route is set, and leads to an Edge of the topology"),
    Answer(name="no-route", status=Status.FAILED, meaning="no site has an XMPP federation route"),
    Answer(name="edge-unknown", status=Status.FAILED, meaning="the route leads to an Edge that the topology does not have"),
    Answer(
        name="edge-without-xmpp",
        status=Status.WARNING,
        meaning="the route leads to an Edge without ports for XMPP, as one of 2019 is",
    ),
    Answer(name="site-without-route", status=Status.WARNING, meaning="other sites have a route, the user's site has none"),
    Answer(name="leads-elsewhere", status=Status.WARNING, meaning="no route leads to the Edge that the walk looks at"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the sites or their routes were not shown"),
)  # fmt: skip
_GRAVITY = ("edge-unknown", "edge-without-xmpp", "leads-elsewhere", "site-without-route")
_SITES = "Get-CsSite"
_SHOW = "Get-CsSite | Select-Object Identity,SiteType,XmppFederationRoute,FederationRoute"
_NOT_SIP = "FederationRoute is the route of SIP federation. XMPP does not use it."


class Facts(Frozen, frozen=True):
    """The sites with their routes, the Edge pools, and the two that the walk is about."""

    sites: tuple[Site, ...] = ()
    partial: bool = False
    """True where there may be more sites than those."""
    edges: tuple[EdgePool, ...] | None = None
    """None: not seen, or not all of them."""
    edge: str = ""
    """The pool of the Edge that the walk looks at; empty where none is named, or its pool is not known."""
    whose: str = ""
    """The user, else the pool, that the walk is about."""
    site: str = ""
    """Their site; empty where it is not known."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    sip = next(iter(deployment.users), "")
    answer, services, pools, *of_user = await context.together(
        context.invoke(_SITES),
        context.invoke("Get-CsService", EdgeServer=True),
        context.invoke("Get-CsPool"),
        *(context.invoke("Get-CsUser", Identity=sip) for _ in deployment.users[:1]),
    )
    whose, pool = _home(sip, of_user, deployment.pool)
    edges = edge_pools(services.objects) if isinstance(services, Objects) and not is_partial(services) else None
    return Facts(
        sites=sites(_objects(answer)),
        partial=isinstance(answer, Objects) and is_partial(answer),
        edges=edges or None,
        edge=_edge_pool(deployment.edge, edges or (), pools),
        whose=whose,
        site=lync_objects.site_of(_objects(pools), pool),
        unseen=of_deployment(answer, deployment),
    )


def _home(sip: str, of_user: Iterable[Objects | Unanswered], pool: str) -> tuple[str, str]:
    """Whom the walk is about, and the pool that serves them: the user's own, else the one that was named."""
    users = (lync_objects.user(answer, sip) for answer in of_user if isinstance(answer, Objects))
    served = next((user.pool for user in users if user is not None and user.pool), "")
    return (sip, served) if served else (pool, pool)


def _edge_pool(name: str, edges: tuple[EdgePool, ...], pools: Objects | Unanswered) -> str:
    """The Edge pool that goes by that name, or has a computer of that name."""
    holding = topology_objects.find_pool(topology_objects.pools(_objects(pools)), name) if name else None
    found = find_edge(edges, name) or find_edge(edges, holding.fqdn if holding else "")
    return found.fqdn if found else ""


def _objects(answer: Objects | Unanswered) -> tuple[lync_objects.Properties, ...]:
    return answer.objects if isinstance(answer, Objects) else ()


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which site has an XMPP route could not be seen")
    central = [one for one in facts.sites if one.central is not False]
    routed = [one for one in central if one.xmpp_route]
    if not routed:
        return _none(facts, central)
    own = _own(facts)
    asked = [own] if own is not None and own.xmpp_route else routed
    found = [*(one for site in asked for one in _of_route(site, facts)), *_beside(facts, routed, own)]
    if found:
        return gravest(found, _GRAVITY, *_shown(central))
    return OUTCOMES.finding(
        "set",
        f"XMPP leaves the site {clean(asked[0].name, 100)} through {clean(asked[0].xmpp_route or '', 100)}.",
        *_shown(central),
        *_unlisted(facts),
        "That is what the topology says. Whether it was published and taken over shows in “Edge listens” and “Replication”.",
    )


def _none(facts: Facts, central: list[Site]) -> Finding:
    hidden = [one for one in central if one.xmpp_route is None]
    if hidden or facts.partial or not central:
        what = f"The XMPP route of {_listed(hidden)} was not shown." if hidden else "Not all sites were shown."
        return OUTCOMES.finding("not-seen", what, reason=Reason.MISSING_INPUT, command=_SHOW)
    named = find_site(facts.sites, central[0].name if len(central) == 1 else facts.site)
    return OUTCOMES.finding(
        "no-route",
        f"No site has an XMPP federation route, so no Edge listens for XMPP: {_listed(central)}.",
        "XmppFederationRoute is empty.",
        _NOT_SIP,
        remedies=remedies.add_route(named.name if named else "", _edge(facts)),
    )


def _own(facts: Facts) -> Site | None:
    """The central site of whom the walk is about."""
    site = find_site(facts.sites, facts.site)
    return find_site(facts.sites, site.parent) if site is not None and site.parent else site


def _edge(facts: Facts) -> str:
    """The Edge that a route would lead to: the one that the walk looks at, or the only one."""
    return facts.edge or (facts.edges[0].fqdn if facts.edges is not None and len(facts.edges) == 1 else "")


def _of_route(site: Site, facts: Facts) -> Iterator[Finding]:
    """What is wrong with the end of one route."""
    if facts.edges is None:
        return
    route, name = clean(site.xmpp_route or "", 200), clean(site.name, 100)
    edge = find_edge(facts.edges, site.xmpp_route or "")
    if edge is None:
        yield OUTCOMES.finding(
            "edge-unknown",
            f"The XMPP route of {name} leads to {route}, which is no Edge of the topology.",
            f"The topology has {_edges(facts.edges)}.",
            "Such a route is left over when an Edge is taken out, or it was mistyped. The Front End then has nobody to hand "
            "messages to.",
            remedies=remedies.add_route(site.name, _edge(facts)),
        )
    elif edge.has_xmpp is False:
        others = [one.fqdn for one in facts.edges if one.has_xmpp]
        yield OUTCOMES.finding(
            "edge-without-xmpp",
            f"The XMPP route of {name} leads to {route}, for which the topology has no XMPP port.",
            "XmppListeningPort and XmppInternalPort are empty, as on an Edge of 2019, which has no XMPP. No document says "
            "that they are filled on every Edge of 2013 and 2015, so see “Edge listens” too.",
            remedies=remedies.lead_to(site.name, others[0] if len(others) == 1 else ""),
        )


def _beside(facts: Facts, routed: list[Site], own: Site | None) -> Iterator[Finding]:
    """What follows from routes that are right by themselves."""
    if own is not None and own.xmpp_route == "":
        name = clean(own.name, 100)
        yield OUTCOMES.finding(
            "site-without-route",
            f"{_listed(routed)} has an XMPP route, and {name}, the site of {facts.whose}, has none.",
            "Routes are set for each central site. Whether users of a site without one are served by another site's route "
            "is not documented.",
            remedies=remedies.lead_to(own.name, routed[0].xmpp_route or ""),
        )
    ends = [find_edge(facts.edges or (), one.xmpp_route or "") for one in routed]
    if facts.edge and None not in ends and facts.edge not in {one.fqdn for one in ends if one is not None}:
        yield OUTCOMES.finding(
            "leads-elsewhere",
            f"No XMPP route leads to {facts.edge}: XMPP leaves through {clean(routed[0].xmpp_route or '', 100)}.",
            "That this Edge does not listen for XMPP is then as it should be.",
            remedies=remedies.other_edge(routed[0].name, routed[0].xmpp_route or "", facts.edge),
        )


def _shown(central: list[Site]) -> tuple[str, ...]:
    """Every central site with its route, as Get-CsSite has it."""
    words = {None: "not shown", "": "none"}
    return tuple(
        f"{clean(one.name, 100)}: {words.get(one.xmpp_route) or clean(one.xmpp_route or '', 200)}."
        for one in central[:8]
    )


def _unlisted(facts: Facts) -> tuple[str, ...]:
    return () if facts.edges is not None else ("Whether the topology has that Edge was not seen.",)


def _listed(named: list[Site]) -> str:
    return ", ".join(clean(one.name, 60) for one in named[:4]) + (
        f" and {len(named) - 4} more" if len(named) > 4 else ""
    )


def _edges(edges: tuple[EdgePool, ...]) -> str:
    return ", ".join(clean(one.fqdn, 100) for one in edges[:4])


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    edge = deployment.edge or "<Edge pool FQDN>"
    return (
        _SHOW,
        "Get-CsService -EdgeServer | Select-Object Identity,XmppListeningPort,XmppInternalPort",
        "# In Topology Builder the route stands under the site's properties, at “Site federation route assignment”.",
        "# It can be set there, or by the next line. A site is named without “Site:”.",
        f"Set-CsSite -Identity <site> -XmppFederationRoute EdgeServer:{edge}",
        "# In Topology Builder nothing holds until the topology is published. Then run “Setup or Remove Lync Server "
        "Components” again, on the Front End first and on the Edge after it.",
    )


STEP = Step(
    id="xmpp.route",
    title="XMPP route",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="The route tells a site which Edge its XMPP messages leave through. Without it the XMPP proxy is not even installed "
    "on the Edge, or does not listen: netstat shows nothing, although everything else was done right.",
    good="XmppFederationRoute of the site is EdgeServer: and the FQDN of an Edge pool of 2013 or 2015, the topology was "
    "published after that, and the Edge listens.",
    by_hand=by_hand,
)
