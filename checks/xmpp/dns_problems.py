"""What can be wrong with the records by which partners find the Edge, each told apart."""

from collections.abc import Iterable, Iterator

from checks.deployment import Vantage
from checks.knowledge.dns_views import Sight, Views, ask_a_public_one, is_it_spelt_right, is_of_the_inside, is_private
from checks.knowledge.edge_interfaces import EdgeInterface
from checks.model import Frozen, Remedy
from checks.probes import Record
from checks.xmpp import dns_remedies as remedies
from checks.xmpp.connections import Reached
from checks.xmpp.service_records import PORT, ServiceRecords


class Facts(Frozen, frozen=True):
    """All that the records of our own domains are judged by."""

    vantage: Vantage
    domains: tuple[ServiceRecords, ...] = ()
    others: tuple[ServiceRecords, ...] = ()
    """SIP domains that the topology has and nobody named."""
    edges: tuple[EdgeInterface, ...] = ()
    """Empty where the topology was not seen."""
    edge: str = ""
    """The Edge that was named."""
    access: tuple[Sight, ...] = ()
    """The Access Edge FQDNs, outside."""
    inner: tuple[Sight, ...] = ()
    """The names of the Edge's internal interface, inside."""
    reached: tuple[Reached, ...] = ()
    """Where partners could connect to, seen from outside."""

    @property
    def access_name(self) -> str:
        """The Access Edge FQDN that a record should name; empty where it is not known."""
        named = [one for one in self.edges if self.edge and self.edge in {one.pool, one.inside}]
        names = dict.fromkeys(one.access for one in (named or self.edges) if one.access)
        return next(iter(names)) if len(names) == 1 else ""

    @property
    def access_addresses(self) -> frozenset[str]:
        return _addresses(self.access)

    @property
    def inside_addresses(self) -> frozenset[str]:
        """Of the Edge's internal interface, as far as its name is not also one outside."""
        outside = {host for one in self.domains for host in one.hosts} | {one.access for one in self.edges}
        return _addresses(sight for sight in self.inner if sight.name not in outside)

    def way_to(self, domain: str) -> Reached:
        return next((one for one in self.reached if one.domain == domain), Reached(domain=domain))


class Problem(Frozen, frozen=True):
    """One thing that is wrong, under the name of the step's answer for it."""

    answer: str
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


def problems(seen: Facts) -> Iterator[Problem]:
    """All that is wrong, in no order."""
    for records in seen.domains:
        match records.state:
            case "none":
                yield _none(seen, records)
            case "disabled":
                yield _direct_only(seen, records) if records.has_direct else _disabled(seen, records)
            case "found":
                for check in (_names, _ports, _addresses_of_the_inside, _elsewhere, _ipv6, _priorities):
                    yield from check(seen, records)
    yield from _others(seen)


def _none(seen: Facts, records: ServiceRecords) -> Problem:
    if records.has_direct:
        return _direct_only(seen, records)
    domain, remedy = records.domain, remedies.add_record(records.domain, seen.access_name)
    reached = seen.way_to(domain)
    leads_home = bool(records.own_addresses & seen.access_addresses)
    if leads_home or (not reached.by_record and any(one.streams for one in reached.connections)):
        return Problem(
            answer="only-fallback",
            headline=f"{domain} has no SRV record; partners that then try {domain} itself reach the Edge.",
            detail=(
                records.why_none,
                _FALLBACK,
                "Not every server does that, and the address may be moved for the website.",
            ),
            remedies=(remedy,),
        )
    own = ", ".join(sorted(records.own_addresses))
    if seen.vantage is Vantage.EDGE and not records.told_publicly:
        return Problem(
            answer="missing-here",
            headline=f"The name servers of this Edge have no record {records.name}. Where public ones have none either, "
            "partners do not find the Edge.",
            detail=(*_spelling(records), records.why_none),
            remedies=(remedies.ask_a_public_one(domain), remedy),
        )
    return _missing(records, own, remedy)


