"""What lets a user talk with XMPP partners."""

from checks.knowledge.lync_objects import without_tag
from checks.knowledge.policy_scopes import scope
from checks.model import Remedy

_SIGN_IN_AGAIN = (
    "check again (r); the user then signs out of Lync and in again, because a client reads its policy there"
)
_WHOM = {
    "user": "everyone who has this policy",
    "site": "everyone in the site without an own policy",
    "global": "everyone without an own or a site policy",
}


def allow(identity: str, settings: tuple[str, ...]) -> Remedy:
    """Switches these settings of a policy on."""
    return Remedy(
        cmdlet="Set-CsExternalAccessPolicy",
        parameters={"Identity": without_tag(identity), **dict.fromkeys(settings, True)},
        who="member of RTCUniversalServerAdmins, or CsAdministrator",
        risk=f"lets {_WHOM[scope(identity)]} talk with partners: ask first whether it is off on purpose",
        verify=_SIGN_IN_AGAIN,
    )


def grant(sip: str, policy: str) -> Remedy:
    """Gives one user a policy that allows it."""
    return Remedy(
        cmdlet="Grant-CsExternalAccessPolicy",
        parameters={"Identity": sip, "PolicyName": policy},
        who="member of RTCUniversalUserAdmins, or CsUserAdministrator",
        risk=f"this user alone: all settings of {policy} then apply, access from outside among them",
        verify=_SIGN_IN_AGAIN,
    )


def for_some() -> Remedy:
    """For a deployment where not everybody is to talk with partners."""
    return Remedy(
        instead=True,
        action="Let some users alone: New-CsExternalAccessPolicy -Identity <policy> -EnableFederationAccess $True "
        "-EnableXmppAccess $True -EnableOutsideAccess $True, then Grant-CsExternalAccessPolicy -Identity <user> -PolicyName "
        "<policy>. What a new policy is not told is off.",
        who="member of RTCUniversalServerAdmins, or CsAdministrator",
        risk="whoever is granted it gets all its settings: compare them with those of the policy that applies now",
        verify=_SIGN_IN_AGAIN,
    )
