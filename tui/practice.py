"""The practice deployment as a deployment like any other: its names, and where its answers come from."""

from checks.deployment import Deployment, Sources, Vantage, parse_connect_to
from checks.secret import Secret
from lab.client import Connection


def deployment_of(connection: Connection, runbook: str, vantage: Vantage | None = None) -> Deployment:
    """The practice deployment, from the seat that its scenario or its runbook is walked from unless another is named."""
    usual = Vantage.EDGE if runbook == "xmpp" else Vantage.INSIDE
    return Deployment(
        vantage=vantage or (Vantage(connection.seat) if connection.seat else usual),
        domains=(connection.domain,),
        users=tuple(connection.users),
        pool=connection.pool,
        web=connection.web,
        web_internal=connection.web_internal,
        edge=connection.edge,
        partners=(connection.partner,),
        receiver=connection.receiver,
        sender_user=connection.accounts.get(connection.users[0], ""),
        receiver_user=connection.accounts.get(connection.users[1], ""),
    )


def sources_of(connection: Connection, vantage: Vantage) -> Sources:
    """The lab's servers: its DNS for names, its ports for those of the product, its own CA.

    Outside there is no shell to be reached, and on the Edge only its own, as in any deployment.
    """
    has_shell = vantage not in {Vantage.OUTSIDE, Vantage.EDGE}
    has_edge_shell = vantage is not Vantage.OUTSIDE
    return Sources(
        shell=connection.shell_url if has_shell else "none",
        shell_user=connection.shell_user if has_shell else "",
        edge_shell=connection.edge_shell_url if has_edge_shell else "",
        edge_user=connection.edge_shell_user if has_edge_shell else "",
        dns_inside=connection.dns_inside,
        dns_outside=connection.dns_outside,
        connect_to=tuple(map(parse_connect_to, connection.connect_to)),
        ca_file=connection.ca_file,
        system_proxy=connection.system_proxy,
    )


def secrets_of(connection: Connection) -> dict[str, Secret]:
    """The passwords of the lab's administrator, of its Edge's own, and of its two test users."""
    users = zip(("sender", "receiver"), connection.users, strict=False)
    return {
        "shell": Secret(connection.shell_password),
        "edge": Secret(connection.edge_shell_password),
        **{whose: Secret(connection.passwords[sip]) for whose, sip in users if sip in connection.passwords},
    }
