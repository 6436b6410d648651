"""Do the partner's servers take connections from the Edge?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.xmpp import partner_ports_remedies as remedies
from checks.xmpp.connections import Connection, Reached, reached
from checks.xmpp.service_records import PORT, connect_by_hand
from checks.xmpp.streams import SEEN_FROM, seen_live, streams

OUTCOMES = Outcomes(
    links.XMPP_PORTS,
    Answer(name="open", status=Status.OK, meaning="the partner's servers take connections"),
    Answer(name="refused", status=Status.FAILED, meaning="the partner refuses the connection, and none of its servers takes one"),
    Answer(
        name="unreachable",
        status=Status.FAILED,
        meaning="no server of the partner answers; from the Edge our own firewall may be the reason",
    ),
    Answer(name="some-closed", status=Status.WARNING, meaning="some servers of the partner take no connection, others do"),
    Answer(name="no-partner", status=Status.NOT_APPLICABLE, meaning="no partner is named"),
    Answer(
        name="seen-from-edge", status=Status.NOT_APPLICABLE, meaning="the Edge calls partners; from here nothing follows"
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no server of the partner could be tried"),
)  # fmt: skip


class Facts(Frozen, frozen=True):
    """The connections to one partner."""

    vantage: Vantage
    live: bool = False
    """True where this seat tries them itself."""
    reached: Reached | None = None
    """None: no partner is named."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    seen = reached(await streams(context, "partner"))
    return Facts(
        vantage=deployment.vantage,
        live=seen_live(deployment, "partner"),
        reached=seen[0] if seen else None,
    )


def judge(facts: Facts) -> Finding:
    seen = facts.reached
    if seen is None:
        return OUTCOMES.finding(
            "no-partner", "No partner is named, so there is no server to try. Name one with --partner DOMAIN."
        )
    if seen.unseen is not None:
        return _unseen(facts, seen)
    tried = seen.connections
    opened = [one for one in tried if one.outcome == "open"]
    closed = [one for one in tried if one.outcome in {"refused", "timeout"}]
    over_ipv4 = {one.host for one in opened if not one.is_ipv6}
    closed = [one for one in closed if not (one.is_ipv6 and one.host in over_ipv4)]
    if seen.way == "no-answer" and not opened:
        return _nothing_told(seen)
    told = tuple(one.told for one in tried[:6])
    more = tuple(_beside(facts, seen))
    if closed:
        return _closed(facts, seen, opened, closed, *told, *more)
    if opened:
        return OUTCOMES.finding(
            "open", f"{opened[0].host} takes connections for {seen.domain}, {_from(seen)}.", *told, *more
        )
    return _nothing_tried(seen, tried)


def _closed(facts: Facts, seen: Reached, opened: list[Connection], closed: list[Connection], *detail: str) -> Finding:
    # The first that is tried, of IPv4 where there is any: an Edge without IPv6 tells nothing of the partner's.
    first = next((one for one in closed if not one.is_ipv6), closed[0])
    if opened:
        return OUTCOMES.finding(
            "some-closed",
            f"{first.place} takes no connection {_from(seen)}; other servers of {seen.domain} do.",
            *detail,
            "What is sent to it waits until another one is tried.",
            remedies=(remedies.ask_to_listen(seen.domain, first),),
        )
    if first.outcome == "refused":
        return OUTCOMES.finding(
            "refused",
            f"{first.host} refuses connections for {seen.domain} on {first.port}, {_from(seen)}.",
            *detail,
            "A machine answers there, and nothing listens, or a firewall refuses in its name.",
            remedies=(remedies.ask_to_listen(seen.domain, first),),
        )
    return OUTCOMES.finding(
        "unreachable",
        f"{first.host} does not answer for {seen.domain} on {first.port}, {_from(seen)}.",
        *detail,
        *_SAID[seen.seat == "edge"],
        remedies=tuple(_ways_out(seen, first)),
    )


_SAID = {
    True: (
        "Either our firewall does not let the Edge out, or the partner's lets nobody in. If other partners work, it is theirs.",
        "Whether it answers a ping says nothing.",
    ),
    False: ("A firewall there drops it, or the address is nobody's. Whether it answers a ping says nothing.",),
}


def _ways_out(seen: Reached, first: Connection) -> Iterator[Remedy]:
    if seen.seat == "edge":
        yield remedies.let_edge_out(first)
    yield remedies.ask_to_let_in(seen.domain, first)


def _unseen(facts: Facts, seen: Reached) -> Finding:
    assert seen.unseen is not None  # noqa: S101
    command = connect_by_hand(seen.domain)
    if not facts.live and seen.unseen.reason is Reason.MISSING_INPUT:
        return OUTCOMES.finding(
            "seen-from-edge",
            f"The Edge calls the servers of {seen.domain}. Walk this step there, or from outside.",
            "With --record FILE there, and --evidence FILE here, it is judged here too.",
            command=command,
            seen_from=SEEN_FROM["partner"],
        )
    return OUTCOMES.finding(
        "not-seen",
        f"The servers of {seen.domain} could not be tried: {seen.unseen.detail}",
        reason=seen.unseen.reason,
        command=seen.unseen.command or command,
    )


def _nothing_told(seen: Reached) -> Finding:
    """Where no name server told of the record, the domain's own address proves nothing."""
    return OUTCOMES.finding(
        "not-seen",
        f"No name server told which servers {seen.domain} has: “Partner DNS” tells why.",
        *(f"Tried instead: {one.told}" for one in seen.connections[:4]),
        reason=Reason.UNREACHABLE,
        command=connect_by_hand(seen.domain),
    )


def _nothing_tried(seen: Reached, tried: tuple[Connection, ...]) -> Finding:
    if not tried:
        why = f"No address of a server of {seen.domain} was found: “Partner DNS” tells why."
    else:
        why = f"Nothing follows for {seen.domain}: {tried[0].told}"
    command = connect_by_hand(seen.domain, *((tried[0].host, tried[0].port) if tried else ()))
    return OUTCOMES.finding(
        "not-seen", why, *(one.told for one in tried[1:6]), reason=Reason.UNREACHABLE, command=command
    )


def _beside(facts: Facts, seen: Reached) -> Iterator[str]:
    if not seen.by_record:
        yield f"{seen.domain} has no SRV record; this is the domain's own address. “Partner DNS” tells more."
    if seen.left_out:
        yield f"{seen.left_out} more targets or addresses were not tried."
    if seen.seat != facts.vantage:
        yield f"It was seen from {seen.seat}, in evidence."


def _from(seen: Reached) -> str:
    return "seen from the Edge" if seen.seat == "edge" else "seen from outside"


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    partner = deployment.partner or "<partner domain>"
    return (
        "# On the Edge; this tries the first target of the partner's SRV record, so try the others and their ports too:",
        connect_by_hand(partner),
        "# Good is TcpTestSucceeded: True. PingSucceeded says nothing.",
        "# A connection that only waits stands as SYN_SENT in netstat -ano: then outbound 5269 is blocked, here or there.",
    )


STEP = Step(
    id="xmpp.partner-ports",
    title="Partner ports",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why=f"The Edge calls the partner's servers, mostly on {PORT}: for what our users send, and to check by dialback what comes from "
    f"there. Firewalls often let {PORT} in and forget to let it out.",
    good="From the Edge, every server that the partner's record names takes connections.",
    by_hand=by_hand,
)
