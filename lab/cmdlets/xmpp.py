"""Get-CsXmppAllowedPartner, in the deployment's store and in the Edge's own copy, and Get-CsXmppGatewayConfiguration."""

from dataclasses import dataclass
from typing import Any

from psrpcore.types import PSString, PSUInt

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.scoped import chosen
from lab.model import AllowedPartner, Model

_SETTINGS = "WritableConfig.Settings.XmppFederation"
_NEGOTIATION = clixml.enumeration(f"{_SETTINGS}.NegotiationType", ("Required", "Optional", "NotSupported"))
_PARTNER_TYPE = clixml.enumeration(
    f"{_SETTINGS}.PartnerType", ("Federated", "PublicVerified", "PublicUnverified")
)  # fmt: skip


@dataclass
class _Known:
    """A partner, found by its domain."""

    identity: str
    partner: AllowedPartner


def get_allowed_partner(model: Model, arguments: Arguments) -> list[Any]:
    """All partners, or those that -Identity or -Filter name; with -LocalStore as they were taken over."""
    copied = model.xmpp.replicated_partners if arguments.get("localstore") else None
    partners = model.xmpp.allowed_partners if copied is None else copied
    known = [_Known(each.domain, each) for each in partners]
    return [_partner(each.partner) for each in chosen("Get-CsXmppAllowedPartner", known, arguments)]


def _partner(partner: AllowedPartner) -> Any:
    limit = partner.connection_limit
    properties = {
        "Identity": partner.domain,
        "AdditionalDomains": [PSString(domain) for domain in partner.additional_domains],
        "ConnectionLimit": None if limit is None else PSUInt(limit),
        "Description": partner.description,
        "Domain": partner.domain,
        "EnableKeepAlive": partner.keep_alive,
        "PartnerType": _PARTNER_TYPE[partner.partner_type],
        "ProxyFqdn": partner.proxy_fqdn,
        "SaslNegotiation": _NEGOTIATION[partner.sasl],
        "SupportDialbackNegotiation": partner.dialback,
        "TlsNegotiation": _NEGOTIATION[partner.tls],
    }
    return clixml.lync_object(f"{_SETTINGS}.XmppAllowedPartner#Decorated", properties)


def get_gateway_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """The one configuration of the gateway, alike in both stores."""
    gateway = model.xmpp.gateway
    properties = {
        "Identity": clixml.identity("Global"),
        "ConnectionLimit": PSUInt(gateway.connection_limit),
        "DialbackPassphrase": gateway.dialback_passphrase,
        "EnableLoggingAllMessageBodies": gateway.enable_logging_all_message_bodies,
        "KeepAliveInterval": PSUInt(gateway.keep_alive_interval),
        "PartnerConnectionLimit": PSUInt(gateway.partner_connection_limit),
        "StreamEstablishmentTimeout": PSUInt(gateway.stream_establishment_timeout),
        "StreamInactivityTimeout": PSUInt(gateway.stream_inactivity_timeout),
        "SubscriptionRefreshInterval": PSUInt(gateway.subscription_refresh_interval),
    }
    return [clixml.lync_object(f"{_SETTINGS}.XmppGatewaySettings", properties)]


_OPTIONS = ("Identity", "Filter", "LocalStore")
CMDLETS = (
    Cmdlet("Get-CsXmppAllowedPartner", _OPTIONS, get_allowed_partner),
    Cmdlet("Get-CsXmppGatewayConfiguration", _OPTIONS, get_gateway_configuration),
)
