"""Do the TCP ports that mobility needs take connections?"""

from collections.abc import Iterator
from typing import Literal

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import iis, links
from checks.mobility import ports_remedies as remedies
from checks.mobility.phone_names import is_inside
from checks.mobility.ports_tried import (
    AT_THE_SERVER,
    Facts,
    Look,
    Purpose,
    beside,
    look_around,
    without_address,
)
from checks.model import Answer, Finding, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Open, Port, Unanswered

OUTCOMES = Outcomes(
    links.MOBILITY_REQUIREMENTS,
    Answer(name="open", status=Status.OK, meaning="every port that should be reached from here takes connections"),
    Answer(name="web-refused", status=Status.FAILED, meaning="443 of the external web FQDN refuses connections"),
    Answer(name="web-unreachable", status=Status.FAILED, meaning="443 of the external web FQDN takes no connection"),
    Answer(name="internal-refused", status=Status.FAILED, meaning="443 of the pool refuses connections"),
    Answer(name="internal-unreachable", status=Status.FAILED, meaning="443 of the pool takes no connection"),
    Answer(
        name="discovery-closed", status=Status.FAILED, meaning="443 of a name that phones look for takes no connection"
    ),
    Answer(
        name="external-site-closed",
        status=Status.FAILED,
        meaning="the pool's external web site (4443) takes no connection at the Front End itself",
    ),
    Answer(
        name="registrar-closed",
        status=Status.FAILED,
        meaning="the pool's registrar (5061) takes no connection at the Front End itself",
    ),
    Answer(
        name="discovery-http-only",
        status=Status.WARNING,
        meaning="443 of a discovery name is closed and its 80 is open: phones have to begin over HTTP",
    ),
    Answer(
        name="external-http-closed",
        status=Status.WARNING,
        meaning="the external web site's 8080 is closed: HTTP Autodiscover alone needs it",
    ),
    Answer(
        name="mobility-ports-closed",
        status=Status.WARNING,
        meaning="a SIP port of Mcx (5086, 5087) is closed at the Front End",
    ),
    Answer(
        name="branch-ports-closed",
        status=Status.WARNING,
        meaning="a SIP port of UCWA (5088, 5089) is closed, and there are branch appliances",
    ),
    Answer(
        name="closed-by-pool-name",
        status=Status.UNKNOWN,
        meaning="by the pool's name a port of the server is closed, and its Front Ends, which a load balancer may hide, are "
        "not known",
    ),
    Answer(name="partly", status=Status.UNKNOWN, meaning="what could be tried is open, and some could not be tried"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no port could be tried"),
)
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)


async def gather(context: Context) -> Facts:
    return await look_around(context)


def judge(facts: Facts) -> Finding:
    found = list(_faults(facts))
    more = tuple(beside(facts))
    judged = [look for look in facts.looks if _is_judged(look, facts.vantage)]
    opened = [look for look in judged if isinstance(look.answer, Open)]
    untried = [look for look in judged if isinstance(look.answer, Unanswered)]
    unasked = tuple(f"Not tried: {look.place}." for look in untried[:4])
    if found:
        return gravest(found, _GRAVITY, *unasked, *more)
    if untried:
        return _unknown(untried[0], bool(opened), *unasked[1:], *more)
    if not opened:
        return _nothing_tried(facts)
    places = ", ".join(dict.fromkeys(look.place for look in opened))
    return OUTCOMES.finding(
        "open",
        f"The ports that mobility needs {_from(facts.vantage)} take connections.",
        f"Open: {places}.",
        *without_address(facts),
        *more,
        *_of_push(facts),
    )


def _is_judged(look: Look, vantage: Vantage) -> bool:
    return look.purpose != "http" and (vantage is Vantage.FRONT_END or look.purpose not in AT_THE_SERVER)


def _faults(facts: Facts) -> Iterator[Finding]:
    closed = [look for look in facts.looks if look.closed and _is_judged(look, facts.vantage)]
    by_purpose = {purpose: [look for look in closed if look.purpose == purpose] for purpose in _KINDS}
    yield from _web("web", by_purpose["web"], facts)
    yield from _web("internal", by_purpose["internal"], facts)
    yield from _discovery(by_purpose["discovery"], facts)
    for purpose, (answer, what) in _SERVER_FAULTS.items():
        # An unknown product may be one that has no Mcx.
        if by_purpose[purpose] and not (purpose == "mcx" and facts.product is None):
            own = [look for look in by_purpose[purpose] if look.host in facts.computers]
            judged = _of_server if own else _by_pool_name
            yield judged(answer, what, own or by_purpose[purpose], facts)


