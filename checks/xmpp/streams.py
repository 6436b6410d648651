"""How streams to the two sides are seen from a seat: to our own domains as partners come in, to a partner as we go out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.model import Frozen, Reason
from checks.probes import Stream, StreamFacts, Unanswered

Side = Literal["ours", "partner"]

NOBODY = "lyncdoctor.invalid"
"""Speaks where no domain of ours is named: a name that nobody can have (RFC 2606)."""
MOST_DOMAINS = 8
"""SIP domains that are looked at in one walk."""


class Seen(Frozen, frozen=True):
    """The streams to one domain."""

    domain: str
    facts: StreamFacts | Unanswered
    seat: str = ""
    """Where it was seen; empty where it was not."""


async def streams(context: Context, side: Side) -> tuple[Seen, ...]:
    """The streams to every domain of a side; none where no domain of it is named.

    Our own domains are seen from outside alone, as a partner sees them. A partner is seen from the Edge, which is who
    calls it, or from outside. From anywhere else only evidence from there tells.
    """
    domains = domains_of(context.deployment, side)
    return await context.together(*(_seen(context, side, domain) for domain in domains))


def domains_of(deployment: Deployment, side: Side) -> tuple[str, ...]:
    """Our SIP domains, at most MOST_DOMAINS; or the one partner that a walk is about."""
    return deployment.domains[:MOST_DOMAINS] if side == "ours" else deployment.partners[:1]


SEEN_FROM: Mapping[Side, tuple[Vantage, ...]] = {
    "ours": (Vantage.OUTSIDE,),
    "partner": (Vantage.EDGE, Vantage.OUTSIDE),
}
"""The seats that see a side as its other side does."""


def seen_live(deployment: Deployment, side: Side) -> bool:
    """True where this seat can open such streams itself."""
    return deployment.vantage in SEEN_FROM[side]


def opened_by_hand(domain: str, told: StreamFacts | Unanswered | None = None) -> str:
    """The command that opens a stream to the domain and TLS on it: to its first server, where what was told names one."""
    question = Stream(domain=domain, from_domain=NOBODY, view="outside")
    targets = told.targets if isinstance(told, StreamFacts) else ()
    named = next((one for one in targets if not one.direct), None)
    return question.typed_at(named.host.rstrip("."), named.port) if named is not None else question.typed()


def speaker(deployment: Deployment, side: Side) -> str:
    """The domain that a stream to a side speaks for."""
    if side == "ours":
        return deployment.partner or NOBODY
    return deployment.from_domain or deployment.domain or NOBODY


async def _seen(context: Context, side: Side, domain: str) -> Seen:
    deployment = context.deployment
    sender = speaker(deployment, side)
    if seen_live(deployment, side):
        facts = await context.stream(domain, sender, "outside")
        return Seen(domain=domain, facts=facts, seat=deployment.vantage)
    told: StreamFacts | Unanswered = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")
    for seat in ("outside",) if side == "ours" else ("edge", "outside"):
        ask: Callable[[str, str], Awaitable[StreamFacts | Unanswered]] = context.from_seat(seat).stream
        told = await ask(domain, sender)
        if isinstance(told, StreamFacts):
            return Seen(domain=domain, facts=told, seat=seat)
    return Seen(domain=domain, facts=told)
