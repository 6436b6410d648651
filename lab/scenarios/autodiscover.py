"""What can be wrong with Autodiscover, the first thing that phones ask."""

import json

from lab.model import AUTODISCOVER, DOMAIN, OTHER_POOL, WEB, Directory, Model, Name, Page, Publication, WebNames
from lab.scenarios import Enter, scenario

_EXTERNAL = f"lyncdiscover.{DOMAIN}"
_ROOT = "/Autodiscover/AutodiscoverService.svc/root"
_OFF_THE_WI_FI = "It works on the office Wi-Fi and fails on mobile data."
_UNAVAILABLE = "Phones say that the server might be unavailable."
_NEVER_ENDS = "Signing in on the phone turns its wheel for a minute, then gives up."


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(f"autodiscover-{name}", "mobility", title, symptom, f"mobility.autodiscover/{answer}", seat)


def _published(model: Model, page: Page) -> None:
    """Puts a page in the place of the service that the reverse proxy publishes."""
    model.external_site.directories[AUTODISCOVER] = Directory(page)


def _inside(model: Model, page: Page) -> None:
    """Puts a page where lyncdiscoverinternal leads to."""
    model.web_server("pool").directories["/"] = Directory(page)


def _page(status: int, title: str, server: str = "Microsoft-IIS/8.5", *, from_lync: bool = False) -> Page:
    body = f"<html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>"
    return Page(status, body, [("Server", server)], from_lync=from_lync)


def _document(**links: str) -> Page:
    """A document with these links, token by token."""
    held = [{"href": href, "token": token} for token, href in links.items()]
    body = json.dumps({"AccessLocation": "External", "Root": {"Links": held}}).replace("/", "\\/")
    return Page(body=body, content_type="application/json")


@_fault(
    "internal-site",
    "The reverse proxy forwards to the ports of the internal web site",
    "On mobile data phones sign in and then miss their meetings.",
    "internal-site",
)
def internal_site(model: Model) -> None:
    model.reverse_proxy.publication.https_to, model.reverse_proxy.publication.http_to = 443, 80


@_fault(
    "internal-site-one-name",
    "The rule for lyncdiscover alone forwards to the internal web site",
    _OFF_THE_WI_FI,
    "internal-site",
    seat="outside",
)
def internal_site_one_name(model: Model) -> None:
    model.reverse_proxy.publications.insert(0, Publication(names=[_EXTERNAL], https_to=443, http_to=80))


@_fault("sent-away", "The reverse proxy redirects Autodiscover to another domain", _OFF_THE_WI_FI, "sent-away")
def sent_away(model: Model) -> None:
    proxy = model.reverse_proxy
    proxy.publications.insert(0, Publication(paths=["/autodiscover"], sends_to="https://login.contoso.com/start"))


@_fault("redirected", "The reverse proxy redirects Autodiscover to another of its names", _OFF_THE_WI_FI, "redirected")
def redirected(model: Model) -> None:
    there = f"https://meet.{DOMAIN}{_ROOT}"
    model.reverse_proxy.publications.insert(0, Publication(paths=["/autodiscover"], sends_to=there))


@_fault(
    "pre-authentication", "The reverse proxy asks for a sign-in before Autodiscover", _UNAVAILABLE, "pre-authentication"
)
def pre_authentication(model: Model) -> None:
    publication = Publication(paths=["/autodiscover"], pre_authentication="challenge")
    model.reverse_proxy.publications.insert(0, publication)


@_fault("login-form", "The reverse proxy shows its own sign-in page to everyone", _UNAVAILABLE, "pre-authentication")
def login_form(model: Model) -> None:
    model.reverse_proxy.publication.pre_authentication = "form"


@_fault("not-lync", "The default page of another web server answers", _UNAVAILABLE, "not-lync")
def not_lync(model: Model) -> None:
    _published(model, _page(200, "IIS Windows Server"))


@_fault("pool-unreached", "The reverse proxy does not reach the pool", _UNAVAILABLE, "pool-unreached")
def pool_unreached(model: Model) -> None:
    model.reverse_proxy.publication.way = "refused"


@_fault("server-error", "Autodiscover crashes on every request", _UNAVAILABLE, "server-error")
def server_error(model: Model) -> None:
    _published(model, _page(500, "Server Error", from_lync=True))


@_fault("stopped", "The application pool of Autodiscover is stopped", _UNAVAILABLE, "server-error")
def stopped(model: Model) -> None:
    _published(model, _page(503, "Service Unavailable", server="Microsoft-HTTPAPI/2.0"))


