"""What opens the way to a partner's server: our own firewall, or lines to send there."""

from checks.model import Remedy
from checks.xmpp.connections import Connection
from checks.xmpp.partner_lines import ask_partner


def let_edge_out(one: Connection) -> Remedy:
    return Remedy(
        action=f"Let TCP {one.port} from the external address of the Access Edge out to any address, on the firewall before the "
        "Edge. The rule for the way in does not do that.",
        who="firewall administrator",
        risk="opens one port outward, from one address",
        verify=f"on the Edge: Test-NetConnection {one.host} -Port {one.port}, then check again (r)",
    )


def ask_to_listen(partner: str, one: Connection) -> Remedy:
    refused = one.outcome == "refused"
    return ask_partner(
        partner,
        (
            f"Your DNS leads XMPP servers to {one.place}, which {'refuses connections' if refused else 'does not answer'}.",
            "Please see that your XMPP server listens there for other servers, or take the address out of DNS.",
        ),
    )


def ask_to_let_in(partner: str, one: Connection) -> Remedy:
    return ask_partner(
        partner,
        (
            f"Your DNS leads XMPP servers to {one.place}, which does not answer us.",
            "Please see that your server runs, and that your firewall lets other XMPP servers in on that port.",
        ),
    )
