"""What can be wrong with the route that XMPP leaves a site through, and with the configuration on its way to the Edge."""

from lab.model import DOMAIN, EDGE, OTHER_POOL, PARTNER, POOL, SITE, AllowedPartner, Computer, Model
from lab.scenarios import Enter, scenario

_NEVER = "XMPP was set up by the book, and nothing listens on the Edge."
_SINCE_MOVE = "Since the old Edge was taken out nobody reaches fabrikam.com."
_NEW_PARTNER = "The new settings for fabrikam.com were made an hour ago, and nothing has changed."
_SECOND_EDGE = f"atl-edge-002.{DOMAIN}"
_SKYPE_2019 = "7.0.2046.0"


def _fault(name: str, title: str, symptom: str, cause: str, seat: str = "front-end") -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.{cause}", seat)


def _further_edge(model: Model, version: str = "") -> None:
    """An Edge pool of the topology, which no packet ever reaches."""
    model.xmpp.more_edges.append(_SECOND_EDGE)
    model.computers.append(Computer(_SECOND_EDGE, _SECOND_EDGE, version=version))


# The route.


@_fault("xmpp-no-route", "No site has an XMPP route", _NEVER, "route/no-route")
def xmpp_no_route(model: Model) -> None:
    model.xmpp.routes = {SITE: None}
    model.edge_listeners = []


@_fault("xmpp-no-route-no-services", "The route was never chosen, and setup never run", _NEVER, "route/no-route")
def xmpp_no_route_no_services(model: Model) -> None:
    xmpp_no_route(model)
    model.xmpp.edge_service = model.xmpp.gateway_service = "absent"


@_fault("xmpp-route-to-nowhere", "The route leads to an Edge that is gone", _SINCE_MOVE, "route/edge-unknown")
def xmpp_route_to_nowhere(model: Model) -> None:
    model.xmpp.routes[SITE] = f"EdgeServer:atl-edge-old.{DOMAIN}"


@_fault("xmpp-route-to-2019", "The route leads to a new Edge of 2019", _SINCE_MOVE, "route/edge-without-xmpp")
def xmpp_route_to_2019(model: Model) -> None:
    _further_edge(model, _SKYPE_2019)
    model.xmpp.routes[SITE] = f"EdgeServer:{_SECOND_EDGE}"


@_fault("xmpp-route-elsewhere", "The route leads to the other Edge", _SINCE_MOVE, "route/leads-elsewhere")
def xmpp_route_elsewhere(model: Model) -> None:
    _further_edge(model)
    model.xmpp.routes[SITE] = f"EdgeServer:{_SECOND_EDGE}"


@_fault(
    "xmpp-site-without-route",
    "The user's site has no XMPP route, the other site has one",
    "In Redmond contacts at fabrikam.com show presence. Ken Myer, in Chicago, sees none.",
    "route/site-without-route",
)
def xmpp_site_without_route(model: Model) -> None:
    model.computer(OTHER_POOL).site = "Chicago"
    model.xmpp.routes["Chicago"] = None
    for user in model.users:
        user.pool = OTHER_POOL


@scenario(
    "healthy-xmpp-two-sites",
    "xmpp",
    "A second site has no users of XMPP, and no route",
    "Nobody complains.",
    None,
    "front-end",
)
def xmpp_two_sites(model: Model) -> None:
    model.computer(OTHER_POOL).site = "Chicago"
    model.xmpp.routes["Chicago"] = None
    _further_edge(model)


# The configuration on its way.


@_fault("xmpp-edge-replica-late", "The Edge's replica is behind", _NEW_PARTNER, "replication/edge-late")
def xmpp_edge_replica_late(model: Model) -> None:
    model.computer(EDGE).up_to_date = False


@_fault("xmpp-edge-replica-never", "The Edge's replica has never arrived", _NEVER, "replication/edge-never")
def xmpp_edge_replica_never(model: Model) -> None:
    model.computer(EDGE).reported = False


@_fault(
    "xmpp-partner-not-replicated",
    "The Edge still works by the old settings of a partner",
    _NEW_PARTNER,
    "replication/partners-differ",
)
def xmpp_partner_not_replicated(model: Model) -> None:
    model.computer(EDGE).up_to_date = False
    model.xmpp.replicated_partners = [AllowedPartner(PARTNER, tls="Required", sasl="Required")]


@_fault("xmpp-front-end-replica-late", "A Front End's replica is behind", _NEW_PARTNER, "replication/front-end-late")
def xmpp_front_end_replica_late(model: Model) -> None:
    model.computer(POOL).up_to_date = False
