"""The names of the practice deployment, litwareinc.com as in Microsoft's documents, and what DNS has under them."""

from dataclasses import dataclass, field
from typing import Literal

View = Literal["inside", "outside"]
VIEWS: tuple[View, View] = ("inside", "outside")

DOMAIN = "litwareinc.com"
POOL = "atl-cs-001.litwareinc.com"
OTHER_POOL = "atl-cs-002.litwareinc.com"
FRONT_ENDS = ("fe01.litwareinc.com", "fe02.litwareinc.com")
"""The computers of an Enterprise pool."""
DIRECTOR = "dir01.litwareinc.com"
WEB = "lyncweb.litwareinc.com"
WEB_INTERNAL = "lyncweb-int.litwareinc.com"
DIRECTOR_WEB = "lyncdir.litwareinc.com"
DIRECTOR_WEB_INTERNAL = "lyncdir-int.litwareinc.com"
EDGE = "atl-edge-001.litwareinc.com"
EDGE_COMPUTER = EDGE.partition(".")[0]
"""Its name in front of its own accounts: an Edge is in no domain."""
ACCESS_EDGE = "sip.litwareinc.com"
SITE = "Redmond"
PARTNER = "fabrikam.com"
PARTNER_SERVER = "xmpp.fabrikam.com"

HOSTS = (
    *("dns", "reverse-proxy", "hairpin", "pool", "other-pool", "front-end-1", "front-end-2", "balancer", "director"),
    *("edge-external", "edge-external-2", "edge-internal", "partner", "partner-2", "forward-proxy"),
)
"""Each gets an address of its own. `hairpin` is the reverse proxy as clients inside would reach it, where that differs.
`edge-external-2` and `partner-2` are spare: nothing is there until a scenario puts an XMPP server on them."""


@dataclass
class Service:
    """The right side of an SRV record."""

    target: str
    port: int
    priority: int = 0
    weight: int = 0


@dataclass
class Name:
    """What one view of DNS has under a name, which may be a wildcard. `hosts` are keys of `Model.addresses`."""

    hosts: list[str] = field(default_factory=list)
    alias: str = ""
    services: list[Service] = field(default_factory=list)
    fault: Literal["", "server-failure", "drop"] = ""


@dataclass
class WebNames:
    """The names of a pool's web services in the topology."""

    external: str | None
    internal: str


def default_names() -> dict[View, dict[str, Name]]:
    """Both views of the zone as a healthy deployment has them, and what a partner has outside."""

    def at(host: str) -> Name:
        return Name(hosts=[host])

    return {
        "inside": {
            POOL: at("pool"),
            OTHER_POOL: at("other-pool"),
            WEB_INTERNAL: at("pool"),
            WEB: at("reverse-proxy"),
            f"lyncdiscoverinternal.{DOMAIN}": at("pool"),
            EDGE: at("edge-internal"),
        },
        "outside": {
            WEB: at("reverse-proxy"),
            f"lyncdiscover.{DOMAIN}": at("reverse-proxy"),
            ACCESS_EDGE: at("edge-external"),
            f"xmpp.{DOMAIN}": at("edge-external"),
            f"_xmpp-server._tcp.{DOMAIN}": Name(services=[Service(ACCESS_EDGE, 5269)]),
            f"_sipfederationtls._tcp.{DOMAIN}": Name(services=[Service(ACCESS_EDGE, 5061)]),
            f"_xmpp-server._tcp.{PARTNER}": Name(services=[Service(PARTNER_SERVER, 5269)]),
            PARTNER_SERVER: at("partner"),
        },
    }
