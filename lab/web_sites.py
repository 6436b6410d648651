"""The web sites of a healthy deployment: what each path answers, and which machines have them."""

from lab.names import DOMAIN, EDGE, OTHER_POOL, POOL, WEB, WEB_INTERNAL
from lab.web_servers import Certificate, Directory, Page, ReverseProxy, Side, WebServer

MCX = "/mcx/mcxservice.svc"
WEB_TICKET = "/webticket/webticketservice.svc"
OAUTH = "/webticket/oauthtoken"
POWERSHELL = "/ocspowershell"
WINRM = "/wsman"
AUTODISCOVER = "/autodiscover/autodiscoverservice.svc/root"
UCWA = "/ucwa/v1/applications"
UCWA_OAUTH = "/ucwa/oauth/v1/applications"
REACH = "/reach/sip.svc"
CERTPROV = "/certprov/certprovisioningservice.svc"
GROUP_EXPANSION = "/groupexpansion/service.svc"
XFRAME = "/autodiscover/xframe/xframe.html"

_WINDOWS = ("Negotiate", "NTLM")


def service_page(name: str) -> Page:
    """The page that a WCF service shows to a browser."""
    return Page(
        body=f"<html><head><title>{name} Service</title></head><body><h1>{name} Service</h1>"
        f"<p>The service is running. It speaks SOAP; there is nothing to see here.</p></body></html>",
        headers=[("X-AspNet-Version", "4.0.30319"), ("Cache-Control", "private")],
    )


def web_directories() -> dict[str, Directory]:
    """The paths that either web site of a healthy Front End has, with Mcx and UCWA."""
    return _common_directories() | {
        MCX: Directory(service_page("McxService")),
        UCWA: Directory(serves="ucwa", below=True),
        UCWA_OAUTH: Directory(serves="ucwa-applications", below=True),
        REACH: Directory(service_page("Sip")),
        "/abs": Directory(Page(403), below=True, challenges=list(_WINDOWS)),
        GROUP_EXPANSION: Directory(service_page("DlxGroupExpansion"), challenges=list(_WINDOWS)),
    }


def director_directories() -> dict[str, Directory]:
    """Those of a Director, which has neither Mcx nor UCWA: it tells where the user's own pool is."""
    return _common_directories()


def _common_directories() -> dict[str, Directory]:
    return {
        "/": Directory(serves="autodiscover"),
        AUTODISCOVER: Directory(serves="autodiscover"),
        f"{AUTODISCOVER}/domain": Directory(serves="autodiscover-domain"),
        f"{AUTODISCOVER}/user": Directory(serves="user-document"),
        f"{AUTODISCOVER}/oauth/user": Directory(serves="user-document-oauth"),
        XFRAME: Directory(Page(body="<html><head><title>XFrame</title></head><body></body></html>")),
        WEB_TICKET: Directory(serves="web-ticket", challenges=list(_WINDOWS)),
        f"{WEB_TICKET}/mex": Directory(serves="web-ticket-metadata"),
        OAUTH: Directory(serves="oauth-token"),
        CERTPROV: Directory(service_page("CertProvisioningService")),
        **_simple_address("/meet", "Join the meeting"),
        **_simple_address("/dialin", "Dial-in conferencing settings and PIN management"),
    }


def _simple_address(path: str, title: str) -> dict[str, Directory]:
    """The page of a simple URL. Without the last slash IIS sends the caller to the path with it."""
    page = Page(body=f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")
    return {path: Directory(serves="trailing-slash"), f"{path}/": Directory(page, below=True)}


def remote_powershell() -> Directory:
    """The administrators' endpoint of an internal web site."""
    return Directory(
        Page(status=405, from_lync=False), challenges=list(_WINDOWS), channel_binding=True, powershell=True
    )


def both_sites(
    host: str, fqdn: str, certificate: Certificate, directories: dict[Side, dict[str, Directory]]
) -> list[WebServer]:
    """The internal and the external web site of a server. They show the same certificate."""
    directories["internal"][POWERSHELL] = remote_powershell()
    return [WebServer(host, certificate, fqdn, paths, side=side) for side, paths in directories.items()]


def front_end_sites(host: str, fqdn: str, certificate: Certificate) -> list[WebServer]:
    """Both web sites of a Front End, each with its own paths."""
    return both_sites(host, fqdn, certificate, {"internal": web_directories(), "external": web_directories()})


def default_web_servers() -> list[WebServer]:
    """The web sites of the Front End of each pool."""
    internal = [POOL, WEB_INTERNAL, f"lyncdiscoverinternal.{DOMAIN}", f"lyncdiscover.{DOMAIN}"]
    return [
        *front_end_sites("pool", POOL, Certificate(internal)),
        *front_end_sites("other-pool", OTHER_POOL, Certificate([OTHER_POOL])),
    ]


def default_reverse_proxies() -> list[ReverseProxy]:
    """The one reverse proxy, which publishes everything of the pool's external web site."""
    names = [WEB, f"lyncdiscover.{DOMAIN}", f"meet.{DOMAIN}", f"dialin.{DOMAIN}"]
    return [ReverseProxy("reverse-proxy", Certificate(names))]


def default_edge_winrm() -> WebServer:
    """Windows Remote Management of the Edge, on its internal address: over http it takes encrypted messages alone."""
    endpoint = Directory(
        Page(status=405, from_lync=False), challenges=["Negotiate"], channel_binding=True, powershell=True
    )
    return WebServer("edge-internal", Certificate([EDGE]), EDGE, {WINRM: endpoint})
