"""Users as Get-CsUser prints them: what keeps one from signing in."""

from collections.abc import Iterator, Sequence
from typing import Any

from checks.knowledge import lync_objects
from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.lync_objects import flag, text
from checks.model import Remedy
from checks.probes import Objects
from checks.text import clean

_KIND = "Get-CsUser output"


def users(objects: Sequence[dict[str, Any]]) -> Iterator[Sign]:
    """One sign for each user with a fault; one line for each without."""
    for one in objects[:20]:
        yield _user(one)


def _user(one: dict[str, Any]) -> Sign:
    sip = clean(text(one, "SipAddress") or text(one, "DisplayName") or text(one, "Identity"), 200) or "the user"
    user = lync_objects.user(Objects(objects=(one,)), sip)
    shown = {name.lower() for name in one}
    if user is None:
        return Sign(kind=_KIND)
    if flag(one, "Enabled") is False:
        return _fault(f"{sip} is switched off for Lync.", "Enabled is False.", _switch_on(sip))
    if user.homed_online:
        cause = f"{sip} is homed online, so this deployment does not serve that user's phone."
        reason = f"RegistrarPool is empty and HostingProvider is {clean(user.hosting_provider, 100)}."
        return _fault(cause, reason, step=starts.HYBRID)
    if "registrarpool" in shown and not user.pool:
        return _fault(f"{sip} is homed in no pool.", "RegistrarPool is empty.")
    address = sip.removeprefix("sip:").lower()
    if user.principal_name and "@" in address and user.principal_name.lower() != address:
        name = clean(user.principal_name, 200)
        cause = f"On the phone, {sip} has to give {name} as the user name."
        return _fault(cause, f"UserPrincipalName is {name}, unlike the SIP address.", clarity=Clarity.STATUS)
    where = f" in {clean(user.pool, 200)}" if user.pool else ""
    state = "is enabled" if user.enabled else "is found"
    return Sign(
        kind=_KIND,
        clarity=Clarity.HINT,
        in_order=(f"{sip} {state}{where}.",),
        not_meant=("An empty MobilityPolicy means that none is assigned to the user, not that none applies.",)
        if "mobilitypolicy" in shown and not user.policy
        else (),
        question=f"Which mobility policy applies, and does it allow mobility? Run: Get-CsEffectivePolicy -Identity {sip} | "
        "Select-Object Identity,MobilityPolicy",
    )


def _fault(
    cause: str,
    reason: str,
    remedy: Remedy | None = None,
    clarity: Clarity = Clarity.DECISIVE,
    step: str = starts.USER_ENABLED,
) -> Sign:
    return Sign(
        kind=_KIND,
        clarity=clarity,
        layer=Layer.USER,
        likely=(Likely(cause=cause, reason=reason, step=step, remedy=remedy, who=sides.USER_ADMINISTRATOR),),
        not_meant=("It does not mean DNS, certificates or the reverse proxy.",),
    )


def _switch_on(sip: str) -> Remedy:
    return Remedy(
        cmdlet="Set-CsUser",
        parameters={"Identity": sip, "Enabled": True},
        who=sides.USER_ADMINISTRATOR,
        risk="this user can sign in again; ask first whether it was switched off on purpose",
        verify=f"Get-CsUser -Identity {sip} | Select-Object Enabled",
    )
