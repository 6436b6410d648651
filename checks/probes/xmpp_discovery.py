"""Where a domain's XMPP service is: SRV records, and what RFC 6120 and XEP-0368 say where there are none."""

import asyncio
from collections.abc import Sequence

import msgspec

from checks.model import Frozen, Reason
from checks.probes import Lookup, Probe, Record, Records, Unanswered
from checks.probes.addresses import Network
from checks.probes.wire import Endpoint
from checks.probes.xmpp_facts import Stream, Target, Way

PORT = 5269
MOST_TARGETS = 6
MOST_ADDRESSES_OF_A_FAMILY = 2
MOST_PLACES = 8


class Discovery(Frozen, frozen=True):
    """What DNS tells of a domain's service. `services` and `direct_services` are the two SRV records."""

    services: Records | Unanswered
    direct_services: Records | Unanswered
    way: Way
    targets: tuple[Target, ...] = ()


class Place(Frozen, frozen=True):
    """One address of one target, to be connected to."""

    target: Target
    address: str
    port: int

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.address, self.port)


async def discover(dns: Probe[Lookup, Records], network: Network, question: Stream) -> Discovery | Unanswered:
    """The targets of the domain with their addresses, in the order that a server tries them.

    Unanswered where the resolver of the view told of nothing at all.
    """
    services, direct = await asyncio.gather(
        *(
            dns.ask(Lookup(name=f"{service}._tcp.{question.domain}", kind="SRV", view=question.view))
            for service in ("_xmpp-server", "_xmpps-server")
        )
    )
    if isinstance(services, Unanswered) and services.reason is Reason.MISSING_INPUT:
        return services
    way = way_to(services, direct)
    targets = _ordered(services, direct) if way == "records" else ()
    if way in {"no-record", "no-answer"}:
        targets = (Target(host=question.domain, port=PORT),)
    looked_up = await asyncio.gather(*(_with_addresses(network, target, question) for target in targets[:MOST_TARGETS]))
    if way == "no-answer" and isinstance(services, Unanswered) and isinstance(looked_up[0].records, Unanswered):
        return services
    return Discovery(services=services, direct_services=direct, way=way, targets=(*looked_up, *targets[MOST_TARGETS:]))


def way_to(services: Records | Unanswered, direct: Records | Unanswered) -> Way:
    """How the servers are found. A target of `.` says that there is no service; then nothing else is tried."""
    if _hosts(services) or _hosts(direct):
        return "records"
    if _is_disabled(services) or _is_disabled(direct):
        return "disabled"
    told = isinstance(services, Records) and services.outcome != "server-failure"
    return "no-record" if told else "no-answer"


def places(network: Network, targets: Sequence[Target]) -> tuple[tuple[Place, ...], int]:
    """What to connect to, in order, each place once; and how many targets and addresses are left out."""
    found: dict[tuple[str, int, bool], Place] = {}
    left_out = sum(target.records is None for target in targets)
    for target in targets:
        if not isinstance(target.records, Records):
            continue
        _, port = network.destination(target.host, target.port)
        for kind in ("AAAA", "A"):
            addresses = target.records.values(kind)
            left_out += len(addresses[MOST_ADDRESSES_OF_A_FAMILY:])
            for address in addresses[:MOST_ADDRESSES_OF_A_FAMILY]:
                found.setdefault((address, port, target.direct), Place(target=target, address=address, port=port))
    every = tuple(found.values())
    return every[:MOST_PLACES], left_out + len(every[MOST_PLACES:])


async def _with_addresses(network: Network, target: Target, question: Stream) -> Target:
    host, _ = network.destination(target.host, target.port)
    return msgspec.structs.replace(target, records=await network.resolve(host, question.view))


def _ordered(services: Records | Unanswered, direct: Records | Unanswered) -> tuple[Target, ...]:
    """The targets of both records as one list: the priorities of the two are of one kind.

    Among equals a server draws lots by weight; here the heaviest comes first, so that the order stays the same.
    """
    targets = [
        Target(
            host=record.value,
            port=record.port,
            direct=records is direct,
            priority=record.priority,
            weight=record.weight,
        )
        for records in (services, direct)
        for record in _hosts(records)
    ]
    return tuple(sorted(targets, key=lambda target: (target.priority, -target.weight)))


def _services(records: Records | Unanswered) -> list[Record]:
    if isinstance(records, Unanswered) or records.outcome != "found":
        return []
    return [record for record in records.records if record.kind == "SRV"]


def _hosts(records: Records | Unanswered) -> list[Record]:
    return [record for record in _services(records) if record.value.rstrip(".")]


def _is_disabled(records: Records | Unanswered) -> bool:
    """True where all that is there is a target of `.`, which no name has."""
    return bool(_services(records)) and not _hosts(records)
