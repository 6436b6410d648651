"""Does each Front End itself run the web applications that phones need?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import iis, links
from checks.knowledge.iis import APPLICATIONS, Application
from checks.knowledge.products import product_in
from checks.knowledge.shell_answers import unseen
from checks.mobility.front_ends import Machine, machines
from checks.mobility.web_applications_faults import faults, left_to_service_url, listed
from checks.mobility.web_applications_seen import Reply, Site, versions
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Objects, Response

OUTCOMES = Outcomes(
    links.MOBILITY_PERFORMANCE,
    Answer(name="all-answer", status=Status.OK, meaning="every application answers on every machine that was asked"),
    Answer(name="stranger", status=Status.FAILED, meaning="another program has the port of a Lync web site"),
    Answer(
        name="one-front-end-down",
        status=Status.FAILED,
        meaning="one of several says 503, refuses or keeps silent while the others answer",
    ),
    Answer(
        name="application-pool-stopped",
        status=Status.FAILED,
        meaning="503 from Windows itself: the application pool behind it is stopped",
    ),
    Answer(
        name="overloaded",
        status=Status.FAILED,
        meaning="503 from the application, or silence: too many requests, or stuck",
    ),
    Answer(name="web-config", status=Status.FAILED, meaning="500.19: IIS cannot read the configuration"),
    Answer(name="server-error", status=Status.FAILED, meaning="500: the application crashes or cannot start"),
    Answer(name="forbidden", status=Status.FAILED, meaning="403 from the Front End itself"),
    Answer(name="ucwa-missing", status=Status.FAILED, meaning="404 for UCWA on a version that has it"),
    Answer(name="application-missing", status=Status.FAILED, meaning="404 for another application that is needed"),
    Answer(
        name="front-end-unreachable", status=Status.WARNING, meaning="a machine does not answer this computer at all"
    ),
    Answer(name="iis-unsupported", status=Status.WARNING, meaning="a version of IIS that the product does not name"),
    Answer(name="versions-differ", status=Status.WARNING, meaning="the Front Ends of a pool have different IIS"),
    Answer(name="reach-fails", status=Status.WARNING, meaning="Reach, which no phone needs, answers 5xx"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="Front Ends are asked from inside"),
    Answer(name="version-needed", status=Status.UNKNOWN, meaning="404 for UCWA, and the version is not known"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no machine could be asked"),
)
_GRAVITY = tuple(
    answer.name for answer in OUTCOMES.answers if answer.status in {Status.FAILED, Status.WARNING, Status.UNKNOWN}
)
_MOST_REMEDIES = 6
_LIMIT = 27.0
_TIME_TO_ASK = _LIMIT - 2.0
"""Seconds from the first question until no answer is waited for any more; what answered by then is judged."""


class Facts(Frozen, frozen=True):
    """What each machine's two web sites answered."""

    inside: bool = True
    """False at a seat that only the reverse proxy lets in."""
    product: Product | None = None
    by_topology: bool = False
    """True where the machines come from the topology; else one name stands for the whole pool."""
    sites: tuple[Site, ...] = ()
    detail: str = ""
    """Why the topology did not tell the machines."""


async def gather(context: Context) -> Facts:
    context = context.bounded(_TIME_TO_ASK)
    deployment = context.deployment
    if deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE}:
        return Facts(inside=False)
    pools, services, version = await context.together(
        context.invoke("Get-CsPool"),
        context.invoke("Get-CsService", WebServer=True),
        context.invoke("Get-CsServerVersion"),
    )
    product = deployment.product or product_in(version)
    failure = unseen(pools, deployment)
    known = await machines(context, pools, services) if isinstance(pools, Objects) else ()
    name = deployment.pool or deployment.web_internal
    asked = known or ((Machine(fqdn=name, pool=name),) if name else ())
    sites = await context.together(
        *(
            _ask(context, machine, external, product)
            for machine in asked
            # The external site has a port of its own at a machine; at another name nobody need listen there.
            for external in ((False, True) if known else (False,))
        )
    )
    return Facts(product=product, by_topology=bool(known), sites=sites, detail=failure.detail if failure else "")


