"""The deployment that is practised on, as one mutable model: litwareinc.com as in Microsoft's documents.

Every server reads the model and nothing else. A scenario changes it and does nothing else.
"""

from dataclasses import dataclass, field
from typing import Literal

from lab.computers import Computer
from lab.federation import Federation, ImFilterConfiguration, McxConfiguration, PushNotificationConfiguration
from lab.roles import AdminRole, default_roles

View = Literal["inside", "outside"]
VIEWS: tuple[View, View] = ("inside", "outside")

DOMAIN = "litwareinc.com"
POOL = "atl-cs-001.litwareinc.com"
OTHER_POOL = "atl-cs-002.litwareinc.com"
WEB = "lyncweb.litwareinc.com"
WEB_INTERNAL = "lyncweb-int.litwareinc.com"
EDGE = "atl-edge-001.litwareinc.com"
EDGE_COMPUTER = EDGE.partition(".")[0]
"""Its name in front of its own accounts: an Edge is in no domain."""
ACCESS_EDGE = "sip.litwareinc.com"
SITE = "Redmond"

MCX = "/mcx/mcxservice.svc"
WEB_TICKET = "/webticket/webticketservice.svc"
POWERSHELL = "/ocspowershell"
WINRM = "/wsman"


@dataclass
class Product:
    """What Get-CsServerVersion tells; by `year` products are older and newer."""

    year: int
    name: str
    version: str


LYNC_2010 = Product(2010, "Microsoft Lync Server 2010", "4.0.7577.0")
LYNC_2013 = Product(2013, "Microsoft Lync Server 2013", "5.0.8308.0")
SKYPE_2015 = Product(2015, "Skype for Business Server 2015", "6.0.9319.0")
SKYPE_2019 = Product(2019, "Skype for Business Server 2019", "7.0.2046.0")
# No capture shows its line: that it keeps the build and tells another name is likely, not certain.
SUBSCRIPTION_EDITION = Product(2025, "Skype for Business Server Subscription Edition", "7.0.2046.0")


@dataclass
class Service:
    """The right side of an SRV record."""

    target: str
    port: int
    priority: int = 0
    weight: int = 0


@dataclass
class Name:
    """What one view of DNS has under a name, which may be a wildcard. `hosts` are keys of `Model.addresses`."""

    hosts: list[str] = field(default_factory=list)
    alias: str = ""
    services: list[Service] = field(default_factory=list)
    fault: Literal["", "server-failure", "drop"] = ""


@dataclass
class WebNames:
    """The names of a pool's web services in the topology."""

    external: str | None
    internal: str


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

    page: Page
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
class WebServer:
    """One web server: its address, its two ports, its certificate and its paths in lower case."""

    host: str
    fqdn: str
    """What X-MS-Server-Fqdn tells."""
    certificate: Certificate
    directories: dict[str, Directory]
    https: Literal["tls", "tls-1.0", "plain", "noise", "closed", "drop"] = "tls"
    http: Literal["plain", "closed", "drop"] = "plain"
    middlebox: Middlebox | None = None


@dataclass
class User:
    """An account of Active Directory as Get-CsUser shows it. `mobility_policy` is a name without `Tag:`."""

    sam: str
    first_name: str
    last_name: str
    sip: str
    upn: str
    enabled: bool = True
    pool: str | None = POOL
    hosting_provider: str = "SRV:"
    mobility_policy: str | None = None

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def distinguished_name(self) -> str:
        return f"CN={self.display_name},OU=Redmond,DC=litwareinc,DC=com"


@dataclass
class Account:
    """What may sign in. `name` is `domain\\user` in lower case."""

    name: str
    password: str = field(repr=False)
    upn: str = ""


@dataclass
class MobilityPolicy:
    """`identity` is `Global`, `Site:<site>` or `Tag:<name>`."""

    identity: str
    enable_mobility: bool = True
    enable_outside_voice: bool = True


@dataclass
class WebServiceConfiguration:
    """`identity` is `Global`, `Site:<site>` or `Service:WebServer:<pool>`."""

    identity: str
    use_windows_auth: Literal["None", "Negotiate", "NTLM"] = "Negotiate"
    use_certificate_auth: bool = True
    use_pin_auth: bool = True
    use_ws_fed_passive_auth: bool = False
    allow_external_authentication: bool = True


@dataclass
class Trouble:
    """What a cmdlet does beside its work."""

    drops: int = 0
    """How many times the connection is cut while it runs."""
    fault: int = 0
    """The WSManFault that ends it; 0 for none."""
    warnings: tuple[str, ...] = ()
    error: str = ""
    """A non-terminating error beside its objects."""
    padding: int = 0
    """Characters by which the first of its objects is larger."""
    refusal: str = ""
    """The error that ends it before it brings anything."""


