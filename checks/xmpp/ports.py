"""Do the ports of the Edge take connections, from partners outside and from the Front End inside?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.model import Answer, Finding, Outcomes, Reason, Status, Step, gravest
from checks.probes import Open, Port, Unanswered, Unreached
from checks.xmpp import ports_remedies as remedies
from checks.xmpp.ports_tried import GATEWAY, REPLICATION, SIP, Facts, Purpose, look_around
from checks.xmpp.service_records import PORT, connect_by_hand
from checks.xmpp.streams import SEEN_FROM

OUTCOMES = Outcomes(
    links.XMPP_PORTS,
    Answer(name="open", status=Status.OK, meaning="every port that can be judged from here takes connections"),
    Answer(name="refused", status=Status.FAILED, meaning="seen from outside, the Edge refuses 5269, on no address is it open"),
    Answer(name="unreachable", status=Status.FAILED, meaning="seen from outside, the Edge does not answer on 5269, on no address"),
    Answer(name="gateway-refused", status=Status.FAILED, meaning="the Edge refuses the Front End on 23456"),
    Answer(name="gateway-unreachable", status=Status.FAILED, meaning="the Edge does not answer the Front End on 23456"),
    Answer(name="some-closed", status=Status.WARNING, meaning="some addresses of the Edge take no connection, others do"),
    Answer(name="sip-closed", status=Status.WARNING, meaning="the Edge takes no SIP (5061) from this Front End"),
    Answer(name="no-domain", status=Status.NOT_APPLICABLE, meaning="no SIP domain of ours is named"),
    Answer(name="seen-from-outside", status=Status.NOT_APPLICABLE, meaning="partners' way to 5269 is seen from outside alone"),
    Answer(
        name="seen-from-front-end",
        status=Status.NOT_APPLICABLE,
        meaning="a port is closed to this computer inside, which a firewall may rightly do; a Front End tells",
    ),
    Answer(name="nothing-to-try", status=Status.NOT_APPLICABLE, meaning="the records lead to no address that could be tried"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no port could be tried"),
)  # fmt: skip
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)


async def gather(context: Context) -> Facts:
    return await look_around(context)


def judge(facts: Facts) -> Finding:
    found = [*_outside_faults(facts), *_inside_faults(facts)]
    more = tuple(_beside(facts))
    if found:
        return gravest(found, _GRAVITY, *more)
    opened = [one.told for domain in facts.outside for one in domain.opened]
    opened += [f"{look.place} takes connections." for look in facts.inside if isinstance(look.answer, Open)]
    if unseen := _unseen(facts):
        reason, why, command = unseen
        return OUTCOMES.finding("not-seen", why, *opened, *more, reason=reason, command=command)
    hidden = [look for look in facts.inside if look.closed and facts.vantage is not Vantage.FRONT_END]
    if hidden:
        return OUTCOMES.finding(
            "seen-from-front-end",
            f"{hidden[0].place} takes no connection from here. Firewalls may keep clients from it; a Front End tells.",
            *(f"{look.place}: {look.closed.detail}" for look in hidden if look.closed),
            *opened,
            *more,
            command=_typed(hidden[0].host, hidden[0].port),
            seen_from=(Vantage.FRONT_END,),
        )
    if opened:
        return OUTCOMES.finding("open", f"{_whose(facts)} takes connections where it must.", *opened, *more)
    return _nothing(facts)


def _whose(facts: Facts) -> str:
    return f"The Edge {facts.inside[0].host}" if facts.inside else f"The Edge for {facts.outside[0].domain}"


def _nothing(facts: Facts) -> Finding:
    if not facts.outside and facts.vantage is not Vantage.FRONT_END:
        return OUTCOMES.finding(
            "no-domain",
            "No SIP domain of ours is named, so there is no Edge to try. “Partner ports” tries the partner's.",
        )
    if facts.vantage is Vantage.FRONT_END and not facts.inside:
        return OUTCOMES.finding(
            "not-seen",
            "No Edge is named, so its ports were not tried.",
            "Name it with --edge.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -EdgeServer",
        )
    for seen in facts.outside:
        if seen.unseen is None:
            return OUTCOMES.finding(
                "nothing-to-try",
                f"The records of {seen.domain} lead to no address that could be tried: “XMPP DNS” tells why.",
                *_beside(facts),
            )
    domain = facts.outside[0].domain if facts.outside else "<SIP domain>"
    return OUTCOMES.finding(
        "seen-from-outside",
        f"Whether partners reach the Edge for {domain} on {PORT} is seen from outside. Walk this step there.",
        "With --record FILE there, and --evidence FILE here, it is judged here too.",
        *_beside(facts),
        command=connect_by_hand(domain),
        seen_from=SEEN_FROM["ours"],
    )


def _outside_faults(facts: Facts) -> Iterator[Finding]:
    for domain in facts.outside:
        closed = [one for one in domain.closed if one not in domain.ipv6_alone_fails]
        if not closed:
            continue
        # The first that partners try, of IPv4 where there is any: what IPv6 does beside it says little of the Edge.
        first = next((one for one in closed if not one.is_ipv6), closed[0])
        if domain.opened:
            yield OUTCOMES.finding(
                "some-closed",
                f"{first.place} takes no connection; other addresses for {domain.domain} do.",
                *(one.told for one in (*closed, *domain.opened)[:6]),
                "Partners that turn to it wait, or give up.",
                remedies=(remedies.listen(first) if first.outcome == "refused" else remedies.let_in(first),),
            )
        elif first.outcome == "refused":
            yield OUTCOMES.finding(
                "refused",
                f"{first.host} refuses partners on {first.port}, seen from outside.",
                *(one.told for one in closed[:6]),
                "A machine answers there, and nothing listens: the XMPP proxy does not run, or the address is another machine's.",
                remedies=(remedies.listen(first), remedies.check_nat(first)),
            )
        else:
            yield OUTCOMES.finding(
                "unreachable",
                f"{first.host} does not answer partners on {first.port}, seen from outside.",
                *(one.told for one in closed[:6]),
                "A firewall drops it, or the address is nobody's. Whether it answers a ping says nothing.",
                remedies=(remedies.let_in(first), remedies.check_nat(first)),
            )


_NEEDED: dict[Purpose, str] = {
    "gateway": "The XMPP gateway on the Front End hands messages to the Edge there.",
    "sip": "XMPP does not use it; SIP federation and users outside do.",
}


def _inside_faults(facts: Facts) -> Iterator[Finding]:
    if facts.vantage is not Vantage.FRONT_END:
        return
    for look in facts.inside:
        if look.closed is None or look.closed.kind == "no-route" or look.purpose == "replication":
            continue
        refused = look.closed.kind == "refused"
        of_gateway = "gateway-refused" if refused else "gateway-unreachable"
        yield OUTCOMES.finding(
            of_gateway if look.purpose == "gateway" else "sip-closed",
            f"The Edge {look.host} {'refuses' if refused else 'does not answer'} this Front End on {look.port}.",
            look.closed.detail,
            _NEEDED[look.purpose],
            remedies=(remedies.of_inside(look.purpose, look.host, look.port, refused=refused),),
        )


def _unseen(facts: Facts) -> tuple[Reason, str, str] | None:
    """Why something that this seat should have seen was not."""
    for domain in facts.outside:
        told = domain.unseen
        if told is not None and (facts.live or told.reason is not Reason.MISSING_INPUT):
            command = told.command or connect_by_hand(domain.domain)
            return told.reason, f"The way to the Edge for {domain.domain} could not be tried: {told.detail}", command
        if told is None and not domain.opened and (one := next(iter(domain.judged), None)) is not None:
            return Reason.UNREACHABLE, f"Nothing follows for the Edge: {one.told}", _typed(one.host, one.port)
    for look in facts.inside if facts.vantage is Vantage.FRONT_END else ():
        if isinstance(look.answer, Unanswered):
            command = look.answer.command or _typed(look.host, look.port)
            return look.answer.reason, f"{look.place} could not be tried: {look.answer.detail}", command
        if isinstance(look.answer, Unreached) and (look.answer.phase == "name" or look.answer.kind == "no-route"):
            return (
                Reason.UNREACHABLE,
                f"{look.place} could not be tried: {look.answer.detail}",
                _typed(look.host, look.port),
            )
    return None


_REPLICATION_IS = {
    False: "Only the server with the Central Management store needs it.",
    True: "If this server has the Central Management store, that is why “Replication” says that the Edge is late.",
}


def _beside(facts: Facts) -> Iterator[str]:
    """What was seen and is no fault here, or was not seen."""
    for domain in facts.outside:
        for one in domain.ipv6_alone_fails:
            yield f"{one.told} Its IPv4 does: “XMPP DNS” tells more."
        if domain.left_out:
            yield f"{domain.left_out} more targets or addresses of {domain.domain} were not tried."
        if domain.seat and domain.seat != facts.vantage:
            yield f"The way to {domain.domain} was seen from {domain.seat}, in evidence."
    for look in facts.inside:
        if look.purpose == "replication" and look.closed and facts.vantage is Vantage.FRONT_END:
            yield f"{look.place} takes no connection from here. {_REPLICATION_IS[look.host.lower() in facts.late]}"
    hidden = [domain.domain for domain in facts.outside if domain.unseen is not None]
    if hidden and not facts.live and facts.inside:
        yield f"Whether partners reach {PORT} for {', '.join(hidden)} is seen from outside alone."


def _typed(host: str, port: int) -> str:
    return Port(host=host, port=port, view="outside").typed()


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    edge = deployment.edge or "<internal FQDN of the Edge>"
    return (
        "# From outside; this tries the first target of the SRV record, so try the others too:",
        connect_by_hand(deployment.domain or "<SIP domain>"),
        "# On the Front End:",
        *(_typed(edge, port) for port in (GATEWAY, SIP, REPLICATION)),
        "# Good is TcpTestSucceeded: True. PingSucceeded says nothing: firewalls may drop pings and pass the port.",
    )


STEP = Step(
    id="xmpp.ports",
    title="XMPP ports",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why=f"Partners connect to the Access Edge on {PORT}, the Front End hands messages to the inside of the Edge on {GATEWAY}. A "
    "firewall or NAT on the way stops one direction or both, and the services notice nothing.",
    good=f"From outside every address of the SRV targets takes connections on {PORT}. From a Front End the Edge takes them on "
    f"{GATEWAY}, on {SIP} for SIP, and on {REPLICATION} for replication.",
    by_hand=by_hand,
)
