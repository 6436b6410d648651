"""The wizard on the live practice deployment: nothing between the keys and the sockets is canned."""

from pathlib import Path

import pytest

from checks.runbooks import RUNBOOKS
from lab import scenarios
from tests.pilot.conftest import Wizard
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.screens.verdict import VerdictScreen
from tui.session import Opening, PracticeWalk, Start

pytestmark = pytest.mark.lab
STAGES = RUNBOOKS["mobility"].stages


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def app_on(start: Start) -> WizardApp:
    return WizardApp(start=start, begin=Beginning({}), resumable=resumable, scenarios=scenarios.listing())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_healthy_walk_is_green_to_its_end(size: tuple[int, int]) -> None:
    async with app_on(PracticeWalk(runbook="mobility", scenario="healthy")).run_test(size=size) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        for number, stage in enumerate(STAGES, 1):
            assert wizard.lines[0].endswith((f"step {number}/{len(STAGES)}", f"step {number} of {len(STAGES)}"))
            assert stage.step.question[:30] in wizard.text
            if "y agree" in wizard.keys:
                await wizard.press("y")
            assert "✓ OK " in wizard.text or "NOT APPLICABLE" in wizard.text
            await wizard.press("enter")
        assert "No fault found in Mobility." in wizard.text
        await wizard.press("q")


async def test_a_fault_is_shown_with_its_fix_and_named_by_the_verdict() -> None:
    async with app_on(PracticeWalk(runbook="mobility", scenario="policy-disabled-for-user")).run_test(
        size=(80, 24)
    ) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.walk_to("mobility.policy")
        assert "✗ FAILED" in wizard.text
        assert "EnableMobility is False in RedmondMobilityPolicy" in wizard.text
        assert "Set-CsMobilityPolicy -Identity RedmondMobilityPolicy" in wizard.text
        await wizard.press("e")
        assert "Get-CsMobilityPolicy" in wizard.text
        await wizard.walk_to()
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "✗ FAILED" in wizard.text
        assert "EnableMobility is False in RedmondMobilityPolicy" in wizard.text
        await wizard.press("m")
        assert "Or 2   Grant-CsMobilityPolicy" in wizard.text
        await wizard.press("enter")
        assert "✗ FAILED    → ✓ OK        Mobility policy" in wizard.text
        assert "No fault found in Mobility." in wizard.text
        await wizard.press("q")


async def test_a_scenario_is_chosen_by_typing() -> None:
    async with app_on(Opening.PRACTICE).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.type("own pro")
        await wizard.settle()
        await wizard.press(*["backspace"] * 7)
        await wizard.type("holds the ports")
        await wizard.press("enter")
        await wizard.walk_to("xmpp.listening")
        assert "openfire-service" in wizard.text
        assert "FAILED" in wizard.text
        await wizard.press("q")
