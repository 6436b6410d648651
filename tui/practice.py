"""The practice deployment as a deployment like any other: its names, and where its answers come from."""

from checks.deployment import ConnectTo, Deployment, Sources, Vantage
from checks.secret import Secret
from lab.client import Connection


def deployment_of(connection: Connection, runbook: str, vantage: Vantage | None = None) -> Deployment:
    """The practice deployment, from the seat that a runbook is walked from unless another is named."""
    return Deployment(
        vantage=vantage or (Vantage.EDGE if runbook == "xmpp" else Vantage.INSIDE),
        domains=(connection.domain,),
        users=tuple(connection.users),
        pool=connection.pool,
        web=connection.web,
        web_internal=connection.web_internal,
        edge=connection.edge,
    )


def sources_of(connection: Connection, vantage: Vantage) -> Sources:
    """The lab's servers: its DNS for names, its ports for 443 and 80, its own CA.

    Outside and on the Edge there is no shell to be reached, as in any deployment.
    """
    has_shell = vantage not in {Vantage.OUTSIDE, Vantage.EDGE}
    return Sources(
        shell=connection.shell_url if has_shell else "none",
        shell_user=connection.shell_user if has_shell else "",
        edge_shell=connection.edge_shell_url if has_shell else "",
        edge_user=connection.edge_shell_user if has_shell else "",
        dns_inside=connection.dns_inside,
        dns_outside=connection.dns_outside,
        connect_to=(
            ConnectTo(port=443, to_port=connection.https_port),
            ConnectTo(port=80, to_port=connection.http_port),
        ),
        ca_file=connection.ca_file,
    )


def secrets_of(connection: Connection) -> dict[str, Secret]:
    """The passwords of the lab's administrator and of its Edge's own."""
    return {"shell": Secret(connection.shell_password), "edge": Secret(connection.edge_shell_password)}
