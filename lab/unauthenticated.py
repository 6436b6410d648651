"""Web applications as they meet a caller without a ticket, and what IIS itself does."""

from lab.autodiscover import oauth_challenges
from lab.names import DOMAIN
from lab.pages import NOT_FOUND, unauthorized
from lab.web_applications import Place, WebRequest, application
from lab.web_servers import Page


@application("ucwa")
def ucwa(request: WebRequest, place: Place) -> Page:
    """UCWA lets nobody in without a ticket; Lync Server 2010 has none."""
    if not place.model.product.has_ucwa:
        return NOT_FOUND
    page = unauthorized()
    page.headers += oauth_challenges(place)
    if "/oauth/" not in request.path.lower():
        page.headers = [("X-MS-WebTicketURL", place.address("/WebTicket/WebTicketService.svc"))]
    return page


@application("trailing-slash")
def trailing_slash(request: WebRequest, place: Place) -> Page:
    """IIS sends whoever asks for a directory to the path with a slash, at the host that the request names."""
    host = request.headers.get("host") or f"www.{DOMAIN}"
    scheme = "https" if request.secure else "http"
    return Page(301, headers=[("Location", f"{scheme}://{host}{request.path}/")], from_lync=False)
