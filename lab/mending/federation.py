"""Whom the deployment talks to: the Access Edge, hosting providers, allowed domains, filters, partners of XMPP."""

from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.federation import HostingProvider
from lab.mending.settings import Attributes, changes, setting
from lab.mending.values import found, refused, require, several
from lab.model import AllowedPartner, Model

_ACCESS_EDGE: Attributes = {
    "AllowFederatedUsers": "allow_federated_users",
    "AllowOutsideUsers": "allow_outside_users",
    "EnablePartnerDiscovery": "enable_partner_discovery",
}
_GATEWAY: Attributes = {
    "ConnectionLimit": "connection_limit",
    "PartnerConnectionLimit": "partner_connection_limit",
    "KeepAliveInterval": "keep_alive_interval",
    "StreamEstablishmentTimeout": "stream_establishment_timeout",
    "StreamInactivityTimeout": "stream_inactivity_timeout",
    "SubscriptionRefreshInterval": "subscription_refresh_interval",
    "EnableLoggingAllMessageBodies": "enable_logging_all_message_bodies",
    "DialbackPassphrase": "dialback_passphrase",
}
_PARTNER: Attributes = {
    "TlsNegotiation": "tls",
    "SaslNegotiation": "sasl",
    "SupportDialbackNegotiation": "dialback",
    "EnableKeepAlive": "keep_alive",
    "PartnerType": "partner_type",
    "ProxyFqdn": "proxy_fqdn",
    "ConnectionLimit": "connection_limit",
    "Description": "description",
    "AdditionalDomains": "additional_domains",
}


