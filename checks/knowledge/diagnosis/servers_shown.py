"""Which Front End answered, request after request: the headers that `findstr X-MS-Server-Fqdn` leaves of several answers."""

import re
from collections.abc import Iterator

from checks.knowledge.diagnosis import starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste

_NAMED = re.compile(r"^[ \t<]{0,8}X-MS-Server-Fqdn ?: ?([A-Za-z0-9.-]{1,253})\s*$", re.IGNORECASE)
_KIND = "the servers of several answers"
_MOST = 6


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign where at least two answers name their server."""
    named = [match[1].lower() for line in paste.lines[:2000] if (match := _NAMED.match(line))]
    servers = list(dict.fromkeys(named))
    if len(named) < 2:
        return
    if len(servers) == 1:
        yield Sign(
            kind=_KIND,
            clarity=Clarity.HINT,
            layer=Layer.AFFINITY,
            in_order=(f"{servers[0]} answers each time.",),
        )
        return
    yield Sign(
        kind=_KIND,
        clarity=Clarity.STATUS,
        layer=Layer.AFFINITY,
        likely=(
            Likely(
                cause=f"Requests of one client are answered by several Front Ends: {', '.join(servers[:_MOST])}.",
                reason="Inside, source affinity is documented. Outside, the load balancer's page has each request balanced, "
                "and there it is right.",
                step=starts.AFFINITY,
                who="load balancer administrator",
            ),
        ),
        not_meant=("Asked by two different names or computers, it is no fault at all.",),
    )
