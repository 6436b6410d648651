"""The Autodiscover service: what a client is told at the root, in the three forms that it may ask for."""

import json
from typing import Literal
from xml.sax.saxutils import quoteattr

from lab.model import LYNC_2010, Model, User
from lab.names import ACCESS_EDGE
from lab.pages import NOT_FOUND, unauthorized
from lab.web_applications import Place, WebRequest, application, web_of
from lab.web_servers import Page

Form = Literal["json", "hal", "xml"]

_ROOT = "/Autodiscover/AutodiscoverService.svc/root"
_TYPE = "application/vnd.microsoft.rtc.autodiscover"
_NAMESPACES = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@application("autodiscover")
def root(request: WebRequest, place: Place) -> Page:
    """Where the user and the domain are told. Over HTTP, and for users of another pool, where to ask instead."""
    if not request.secure:
        return redirect(request, place, place.address(_ROOT))
    home = _home(place.model, request.query.get("sipuri", ""))
    if home is not None and home != place.pool:
        return redirect(request, place, f"https://{web_of(place.model, home)}{_ROOT}")
    links = [("Domain", f"{_ROOT}/domain"), ("User", f"{_ROOT}/user")]
    if place.model.product.has_ucwa:
        links.append(("OAuth", f"{_ROOT}/oauth/user"))
    if form(request, place.model) == "hal":
        origin = _origin(request, place.model)
        return hal(
            {
                "self": place.address(f"{_ROOT}?originalDomain={origin}"),
                "user": place.address(f"{_ROOT}/oauth/user?originalDomain={origin}"),
                "xframe": place.address("/Autodiscover/XFrame/XFrame.html"),
            }
        )
    return document(request, place, "Root", [(token, place.address(path)) for token, path in links])


@application("autodiscover-for-browsers")
def root_for_browsers(request: WebRequest, place: Place) -> Page:
    """The same from a server that knows one of the forms alone."""
    plain = request.headers.get("accept", "*/*") == "*/*"
    return root(request, place) if plain else Page(406, "<html><body><h2>406 - Not Acceptable</h2></body></html>")


@application("autodiscover-domain")
def domain(request: WebRequest, place: Place) -> Page:
    """Where clients that know SIP sign in: the pool inside, the Access Edge outside."""
    access = {"SipClientInternalAccess": (place.pool, 443), "SipClientExternalAccess": (ACCESS_EDGE, 443)}
    links = [("External/Autodiscover", place.address(_ROOT)), ("Internal/Autodiscover", place.address(_ROOT))]
    return document(request, place, "Domain", links, access)


@application("autodiscover-user")
def user(request: WebRequest, place: Place) -> Page:
    """The user's own document, which nobody sees without a web ticket."""
    page = unauthorized()
    page.headers.append(("X-MS-WebTicketURL", place.address("/WebTicket/WebTicketService.svc")))
    return page


@application("autodiscover-oauth-user")
def oauth_user(request: WebRequest, place: Place) -> Page:
    """The same for clients that bring a token of OAuth; Lync Server 2010 knows none."""
    if not place.model.product.has_ucwa:
        return NOT_FOUND
    page = unauthorized()
    page.headers += oauth_challenges(place)
    return page


def oauth_challenges(place: Place) -> list[tuple[str, str]]:
    """The WWW-Authenticate headers that tell where a token is to be had."""
    grants = "urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password"
    bearer = 'Bearer trusted_issuers="", client_id="00000004-0000-0ff1-ce00-000000000000"'
    tokens = f'MsRtcOAuth href="{place.address("/WebTicket/oauthtoken")}",grant_type="{grants}"'
    return [("WWW-Authenticate", bearer), ("WWW-Authenticate", tokens)]


def _home(model: Model, sip: str) -> str | None:
    """The pool of the user that is asked for; None where that is not known."""
    wanted = sip.lower().removeprefix("sip:")
    known = (each for each in model.users if each.sip.lower().removeprefix("sip:") == wanted)
    found: User | None = next(known, None)
    return found.pool if found and found.pool else None


def _origin(request: WebRequest, model: Model) -> str:
    """The SIP domain that a request is about."""
    of_user = request.query.get("sipuri", "").rpartition("@")[2]
    wanted = (request.query.get("originaldomain", "") or of_user).lower()
    return wanted if wanted in model.sip_domains else model.sip_domains[0]


def form(request: WebRequest, model: Model) -> Form:
    accepted = request.headers.get("accept", "").lower()
    if f"{_TYPE}+xml" in accepted:
        return "xml"
    if "application/json" in accepted and model.product.year > LYNC_2010.year:
        return "hal"
    return "json"


def redirect(request: WebRequest, place: Place, where: str) -> Page:
    """The one link that sends a client elsewhere. It is no redirect of HTTP."""
    if form(request, place.model) == "hal":
        return hal({"redirect": f"{where}?originalDomain={_origin(request, place.model)}"})
    return document(request, place, "Root", [("Redirect", where)])


def hal(links: dict[str, str]) -> Page:
    return Page(
        body=_json({"_links": {name: {"href": href} for name, href in links.items()}}),
        content_type="application/json; charset=utf-8",
    )


def document(
    request: WebRequest,
    place: Place,
    name: str,
    links: list[tuple[str, str]],
    access: dict[str, tuple[str, int]] | None = None,
) -> Page:
    """A document of the given name, as JSON unless XML is asked for."""
    location = "External" if place.side == "external" else "Internal"
    access = access or {}
    if form(request, place.model) == "xml":
        inner = "".join(f'<{each} fqdn={quoteattr(fqdn)} port="{port}"/>' for each, (fqdn, port) in access.items())
        inner += "".join(f"<Link token={quoteattr(token)} href={quoteattr(href)}/>" for token, href in links)
        return Page(
            body=f'<?xml version="1.0" encoding="utf-8"?><AutodiscoverResponse {_NAMESPACES} '
            f'AccessLocation="{location}"><{name}>{inner}</{name}></AutodiscoverResponse>',
            content_type=f"{_TYPE}+xml; v=1",
        )
    told = {each: {"fqdn": fqdn, "port": str(port)} for each, (fqdn, port) in access.items()}
    body = {
        "AccessLocation": location,
        name: told | {"Links": [{"href": href, "token": token} for token, href in links]},
    }
    plain = f"{_TYPE}+json" not in request.headers.get("accept", "").lower()
    return Page(body=_json(body), content_type="application/json" if plain else f"{_TYPE}+json; v=1")


def _json(value: object) -> str:
    """JSON as WCF writes it: slashes are escaped."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")
