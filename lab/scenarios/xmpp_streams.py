"""What can be wrong with the streams that servers open to each other: to the Edge, and to the partner's server."""

from collections.abc import Callable
from typing import Literal

from lab.model import ACCESS_EDGE, DOMAIN, PARTNER, PARTNER_SERVER, Certificate, Model, Name, Service, XmppServer
from lab.scenarios import scenario

Break = Callable[[XmppServer], None]
_SIDES: tuple[tuple[Literal["edge", "partner"], str, str, str], ...] = (
    ("edge", "the Edge", "xmpp.stream", "Nothing that people at fabrikam.com write arrives."),
    (
        "partner",
        "the partner's server",
        "xmpp.partner-stream",
        "Nothing that is written to people at fabrikam.com arrives.",
    ),
)


def _on_both_sides(name: str, what: str, answer: str) -> Callable[[Break], Break]:
    """Enters a fault of a server twice: on the Edge, and on the partner's. `what` goes on after “it”."""

    def enter(change: Break) -> Break:
        for side, whose, step, symptom in _SIDES:
            scenario(
                f"xmpp-{side}-{name}", "xmpp", f"Streams to {whose}: it {what}", symptom, f"{step}/{answer}", "outside"
            )(_on(side, change))
        return change

    return enter


def _on(side: Literal["edge", "partner"], change: Break) -> Callable[[Model], None]:
    def broken(model: Model) -> None:
        change(model.xmpp.edge if side == "edge" else model.xmpp.partner)

    return broken


@_on_both_sides("silent", "takes connections and says nothing", "silent")
def silent(server: XmppServer) -> None:
    server.conduct = "hangs"


@_on_both_sides("closes", "closes every connection at once", "closed")
def closes(server: XmppServer) -> None:
    server.conduct = "closes"


@_on_both_sides("not-xmpp", "answers as a mail server does", "not-xmpp")
def not_xmpp(server: XmppServer) -> None:
    server.conduct = "not-xmpp"


@_on_both_sides("tls-first", "speaks TLS from the first byte", "tls-at-once")
def tls_first(server: XmppServer) -> None:
    server.conduct = "tls-first"


@_on_both_sides("host-unknown", "does not serve the domain", "host-unknown")
def host_unknown(server: XmppServer) -> None:
    server.domains = ["contoso.com"]


@_on_both_sides("forbidden", "refuses the other domain by a rule", "stream-error")
def forbidden(server: XmppServer) -> None:
    server.error, server.error_text = "policy-violation", "Your domain is blocked here"


@_on_both_sides("shutting-down", "says that it is shutting down", "busy")
def shutting_down(server: XmppServer) -> None:
    server.error = "system-shutdown"


@_on_both_sides("tls-refused", "offers STARTTLS and refuses it", "tls-refused")
def tls_refused(server: XmppServer) -> None:
    server.starttls_answer = "failure"


@_on_both_sides("no-handshake", "offers STARTTLS and fails every handshake", "handshake-fails")
def no_handshake(server: XmppServer) -> None:
    server.starttls_answer = "broken"


@_on_both_sides("only-tls-1-0", "speaks TLS 1.0 and nothing newer", "only-old")
def only_tls_1_0(server: XmppServer) -> None:
    server.newest_tls = "1.0"


@_on_both_sides("no-stream-id", "gives its streams no id", "no-id")
def no_stream_id(server: XmppServer) -> None:
    server.has_id = False


@scenario(
    "xmpp-edge-second-silent",
    "xmpp",
    "Of two Edge servers behind one name, one takes connections and says nothing",
    "Some messages from fabrikam.com arrive late, or never.",
    "xmpp.stream/some-fail",
    "outside",
)
def second_edge_silent(model: Model) -> None:
    names = model.xmpp.edge.certificate
    model.xmpp.more_servers.append(XmppServer("edge-external-2", [DOMAIN], names, conduct="hangs"))
    model.names["outside"][ACCESS_EDGE].hosts.append("edge-external-2")


@scenario(
    "xmpp-partner-second-silent",
    "xmpp",
    "One of the partner's two servers takes connections and says nothing",
    "Some messages to people at fabrikam.com arrive late, or never.",
    "xmpp.partner-stream/some-fail",
    "outside",
)
def second_partner_silent(model: Model) -> None:
    names = model.xmpp.partner.certificate
    model.xmpp.more_servers.append(XmppServer("partner-2", [PARTNER], names, conduct="hangs"))
    model.names["outside"][PARTNER_SERVER].hosts.append("partner-2")


@scenario(
    "healthy-xmpp-before-1-0",
    "xmpp",
    "The partner's server is from before XMPP 1.0 and speaks dialback alone",
    "Nobody complains.",
    None,
    "outside",
)
def before_1_0(model: Model) -> None:
    model.xmpp.partner.version = ""


@scenario(
    "healthy-xmpp-two-partners-servers",
    "xmpp",
    "The partner has two servers, each with its own certificate",
    "Nobody complains.",
    None,
    "outside",
)
def two_servers_of_partner(model: Model) -> None:
    second = f"xmpp2.{PARTNER}"
    certificate = Certificate([second, PARTNER], client=True)
    model.xmpp.more_servers.append(XmppServer("partner-2", [PARTNER], certificate))
    names = model.names["outside"]
    names[second] = Name(hosts=["partner-2"])
    names[f"_xmpp-server._tcp.{PARTNER}"].services.append(Service(second, 5269, priority=10))
