"""What answers web requests: the sites of the Front Ends, the reverse proxy and the load balancer, as values."""

from dataclasses import dataclass, field
from typing import Literal

Side = Literal["internal", "external"]
"""The web site for clients inside, and the one that the reverse proxy leads to."""
PORTS: dict[Side, tuple[int, int]] = {"internal": (443, 80), "external": (4443, 8080)}
"""HTTPS and HTTP of each."""


@dataclass
class Certificate:
    """A server certificate and the way it is sent. Days count from the start of the lab."""

    names: list[str]
    issuer: Literal["lab", "stranger", "self"] = "lab"
    sends: Literal["leaf", "intermediate", "root"] = "intermediate"
    """How far up the chain is sent: the leaf alone, up to the issuing authority, or up to its root."""
    begins: int = -30
    ends: int = 335
    weak: bool = False
    """An RSA key of 1024 bits, which old clients accept and an OpenSSL of today refuses."""
    client: bool = False
    """Whether it is for a client too, as one has to be that a server shows to another server."""
    common_name_only: bool = False
    """It has the first name as its common name and no alternative names, as certificates of old had it."""


@dataclass
class CertificateStore:
    """What has come or is to come from an authority, beside the certificates that are assigned. The newest is the last."""

    requested: list[Certificate] = field(default_factory=list)
    """Requests that wait in a file for an authority."""
    held: list[Certificate] = field(default_factory=list)
    """Issued, in the store of the computer."""


@dataclass
class Page:
    """An HTTP answer. `padding` bytes of blanks follow the body."""

    status: int = 200
    body: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    from_lync: bool = True
    """Whether X-MS-Server-Fqdn is among its headers."""
    content_type: str = "text/html; charset=utf-8"
    padding: int = 0


@dataclass
class Directory:
    """A path of a web site. With `challenges` the caller must sign in before `page` is shown."""

    page: Page = field(default_factory=Page)
    serves: str = ""
    """The web application of `lab.web_applications` that makes the page anew for every request; empty: `page` it is."""
    below: bool = False
    """Whether it also answers for the paths below it that are not directories themselves."""
    post: Page | None = None
    """The answer to POST, where it is not the page."""
    challenges: list[str] | None = None
    """The WWW-Authenticate headers of its 401, one each; None: nobody is asked to sign in."""
    channel_binding: bool = False
    """Whether a sign-in must be bound to the TLS connection that carries it."""
    hangs: bool = False
    powershell: bool = False
    refuses: bool = False
    """Whether every sign-in is refused, whoever it is."""


@dataclass
class Middlebox:
    """Something on the way that swallows or answers every request in the server's place."""

    does: Literal["silence", "drip", "noise", "answer"]
    page: Page = field(default_factory=Page)


@dataclass
class Listener:
    """A machine's two ports for web requests, and what is in front of them."""

    host: str
    """A key of `Model.addresses`."""
    certificate: Certificate
    https: Literal["tls", "tls-1.0", "plain", "noise", "closed", "drop"] = field(default="tls", kw_only=True)
    http: Literal["plain", "closed", "drop"] = field(default="plain", kw_only=True)
    middlebox: Middlebox | None = field(default=None, kw_only=True)
    side: Side = field(default="internal", kw_only=True)
    """Which two ports: see `PORTS`."""

    @property
    def key(self) -> str:
        """What it is called where the two sides of a host are told apart: `pool`, `pool-external`."""
        return self.host if self.side == "internal" else f"{self.host}-external"


@dataclass
class WebServer(Listener):
    """One web site of a server: its paths, in lower case."""

    fqdn: str
    """What X-MS-Server-Fqdn tells: the computer's name."""
    directories: dict[str, Directory]
    software: str = field(default="", kw_only=True)
    """The Server header; empty: that of the IIS which the product runs on."""


@dataclass
class Publication:
    """A web publishing rule of the reverse proxy: for which names and paths it holds, and where it leads."""

    to: str = "pool"
    """The host behind, a key of `Model.addresses`."""
    names: list[str] = field(default_factory=list)
    """The names that it is for; empty: all."""
    https_to: int = 4443
    """The port of the host behind that 443 is bridged to. 443 there is the internal web site."""
    http_to: int | None = 8080
    """The same of 80; None: port 80 is not published, and refuses connections."""
    paths: list[str] = field(default_factory=lambda: ["/"])
    """What the published paths begin with, in lower case."""
    keeps_host: bool = True
    """False: the host header becomes the name of the server behind."""
    pre_authentication: Literal["", "challenge", "form"] = ""
    """Whether the proxy itself asks for a sign-in first: by a 401 or by a form."""
    refuses_post: bool = False
    sends_to: str = ""
    """The address that the proxy itself redirects to, in place of forwarding; empty: it forwards."""
    way: Literal["open", "refused", "silent"] = "open"
    """Whether it reaches the host behind at all; else it says 502 or 504."""


@dataclass
class ReverseProxy(Listener):
    """The reverse proxy, which answers outside for the web services. The first publication that fits is followed."""

    publications: list[Publication] = field(default_factory=lambda: [Publication()])
    software: str = "Microsoft-IIS/8.5"
    """The Server header of its own answers."""
    unpublished: int = 404
    """The status for what nothing publishes."""

    @property
    def publication(self) -> Publication:
        """The rule for the pool."""
        return self.publications[0]


@dataclass
class LoadBalancer(Listener):
    """A hardware load balancer's virtual server for one side of a pool."""

    nodes: list[str]
    """The hosts that are in rotation."""
    affinity: Literal["source", "cookie", "none"] = "source"
    per: Literal["connection", "request"] = "request"
    """Whether a node is chosen anew for each request, as it has to be, or for each connection."""
    cookie: str = "MS-WSMAN"
    cookie_attributes: str = "path=/"
    """What follows the cookie's value, such as `path=/; HttpOnly`."""
    monitored: int = 5061
    """The port that has to be open on a node, or it gets nothing."""
