"""Do clients inside reach the reverse proxy by the external web FQDN, and see there what clients outside see?"""

from collections.abc import Iterable, Iterator

from msgspec import structs

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.elsewhere import FromSeat
from checks.knowledge import links
from checks.knowledge.autodiscover import ROOT_PATH
from checks.knowledge.web_services import web_names, web_names_of
from checks.mobility import hairpin_remedies as remedies
from checks.mobility.strangers import stopped_on_the_way
from checks.mobility.two_seats import (
    Reply,
    Seen,
    Told,
    is_internal_site,
    leads_to,
    other_authority,
    seen_outside,
    took_connection,
)
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.probes import NoTls, Objects, Presented, Records, Response, Unanswered, Unreached, Way

OUTCOMES = Outcomes(
    links.MOBILITY_REQUIREMENTS,
    Answer(name="reachable", status=Status.OK, meaning="the external web FQDN answers inside"),
    Answer(
        name="outside-internal-site",
        status=Status.FAILED,
        meaning="evidence from outside: the reverse proxy leads to the internal web site",
    ),
    Answer(
        name="dropped",
        status=Status.FAILED,
        meaning="inside, nothing comes back from the external web FQDN, as where a firewall stops the hairpin",
    ),
    Answer(
        name="refused",
        status=Status.FAILED,
        meaning="inside, the connection to the external web FQDN is refused or cut off",
    ),
    Answer(
        name="only-by-proxy",
        status=Status.WARNING,
        meaning="inside, only this computer's HTTP proxy reaches it; a phone without that proxy does not",
    ),
    Answer(
        name="proxy-login",
        status=Status.WARNING,
        meaning="this computer's HTTP proxy asks for a sign-in, which Lync clients cannot give",
    ),
    Answer(
        name="proxy-blocks",
        status=Status.WARNING,
        meaning="it answers directly, and not through this computer's HTTP proxy",
    ),
    Answer(
        name="other-certificate",
        status=Status.WARNING,
        meaning="evidence from outside: another authority's certificate is shown there than inside",
    ),
    Answer(
        name="not-for-this-seat",
        status=Status.NOT_APPLICABLE,
        meaning="seen by clients inside alone; a Front End that does not get through proves nothing",
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="it could not be asked, or another step's fault came first"),
)
_GRAVITY = (*(answer.name for answer in OUTCOMES.answers[1:]), OUTCOMES.answers[0].name)
"""`reachable` last: it is the one of all is well."""

_DROPPED = {"timeout", "no-route"}
_CUT_OFF = {"refused", "reset"}
_MOST_DOMAINS = 4
_OUTSIDE = {Vantage.OUTSIDE, Vantage.EDGE}


class Facts(Frozen, frozen=True):
    """The external web FQDN as it is seen inside, and what evidence tells of it from outside."""

    web: str
    vantage: Vantage
    inside: Seen = Seen()
    past_certificate: bool = False
    """True where the certificate was refused inside, and the answer is what stands behind it."""
    by_proxy: Reply | None = None
    """The same inside, through the HTTP proxy that this computer is set to."""
    outside: Seen = Seen()
    discovery: tuple[Told, ...] = ()
    """What lyncdiscover of each SIP domain answered outside, as far as evidence tells it."""


async def gather(context: Context) -> Facts:
    context = context.bounded()
    vantage, web = context.deployment.vantage, await _external_name(context)
    if not web:
        return Facts(web="", vantage=vantage)
    url, discovery = _root_at(web), [f"lyncdiscover.{domain}" for domain in context.deployment.domains[:_MOST_DOMAINS]]
    if vantage in _OUTSIDE:
        # Nothing is judged here. It is asked so that a walk inside can be joined with the record of this one.
        await context.both(_roots(context, (web, *discovery)), context.handshake(web))
        return Facts(web=web, vantage=vantage)
    there = context.from_seat("outside")
    ((direct, past), (by_proxy, _), (outside, _)), (certificates, addresses) = await context.both(
        _answers(context, there, url), _certificates_and_addresses(context, there, web)
    )
    return Facts(
        web=web,
        vantage=vantage,
        inside=Seen(reply=direct, addresses=addresses[0], certificate=certificates[0]),
        past_certificate=past,
        by_proxy=by_proxy,
        outside=Seen(reply=outside, addresses=addresses[1], certificate=certificates[1]),
        discovery=tuple([Told(host=host, reply=await there.get(_root_at(host))) for host in discovery]),
    )


async def _roots(context: Context, hosts: Iterable[str]) -> tuple[Reply, ...]:
    return await context.together(*(context.get(_root_at(host)) for host in hosts))


async def _answers(context: Context, there: FromSeat, url: str) -> tuple[tuple[Reply | None, bool], ...]:
    return await context.together(_answer(context, url, "direct"), _by_proxy(context, url), _told(there, url))


_Certificates = tuple[Presented | NoTls | Unanswered, Presented | NoTls | Unanswered]
_Addresses = tuple[Records | Unanswered, Records | Unanswered]
"""Of here, and of outside."""


