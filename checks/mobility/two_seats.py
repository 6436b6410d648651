"""One name as it is seen from both sides of the firewall, and what only both together show."""

from collections.abc import Iterator

from checks.knowledge.autodiscover import document
from checks.model import Frozen
from checks.probes import NoTls, Presented, Records, Response, Unanswered, Unreached

Reply = Response | Unreached | Unanswered


class Seen(Frozen, frozen=True):
    """What one side sees of the name. None was not looked at."""

    reply: Reply | None = None
    addresses: Records | Unanswered | None = None
    certificate: Presented | NoTls | Unanswered | None = None


class Told(Frozen, frozen=True):
    """What the Autodiscover service of another name answered outside."""

    host: str
    reply: Reply


def took_connection(side: Seen) -> bool | None:
    """Whether something at the name's address was reached, be it that TLS failed then; None where nobody looked."""
    match side.reply:
        case Response():
            return True
        case Unreached(phase=phase):
            return phase in {"tls", "reply"}
    return None


def is_internal_site(reply: Reply | None) -> bool:
    """True where the internal web site answered, by what its Autodiscover document says."""
    told = document(reply.last.body) if isinstance(reply, Response) else None
    return told is not None and told.access_location.lower() == "internal"


def leads_to(inside: Seen, outside: Seen) -> Iterator[str]:
    """A line about the addresses that the name has on both sides; none where one of them is not known."""
    here, there = _addresses(inside), _addresses(outside)
    if here and here == there:
        yield f"Inside and outside it leads to {_listed(here)}: clients inside must turn round at the firewall."
    elif here and there:
        yield f"Inside it leads to {_listed(here)}, outside to {_listed(there)}."


def other_authority(inside: Seen, outside: Seen) -> tuple[str, ...]:
    """A line about each side's certificate where two authorities issued them, else nothing.

    Two certificates of one authority are what two machines have, or what was renewed in between.
    """
    here, there = inside.certificate, outside.certificate
    if not isinstance(here, Presented) or not isinstance(there, Presented) or not here.chain or not there.chain:
        return ()
    issuers = here.chain[0].issuer, there.chain[0].issuer
    if not all(issuers) or issuers[0] == issuers[1]:
        return ()
    return (_issued("Inside", here), _issued("Outside", there))


def seen_outside(inside: Seen, outside: Seen) -> Iterator[str]:
    """What the evidence tells of the outside, or how to come by it."""
    match outside.reply:
        case Response() as there:
            yield f"Outside it answered from {there.last.address} (HTTP {there.last.status}), as the evidence tells."
        case Unreached() as there if isinstance(inside.reply, Response):
            yield f"Outside it did not answer, as the evidence tells: {there.detail}"
        case Unanswered():
            yield "How it looks outside is not known here: walk there with --record FILE, and here with --evidence FILE."


def _issued(side: str, seen: Presented) -> str:
    day = seen.seen_at[:10]
    return f"{side}, at {seen.address}: issued by {seen.chain[0].issuer}{f', seen {day}' if day else ''}."


def _addresses(seen: Seen) -> frozenset[str]:
    return frozenset(seen.addresses.addresses) if isinstance(seen.addresses, Records) else frozenset()


def _listed(addresses: frozenset[str]) -> str:
    return ", ".join(sorted(addresses)[:4])
