"""The web ticket service: its metadata, tickets for who has signed in by Windows, and tokens of OAuth."""

import base64
import json
import secrets
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape, quoteattr

from lab.model import SITE, Model, User, WebServiceConfiguration
from lab.phone_services import Ticket
from lab.signin import Refused
from lab.web_applications import Place, WebRequest, application
from lab.web_servers import Page
from lab.web_sites import WEB_TICKET, service_page

SERVICE = "/WebTicket/WebTicketService.svc"
TOKENS = "/WebTicket/oauthtoken"
_SOAP = "text/xml; charset=utf-8"
_WINDOWS_PORT = "WebTicketServiceWinNegotiate"
_PATHS = {
    _WINDOWS_PORT: "",
    "WebTicketServiceCert": "/cert",
    "WebTicketServicePin": "/pin",
    "WebTicketServiceAuth": "/Auth",
    "WsFedBearer": "/WsFed_bearer",
}
_MISMATCH = (
    "The SIP URI in the claim type requirements of the web ticket request does not match the SIP URI associated with "
    "the presented credentials."
)
_STOPPED = Page(
    503, "<html><body><h2>Service Unavailable</h2></body></html>", [("Server", "Microsoft-HTTPAPI/2.0")], False
)
_ERROR = Page(500, "<html><body><h2>500 - Internal server error.</h2></body></html>", from_lync=False)


@application("web-ticket-metadata")
def metadata(request: WebRequest, place: Place) -> Page:
    """The ways of signing in that clients are offered, a port each."""
    if place.model.phones.web_tickets.trouble == "stopped":
        return _STOPPED
    offered = "".join(
        f"<wsdl:port name={quoteattr(name)}><soap:address location={quoteattr(place.address(SERVICE + _PATHS[name]))}/>"
        "</wsdl:port>"
        for name in _ports(place)
    )
    return Page(
        body='<?xml version="1.0" encoding="utf-8"?>'
        '<wsx:Metadata xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex" '
        'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">'
        '<wsx:MetadataSection Dialect="http://schemas.xmlsoap.org/wsdl/"><wsdl:definitions name="WebTicketService" '
        f'targetNamespace="http://tempuri.org/"><wsdl:service name="WebTicketService">{offered}</wsdl:service>'
        "</wsdl:definitions></wsx:MetadataSection></wsx:Metadata>",
        content_type=_SOAP,
    )


@application("web-ticket")
def web_ticket(request: WebRequest, place: Place) -> Page:
    """A ticket for who has signed in, if the SIP address asked for is their own."""
    if request.method != "POST":
        return service_page("WebTicketService")
    match place.model.phones.web_tickets.trouble:
        case "stopped":
            return _STOPPED
        case "error":
            return _ERROR
        case "fault":
            return _fault("a:InternalServiceFault", 0, "The server was unable to process the request.")
        case "no-ticket":
            return _answer("")
    if not request.account:
        return _answer("")
    if _settings(place).use_windows_auth == "None":
        return _fault("wsse:FailedAuthentication", 28029, "Authentication type not allowed.", place)
    sip = _claimed(request.body)
    if sip is None:
        return _fault("wst:InvalidRequest", 0, "The request was invalid or malformed.")
    if sip.lower() != sip_of(place.model, request.account).lower():
        return _fault("wst:InvalidRequest", 0, _MISMATCH)
    name = f"SamlSecurityToken-{uuid.uuid4()}"
    assertion = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" '
        f"AssertionID={quoteattr(name)} Issuer={quoteattr(place.site.fqdn)}><saml:AttributeStatement>"
        f"<saml:NameIdentifier>{escape(sip)}</saml:NameIdentifier></saml:AttributeStatement>"
        f"<Signature>{secrets.token_urlsafe(120)}</Signature></saml:Assertion>"
    )
    issue(place, base64.b64encode(assertion.encode()).decode(), request.account, sip)
    return _answer(assertion)


@application("oauth-token")
def oauth_token(request: WebRequest, place: Place) -> Page:
    """A token for a user name and password, or for who has signed in by Windows."""
    asked = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    grant = asked.get("grant_type", "")
    match place.model.phones.web_tickets.trouble:
        case "stopped":
            return _STOPPED
        case "error":
            return _ERROR
        case "fault":
            return _oauth_error("server_error", 0, "", place, status=400)
        case "no-ticket":
            return _json({"token_type": "Bearer"})
    if grant == "urn:microsoft.rtc:passive" and _settings(place).use_ws_fed_passive_auth:
        return _oauth_error("invalid_grant", 28020, "No valid security token.", place)
    by_windows = grant == "urn:microsoft.rtc:windows" and request.account
    allowed = grant in grants(place) and _settings(place).use_windows_auth != "None"
    if not allowed or not (grant == "password" or by_windows):
        return _oauth_error("unsupported_grant_type", 28029, "Authentication type not allowed.", place)
    try:
        account = by_windows or place.account(asked.get("username", ""), asked.get("password", ""))
        if _sam(account) in place.model.phones.web_tickets.refuses:
            raise Refused
    except Refused:
        return _oauth_error("invalid_grant", 28020, "No valid security token.", place)
    token = f"cwt={secrets.token_urlsafe(150)}"
    issue(place, token, account, sip_of(place.model, account))
    return _json(
        {"access_token": token, "expires_in": 28289, "ms_rtc_identityscope": "local", "token_type": "Bearer"},
        headers=[("Cache-Control", "no-store"), ("Pragma", "no-cache")],
    )