def _missing(records: ServiceRecords, own: str, remedy: Remedy) -> Problem:
    domain, asked = records.domain, ask_a_public_one(records.server)
    whom = f"The name server {records.server}" if asked else "The public DNS"
    headline = f"{whom} has no record {records.name}, so partners do not find the Edge."
    if records.domain_unknown:
        headline = f"{domain} does not exist in DNS, so partners do not find the Edge."
    return Problem(
        answer="missing",
        headline=headline,
        detail=(
            *_spelling(records),
            *asked,
            records.why_none,
            f"{_FALLBACK} {domain} {f'leads to {own}, mostly a web server' if own else 'has no address'}.",
            "A record that was entered lately is not seen until the name servers forget that it was missing.",
        ),
        remedies=(remedies.check_spelling(domain), remedy) if records.domain_unknown else (remedy,),
    )


def _spelling(records: ServiceRecords) -> tuple[str, ...]:
    return (is_it_spelt_right(records.domain),) if records.domain_unknown else ()


_FALLBACK = f"Without the record a server tries the domain's own address at {PORT} (RFC 6120)."


def _disabled(seen: Facts, records: ServiceRecords) -> Problem:
    return Problem(
        answer="disabled",
        headline=f"{records.name} has the target “.”: it says that {records.domain} has no XMPP.",
        detail=("Partners take that as final and try nothing else.",),
        remedies=(remedies.enable(records.domain, seen.access_name),),
    )


def _direct_only(seen: Facts, records: ServiceRecords) -> Problem:
    return Problem(
        answer="direct-only",
        headline=f"{records.domain} has _xmpps-server._tcp alone, for TLS from the first byte, and no {records.name}.",
        detail=(
            "Lync is older than that way; no document says that it can do it.",
            "Servers that do not know it find nothing.",
        ),
        remedies=(remedies.add_record(records.domain, seen.access_name),),
    )