@dataclass
class Shell:
    """How a remote PowerShell endpoint behaves, beside what it knows."""

    access: bool = True
    """False: whoever signs in is refused a session."""
    delay_ms: int = 0
    """How long every cmdlet takes, beside its own work."""
    hangs: set[str] = field(default_factory=set)
    """Cmdlets that never come back."""
    withheld: set[str] = field(default_factory=set)
    """Cmdlets that the role of the caller does not hold."""
    roles: list[str] = field(default_factory=lambda: ["CsAdministrator"])
    """The roles of the caller, whose cmdlets are those that a Front End offers."""
    trouble: dict[str, Trouble] = field(default_factory=dict)
    """By cmdlet, in lower case."""
    most_sessions: int | None = None
    """How many sessions an account may have; None: as many as it likes."""


@dataclass
class EdgeListener:
    """A listening port of the Edge. `where` is a key of `Model.addresses`, or `loopback` for 127.0.0.1."""

    port: int
    where: str
    process: str = "XmppProxy.exe"
    established: bool = False


@dataclass(frozen=True)
class EdgeSocket:
    """A TCP socket of the Edge as it stands, with the process that has it."""

    address: str
    port: int
    pid: int
    process: str
    """With its `.exe`."""
    remote_address: str = ""
    """Empty for one that listens."""
    remote_port: int = 0


def default_names() -> dict[View, dict[str, Name]]:
    """Both views of the zone as a healthy deployment has them."""

    def at(host: str) -> Name:
        return Name(hosts=[host])

    return {
        "inside": {
            POOL: at("pool"),
            OTHER_POOL: at("other-pool"),
            WEB_INTERNAL: at("pool"),
            WEB: at("reverse-proxy"),
            f"lyncdiscoverinternal.{DOMAIN}": at("pool"),
            EDGE: at("edge-internal"),
        },
        "outside": {
            WEB: at("reverse-proxy"),
            f"lyncdiscover.{DOMAIN}": at("reverse-proxy"),
            ACCESS_EDGE: at("edge-external"),
            f"xmpp.{DOMAIN}": at("edge-external"),
            f"_xmpp-server._tcp.{DOMAIN}": Name(services=[Service(ACCESS_EDGE, 5269)]),
            f"_sipfederationtls._tcp.{DOMAIN}": Name(services=[Service(ACCESS_EDGE, 5061)]),
        },
    }


def service_page(name: str) -> Page:
    """The page that a WCF service shows to a browser."""
    return Page(
        body=f"<html><head><title>{name} Service</title></head><body><h1>{name} Service</h1>"
        f"<p>The service is running. It speaks SOAP; there is nothing to see here.</p></body></html>",
        headers=[("X-AspNet-Version", "4.0.30319"), ("Cache-Control", "private")],
    )


def web_directories() -> dict[str, Directory]:
    """The paths of a healthy Lync Server 2013 web site that mobility asks."""
    return {
        MCX: Directory(service_page("McxService")),
        WEB_TICKET: Directory(
            service_page("WebTicketService"),
            post=Page(body=_TICKET, content_type="text/xml; charset=utf-8"),
            challenges=["Negotiate", "NTLM"],
        ),
    }


def default_web_servers() -> list[WebServer]:
    """The reverse proxy with the external web site, and the Front End of each pool with the internal one."""
    external = [WEB, f"lyncdiscover.{DOMAIN}", f"meet.{DOMAIN}", f"dialin.{DOMAIN}"]
    internal = [POOL, WEB_INTERNAL, f"lyncdiscoverinternal.{DOMAIN}", f"lyncdiscover.{DOMAIN}"]
    servers = [
        WebServer("reverse-proxy", POOL, Certificate(external), web_directories()),
        WebServer("pool", POOL, Certificate(internal), web_directories()),
        WebServer("other-pool", OTHER_POOL, Certificate([OTHER_POOL]), web_directories()),
    ]
    for server in servers[1:]:
        server.directories[POWERSHELL] = Directory(
            Page(status=405, from_lync=False), challenges=["Negotiate", "NTLM"], channel_binding=True, powershell=True
        )
    return servers


def default_edge_winrm() -> WebServer:
    """Windows Remote Management of the Edge, on its internal address: over http it takes encrypted messages alone."""
    endpoint = Directory(
        Page(status=405, from_lync=False), challenges=["Negotiate"], channel_binding=True, powershell=True
    )
    return WebServer("edge-internal", EDGE, Certificate([EDGE]), {WINRM: endpoint})


