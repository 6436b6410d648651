"""The SRV records of a domain's XMPP service, and the addresses of what they name, in the outside view of DNS."""

import ipaddress
from collections.abc import Iterator
from typing import Literal

from checks.context import Context
from checks.knowledge.dns_views import Sight, Views
from checks.model import Frozen, Reason
from checks.probes import Lookup, Port, Record, Records, Unanswered, View
from checks.text import clean

PORT = 5269
MOST_SERVERS = 6
"""Targets of one domain that are looked up."""

State = Literal["found", "none", "disabled", "unknown", "not-looked-at"]


class ServiceRecords(Frozen, frozen=True):
    """What DNS has for one domain."""

    domain: str
    services: Records | Unanswered
    """`_xmpp-server._tcp`."""
    direct_services: Records | Unanswered | None = None
    """`_xmpps-server._tcp`, TLS from the first byte; None where nobody looked."""
    sights: tuple[Sight, ...] = ()
    """The addresses of the targets; where there is no record, of the domain itself."""
    own_view: View = "outside"

    @property
    def name(self) -> str:
        return service_of(self.domain)

    @property
    def state(self) -> State:
        """`disabled` where the target is `.`: the record says that there is no such service."""
        return _state(self.services, self.own_view)

    @property
    def has_direct(self) -> bool:
        return self.direct_services is not None and _state(self.direct_services, self.own_view) == "found"

    @property
    def servers(self) -> tuple[Record, ...]:
        """The records with a target, in the order that a server tries them, each host in lower case."""
        return _targets(self.services)[:MOST_SERVERS]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the targets, each once. An address in a name's place is none."""
        return tuple(dict.fromkeys(one.value for one in self.servers if not is_address(one.value)))

    @property
    def address_targets(self) -> tuple[str, ...]:
        """Targets that are an address where a name belongs."""
        return tuple(dict.fromkeys(one.value for one in self.servers if is_address(one.value)))

    @property
    def views(self) -> Views:
        return Views(self.sights, self.own_view)

    @property
    def dead(self) -> tuple[str, ...]:
        """Hosts of which a name server told that they have no address."""
        return tuple(host for host in self.hosts if self.views.missing(host, "outside"))

    @property
    def addresses(self) -> frozenset[str]:
        """Of all targets together."""
        views = self.views
        return frozenset[str]().union(*(views.addresses(host, "outside") for host in self.hosts))

    @property
    def own_addresses(self) -> frozenset[str]:
        """Of the domain itself, which is what is tried where there is no record."""
        return self.views.addresses(self.domain, "outside")

    def aliases(self) -> Iterator[tuple[str, str]]:
        """Hosts that are an alias, each with what it is an alias of."""
        for host in self.hosts:
            if targets := self.views.targets(host, "outside"):
                yield host, targets[-1]

    def unknown(self) -> Iterator[Unanswered]:
        """Why something of it should have been told and was not."""
        if self.state == "unknown":
            yield _why(self.services, Lookup(name=self.name, kind="SRV", view="outside"))
        for sight in self.views.unknown():
            yield _why(sight.answer, Lookup(name=sight.name, kind="ADDRESS", view="outside"))

    @property
    def told_publicly(self) -> bool:
        """True where a name server with a public address told of the record, which tells partners the same."""
        host = self.server.rpartition(":")[0].strip("[]") or self.server
        return is_address(host) and ipaddress.ip_address(host).is_global

    @property
    def server(self) -> str:
        """The name server that told of the record; empty where nobody told."""
        return self.services.server if isinstance(self.services, Records) else ""

    @property
    def domain_unknown(self) -> bool:
        """True where a name server told that the domain itself does not exist, which is mostly a typing error."""
        return self.views.no_such_name(self.domain, "outside")

    @property
    def why_none(self) -> str:
        """What the name server said where there is no record."""
        whom = f"The name server {self.server}" if self.server else "The name server"
        match self.services:
            case Records(outcome="no-such-name"):
                return f"{whom} says that the name {self.name} does not exist."
            case Records(outcome="loop"):
                return f"{whom} says that {self.name} is an alias that leads in a circle."
        return f"{whom} says that the name {self.name} exists, without an SRV record."

    def shown(self) -> Iterator[str]:
        """Each target with its addresses, a line each."""
        views = self.views
        for one in self.servers:
            found = ", ".join(sorted(views.addresses(one.value, "outside"))) if one.value in self.hosts else ""
            leads = f", at {found}" if found else ""
            yield f"{self.domain}: {one.value}, port {one.port}, priority {one.priority}{leads}."