def _names(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    """Targets that are no name with an address of its own."""
    domain, access = records.domain, seen.access_name
    if dead := records.dead:
        every = len(dead) == len(records.hosts) and not records.address_targets
        listed = ", ".join(dead)
        said = f"{listed} {'have' if len(dead) > 1 else 'has'} no address outside"
        mending = [remedies.give_address(domain, host, access) for host in dead]
        yield Problem(
            answer="dangling" if every else "some-dangling",
            headline=f"{records.name} names {listed}, without an address: partners do not find the Edge."
            if every
            else f"{records.name} names {listed} too, without an address.",
            detail=(f"{said}.", *records.shown()),
            remedies=tuple(mending if every else [*mending, remedies.drop_target(domain, dead[0])]),
        )
    for host, final in records.aliases():
        if host not in dead:
            yield Problem(
                answer="alias",
                headline=f"{host}, the target of {records.name}, is an alias of {final}.",
                detail=("RFC 2782 forbids that. Many servers follow it all the same, some do not.",),
                remedies=(remedies.name_directly(domain, host, final),),
            )
    if literals := records.address_targets:
        yield Problem(
            answer="address-target",
            headline=f"{records.name} names the address {literals[0]}, where the name of a host belongs.",
            detail=(
                "A server that looks it up as a name, as RFC 2782 has it, finds nothing. Some take it as an address.",
            ),
            remedies=(remedies.name_not_address(domain, access),),
        )


def _ports(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    """Ports at which no Edge listens, as far as nobody was seen to open a stream there."""
    right = {PORT, *(one.listening_port for one in seen.edges if one.listening_port)}
    proven = {(one.host, one.port) for one in seen.way_to(records.domain).connections if one.streams}
    wrong = [one for one in records.servers if one.port not in right and (one.value, one.port) not in proven]
    if not wrong:
        return
    first, every = wrong[0], len(wrong) == len(records.servers)
    yield Problem(
        answer="wrong-port" if every else "some-wrong-port",
        headline=f"{records.name} names port {first.port} of {first.value}{'' if every else ' too'}; XMPP between servers "
        f"uses {PORT}.",
        detail=(
            "The Edge listens on the port that XmppListeningPort has. Only NAT could make another one right.",
            *records.shown(),
        ),
        remedies=tuple(remedies.right_port(records.domain, one.port) for one in wrong[:2]),
    )


def _addresses_of_the_inside(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    inner = seen.inside_addresses
    wrong = frozenset(one for one in records.addresses if one in inner or is_private(one))
    if not wrong:
        return
    opened = any(one.streams for one in seen.way_to(records.domain).connections)
    certain = seen.vantage is Vantage.OUTSIDE and wrong == records.addresses and not opened
    host = next(host for host in records.hosts if records.views.addresses(host, "outside") & wrong)
    listed = ", ".join(sorted(wrong))
    what = "the Edge's own inside address" if wrong & inner else "a private address"
    yield Problem(
        answer="leads-inside" if certain else "inside-address",
        headline=f"Outside, {host} has {what}, {listed}: partners on the Internet do not reach it.",
        detail=(
            "Partners must be led to the public address of the Access Edge.",
            "A name server of the company, on a VPN or at an Edge, may answer with the inside view: compare with a public one "
            "(--dns-outside).",
        ),
        remedies=(remedies.publish_address(host),),
    )


def _elsewhere(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    """Targets of which none leads to an Access Edge of the topology."""
    # A split DNS may give an inside address for one name and an outside one for the other: that compares nothing.
    access, here = (
        frozenset(one for one in every if not is_private(one)) for every in (seen.access_addresses, records.addresses)
    )
    names = {one.access for one in seen.edges if one.access}
    opened = any(one.streams for one in seen.way_to(records.domain).connections)
    if not access or not here or access & here or names & set(records.hosts) or opened:
        return
    name = seen.access_name or next(iter(sorted(names)))
    yield Problem(
        answer="other-address",
        headline=f"{records.name} leads to {records.hosts[0]}, {', '.join(sorted(here))}, which is not the Access Edge.",
        detail=(
            f"The topology's Access Edge is {', '.join(sorted(names))}, at {', '.join(sorted(access))}.",
            "An address of its own that NAT leads to the Access Edge is right too; from here that cannot be seen.",
        ),
        remedies=(remedies.right_target(records.domain, name),),
    )


def _ipv6(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    for one in seen.way_to(records.domain).ipv6_alone_fails[:1]:
        yield Problem(
            answer="ipv6-dead",
            headline=f"{one.host} has the IPv6 address {one.address} too, which takes no connection on {one.port}.",
            detail=(
                one.told,
                "Partners with IPv6 try it first, and wait before they try IPv4.",
                "If IPv6 does not work from this computer at all, nothing follows: compare from another one.",
            ),
            remedies=(remedies.drop_ipv6(one.host),),
        )


def _priorities(seen: Facts, records: ServiceRecords) -> Iterator[Problem]:
    """Two Edge pools of one priority. Where the topology shows one Edge pool alone, they are not two."""
    if len(seen.edges) == 1:
        return
    for one, other in _pairs(records.servers):
        views = records.views
        here, there = views.addresses(one.value, "outside"), views.addresses(other.value, "outside")
        if one.value != other.value and one.priority == other.priority and here and there and not here & there:
            yield Problem(
                answer="same-priority",
                headline=f"{records.name} gives {one.value} and {other.value} the same priority, {one.priority}.",
                detail=(
                    "If they are two Edge pools, partners turn to either. Microsoft's set-up gives each Edge pool its own "
                    "priority; what happens otherwise is not documented.",
                    *records.shown(),
                ),
                remedies=(remedies.own_priority(records.domain),),
            )
            return


def _pairs(servers: tuple[Record, ...]) -> Iterator[tuple[Record, Record]]:
    return ((one, other) for number, one in enumerate(servers) for other in servers[number + 1 :])


def _others(seen: Facts) -> Iterator[Problem]:
    for records in seen.others:
        if records.state == "none" and not is_of_the_inside(records.domain):
            yield Problem(
                answer="other-domain-missing",
                headline=f"{records.domain} is a SIP domain of this deployment and has no record {records.name}.",
                detail=(
                    records.why_none,
                    f"Users of {records.domain} are not found by XMPP partners. If that is meant, a record with the target “.” "
                    "says so, to them and here.",
                ),
                remedies=(remedies.add_record(records.domain, seen.access_name),),
            )


def _addresses(sights: Iterable[Sight]) -> frozenset[str]:
    every = tuple(sights)
    views = Views(every, "outside")
    return frozenset[str]().union(*(views.addresses(one.name, one.view) for one in every))
