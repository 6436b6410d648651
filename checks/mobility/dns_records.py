"""Do the names that phones look for resolve, inside and outside, to where they must?"""

from collections.abc import Collection, Iterable

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.dns_views import Sight, Views, control_of, is_of_the_inside, why_unknown
from checks.knowledge.web_services import WebNames, sip_domains, web_names, web_names_of
from checks.mobility.dns_records_problems import VIEWS, Names, Problem, problems
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Objects, Records, Unanswered, View

_MOST_OTHERS = 20
"""Names that the topology brings along, beyond what was named."""

OUTCOMES = Outcomes(
    links.MOBILITY_REQUIREMENTS,
    Answer(name="resolves", status=Status.OK, meaning="every name leads where it must, in each view that was seen"),
    Answer(name="same-names", status=Status.FAILED, meaning="the internal and the external web FQDN are one name"),
    Answer(name="external-missing", status=Status.FAILED, meaning="lyncdiscover has no address outside"),
    Answer(name="web-missing", status=Status.FAILED, meaning="the external web FQDN has no address in one view"),
    Answer(
        name="external-leads-inside",
        status=Status.FAILED,
        meaning="seen from outside, an external name has an address of the inside",
    ),
    Answer(name="none-inside", status=Status.FAILED, meaning="neither discovery name has an address inside"),
    Answer(name="web-internal-missing", status=Status.FAILED, meaning="the internal web FQDN has no address inside"),
    Answer(name="alias-online", status=Status.WARNING, meaning="a discovery name is an alias into Microsoft 365"),
    Answer(
        name="alias-elsewhere",
        status=Status.WARNING,
        meaning="a discovery name is an alias into another domain, which HTTPS does not support",
    ),
    Answer(name="wildcard", status=Status.WARNING, meaning="a wildcard record answers for a discovery name"),
    Answer(
        name="external-internal-address",
        status=Status.WARNING,
        meaning="seen from inside, the public DNS has an address of the inside for an external name",
    ),
    Answer(
        name="web-internal-address",
        status=Status.WARNING,
        meaning="inside, the external web FQDN has the address of the pool, not of the reverse proxy",
    ),
    Answer(
        name="internal-missing",
        status=Status.WARNING,
        meaning="lyncdiscoverinternal has no address inside; lyncdiscover may stand in",
    ),
    Answer(name="internal-public", status=Status.WARNING, meaning="lyncdiscoverinternal resolves outside"),
    Answer(name="web-internal-public", status=Status.WARNING, meaning="the internal web FQDN resolves outside"),
    Answer(
        name="other-domain-missing",
        status=Status.WARNING,
        meaning="another SIP domain of the topology has no lyncdiscover outside",
    ),
    Answer(
        name="other-web-missing",
        status=Status.WARNING,
        meaning="the external web FQDN of a Director or another pool has no address outside",
    ),
    Answer(
        name="not-inside",
        status=Status.UNKNOWN,
        meaning="no name of the deployment has an address inside: this computer may not be in that network",
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no name server told, or there was no name to ask for"),
)


Place = tuple[str, View]
"""A name, and the view in which it is looked up."""


class Facts(Frozen, frozen=True):
    """The names of a deployment, and what both views of DNS say of them, as far as they could be asked."""

    names: Names
    sights: tuple[Sight, ...] = ()


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    first = _places(deployment.domains, deployment.web, deployment.web_internal, deployment.pool)
    sights, (services, domains) = await context.both(_look(context, first), _topology(context))
    names = _names(context, services, domains)
    places = _places(names.domains, names.web, names.web_internal, names.pool)
    others = [f"lyncdiscover.{domain}" for domain in names.other_domains] + [one.external for one in names.other_webs]
    learned = dict.fromkeys([*places, *((name, VIEWS[1]) for name in others)])
    sights += await _look(context, [one for one in learned if one not in first])
    return Facts(names=names, sights=sights + await _domains_without(context, names, sights))


async def _domains_without(context: Context, names: Names, sights: tuple[Sight, ...]) -> tuple[Sight, ...]:
    """The domains themselves, where phones outside find nothing: one that does not exist is mostly a typing error."""
    views = Views(sights, context.view)
    without = [one for one in names.domains if views.missing(f"lyncdiscover.{one}", "outside")]
    found = await _look(context, [(one, "outside") for one in without])
    # Only where it is told: nothing is judged by it but the spelling.
    return tuple(one for one in found if isinstance(one.answer, Records) and one.answer.outcome != "server-failure")


async def _topology(context: Context) -> tuple[Objects | Unanswered, Objects | Unanswered]:
    return await context.both(context.invoke("Get-CsService", WebServer=True), context.invoke("Get-CsSipDomain"))


def _names(context: Context, services: Objects | Unanswered, domains: Objects | Unanswered) -> Names:
    """The names that were given, completed by the topology."""
    deployment = context.deployment
    known = web_names(services) if isinstance(services, Objects) else ()
    all_domains = sip_domains(domains) if isinstance(domains, Objects) else ()
    own = web_names_of(known, deployment.pool, deployment.web) or WebNames(pool=deployment.pool)
    of_outside = tuple(one for one in all_domains if not is_of_the_inside(one))
    named = deployment.domains or (of_outside or all_domains)[:_MOST_OTHERS]
    return Names(
        own_view=context.view,
        edge=deployment.vantage is Vantage.EDGE,
        domains=named,
        other_domains=tuple(one for one in all_domains if one not in named)[:_MOST_OTHERS],
        pool=own.pool,
        web=deployment.web or own.external,
        web_internal=deployment.web_internal or own.internal,
        web_services=known[:_MOST_OTHERS],
    )


def _places(domains: Iterable[str], web: str, web_internal: str, pool: str) -> list[Place]:
    """What is looked up for these names. The pool's inside address is there to compare with."""
    discovery = [
        name
        for domain in domains
        for name in (f"lyncdiscoverinternal.{domain}", f"lyncdiscover.{domain}", control_of(domain))
    ]
    places: list[Place] = [(name, view) for name in (*discovery, web, web_internal) for view in VIEWS]
    return [place for place in dict.fromkeys([*places, (pool, VIEWS[0])]) if place[0]]


async def _look(context: Context, places: Collection[Place]) -> tuple[Sight, ...]:
    return await context.together(*(_sight(context, name, view) for name, view in places))


async def _sight(context: Context, name: str, view: View) -> Sight:
    answer = await context.lookup(name, "ADDRESS", view)
    # The system's own resolution names no server and no alias, so a name server is asked for that.
    told_by_system = isinstance(answer, Records) and answer.outcome == "found" and not answer.server
    alias = None
    if told_by_system and isinstance(answer, Records) and not answer.values("CNAME"):
        alias = await context.lookup(name, "CNAME", view)
    return Sight(name=name, view=view, answer=answer, alias=alias)


def judge(facts: Facts) -> Finding:
    views = Views(facts.sights, facts.names.own_view)
    found = sorted(problems(facts.names, views), key=lambda problem: _GRAVITY.index(problem.answer))
    unknown = [why_unknown(sight) for sight in views.unknown()]
    closed = [f"Not seen from {view}: {why}" for view, why in views.closed().items()]
    unseen = tuple(dict.fromkeys([*(why.detail for why in unknown), *closed]))
    if found and facts.names.edge:
        unseen += (_AT_AN_EDGE,)
    if found:
        return _finding(found, unseen)
    if not facts.names.domains:
        return OUTCOMES.finding(
            "not-seen",
            "No SIP domain was named, so what phones look for is not known.",
            *unseen,
            reason=Reason.MISSING_INPUT,
            command="Get-CsSipDomain",
        )
    if unknown:
        first = unknown[0]
        return OUTCOMES.finding(
            "not-seen",
            f"Not every name could be looked up: {first.detail}",
            *(line for line in unseen if line != first.detail),
            reason=first.reason,
            command=first.command,
        )
    seen = [view for view in VIEWS if view not in views.closed()]
    return OUTCOMES.finding(
        "resolves",
        f"The names that phones of {', '.join(facts.names.domains)} look for lead where they must, {' and '.join(seen)}.",
        *unseen,
        *_not_known(facts.names),
    )


_AT_AN_EDGE = (
    "An Edge may be set to the name servers of the inside, which phones outside never ask: compare with a public one "
    "(DNS outside, under More in the form, or --dns-outside)."
)
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)


