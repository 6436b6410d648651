"""Sign-ins of a phone as facts: how far each came."""

from typing import Any

import msgspec

from checks.mobility.phone import Attempt
from checks.probes import DocumentLink, Exchange, PhoneSession

SIP, USER = "sip:kenmyer@litwareinc.com", "kenmyer@litwareinc.com"
WEB, WEB_INTERNAL, POOL = "lyncweb.litwareinc.com", "lyncweb-int.litwareinc.com", "atl-cs-001.litwareinc.com"
TICKET = f"https://{WEB}/WebTicket/WebTicketService.svc"
NEGOTIATE = ("negotiate", "ntlm")


def exchange(status: int, url: str = TICKET, server: str = POOL, **fields: Any) -> Exchange:
    return Exchange(url=url, status=status, server=server, **fields)


def nothing(kind: Any, url: str = TICKET, failure: str = "Nobody answered.") -> Exchange:
    return Exchange(url=url, kind=kind, failure=failure)


def links(host: str = WEB, **other: str) -> tuple[DocumentLink, ...]:
    """The mobility links of a document, all at one host; another host by token, with _ for the slash."""
    paths = {
        "Ucwa": "/ucwa/v1/applications",
        "External/Mcx": "/Mcx/McxService.svc",
        "Internal/Mcx": "/Mcx/McxService.svc",
    }
    hosts = {token: other.get(token.replace("/", "_"), host) for token in paths}
    return tuple(
        DocumentLink(token=token, href=f"https://{hosts[token]}:443{path}")
        for token, path in paths.items()
        if hosts[token]
    )


USER_LINK = f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root/user"
APPLICATIONS = f"https://{WEB}/ucwa/oauth/v1/applications"
ASKED = PhoneSession(
    root=exchange(200, f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root"),
    unauthenticated=exchange(401, USER_LINK),
    ticket_url=TICKET,
    token_url=f"https://{WEB}/WebTicket/oauthtoken",
    grants=("urn:microsoft.rtc:windows", "urn:microsoft.rtc:anonmeeting", "password"),
    metadata=exchange(200, f"{TICKET}/mex"),
    metadata_ports=("WebTicketServiceWinNegotiate", "WsFedBearer"),
)
"""As far as a client comes without a password."""
COMPLETE = msgspec.structs.replace(
    ASKED,
    ticket=exchange(200, credentials=True),
    has_ticket=True,
    token=exchange(200, f"https://{WEB}/WebTicket/oauthtoken", credentials=True),
    has_token=True,
    document=exchange(200, USER_LINK),
    access_location="External",
    links=links(),
    sip_access=(DocumentLink(token="SipClientExternalAccess", href="sip.litwareinc.com:443"),),
    application=exchange(201, APPLICATIONS),
    deleted=exchange(204, f"{APPLICATIONS}/1"),
)


def without_success(**fields: Any) -> PhoneSession:
    """A session in which nobody got in."""
    return msgspec.structs.replace(ASKED, **fields)


def complete(**fields: Any) -> PhoneSession:
    """A session that came to its end, but for some fields."""
    return msgspec.structs.replace(COMPLETE, **fields)


def attempt(reply: Any, sip: str = SIP) -> Attempt:
    return Attempt(sip=sip, user=USER if sip else "", host=WEB, reply=reply)
