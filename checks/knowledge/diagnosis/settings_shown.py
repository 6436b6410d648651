"""Policies and configurations of mobility as the cmdlets print them: the values that keep phones out."""

from collections.abc import Iterator, Sequence
from typing import Any

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.lync_objects import flag, text, without_tag
from checks.model import Remedy
from checks.text import clean

_PUSH_PROXY = "sip:push@push.lync.com"
Shown = Sequence[dict[str, Any]]


def mobility_policies(objects: Shown) -> Iterator[Sign]:
    """Policies that forbid mobility; a line for those that allow it."""
    kind = "Get-CsMobilityPolicy output"
    for one in objects:
        name = _identity(one, "the policy shown")
        if flag(one, "EnableMobility") is False:
            yield Sign(
                kind=kind,
                clarity=Clarity.DECISIVE,
                layer=Layer.POLICY,
                likely=(
                    Likely(
                        cause=f"Users under {name} may not use mobility.",
                        reason="EnableMobility is False.",
                        step=starts.POLICY,
                        remedy=_set(
                            "Set-CsMobilityPolicy", one, "EnableMobility", "lets the phones of these users sign in"
                        ),
                        command="Get-CsEffectivePolicy -Identity sip:<user>@<domain> | Select-Object Identity,MobilityPolicy",
                        who=sides.LYNC_ADMINISTRATOR,
                    ),
                ),
                not_meant=(
                    "It concerns the users under this policy alone: the nearest policy wins, own, site, then Global.",
                ),
            )
        elif flag(one, "EnableMobility"):
            yield Sign(kind=kind, clarity=Clarity.HINT, layer=Layer.POLICY, in_order=(f"{name} allows mobility.",))
        if flag(one, "EnableOutsideVoice") is False and flag(one, "EnableMobility") is not False:
            yield Sign(
                kind=kind,
                clarity=Clarity.HINT,
                layer=Layer.POLICY,
                not_meant=(f"EnableOutsideVoice False in {name} stops Call via Work alone, not sign-in or messages.",),
            )


def web_services(objects: Shown) -> Iterator[Sign]:
    """Web service configurations without Windows sign-in, or with passive sign-in."""
    kind = "Get-CsWebServiceConfiguration output"
    for one in objects:
        name = _identity(one, "this scope")
        if text(one, "UseWindowsAuth").lower() == "none":
            yield Sign(
                kind=kind,
                clarity=Clarity.DECISIVE,
                layer=Layer.SIGN_IN,
                likely=(
                    Likely(
                        cause=f"Windows sign-in is switched off in {name}, so no password is taken.",
                        reason="UseWindowsAuth is None.",
                        step=starts.WINDOWS_AUTH,
                        remedy=_set(
                            "Set-CsWebServiceConfiguration",
                            one,
                            "UseWindowsAuth",
                            "users of this scope can use passwords",
                            "Negotiate",
                        ),
                        who=sides.LYNC_ADMINISTRATOR,
                    ),
                ),
                not_meant=("It does not mean a wrong password: a test with a password cannot pass here.",),
            )
        elif text(one, "UseWindowsAuth"):
            yield Sign(
                kind=kind,
                clarity=Clarity.HINT,
                in_order=(f"Windows sign-in is on in {name}: {clean(text(one, 'UseWindowsAuth'), 40)}.",),
                question="Is it offered too? Run: curl.exe -i https://<web FQDN>/WebTicket/WebTicketService.svc",
            )
        if flag(one, "UseWsFedPassiveAuth"):
            yield _single(
                kind,
                Layer.SIGN_IN,
                f"Passive sign-in (AD FS) is on in {name}: clients that cannot do it fail with a password.",
                "UseWsFedPassiveAuth is True.",
                starts.WINDOWS_AUTH,
                clarity=Clarity.STATUS,
            )


def mcx(objects: Shown) -> Iterator[Sign]:
    """Mcx configurations that send phones to the inner address, or push elsewhere."""
    kind = "Get-CsMcxConfiguration output"
    for one in objects:
        name = _identity(one, "this scope")
        if text(one, "ExposedWebURL").lower() == "internal":
            yield _single(
                kind,
                Layer.PUBLISHING,
                f"In {name} phones are given the internal web address, which they cannot reach from outside.",
                "ExposedWebURL is Internal.",
                starts.SERVICE_URL,
            )
        proxy = text(one, "PushNotificationProxyUri")
        if proxy and proxy.lower() != _PUSH_PROXY:
            yield _single(
                kind,
                Layer.PUSH,
                f"Push notifications go to {clean(proxy, 100)} instead of {_PUSH_PROXY}.",
                "PushNotificationProxyUri differs from the documented one.",
            )


def push(objects: Shown) -> Iterator[Sign]:
    """Push notification configurations with both services off."""
    names = ("EnableApplePushNotificationService", "EnableMicrosoftPushNotificationService")
    kind = "Get-CsPushNotificationConfiguration output"
    for one in objects:
        if all(flag(one, name) is False for name in names):
            sign = _single(
                kind,
                Layer.PUSH,
                "Push notifications are switched off, as they are by default.",
                "Both services are False.",
            )
            yield sign
        elif any(flag(one, name) for name in names):
            yield Sign(kind=kind, clarity=Clarity.HINT, in_order=("Push notifications are switched on.",))


def replication(objects: Shown) -> Iterator[Sign]:
    """Servers whose copy of the configuration is old."""
    kind = "Get-CsManagementStoreReplicationStatus output"
    late = [clean(text(one, "ReplicaFqdn"), 200) or "a server" for one in objects if flag(one, "UpToDate") is False]
    if late:
        yield _single(
            kind,
            Layer.REPLICATION,
            f"The configuration has not arrived on {', '.join(late[:4])}: changed policies and partners do not count there.",
            "UpToDate is False. Just after a change this is normal for some minutes.",
            command="Invoke-CsManagementStoreReplication",
            clarity=Clarity.NAMED,
        )
    elif objects:
        yield Sign(kind=kind, clarity=Clarity.HINT, in_order=("Every server listed has the configuration.",))


def _single(
    kind: str,
    layer: Layer,
    cause: str,
    reason: str,
    step: str = "",
    command: str = "",
    clarity: Clarity = Clarity.DECISIVE,
) -> Sign:
    likely = Likely(cause=cause, reason=reason, step=step, command=command, who=sides.LYNC_ADMINISTRATOR)
    return Sign(kind=kind, clarity=clarity, layer=layer, likely=(likely,))


def _identity(one: dict[str, Any], otherwise: str) -> str:
    return clean(without_tag(text(one, "Identity")), 100) or otherwise


def _set(cmdlet: str, one: dict[str, Any], name: str, risk: str, value: str | bool = True) -> Remedy | None:
    identity = _identity(one, "")
    if not identity:
        return None
    return Remedy(
        cmdlet=cmdlet,
        parameters={"Identity": identity, name: value},
        who=sides.LYNC_ADMINISTRATOR,
        risk=risk,
        verify=f"{cmdlet.replace('Set-', 'Get-')} | Select-Object Identity,{name}",
    )
