"""Whom the Edge talks to: Get-CsHostingProvider, Get-CsAllowedDomain and Get-CsAccessEdgeConfiguration."""

from dataclasses import dataclass
from typing import Any

from psrpcore.types import PSUInt, PSUInt64

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.scoped import chosen
from lab.model import LYNC_2013, SKYPE_2015, SKYPE_2019, Model

_EDGE = "WritableConfig.Settings.Edge"
_VERIFICATION = clixml.enumeration(
    f"{_EDGE}.VerificationLevelType", ("AlwaysVerifiable", "AlwaysUnverifiable", "UseSourceVerification")
)


@dataclass
class _Named:
    """Stands for a member whose Identity is all that is known of it."""

    identity: str


def get_hosting_provider(model: Model, arguments: Arguments) -> list[Any]:
    """All hosting providers, or those that -Identity or -Filter name."""
    since_2013 = model.product.year >= LYNC_2013.year
    return [
        clixml.lync_object(
            f"{_EDGE}.DisplayHostingProvider",
            {
                "Identity": each.identity,
                "Name": each.identity,
                "ProxyFqdn": each.proxy_fqdn,
                "VerificationLevel": _VERIFICATION["UseSourceVerification"],
                "Enabled": each.enabled,
                "EnabledSharedAddressSpace": each.shared_address_space,
                "HostsOCSUsers": False,
                "IsLocal": False,
                **({"AutodiscoverUrl": each.autodiscover_url, "SipClientPort": PSUInt64(443)} if since_2013 else {}),
            },
        )
        for each in chosen("Get-CsHostingProvider", model.federation.hosting_providers, arguments)
    ]


def get_allowed_domain(model: Model, arguments: Arguments) -> list[Any]:
    """All domains that federation is allowed with, or those that -Identity or -Filter name."""
    known = [_Named(domain) for domain in model.federation.allowed_domains]
    return [_allowed_domain(model, each.identity) for each in chosen("Get-CsAllowedDomain", known, arguments)]


def _allowed_domain(model: Model, domain: str) -> Any:
    properties: dict[str, Any] = {"Identity": domain, "Domain": domain, "ProxyFqdn": None}
    if model.product.year >= SKYPE_2015.year:
        properties["VerificationLevel"] = _VERIFICATION["UseSourceVerification"]
    properties |= {"Comment": None, "MarkForMonitoring": False}
    return clixml.lync_object(f"{_EDGE}.AllowedDomain", properties)


def get_access_edge_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """The one configuration, of the global scope."""
    return [
        clixml.lync_object(
            f"{_EDGE}.DisplayAccessEdgeSettingsDnsSrvRouting", _access_edge_properties(model, each.identity)
        )
        for each in chosen("Get-CsAccessEdgeConfiguration", [_Named("Global")], arguments)
    ]


def _access_edge_properties(model: Model, identity: str) -> dict[str, Any]:
    settings, year = model.federation.access_edge, model.product.year
    properties: dict[str, Any] = {
        "Identity": clixml.identity(identity),
        "AllowAnonymousUsers": False,
        "AllowFederatedUsers": settings.allow_federated_users,
        "AllowOutsideUsers": settings.allow_outside_users,
        "BeClearingHouse": False,
        "EnablePartnerDiscovery": settings.enable_partner_discovery,
    }
    if year >= SKYPE_2019.year:
        properties["DiscoveredPartnerVerificationLevel"] = _VERIFICATION["UseSourceVerification"]
    properties["EnableArchivingDisclaimer"] = False
    if year >= LYNC_2013.year:
        properties["EnableUserReplicator"] = True
    properties |= {
        "KeepCrlsUpToDateForPeers": True,
        "MarkSourceVerifiableOnOutgoingMessages": True,
        "OutgoingTlsCountForFederatedPartners": PSUInt(4),
    }
    if year >= SKYPE_2019.year:
        properties["DnsSrvCacheRecordCount"] = PSUInt(131072)
    if year >= LYNC_2013.year:
        properties |= {
            "DiscoveredPartnerStandardRate": PSUInt(20),
            "EnableDiscoveredPartnerContactsLimit": True,
            "MaxContactsPerDiscoveredPartner": PSUInt(1000),
            "DiscoveredPartnerReportPeriodMinutes": PSUInt(60),
        }
    if year >= SKYPE_2019.year:
        properties |= {"EnablePartnerMonitoringCosmosOutput": False, "EnablePartnerMonitoringIfxLog": False}
    if year >= LYNC_2013.year:
        properties |= {
            "MaxAcceptedCertificatesStored": PSUInt(1000),
            "MaxRejectedCertificatesStored": PSUInt(500),
            "CertificatesDeletedPercentage": PSUInt(20),
        }
    if year >= SKYPE_2019.year:
        properties["SkypeSearchUrl"] = "https://skypegraph.skype.com/search/v1.0"
    return properties | {"RoutingMethod": "UseDnsSrvRouting"} | clixml.internals(identity, "AccessEdgeSettings")


OF_EDGE = (Cmdlet("Get-CsAccessEdgeConfiguration", ("Identity", "Filter"), get_access_edge_configuration),)
CMDLETS = (
    Cmdlet("Get-CsHostingProvider", ("Identity", "Filter"), get_hosting_provider),
    Cmdlet("Get-CsAllowedDomain", ("Identity", "Filter"), get_allowed_domain),
    *OF_EDGE,
)