def default_users() -> list[User]:
    """The two test users: one with a per-user mobility policy, one whom the global policy governs."""
    return [
        User(
            "kenmyer",
            "Ken",
            "Myer",
            "sip:kenmyer@litwareinc.com",
            "kenmyer@litwareinc.com",
            mobility_policy="RedmondMobilityPolicy",
        ),
        User("pilar", "Pilar", "Ackerman", "sip:pilar@litwareinc.com", "pilar@litwareinc.com"),
    ]


@dataclass
class Model:
    """A healthy deployment until a scenario changes it."""

    addresses: dict[str, str] = field(default_factory=dict)
    """The 127.x.y.z of each host, picked for every run."""
    product: Product = field(default_factory=lambda: LYNC_2013)
    names: dict[View, dict[str, Name]] = field(default_factory=default_names)
    web_servers: list[WebServer] = field(default_factory=default_web_servers)
    users: list[User] = field(default_factory=default_users)
    pools: list[str] = field(default_factory=lambda: [POOL, OTHER_POOL])
    """The first is the one that everything of the practice deployment names."""
    sip_domains: list[str] = field(default_factory=lambda: [DOMAIN])
    """The first is the default."""
    web_names: dict[str, WebNames] = field(default_factory=dict)
    """By pool, where they are others than `web_names_of` gives by itself."""
    computers: list[Computer] = field(
        default_factory=lambda: [Computer(POOL, POOL), Computer(OTHER_POOL, OTHER_POOL), Computer(EDGE, EDGE)]
    )
    admin_roles: list[AdminRole] = field(default_factory=default_roles)
    mobility_policies: list[MobilityPolicy] = field(
        default_factory=lambda: [MobilityPolicy("Global"), MobilityPolicy("Tag:RedmondMobilityPolicy")]
    )
    web_service_configurations: list[WebServiceConfiguration] = field(
        default_factory=lambda: [WebServiceConfiguration("Global")]
    )
    mcx_configurations: list[McxConfiguration] = field(default_factory=lambda: [McxConfiguration("Global")])
    push_configurations: list[PushNotificationConfiguration] = field(
        default_factory=lambda: [PushNotificationConfiguration("Global")]
    )
    im_filter_configurations: list[ImFilterConfiguration] = field(
        default_factory=lambda: [ImFilterConfiguration("Global")]
    )
    federation: Federation = field(default_factory=Federation)
    shell: Shell = field(default_factory=Shell)
    shell_pool: str = POOL
    """The pool whose remote endpoint an administrator would open."""
    edge_shell: Shell = field(default_factory=Shell)
    """The endpoint of the Edge itself."""
    edge_winrm: WebServer = field(default_factory=default_edge_winrm)
    edge_sockets: list[EdgeSocket] = field(default_factory=list)
    """What the processes of the Edge have open; filled once they run."""
    edge_listeners: list[EdgeListener] = field(
        default_factory=lambda: [EdgeListener(5269, "edge-external"), EdgeListener(23456, "edge-internal")]
    )

    def web_server(self, host: str) -> WebServer:
        """The web server on a host: `reverse-proxy`, `pool` or `other-pool`."""
        return next(server for server in self.web_servers if server.host == host)

    @property
    def external_web(self) -> WebServer:
        return self.web_server("reverse-proxy")

    def computer(self, fqdn: str) -> Computer:
        return next(computer for computer in self.computers if computer.fqdn == fqdn)

    def computers_of(self, pool: str) -> list[Computer]:
        return [computer for computer in self.computers if computer.pool == pool]

    def web_names_of(self, pool: str) -> WebNames:
        """The names of a pool's web services: only the first pool has an external one by itself."""
        first = pool == self.pools[0]
        return self.web_names.get(pool) or (WebNames(WEB, WEB_INTERNAL) if first else WebNames(None, pool))

    def user(self, sam: str) -> User:
        return next(user for user in self.users if user.sam == sam)

    def mobility_policy(self, identity: str) -> MobilityPolicy:
        return next(policy for policy in self.mobility_policies if policy.identity == identity)

    def effective_mobility_policy(self, user: User) -> str:
        """The policy that governs a user: an assigned one that exists, else the site's, else Global."""
        known = {policy.identity for policy in self.mobility_policies}
        if user.mobility_policy and f"Tag:{user.mobility_policy}" in known:
            return user.mobility_policy
        if user.pool and f"Site:{SITE}" in known:
            return f"Site:{SITE}"
        return "Global"


HOSTS = ("dns", "reverse-proxy", "pool", "other-pool", "edge-external", "edge-internal", "partner")
"""Each gets an address of its own."""

_TICKET = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512"/>'
    "</s:Body></s:Envelope>"
)
