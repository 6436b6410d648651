"""Whether a name leads through the reverse proxy or straight to the pool, told from inside by its addresses."""

from collections.abc import Iterable

from checks.context import Context
from checks.model import Frozen
from checks.probes import Records, Response, Unanswered, Unreached


class Address(Frozen, frozen=True):
    """An address that a name has, seen from inside."""

    name: str
    address: str


async def looked_up(context: Context, names: Iterable[str]) -> tuple[Address, ...]:
    """The addresses of these names in the view of the seat; a name that has none, or was not told, is left out."""
    wanted = tuple(dict.fromkeys(names))
    answers = await context.together(*(context.lookup(name, "ADDRESS") for name in wanted))
    return tuple(
        Address(name=name, address=address)
        for name, answer in zip(wanted, answers, strict=True)
        for address in (answer.addresses if isinstance(answer, Records) else ())
    )


def through_proxy(
    host: str, reply: Response | Unreached | Unanswered, addresses: Iterable[Address], internal: Iterable[str]
) -> bool | None:
    """False where the name has an address of the inside, true where it has none of them; None where it cannot be told.

    Through another proxy on the way out, or by an address that is not the name's, nothing can be told.
    """
    known, inner = tuple(addresses), frozenset(internal)
    own = {one.address for one in known if one.name == host}
    straight = {one.address for one in known if one.name in inner and one.name != host}
    if not own or not straight:
        return None
    if own & straight:
        return False
    return True if isinstance(reply, Response) and reply.hops[0].address in own else None
