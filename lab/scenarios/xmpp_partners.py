"""What can be wrong with the list of allowed XMPP partners, and with the settings of one of them."""

from lab.model import PARTNER, PARTNER_SERVER, AllowedPartner, Model, Name, Service
from lab.scenarios import Enter, scenario

_NO_PRESENCE = "Contacts at fabrikam.com show no presence, and messages to them fail."
_NOW_AND_THEN = "Messages to fabrikam.com fail now and then. Nobody knows since when."


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "front-end") -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.partner/{answer}", seat)


def _seek(model: Model, domain: str) -> None:
    """Lets the users look for people of another domain, which the partner's server serves."""
    model.xmpp.sought = domain
    model.xmpp.partner.domains.append(domain)
    model.xmpp.partner.certificate.names.append(domain)
    model.names["outside"][f"_xmpp-server._tcp.{domain}"] = Name(services=[Service(PARTNER_SERVER, 5269)])


@_fault("xmpp-no-partner-allowed", "All is set up, but for the list of partners", _NO_PRESENCE, "none-allowed")
def xmpp_no_partner_allowed(model: Model) -> None:
    model.xmpp.allowed_partners = []


@_fault("xmpp-partner-not-allowed", "Another partner is allowed, and not this one", _NO_PRESENCE, "not-allowed", "edge")
def xmpp_partner_not_allowed(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner("contoso.com")]


@_fault(
    "xmpp-partner-parent-only",
    "The partner's domain is allowed, and the one below it is not",
    "Contacts at chat.fabrikam.com show no presence. Those at fabrikam.com do.",
    "parent-only",
)
def xmpp_partner_parent_only(model: Model) -> None:
    _seek(model, f"chat.{PARTNER}")


@_fault(
    "xmpp-partner-invalid",
    "The partner's settings require SASL, forbid TLS and have dialback off",
    _NO_PRESENCE,
    "invalid",
)
def xmpp_partner_invalid(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, tls="NotSupported", sasl="Required", dialback=False)]


@_fault(
    "xmpp-partner-gone",
    "The partner is one that ended federation years ago",
    "Contacts at gmail.com have been without presence for longer than anybody remembers.",
    "gone",
)
def xmpp_partner_gone(model: Model) -> None:
    gone = "gmail.com"
    _seek(model, gone)
    as_published = AllowedPartner(gone, tls="NotSupported", sasl="NotSupported", keep_alive=False)
    model.xmpp.allowed_partners.append(as_published)


@_fault(
    "xmpp-partner-sasl-without-tls",
    "The partner's settings require SASL and leave TLS open",
    _NOW_AND_THEN,
    "sasl-without-tls",
)
def xmpp_partner_sasl_without_tls(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, tls="Optional", sasl="Required")]


@_fault("xmpp-partner-limit-zero", "The partner's connection limit is 0", _NO_PRESENCE, "limit-zero")
def xmpp_partner_limit_zero(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, connection_limit=0)]
