"""Which addresses of a domain's XMPP service took a connection, read from the streams that were tried there."""

from collections.abc import Iterable
from typing import Literal

from checks.knowledge.dns_views import is_private
from checks.model import Frozen
from checks.probes import Unanswered
from checks.probes.xmpp_facts import Attempt, Way
from checks.xmpp.streams import Seen

Outcome = Literal["open", "refused", "timeout", "no-route", "not-tried"]


class Connection(Frozen, frozen=True):
    """One address of one target."""

    host: str
    port: int
    """As the record names it."""
    address: str
    outcome: Outcome
    """`no-route` may be this computer's own lack of a network; `not-tried`: the time was over."""
    streams: bool = False
    """True where a stream of XMPP was opened on it."""

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port} at {self.address}"

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address

    @property
    def told(self) -> str:
        """The place, and how it went: a sentence."""
        words = {
            "open": "takes connections",
            "refused": "refuses the connection",
            "timeout": "does not answer",
            "no-route": "cannot be reached from here: there is no route",
            "not-tried": "was not tried, the time was over",
        }
        return f"{self.place} {words[self.outcome]}."


class Reached(Frozen, frozen=True):
    """The connections to one domain."""

    domain: str
    seat: str = ""
    """Where they were tried; empty where they were not."""
    way: Way | None = None
    """How the servers were found; None where nobody looked."""
    connections: tuple[Connection, ...] = ()
    left_out: int = 0
    """Targets and addresses that were too many to try."""
    unseen: Unanswered | None = None
    """Why nothing is known of it."""

    @property
    def by_record(self) -> bool:
        """False where there is no SRV record, so that only the domain's own address could be tried."""
        return self.way == "records"

    @property
    def fallback_fails(self) -> bool:
        """True where there is no record, and the domain's own address is that of no XMPP server."""
        tried = self.connections
        told = all(one.outcome in {"open", "refused", "timeout"} and not one.streams for one in tried)
        return self.way == "no-record" and bool(tried) and told

    @property
    def judged(self) -> tuple[Connection, ...]:
        """Those that prove something of a port: what opens a stream, and what records lead anybody to.

        An address of the inside, or one that was tried for want of a record, is a matter of DNS.
        """
        return tuple(one for one in self.connections if one.streams or (self.by_record and not is_private(one.address)))

    @property
    def opened(self) -> tuple[Connection, ...]:
        return tuple(one for one in self.judged if one.outcome == "open")

    @property
    def closed(self) -> tuple[Connection, ...]:
        return tuple(one for one in self.judged if one.outcome in {"refused", "timeout"})

    @property
    def ipv6_alone_fails(self) -> tuple[Connection, ...]:
        """IPv6 addresses that take no connection, of hosts whose IPv4 does: a record too many, and no closed port."""
        over_ipv4 = {one.host for one in self.opened if not one.is_ipv6}
        return tuple(one for one in self.closed if one.is_ipv6 and one.host in over_ipv4)


def reached(seen: Iterable[Seen]) -> tuple[Reached, ...]:
    """What the streams to each domain say of connecting."""
    return tuple(map(_reached, seen))


def _reached(seen: Seen) -> Reached:
    facts = seen.facts
    if isinstance(facts, Unanswered):
        return Reached(domain=seen.domain, unseen=facts)
    return Reached(
        domain=seen.domain,
        seat=seen.seat,
        way=facts.way,
        connections=tuple(map(_connection, facts.attempts)),
        left_out=facts.left_out,
    )


def _connection(attempt: Attempt) -> Connection:
    stopped = attempt.stopped
    outcome: Outcome = "open"
    if stopped is not None and stopped.stage == "connect":
        kinds: dict[str, Outcome] = {"refused": "refused", "timeout": "timeout", "no-route": "no-route"}
        outcome = kinds.get(stopped.kind, "not-tried")
    return Connection(
        host=attempt.target.host.rstrip(".").lower(),
        port=attempt.target.port,
        address=attempt.address,
        outcome=outcome,
        streams=attempt.opened,
    )
