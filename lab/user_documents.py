"""What a user who has a ticket or token is told and may do: the user's own document, applications of UCWA."""

import json
import uuid

from lab import autodiscover, unauthenticated
from lab.federation import McxConfiguration
from lab.model import SITE
from lab.names import ACCESS_EDGE
from lab.pages import NOT_FOUND
from lab.phone_services import Ticket
from lab.web_applications import Place, WebRequest, application, web_of
from lab.web_servers import Page
from lab.web_tickets import grants, ticket_of, user_of

_ROOT = "/Autodiscover/AutodiscoverService.svc/root"
_UCWA = "/ucwa/oauth/v1/applications"
_FORBIDDEN = "User is no longer authorized for mobile applications."


@application("user-document")
def user(request: WebRequest, place: Place) -> Page:
    """The user's document for who brings a web ticket."""
    return _document(request, place) or autodiscover.user(request, place)


@application("user-document-oauth")
def oauth_user(request: WebRequest, place: Place) -> Page:
    """The same for who brings a token; Lync Server 2010 knows none."""
    if not place.model.product.has_ucwa:
        return NOT_FOUND
    return _document(request, place) or _challenged(autodiscover.oauth_user(request, place), place)


@application("ucwa-applications")
def applications(request: WebRequest, place: Place) -> Page:
    """Creates an application of UCWA by POST, and deletes it by DELETE, for who brings a token."""
    stranger = unauthenticated.ucwa(request, place)
    if not place.model.product.has_ucwa:
        return stranger
    ticket = ticket_of(request, place)
    if ticket is None:
        return _challenged(stranger, place)
    if isinstance(ticket, Page):
        return ticket
    number = request.path.lower().partition("/applications")[2].strip("/")
    if request.method == "POST" and not number:
        return _create(request, place, ticket)
    if request.method == "DELETE" and number:
        return _delete(number, place, ticket)
    return _error(405, "MethodNotAllowed", "")


def _document(request: WebRequest, place: Place) -> Page | None:
    """The document; None for who brings no ticket."""
    ticket = ticket_of(request, place)
    if ticket is None or isinstance(ticket, Page):
        return ticket
    model, wishes = place.model, place.model.phones.user_documents
    known = user_of(model, ticket.sip)
    if known is None or not known.enabled or not known.pool or ticket.sip in wishes.unknown:
        return Page(404)
    if wishes.sends_to:
        return autodiscover.redirect(request, place, wishes.sends_to)
    if known.pool != place.pool:
        return autodiscover.redirect(request, place, f"https://{web_of(model, known.pool)}{_ROOT}")
    if autodiscover.form(request, model) == "hal":
        links = {"self": place.address(f"{_ROOT}/oauth/user"), "applications": place.address(_UCWA)}
        if "Ucwa" in wishes.without:
            del links["applications"]
        return autodiscover.hal(links | {"xframe": place.address("/Autodiscover/XFrame/XFrame.html")})
    access = {"SipClientInternalAccess": (place.pool, 443), "SipClientExternalAccess": (ACCESS_EDGE, 443)}
    return autodiscover.document(
        request,
        place,
        "User",
        [(token, href) for token, href in _links(place).items() if token not in wishes.without],
        {token: where for token, where in access.items() if token not in wishes.without},
    )


def _links(place: Place) -> dict[str, str]:
    """The user's links. Which of a pool's two names most of them have is a setting of the Mobility service."""
    model = place.model
    names = model.web_names_of(place.pool)
    internal = _mobility(place).exposed_web_url == "Internal"
    web = names.internal if internal else names.external or names.internal
    told = {"Internal/Autodiscover": f"https://{web}{_ROOT}", "External/Autodiscover": f"https://{web}{_ROOT}"}
    for side in ("Internal", "External"):
        told[f"{side}/AuthBroker"] = place.address("/Reach/sip.svc")
        told[f"{side}/WebScheduler"] = place.address("/Scheduler")
        if model.product.has_mcx:
            told[f"{side}/Mcx"] = f"https://{web}/Mcx/McxService.svc"
    if model.product.has_ucwa:
        for token in ("Ucwa", "Internal/Ucwa", "External/Ucwa"):
            told[token] = f"https://{web}/ucwa/v1/applications"
        for token in ("XFrame", "Internal/XFrame", "External/XFrame"):
            told[token] = place.address("/Autodiscover/XFrame/XFrame.html")
    told["Self"] = place.address(f"{_ROOT}/user")
    return told | {token: href for token, href in model.phones.user_documents.links.items() if token in told}


def _mobility(place: Place) -> McxConfiguration:
    """The mobility configuration that governs the pool: its own, else the site's, else the global one."""
    known = {each.identity.lower(): each for each in place.model.mcx_configurations}
    scopes = (f"service:webserver:{place.pool}", f"site:{SITE}", "global")
    return next((known[scope.lower()] for scope in scopes if scope.lower() in known), McxConfiguration("Global"))


def _create(request: WebRequest, place: Place, ticket: Ticket) -> Page:
    model, ucwa = place.model, place.model.phones.ucwa
    if ucwa.refuses:
        return _error(ucwa.refuses, ucwa.subcode, "") if ucwa.subcode else Page(ucwa.refuses, from_lync=False)
    try:
        asked = json.loads(request.body)
        uuid.UUID(asked["EndpointId"])
        complete = bool(asked["UserAgent"] and asked["Culture"])
    except (ValueError, KeyError, TypeError, AttributeError):
        complete = False
    if not complete:
        return _error(400, "ParameterValidationFailure", "")
    known = user_of(model, ticket.sip)
    governing = model.effective_mobility_policy(known) if known else "Global"
    policies = [each for each in model.mobility_policies if each.identity in {governing, f"Tag:{governing}"}]
    if not all(policy.enable_mobility for policy in policies):
        return _error(403, "MobileApplicationNoLongerAllowed", _FORBIDDEN)
    number = str(uuid.uuid4().int % 10**12)
    ucwa.open[number] = ticket
    links = {"self": f"{_UCWA}/{number}", "policies": f"{_UCWA}/{number}/policies", "batch": f"{_UCWA}/{number}/batch"}
    return Page(
        201,
        json.dumps(
            {"culture": "en-US", "_links": {name: {"href": href} for name, href in links.items()}, "rel": "application"}
        ),
        [("Set-Cookie", f"cwt_ucwa={uuid.uuid4().hex}; path={_UCWA}/{number}/photos; secure; HttpOnly")],
        content_type="application/json; charset=utf-8",
    )


def _delete(number: str, place: Place, ticket: Ticket) -> Page:
    ucwa = place.model.phones.ucwa
    if ucwa.keeps:
        return _error(500, "ServiceFailure", "")
    if ucwa.open.get(number) != ticket:
        return _error(404, "ApplicationNotFound", "")
    del ucwa.open[number]
    return Page(204)


def _error(status: int, subcode: str, message: str) -> Page:
    codes = {400: "BadRequest", 403: "Forbidden", 404: "NotFound", 405: "MethodNotAllowed", 409: "Conflict"}
    told = {"code": codes.get(status, "ServiceFailure"), "subcode": subcode, "message": message}
    return Page(
        status, json.dumps({name: text for name, text in told.items() if text}), content_type="application/json"
    )


def _challenged(page: Page, place: Place) -> Page:
    """A 401 with the grant types that are offered now."""
    told = ",".join(grants(place))
    every = "urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password"
    page.headers = [(name, value.replace(every, told)) for name, value in page.headers]
    return page
