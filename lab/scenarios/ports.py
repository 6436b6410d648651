"""Which TCP ports a firewall or a stopped service may close. Some are seen from outside or at a Front End alone."""

from typing import Literal

from lab.model import DOMAIN, OTHER_POOL, WEB, Model, Name
from lab.pools import hairpin
from lab.scenarios import Enter, scenario

_UNAVAILABLE = "Phones say that the server might be unavailable."
_NEVER_ENDS = "Signing in on the phone turns its wheel for a minute, then gives up."
_ON_MOBILE_DATA = "It works on the office Wi-Fi and fails on mobile data."
_ON_WI_FI = "It works on mobile data and fails on the office Wi-Fi."
_OUTSIDE, _FRONT_END = "outside", "front-end"


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.ports/{answer}", seat)


def _harmless(name: str, title: str, symptom: str) -> Enter:
    return scenario(name, "mobility", title, symptom, None)


@_fault("unreachable", "A firewall drops every packet to the reverse proxy", _NEVER_ENDS, "web-unreachable", _OUTSIDE)
def unreachable(model: Model) -> None:
    model.external_web.https = model.external_web.http = "drop"


@_fault("refused", "Nothing listens on port 443 of the reverse proxy", _UNAVAILABLE, "web-refused", _OUTSIDE)
def refused(model: Model) -> None:
    model.external_web.https = model.external_web.http = "closed"


@_fault(
    "port-discovery-closed",
    "lyncdiscover leads to a machine that does not listen any more",
    _ON_MOBILE_DATA,
    "discovery-closed",
    _OUTSIDE,
)
def discovery_closed(model: Model) -> None:
    # The partner's address is a public one on which nothing takes web requests.
    model.names["outside"][f"lyncdiscover.{DOMAIN}"] = Name(hosts=["partner"])


@_fault(
    "port-discovery-http-only",
    "lyncdiscover is published over HTTP alone",
    "The first sign-in on a phone shows an error; trying again helps.",
    "discovery-http-only",
    _OUTSIDE,
)
def discovery_http_only(model: Model) -> None:
    # A second address of the reverse proxy, without a certificate for the name.
    hairpin(model).https = "closed"
    model.names["inside"][WEB] = Name(hosts=["reverse-proxy"])
    model.names["outside"][f"lyncdiscover.{DOMAIN}"] = Name(hosts=["hairpin"])


@_fault(
    "port-internal-discovery-closed",
    "lyncdiscoverinternal leads to a machine that does not listen any more",
    _ON_WI_FI,
    "discovery-closed",
)
def internal_discovery_closed(model: Model) -> None:
    model.names["inside"][f"lyncdiscoverinternal.{DOMAIN}"] = Name(hosts=["partner"])


@_fault("port-internal-refused", "The web site for clients inside is stopped", _ON_WI_FI, "internal-refused")
def internal_refused(model: Model) -> None:
    _internal_site(model, "closed")


@_fault(
    "port-internal-unreachable",
    "A firewall drops what clients inside send to the pool",
    _ON_WI_FI,
    "internal-unreachable",
)
def internal_unreachable(model: Model) -> None:
    _internal_site(model, "drop")


def _internal_site(model: Model, state: Literal["closed", "drop"]) -> None:
    site = model.web_server("pool")
    site.https = site.http = state
    # Its own endpoint is gone with it.
    model.shell_pool = OTHER_POOL


@_fault(
    "port-external-site-closed",
    "The external web site of the Front End is stopped",
    _ON_MOBILE_DATA,
    "external-site-closed",
    _FRONT_END,
)
def external_site_closed(model: Model) -> None:
    model.external_site.https = "closed"


@_fault(
    "port-external-http-closed",
    "The external web site has lost its binding for HTTP",
    "Nobody has complained. The servers are looked over before new phones are handed out.",
    "external-http-closed",
    _FRONT_END,
)
def external_http_closed(model: Model) -> None:
    model.external_site.http = "closed"


@_fault(
    "port-registrar-closed",
    "The Windows Firewall was off when the registrar started, and now closes its port",
    _UNAVAILABLE,
    "registrar-closed",
    _FRONT_END,
)
def registrar_closed(model: Model) -> None:
    model.listening["pool"] = {5061: "drop"}


@_fault(
    "port-mcx-closed",
    "Mcx takes no SIP on 5086",
    "Lync 2010 Mobile signs in and out again.",
    "mobility-ports-closed",
    _FRONT_END,
)
def mcx_closed(model: Model) -> None:
    model.listening["pool"] = {5086: "closed"}


@_fault(
    "port-branch-closed",
    "UCWA takes no SIP for the users of a branch appliance",
    "Colleagues in the branch office sign in and see nobody.",
    "branch-ports-closed",
    _FRONT_END,
)
def branch_closed(model: Model) -> None:
    model.branch_appliances.append(f"sba-001.{DOMAIN}")
    model.listening["pool"] = {5088: "closed", 5089: "closed"}


@_harmless("healthy-branch", "A branch appliance, whose users sign in at this pool too", "Nobody complains.")
def healthy_branch(model: Model) -> None:
    model.branch_appliances.append(f"sba-001.{DOMAIN}")


@_harmless("healthy-without-80", "Port 80 is published nowhere", "Nobody complains: Autodiscover works over HTTPS.")
def healthy_without_80(model: Model) -> None:
    model.external_web.http = "closed"
