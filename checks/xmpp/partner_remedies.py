"""What allows a partner, and what brings its settings into one of the combinations that work."""

from checks.knowledge.xmpp.negotiation import Row
from checks.knowledge.xmpp.partner_settings import AllowedPartner
from checks.model import Remedy

_WHO = "member of RTCUniversalServerAdmins, or CsAdministrator, in a Lync shell on a Front End"
_VERIFY = "check again (r); “Replication” shows whether the Edge has it, then “Negotiation” what comes of it"
_REDIALS = "sessions with this partner are set up anew"


def allow(domain: str) -> Remedy:
    """Allows a partner with settings that leave room for dialback, which the cmdlet's own do not."""
    return Remedy(
        cmdlet="New-CsXmppAllowedPartner",
        parameters={"Identity": domain or "<partner domain>", "SaslNegotiation": "Optional"},
        who=_WHO,
        risk="everyone whose policy allows XMPP may then talk with this partner: ask first whether that is wanted",
        verify=_VERIFY,
    )


def look_in_store(domain: str) -> Remedy:
    """Where the Edge's own copy lacks a partner: the list itself may have it."""
    return Remedy(
        action=f"On a Front End run Get-CsXmppAllowedPartner. If {domain or 'the partner'} is listed there, the Edge's copy is old: "
        "see “Replication”. Only if it is not, allow it.",
        who="anyone with a Lync shell on a Front End",
        risk="none: a look",
        verify="check again (r) when the copy is up to date",
    )


def cover(partner: AllowedPartner, domain: str) -> Remedy:
    """Adds a domain to those of a partner."""
    return Remedy(
        cmdlet="Set-CsXmppAllowedPartner",
        parameters={"Identity": partner.domain, "AdditionalDomains": {"Add": domain}},
        who=_WHO,
        risk=f"this domain alone: it gets the settings of {partner.domain}",
        verify=_VERIFY,
    )


def set_to(partner: str, row: Row, *, risk: str = _REDIALS) -> Remedy:
    """Gives a partner one of the combinations of settings."""
    return Remedy(
        cmdlet="Set-CsXmppAllowedPartner",
        parameters={
            "Identity": partner,
            "TlsNegotiation": row.tls,
            "SaslNegotiation": row.sasl,
            "SupportDialbackNegotiation": row.dialback,
        },
        who=_WHO,
        risk=risk,
        verify=_VERIFY,
    )


def require_tls(partner: AllowedPartner) -> Remedy:
    """Gives SASL the TLS that it needs. Where dialback is allowed SASL becomes optional, or dialback would not operate."""
    settings = {"TlsNegotiation": "Required"} | ({"SaslNegotiation": "Optional"} if partner.dialback else {})
    return Remedy(
        cmdlet="Set-CsXmppAllowedPartner",
        parameters={"Identity": partner.domain, **settings},
        who=_WHO,
        risk="a partner that has no TLS is not reached any more: see in “Negotiation” what it offers",
        verify=_VERIFY,
    )


def remove(partner: AllowedPartner | None, gone: str) -> tuple[Remedy, ...]:
    """Takes a domain that federates no more out of the list."""
    if partner is None:
        talk_elsewhere = Remedy(
            action=f"Tell the users that nobody at {gone} can be reached from Lync, and agree on another way with those people.",
            who="anyone",
            risk="none",
            verify="nothing to verify",
        )
        return (talk_elsewhere,)
    if partner.domain == gone:
        cmdlet, parameters = "Remove-CsXmppAllowedPartner", dict[str, object]({"Identity": gone})
    else:
        cmdlet = "Set-CsXmppAllowedPartner"
        parameters = {"Identity": partner.domain, "AdditionalDomains": {"Remove": gone}}
    taken_out = Remedy(
        cmdlet=cmdlet,
        parameters=parameters,
        who=_WHO,
        risk="the contacts there stay in the users' lists, without presence as before",
        verify="check again (r): it is no longer listed",
    )
    return (taken_out,)


def raise_limit(partner: AllowedPartner) -> Remedy:
    return Remedy(
        cmdlet="Set-CsXmppAllowedPartner",
        parameters={"Identity": partner.domain, "ConnectionLimit": 20},
        who=_WHO,
        risk="none known: 20 is what PartnerConnectionLimit of the gateway is by default",
        verify=_VERIFY,
    )
