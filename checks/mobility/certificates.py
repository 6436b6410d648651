"""Do phones accept the certificate of every name that they use?"""

from collections.abc import Iterable, Iterator

import msgspec

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.assigned_certificates import Assigned, assigned_certificates, lacking
from checks.mobility import certificates_remedies as remedies
from checks.mobility.certificates_problems import Problem, Seen, not_served, problems, remarks
from checks.mobility.phone_names import Known, PhoneName, Role, is_inside, known, named
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.probes import Handshake, NoTls, Objects, Presented, Unanswered

OUTCOMES = Outcomes(
    links.MOBILITY_REQUIREMENTS,
    Answer(name="accepted", status=Status.OK, meaning="each name presents a certificate that fits it and is trusted"),
    Answer(name="tls-failed", status=Status.FAILED, meaning="no handshake can be finished"),
    Answer(name="old-protocol", status=Status.FAILED, meaning="only TLS 1.0 or 1.1 is spoken"),
    Answer(name="expired", status=Status.FAILED, meaning="the certificate has ended"),
    Answer(name="not-yet-valid", status=Status.FAILED, meaning="the certificate has not begun"),
    Answer(name="wrong-name", status=Status.FAILED, meaning="the certificate does not hold the name"),
    Answer(name="untrusted", status=Status.FAILED, meaning="self-signed, or from a CA that is not trusted here"),
    Answer(
        name="incomplete-chain", status=Status.FAILED, meaning="the issuer's certificate is not sent and not known here"
    ),
    Answer(
        name="assigned-expired", status=Status.FAILED, meaning="a certificate that the Front End has assigned has ended"
    ),
    Answer(
        name="name-missing-http-used",
        status=Status.WARNING,
        meaning="HTTPS does not serve lyncdiscover, or not by that name, and port 80 serves Autodiscover in its place",
    ),
    Answer(name="weak", status=Status.WARNING, meaning="refused here as too weak, though old clients accept it"),
    Answer(
        name="private-authority",
        status=Status.WARNING,
        meaning="inside, an authority that this computer does not know issued it",
    ),
    Answer(
        name="assigned-name-missing",
        status=Status.WARNING,
        meaning="no assigned certificate of the Front End holds a discovery name of a SIP domain",
    ),
    Answer(name="old-protocol-untested", status=Status.UNKNOWN, meaning="this machine cannot speak the old protocol"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no certificate could be looked at, or not every one"),
)
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)
_OUTSIDE: tuple[Role, ...] = ("web", "external-discovery")
_INSIDE: tuple[Role, ...] = ("web-internal", "internal-discovery", "web", "external-discovery")


class Facts(Frozen, frozen=True):
    """What each name presents, seen from one seat, and what the Front End has assigned."""

    vantage: Vantage
    domains: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    assigned: tuple[Assigned, ...] = ()
    """Empty where no shell showed it, which is no fault: a remote one need not have the cmdlet."""
    inner: tuple[str, ...] = ()
    """The pool and the internal web FQDN, whose names only the pool's certificate holds."""


async def gather(context: Context) -> Facts:
    vantage, context = context.deployment.vantage, context.bounded()
    first = _names(named(context.deployment), vantage)
    seen, (names, assigned) = await context.both(_look(context, first), _told(context))
    wanted = _names(names, vantage)
    kept = tuple(one for one in seen if one.name in wanted)
    kept += await _look(context, [name for name in wanted if name not in first])
    return Facts(
        vantage=vantage,
        domains=names.domains,
        seen=kept,
        assigned=assigned,
        inner=tuple(one for one in dict.fromkeys((names.pool, names.web_internal)) if one and one != names.web),
    )


def _names(names: Known, vantage: Vantage) -> tuple[PhoneName, ...]:
    """The names that a phone at this seat may use; the pool's own where the internal web services have no other."""
    if not is_inside(vantage):
        return names.names(*_OUTSIDE)
    return names.names(*_INSIDE) if names.web_internal else names.names("pool", *_INSIDE)


async def _look(context: Context, names: Iterable[PhoneName]) -> tuple[Seen, ...]:
    return await context.together(*(_seen(context, name) for name in names))


async def _seen(context: Context, name: PhoneName) -> Seen:
    """For lyncdiscover where HTTPS does not serve that name, also what port 80 answers: the documented other way.

    At once, so that it is known before other names have taken all the time.
    """
    one = Seen(name=name, answer=await context.handshake(name.host))
    if one.name.role != "external-discovery" or not not_served(one):
        return one
    return msgspec.structs.replace(one, http=await context.get(f"http://{one.name.host}/"))


async def _told(context: Context) -> tuple[Known, tuple[Assigned, ...]]:
    return await context.both(known(context), _assigned(context))


async def _assigned(context: Context) -> tuple[Assigned, ...]:
    if not is_inside(context.deployment.vantage):
        return ()
    answer = await context.invoke("Get-CsCertificate")
    return assigned_certificates(answer) if isinstance(answer, Objects) else ()


