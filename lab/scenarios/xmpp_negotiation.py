"""Where both sides are right by themselves, and share no way to encrypt or to prove who they are."""

from lab.model import PARTNER, PARTNER_SERVER, AllowedPartner, Certificate, Model, XmppServer
from lab.scenarios import Enter, scenario

_NO_PRESENCE = "Contacts at fabrikam.com show no presence, and messages to them fail."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.negotiation/{answer}", "edge")


def _dialback_over_tls_alone(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, tls="Required", sasl="NotSupported")]


@_fault(
    "xmpp-partner-offers-nothing", "The partner has neither TLS nor dialback", _NO_PRESENCE, "nothing-offered"
)  # fmt: skip
def xmpp_partner_offers_nothing(model: Model) -> None:
    model.xmpp.partner.starttls = "absent"
    model.xmpp.partner.dialback = False


@_fault("xmpp-tls-missing", "We require TLS, and the partner has none", _NO_PRESENCE, "tls-missing")
def xmpp_tls_missing(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, tls="Required")]
    model.xmpp.partner.starttls = "absent"


@_fault(
    "xmpp-tls-refused-by-us",
    "The partner requires TLS, and our settings are those of the Google Talk example",
    "Since fabrikam.com has a new server, its contacts show no presence.",
    "tls-refused-by-us",
)
def xmpp_tls_refused_by_us(model: Model) -> None:
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, tls="NotSupported", sasl="NotSupported", keep_alive=False)]
    model.xmpp.partner.starttls = "required"


@_fault("xmpp-no-shared-proof", "We allow dialback alone, and the partner has it off", _NO_PRESENCE, "no-shared-proof")
def xmpp_no_shared_proof(model: Model) -> None:
    _dialback_over_tls_alone(model)
    model.xmpp.partner.dialback = False


@_fault(
    "xmpp-partner-second-server-without-dialback",
    "One of the partner's two servers has dialback off, which is all that we allow",
    "About half of the messages to fabrikam.com fail.",
    "some-servers",
)
def xmpp_partner_second_server_without_dialback(model: Model) -> None:
    _dialback_over_tls_alone(model)
    second = XmppServer("partner-2", [PARTNER], Certificate([PARTNER_SERVER, PARTNER], client=True), dialback=False)
    model.xmpp.more_servers.append(second)
    model.names["outside"][PARTNER_SERVER].hosts.append("partner-2")


@scenario("xmpp-defaults", "", "The partner has the settings that the cmdlet gives by itself", "", None)
def xmpp_defaults(model: Model) -> None:
    model.xmpp.allowed_partners = [
        AllowedPartner(PARTNER, partner_type="PublicUnverified", tls="Required", sasl="Required")
    ]


@scenario("xmpp-partner-without-external", "", "The partner offers SASL EXTERNAL to nobody", "", None)
def xmpp_partner_without_external(model: Model) -> None:
    model.xmpp.partner.external = False
