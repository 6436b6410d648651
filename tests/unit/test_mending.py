"""Remedies that are carried out one after the other, on the lab's own model of a deployment."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from checks.model import Remedy
from lab import mending
from lab.model import Model
from tui.mending import CarriedOut, carry_out
from tui.session import CannotMend


def remedy(cmdlet: str, **parameters: Any) -> Remedy:
    return Remedy(who="", risk="", verify="", cmdlet=cmdlet, parameters=parameters)


ALLOW = remedy("New-CsXmppAllowedPartner", Identity="woodgrovebank.com")
DIALBACK = remedy("Set-CsXmppAllowedPartner", Identity="woodgrovebank.com", SupportDialbackNegotiation=True)
BY_HAND = Remedy(who="", risk="", verify="", action="Call the partner.")
FEDERATE = remedy("Set-CsAccessEdgeConfiguration", AllowFederatedUsers=True)


def mender(model: Model) -> Callable[[Remedy], Awaitable[str]]:
    """As the practice deployment mends: what PowerShell says becomes the sentence."""

    async def mend(one: Remedy) -> str:
        try:
            return mending.mend(model, one.cmdlet, msgspec.to_builtins(one.parameters))
        except mending.CannotMend as refusal:
            raise CannotMend(str(refusal)) from None

    return mend


async def carried(model: Model, *chosen: Remedy, shown: Sequence[Remedy] = ()) -> CarriedOut:
    return await carry_out(mender(model), chosen, shown or chosen)


def partners(model: Model) -> list[str]:
    return [partner.domain for partner in model.xmpp.allowed_partners]


async def test_all_are_carried_out_in_their_order() -> None:
    model = Model()
    done = await carried(model, ALLOW, DIALBACK)
    assert done == (
        "Fix 1: woodgrovebank.com is an allowed XMPP partner now.\nFix 2: The settings for woodgrovebank.com have changed.",
        True,
    )
    assert partners(model) == ["fabrikam.com", "woodgrovebank.com"]
    assert model.xmpp.allowed_partners[-1].dialback


async def test_the_rest_is_left_once_one_fails() -> None:
    """An order that matters: the settings of a partner that is not allowed yet cannot be changed."""
    model = Model()
    model.federation.access_edge.allow_federated_users = False
    done = await carried(model, FEDERATE, DIALBACK, ALLOW)
    assert done.is_any
    assert done.told.startswith("Fix 1: The configuration of the Access Edge has changed.\nFix 2: ")
    assert 'Cannot find the item "woodgrovebank.com" in the store.' in done.told
    assert done.told.endswith("Fix 3: not carried out.")
    assert model.federation.access_edge.allow_federated_users, "what was done before stays"
    assert partners(model) == ["fabrikam.com"], "and what comes after was left"


async def test_where_the_first_one_fails_nothing_has_changed() -> None:
    model = Model()
    before = repr(model)
    done = await carried(model, DIALBACK, ALLOW)
    assert not done.is_any
    assert done.told.endswith("Fix 2: not carried out.\nNothing has changed.")
    assert repr(model) == before


async def test_the_same_remedy_twice_is_told_as_powershell_tells_it() -> None:
    model = Model()
    assert (await carried(model, ALLOW)).told == "woodgrovebank.com is an allowed XMPP partner now."
    again = await carried(model, ALLOW)
    assert "already exists" in again.told
    assert again.told.endswith("Nothing has changed.")
    assert partners(model) == ["fabrikam.com", "woodgrovebank.com"]


async def test_the_numbers_are_those_on_the_page() -> None:
    done = await carried(Model(), ALLOW, shown=(BY_HAND, ALLOW))
    assert done.told.startswith("Fix 2: ")


async def test_a_remedy_of_another_fault_is_told_as_what_it_did() -> None:
    """It cures nothing that was wrong here, and it did what it does."""
    model = Model()
    model.xmpp.allowed_partners.clear()
    done = await carried(model, FEDERATE)
    assert done == ("The configuration of the Access Edge has changed.", True)
    assert partners(model) == []