_KINDS: tuple[Purpose, ...] = (
    "web", "internal", "discovery", "external-site", "external-http", "registrar", "mcx", "ucwa",
)  # fmt: skip
_SERVER_FAULTS: dict[Purpose, tuple[str, str]] = {
    "external-site": ("external-site-closed", "the external web site, to which the reverse proxy sends phones"),
    "registrar": ("registrar-closed", "the registrar, at which Mcx and UCWA sign phones in"),
    "external-http": ("external-http-closed", "HTTP of the external web site, which Autodiscover over HTTP needs"),
    "mcx": ("mobility-ports-closed", "SIP of the Mobility service (Mcx)"),
    "ucwa": ("branch-ports-closed", "SIP of UCWA for users of a branch appliance"),
}


def _web(which: Literal["web", "internal"], closed: list[Look], facts: Facts) -> Iterator[Finding]:
    for look in closed[:1]:
        refused = look.closed is not None and look.closed.kind == "refused"
        how = "refuses connections" if refused else "takes no connection"
        mended = _start(which, look, facts) if refused else (remedies.open_path(look, facts.vantage),)
        yield OUTCOMES.finding(
            f"{which}-{'refused' if refused else 'unreachable'}",
            f"{look.host} {how} on port {look.port}, seen from {facts.vantage}.",
            look.told,
            *(f"Also: {other.told}" for other in closed[1:]),
            remedies=mended,
        )


def _start(which: Literal["web", "internal"], look: Look, facts: Facts) -> tuple[Remedy, ...]:
    if which == "web":
        return (remedies.start_listener(look.host, look.port, look.address),)
    site = iis.web_site(external=False, product=facts.product)
    return remedies.start_web_service(look.host, look.port, look.address, site)


def _discovery(closed: list[Look], facts: Facts) -> Iterator[Finding]:
    over_http = {look.host for look in facts.looks if look.purpose == "http" and isinstance(look.answer, Open)}
    if begin := [look for look in closed if look.host in over_http]:
        yield _by_http_alone(begin, facts)
    closed = [look for look in closed if look.host not in over_http]
    if not closed:
        return
    first = closed[0]
    fallback = " Phones inside try it first." if is_inside(facts.vantage) else ""
    yield OUTCOMES.finding(
        "discovery-closed",
        f"{first.host} takes no connection on port {first.port}: phones do not find Lync by it.",
        f"{first.told}{fallback}",
        *(f"Also: {other.told}" for other in closed[1:5]),
        remedies=(remedies.open_path(first, facts.vantage), remedies.compare_address(first.host)),
    )


def _by_http_alone(closed: list[Look], facts: Facts) -> Finding:
    first = closed[0]
    return OUTCOMES.finding(
        "discovery-http-only",
        f"{first.host} takes connections on port 80 and none on {first.port}: phones have to begin over HTTP.",
        first.told,
        "Autodiscover over HTTP is a documented way, where the certificate lacks the name. “Autodiscover” tells what answers.",
        *(f"Also: {other.told}" for other in closed[1:5]),
        remedies=(remedies.publish_https(first.host, first.port),),
    )


def _of_server(answer: str, what: str, closed: list[Look], facts: Facts) -> Finding:
    numbers = " and ".join(dict.fromkeys(str(look.port) for look in closed))
    hosts = list(dict.fromkeys(look.host for look in closed))
    return OUTCOMES.finding(
        answer,
        f"{_listed(hosts)} {'takes' if len(hosts) == 1 else 'take'} no connection on {numbers}: {what}.",
        *(look.told for look in closed[:6]),
        *_SAID_OF.get(answer, ()),
        *(() if facts.told else ("The port is the documented one; Get-CsService -WebServer tells if it was changed.",)),
        remedies=remedies.of_server(
            answer,
            hosts[0],
            [look.port for look in closed],
            facts.site_ports,
            iis.web_site(external=True, product=facts.product),
        ),
    )


