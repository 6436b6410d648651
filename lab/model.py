"""The deployment that is practised on, as one mutable model.

Every server reads the model and nothing else. A scenario changes it and does nothing else.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from lab.calling import Calling
from lab.computers import Computer
from lab.federation import Federation, ImFilterConfiguration, McxConfiguration, PushNotificationConfiguration
from lab.listening import XMPP_INTERNAL_PORT, XMPP_PORT, PortState
from lab.names import (
    ACCESS_EDGE,
    DIRECTOR,
    DIRECTOR_WEB,
    DIRECTOR_WEB_INTERNAL,
    DOMAIN,
    EDGE,
    EDGE_COMPUTER,
    FRONT_ENDS,
    HOSTS,
    OTHER_POOL,
    PARTNER,
    PARTNER_SERVER,
    POOL,
    SITE,
    VIEWS,
    WEB,
    WEB_INTERNAL,
    Name,
    Service,
    View,
    WebNames,
    default_names,
)
from lab.phone_services import PhoneServices
from lab.products import LYNC_2010, LYNC_2013, SKYPE_2015, SKYPE_2019, SUBSCRIPTION_EDITION, Product
from lab.roles import AdminRole, default_roles
from lab.shells import EdgeListener, EdgeSocket, Shell, Trouble
from lab.transactions import Transactions
from lab.users import Account, MobilityPolicy, User, WebServiceConfiguration, default_users
from lab.web_servers import (
    PORTS,
    Certificate,
    CertificateStore,
    Directory,
    LoadBalancer,
    Middlebox,
    Page,
    Publication,
    ReverseProxy,
    Side,
    WebServer,
)
from lab.web_sites import (
    AUTODISCOVER,
    CERTPROV,
    GROUP_EXPANSION,
    MCX,
    OAUTH,
    POWERSHELL,
    REACH,
    UCWA,
    UCWA_OAUTH,
    WEB_TICKET,
    WINRM,
    default_edge_winrm,
    default_reverse_proxies,
    default_web_servers,
    service_page,
    web_directories,
)
from lab.xmpp import (
    AllowedPartner,
    GatewayConfiguration,
    LoggedEvent,
    MessageTest,
    Xmpp,
    XmppServer,
    default_xmpp,
    no_xmpp,
)

__all__ = [
    "ACCESS_EDGE", "AUTODISCOVER", "CERTPROV", "DIRECTOR", "DIRECTOR_WEB", "DIRECTOR_WEB_INTERNAL", "DOMAIN", "EDGE",
    "EDGE_COMPUTER", "FRONT_ENDS", "GROUP_EXPANSION", "HOSTS", "LYNC_2010", "LYNC_2013", "MCX", "OAUTH", "OTHER_POOL",
    "PARTNER", "PARTNER_SERVER", "POOL", "PORTS", "POWERSHELL", "REACH", "SITE", "SKYPE_2015", "SKYPE_2019",
    "SUBSCRIPTION_EDITION", "UCWA", "UCWA_OAUTH", "VIEWS", "WEB", "WEB_INTERNAL", "WEB_TICKET", "WINRM",
    "XMPP_INTERNAL_PORT", "XMPP_PORT", "Account", "AllowedPartner", "Certificate", "CertificateStore", "Computer", "Directory",
    "EdgeListener", "EdgeSocket", "GatewayConfiguration", "LoadBalancer", "LoggedEvent", "MessageTest", "Middlebox",
    "MobilityPolicy", "Model", "Name", "Page", "PortState", "Product", "Publication", "ReverseProxy", "Service",
    "Shell", "Side", "Trouble", "User", "View", "WebNames", "WebServer", "WebServiceConfiguration", "Xmpp",
    "XmppServer", "default_users", "default_xmpp", "no_xmpp", "service_page", "web_directories",
]  # fmt: skip


@dataclass
class Model:
    """A healthy deployment until a scenario changes it."""

    addresses: dict[str, str] = field(default_factory=dict)
    """The 127.x.y.z of each host, picked for every run."""
    day: date = field(default_factory=lambda: datetime.now(UTC).date())
    """The day it is there: the whole day the same question is answered alike."""
    product: Product = field(default_factory=lambda: LYNC_2013)
    names: dict[View, dict[str, Name]] = field(default_factory=default_names)
    web_servers: list[WebServer] = field(default_factory=default_web_servers)
    """The web sites of all Front Ends and Directors: two of each, `side` tells which."""
    reverse_proxies: list[ReverseProxy] = field(default_factory=default_reverse_proxies)
    load_balancers: list[LoadBalancer] = field(default_factory=list)
    forward_proxy: Literal["open", "login", "deny"] | None = None
    """What the HTTP proxy does that the computers inside are set to; None: there is none."""
    listening: dict[str, dict[int, PortState]] = field(default_factory=dict)
    """By host the TCP ports that stand otherwise than the product has them: see `lab.listening`."""
    users: list[User] = field(default_factory=default_users)
    pools: list[str] = field(default_factory=lambda: [POOL, OTHER_POOL])
    """The pools that home users. The first is the one that everything of the practice deployment names."""
    directors: list[str] = field(default_factory=list)
    """The Director pools."""
    branch_appliances: list[str] = field(default_factory=list)
    """The pools of Survivable Branch Appliances."""
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
    transactions: Transactions = field(default_factory=Transactions)
    calling: Calling = field(default_factory=Calling)
    phones: PhoneServices = field(default_factory=PhoneServices)
    xmpp: Xmpp = field(default_factory=default_xmpp)
    store: CertificateStore = field(default_factory=CertificateStore)
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

    @property
    def last_evening(self) -> datetime:
        """The moment of what happened lately, so that the same question is answered alike the whole day."""
        return datetime.combine(self.day - timedelta(days=1), time(19, 16, 5, tzinfo=UTC))

    def web_server(self, host: str, side: Side = "internal") -> WebServer:
        """A web site of the server on a host: `pool`, `other-pool`, `front-end-1`, `front-end-2` or `director`."""
        return next(server for server in self.web_servers if (server.host, server.side) == (host, side))

    def web_servers_of(self, pool: str, side: Side) -> list[WebServer]:
        """That web site of each computer of a pool."""
        fqdns = [computer.fqdn for computer in self.computers_of(pool)]
        return [server for server in self.web_servers if server.side == side and server.fqdn in fqdns]

    @property
    def external_site(self) -> WebServer:
        """The external web site of the first pool, of its first computer where it has several."""
        return self.web_servers_of(self.pools[0], "external")[0]

    @property
    def reverse_proxy(self) -> ReverseProxy:
        return self.reverse_proxies[0]

    @property
    def external_web(self) -> ReverseProxy:
        """What answers at the external web services FQDN: the reverse proxy. Its pages are those of `external_site`."""
        return self.reverse_proxies[0]

    def load_balancer(self, side: Side) -> LoadBalancer:
        return next(each for each in self.load_balancers if each.side == side)

    def computer(self, fqdn: str) -> Computer:
        return next(computer for computer in self.computers if computer.fqdn == fqdn)

    def computers_of(self, pool: str) -> list[Computer]:
        return [computer for computer in self.computers if computer.pool == pool]

    def pool_of(self, server: WebServer) -> str:
        """The pool that a web site belongs to."""
        return self.computer(server.fqdn).pool

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
