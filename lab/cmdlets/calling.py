"""Who may call, from where and with which client: voice and external access policies, client version rules."""

from typing import Any

from psrpcore.types import PSInt64, PSUInt16

from lab import clixml
from lab.calling import ClientVersionRule, ExternalAccessPolicy, VoicePolicy
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.scoped import chosen
from lab.model import LYNC_2013, Model

_RING_USAGE = clixml.enumeration(
    "WritableConfig.Policy.Voice.CallForwardingSimulRingUsageType", ("VoicePolicyUsage", "InternalOnly", "CustomUsage")
)
_COMPARISON = clixml.enumeration(
    "WritableConfig.Policy.ClientVersion.CompareOp", ("EQL", "NEQ", "GTR", "GEQ", "LSS", "LEQ")
)
_ACTION = clixml.enumeration(
    "WritableConfig.Policy.ClientVersion.Action",
    ("Allow", "AllowAndUpgrade", "AllowWithUrl", "Block", "BlockAndUpgrade", "BlockWithUrl"),
)
_DEFAULT_ACTION = clixml.enumeration(
    "WritableConfig.Settings.ClientVersion.DefaultAction", ("Allow", "AllowWithUrl", "Block", "BlockWithUrl")
)


def get_voice_policy(model: Model, arguments: Arguments) -> list[Any]:
    """All voice policies, or those that -Identity or -Filter name."""
    policies = chosen("Get-CsVoicePolicy", model.calling.voice_policies, arguments)
    return [_voice_policy(model, each) for each in policies]


def _voice_policy(model: Model, policy: VoicePolicy) -> Any:
    properties: dict[str, Any] = {
        "Identity": clixml.identity(policy.identity),
        "PstnUsages": [],
        "Description": None,
        "AllowSimulRing": policy.allow_simultaneous_ring,
        "AllowCallForwarding": True,
        "AllowPSTNReRouting": True,
        "Name": "DefaultPolicy" if policy.identity == "Global" else policy.identity.partition(":")[2],
        "EnableDelegation": True,
        "EnableTeamCall": True,
        "EnableCallTransfer": True,
        "EnableCallPark": False,
        "EnableMaliciousCallTracing": False,
        "EnableBWPolicyOverride": False,
        "PreventPSTNTollBypass": False,
    }
    if model.product.year >= LYNC_2013.year:
        properties |= {
            "CustomCallForwardingSimulRingUsages": [],
            "CallForwardingSimulRingUsageType": _RING_USAGE["VoicePolicyUsage"],
            "EnableVoicemailEscapeTimer": False,
            "PSTNVoicemailEscapeTimer": PSInt64(1500),
        }
    properties |= clixml.internals(policy.identity, "VoicePolicy")
    return clixml.lync_object("WritableConfig.Policy.Voice.VoicePolicy", properties)


def get_external_access_policy(model: Model, arguments: Arguments) -> list[Any]:
    """All external access policies, or those that -Identity or -Filter name."""
    policies = chosen("Get-CsExternalAccessPolicy", model.calling.external_access_policies, arguments)
    return [_external_access_policy(model, each) for each in policies]


def _external_access_policy(model: Model, policy: ExternalAccessPolicy) -> Any:
    since_2013 = {"EnableXmppAccess": policy.enable_xmpp_access} if model.product.year >= LYNC_2013.year else {}
    properties: dict[str, Any] = {
        "Identity": clixml.identity(policy.identity),
        "Description": None,
        "EnableFederationAccess": policy.enable_federation_access,
        **since_2013,
        "EnablePublicCloudAccess": policy.enable_public_cloud_access,
        "EnablePublicCloudAudioVideoAccess": False,
        "EnableOutsideAccess": policy.enable_outside_access,
    }
    properties |= clixml.internals(policy.identity, "ExternalAccessPolicy")
    return clixml.lync_object("WritableConfig.Policy.ExternalAccess.ExternalAccessPolicy", properties)


def get_client_version_policy_rule(model: Model, arguments: Arguments) -> list[Any]:
    """All client version rules, or those that -Identity or -Filter name."""
    return [
        _rule(each) for each in chosen("Get-CsClientVersionPolicyRule", model.calling.client_version_rules, arguments)
    ]


def _rule(rule: ClientVersionRule) -> Any:
    properties: dict[str, Any] = {
        "Identity": clixml.identity(rule.identity),
        "RuleId": rule.identity.partition("/")[2],
        "Description": None,
        "Action": _ACTION[rule.action],
        "ActionUrl": None,
        "MajorVersion": PSUInt16(rule.major_version),
        "MinorVersion": None,
        "BuildNumber": None,
        "QfeNumber": None,
        "UserAgent": rule.user_agent,
        "UserAgentFullName": None,
        "Enabled": rule.enabled,
        "CompareOp": _COMPARISON[rule.comparison],
        "Priority": 0,
    }
    return clixml.lync_object("WritableConfig.Policy.ClientVersion.ClientVersionPolicyRule", properties)


def get_client_version_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """The one configuration, of the global scope."""
    properties: dict[str, Any] = {
        "Identity": clixml.identity("Global"),
        "DefaultAction": _DEFAULT_ACTION[model.calling.default_client_action],
        "DefaultURL": None,
        "Enabled": True,
        **clixml.internals("Global", "ClientVersionConfiguration"),
    }
    return [clixml.lync_object("WritableConfig.Settings.ClientVersion.ClientVersionConfiguration", properties)]


CMDLETS = (
    Cmdlet("Get-CsVoicePolicy", ("Identity", "Filter"), get_voice_policy),
    Cmdlet("Get-CsExternalAccessPolicy", ("Identity", "Filter"), get_external_access_policy),
    Cmdlet("Get-CsClientVersionPolicyRule", ("Identity", "Filter"), get_client_version_policy_rule),
    Cmdlet("Get-CsClientVersionConfiguration", ("Identity", "Filter"), get_client_version_configuration),
)
