"""Get-CsMobilityPolicy and Get-CsWebServiceConfiguration: small collections, each member at a scope."""

from typing import Any

from psrpcore.types import PSUInt, PSUInt64

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.scoped import chosen
from lab.model import LYNC_2013, SKYPE_2015, MobilityPolicy, Model, WebServiceConfiguration


def get_mobility_policy(model: Model, arguments: Arguments) -> list[Any]:
    """All mobility policies, or those that -Identity or -Filter name."""
    found = chosen("Get-CsMobilityPolicy", model.mobility_policies, arguments)
    return [_mobility_policy(model, policy) for policy in found]


def get_web_service_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """All web service configurations, or those that -Identity or -Filter name."""
    found = chosen("Get-CsWebServiceConfiguration", model.web_service_configurations, arguments)
    return [_web_service_configuration(model, each) for each in found]


def _mobility_policy(model: Model, policy: MobilityPolicy) -> Any:
    properties: dict[str, Any] = {
        "Identity": clixml.identity(policy.identity),
        "Description": None,
        "EnableOutsideVoice": policy.enable_outside_voice,
        "EnableMobility": policy.enable_mobility,
    }
    if model.product.year >= LYNC_2013.year:
        properties |= {
            "EnableIPAudioVideo": policy.enable_ip_audio_video,
            "RequireWIFIForIPAudio": policy.require_wifi,
            "RequireWIFIForIPVideo": policy.require_wifi,
        }
    if model.product.year >= SKYPE_2015.year:
        properties |= {
            "AllowCustomerExperienceImprovementProgram": True,
            "RequireWiFiForSharing": False,
            "AllowSaveCallLogs": True,
            "AllowExchangeConnectivity": True,
            "AllowSaveIMHistory": True,
            "AllowSaveCredentials": True,
        }
    properties |= clixml.internals(policy.identity, "MobilityPolicy")
    return clixml.lync_object("WriteableConfig.Policy.Mobility.Mobility", properties)


def _web_service_configuration(model: Model, configuration: WebServiceConfiguration) -> Any:
    properties: dict[str, Any] = {
        "Identity": clixml.identity(configuration.identity),
        "TrustedCACerts": [],
        "MaxGroupSizeToExpand": PSUInt(100),
        "EnableGroupExpansion": True,
        "UseWindowsAuth": clixml.USE_WINDOWS_AUTH[configuration.use_windows_auth],
        "UseCertificateAuth": configuration.use_certificate_auth,
        "UsePinAuth": configuration.use_pin_auth,
        "AllowAnonymousAccessToLWAConference": True,
        "EnableCertChainDownload": True,
        "InferCertChainFromSSL": True,
        "CASigningKeyLength": PSUInt64(2048),
        "MaxCSRKeySize": PSUInt64(16384),
        "MinCSRKeySize": PSUInt64(1024),
        "MaxValidityPeriodHours": PSUInt64(8760),
        "MinValidityPeriodHours": PSUInt64(8),
        "DefaultValidityPeriodHours": PSUInt64(4320),
        "MACResolverUrl": None,
        "SecondaryLocationSourceUrl": None,
        "ShowJoinUsingLegacyClientLink": False,
        "ShowDownloadCommunicatorAttendeeLink": True,
    }
    if model.product.year >= LYNC_2013.year:
        properties |= {
            "AutoLaunchLyncWebAccess": True,
            "ShowAlternateJoinOptionsExpanded": False,
            "UseWsFedPassiveAuth": configuration.use_ws_fed_passive_auth,
            "WsFedPassiveMetadataUri": None,
            "AllowExternalAuthentication": configuration.allow_external_authentication,
        }
    if model.product.year >= SKYPE_2015.year:
        properties |= {
            "EnableStatisticsInResponse": False,
            "HstsMaxAgeInSeconds": 315360000,
            "PendingGetWaitTimeOutInMinutes": configuration.pending_get_minutes,
            "MobilePreferredAuthType": "None",
        }
    properties |= clixml.internals(configuration.identity, "WebServiceSettings")
    return clixml.lync_object("WritableConfig.Settings.Web.WebServiceSettings", properties)


CMDLETS = (
    Cmdlet("Get-CsMobilityPolicy", ("Identity", "Filter"), get_mobility_policy),
    Cmdlet("Get-CsWebServiceConfiguration", ("Identity", "Filter"), get_web_service_configuration),
)
