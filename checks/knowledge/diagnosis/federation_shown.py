"""Settings of federation and of the Edge as the cmdlets print them: the values that keep partners, and users outside, out."""

from collections.abc import Iterator, Sequence
from typing import Any

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.lync_objects import flag, text, without_tag
from checks.knowledge.xmpp.negotiation import DEFAULTS
from checks.knowledge.xmpp.partner_settings import GONE, AllowedPartner
from checks.model import Remedy
from checks.text import clean

Shown = Sequence[dict[str, Any]]


def external_access_policies(objects: Shown) -> Iterator[Sign]:
    """Policies that do not let their users out to XMPP partners."""
    kind = "Get-CsExternalAccessPolicy output"
    for one in objects:
        name = clean(without_tag(text(one, "Identity")), 100)
        off = [each for each in ("EnableFederationAccess", "EnableXmppAccess") if flag(one, each) is False]
        if off:
            yield _sign(
                kind,
                Layer.POLICY,
                Likely(
                    cause=f"Users under {name or 'the policy shown'} may not talk with XMPP partners.",
                    reason=f"{' and '.join(off)} {'is' if len(off) == 1 else 'are'} False; XMPP needs both.",
                    step=starts.XMPP_POLICY,
                    remedy=_allow(name, off) if name else None,
                    who=sides.LYNC_ADMINISTRATOR,
                ),
                not_meant=("It concerns XMPP and federation, not the sign-in of phones.",),
            )
        elif flag(one, "EnableXmppAccess"):
            yield Sign(kind=kind, clarity=Clarity.HINT, in_order=(f"{name or 'The policy'} allows XMPP partners.",))
        if flag(one, "EnableOutsideAccess") is False:
            cause = f"Users under {name or 'the policy shown'} may not use Lync from outside, so calls on mobile data may fail."
            yield _sign(kind, Layer.POLICY, _outside(cause, "EnableOutsideAccess is False."), clarity=Clarity.STATUS)


def access_edge(objects: Shown) -> Iterator[Sign]:
    """An Access Edge that refuses federation as a whole, or users outside."""
    for one in objects:
        if flag(one, "AllowOutsideUsers") is False:
            cause = "The Edge lets no users from outside in, so calls on mobile data may fail."
            likely = _outside(cause, "AllowOutsideUsers is False.")
            yield _sign("Get-CsAccessEdgeConfiguration output", Layer.POLICY, likely, clarity=Clarity.STATUS)
        if flag(one, "AllowFederatedUsers") is False:
            yield _sign(
                "Get-CsAccessEdgeConfiguration output",
                Layer.POLICY,
                Likely(
                    cause="The Edge allows no federation at all, and with it no XMPP.",
                    reason="AllowFederatedUsers is False. The published instructions for XMPP leave this setting out.",
                    step=starts.XMPP_FEDERATION,
                    remedy=Remedy(
                        cmdlet="Set-CsAccessEdgeConfiguration",
                        parameters={"AllowFederatedUsers": True},
                        who=sides.LYNC_ADMINISTRATOR,
                        risk="opens federation with SIP partners too",
                        verify="Get-CsAccessEdgeConfiguration | Select-Object AllowFederatedUsers",
                    ),
                    who=sides.LYNC_ADMINISTRATOR,
                ),
            )


def _outside(cause: str, reason: str) -> Likely:
    return Likely(cause=cause, reason=reason, step=starts.MEDIA, who=sides.LYNC_ADMINISTRATOR)


def sites(objects: Shown) -> Iterator[Sign]:
    """Sites of which none has an XMPP federation route."""
    kind = "Get-CsSite output"
    routes = [clean(text(one, "XmppFederationRoute"), 200) for one in objects]
    if routes and not any(routes):
        yield _sign(
            kind,
            Layer.TOPOLOGY,
            Likely(
                cause="No site has an XMPP federation route, so nothing listens for XMPP on the Edge.",
                reason="XmppFederationRoute is empty.",
                step=starts.XMPP_ROUTE,
                command="Set-CsSite -Identity <site> -XmppFederationRoute EdgeServer:<Edge pool FQDN>",
                who="Topology Builder: Domain Admins and RTCUniversalServerAdmins",
            ),
            not_meant=("It does not mean the firewall or the partner.",),
        )
    elif routes:
        route = next(filter(None, routes))
        yield Sign(kind=kind, clarity=Clarity.HINT, in_order=(f"An XMPP federation route is set: {route}.",))


def partners(objects: Shown) -> Iterator[Sign]:
    """Partners whose negotiation settings cannot work, or hardly can."""
    for one in map(AllowedPartner.of, objects):
        name = clean(one.domain, 200) or "the partner"
        fault = _negotiation(one, name)
        if fault is not None:
            clarity, likely = fault
            yield _sign("Get-CsXmppAllowedPartner output", Layer.PARTNER, likely, clarity=clarity)
        if one.domain in GONE:
            yield _sign(
                "Get-CsXmppAllowedPartner output",
                Layer.PARTNER,
                Likely(
                    cause=f"{name} no longer federates with XMPP servers.",
                    reason="Google gave up federation of its chat; the published example is of an earlier time.",
                    step=starts.XMPP_PARTNER,
                    who=sides.LYNC_ADMINISTRATOR,
                ),
            )


def _negotiation(one: AllowedPartner, name: str) -> tuple[Clarity, Likely] | None:
    """What the document says of the combination, where every one that it can be is alike."""
    dialback = "not shown" if one.dialback is None else one.dialback
    shown = f"TLS is {one.tls or 'not shown'}, SASL is {one.sasl or 'not shown'}, dialback is {dialback}."
    if one.rows and not any(row.valid for row in one.rows):
        cause = f"The settings for {name} leave no way to authenticate: no SASL over TLS, and no dialback."
        return Clarity.DECISIVE, _settings(cause, shown)
    if one.tls and one.tls != "Required" and one.sasl == "Required":
        cause = f"SASL is required for {name} and TLS is not, though SASL needs TLS: negotiation may fail."
        return Clarity.STATUS, _settings(cause, shown)
    if one.rows == (DEFAULTS,):
        cause = f"With TLS and SASL both required for {name}, dialback is never used: a partner that has only dialback fails."
        return Clarity.STATUS, Likely(
            cause=cause,
            reason=f"{shown} These are the defaults.",
            step=starts.XMPP_NEGOTIATION,
            who=f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
        )
    return None


def _settings(cause: str, shown: str) -> Likely:
    return Likely(cause=cause, reason=shown, step=starts.XMPP_PARTNER, who=sides.LYNC_ADMINISTRATOR)


def _sign(
    kind: str, layer: Layer, likely: Likely, not_meant: tuple[str, ...] = (), clarity: Clarity = Clarity.DECISIVE
) -> Sign:
    return Sign(kind=kind, clarity=clarity, layer=layer, likely=(likely,), not_meant=not_meant)


def _allow(name: str, off: list[str]) -> Remedy:
    return Remedy(
        cmdlet="Set-CsExternalAccessPolicy",
        parameters={"Identity": name, **dict.fromkeys(off, True)},
        who=sides.LYNC_ADMINISTRATOR,
        risk="lets everyone under this policy talk with partners; they sign in again to get it",
        verify="Get-CsExternalAccessPolicy | Select-Object Identity,EnableFederationAccess,EnableXmppAccess",
    )
