"""Get-CsUser and Get-CsEffectivePolicy."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError, not_found
from lab.model import DOMAIN, SITE, SKYPE_2015, Model, User

_CREATED = datetime(2013, 4, 9, 8, 30, tzinfo=UTC)
_TERM = re.compile(r"SipAddress\s+-eq\s+'((?:[^']|'')*)'", re.IGNORECASE)
_NO_TENANT = uuid.UUID(int=0)


def get_user(model: Model, arguments: Arguments) -> list[Any]:
    """All users, those that a filter of SIP addresses names, or one by any of his names."""
    if "filter" in arguments:
        wanted = _filtered(str(arguments["filter"]))
        return [_user(model, user) for user in model.users if user.sip in wanted]
    if "identity" not in arguments:
        return [_user(model, user) for user in model.users]
    return [_user(model, _find(model, "Get-CsUser", str(arguments["identity"])))]


def get_effective_policy(model: Model, arguments: Arguments) -> list[Any]:
    """The policies that govern a user, each by its name without `Tag:`."""
    user = _find(model, "Get-CsEffectivePolicy", str(arguments.get("identity", "")))
    policies = dict.fromkeys(
        (
            "LocationProfile",
            "LocationPolicy",
            "ClientPolicy",
            "ClientVersionPolicy",
            "ConferencingPolicy",
            "ExternalAccessPolicy",
            "VoicePolicy",
            "PinPolicy",
        ),
        "Global",
    )
    policies["MobilityPolicy"] = model.effective_mobility_policy(user)
    policies["ExternalAccessPolicy"] = effective_external_access_policy(model, user)
    identity = clixml.directory_identity(user.distinguished_name)
    return [clixml.lync_object("AD.Cmdlets.EffectivePolicies", {"Identity": identity, **policies})]


def effective_external_access_policy(model: Model, user: User) -> str:
    """The policy that governs a user, without `Tag:`: an assigned one that exists, else the site's, else Global."""
    known = {policy.identity for policy in model.calling.external_access_policies}
    if user.external_access_policy and f"Tag:{user.external_access_policy}" in known:
        return user.external_access_policy
    return f"Site:{SITE}" if user.pool and f"Site:{SITE}" in known else "Global"


def _filtered(text: str) -> set[str]:
    """The addresses of a filter. CmdletError for one that is not made of `SipAddress -eq '<address>'` alone."""
    terms = [_TERM.fullmatch(term.strip()) for term in re.split(r"\s-or\s", text, flags=re.IGNORECASE)]
    if not all(terms):
        raise CmdletError(
            f'Cannot bind parameter \'Filter\' to the target. Exception setting "Filter": "Invalid filter: {text}"',
            "ParameterBindingFailed,Microsoft.Rtc.Management.AD.Cmdlets.GetOcsUserCmdlet",
            category="WriteError",
        )
    return {re.sub("(['\u2018\u2019\u201a\u201b])\\1", r"\1", term[1]).lower() for term in terms if term}


def _find(model: Model, cmdlet: str, identity: str) -> User:
    wanted = identity.lower()
    for user in model.users:
        domain = DOMAIN.partition(".")[0]
        names = (user.sip, user.upn, f"{domain}\\{user.sam}", user.display_name, user.distinguished_name)
        if wanted in (name.lower() for name in names):
            return user
    # What follows the comma is not confirmed by any capture.
    noun = cmdlet.removeprefix("Get-Cs")
    identifier = f"ManagementObjectNotFound,Microsoft.Rtc.Management.AD.Cmdlets.GetOcs{noun}Cmdlet"
    raise not_found(cmdlet, f'Management object not found for identity "{identity}".', identity, identifier)


def _user(model: Model, user: User) -> Any:
    properties: dict[str, Any] = {
        "SamAccountName": user.sam,
        "UserPrincipalName": user.upn,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "WindowsEmailAddress": user.upn,
        "Sid": f"S-1-5-21-2831376166-2963252556-2165051629-{1100 + len(user.sam)}",
        "LineServerURI": None,
        "OriginatorSid": None,
        "AudioVideoDisabled": False,
        "IPPBXSoftPhoneRoutingEnabled": False,
        "RemoteCallControlTelephonyEnabled": False,
        "PrivateLine": None,
        "AcpInfo": [],
        "HostedVoiceMail": None,
        "DisplayName": user.display_name,
        "HomeServer": _home_server(user),
        "TargetServerIfMoving": None,
        "EnabledForFederation": True,
        "EnabledForInternetAccess": True,
        "PublicNetworkEnabled": False,
        "EnterpriseVoiceEnabled": False,
        "EnabledForRichPresence": True,
        "LineURI": None,
        "SipAddress": user.sip,
        "Enabled": user.enabled,
        "TenantId": _NO_TENANT,
        "TargetRegistrarPool": None,
        "VoicePolicy": None,
        "MobilityPolicy": clixml.reference(user.mobility_policy),
        "ConferencingPolicy": None,
        "PresencePolicy": None,
        "RegistrarPool": clixml.reference(user.pool, "ADConnect.Schema.PoolReference"),
        "DialPlan": None,
        "LocationPolicy": None,
        "ClientPolicy": None,
        "ClientVersionPolicy": None,
        "ArchivingPolicy": None,
        "ExchangeArchivingPolicy": clixml.EXCHANGE_ARCHIVING["Uninitialized"],
        "PinPolicy": None,
        "ExternalAccessPolicy": clixml.reference(user.external_access_policy),
        "HostedVoicemailPolicy": None,
        "HostingProvider": user.hosting_provider,
        "Name": user.display_name,
        "DistinguishedName": user.distinguished_name,
        "Identity": clixml.directory_identity(user.distinguished_name),
        "Guid": uuid.uuid5(uuid.NAMESPACE_DNS, user.sip),
        "ObjectCategory": f"CN=Person,CN=Schema,CN=Configuration,{_components()}",
        "WhenChanged": _CREATED,
        "WhenCreated": _CREATED,
        "OriginatingServer": f"dc1.{DOMAIN}",
        "IsValid": True,
        "ObjectState": "Unchanged",
    }
    if model.product.year >= SKYPE_2015.year:
        properties["CallViaWorkPolicy"] = None
        properties["ThirdPartyVideoSystemPolicy"] = None
    return clixml.lync_object("ADConnect.Schema.OCSADUser", properties, user.distinguished_name)


def _home_server(user: User) -> str | None:
    if user.pool is None:
        return None
    return f"CN=Lc Services,CN=Microsoft,CN=1:1,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,{_components()}"


def _components() -> str:
    return ",".join(f"DC={label}" for label in DOMAIN.split("."))


CMDLETS = (
    Cmdlet("Get-CsUser", ("Identity", "Filter", "LdapFilter", "OU", "ResultSize"), get_user),
    Cmdlet("Get-CsEffectivePolicy", ("Identity", "ResultSize"), get_effective_policy),
)