async def look_up(context: Context, domain: str) -> ServiceRecords:
    """The records of a domain, then the addresses of their targets, or of the domain where there is no record."""
    services, direct = await context.together(
        context.lookup(service_of(domain), "SRV", "outside"),
        context.lookup(f"_xmpps-server._tcp.{domain}", "SRV", "outside"),
    )
    found = ServiceRecords(domain=domain, services=services, direct_services=direct, own_view=context.view)
    names = found.hosts or ((domain,) if found.state == "none" else ())
    sights = await context.together(*(sight_of(context, name, "outside") for name in names))
    return ServiceRecords(
        domain=domain, services=services, direct_services=direct, sights=sights, own_view=context.view
    )


async def sight_of(context: Context, name: str, view: View) -> Sight:
    """The addresses of a name. The system's own resolution tells no alias, so a name server is asked for that."""
    answer = await context.lookup(name, "ADDRESS", view)
    by_system = isinstance(answer, Records) and answer.outcome == "found" and not answer.server
    alias = await context.lookup(name, "CNAME", view) if by_system else None
    return Sight(name=name, view=view, answer=answer, alias=alias)


def service_of(domain: str) -> str:
    """The name of the record by which servers of XMPP find a domain's."""
    return f"_xmpp-server._tcp.{domain}"


def connect_by_hand(domain: str, host: str = "", port: int = PORT) -> str:
    """The command that tries a server of a domain: the one that is named, else the first that the record names."""
    if host:
        return Port(host=host, port=port, view="outside").typed()
    record = Lookup(name=service_of(domain), kind="SRV", view="outside").typed()
    # The record names the host, so it is looked up first, in the same line.
    return f"Test-NetConnection ({record})[0].NameTarget -Port {port}"


def is_address(target: str) -> bool:
    try:
        ipaddress.ip_address(target.strip("[]"))
    except ValueError:
        return False
    return True


def _targets(answer: Records | Unanswered) -> tuple[Record, ...]:
    if isinstance(answer, Unanswered) or answer.outcome != "found":
        return ()
    records = [
        Record(
            name=one.name,
            kind="SRV",
            value=clean(one.value.rstrip(".").lower(), 255),
            priority=one.priority,
            weight=one.weight,
            port=one.port,
        )
        for one in answer.records
        if one.kind == "SRV" and one.value.rstrip(".")
    ]
    return tuple(sorted(records, key=lambda one: (one.priority, -one.weight)))


def _state(answer: Records | Unanswered, own_view: View) -> State:
    match answer:
        case Unanswered(reason=Reason.MISSING_INPUT) if own_view != "outside":
            return "not-looked-at"
        case Unanswered() | Records(outcome="server-failure"):
            return "unknown"
    if _targets(answer):
        return "found"
    return "disabled" if answer.outcome == "found" and answer.values("SRV") else "none"


def _why(answer: Records | Unanswered, question: Lookup) -> Unanswered:
    if isinstance(answer, Unanswered):
        return Unanswered(reason=answer.reason, detail=answer.detail, command=answer.command or question.typed())
    return Unanswered(
        reason=Reason.UNREACHABLE,
        detail=f"The name server {answer.server or 'that was asked'} could not tell of {question.name}: it failed or refused.",
        command=question.typed(),
    )