async def _certificates_and_addresses(context: Context, there: FromSeat, web: str) -> tuple[_Certificates, _Addresses]:
    return await context.both(_certificates(context, there, web), _addresses(context, web))


async def _certificates(context: Context, there: FromSeat, web: str) -> _Certificates:
    return await context.both(context.handshake(web), there.handshake(web))


async def _addresses(context: Context, web: str) -> _Addresses:
    return await context.both(context.lookup(web, "ADDRESS", "inside"), context.lookup(web, "ADDRESS", "outside"))


async def _answer(context: Context, url: str, way: Way) -> tuple[Reply, bool]:
    """The answer, also behind a certificate that is refused: “Certificates” judges that. True where it was."""
    reply = await context.get(url, way=way)
    if isinstance(reply, Unreached) and reply.kind == "certificate":
        behind = await context.get(url, way=way, trusting=True)
        return (reply, False) if isinstance(behind, Unanswered) else (behind, True)
    return reply, False


def _root_at(host: str) -> str:
    return f"https://{host}{ROOT_PATH}"


async def _external_name(context: Context) -> str:
    """The external web FQDN: as it was named, else as the topology has it for the pool."""
    deployment = context.deployment
    if deployment.web:
        return deployment.web
    answer = await context.invoke("Get-CsService", WebServer=True)
    known = web_names(answer) if isinstance(answer, Objects) else ()
    own = web_names_of(known, deployment.pool, "")
    return own.external if own else ""


async def _by_proxy(context: Context, url: str) -> tuple[Reply | None, bool]:
    """None at a Front End: the proxy of a server is not the one of the clients."""
    return await _answer(context, url, "system") if context.deployment.vantage is Vantage.INSIDE else (None, False)


async def _told(there: FromSeat, url: str) -> tuple[Reply | None, bool]:
    """What another seat was told, as it is."""
    return await there.get(url), False


def judge(facts: Facts) -> Finding:
    if facts.vantage in _OUTSIDE:
        return OUTCOMES.finding(
            "not-for-this-seat",
            "The hairpin concerns clients inside; this computer stands outside.",
            "Record this walk (--record FILE) and bring it to a walk inside (--evidence FILE): the two are compared.",
            seen_from=(Vantage.INSIDE,),
        )
    if not facts.web:
        return OUTCOMES.finding(
            "not-seen",
            "The external web FQDN is not known, so the way to it was not tried.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -WebServer",
        )
    found = gravest([_judge_way(facts), *_compared(facts)], _GRAVITY)
    return structs.replace(found, detail=tuple(dict.fromkeys((*found.detail, *_seat_lines(facts)))))


def _judge_way(facts: Facts) -> Finding:
    match facts.inside.reply:
        case Response() as reply:
            return _judge_answer(facts, reply)
        case Unreached(kind=kind) if kind in _DROPPED | _CUT_OFF:
            return _judge_blocked(facts, facts.inside.reply)
        case Unreached(kind="certificate") as reply:
            return _not_seen(
                facts, f"the certificate was refused, which “Certificates” judges: {reply.detail}", Reason.UNREACHABLE
            )
        case Unreached(phase="name"):
            why = "DNS inside has no address for it, which the step DNS records judges"
        case Unreached() as reply:
            why = f"the connection came about and brought no answer: {reply.detail}"
        case Unanswered() as reply:
            return _not_seen(facts, reply.detail, reply.reason, reply.command)
        case _:
            why = "the record does not tell it"
    return _not_seen(facts, why, Reason.UNREACHABLE)


def _judge_answer(facts: Facts, reply: Response) -> Finding:
    if stopped := stopped_on_the_way(reply.last):
        return _not_seen(facts, stopped, Reason.DENIED)
    web, at = facts.web, reply.last.address
    lync = reply.last.header("X-MS-Server-Fqdn")
    who = f", as {lync}" if lync else ""
    match facts.by_proxy:
        case Unanswered(reason=Reason.DENIED) as refused:
            return _proxy_login(facts, refused.detail)
        case Response() as through if stopped := stopped_on_the_way(through.last):
            return _proxy_login(facts, f"{stopped}.")
        case (Unanswered(reason=Reason.UNREACHABLE) | Unreached()) as failed:
            return OUTCOMES.finding(
                "proxy-blocks",
                f"Inside, {web} answers directly, and not through the HTTP proxy that this computer is set to.",
                failed.detail,
                "A client that takes the same proxy does not get through. Phones may have no proxy at all.",
                remedies=(remedies.let_proxy_through(web),),
            )
    return OUTCOMES.finding(
        "reachable",
        f"Inside, {web} answers at {at}{who}: the way to the reverse proxy is open.",
        *((facts.by_proxy.detail,) if isinstance(facts.by_proxy, Unanswered) else ()),
        *(("Its certificate was not accepted here; “Certificates” judges that.",) if facts.past_certificate else ()),
    )


