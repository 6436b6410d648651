"""Can push notifications reach phones that need them?"""

from collections.abc import Mapping

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import Properties
from checks.knowledge.products import product_in
from checks.knowledge.push_objects import Federating, Filter, Mcx, Provider, Switches, lists_domain
from checks.knowledge.scopes import nearest
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.knowledge.web_services import sip_domains
from checks.mobility import push_remedies as remedies
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Objects, Records, Unanswered
from checks.text import clean

OUTCOMES = Outcomes(
    links.PUSH_NOTIFICATIONS,
    Answer(name="on", status=Status.OK, meaning="switched on, and the way to the push service is open"),
    Answer(name="off", status=Status.OK, meaning="switched off, as by default; few phones need them"),
    Answer(
        name="proxy-changed", status=Status.FAILED, meaning="they are sent to another address than the push service"
    ),
    Answer(name="federation-off", status=Status.FAILED, meaning="switched on, while the Edge federates with nobody"),
    Answer(name="provider-missing", status=Status.FAILED, meaning="no hosting provider leads to the push service"),
    Answer(
        name="provider-disabled", status=Status.FAILED, meaning="the hosting provider of the push service is disabled"
    ),
    Answer(name="domain-not-allowed", status=Status.FAILED, meaning="push.lync.com is not among the allowed domains"),
    Answer(name="srv-missing", status=Status.FAILED, meaning="a SIP domain has no SRV record of federation outside"),
    Answer(
        name="filter-blocks", status=Status.FAILED, meaning="the URL filter blocks http: or https:, and push with it"
    ),
    Answer(
        name="domain-left-to-discovery",
        status=Status.WARNING,
        meaning="push.lync.com is not allowed by name; discovery may find it",
    ),
    Answer(
        name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="2019 and Subscription Edition have no Mcx"
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the switches, or a part of the way, were not shown"),
)

_SWITCHES = "Get-CsPushNotificationConfiguration"
_MCX = "Get-CsMcxConfiguration"
_ACCESS_EDGE = "Get-CsAccessEdgeConfiguration"
_PROVIDERS = "Get-CsHostingProvider"
_DOMAINS = "Get-CsAllowedDomain"
_FILTER = "Get-CsImFilterConfiguration"
_MOST_DOMAINS = 20
_WAY = (_MCX, _ACCESS_EDGE, _PROVIDERS, _DOMAINS, _FILTER)

_WHO_NEEDS_THEM = "Windows Phone needs them, and so does Lync 2010 Mobile on an iPhone or iPad. Lync 2013 on Apple devices needs none."


class Published(Frozen, frozen=True):
    """What public DNS says of the federation record of a SIP domain."""

    domain: str
    answer: Records | Unanswered


class Facts(Frozen, frozen=True):
    """The switches, and each part of the way from the pool to the push service."""

    product: Product | None = None
    pool: str = ""
    site: str = ""
    sees_outside: bool = False
    """True at a seat whose own DNS is the public one."""
    switches: tuple[Switches, ...] = ()
    mcx: tuple[Mcx, ...] = ()
    federating: Federating | None = None
    providers: tuple[Provider, ...] = ()
    domain_allowed: bool | None = None
    """Whether push.lync.com is among the allowed domains; None where the list was not shown whole."""
    published: tuple[Published, ...] = ()
    filters: tuple[Filter, ...] = ()
    unseen: Mapping[str, Unseen] = {}
    """By cmdlet, why it told nothing."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    product = deployment.product or product_in(await context.invoke("Get-CsServerVersion"))
    if product is not None and not product.has_mcx_and_xmpp:
        return Facts(product=product)
    answer = await context.invoke(_SWITCHES)
    failure = _failure(_SWITCHES, answer, deployment)
    switches = tuple(Switches.of(one) for one in _objects(answer))
    if failure is not None or all(one.off for one in switches):
        # Nothing is sent anywhere, so the way does not matter.
        return Facts(product=product, switches=switches, unseen={_SWITCHES: failure} if failure else {})
    pool, site = await _home(context)
    domains = deployment.domains or await _domains(context)
    way, records = await context.both(
        context.together(*map(context.invoke, _WAY)),
        context.together(*(context.lookup(_record(domain), "SRV", "outside") for domain in domains)),
    )
    answers = dict(zip(_WAY, way, strict=True))
    failures = {name: _failure(name, answer, deployment) for name, answer in answers.items()}
    return Facts(
        product=product,
        pool=pool,
        site=site,
        sees_outside=context.view == "outside",
        switches=switches,
        mcx=tuple(Mcx.of(one) for one in _objects(answers[_MCX])),
        federating=next((Federating.of(one) for one in _objects(answers[_ACCESS_EDGE])[:1]), None),
        providers=tuple(Provider.of(one) for one in _objects(answers[_PROVIDERS])),
        domain_allowed=lists_domain(_objects(answers[_DOMAINS]), remedies.DOMAIN),
        published=tuple(map(Published, domains, records)),
        filters=tuple(Filter.of(one) for one in _objects(answers[_FILTER])),
        unseen={name: failure for name, failure in failures.items() if failure is not None},
    )


async def _domains(context: Context) -> tuple[str, ...]:
    """The SIP domains of the topology, for where none was named."""
    answer = await context.invoke("Get-CsSipDomain")
    return sip_domains(answer)[:_MOST_DOMAINS] if isinstance(answer, Objects) else ()


async def _home(context: Context) -> tuple[str, str]:
    """The pool of the first user, else the one that was named, and that pool's site."""
    pool = context.deployment.pool
    for sip in context.deployment.users[:1]:
        answer = await context.invoke("Get-CsUser", Identity=sip)
        user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
        pool = user.pool if user is not None and user.pool else pool
    return pool, lync_objects.site_of(_objects(await context.invoke("Get-CsPool")), pool)


def _failure(cmdlet: str, answer: Objects | Unanswered, deployment: Deployment) -> Unseen | None:
    """Why the answer tells nothing, or not all: in what is missing the nearer scope may stand, or the domain."""
    failure = unseen(answer, deployment)
    if failure is None and isinstance(answer, Objects) and lync_objects.is_partial(answer):
        return Unseen(reason=Reason.MISSING_INPUT, detail="a part of the answer is missing.", command=cmdlet)
    return failure


def _objects(answer: Objects | Unanswered) -> tuple[Properties, ...]:
    return answer.objects if isinstance(answer, Objects) else ()


def _record(domain: str) -> str:
    return f"_sipfederationtls._tcp.{domain}"


def judge(facts: Facts) -> Finding:
    if facts.product is not None and not facts.product.has_mcx_and_xmpp:
        return OUTCOMES.finding(
            "not-on-this-version",
            f"{facts.product.full_name} has no Mcx, the service that sends push notifications.",
        )
    if _SWITCHES in facts.unseen:
        return not_seen(OUTCOMES, facts.unseen[_SWITCHES], "Whether push notifications are on could not be seen")
    switches = nearest(facts.switches, facts.pool, facts.site)
    if facts.switches and (all(one.off for one in facts.switches) or (switches is not None and switches.off)):
        return OUTCOMES.finding(
            "off",
            "Push notifications are switched off, as they are by default.",
            _WHO_NEEDS_THEM,
            "No phone fails to sign in because of it.",
        )
    if switches is None or True not in {switches.apple, switches.microsoft}:
        what = "Which push notifications are switched on"
        return _part_not_seen(facts, _SWITCHES, what, chosen=switches is not None)
    return _judge_way(facts, switches)


def _judge_way(facts: Facts, switches: Switches) -> Finding:
    """The gravest of what the parts of the way tell, and what the others have to say beside it."""
    parts = [
        _judge_mcx(facts),
        _judge_federation(facts),
        _judge_provider(facts),
        _judge_domain(facts),
        *(_judge_record(one, facts.sees_outside) for one in facts.published),
        *(() if facts.published else (_not_shown("No SIP domain was named, so its record was not looked up."),)),
        _judge_filter(facts),
    ]
    worst = min(parts, key=lambda part: _GRAVITY.index(part.answer))
    if worst.answer == "on":
        return OUTCOMES.finding(
            "on",
            "Push notifications are on, and no fault is seen on their way.",
            _switch_line(switches),
            *(line for part in parts for line in part.detail),
            _WHO_NEEDS_THEM,
        )
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *(part.headline for part in parts if part is not worst and part.answer != "on"),
        _switch_line(switches),
        _WHO_NEEDS_THEM,
        remedies=(*worst.remedies, *(one for part in parts if part is not worst for one in part.remedies)),
        reason=worst.reason,
        command=worst.command,
    )


