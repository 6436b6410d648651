"""What the lab's Test-CsXmppIM comes to follows from the deployment that it is run in."""

from collections.abc import Callable
from typing import Any

import pytest

from lab.cmdlets import CmdletError, Command, run
from lab.listening import SIP
from lab.model import PARTNER, POOL, AllowedPartner, Model

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"


async def error(model: Model, **more: Any) -> str:
    """The error that the test ends with; empty where it passes."""
    parameters = {"TargetFqdn": POOL, "Receiver": f"adelany@{PARTNER}", **more}
    [result] = await run(model, [Command("Test-CsXmppIM", tuple(parameters.items()))])
    return str(result.Error or "")


def no_route(model: Model) -> None:
    model.xmpp.routes = dict.fromkeys(model.xmpp.routes)


def no_xmpp_access(model: Model) -> None:
    model.calling.external_access_policies[0].enable_xmpp_access = False


def no_federation(model: Model) -> None:
    model.federation.access_edge.allow_federated_users = False


def nobody_allowed(model: Model) -> None:
    model.xmpp.allowed_partners = []


def gateway_stopped(model: Model) -> None:
    model.xmpp.gateway_service = "Stopped"


def proxy_stopped(model: Model) -> None:
    model.xmpp.edge_service = "Stopped"


def partner_closed(model: Model) -> None:
    model.xmpp.partner.port = "drop"


def registrar_closed(model: Model) -> None:
    model.listening["pool"] = {SIP: "closed"}


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        (lambda _: None, ""),
        (no_route, "404"),
        (nobody_allowed, "404"),
        (no_xmpp_access, "403"),
        (no_federation, "403"),
        (gateway_stopped, "504"),
        (proxy_stopped, "504"),
        (partner_closed, "504"),
        (registrar_closed, "10061"),
    ],
)
async def test_it_fails_of_what_is_wrong(change: Callable[[Model], None], begins: str) -> None:
    model = Model()
    change(model)
    said = await error(model, UserSipAddress=KEN)
    assert said.startswith(begins) if begins else not said


async def test_additional_domains_of_a_partner_are_allowed_too() -> None:
    model = Model()
    model.xmpp.partner.domains.append("chat.fabrikam.com")
    assert await error(model, UserSipAddress=KEN, Receiver="adelany@chat.fabrikam.com")
    model.xmpp.allowed_partners = [AllowedPartner(PARTNER, additional_domains=["chat.fabrikam.com"])]
    assert not await error(model, UserSipAddress=KEN, Receiver="adelany@chat.fabrikam.com")


async def test_without_a_user_it_takes_the_test_users_of_the_pool() -> None:
    model = Model()
    with pytest.raises(CmdletError, match="no test user") as caught:
        await error(model)
    assert caught.value.id.startswith("NotFoundTestUsers")
    model.transactions.test_users[POOL] = (KEN, PILAR)
    assert not await error(model)
    [shown] = await run(model, [Command("Get-CsHealthMonitoringConfiguration")])
    assert (shown.FirstTestUserSipUri, shown.SecondTestSamAccountName) == (KEN, r"LITWAREINC\pilar")


async def test_without_a_receiver_it_does_not_begin() -> None:
    with pytest.raises(CmdletError, match="Receiver"):
        await run(Model(), [Command("Test-CsXmppIM", (("TargetFqdn", POOL), ("UserSipAddress", KEN)))])
