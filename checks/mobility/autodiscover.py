"""Does Autodiscover answer as a client expects it, and where does it lead phones?"""

from collections.abc import Sequence

from msgspec import structs

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links, lync_objects
from checks.knowledge.autodiscover import HAL_TYPE, ROOT_PATH, XML_TYPE, host_of, query_of
from checks.knowledge.web_services import web_names
from checks.mobility.autodiscover_answers import Judgement, judge_place
from checks.mobility.autodiscover_places import Attempt, Names, Place, is_microsofts, led_by, onward_of, trail
from checks.mobility.proxy_way import Address, looked_up
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.probes import Objects, Unanswered

_MOST_DOMAINS = 10
_MOST_NAMES = 20
_MOST_ONWARD = 2

OUTCOMES = Outcomes(
    links.AUTODISCOVER,
    Answer(name="answers", status=Status.OK, meaning="a document that leads phones to the external web FQDN"),
    Answer(
        name="internal-site",
        status=Status.FAILED,
        meaning="from outside the internal web site answers: the proxy forwards to 443 in place of 4443",
    ),
    Answer(name="sent-away", status=Status.FAILED, meaning="an HTTP redirect to another domain"),
    Answer(name="pre-authentication", status=Status.FAILED, meaning="something before Lync asks for a sign-in"),
    Answer(name="not-lync", status=Status.FAILED, meaning="the page of another server"),
    Answer(name="pool-unreached", status=Status.FAILED, meaning="502, 503 or 504 of a proxy"),
    Answer(name="server-error", status=Status.FAILED, meaning="500 and the like, of the Lync server"),
    Answer(name="forbidden", status=Status.FAILED, meaning="403, or a 401 of Lync itself"),
    Answer(name="not-found", status=Status.FAILED, meaning="404, on which clients give up"),
    Answer(name="silent", status=Status.FAILED, meaning="the connection is accepted and no usable answer comes"),
    Answer(name="loop", status=Status.FAILED, meaning="redirects in a circle, or without end"),
    Answer(name="incomplete", status=Status.FAILED, meaning="a document without the links that it must have"),
    Answer(name="wrong-host", status=Status.FAILED, meaning="links to a host that is no web FQDN of the topology"),
    Answer(
        name="fallback",
        status=Status.WARNING,
        meaning="lyncdiscoverinternal fails and lyncdiscover stands in for it",
    ),
    Answer(name="online", status=Status.WARNING, meaning="phones are sent on to Microsoft 365"),
    Answer(
        name="redirect-elsewhere",
        status=Status.WARNING,
        meaning="the document leads on to a host outside this deployment",
    ),
    Answer(name="redirected", status=Status.WARNING, meaning="an HTTP redirect to another name of this deployment"),
    Answer(name="not-understood", status=Status.WARNING, meaning="Lync answers 200 without a document"),
    Answer(name="unexpected-status", status=Status.WARNING, meaning="an answer that no document explains"),
    Answer(name="shape-refused", status=Status.WARNING, meaning="not in every form that clients ask for"),
    Answer(
        name="host-not-known", status=Status.UNKNOWN, meaning="links to a host that only the topology can tell about"
    ),
    Answer(
        name="not-reached",
        status=Status.UNKNOWN,
        meaning="no connection came about; earlier steps tell what is in the way",
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the question could not be asked"),
)


class Facts(Frozen, frozen=True):
    """What every address that clients ask has answered, and the names to compare with."""

    names: Names
    places: tuple[Place, ...] = ()


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    services, first = await context.both(
        context.invoke("Get-CsService", WebServer=True), _look(context, _wanted(context, deployment.web))
    )
    names = _names(context, services)
    web = deployment.web or (names.external[0] if len(names.external) == 1 else "")
    asked = {(place.kind, place.host) for place in first}
    more = [one for one in _wanted(context, web) if (one.kind, one.host) not in asked]
    places = first + await _look(context, more)
    followed, addresses = await context.both(_follow_all(context, places, names), _addresses(context, names, web))
    names = structs.replace(names, addresses=addresses, homed_online=await _homed_online(context, followed))
    return Facts(names=names, places=await _in_every_shape(context, followed))


def _wanted(context: Context, web: str) -> list[Place]:
    """The addresses to ask, in a client's order."""
    domains = context.deployment.domains[:_MOST_DOMAINS]
    unasked = Unanswered(reason=Reason.MISSING_INPUT, detail="It was not asked.")
    wanted: list[Place] = []
    for domain in domains:
        sip = next((one for one in context.deployment.users if one.endswith(f"@{domain}")), "")
        path = f"/{query_of(sip)}"
        if context.view == "inside":
            host = f"lyncdiscoverinternal.{domain}"
            wanted.append(Place(kind="internal", host=host, path=path, domain=domain, secure=unasked, plain=unasked))
        host = f"lyncdiscover.{domain}"
        wanted.append(Place(kind="external", host=host, path=path, domain=domain, secure=unasked, plain=unasked))
    if web and (context.view == "inside" or not domains):
        wanted.append(
            Place(kind="published", host=web, path=ROOT_PATH, domain="", secure=unasked, plain=unasked),
        )
    return wanted


async def _look(context: Context, wanted: list[Place]) -> tuple[Place, ...]:
    return await context.together(*(_ask(context, place) for place in wanted))


async def _ask(context: Context, place: Place) -> Place:
    secure, plain = await context.both(
        context.get(f"https://{place.host}{place.path}"), context.get(f"http://{place.host}{place.path}")
    )
    return structs.replace(place, secure=secure, plain=plain)


def _names(context: Context, services: Objects | Unanswered) -> Names:
    deployment = context.deployment
    known = web_names(services)[:_MOST_NAMES] if isinstance(services, Objects) else ()
    whole = isinstance(services, Objects) and not lync_objects.is_partial(services)
    told = tuple(one.external for one in known if one.external)
    internal = (deployment.web_internal, deployment.pool, *(name for one in known for name in (one.internal, one.pool)))
    return Names(
        view=context.view,
        domains=deployment.domains,
        # The topology knows better than what was typed.
        external=tuple(dict.fromkeys(told or filter(None, [deployment.web]))),
        internal=tuple(dict.fromkeys(filter(None, internal))),
        pool=deployment.pool or (known[0].pool if len(known) == 1 else ""),
        told=whole and bool(told),
    )


async def _addresses(context: Context, names: Names, web: str) -> tuple[Address, ...]:
    """Where names lead inside: by that the way through the proxy is told from the way straight to the pool."""
    return await looked_up(context, (web, *names.internal)) if web and context.view == "inside" else ()


async def _follow_all(context: Context, places: Sequence[Place], names: Names) -> tuple[Place, ...]:
    return await context.together(*(_follow(context, place, names) for place in places))


async def _follow(context: Context, place: Place, names: Names) -> Place:
    """Goes on where a document leads, as long as that is a web site of this deployment."""
    for _ in range(_MOST_ONWARD):
        found = led_by(trail(place)[-1].reply)
        target = onward_of(found, names) if found else ""
        if not target:
            break
        query = place.path.partition("?")[2]
        # The service wants to know the user at every address, and its links leave that to the client.
        url = f"{target}?{query}" if query and "?" not in target else target
        if any(one.url == url for one in trail(place)):
            break
        place = structs.replace(place, onward=(*place.onward, Attempt(url=url, reply=await context.get(url))))
    return place


async def _homed_online(context: Context, places: Sequence[Place]) -> bool:
    """Whether all users belong to Microsoft 365; asked where a document leads there."""
    found = [led_by(trail(place)[-1].reply) for place in places]
    if not any(one and is_microsofts(host_of(one.redirect)) for one in found):
        return False
    users = context.deployment.users
    answers = await context.together(*(context.invoke("Get-CsUser", Identity=sip) for sip in users))
    accounts = [
        lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
        for sip, answer in zip(users, answers, strict=True)
    ]
    return bool(accounts) and all(
        one is not None and not _HOME & set(one.unseen) and one.homed_online for one in accounts
    )


_HOME = {"RegistrarPool", "HostingProvider"}
"""What tells where a user is homed."""


async def _in_every_shape(context: Context, places: Sequence[Place]) -> tuple[Place, ...]:
    """The first address that gave a document is asked for its other two forms."""
    for number, place in enumerate(places):
        last = trail(place)[-1]
        found = led_by(last.reply)
        if found is not None and not found.redirect:
            replies = await context.together(*(context.get(last.url, accept=accept) for accept in _OTHER_SHAPES))
            shapes = tuple(
                Attempt(url=last.url, reply=reply, accept=accept)
                for accept, reply in zip(_OTHER_SHAPES, replies, strict=True)
            )
            return (*places[:number], structs.replace(place, shapes=shapes), *places[number + 1 :])
    return tuple(places)


_OTHER_SHAPES = (HAL_TYPE, XML_TYPE)


def judge(facts: Facts) -> Finding:
    if not facts.places:
        return OUTCOMES.finding(
            "not-seen",
            "Neither a SIP domain nor the external web FQDN is known, so there is nothing to ask.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsSipDomain",
        )
    judged = [(place, judge_place(place, facts.names)) for place in facts.places]
    domains = dict.fromkeys(place.domain for place in facts.places)
    found = [_of_domain([(place, one) for place, one in judged if place.domain == domain]) for domain in domains]
    told = [one for one, domain in zip(found, domains, strict=True) if domain or one.answer not in _NOT_JUDGED]
    # From inside, whether the external web FQDN is reached at all is the matter of “Hairpin”.
    return gravest([_finding(one) for one in told or found], _GRAVITY)


_NOT_JUDGED = frozenset({"not-reached", "not-seen"})
_GRAVITY = tuple(
    answer.name
    for status in (Status.FAILED, Status.WARNING, Status.UNKNOWN, Status.OK)
    for answer in OUTCOMES.answers
    if answer.status is status
)
_FAILED = frozenset(answer.name for answer in OUTCOMES.answers if answer.status is Status.FAILED)


def _of_domain(judged: list[tuple[Place, Judgement]]) -> Judgement:
    """What phones of one SIP domain meet: a client takes the first address that answers it well."""
    first, *others = [one for _, one in judged]
    if first.answer in _NOT_JUDGED:
        return next((one for one in others if one.answer not in _NOT_JUDGED), first)
    stand_in = next((one for one in others if one.answer == "answers"), None)
    if first.answer in _FAILED and stand_in is not None:
        place = judged[0][0]
        return Judgement(
            answer="fallback",
            headline=f"{place.host} fails, and phones inside get by with lyncdiscover.{place.domain}.",
            detail=(first.headline, *first.detail, stand_in.headline),
            remedies=first.remedies,
        )
    also = tuple(f"Also: {one.headline}" for one in others if one.answer not in {"answers", *_NOT_JUDGED})
    return structs.replace(first, detail=(*first.detail, *also))


def _finding(one: Judgement) -> Finding:
    return OUTCOMES.finding(
        one.answer, one.headline, *one.detail, remedies=one.remedies, reason=one.reason, command=one.command
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domains = deployment.domains or ("<SIP domain>",)
    web = deployment.web or "<external web FQDN>"
    inside = (f"curl.exe -i https://lyncdiscoverinternal.{domain}/" for domain in domains)
    outside = (f"curl.exe -i {scheme}://lyncdiscover.{domain}/" for domain in domains for scheme in ("https", "http"))
    return (
        *(() if deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE} else inside),
        *outside,
        f'curl.exe -i -H "Accept: {XML_TYPE}" https://lyncdiscover.{domains[0]}/',
        f"curl.exe -i https://{web}{ROOT_PATH}",
        "# Right is 200 with the links User and Domain, all of them to the external web FQDN; from outside with",
        "# AccessLocation External. Over HTTP it is 200 with one link, Redirect.",
    )


STEP = Step(
    id="mobility.autodiscover",
    title="Autodiscover",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Phones learn every other address from Autodiscover: inside they ask lyncdiscoverinternal and then lyncdiscover, "
    "outside lyncdiscover alone. What it answers decides where the sign-in goes on.",
    good="HTTPS answers 200 with the links User and Domain, in JSON and in XML as the client wants it. The links lead to "
    "the external web FQDN of the pool or the Director, and from outside AccessLocation is External.",
    by_hand=by_hand,
)