def refuse(model: Model, sam: str) -> None:
    """From now on the user's password is wrong, for Windows and for OAuth. Windows then refuses all others as well."""
    model.phones.web_tickets.refuses.add(sam)
    for site in model.web_servers:
        site.directories[WEB_TICKET].refuses = True


def issue(place: Place, secret: str, account: str, sip: str) -> None:
    """Notes a ticket or token, which only this pool accepts."""
    place.model.phones.web_tickets.issued[secret] = Ticket(account, sip, place.pool)


def ticket_of(request: WebRequest, place: Place) -> Ticket | Page | None:
    """Whose ticket or token a request brings; the error for one that this pool did not make; None where it has none."""
    ticket = request.headers.get("x-ms-webticket", "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = place.model.phones.web_tickets.issued
    if ticket.startswith("opaque="):
        found = known.get(ticket.removeprefix("opaque="))
        if found is None or found.pool != place.pool:
            return _refused(500, 28032, "The web ticket is invalid.", place)
        return found
    if scheme.lower() == "bearer":
        found = known.get(token.strip())
        if found is None or found.pool != place.pool:
            return _refused(403, 28055, "The OAuth token is invalid.", place)
        return found
    return None


def sip_of(model: Model, account: str) -> str:
    """The SIP address that an account is of; empty for one of nobody who has any."""
    sam = _sam(account)
    own = next((user.sip for user in model.users if user.sam.lower() == sam), "")
    return model.phones.web_tickets.belongs.get(sam, own)


def user_of(model: Model, sip: str) -> User | None:
    """The user with a SIP address."""
    return next((user for user in model.users if user.sip.lower() == sip.lower()), None)


def grants(place: Place) -> list[str]:
    """The grant types that the challenge of OAuth names."""
    told = place.model.phones.web_tickets.grants
    if told is not None:
        return told
    if _settings(place).use_ws_fed_passive_auth:
        return ["urn:microsoft.rtc:passive", "urn:microsoft.rtc:anonmeeting"]
    return ["urn:microsoft.rtc:windows", "urn:microsoft.rtc:anonmeeting", "password"]


def _ports(place: Place) -> list[str]:
    told = place.model.phones.web_tickets.ports
    if told is not None:
        return told
    settings = _settings(place)
    offered = {
        _WINDOWS_PORT: settings.use_windows_auth != "None" and not settings.use_ws_fed_passive_auth,
        "WebTicketServiceCert": settings.use_certificate_auth,
        "WebTicketServicePin": settings.use_pin_auth,
        "WsFedBearer": settings.use_ws_fed_passive_auth,
    }
    return [name for name, is_offered in offered.items() if is_offered]


def _settings(place: Place) -> WebServiceConfiguration:
    """The web service configuration that governs the pool: its own, else the site's, else the global one."""
    known = {each.identity.lower(): each for each in place.model.web_service_configurations}
    scopes = (f"service:webserver:{place.pool}", f"site:{SITE}", "global")
    return next((known[scope.lower()] for scope in scopes if scope.lower() in known), WebServiceConfiguration("Global"))


def _claimed(body: bytes) -> str | None:
    """The SIP address that a request for a ticket claims; None where it is no such request."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - the lab's callers are our own
    except ET.ParseError:
        return None
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    if "RequestSecurityToken" not in names:
        return None
    return next((element.text or "" for element in root.iter() if element.tag.endswith("}Value")), None)


def _answer(assertion: str) -> Page:
    return Page(
        body='<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512">'
        f"<RequestSecurityTokenResponse><RequestedSecurityToken>{assertion}</RequestedSecurityToken>"
        "</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></s:Envelope>",
        content_type=_SOAP,
    )


def _fault(code: str, number: int, text: str, place: Place | None = None) -> Page:
    detail = (
        "<detail><OCSDiagnosticsFault><Ms-Diagnostics-Fault>"
        f"<ErrorId>{number}</ErrorId><Reason>{escape(text)}</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail>"
        if number
        else ""
    )
    return Page(
        500,
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>{escape(code)}</faultcode><faultstring>{escape(text)}</faultstring>{detail}"
        "</s:Fault></s:Body></s:Envelope>",
        [_diagnostics(number, text, place)] if place else [],
        content_type=_SOAP,
    )


def _oauth_error(error: str, number: int, text: str, place: Place, status: int = 400) -> Page:
    told = {"error": error}
    if _settings(place).use_ws_fed_passive_auth:
        told["ms_rtc_passiveauthuri"] = place.address("/PassiveAuth/PassiveAuth.aspx")
    return _json(told, status=status, headers=[_diagnostics(number, text, place)] if number else [])


def _refused(status: int, number: int, text: str, place: Place) -> Page:
    return Page(status, headers=[_diagnostics(number, text, place)])


def _diagnostics(number: int, text: str, place: Place) -> tuple[str, str]:
    return "X-Ms-diagnostics", f'{number};source="{place.site.fqdn}";reason="{text}"'


def _json(value: Mapping[str, object], status: int = 200, headers: list[tuple[str, str]] | None = None) -> Page:
    return Page(status, json.dumps(value), headers or [], content_type="application/json; charset=utf-8")


def _sam(account: str) -> str:
    return account.rpartition("\\")[2].lower()
