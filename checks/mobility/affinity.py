"""Does a phone stay with one Front End, request after request?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import links, topology_objects
from checks.knowledge.products import product_in
from checks.knowledge.web_services import web_names, web_names_of
from checks.mobility import affinity_remedies as remedies
from checks.mobility.affinity_seen import COOKIE, Look, Side
from checks.mobility.front_ends import home_pools
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Samples, Unanswered, Unreached
from checks.text import clean

PATH = "/autodiscover/autodiscoverservice.svc/root"
TIMES = 12
_FEWEST = 4
"""Fewer answers than these show no affinity."""

OUTCOMES = Outcomes(
    links.LOAD_BALANCERS,
    Answer(name="stable", status=Status.OK, meaning="one Front End answers all requests of this computer"),
    Answer(name="by-cookie", status=Status.OK, meaning="a cookie of the load balancer keeps a client with one server"),
    Answer(
        name="per-request",
        status=Status.OK,
        meaning="outside, each request goes to any Front End, as the load balancer's page has it",
    ),
    Answer(
        name="no-affinity",
        status=Status.FAILED,
        meaning="the internal web name changes the Front End, where source affinity is documented",
    ),
    Answer(
        name="some-fail",
        status=Status.FAILED,
        meaning="some requests of a series fail while others are answered: a server in rotation is sick",
    ),
    Answer(
        name="external-no-affinity",
        status=Status.WARNING,
        meaning="the external web name changes the Front End by connection, which no page describes",
    ),
    Answer(
        name="cookie-unfit",
        status=Status.WARNING,
        meaning="MS-WSMAN is HttpOnly or ends at some time, which phones of Lync 2010 do not keep",
    ),
    Answer(name="single-front-end", status=Status.NOT_APPLICABLE, meaning="the pool has one Front End"),
    Answer(name="unnamed", status=Status.UNKNOWN, meaning="the answers do not name the server that gave them"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the web names could not be asked"),
)
_GRAVITY = (
    "some-fail", "no-affinity", "external-no-affinity", "cookie-unfit", "not-seen", "unnamed", "by-cookie",
    "per-request", "stable",
)  # fmt: skip


class Facts(Frozen, frozen=True):
    """Who answered, by web name, and who might have."""

    product: Product | None = None
    computers: tuple[str, ...] = ()
    """The Front Ends of the users' pool; empty where the topology did not tell them."""
    looks: tuple[Look, ...] = ()


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    pools, services = await context.both(context.invoke("Get-CsPool"), context.invoke("Get-CsService", WebServer=True))
    pool = next(iter(await home_pools(context)), "")
    computers = await _computers(context, pools, pool)
    if len(computers) == 1:
        return Facts(computers=computers)
    product = deployment.product or product_in(await context.invoke("Get-CsServerVersion"))
    names = web_names_of(web_names(services), pool, deployment.web) if isinstance(services, Objects) else None
    external = (names.external if names else "") or deployment.web
    internal = (names.internal if names else "") or deployment.web_internal
    asked: list[tuple[str, Side]] = [(external, "external")] if external else []
    if internal and internal != external and deployment.vantage in {Vantage.INSIDE, Vantage.FRONT_END}:
        asked.insert(0, (internal, "internal"))
    looks = await context.together(*(_look(context, host, side) for host, side in asked))
    return Facts(product=product, computers=computers, looks=looks)


async def _computers(context: Context, pools: Objects | Unanswered, pool: str) -> tuple[str, ...]:
    known = topology_objects.pools(pools.objects) if isinstance(pools, Objects) else ()
    found = topology_objects.find_pool(known, pool) if pool else None
    if found is None or found.computers is not None:
        return (found.computers or ()) if found else ()
    answer = await context.invoke("Get-CsComputer")
    return topology_objects.computers_of(answer.objects, found.fqdn) if isinstance(answer, Objects) else ()


