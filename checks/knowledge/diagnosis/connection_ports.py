"""The ports of a deployment: whose each is, and which step looks at it."""

from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts


class Port(NamedTuple):
    """A port of the deployment: whose it is, and what to do about it."""

    owner: str
    step: str
    """The step that tries it."""
    service: str
    """What listens there, for a refusal."""
    who: str
    not_meant: str
    refused: str = ""
    """The step that tells why nothing listens; empty where none does."""
    broken_off: str = ""
    """The step that tells why a connection that was taken broke off; empty where none does."""


_WEB = Port(
    "the Lync web services",
    starts.PORTS,
    "IIS, or the listener of the reverse proxy,",
    f"{sides.NETWORK_ADMINISTRATOR}, or {sides.PROXY_ADMINISTRATOR}",
    "It does not mean a wrong password or policy: no sign-in was reached.",
    starts.PORTS,
    starts.CERTIFICATES,
)
_POOL_WEB = _WEB._replace(owner="the pool's external web site, where the reverse proxy forwards to")
_BETWEEN = _WEB._replace(service="the service behind it", refused=starts.SERVICES, broken_off="")
_REGISTRAR = Port(
    "the Registrar, the front end service of the pool",
    starts.PORTS,
    "the front end service (RTCSRV)",
    f"{sides.NETWORK_ADMINISTRATOR}, or {sides.FRONT_END_ADMINISTRATOR}",
    "{number}:5061 is the Registrar, not XMPP: no XMPP partner and no XMPP setting is involved yet.",
    starts.SERVICES,
)
EDGE_SIP = _REGISTRAR._replace(
    owner="the SIP port of an Edge",
    step="",
    refused="",
    service="the Access Edge service",
    who=f"{sides.NETWORK_ADMINISTRATOR}, or {sides.EDGE_ADMINISTRATOR}",
    not_meant="{number}:5061 is SIP, not XMPP: XMPP partners use 5269.",
)
_XMPP = Port(
    "the XMPP port of an Edge or of the partner",
    starts.XMPP_PORTS,
    "the XMPP proxy",
    f"{sides.EDGE_ADMINISTRATOR}, then {sides.NETWORK_ADMINISTRATOR}",
    "It does not mean policies or the partner's settings: no stream was opened.",
    starts.XMPP_LISTENING,
    starts.XMPP_STREAM,
)
_XMPP_INSIDE = _XMPP._replace(
    owner="the Edge's inner XMPP port, where the Front End connects to",
    not_meant="It does not mean the partner: this connection is between Front End and Edge.",
    # What ends a connection between the two, their certificates for example, only their event logs tell.
    broken_off=starts.XMPP_EVENTS,
)
PORTS = {
    443: _WEB,
    80: _WEB,
    4443: _POOL_WEB,
    8080: _POOL_WEB,
    5061: _REGISTRAR,
    5269: _XMPP,
    23456: _XMPP_INSIDE,
    5086: _BETWEEN._replace(owner="the Mobility Service between Front Ends", service="the Mobility Service"),
    5087: _BETWEEN._replace(owner="the Mobility Service between Front Ends", service="the Mobility Service"),
    5088: _BETWEEN._replace(owner="UCWA for users of branch appliances", service="UCWA"),
    5089: _BETWEEN._replace(owner="UCWA for users of branch appliances", service="UCWA"),
    5223: Port(
        "Apple's push service",
        "",
        "Apple's push service",
        sides.NETWORK_ADMINISTRATOR,
        "It does not concern Lync 2013 on iPhones, which needs no push.",
    ),
}
