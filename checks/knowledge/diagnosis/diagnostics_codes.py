"""The numbers of ms-diagnostics: what those mean that are documented, and whose the others are."""

from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Layer


class Code(NamedTuple):
    """A documented number. In `cause` the text's names may stand as in a wording."""

    reason: str
    """As the documents have it."""
    cause: str
    layer: Layer
    who: str
    step: str = ""
    command: str = ""
    not_meant: str = ""


_NEW_TICKET = "It does not mean a wrong password: the ticket is refused, not the user."

CODES: dict[int, Code] = {
    2: Code(
        "See response code and reason phrase.",
        "The status beside it is all that is known: for 504, the network or the Edge on the way to the other side.",
        Layer.REACH,
        sides.EDGE_ADMINISTRATOR,
        command="Test-CsFederatedPartner -TargetFqdn <internal Edge FQDN> -Domain <domain>",
    ),
    1002: Code(
        "From URI not authorized to communicate with federated partners",
        "The external access policy of «user» does not allow federation.",
        Layer.POLICY,
        sides.LYNC_ADMINISTRATOR,
        command="Get-CsExternalAccessPolicy | Select-Object Identity,EnableFederationAccess,EnableXmppAccess",
        not_meant="It does not mean that the partner refuses: our own server decided.",
    ),
    1003: Code(
        "User does not exist",
        "«user» does not exist in this deployment.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user»",
        "It does not mean a wrong password: the address itself is unknown.",
    ),
    1005: Code(
        "Cannot route to destination domain",
        "The server knows no way to the destination's domain: no federation route, or the domain is not allowed.",
        Layer.TOPOLOGY,
        sides.LYNC_ADMINISTRATOR,
        command="Get-CsSite | Select-Object Identity,FederationRoute,XmppFederationRoute",
    ),
    1007: Code(
        "Temporarily cannot route",
        "The next server on the way was not reachable for a while.",
        Layer.REACH,
        sides.EDGE_ADMINISTRATOR,
        command="Get-CsWindowsService -ExcludeActivityLevel",
    ),
    1008: Code(
        "Unable to resolve DNS SRV record",
        "The Edge finds no SRV record of the other domain.",
        Layer.NAME,
        sides.DNS_ADMINISTRATOR,
        command="Resolve-DnsName -Type SRV _sipfederationtls._tcp.<other domain>   # on the Edge",
        not_meant="It does not mean a certificate or a policy: nothing was connected to.",
    ),
    1009: Code(
        "Conflicting SRV and host domains",
        "The SRV record of the other domain points to a host of another domain.",
        Layer.NAME,
        sides.DNS_ADMINISTRATOR,
        command="Resolve-DnsName -Type SRV _sipfederationtls._tcp.<other domain>",
    ),
    1010: Code(
        "Certificate trust with next-hop server could not be established",
        "Two servers do not trust each other's certificate.",
        Layer.CERTIFICATE,
        sides.CERTIFICATE_ADMINISTRATOR,
        command="Get-CsCertificate | Select-Object Use,Subject,NotAfter,Issuer",
        not_meant="It does not mean the certificate that phones see: this one is between servers.",
    ),
    1012: Code(
        "From URI not authorized to communicate with users outside the enterprise",
        "The external access policy of «user» does not allow contact with the outside.",
        Layer.POLICY,
        sides.LYNC_ADMINISTRATOR,
        command="Get-CsExternalAccessPolicy",
    ),
    1013: Code(
        "Significant time skew detected during authentication",
        "A clock is wrong: client and server differ too much for Kerberos or certificates.",
        Layer.SIGN_IN,
        f"{sides.USER}, or {sides.FRONT_END_ADMINISTRATOR}",
        command="w32tm /query /status",
        not_meant="It does not mean a wrong password.",
    ),
    1014: Code(
        "Unable to resolve DNS A record",
        "A server's name has no address in DNS.",
        Layer.NAME,
        sides.DNS_ADMINISTRATOR,
        command="Resolve-DnsName <next server> -Type A",
    ),
    4003: Code(
        "From URI not enabled for remote access",
        "«user» may not sign in from outside: EnableOutsideAccess is off in the external access policy.",
        Layer.POLICY,
        sides.LYNC_ADMINISTRATOR,
        starts.MEDIA,
        "Get-CsExternalAccessPolicy | Select-Object Identity,EnableOutsideAccess",
        not_meant="It does not mean a wrong password.",
    ),
    4004: Code(
        "Credentials provided are not authorized to act as specified from URI",
        "The account that signed in is not that of the SIP address«(user)».",
        Layer.USER,
        sides.USER,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object SipAddress,UserPrincipalName",
        "It does not mean a wrong password: the credentials were accepted, for somebody else.",
    ),
    4005: Code(
        "Destination URI either not enabled for SIP or does not exist",
        "«user», or the user written to, does not exist or is not enabled for Lync.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object SipAddress,Enabled,RegistrarPool",
        "It does not mean that the service is missing, though the status is 404.",
    ),
    4006: Code(
        "User not found in pool",
        "«user» is homed in another pool, or was moved.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object RegistrarPool",
    ),
    4007: Code(
        "Resource unknown in this deployment",
        "What was asked for is unknown in this deployment.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user»",
    ),
    28000: Code(
        "The user has no valid licence online",
        "«user» is homed online and has no valid licence there.",
        Layer.USER,
        "Microsoft 365 administrator",
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object HostingProvider,RegistrarPool",
        "It does not mean this deployment: the answer comes from the online service.",
    ),
    28003: Code(
        "The pin is invalid.",
        "The PIN is wrong.",
        Layer.SIGN_IN,
        sides.USER,
        command="Get-CsClientPinInfo -Identity «user»",
        not_meant="It does not mean the password or the service: a PIN was given, and refused.",
    ),
    28020: Code(
        "No valid security token.",
        "The sign-in brought no valid token: wrong user name or password, or passive sign-in (AD FS) that did not finish.",
        Layer.SIGN_IN,
        f"{sides.USER}, or {sides.LYNC_ADMINISTRATOR}",
        starts.SIGN_IN,
        "Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth,UseWsFedPassiveAuth",
    ),
    28029: Code(
        "Authentication type not allowed.",
        "This way of signing in is switched off on «pool».",
        Layer.SIGN_IN,
        sides.LYNC_ADMINISTRATOR,
        starts.WINDOWS_AUTH,
        "Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth,UseWsFedPassiveAuth",
        "It does not mean a wrong password.",
    ),
    28032: Code(
        "The web ticket is invalid.",
        "The ticket was issued by another pool than the one that was asked: «user» is probably homed elsewhere.",
        Layer.USER,
        sides.LYNC_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object RegistrarPool",
        _NEW_TICKET,
    ),
    28033: Code(
        "The web ticket has expired.",
        "The ticket is too old; where it comes back at once, a clock is wrong.",
        Layer.SIGN_IN,
        f"{sides.USER}, by signing in again",
        command="w32tm /query /status",
        not_meant=_NEW_TICKET,
    ),
    28055: Code(
        "The OAuth token is invalid.",
        "The OAuth token is not accepted here: issued by another pool, or damaged on the way.",
        Layer.SIGN_IN,
        sides.LYNC_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object RegistrarPool",
        _NEW_TICKET,
    ),
    28056: Code(
        "The OAuth token has expired.",
        "The OAuth token is too old; where it comes back at once, a clock is wrong.",
        Layer.SIGN_IN,
        f"{sides.USER}, by signing in again",
        command="w32tm /query /status",
        not_meant=_NEW_TICKET,
    ),
    28072: Code(
        "The ticket presented could not be verified, a new ticket is required.",
        "The ticket could not be verified, so the client must fetch a new one.",
        Layer.SIGN_IN,
        f"{sides.USER}, by signing in again",
        starts.USER_DOCUMENT,
        not_meant=_NEW_TICKET,
    ),
    28077: Code(
        "Invalid Audience in the web ticket.",
        "The ticket was issued for another address than the one that was asked.",
        Layer.PUBLISHING,
        sides.PROXY_ADMINISTRATOR,
        starts.REVERSE_PROXY,
        not_meant=_NEW_TICKET,
    ),
    28081: Code(
        "No user principal name is found in JWT security token.",
        "The token of the identity provider lacks the user principal name.",
        Layer.SIGN_IN,
        "administrator of the identity provider",
        command="Get-CsUser -Identity «user» | Select-Object UserPrincipalName",
        not_meant="It does not mean a wrong password.",
    ),
}
"""Of the web ticket service (28000 and up) only these are known to the project; the whole list is not."""

_OWNERS = (
    (0, "no component in particular"),
    (1000, "the SIP stack"),
    (2000, "presence"),
    (3000, "conference focus"),
    (4000, "user services"),
    (5000, "server applications"),
    (6000, "the IM conferencing server"),
    (7000, "the A/V conferencing server"),
    (8000, "the telephony conferencing server"),
    (9000, "media relay authentication"),
    (10000, "mediation"),
    (11000, "metrics"),
    (12000, "outbound routing"),
    (13000, "inbound routing"),
    (14000, "number translation"),
    (15000, "Exchange unified messaging"),
    (16000, "the IM filter"),
    (17000, "the client version filter"),
)


def owner(code: int) -> str:
    """The component whose range a number lies in, as documented; empty where no range is."""
    if 28000 <= code < 29000:
        return "the web ticket service"
    return next((whose for first, whose in _OWNERS if first <= code < first + 1000), "")
