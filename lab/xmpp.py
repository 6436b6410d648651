"""XMPP federation as the lab has it: who speaks it on the network, and what the deployment is configured with."""

from dataclasses import dataclass, field
from typing import Literal

from lab.listening import PortState
from lab.names import ACCESS_EDGE, DOMAIN, EDGE, PARTNER, PARTNER_SERVER, SITE
from lab.web_servers import Certificate

Negotiation = Literal["Required", "Optional", "NotSupported"]
Conduct = Literal["xmpp", "hangs", "closes", "not-xmpp", "tls-first"]
"""What happens on a connection: a stream of XMPP; silence; an end at once; some other protocol's greeting; TLS at once."""


@dataclass
class XmppServer:
    """A server that other XMPP servers call: the Edge's proxy or a partner's. `host` is a key of `Model.addresses`."""

    host: str
    domains: list[str]
    """Whom it serves, in lower case. Streams to others end in `host-unknown`."""
    certificate: Certificate
    port: PortState = "open"
    conduct: Conduct = "xmpp"
    version: str = "1.0"
    """Of its stream; empty for a server from before XMPP 1.0, which sends no features."""
    has_id: bool = True
    starttls: Literal["required", "offered", "absent"] = "offered"
    starttls_answer: Literal["proceed", "failure", "broken"] = "proceed"
    """`broken`: it agrees and then no handshake can be finished."""
    newest_tls: Literal["1.0", "1.2", "1.3"] = "1.3"
    external: bool = True
    """Whether SASL EXTERNAL is offered over TLS, to a client whose certificate the lab's authority issued for the domain
    that it speaks for."""
    dialback: bool = True
    """Whether it advertises dialback, and answers `db:verify`; where it requires TLS, over TLS alone."""
    verify: Literal["invalid", "error", "silence"] = "invalid"
    error: str = ""
    """A condition of stream errors that every stream to it ends in."""
    error_text: str = ""


@dataclass
class AllowedPartner:
    """Get-CsXmppAllowedPartner, with the defaults of a healthy deployment and not those of the cmdlet."""

    domain: str
    additional_domains: list[str] = field(default_factory=list)
    partner_type: Literal["Federated", "PublicVerified", "PublicUnverified"] = "Federated"
    tls: Negotiation = "Optional"
    sasl: Negotiation = "Optional"
    dialback: bool = True
    keep_alive: bool = True
    proxy_fqdn: str | None = None
    connection_limit: int | None = None
    description: str | None = None


@dataclass
class GatewayConfiguration:
    """Get-CsXmppGatewayConfiguration: one of its kind. Times in seconds; the defaults are the documented ones."""

    connection_limit: int = 1000
    partner_connection_limit: int = 20
    keep_alive_interval: int = 300
    stream_establishment_timeout: int = 60
    stream_inactivity_timeout: int = 600
    subscription_refresh_interval: int = 28800
    enable_logging_all_message_bodies: bool = False
    dialback_passphrase: str | None = "a phrase that is the same on every Edge"  # noqa: S105 - a phrase of the practice deployment


@dataclass
class LoggedEvent:
    """An entry of the Lync Server event log. `level`: 2 error, 3 warning, 4 information."""

    provider: str
    level: int
    message: str
    id: int
    """Invented: no event id of these services is documented."""
    hours_ago: float = 1.0


@dataclass
class MessageTest:
    """What Test-CsXmppIM comes to beyond what the rest of the lab makes of it."""

    error: str = ""
    """The Error Message of a Failure, as the cmdlet would print it; empty: it does not fail for this."""
    refused_parameter: str = ""
    """A parameter whose value it does not take, so that it does not begin; empty: it takes them all."""


@dataclass
class Xmpp:
    """XMPP federation of the deployment, as a documented set-up leaves it."""

    edge: XmppServer
    """Also what answers at the Access Edge's 5269, as long as `Model.edge_listeners` has that port."""
    partner: XmppServer
    sought: str = PARTNER
    """The domain whose people the users want to reach."""
    more_servers: list[XmppServer] = field(default_factory=list)
    routes: dict[str, str | None] = field(default_factory=lambda: {SITE: f"EdgeServer:{EDGE}"})
    """By central site the XmppFederationRoute."""
    more_edges: list[str] = field(default_factory=list)
    """Edge pools that the topology has beside the one that is there."""
    allowed_partners: list[AllowedPartner] = field(default_factory=lambda: [AllowedPartner(PARTNER)])
    replicated_partners: list[AllowedPartner] | None = None
    """What -LocalStore tells on the Edge; None: the same."""
    gateway: GatewayConfiguration = field(default_factory=GatewayConfiguration)
    edge_service: Literal["Running", "Stopped", "StartPending", "disabled", "absent"] = "Running"
    """`disabled`: it stands still, and its start type keeps it from being started."""
    gateway_service: Literal["Running", "Stopped", "StartPending", "absent"] = "Running"
    edge_certificate: Certificate | None = None
    """What Get-CsCertificate on the Edge has for AccessEdgeExternal; None: what is presented."""
    edge_certificate_assigned: bool = True
    """False: Get-CsCertificate on the Edge has none for AccessEdgeExternal, whatever is presented."""
    edge_events: list[LoggedEvent] = field(default_factory=list)
    front_end_events: list[LoggedEvent] = field(default_factory=list)
    test: MessageTest = field(default_factory=MessageTest)

    @property
    def servers(self) -> list[XmppServer]:
        """All that speak XMPP, each on a host of its own."""
        return [self.edge, self.partner, *self.more_servers]


def default_xmpp() -> Xmpp:
    """A healthy deployment with one partner, each of whose servers accepts the other's certificate."""
    edge_names = [ACCESS_EDGE, f"webcon.{DOMAIN}", DOMAIN, f"xmpp.{DOMAIN}"]
    return Xmpp(
        edge=XmppServer("edge-external", [DOMAIN], Certificate(edge_names, client=True)),
        partner=XmppServer("partner", [PARTNER], Certificate([PARTNER_SERVER, PARTNER], client=True)),
    )


def no_xmpp() -> Xmpp:
    """What there is of it where the product has none. The partner is there all the same."""
    xmpp = default_xmpp()
    xmpp.routes = {SITE: None}
    xmpp.allowed_partners = []
    xmpp.edge_service = xmpp.gateway_service = "absent"
    return xmpp