def _proxy_login(facts: Facts, detail: str) -> Finding:
    return OUTCOMES.finding(
        "proxy-login",
        f"Inside, {facts.web} answers directly, but this computer's HTTP proxy asks for a sign-in first.",
        detail,
        "Lync clients cannot sign in at a proxy: one that takes it fails on the Wi-Fi and works on mobile data.",
        remedies=(remedies.exempt_from_proxy(facts.web),),
    )


def _judge_blocked(facts: Facts, reply: Unreached) -> Finding:
    web, where = facts.web, f"{reply.address}:443" if reply.address else "port 443"
    if facts.vantage is Vantage.FRONT_END:
        return OUTCOMES.finding(
            "not-for-this-seat",
            f"This Front End does not reach {web}, and need not: clients inside must.",
            reply.detail,
            seen_from=(Vantage.INSIDE,),
        )
    if isinstance(facts.by_proxy, Response) and not stopped_on_the_way(facts.by_proxy.last):
        return OUTCOMES.finding(
            "only-by-proxy",
            f"Inside, {web} answers through this computer's HTTP proxy, and not directly.",
            reply.detail,
            "Phones on the Wi-Fi need the same proxy then, and it must not ask them for a sign-in.",
            remedies=remedies.let_through(web, reply.address),
        )
    dropped = reply.kind in _DROPPED
    what = f"nothing comes back from {where}" if dropped else f"{where} refuses the connection or cuts it off"
    by_proxy = (facts.by_proxy.detail,) if isinstance(facts.by_proxy, Unanswered | Unreached) else ()
    return OUTCOMES.finding(
        "dropped" if dropped else "refused",
        _blocked_headline(facts, what),
        reply.detail,
        *leads_to(facts.inside, facts.outside),
        *by_proxy,
        remedies=(remedies.mend_proxy(web, where),)
        if took_connection(facts.outside) is False
        else remedies.let_through(web, reply.address),
    )


def _blocked_headline(facts: Facts, what: str) -> str:
    match took_connection(facts.outside):
        case True:
            return f"{facts.web} answers outside and not inside, where {what}: the hairpin is blocked."
        case False:
            return f"{facts.web} answers neither outside nor inside, where {what}."
    return f"Inside, {facts.web} cannot be reached: {what}. If it answers outside, the hairpin is blocked."


def _compared(facts: Facts) -> Iterator[Finding]:
    """What only both sides together show."""
    web = facts.web
    places = {web: facts.outside.reply, **{told.host: told.reply for told in facts.discovery}}
    if wrong := [host for host, reply in places.items() if is_internal_site(reply)]:
        yield OUTCOMES.finding(
            "outside-internal-site",
            f"Outside, {' and '.join(wrong)} was answered by the internal web site (AccessLocation Internal).",
            "Phones on the Internet are then treated as if they were inside.",
            remedies=(remedies.lead_to_external_site(wrong[0]),),
        )
    differing = other_authority(facts.inside, facts.outside)
    if differing:
        yield OUTCOMES.finding(
            "other-certificate",
            f"{web} shows another authority's certificate inside than outside.",
            *differing,
            "Either DNS inside leads to another machine, or something on the way inspects TLS. Phones must trust both.",
            remedies=(remedies.compare_certificates(web),),
        )


def _seat_lines(facts: Facts) -> Iterator[str]:
    yield from seen_outside(facts.inside, facts.outside)
    if facts.vantage is Vantage.FRONT_END:
        yield "A Front End stands in for clients here. Phones on the Wi-Fi may take another way: repeat it there."
    else:
        yield "Phones on the Wi-Fi may take another way than this computer: repeat it in their network."


def _not_seen(facts: Facts, why: str, reason: Reason, command: str = "") -> Finding:
    return OUTCOMES.finding(
        "not-seen", f"Whether clients inside reach {facts.web} was not seen: {why.rstrip('.')}.", reason=reason,
        command=command or f"curl.exe -i {_root_at(facts.web)}",
    )  # fmt: skip


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    web = deployment.web or "<external web FQDN>"
    return (
        "# On a computer in the network of the phones' Wi-Fi:",
        f"Resolve-DnsName {web}",
        f'curl.exe -i --noproxy "*" https://{web}{ROOT_PATH}',
        "# The same outside. Both must be HTTP 200 from a Lync server, and outside AccessLocation must be External.",
        "# Through the HTTP proxy that this computer is set to, if it is:",
        f"Invoke-WebRequest -UseBasicParsing https://{web}{ROOT_PATH}",
        "netsh winhttp show proxy",
    )


STEP = Step(
    id="mobility.hairpin",
    title="Hairpin",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Autodiscover sends a phone to the external web FQDN wherever it is. On the Wi-Fi the request must go out to the "
    "reverse proxy and come back in. Firewalls take that for spoofing and drop it, and an HTTP proxy may want a sign-in "
    "that Lync cannot give: then it works on mobile data and fails on the Wi-Fi.",
    good="Inside, the external web FQDN leads to the reverse proxy, which answers there as it does outside. That outside "
    "names resolve inside too is harmless.",
    by_hand=by_hand,
)
