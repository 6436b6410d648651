"""How Edge pools are reached, as Get-CsService -EdgeServer shows it: names in lower case, ports as numbers."""

from collections.abc import Iterable

from checks.deployment import InvalidName, parse_fqdn
from checks.knowledge.lync_objects import Properties, text
from checks.model import Frozen

MOST_EDGES = 8


class EdgeInterface(Frozen, frozen=True):
    """The two sides of an Edge pool. What was not shown, or is no name, is empty; a port then is 0."""

    pool: str
    inside: str = ""
    """The FQDN of its internal interface."""
    access: str = ""
    """The FQDN of the Access Edge service outside."""
    listening_port: int = 0
    """XmppListeningPort, for partners."""
    internal_port: int = 0
    """XmppInternalPort, for the Front End."""


def edge_interfaces(objects: Iterable[Properties]) -> tuple[EdgeInterface, ...]:
    """Those in an answer of Get-CsService -EdgeServer, at most MOST_EDGES."""
    found = (
        EdgeInterface(
            pool=_name(text(one, "PoolFqdn") or text(one, "Identity").rpartition(":")[2]),
            inside=_name(text(one, "InternalInterfaceFqdn")),
            access=_name(text(one, "AccessEdgeExternalFqdn")),
            listening_port=_port(text(one, "XmppListeningPort")),
            internal_port=_port(text(one, "XmppInternalPort")),
        )
        for one in objects
    )
    return tuple(one for one in found if one.pool or one.inside)[:MOST_EDGES]


def _name(found: str) -> str:
    try:
        return parse_fqdn(found)
    except InvalidName:
        return ""


def _port(found: str) -> int:
    known = found.strip()
    return int(known) if known.isascii() and known.isdigit() and 0 < int(known[:6]) < 65536 else 0