async def _look(context: Context, host: str, side: Side) -> Look:
    """A series on new connections; where the server changes, one with cookies and one on a kept connection."""
    url = f"https://{host}{PATH}"
    look = Look(host=host, side=side, plain=await context.series(url, TIMES))
    if not look.alternates:
        return look
    cookies, kept = await context.both(
        context.series(url, TIMES, cookies=True), context.series(url, TIMES, connection="kept")
    )
    return Look(host=host, side=side, plain=look.plain, with_cookies=cookies, kept=kept)


def judge(facts: Facts) -> Finding:
    if len(facts.computers) == 1:
        return OUTCOMES.finding(
            "single-front-end", f"There is one Front End, {facts.computers[0]}, so nothing is balanced."
        )
    if not facts.looks:
        return OUTCOMES.finding(
            "not-seen",
            "No web name was named, so none was asked.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -WebServer",
        )
    found = sorted((_one(facts, look) for look in facts.looks), key=lambda finding: _GRAVITY.index(finding.answer))
    worst, *others = found
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *(finding.headline for finding in others),
        remedies=tuple(remedy for finding in found for remedy in finding.remedies),
        reason=worst.reason,
        command=worst.command,
    )


def _one(facts: Facts, look: Look) -> Finding:
    if not isinstance(look.plain, Samples):
        return _not_seen(look, look.plain)
    if look.failed and look.answered:
        return _some_fail(look)
    if not look.answered:
        status = look.plain.samples[0].status if look.plain.samples else 0
        return OUTCOMES.finding(
            "not-seen",
            f"{look.host} answers each request with HTTP {status}, so nothing follows for affinity.",
            "The steps before tell what is wrong with it.",
            reason=Reason.UNREACHABLE,
            command=f"curl.exe -i https://{look.host}{PATH}",
        )
    if not look.servers:
        return OUTCOMES.finding(
            "unnamed",
            f"The answers of {look.host} do not name their server, so nothing follows for affinity.",
            f"None of {len(look.plain.samples)} has the header X-MS-Server-Fqdn.",
            reason=Reason.NOT_POSSIBLE_HERE,
            command=f"curl.exe -i https://{look.host}{PATH}",
        )
    # Beside 2019 and later no Lync 2010 can stand.
    loses_clients = look.side == "internal" and look.alternates and not look.cookies_hold
    if look.unfit and not loses_clients and (facts.product is None or facts.product.has_mcx_and_xmpp):
        return OUTCOMES.finding(
            "cookie-unfit",
            f"The cookie {COOKIE} of {look.host} {look.unfit}; phones of Lync 2010 need it without.",
            "Only where Lync 2010 remains is this cookie needed; Lync 2013 and later need none.",
            *_who(facts, look),
            remedies=(remedies.plain_cookie(look.host, look.side),),
        )
    if not look.alternates and look.asked < _FEWEST:
        return OUTCOMES.finding(
            "not-seen",
            f"{look.host} answers so slowly that only {look.asked} requests were made, too few to tell.",
            reason=Reason.TIMEOUT,
            command=f"curl.exe -i https://{look.host}{PATH}",
        )
    if not look.alternates:
        return OUTCOMES.finding("stable", f"{look.servers[0]} answers for {look.host} each time.", *_who(facts, look))
    if look.cookies_hold:
        return OUTCOMES.finding(
            "by-cookie",
            f"{look.host} keeps a client with one server by a cookie.",
            "Source affinity does without: only Lync 2010 needs the cookie.",
            *_who(facts, look),
        )
    return _alternating(facts, look)


