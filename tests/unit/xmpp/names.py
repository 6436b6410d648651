"""DNS answers and streams for tests of the steps about the network of XMPP."""

from checks.knowledge.dns_views import Sight
from checks.model import Reason
from checks.probes import Record, Records, StreamFacts, Unanswered
from checks.probes.xmpp_facts import Attempt, Header, Kind, Opening, Stopped, Target, Way
from checks.xmpp.service_records import ServiceRecords

SILENCE = Unanswered(reason=Reason.TIMEOUT, detail="The name server 192.0.2.53 did not answer in time.")
NO_VIEW = Unanswered(reason=Reason.MISSING_INPUT, detail="No name server gives the outside view.")
NO_NAME = Records(outcome="no-such-name", server="192.0.2.53")
NO_DATA = Records(outcome="no-such-record", server="192.0.2.53")
CIRCLE = Records(outcome="loop", server="192.0.2.53")
FAILURE = Records(outcome="server-failure", server="192.0.2.53")


def srv(*targets: tuple[str, int] | tuple[str, int, int]) -> Records:
    """SRV records: target, port and priority of each."""
    records = [
        Record(name="_xmpp-server._tcp", kind="SRV", value=target, port=port, priority=more[0] if more else 0)
        for target, port, *more in targets
    ]
    return Records(outcome="found", records=tuple(records), server="192.0.2.53")


def sight(name: str, *addresses: str, alias: str = "", view: str = "outside") -> Sight:
    """What a view has under a name; without addresses there is no such name."""
    if not addresses:
        return Sight(name=name, view="inside" if view == "inside" else "outside", answer=NO_NAME)
    records = [Record(name=name, kind="CNAME", value=alias)] if alias else []
    records += [Record(name=alias or name, kind="AAAA" if ":" in one else "A", value=one) for one in addresses]
    answer = Records(outcome="found", records=tuple(records), server="192.0.2.53")
    return Sight(name=name, view="inside" if view == "inside" else "outside", answer=answer)


def records(
    domain: str,
    services: Records | Unanswered,
    *sights: Sight,
    direct: Records | Unanswered = NO_NAME,
    inside: bool = False,
) -> ServiceRecords:
    """What DNS has for a domain; `inside`: seen from there."""
    return ServiceRecords(
        domain=domain,
        services=services,
        direct_services=direct,
        sights=sights,
        own_view="inside" if inside else "outside",
    )


def attempt(host: str, address: str, kind: Kind | None = None, port: int = 5269) -> Attempt:
    """A connection to one address: with a stream, or as it failed."""
    target = Target(host=host, port=port)
    if kind is not None:
        stopped = Stopped(stage="connect", kind=kind, detail="It failed.")
        return Attempt(target=target, address=address, port=port, stopped=stopped)
    opening = Opening(header=Header(id="1", version="1.0", namespace="jabber:server"))
    return Attempt(target=target, address=address, port=port, plain=opening)


def streams(*attempts: Attempt, way: Way = "records") -> StreamFacts:
    """What the ways to a domain show."""
    services = srv(("sip.litwareinc.com", 5269)) if way == "records" else NO_NAME
    return StreamFacts(services=services, direct_services=NO_NAME, way=way, attempts=attempts)