_GRAVITY = (
    "proxy-changed",
    "federation-off",
    "provider-missing",
    "provider-disabled",
    "domain-not-allowed",
    "srv-missing",
    "filter-blocks",
    "domain-left-to-discovery",
    "not-seen",
    "on",
)


def _judge_mcx(facts: Facts) -> Finding:
    mcx = nearest(facts.mcx, facts.pool, facts.site)
    if _MCX in facts.unseen or mcx is None or mcx.proxy_uri is None:
        return _part_not_seen(facts, _MCX, "Where push notifications are sent", chosen=mcx is not None)
    if mcx.proxy_uri.lower() != remedies.PROXY_URI:
        return OUTCOMES.finding(
            "proxy-changed",
            f"Push notifications are sent to {clean(mcx.proxy_uri, 100) or 'nobody'}, not to {remedies.PROXY_URI}.",
            f"PushNotificationProxyUri of the Mcx configuration {mcx.identity} says so.",
            remedies=(remedies.send_to_the_push_service(mcx.identity),),
        )
    return OUTCOMES.finding("on", f"They are sent to {remedies.PROXY_URI}.")


def _judge_federation(facts: Facts) -> Finding:
    if facts.federating is None or facts.federating.allowed is None:
        return _part_not_seen(facts, _ACCESS_EDGE, "Whether the Edge federates")
    if not facts.federating.allowed:
        return OUTCOMES.finding(
            "federation-off",
            "Push notifications are on, but the Edge federates with nobody, not even with the push service.",
            "AllowFederatedUsers is False in the Access Edge configuration.",
            remedies=(remedies.allow_federation(),),
        )
    return OUTCOMES.finding("on", "The Edge may federate.")


