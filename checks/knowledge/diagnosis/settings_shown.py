"""Policies and configurations of mobility as the cmdlets print them: the values that keep phones out."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.hosting import ONLINE_URL, Provider
from checks.knowledge.lync_objects import flag, text, without_tag
from checks.model import Remedy
from checks.text import clean

_PUSH_PROXY = "sip:push@push.lync.com"
_LEAST_WAIT, _MOST_WAIT = 5, 15
"""Minutes, as documented for PendingGetWaitTimeOutInMinutes."""
_WRONG_URLS = frozenset({"misspelt", "empty", "odd"})
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
            yield from _no_calls(kind, name, "EnableOutsideVoice", "Call via Work")
            yield Sign(
                kind=kind,
                clarity=Clarity.HINT,
                layer=Layer.POLICY,
                not_meant=(f"EnableOutsideVoice False in {name} stops Call via Work alone, not sign-in or messages.",),
            )
        if flag(one, "EnableIPAudioVideo") is False and flag(one, "EnableMobility") is not False:
            yield from _no_calls(kind, name, "EnableIPAudioVideo", "calls over the network")


def _no_calls(kind: str, name: str, setting: str, what: str) -> Iterator[Sign]:
    cause = f"The phones of users under {name} have no {what}."
    yield _single(kind, Layer.POLICY, cause, f"{setting} is False.", starts.MEDIA, clarity=Clarity.STATUS)


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
        minutes = text(one, "PendingGetWaitTimeOutInMinutes")
        if minutes.isdecimal() and not _LEAST_WAIT <= int(minutes[:6]) <= _MOST_WAIT:
            yield _single(
                kind,
                Layer.AFFINITY,
                f"PendingGetWaitTimeOutInMinutes is {minutes[:6]} in {name}: phones' waiting requests are held for a time that no "
                "document allows.",
                f"Documented are {_LEAST_WAIT} to {_MOST_WAIT} minutes.",
                starts.TIMEOUTS,
                clarity=Clarity.STATUS,
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
                starts.USER_DOCUMENT,
            )
        proxy = text(one, "PushNotificationProxyUri")
        if proxy and proxy.lower() != _PUSH_PROXY:
            yield _single(
                kind,
                Layer.PUSH,
                f"Push notifications go to {clean(proxy, 100)} instead of {_PUSH_PROXY}.",
                "PushNotificationProxyUri differs from the documented one.",
                starts.PUSH,
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
                starts.PUSH,
            )
            yield sign
        elif any(flag(one, name) for name in names):
            yield Sign(kind=kind, clarity=Clarity.HINT, in_order=("Push notifications are switched on.",))


def im_filters(objects: Shown) -> Iterator[Sign]:
    """Filters of addresses in messages that stop push notifications too."""
    for one in objects:
        if not {"http:", "https:"} & set(re.findall(r"[a-z]+:", str(one.get("Prefixes", "")).lower())):
            continue
        if flag(one, "Enabled") is not False and text(one, "Action").lower() == "block":
            yield _single(
                "Get-CsImFilterConfiguration output",
                Layer.PUSH,
                f"{_identity(one, 'The filter')} blocks messages with addresses that begin with http: or https:, and with "
                "them push notifications.",
                "They are among its Prefixes.",
                starts.PUSH,
                clarity=Clarity.NAMED,
            )


def hosting_providers(objects: Shown) -> Iterator[Sign]:
    """Providers of Microsoft 365 whose AutodiscoverUrl sends the phones of their users nowhere, or elsewhere."""
    kind = "Get-CsHostingProvider output"
    for provider in map(Provider.of, objects):
        if not (provider.is_online and provider.shared) or provider.url_state not in _WRONG_URLS:
            continue
        name, url = clean(provider.identity, 100) or "the hosting provider", clean(provider.url or "", 200)
        misspelt = provider.url_state == "misspelt"
        yield _single(
            kind,
            Layer.PUBLISHING,
            f"Phones of users who are homed in Microsoft 365 {'are' if misspelt else 'may be'} not sent on to it: "
            + (
                f"AutodiscoverUrl of {name} is misspelt."
                if misspelt
                else f"AutodiscoverUrl of {name} is not as documented."
            ),
            f"It is {url or 'empty'}. Documented is {ONLINE_URL}.",
            starts.HYBRID,
            clarity=Clarity.DECISIVE if misspelt else Clarity.STATUS,
        )


def client_rules(objects: Shown) -> Iterator[Sign]:
    """Client version rules that block somebody; which clients are phones is not documented for all."""
    blocked = [
        clean(text(one, "UserAgent"), 60) or "some clients"
        for one in objects
        if text(one, "Action").lower().startswith("block") and flag(one, "Enabled") is not False
    ]
    if blocked:
        yield _single(
            "Get-CsClientVersionPolicyRule output",
            Layer.POLICY,
            f"Client version rules keep clients out: {', '.join(dict.fromkeys(blocked[:6]))}.",
            "Their Action is Block. It explains a phone's trouble where the phone is such a client.",
            starts.CLIENT,
            clarity=Clarity.STATUS,
        )


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
            starts.SERVICES,
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