def _alternating(facts: Facts, look: Look) -> Finding:
    who = (*_who(facts, look), *_by_connection(look))
    if look.side == "internal":
        return OUTCOMES.finding(
            "no-affinity",
            f"{look.host} sends one client to {len(look.servers)} Front Ends in turn.",
            "For the internal web services source affinity is documented: one address, one server.",
            *who,
            remedies=(remedies.source_affinity(look.host, "80 and 443"), *_one_connect(look)),
        )
    if facts.product is not Product.LYNC_2010 and look.kept_alternates:
        return OUTCOMES.finding(
            "per-request",
            f"{look.host} sends each request to any of {len(look.servers)} Front Ends, as documented for 2013 and later.",
            "The page on mobility wants source affinity there. Where presence or chats get lost, set it and compare.",
            *who,
        )
    return OUTCOMES.finding(
        "external-no-affinity",
        f"{look.host} sends one client to {len(look.servers)} Front Ends in turn.",
        "The pages disagree on the external web services: “Technical requirements for mobility” wants source affinity, "
        "“Hardware load balancer requirements” wants none, but each request balanced for itself. This is neither.",
        *who,
        remedies=(remedies.source_affinity(look.host, "8080 and 4443"), *_one_connect(look)),
    )


def _by_connection(look: Look) -> Iterator[str]:
    if look.kept_alternates is False:
        yield "On one kept connection the server stays: it is chosen by connection, not by request."


def _one_connect(look: Look) -> tuple[Remedy, ...]:
    return (remedies.balance_requests(look.host),) if look.kept_alternates is False else ()


def _some_fail(look: Look) -> Finding:
    failing = [f"{server or 'unnamed'} with HTTP {status}" for server, status in look.errors]
    lost = look.plain.lost if isinstance(look.plain, Samples) else 0
    words = [*failing[:3], *([f"{lost} without any answer"] if lost else [])]
    return OUTCOMES.finding(
        "some-fail",
        f"{look.failed} of {look.asked} requests to {look.host} fail, the others are answered.",
        f"Failed: {', '.join(words)}. Answered: {', '.join(look.well) or 'by unnamed servers'}.",
        "A server that fails stays in rotation where the load balancer watches the wrong port; 5061 is documented.",
        remedies=(remedies.monitor(look.host),),
    )


def _not_seen(look: Look, answer: Unreached | Unanswered) -> Finding:
    return OUTCOMES.finding(
        "not-seen",
        f"{look.host} was not reached, so nothing follows for affinity: {answer.detail}",
        reason=answer.reason if isinstance(answer, Unanswered) else Reason.UNREACHABLE,
        command=f"curl.exe -i https://{look.host}{PATH}",
    )


def _who(facts: Facts, look: Look) -> Iterator[str]:
    counted = ", ".join(f"{server} {times} times" for server, times in look.counts.items())
    yield f"Of {look.asked} requests on new connections: {clean(counted, 300)}."
    never = [name for name in facts.computers if name not in look.servers]
    if look.alternates and never:
        yield f"Never seen: {', '.join(never[:4])}; it may be out of rotation on purpose."
    if look.moved_once:
        yield "It changed once in between, as when a server joins or leaves the rotation."
    if look.addresses[1:]:
        yield f"{look.host} has several addresses; load balancing by DNS does not do for the web services."


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    internal, external = deployment.web_internal, deployment.web
    hosts = tuple(dict.fromkeys(filter(None, (internal, external)))) or ("<web FQDN>",)
    return (
        "# Several times in a row; the header X-MS-Server-Fqdn names the Front End that answered, Set-Cookie the cookie:",
        *(f"curl.exe -s -o NUL -D - https://{host}{PATH}" for host in hosts),
        "# The same with the cookies of the answers sent back:",
        *(f"curl.exe -s -o NUL -D - -b jar -c jar https://{host}{PATH}" for host in hosts),
        "# And on one connection: the address three times in one command.",
    )


STEP = Step(
    id="mobility.affinity",
    title="Load balancer",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone's session lives on one Front End. A load balancer that sends its requests elsewhere in between loses presence "
    "and messages, now and then, and for some users only.",
    good="The internal web name leads one computer to the same Front End each time. The external one does so too, or "
    "balances each request for itself; no server that fails is in rotation.",
    by_hand=by_hand,
)
