"""Do partners find the Edge by the DNS records of our SIP domains?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.dns_views import Sight, is_of_the_inside
from checks.knowledge.edge_interfaces import edge_interfaces
from checks.knowledge.web_services import sip_domains
from checks.model import Answer, Finding, Outcomes, Remedy, Status, Step
from checks.probes import Lookup, Objects, Unanswered, View
from checks.xmpp.connections import reached
from checks.xmpp.dns_problems import Facts, Problem, problems
from checks.xmpp.listening_places import topology_of
from checks.xmpp.service_records import PORT, ServiceRecords, look_up, service_of, sight_of
from checks.xmpp.streams import MOST_DOMAINS, SEEN_FROM, Seen, streams

_MOST_OTHERS = 20
"""SIP domains of the topology that nobody named."""

OUTCOMES = Outcomes(
    links.XMPP_DNS,
    Answer(name="resolves", status=Status.OK, meaning="the SRV record of every SIP domain leads to an address"),
    Answer(name="missing", status=Status.FAILED, meaning="a SIP domain has no _xmpp-server record"),
    Answer(name="disabled", status=Status.FAILED, meaning="the record says with “.” that the domain has no XMPP"),
    Answer(name="dangling", status=Status.FAILED, meaning="no target of the record has an address"),
    Answer(name="leads-inside", status=Status.FAILED, meaning="seen from outside, the target has an address of the inside"),
    Answer(name="wrong-port", status=Status.FAILED, meaning="the record names another port than the Edge's"),
    Answer(
        name="missing-here",
        status=Status.WARNING,
        meaning="the Edge's own name servers, which may be of the inside, have no _xmpp-server record",
    ),
    Answer(name="only-fallback", status=Status.WARNING, meaning="no record, but the domain's own address leads to the Edge"),
    Answer(name="direct-only", status=Status.WARNING, meaning="there is a record for direct TLS alone"),
    Answer(name="some-dangling", status=Status.WARNING, meaning="one of several targets has no address"),
    Answer(name="some-wrong-port", status=Status.WARNING, meaning="one of several targets has another port than the Edge's"),
    Answer(
        name="inside-address",
        status=Status.WARNING,
        meaning="an address of the inside is given for outside; this seat's name server may be the reason",
    ),
    Answer(name="other-address", status=Status.WARNING, meaning="no target leads to an Access Edge of the topology"),
    Answer(name="alias", status=Status.WARNING, meaning="a target is an alias, which RFC 2782 forbids"),
    Answer(name="address-target", status=Status.WARNING, meaning="a target is an address, where a name belongs"),
    Answer(name="ipv6-dead", status=Status.WARNING, meaning="IPv6 of the target takes no connection, IPv4 does"),
    Answer(name="same-priority", status=Status.WARNING, meaning="two targets have the same priority"),
    Answer(name="other-domain-missing", status=Status.WARNING, meaning="another SIP domain has no record"),
    Answer(name="no-domain", status=Status.NOT_APPLICABLE, meaning="no SIP domain of ours is named"),
    Answer(name="seen-from-outside", status=Status.NOT_APPLICABLE, meaning="no name server here gives the outside view"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no name server told"),
)  # fmt: skip
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    (services, domains), (seen, _) = await context.both(
        _topology_and_domains(context),
        # What is known without the topology is looked up meanwhile.
        _streams_and_records(context, deployment.domains[:MOST_DOMAINS]),
    )
    edges = edge_interfaces(services.objects) if isinstance(services, Objects) else ()
    every = sip_domains(domains) if isinstance(domains, Objects) else ()
    named = (deployment.domains or tuple(one for one in every if not is_of_the_inside(one)))[:MOST_DOMAINS]
    others = tuple(one for one in every if one not in named)[:_MOST_OTHERS]
    inner = dict.fromkeys(filter(None, (deployment.edge, *(one.inside for one in edges))))
    access = dict.fromkeys(one.access for one in edges if one.access)
    records, sights = await context.both(
        _records(context, (*named, *others)), _sights(context, tuple(access), tuple(inner))
    )
    meant = _meant(records, named, by_user=bool(deployment.domains))
    return Facts(
        vantage=deployment.vantage,
        domains=tuple(one for one in records if one.domain in meant),
        others=tuple(one for one in records if one.domain not in meant),
        edges=edges,
        edge=deployment.edge,
        access=tuple(one for one in sights if one.view == "outside"),
        inner=tuple(one for one in sights if one.view == "inside"),
        reached=reached(seen),
    )


def _meant(records: tuple[ServiceRecords, ...], named: tuple[str, ...], *, by_user: bool) -> tuple[str, ...]:
    """The domains that are to have XMPP: of those that nobody named, the ones with a record, if there are any."""
    found = tuple(one.domain for one in records if one.domain in named and one.state != "none")
    return named if by_user or not found else found


async def _topology_and_domains(context: Context) -> tuple[Objects | Unanswered, Objects | Unanswered]:
    return await context.both(topology_of(context), context.invoke("Get-CsSipDomain"))


async def _streams_and_records(
    context: Context, domains: tuple[str, ...]
) -> tuple[tuple[Seen, ...], tuple[ServiceRecords, ...]]:
    return await context.both(streams(context, "ours"), _records(context, domains))


async def _records(context: Context, domains: tuple[str, ...]) -> tuple[ServiceRecords, ...]:
    return await context.together(*(look_up(context, domain) for domain in domains))


async def _sights(context: Context, access: tuple[str, ...], inner: tuple[str, ...]) -> tuple[Sight, ...]:
    outside: tuple[tuple[str, View], ...] = tuple((name, "outside") for name in access)
    inside: tuple[tuple[str, View], ...] = tuple((name, "inside") for name in inner)
    return await context.together(*(sight_of(context, name, view) for name, view in (*outside, *inside)))


def judge(facts: Facts) -> Finding:
    found = sorted(problems(facts), key=lambda problem: _GRAVITY.index(problem.answer))
    unknown = [why for records in (*facts.domains, *facts.others) for why in records.unknown()]
    unseen = tuple(dict.fromkeys(why.detail for why in unknown))
    if found:
        return _finding(found, (*unseen, *_of_edge(facts, found)))
    if not facts.domains:
        return OUTCOMES.finding(
            "no-domain",
            "No SIP domain of ours is named, so there is no record to look at. “Partner DNS” looks at the partner's.",
            "Name one with --domain, or a user with --sip.",
        )
    hidden = [records for records in facts.domains if records.state == "not-looked-at"]
    if hidden and not unknown:
        return OUTCOMES.finding(
            "seen-from-outside",
            "What DNS tells partners is seen outside. Name a public name server with --dns-outside, or walk this step there.",
            command=_by_hand(hidden[0].domain),
            seen_from=SEEN_FROM["ours"],
        )
    if unknown:
        return OUTCOMES.finding(
            "not-seen",
            f"Not every record could be looked up: {unseen[0]}",
            "That a name server fails says nothing of the record: ask another one before you change it.",
            *unseen[1:],
            reason=unknown[0].reason,
            command=unknown[0].command,
        )
    return OUTCOMES.finding(
        "resolves",
        f"The records of {', '.join(records.domain for records in facts.domains)} lead partners to an address.",
        *(line for records in facts.domains for line in records.shown()),
        *_remarks(facts),
    )


def _of_edge(facts: Facts, found: list[Problem]) -> tuple[str, ...]:
    """At an Edge, what its name servers lack may be there for partners."""
    if facts.vantage is not Vantage.EDGE or found[0].answer == "inside-address":
        return ()
    return (
        "This Edge may ask the name servers of the inside, which partners never do: compare with a public one "
        "(--dns-outside).",
    )


def _finding(found: list[Problem], unseen: tuple[str, ...]) -> Finding:
    """The gravest problem, with the remedies of all that are of its kind; the others beside it."""
    first = found[0]
    return OUTCOMES.finding(
        first.answer,
        first.headline,
        *first.detail,
        *(f"Also: {one.headline}" for one in found[1:]),
        *unseen,
        remedies=tuple(_mending(found, first.answer)),
    )


def _mending(found: list[Problem], answer: str) -> Iterator[Remedy]:
    for one in found:
        if one.answer == answer:
            yield from one.remedies


def _remarks(facts: Facts) -> Iterator[str]:
    """What was seen that is no fault."""
    names = {one.access for one in facts.edges if one.access}
    for records in facts.domains:
        if names and not names & set(records.hosts):
            yield (
                f"{records.hosts[0] if records.hosts else records.domain} is not {', '.join(sorted(names))}: Microsoft's "
                "documents name the Access Edge FQDN in one place and xmpp.<domain> in another. Either is right where it leads "
                "to the Access Edge."
            )
        if records.has_direct:
            yield f"{records.domain} also has _xmpps-server._tcp, for TLS from the first byte. Lync is older than that."
    ports = {one.listening_port for one in facts.edges} - {0, PORT}
    if ports:
        yield f"XmppListeningPort is {', '.join(map(str, sorted(ports)))}: partners use the port that the record names."
    if facts.vantage in {Vantage.INSIDE, Vantage.FRONT_END}:
        yield "The internal DNS need not have these records: only partners ask for them."


def _by_hand(domain: str) -> str:
    return f"{Lookup(name=service_of(domain), kind='SRV', view='outside').typed()} -Server <public name server>"


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domains = deployment.domains or ("<SIP domain>",)
    return (
        *(_by_hand(domain) for domain in domains),
        "# Good is one record for each SIP domain and Edge pool: port 5269, and as NameTarget the Access Edge FQDN.",
        "Resolve-DnsName <NameTarget> -Server <public name server>",
        "# Good is the public address of the Access Edge, in an A record and without a CNAME.",
    )


STEP = Step(
    id="xmpp.dns",
    title="XMPP DNS",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A partner's server knows nothing but the domain behind the @. It asks the public DNS for _xmpp-server._tcp in that "
    "domain. Where dialback is the proof of who calls (the one who is called asks back at the domain), it does so also for "
    "messages that we send, so that a missing record stops both directions.",
    good="Each SIP domain has an SRV record _xmpp-server._tcp to the Access Edge FQDN on 5269, which has an A record with the "
    "public address of the Access Edge. Several Edge pools have a record each, with its own priority.",
    by_hand=by_hand,
)