def _judge_provider(facts: Facts) -> Finding:
    leading = next((one for one in facts.providers if (one.proxy or "").lower() == remedies.PROVIDER), None)
    what = f"Whether a hosting provider leads to {remedies.PROVIDER}"
    if leading is None and (_PROVIDERS in facts.unseen or any(one.proxy is None for one in facts.providers)):
        return _part_not_seen(facts, _PROVIDERS, what)
    if leading is None:
        return OUTCOMES.finding(
            "provider-missing",
            f"No hosting provider leads to {remedies.PROVIDER}, where the push service is.",
            remedies=(remedies.add_provider(),),
        )
    if leading.enabled is None:
        return _part_not_seen(facts, _PROVIDERS, what)
    if not leading.enabled:
        return OUTCOMES.finding(
            "provider-disabled",
            f"The hosting provider {leading.identity} leads to the push service, and is disabled.",
            f"Its ProxyFqdn is {remedies.PROVIDER}, and Enabled is False.",
            remedies=(remedies.enable_provider(leading.identity),),
        )
    return OUTCOMES.finding("on", f"The hosting provider {leading.identity} leads to {remedies.PROVIDER}.")


def _judge_domain(facts: Facts) -> Finding:
    if facts.domain_allowed:
        return OUTCOMES.finding("on", f"{remedies.DOMAIN} is an allowed domain.")
    if _DOMAINS in facts.unseen or facts.domain_allowed is None:
        return _part_not_seen(facts, _DOMAINS, f"Whether {remedies.DOMAIN} is an allowed domain")
    if facts.federating is not None and facts.federating.discovery is False:
        return OUTCOMES.finding(
            "domain-not-allowed",
            f"{remedies.DOMAIN} is not among the domains that the Edge may federate with.",
            "EnablePartnerDiscovery is False too, so only allowed domains are reached.",
            remedies=(remedies.allow_domain(),),
        )
    return OUTCOMES.finding(
        "domain-left-to-discovery",
        f"{remedies.DOMAIN} is not among the allowed domains, though push notifications should have it there.",
        "Partner discovery may find it all the same; no document says that this is enough.",
        remedies=(remedies.allow_domain(),),
    )


def _judge_record(published: Published, sees_outside: bool) -> Finding:
    name, answer = _record(published.domain), published.answer
    if isinstance(answer, Unanswered):
        if answer.reason is Reason.MISSING_INPUT and not sees_outside:
            away = f"Not seen from here, only outside: the SRV record {name}."
            return OUTCOMES.finding("on", away, away)
        return _not_shown(f"The SRV record {name} was not seen: {answer.detail}", answer.command, answer.reason)
    if answer.outcome in {"server-failure", "loop"}:
        return _not_shown(
            f"The SRV record {name} was not seen: public DNS fails to tell it ({answer.outcome}).",
            f"Resolve-DnsName {name} -Type SRV",
            Reason.UNREACHABLE,
        )
    # A lone dot as the target says that there is no such service.
    services = [one for one in answer.records if one.kind == "SRV" and one.value.strip(".")]
    if not services:
        return OUTCOMES.finding(
            "srv-missing",
            f"Public DNS has no SRV record {name}, by which the push service finds this deployment.",
            remedies=(remedies.publish_record(published.domain),),
        )
    return OUTCOMES.finding("on", f"{name} leads to {services[0].value}, port {services[0].port}.")