def _by_pool_name(_: str, what: str, closed: list[Look], facts: Facts) -> Finding:
    """Nothing follows for the Front Ends: where a load balancer has the pool's name, it need not carry these ports."""
    return OUTCOMES.finding(
        "closed-by-pool-name",
        f"{facts.pool} takes no connection on {closed[0].port}: {what}. That may be a load balancer's doing.",
        *(look.told for look in closed),
        f"Ask each Front End by its own name: {', '.join(facts.computers[:4])}."
        if facts.computers
        else "Which Front Ends the pool has is not known. Ask each by its own name, or give a Lync shell, which tells them.",
        reason=Reason.MISSING_INPUT,
        command=_at_a_front_end(facts, closed[0].port),
    )


def _at_a_front_end(facts: Facts, port: int) -> str:
    """The command that tries the first Front End: where its name is not known, Lync is asked for it in the same line."""
    if facts.computers:
        return Port(host=facts.computers[0], port=port, view="inside").typed()
    return f"Test-NetConnection (Get-CsPool -Identity {facts.pool}).Computers[0] -Port {port}"


_SAID_OF = {
    "registrar-closed": ("Where the registrar was given another port, Get-CsService -Registrar shows it as SipPort.",),
    "mobility-ports-closed": (
        "No document says whether it listens before the first phone asked: open the Mcx page once and look again.",
    ),
    "branch-ports-closed": (
        "No document says whether it listens before the first phone asked: look again once a phone has signed in.",
    ),
}


def _of_push(facts: Facts) -> Iterator[str]:
    if facts.vantage is Vantage.INSIDE and facts.product is not None and facts.product.has_mcx_and_xmpp:
        yield (
            "Lync 2010 Mobile on Apple devices also needs TCP 5223 from the Wi-Fi to Apple, for notifications. To try it "
            f"there: {_PUSH}"
        )


_PUSH = Port(host="1-courier.push.apple.com", port=5223, view="inside").typed()


def _unknown(look: Look, partly: bool, *detail: str) -> Finding:
    assert isinstance(look.answer, Unanswered)  # noqa: S101 - so it was chosen
    seen = "The ports that could be tried take connections; others could not" if partly else "No port could be tried"
    return OUTCOMES.finding(
        "partly" if partly else "not-seen",
        f"{seen}: {look.answer.detail}",
        f"Not tried: {look.place}.",
        *detail,
        reason=look.answer.reason,
        command=look.answer.command or Port(host=look.host, port=look.port, view="inside").typed(),
    )


def _nothing_tried(facts: Facts) -> Finding:
    unnamed = not facts.looks
    said = (
        "No web FQDN, pool or SIP domain was named, so no port was tried."
        if unnamed
        else "None of the names has an address here, so no port could be tried. “DNS records” tells why."
    )
    return OUTCOMES.finding(
        "not-seen",
        said,
        *without_address(facts),
        reason=Reason.MISSING_INPUT if unnamed else Reason.UNREACHABLE,
        command="Get-CsService -WebServer" if unnamed else f"Resolve-DnsName {facts.looks[0].host}",
    )


def _listed(hosts: list[str]) -> str:
    return " and ".join(hosts[:2]) + (f" and {len(hosts) - 2} more" if len(hosts) > 2 else "")


def _from(vantage: Vantage) -> str:
    return {"inside": "inside", "front-end": "at the Front End"}.get(str(vantage), "from outside")


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domain, web = deployment.domain or "<SIP domain>", deployment.web or "<external web FQDN>"
    pool = deployment.pool or "<pool>"
    return (
        "# From outside:",
        f"Test-NetConnection lyncdiscover.{domain} -Port 443",
        f"Test-NetConnection {web} -Port 443",
        "# From inside:",
        f"Test-NetConnection lyncdiscoverinternal.{domain} -Port 443",
        f"Test-NetConnection {pool} -Port 443",
        "# On a Front End, and from the reverse proxy: the external web site and the registrar",
        *(f"Test-NetConnection {pool} -Port {port}" for port in (4443, 8080, 5061)),
        "# 5086 and 5087 are those of Mcx; 5088 and 5089 are for branch appliances. On the Wi-Fi, for Lync 2010 Mobile on Apple:",
        _PUSH,
    )


STEP = Step(
    id="mobility.ports",
    title="Ports",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Phones reach the web services by TCP 443: outside through the reverse proxy, inside at the pool. The proxy goes on "
    "to 4443 of the pool, and Mcx and UCWA sign the phone in at the registrar's 5061. A firewall on any leg stops them all.",
    good="443 of every name that phones use takes connections. At a Front End also 4443, 8080 and 5061, and 5086 and 5087 "
    "where there is Mcx. Port 80 is needed only where Autodiscover over HTTP is relied on.",
    by_hand=by_hand,
)
