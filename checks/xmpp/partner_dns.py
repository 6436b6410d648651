"""Does the Edge find the partner's server by the partner's DNS records?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, InvalidName, parse_fqdn
from checks.knowledge import links
from checks.knowledge.dns_views import Sight, Views
from checks.knowledge.xmpp.partner_settings import AllowedPartner, partner_for, partners_in
from checks.model import Answer, Finding, Frozen, Outcomes, Status, Step, gravest
from checks.probes import Lookup
from checks.xmpp import partner_dns_remedies as remedies
from checks.xmpp.connections import Reached, reached
from checks.xmpp.partner import CMDLET
from checks.xmpp.service_records import PORT, ServiceRecords, look_up, service_of, sight_of
from checks.xmpp.stores import settings
from checks.xmpp.streams import SEEN_FROM, streams

OUTCOMES = Outcomes(
    links.XMPP_DNS,
    Answer(name="resolves", status=Status.OK, meaning="the partner's SRV record leads to an address"),
    Answer(
        name="not-found",
        status=Status.FAILED,
        meaning="the partner has no record, and its domain has no address either, or one at which no XMPP server answers",
    ),
    Answer(name="disabled", status=Status.FAILED, meaning="the partner's record says with “.” that it has no XMPP"),
    Answer(name="dangling", status=Status.FAILED, meaning="no target of the partner's record has an address"),
    Answer(
        name="no-record",
        status=Status.WARNING,
        meaning="no record, only an address of the domain itself; whether Lync falls back to it is not documented",
    ),
    Answer(name="direct-only", status=Status.WARNING, meaning="there is a record for direct TLS alone"),
    Answer(name="some-dangling", status=Status.WARNING, meaning="one of several targets has no address"),
    Answer(name="alias", status=Status.WARNING, meaning="a target is an alias, which RFC 2782 forbids"),
    Answer(name="address-target", status=Status.WARNING, meaning="a target is an address, where a name belongs"),
    Answer(
        name="by-proxy",
        status=Status.WARNING,
        meaning="the records do not lead to the partner; a ProxyFqdn is set, which may stand in for them",
    ),
    Answer(name="proxy-missing", status=Status.WARNING, meaning="a ProxyFqdn is set for the partner and has no address"),
    Answer(name="no-partner", status=Status.NOT_APPLICABLE, meaning="no partner is named"),
    Answer(name="seen-from-edge", status=Status.NOT_APPLICABLE, meaning="no name server here gives the outside view"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no name server told"),
)  # fmt: skip
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)


class Facts(Frozen, frozen=True):
    """The records of one partner."""

    records: ServiceRecords | None = None
    """None: no partner is named."""
    proxy: str = ""
    """ProxyFqdn of the allowed partner; empty where there is none, or nobody showed it."""
    proxy_sight: Sight | None = None
    """Its addresses outside."""
    reached: Reached | None = None
    """The connections to the servers that the records name."""

    @property
    def proxy_leads(self) -> bool | None:
        """Whether the proxy has an address; None where it is not known."""
        if self.proxy_sight is None or self.records is None:
            return None
        views = Views((self.proxy_sight,), self.records.own_view)
        return {"found": True, "missing": False}.get(views.state(self.proxy, "outside"))


async def gather(context: Context) -> Facts:
    partner = context.deployment.partner
    if not partner:
        return Facts()
    context = context.bounded()
    records, (stored, seen) = await context.both(
        look_up(context, partner), context.both(settings(context, CMDLET), streams(context, "partner"))
    )
    proxy = _proxy(partner_for(partners_in(stored.objects.objects), partner))
    sight = await sight_of(context, proxy, "outside") if proxy else None
    connections = next(iter(reached(seen)), None)
    return Facts(records=records, proxy=proxy, proxy_sight=sight, reached=connections)


def _proxy(allowed: AllowedPartner | None) -> str:
    """The ProxyFqdn of the partner; empty where it is null, not shown, or no name."""
    try:
        return parse_fqdn(allowed.proxy) if allowed is not None else ""
    except InvalidName:
        return ""


def judge(facts: Facts) -> Finding:
    records = facts.records
    if records is None:
        return OUTCOMES.finding(
            "no-partner", "No partner is named, so there is no record to look at. Name one with --partner DOMAIN."
        )
    found = list(_of_proxy(facts, list(_faults(facts, records))))
    if found:
        return gravest(found, _GRAVITY, *(why.detail for why in records.unknown()))
    if records.state == "not-looked-at":
        return OUTCOMES.finding(
            "seen-from-edge",
            f"The Edge looks {records.domain} up in the outside view. Walk this step there, or name a public name server with "
            "--dns-outside.",
            command=_by_hand(records.domain),
            seen_from=SEEN_FROM["partner"],
        )
    for why in records.unknown():
        return OUTCOMES.finding(
            "not-seen",
            f"The records of {records.domain} could not be looked up: {why.detail}",
            "That a name server fails says nothing of the record. From the Edge, ask another one.",
            "The Edge needs DNS outward, 53 over UDP and TCP.",
            reason=why.reason,
            command=why.command,
        )
    return OUTCOMES.finding(
        "resolves",
        f"The record of {records.domain} leads to {', '.join(records.hosts[:3])}.",
        *records.shown(),
        *_remarks(facts, records),
    )


def _of_proxy(facts: Facts, faults: list[Finding]) -> Iterator[Finding]:
    """The faults as they stand where the allowed partner has a ProxyFqdn, which may take the place of DNS."""
    records = facts.records
    if facts.proxy_leads is False and records is not None:
        yield OUTCOMES.finding(
            "proxy-missing",
            f"The allowed partner {records.domain} has the ProxyFqdn {facts.proxy}, which has no address outside.",
            _PROXY,
            remedies=(remedies.clear_proxy(records.domain),),
        )
    if facts.proxy and facts.proxy_leads is not False and records is not None and _is_lost(faults):
        yield OUTCOMES.finding(
            "by-proxy",
            f"DNS does not lead to {records.domain}; its ProxyFqdn {facts.proxy} may stand in.",
            _PROXY,
            *(fault.headline for fault in faults),
            remedies=tuple(remedy for fault in faults for remedy in fault.remedies),
        )
        return
    yield from faults


_PROXY = "That a ProxyFqdn takes the place of DNS for what the Edge sends is not documented."


def _is_lost(faults: list[Finding]) -> bool:
    return any(fault.status is Status.FAILED or fault.answer == "no-record" for fault in faults)


def _faults(facts: Facts, records: ServiceRecords) -> Iterator[Finding]:
    match records.state:
        case "none" | "disabled" if records.has_direct:
            yield OUTCOMES.finding(
                "direct-only",
                f"{records.domain} takes TLS from the first byte alone (_xmpps-server._tcp); Lync is older than that way.",
                "No document says that Lync can do it.",
                remedies=(remedies.ask_for_record(records),),
            )
        case "none":
            yield _none(facts, records)
        case "disabled":
            yield OUTCOMES.finding(
                "disabled",
                f"{records.name} has the target “.”: {records.domain} says that it has no XMPP.",
                "A server takes that as final and tries nothing else.",
                remedies=(remedies.ask_whether_meant(records),),
            )
        case "found":
            yield from _targets(records)


def _none(facts: Facts, records: ServiceRecords) -> Finding:
    domain, own = records.domain, ", ".join(sorted(records.own_addresses))
    if own and facts.reached is not None and facts.reached.fallback_fails:
        return OUTCOMES.finding(
            "not-found",
            f"{domain} has no record {records.name}, and no XMPP server answers at its own address.",
            records.why_none,
            f"Without the record a server tries the domain's own address at {PORT} (RFC 6120), mostly that of a website.",
            *(one.told for one in facts.reached.connections[:4]),
            remedies=(remedies.ask_for_record(records), remedies.check_spelling(domain)),
        )
    if own or records.views.unknown():
        return OUTCOMES.finding(
            "no-record",
            f"{domain} has no record {records.name}, only {f'an address of its own: {own}' if own else 'perhaps an address'}.",
            records.why_none,
            f"Without the record a server tries the domain's own address at {PORT} (RFC 6120). Whether Lync does is not "
            "documented.",
            remedies=(remedies.ask_for_record(records),),
        )
    return OUTCOMES.finding(
        "not-found",
        f"{domain} has no record {records.name}, and the domain itself has no address.",
        f"{records.why_none} Is the domain spelt right?",
        f"Without the record a server tries the domain's own address at {PORT} (RFC 6120), and there is none.",
        remedies=(remedies.check_spelling(domain), remedies.ask_for_record(records)),
    )


def _targets(records: ServiceRecords) -> Iterator[Finding]:
    if dead := records.dead:
        every = len(dead) == len(records.hosts) and not records.address_targets
        yield OUTCOMES.finding(
            "dangling" if every else "some-dangling",
            f"{records.name} names {', '.join(dead)}{'' if every else ' too'}, without an address.",
            *records.shown(),
            remedies=(remedies.ask_for_address(records, dead),),
        )
    for host, final in records.aliases():
        if host not in dead:
            yield OUTCOMES.finding(
                "alias",
                f"{host}, the target of {records.name}, is an alias of {final}.",
                "RFC 2782 forbids that. Many servers follow it all the same; whether Lync does is not documented.",
                remedies=(remedies.ask_for_name(records, host, f"an alias of {final}"),),
            )
    for literal in records.address_targets[:1]:
        yield OUTCOMES.finding(
            "address-target",
            f"{records.name} names the address {literal}, where the name of a host belongs.",
            "RFC 2782 wants a name. Whether Lync takes it as an address is not documented.",
            remedies=(remedies.ask_for_name(records, literal, "an address"),),
        )


def _remarks(facts: Facts, records: ServiceRecords) -> Iterator[str]:
    for one in records.servers:
        if one.port != PORT:
            yield f"It names port {one.port}, not {PORT}: the firewall must let the Edge out to that one."
            break
    if facts.proxy:
        yield f"The allowed partner has the ProxyFqdn {facts.proxy}. {_PROXY}"
    if records.has_direct:
        yield "It announces direct TLS (_xmpps-server._tcp) too, which Lync is older than."


def _by_hand(domain: str) -> str:
    return f"{Lookup(name=service_of(domain), kind='SRV', view='outside').typed()}"


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        "# On the Edge, which asks through its own name servers:",
        _by_hand(deployment.partner or "<partner domain>"),
        "# Good is at least one NameTarget with a port, mostly 5269. Then:",
        "Resolve-DnsName <NameTarget>",
        "# Good is an address, without a CNAME.",
    )


STEP = Step(
    id="xmpp.partner-dns",
    title="Partner DNS",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="What the Edge sends goes to the server that the partner's DNS names. It asks for _xmpp-server._tcp in the partner's "
    "domain, also to check by dialback what comes in from there.",
    good="The partner's SRV record names a host with an address. Where it does not, only the partner can mend it.",
    by_hand=by_hand,
)