@_fault("forbidden", "IIS forbids Autodiscover", "Signing in on the phone fails at once.", "forbidden")
def forbidden(model: Model) -> None:
    _published(model, _page(403, "403 - Forbidden: Access is denied.", from_lync=True))


@_fault("not-found", "The publishing rule leaves Autodiscover out", _OFF_THE_WI_FI, "not-found")
def not_found(model: Model) -> None:
    model.reverse_proxy.publication.paths = [
        "/mcx",
        "/ucwa",
        "/webticket",
        "/certprov",
        "/reach",
        "/meet",
        "/dialin",
        "/abs",
        "/groupexpansion",
    ]


@_fault("silent", "Autodiscover accepts and never answers", _NEVER_ENDS, "silent")
def silent(model: Model) -> None:
    model.external_site.directories[AUTODISCOVER].hangs = True


@_fault("loop", "Autodiscover leads on to itself", _NEVER_ENDS, "loop")
def loop(model: Model) -> None:
    _published(model, _document(Redirect=f"https://{WEB}{_ROOT}"))


@_fault("incomplete", "The document has no link for users", "Signing in on the phone fails at once.", "incomplete")
def incomplete(model: Model) -> None:
    _published(model, _document(Domain=f"https://{WEB}{_ROOT}/domain"))


@_fault("wrong-host", "Autodiscover still leads to the web FQDN of before", _UNAVAILABLE, "wrong-host")
def wrong_host(model: Model) -> None:
    old = f"https://lyncold.{DOMAIN}{_ROOT}"
    _published(model, _document(Domain=f"{old}/domain", User=f"{old}/user"))


@_fault(
    "fallback",
    "lyncdiscoverinternal fails, and lyncdiscover stands in for it",
    "Signing in on the phone takes long, and fails now and then.",
    "fallback",
)
def fallback(model: Model) -> None:
    _inside(model, _page(500, "Server Error", from_lync=True))
    model.names["inside"][_EXTERNAL] = Name(hosts=["reverse-proxy"])


@_fault("online", "Autodiscover sends everyone on to Microsoft 365", "No phone signs in on the office Wi-Fi.", "online")
def online(model: Model) -> None:
    _inside(model, _document(Redirect=f"https://webdir.online.lync.com{_ROOT}"))


@_fault(
    "redirect-elsewhere",
    "Autodiscover leads on to a host of another organisation",
    "No phone signs in on the office Wi-Fi.",
    "redirect-elsewhere",
)
def redirect_elsewhere(model: Model) -> None:
    _inside(model, _document(Redirect=f"https://lyncweb.contoso.com{_ROOT}"))


@_fault("not-understood", "Lync answers with a page in place of the document", _UNAVAILABLE, "not-understood")
def not_understood(model: Model) -> None:
    _published(model, _page(200, "AutodiscoverService Service", from_lync=True))


@_fault("unexpected-status", "Autodiscover answers what it never does", _UNAVAILABLE, "unexpected-status")
def unexpected_status(model: Model) -> None:
    _published(model, _page(400, "Bad Request", from_lync=True))


@_fault(
    "shape-refused",
    "Autodiscover answers browsers alone",
    "The web app signs in; phones cannot.",
    "shape-refused",
)
def shape_refused(model: Model) -> None:
    model.web_server("pool").directories["/"] = Directory(serves="autodiscover-for-browsers")


@scenario(
    "healthy-autodiscover-by-https-alone",
    "mobility",
    "Port 80 is not published",
    "Nobody complains: the certificate has the name lyncdiscover.",
    None,
    "outside",
)
def by_https_alone(model: Model) -> None:
    model.reverse_proxy.publication.http_to = None


@scenario(
    "healthy-user-of-other-pool",
    "mobility",
    "Autodiscover leads the first user on to the pool that is his home",
    "Nobody complains: that is what several pools are for.",
    None,
    "outside",
)
def user_of_other_pool(model: Model) -> None:
    model.web_names[OTHER_POOL] = WebNames(f"lyncweb-002.{DOMAIN}", OTHER_POOL)
    model.users[0].pool = OTHER_POOL
    model.names["outside"][f"lyncweb-002.{DOMAIN}"] = Name(hosts=["reverse-proxy"])
    model.reverse_proxy.certificate.names.append(f"lyncweb-002.{DOMAIN}")
    model.reverse_proxy.publications.insert(0, Publication(to="other-pool", names=[f"lyncweb-002.{DOMAIN}"]))