def _judge_filter(facts: Facts) -> Finding:
    what = "Whether the URL filter blocks push notifications"
    found = nearest(facts.filters, facts.pool, facts.site)
    if _FILTER in facts.unseen or found is None:
        return _part_not_seen(facts, _FILTER, what, chosen=found is not None)
    if found.enabled is False or found.action.lower() in {"allow", "warn"}:
        return OUTCOMES.finding("on", "The URL filter blocks nothing.")
    if found.enabled is None or found.action.lower() != "block":
        return _part_not_seen(facts, _FILTER, what)
    if found.prefixes is None:
        # A list shows four items of a collection, unless it is told to show all.
        return _not_shown(f"{what} was not shown.", f"$FormatEnumerationLimit = -1; {_FILTER} | Format-List *")
    blocking = tuple(one for one in ("http:", "https:") if one in found.prefixes)
    if blocking:
        return OUTCOMES.finding(
            "filter-blocks",
            f"The URL filter blocks {' and '.join(blocking)} and rejects push notifications with them.",
            f"Action is Block in the IM filter configuration {found.identity}.",
            remedies=(remedies.let_links_through(found.identity, blocking),),
        )
    return OUTCOMES.finding("on", "The URL filter blocks links, but neither http: nor https:.")


def _part_not_seen(facts: Facts, cmdlet: str, what: str, *, chosen: bool = True) -> Finding:
    """For what a cmdlet did not tell. Where none could be `chosen` among several scopes, the pool's site is wanted."""
    failure = facts.unseen.get(cmdlet)
    if failure is not None:
        return _not_shown(f"{what} could not be seen: {failure.detail}", failure.command, failure.reason)
    return _not_shown(f"{what} was not shown.", cmdlet if chosen or facts.site else "Get-CsPool")


def _not_shown(sentence: str, command: str = "", reason: Reason = Reason.MISSING_INPUT) -> Finding:
    return OUTCOMES.finding("not-seen", sentence, reason=reason, command=command)


def _switch_line(switches: Switches) -> str:
    words = {True: "on", False: "off", None: "not shown"}
    return (
        f"In {switches.identity} they are {words[switches.apple]} for Apple devices and {words[switches.microsoft]} for "
        "Windows Phone."
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    edge = deployment.edge or "<internal FQDN of the Edge>"
    return (
        _SWITCHES,
        f"# Both False is the default. {_WHO_NEEDS_THEM}",
        f"{_MCX} | Select-Object Identity,PushNotificationProxyUri",
        f"{_ACCESS_EDGE} | Select-Object Identity,AllowFederatedUsers,EnablePartnerDiscovery",
        f"{_PROVIDERS} | Select-Object Identity,ProxyFqdn,Enabled",
        f"{_DOMAINS} | Select-Object Identity,Domain",
        *(f"Resolve-DnsName {_record(one)} -Type SRV" for one in deployment.domains or ("<SIP domain>",)),
        f"{_FILTER} | Select-Object Identity,Enabled,Action",
        f"({_FILTER} -Identity Global).Prefixes",
        "# The next two try the way itself. They send something to the push service, so they are left to you.",
        f"Test-CsFederatedPartner -TargetFqdn {edge} -Domain {remedies.DOMAIN} -ProxyFqdn {remedies.PROVIDER}",
        f"Test-CsMcxPushNotification -AccessEdgeFqdn {edge}",
        "# On the company's Wi-Fi, Lync 2010 Mobile on Apple devices needs TCP port 5223 open to the internet.",
    )


STEP = Step(
    id="mobility.push",
    title="Push notifications",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone that lets no program run in the background is told of a new message by its maker's push service. Lync "
    "hands the message to Microsoft's push service across the Edge, by federation. When a part of that way is missing the "
    "phone signs in all the same, but stays silent, and the sender may see a 504.",
    good="Where nobody uses Windows Phone or Lync 2010 Mobile on Apple devices, push may stay off, as it is by default. "
    f"Where it is on: PushNotificationProxyUri is {remedies.PROXY_URI}, federation is allowed, an enabled hosting provider "
    f"leads to {remedies.PROVIDER}, {remedies.DOMAIN} is an allowed domain, each SIP domain has its record "
    "_sipfederationtls._tcp in public DNS, and the URL filter does not block http: and https:.",
    by_hand=by_hand,
)
