"""While the user reads, what comes next is being asked; it is dropped when he turns elsewhere, and shown to nobody."""

import asyncio
from typing import Any

import pytest

from tests.pilot.canned_walk import Beginning, World
from tests.pilot.conftest import Open
from tui.screens.welcome import WelcomeScreen

AHEAD = ("Get-CsMobilityPolicy", "Get-CsWebServiceConfiguration")


class Patient(World):
    """Remembers which questions were given up."""

    def __init__(self) -> None:
        super().__init__()
        self.given_up: list[str] = []

    async def ask(self, question: Any) -> Any:
        try:
            return await super().ask(question)
        except asyncio.CancelledError:
            self.given_up.append(question.name)
            raise


@pytest.fixture
def world() -> Patient:
    return Patient()


async def test_it_is_asked_while_the_first_step_is_read_and_shown_when_its_turn_comes(
    open_wizard: Open, world: Patient, beginning: Beginning
) -> None:
    held = world.hold("Get-CsMobilityPolicy")
    async with open_wizard() as wizard:
        await wizard.until("As it should be")
        assert set(world.asked) == {"Get-CsUser", *AHEAD}
        assert "step 1/3" in wizard.lines[0]
        held.set()
        await wizard.settle()
        assert "RedmondMobilityPolicy" not in wizard.text
        await wizard.press("enter")
        assert "EnableMobility is False" in wizard.text
        assert sorted(world.asked) == sorted(["Get-CsUser", *AHEAD]), "nothing is asked twice"
    assert world.given_up == []


async def test_what_a_fault_makes_pointless_is_given_up(open_wizard: Open, world: Patient) -> None:
    world.says["Get-CsUser"] = {"broken cable": True}
    user, policy = world.hold("Get-CsUser"), world.hold("Get-CsMobilityPolicy")
    async with open_wizard() as wizard:
        await wizard.until("ASKING")
        user.set()
        await wizard.until("The cable is broken")
        assert world.given_up == ["Get-CsMobilityPolicy"]
        await wizard.press("enter")
        assert "step 3/3" in wizard.lines[0]
        policy.set()
        assert "Mobility policy" in wizard.text, "it is told as passed over"
        assert "EnableMobility is False" not in wizard.text


async def test_leaving_the_walk_gives_up_all_of_it(open_wizard: Open, world: Patient, beginning: Beginning) -> None:
    for cmdlet in AHEAD:
        world.hold(cmdlet)
    async with open_wizard() as wizard:
        await wizard.until("As it should be")
        await wizard.pilot.press("b")
        await wizard.until("Start from a symptom")
        assert isinstance(wizard.app.screen, WelcomeScreen)
        assert sorted(world.given_up) == sorted(AHEAD)
        assert beginning.closed == 1


async def test_a_rerun_drops_it_and_it_begins_anew(open_wizard: Open, world: Patient) -> None:
    held = world.hold("Get-CsMobilityPolicy")
    async with open_wizard() as wizard:
        await wizard.until("As it should be")
        await wizard.pilot.press("r")
        await wizard.until("As it should be")
        assert world.given_up == ["Get-CsMobilityPolicy"]
        assert world.asked.count("Get-CsUser") == 2
        held.set()
        await wizard.press("enter")
        assert "EnableMobility is False" in wizard.text
        assert world.asked.count("Get-CsMobilityPolicy") == 2, "one was given up, one was answered"