async def _ask(context: Context, machine: Machine, external: bool, product: Product | None) -> Site:
    """Asks one application first, and the others only where that got an answer, or took the request: it alone may hang.

    The certificate is not judged here, and may well be for other names: nothing secret is sent.
    """
    port = machine.external_port if external else machine.internal_port
    base = f"https://{machine.fqdn}{'' if port == 443 else f':{port}'}"
    first, *others = _applications(machine, product)
    replies = [Reply(application=first.name, answer=await context.get(base + first.path, trusting=True))]
    if isinstance(replies[0].answer, Response) or replies[0].said == "silent":
        answers = await context.together(*(context.get(base + one.path, trusting=True) for one in others))
        replies += [Reply(application=one.name, answer=answer) for one, answer in zip(others, answers, strict=True)]
    return Site(machine=machine, external=external, replies=tuple(replies))


def _applications(machine: Machine, product: Product | None) -> tuple[Application, ...]:
    return tuple(
        one for one in APPLICATIONS if one.is_in(product) is not False and (one.on_directors or not machine.director)
    )


def judge(facts: Facts) -> Finding:
    if not facts.inside:
        return OUTCOMES.finding(
            "not-for-this-seat",
            "The Front Ends themselves are asked from inside; from here “Reverse proxy” and “Service URL” tell.",
            seen_from=(Vantage.FRONT_END, Vantage.INSIDE),
        )
    if not facts.sites:
        return OUTCOMES.finding(
            "not-seen",
            "No Front End was asked: neither the topology nor the names tell one.",
            *((facts.detail,) if facts.detail else ()),
            reason=Reason.MISSING_INPUT,
            command="Get-CsPool",
        )
    found = sorted(
        faults(facts.sites, facts.product, by_topology=facts.by_topology),
        key=lambda fault: _GRAVITY.index(fault.answer),
    )
    if not found:
        but = " but Mcx" if left_to_service_url(facts.sites) else ""
        headline = f"Every web application{but} answers on {listed(facts.sites)}."
        return OUTCOMES.finding("all-answer", headline, *_asked(facts), *_beside(facts))
    worst, *others = found
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *(fault.headline for fault in others),
        *_beside(facts),
        remedies=tuple(remedy for fault in found for remedy in fault.remedies)[:_MOST_REMEDIES],
        reason=worst.reason,
        command=worst.command,
    )


def _asked(facts: Facts) -> Iterator[str]:
    names = dict.fromkeys(one.name for site in facts.sites for one in _applications(site.machine, facts.product))
    yield f"Asked for {', '.join(names)}."
    found = dict.fromkeys(versions(facts.sites).values())
    if found:
        yield f"IIS there is {' and '.join(found)}."


def _beside(facts: Facts) -> Iterator[str]:
    """What is no fault, and is good to know beside one."""
    if not facts.by_topology:
        yield "Without the topology only this one name was asked; a Front End behind it may do worse."
    away = [site.where for site in facts.sites if site.external and site.closed == "unreached"]
    if away:
        yield f"Not reached from here, as only the reverse proxy has to: {' and '.join(away[:4])}."
    if left_to_service_url(facts.sites):
        yield "Mcx answers on none of them; “Service URL” tells whether it should."
    for site in facts.sites:
        for reply in site.replies:
            if reply.said == "unexplained" and reply.last is not None:
                yield f"{reply.application} on {site.where} answers HTTP {reply.last.status}, which no document explains."
            elif reply.application == iis.REACH.name and reply.said in {"missing", "forbidden"}:
                yield f"Reach on {site.where} is {reply.said}; no phone needs it."


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    pool = deployment.pool or "<pool>"
    return (
        f"Get-CsPool -Identity {pool} | Select-Object -ExpandProperty Computers",
        "# Each of them by its own name, at 443 and at 4443: 401 is right for UCWA, 200 or 401 for the others.",
        *(f"curl.exe -k -i https://<Front End>{one.path}" for one in APPLICATIONS),
        "# On the Front End, the application pools and their settings:",
        "Get-ChildItem IIS:\\AppPools",
        iis.SHOW_UCWA_POOL,
    )


STEP = Step(
    id="mobility.web-applications",
    title="Web applications",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Phones are served by web applications in IIS: WebTicket lets them in, Autodiscover tells them where to go, UCWA (and "
    "Mcx for Lync 2010 phones) does the rest. Behind a load balancer one sick Front End spoils every second try.",
    good="On each Front End, at 443 and at 4443, every application answers: 401 for UCWA, 200 or 401 for the others, with the "
    "header X-MS-Server-Fqdn that names the machine.",
    by_hand=by_hand,
    limit=_LIMIT,
)