def _set_access_edge(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsAccessEdgeConfiguration: of the one configuration of the global scope."""
    for attribute, value in changes("Set-CsAccessEdgeConfiguration", _ACCESS_EDGE, arguments).items():
        setattr(model.federation.access_edge, attribute, value)
    return ["The configuration of the Access Edge has changed."]


def _set_client_versions(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsClientVersionConfiguration: of the one configuration of the global scope."""
    given = changes("Set-CsClientVersionConfiguration", {"DefaultAction": "default_client_action"}, arguments)
    model.calling.default_client_action = given["default_client_action"]
    return [f"Clients that no rule names: {model.calling.default_client_action}."]


def _set_gateway(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsXmppGatewayConfiguration: of the one configuration of the gateway."""
    for attribute, value in changes("Set-CsXmppGatewayConfiguration", _GATEWAY, arguments).items():
        setattr(model.xmpp.gateway, attribute, value)
    return ["The configuration of the XMPP gateway has changed."]


def _new_provider(model: Model, arguments: Arguments) -> list[Any]:
    cmdlet = "New-CsHostingProvider"
    require(cmdlet, arguments, "Identity", "ProxyFqdn", "Enabled")
    identity, providers = str(arguments["identity"]), model.federation.hosting_providers
    if any(each.identity.lower() == identity.lower() for each in providers):
        raise refused(cmdlet, f'"{identity}" already exists.')
    providers.append(HostingProvider(identity, str(arguments["proxyfqdn"]), enabled=bool(arguments["enabled"])))
    return [f"{identity} is a hosting provider now."]


def _new_domain(model: Model, arguments: Arguments) -> list[Any]:
    require("New-CsAllowedDomain", arguments, "Identity")
    domain, known = str(arguments["identity"]).lower(), model.federation.allowed_domains
    if domain in known:
        raise refused("New-CsAllowedDomain", f'"{domain}" already exists.')
    known.append(domain)
    return [f"Federation with {domain} is allowed now."]


def _set_filter(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsImFilterConfiguration: -Prefixes as a list, or as @{Add=…} and @{Remove=…}."""
    cmdlet = "Set-CsImFilterConfiguration"
    require(cmdlet, arguments, "Identity", "Prefixes")
    one = found(cmdlet, model.im_filter_configurations, arguments["identity"])
    one.prefixes = _edited(one.prefixes, arguments["prefixes"])
    return [f"The filter of {one.identity} has changed."]


def _edited(held: list[str], change: Any) -> list[str]:
    """A list after @{Add=…; Remove=…}, or the list that replaces it."""
    if not isinstance(change, dict):
        return several(change)
    edits = {str(name).lower(): several(values) for name, values in change.items()}
    if "replace" in edits:
        return edits["replace"]
    kept = [each for each in held if each not in edits.get("remove", [])]
    return [*kept, *(each for each in edits.get("add", []) if each not in kept)]


def _partner(cmdlet: str, model: Model, arguments: Arguments) -> AllowedPartner:
    require(cmdlet, arguments, "Identity")
    for one in model.xmpp.allowed_partners:
        if one.domain.lower() == str(arguments["identity"]).lower():
            return one
    raise refused(cmdlet, f'Cannot find the item "{arguments["identity"]}" in the store.')


def _set_partner(model: Model, arguments: Arguments) -> list[Any]:
    partner = _partner("Set-CsXmppAllowedPartner", model, arguments)
    _apply(partner, changes("Set-CsXmppAllowedPartner", _PARTNER, arguments))
    return [f"The settings for {partner.domain} have changed."]


def _new_partner(model: Model, arguments: Arguments) -> list[Any]:
    """What no parameter says has the defaults of the cmdlet, which trust nobody: TLS and SASL are required."""
    cmdlet = "New-CsXmppAllowedPartner"
    require(cmdlet, arguments, "Identity")
    domain = str(arguments["identity"]).lower()
    if any(each.domain.lower() == domain for each in model.xmpp.allowed_partners):
        raise refused(cmdlet, f'"{domain}" already exists.')
    partner = AllowedPartner(domain, partner_type="PublicUnverified", tls="Required", sasl="Required")
    _apply(partner, changes(cmdlet, _PARTNER, arguments) if len(arguments) > 1 else {})
    model.xmpp.allowed_partners.append(partner)
    return [f"{domain} is an allowed XMPP partner now."]


def _apply(partner: AllowedPartner, given: dict[str, Any]) -> None:
    for attribute, value in given.items():
        if attribute == "additional_domains":
            value = _edited(partner.additional_domains, value)
        setattr(partner, attribute, value)


def _remove_partner(model: Model, arguments: Arguments) -> list[Any]:
    partner = _partner("Remove-CsXmppAllowedPartner", model, arguments)
    model.xmpp.allowed_partners.remove(partner)
    return [f"{partner.domain} is no allowed XMPP partner any more."]


CMDLETS = (
    Cmdlet("Set-CsAccessEdgeConfiguration", ("Identity", *_ACCESS_EDGE), _set_access_edge),
    Cmdlet("Set-CsClientVersionConfiguration", ("Identity", "DefaultAction"), _set_client_versions),
    Cmdlet("Set-CsXmppGatewayConfiguration", ("Identity", *_GATEWAY), _set_gateway),
    Cmdlet(
        "New-CsHostingProvider",
        (
            "Identity",
            "ProxyFqdn",
            "Enabled",
            "VerificationLevel",
            "EnabledSharedAddressSpace",
            "HostsOCSUsers",
            "IsLocal",
        ),
        _new_provider,
    ),
    setting(
        "Set-CsHostingProvider",
        lambda model: model.federation.hosting_providers,
        {
            "Enabled": "enabled",
            "AutodiscoverUrl": "autodiscover_url",
            "ProxyFqdn": "proxy_fqdn",
            "EnabledSharedAddressSpace": "shared_address_space",
        },
    ),
    Cmdlet("New-CsAllowedDomain", ("Identity", "Comment", "ProxyFqdn"), _new_domain),
    Cmdlet("Set-CsImFilterConfiguration", ("Identity", "Prefixes"), _set_filter),
    Cmdlet("New-CsXmppAllowedPartner", ("Identity", *_PARTNER), _new_partner),
    Cmdlet("Set-CsXmppAllowedPartner", ("Identity", *_PARTNER), _set_partner),
    Cmdlet("Remove-CsXmppAllowedPartner", ("Identity",), _remove_partner),
)
