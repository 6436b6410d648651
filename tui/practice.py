"""The practice deployment as a deployment like any other: its names, and where its answers come from."""

from collections.abc import Mapping
from functools import cache

import msgspec

from checks.deployment import Deployment, Sources, Vantage, parse_connect_to
from checks.model import Remedy
from checks.secret import Secret
from lab import scenarios
from lab.client import Connection, LabFailed, Running
from lab.model import DOMAIN, Model
from tui.session import CannotMend


def deployment_of(connection: Connection, runbook: str, vantage: Vantage | None = None) -> Deployment:
    """The practice deployment, from the seat that its scenario or its runbook is walked from unless another is named."""
    return Deployment(
        vantage=vantage or (Vantage(connection.seat) if connection.seat else usual_seat(runbook)),
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


def usual_seat(runbook: str) -> Vantage:
    """Where a runbook is walked from, unless the scenario's fault is seen from another seat alone."""
    return Vantage.EDGE if runbook == "xmpp" else Vantage.INSIDE


_ALSO_SEEN: Mapping[tuple[str, str], tuple[str, str]] = {
    ("mobility", "front-end"): (
        "inside",
        "permissions services user-enabled policy dns certificates autodiscover reverse-proxy hairpin windows-auth sign-in "
        "user-document service-url test-transaction ucwa affinity timeouts registrar",
    ),
    ("mobility", "outside"): ("inside", "reverse-proxy windows-auth sign-in service-url ucwa"),
    ("xmpp", "outside"): ("edge", "partner-dns partner-ports negotiation"),
}
"""By runbook and seat another seat, and the steps which show the same from both."""


@cache
def seen_from(runbook: str, seat: str) -> frozenset[str]:
    """The faults that can be seen from a seat: those of the scenarios that are walked there, as `step-id/answer`.

    Without a seat it is the one that the runbook is walked from.
    """
    seat = seat or usual_seat(runbook)
    other, steps = _ALSO_SEEN.get((runbook, seat), ("", ""))
    seen = set()
    for one in scenarios.listing():
        cause, there = str(one["cause"] or ""), one["seat"] or usual_seat(runbook)
        step = cause.partition("/")[0].partition(".")[2]
        if cause and one["runbook"] == runbook and (there == seat or (there == other and step in steps.split())):
            seen.add(cause)
    return frozenset(seen)


def described(scenario: str) -> str:
    """The deployment of a scenario as an administrator would name it: its domain, its product, where it runs."""
    model = Model()
    scenarios.get(scenario).change(model)
    product = model.product.name.removeprefix("Microsoft ")
    return f"{DOMAIN}, {product}, running on this machine"


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


async def mend(running: Running, remedy: Remedy) -> str:
    """Carries the data of a remedy out in the practice deployment; a sentence of what came of it.

    Raises CannotMend with a sentence where it is not for a command, or where the command fails.
    """
    if not remedy.cmdlet:
        raise CannotMend("No command does this, so it cannot be carried out here.")
    parameters = msgspec.to_builtins(remedy.parameters, enc_hook=str)
    try:
        return str(await running.control("mend", cmdlet=remedy.cmdlet, parameters=parameters))
    except LabFailed as refusal:
        raise CannotMend(str(refusal)) from None
