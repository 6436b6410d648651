"""What lets the users' phones call again."""

from collections.abc import Sequence

from checks.knowledge.lync_objects import without_tag
from checks.knowledge.policy_scopes import Kind, scope
from checks.model import Remedy

_WHO = "member of RTCUniversalServerAdmins, or CsAdministrator"
_VERIFY = "check again (r); the user then signs in again on the phone"


def switch_on(kind: Kind, identity: str, setting: str) -> Remedy:
    """Sets a setting of a policy to True."""
    return _set(kind.cmdlet.replace("Get-", "Set-"), identity, {setting: True})


def allow_mobile_data(identity: str, settings: Sequence[str]) -> Remedy:
    """Takes back that Wi-Fi is wanted."""
    return _set("Set-CsMobilityPolicy", identity, dict.fromkeys(settings, False))


def allow_outside_users() -> Remedy:
    return Remedy(
        cmdlet="Set-CsAccessEdgeConfiguration",
        parameters={"AllowOutsideUsers": True},
        who=_WHO,
        risk="lets every user whom an external access policy allows it in from outside",
        verify="check again (r)",
    )


def _set(cmdlet: str, identity: str, settings: dict[str, bool]) -> Remedy:
    whom = {
        "user": "everyone who has this policy",
        "site": "everyone in the site without an own policy",
        "global": "everyone without an own or a site policy",
    }[scope(identity)]
    return Remedy(
        cmdlet=cmdlet,
        parameters={"Identity": without_tag(identity), **settings},
        who=_WHO,
        risk=f"changes it for {whom}",
        verify=_VERIFY,
    )