def _finding(found: list[Problem], unseen: tuple[str, ...]) -> Finding:
    """The gravest problem, with the remedies of all that are of its kind; the others beside it."""
    first = found[0]
    return OUTCOMES.finding(
        first.answer,
        first.headline,
        *first.detail,
        *(f"Also: {one.headline}" for one in found[1:]),
        *unseen,
        remedies=tuple(remedy for one in found if one.answer == first.answer for remedy in one.remedies),
        reason=Reason.MISSING_INPUT if first.command else None,
        command=first.command,
    )


def _not_known(names: Names) -> tuple[str, ...]:
    missing = [
        what for what, name in (("external web FQDN", names.web), ("internal web FQDN", names.web_internal)) if not name
    ]
    if not missing:
        return ()
    return (
        f"The {' and the '.join(missing)} is not known, so it was not looked up; Get-CsService -WebServer tells it.",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domains = deployment.domains or ("<SIP domain>",)
    web, internal = deployment.web or "<external web FQDN>", deployment.web_internal or "<internal web FQDN>"
    return (
        *(
            line
            for domain in domains
            for line in (
                f"Resolve-DnsName lyncdiscoverinternal.{domain}",
                f"Resolve-DnsName lyncdiscover.{domain} -Server <public name server>",
            )
        ),
        f"Resolve-DnsName {web}",
        f"Resolve-DnsName {web} -Server <public name server>",
        f"Resolve-DnsName {internal}",
        "# Inside, the external web FQDN must lead to the reverse proxy. Outside, lyncdiscoverinternal and the internal",
        "# web FQDN must not resolve. If a name that nobody has resolves too, a wildcard answers:",
        f"Resolve-DnsName {control_of(domains[0])}",
    )


STEP = Step(
    id="mobility.dns",
    title="DNS records",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone knows nothing but the user's address. It asks DNS for lyncdiscoverinternal and then for lyncdiscover in "
    "the domain of that address, and is then sent to the external web FQDN, inside as well as outside.",
    good="Inside, lyncdiscoverinternal leads to the pool. Outside, lyncdiscover leads to the reverse proxy. The external "
    "web FQDN leads to the reverse proxy from both, and the names of the inside do not resolve outside.",
    by_hand=by_hand,
)
