"""Set-Cs… of settings and policies: each parameter is an attribute of the one that -Identity names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import found, one_of, refused
from lab.model import POOL, SITE, WEB_TICKET, Model

Collection = Callable[[Model], Sequence[Any]]
Attributes = Mapping[str, str]
"""By parameter the attribute of the model."""
_CHOICES = {
    "DefaultAction": ("Allow", "Block"),
    "UseWindowsAuth": ("None", "Negotiate", "NTLM"),
    "TlsNegotiation": ("Required", "Optional", "NotSupported"),
    "SaslNegotiation": ("Required", "Optional", "NotSupported"),
    "PartnerType": ("Federated", "PublicVerified", "PublicUnverified"),
}


def setting(
    name: str, collection: Collection, attributes: Attributes, after: Callable[[Model], None] | None = None
) -> Cmdlet:
    """A cmdlet that sets what its parameters name; without -Identity that of the first, the global one."""

    def run(model: Model, arguments: Arguments) -> list[Any]:
        members = collection(model)
        one = found(name, members, arguments["identity"]) if "identity" in arguments else members[0]
        given = changes(name, attributes, arguments)
        for attribute, value in given.items():
            setattr(one, attribute, value)
        if after is not None:
            after(model)
        shown = ", ".join(parameter for parameter in attributes if parameter.lower() in arguments)
        return [f"{name} has set {shown} of {one.identity}."]

    return Cmdlet(name, ("Identity", *attributes), run)


def changes(name: str, attributes: Attributes, arguments: Arguments) -> dict[str, Any]:
    """The new values by attribute. CmdletError where nothing is given, or a value that the parameter does not take."""
    given = {parameter: arguments[parameter.lower()] for parameter in attributes if parameter.lower() in arguments}
    if not given:
        raise refused(name, "Cannot process argument because no parameter was specified to be changed.")
    return {attributes[parameter]: _checked(name, parameter, value) for parameter, value in given.items()}


def _checked(name: str, parameter: str, value: Any) -> Any:
    return one_of(name, parameter, value, _CHOICES[parameter]) if parameter in _CHOICES else value


def _set_mobility_policy(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsMobilityPolicy: audio and video want Wi-Fi together in the lab, or neither does."""
    name = "Set-CsMobilityPolicy"
    policy = found(name, model.mobility_policies, arguments.get("identity", "Global"))
    wifi = [arguments[each] for each in ("requirewififoripaudio", "requirewififoripvideo") if each in arguments]
    given = {} if wifi and not _MOBILITY_NAMES & set(arguments) else changes(name, _MOBILITY, arguments)
    for attribute, value in given.items():
        setattr(policy, attribute, value)
    if wifi:
        policy.require_wifi = any(wifi)
    return [f"{name} has changed {policy.identity}."]


_MOBILITY: Attributes = {
    "EnableMobility": "enable_mobility",
    "EnableOutsideVoice": "enable_outside_voice",
    "EnableIPAudioVideo": "enable_ip_audio_video",
}
_MOBILITY_NAMES = frozenset(map(str.lower, _MOBILITY))


_NEAREST_FIRST = (f"Service:WebServer:{POOL}", f"Site:{SITE}", "Global")


def _sign_in_of_iis(model: Model) -> None:
    """IIS offers what the settings in force allow: they are written into the sites' configuration."""
    held = {each.identity: each for each in model.web_service_configurations}
    in_force = next((held[scope] for scope in _NEAREST_FIRST if scope in held), None)
    if in_force is None or in_force.use_windows_auth == "None":
        return
    for server in model.web_servers:
        directory = server.directories.get(WEB_TICKET)
        if directory is not None and directory.challenges == []:
            directory.challenges = ["Negotiate", "NTLM"]


CMDLETS = (
    Cmdlet(
        "Set-CsMobilityPolicy",
        ("Identity", *_MOBILITY, "RequireWIFIForIPAudio", "RequireWIFIForIPVideo"),
        _set_mobility_policy,
    ),
    setting(
        "Set-CsWebServiceConfiguration",
        lambda model: model.web_service_configurations,
        {"UseWindowsAuth": "use_windows_auth", "PendingGetWaitTimeOutInMinutes": "pending_get_minutes"},
        _sign_in_of_iis,
    ),
    setting(
        "Set-CsMcxConfiguration",
        lambda model: model.mcx_configurations,
        {
            "PushNotificationProxyUri": "push_notification_proxy_uri",
            "SessionExpirationInterval": "session_expiration",
            "SessionShortExpirationInterval": "session_short_expiration",
            "ExposedWebURL": "exposed_web_url",
        },
    ),
    setting(
        "Set-CsVoicePolicy",
        lambda model: model.calling.voice_policies,
        {"AllowSimulRing": "allow_simultaneous_ring"},
    ),
    setting(
        "Set-CsExternalAccessPolicy",
        lambda model: model.calling.external_access_policies,
        {
            "EnableOutsideAccess": "enable_outside_access",
            "EnableFederationAccess": "enable_federation_access",
            "EnableXmppAccess": "enable_xmpp_access",
            "EnablePublicCloudAccess": "enable_public_cloud_access",
        },
    ),
    setting(
        "Set-CsClientVersionPolicyRule",
        lambda model: model.calling.client_version_rules,
        {"Enabled": "enabled", "Action": "action"},
    ),
)