def judge(facts: Facts) -> Finding:
    outside = not is_inside(facts.vantage)
    web = problems(facts.seen, facts.domains, frozenset(facts.inner), outside=outside)
    found = [*web, *_assigned_problems(facts)]
    unseen = [one for one in facts.seen if isinstance(one.answer, Unanswered)]
    beside = (*_left_out(facts), *(f"Not seen: {one.name.host}." for one in unseen[:4]))
    if found:
        return gravest([_finding(facts, one) for one in found], _GRAVITY, *beside)
    presented = [one for one in facts.seen if isinstance(one.answer, Presented)]
    if unseen:
        return _not_seen(unseen[0], bool(presented), beside)
    if not presented:
        return _nothing_seen(facts, beside)
    hosts = ", ".join(one.name.host for one in presented)
    return OUTCOMES.finding(
        "accepted",
        "Each name presents a certificate that fits it and is trusted here.",
        f"Seen: {hosts}.",
        *remarks(facts.seen),
        *beside,
    )


def _finding(facts: Facts, problem: Problem) -> Finding:
    status = next(answer.status for answer in OUTCOMES.answers if answer.name == problem.answer)
    untested = problem.answer == "old-protocol-untested"
    reason = None if status is not Status.UNKNOWN else Reason.NOT_POSSIBLE_HERE if untested else Reason.UNREACHABLE
    host = next((one.name.host for one in facts.seen if one.name.host in problem.headline), "")
    return OUTCOMES.finding(
        problem.answer,
        problem.headline,
        *problem.detail,
        remedies=problem.remedies,
        reason=reason,
        command=_by_hand(host) if reason else "",
    )


def _assigned_problems(facts: Facts) -> Iterator[Problem]:
    """What the Front End has assigned, by the clock of the handshakes."""
    now = max((one.answer.seen_at for one in facts.seen if isinstance(one.answer, Presented)), default="")
    ended = [one for one in facts.assigned if one.ended_before(now)]
    hosts = [f"{label}.{domain}" for domain in facts.domains for label in ("lyncdiscoverinternal", "lyncdiscover")]
    held = [name for one in facts.assigned for name in one.names or ()]
    cut = any(one.names is None for one in facts.assigned)
    if ended:
        ended_uses = tuple(dict.fromkeys(one.use for one in ended))
        uses = " and ".join(ended_uses)
        yield Problem(
            answer="assigned-expired",
            headline=f"The certificate that the Front End has assigned for {uses} has ended.",
            detail=(
                f"It is {ended[0].subject}, {ended[0].thumbprint}.",
                "A reverse proxy that verifies refuses the pool with it, and services may not start again.",
            ),
            remedies=remedies.assign_again(remedies.with_held(hosts, facts.domains, held), ended_uses, cut=cut),
        )
    if missing := lacking(facts.assigned, hosts):
        yield Problem(
            answer="assigned-name-missing",
            headline=f"No certificate of the Front End holds {' and '.join(missing[:3])}.",
            detail=(
                "The documents want both discovery names of every SIP domain, or a wildcard, among the names of its default "
                "or web services certificate.",
            ),
            remedies=remedies.assign_again(remedies.with_held(hosts, facts.domains, held)),
        )


def _left_out(facts: Facts) -> Iterator[str]:
    for one in facts.seen:
        # That a name has no address is for “DNS records”, and lyncdiscover rightly has none inside.
        if isinstance(one.answer, NoTls) and not one.reached and one.answer.kind != "no-such-name":
            yield f"{one.name.host} was not reached from here, so it has nothing to show: {one.answer.detail}"


def _not_seen(first: Seen, partly: bool, detail: Iterable[str]) -> Finding:
    assert isinstance(first.answer, Unanswered)  # noqa: S101 - so it was chosen
    what = f"The certificate of {first.name.host} could not be looked at"
    return OUTCOMES.finding(
        "not-seen",
        f"{what}, the others are right: {first.answer.detail}" if partly else f"{what}: {first.answer.detail}",
        *detail,
        reason=first.answer.reason,
        command=first.answer.command or _by_hand(first.name.host),
    )


def _nothing_seen(facts: Facts, detail: Iterable[str]) -> Finding:
    if not facts.seen:
        return OUTCOMES.finding(
            "not-seen",
            "No web FQDN, pool or SIP domain was named, so no certificate was looked at.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -WebServer",
        )
    return OUTCOMES.finding(
        "not-seen",
        "None of the names that phones use was reached from here, so none showed a certificate.",
        *detail,
        "The steps “DNS records” and “Ports” tell why; a walk through all of Mobility has both.",
        reason=Reason.UNREACHABLE,
        command=_by_hand(facts.seen[0].name.host),
    )


def _by_hand(host: str) -> str:
    return Handshake(host=host, port=443, view="inside").typed()


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domain, web = deployment.domain or "<SIP domain>", deployment.web or "<external web FQDN>"
    return (
        "# From outside, and from inside with lyncdiscoverinternal too:",
        _by_hand(f"lyncdiscover.{domain}"),
        _by_hand(web),
        "# Compare the names, the dates and whether the issuer's certificate is sent. On a Front End:",
        "Get-CsCertificate | Format-List Use,Thumbprint,Subject,AlternativeNames,Issuer,NotAfter",
    )


STEP = Step(
    id="mobility.certificates",
    title="Certificates",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone begins with lyncdiscover in the user's SIP domain and goes on to the web FQDN. It gives up silently, or with "
    "“can't verify the certificate”, where one of the two does not hold its name, has ended, or comes without its chain.",
    good="lyncdiscover of every SIP domain and the external web FQDN stand in the reverse proxy's certificate, with its chain "
    "and TLS 1.2. Inside, the Front End's holds lyncdiscoverinternal and lyncdiscover, from an authority that phones trust.",
    by_hand=by_hand,
)
