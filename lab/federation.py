"""What push notifications and the federation that carries them are configured with, as a documented set-up leaves it."""

from dataclasses import dataclass, field
from typing import Literal

_PREFIXES = (
    *("callto:", "file:", "ftp.", "ftp:", "gopher:", "href", "http:", "https:", "ldap:", "mailto:", "news:", "nntp:"),
    *("sip:", "sips:", "tel:", "telnet:", "www*"),
)
"""What the URL filter takes for a link, as installed."""


@dataclass
class PushNotificationConfiguration:
    """`identity` is `Global` or `Site:<site>`. Both services are off until an administrator switches them on."""

    identity: str
    apple: bool = True
    microsoft: bool = True


@dataclass
class McxConfiguration:
    """`identity` is `Global`, `Site:<site>` or `Service:WebServer:<pool>`."""

    identity: str
    exposed_web_url: Literal["Internal", "External"] = "External"
    push_notification_proxy_uri: str | None = "sip:push@push.lync.com"
    session_expiration: int = 259200
    """Seconds, as the next."""
    session_short_expiration: int = 3600


@dataclass
class HostingProvider:
    """Somebody who hosts users of other organisations. `identity` is a free name."""

    identity: str
    proxy_fqdn: str
    enabled: bool = True
    shared_address_space: bool = False
    autodiscover_url: str | None = None


@dataclass
class AccessEdgeConfiguration:
    """The one configuration of all Access Edges, routed by DNS SRV records."""

    allow_federated_users: bool = True
    allow_outside_users: bool = True
    enable_partner_discovery: bool = False


@dataclass
class ImFilterConfiguration:
    """`identity` is `Global` or `Site:<site>`."""

    identity: str
    enabled: bool = True
    action: Literal["Allow", "Block", "Warn"] = "Allow"
    prefixes: list[str] = field(default_factory=lambda: list(_PREFIXES))


@dataclass
class Federation:
    """Whom the deployment talks to across its Edge."""

    access_edge: AccessEdgeConfiguration = field(default_factory=AccessEdgeConfiguration)
    hosting_providers: list[HostingProvider] = field(
        default_factory=lambda: [
            HostingProvider("Fabrikam.com", "proxyserver.fabrikam.com", shared_address_space=True),
            HostingProvider("LyncOnline", "sipfed.online.lync.com"),
        ]
    )
    allowed_domains: list[str] = field(default_factory=lambda: ["contoso.com", "push.lync.com"])
