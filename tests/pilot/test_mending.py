"""Remedies carried out in the live practice deployment, from the screens: the wrong one first, then the right one, then anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lab import scenarios
from tests.pilot.conftest import Wizard
from tui import cases
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.session import PracticeWalk

pytestmark = pytest.mark.lab
LISTING = scenarios.listing()
STUCK = cases.case_named("port-registrar-closed", "mobility")
"""Its service runs, so that starting it changes nothing; restarting it does."""


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@asynccontextmanager
async def about_to_mend() -> AsyncIterator[Wizard]:
    """The verdict on a service that is stuck, where it is asked which of its remedies is to be carried out."""
    request = PracticeWalk(runbook="mobility", scenario=STUCK.scenario)
    app = WizardApp(start=request, begin=Beginning({}), resumable=resumable, scenarios=LISTING)
    async with app.run_test(size=(80, 40)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.walk_to("mobility.ports")
        await wizard.press("v", "m")
        yield wizard
        await wizard.press("q")


async def test_a_wrong_remedy_changes_nothing_the_right_one_turns_it_green_and_it_can_begin_anew() -> None:
    async with about_to_mend() as wizard:
        await wizard.choose("Fix 1")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "Fix 1: What was to be started runs already." in wizard.text
        assert "✗ FAILED    → ✗ FAILED    Ports" in wizard.text
        assert "it is not as it should be yet" in wizard.text
        await wizard.press("m")
        await wizard.choose("Fix 2")
        assert "Fix 2: RTCSRV was restarted." in wizard.text
        assert "✗ FAILED    → ✓ OK        Ports" in wizard.text
        assert "m mend it" not in wizard.keys, "nothing is left to be carried out"
        await begin_anew(wizard)
        await wizard.walk_to("mobility.ports")
        assert "✗ FAILED" in wizard.text, "the deployment is as it was"


async def begin_anew(wizard: Wizard) -> None:
    await wizard.press("ctrl+p")
    await wizard.type("start anew")
    await wizard.until("on the deployment as it was")
    await wizard.press("enter")
    await wizard.settle()
    assert isinstance(wizard.app.screen, StepScreen)
    assert "step 1/" in wizard.lines[0]


async def test_all_are_carried_out_in_their_order_and_told_by_their_numbers() -> None:
    async with about_to_mend() as wizard:
        await wizard.choose("All")
        words = " ".join(wizard.text.split())
        assert "Done Fix 1: What was to be started runs already. Fix 2: RTCSRV was restarted." in words
        assert "✗ FAILED    → ✓ OK        Ports" in wizard.text


async def test_an_unseen_walk_that_begins_anew_stays_unseen() -> None:
    request = cases.request_for(cases.case_named(STUCK.scenario, "mobility"))
    app = WizardApp(start=request, begin=Beginning({}), resumable=resumable, scenarios=LISTING)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.press("enter", "enter")
        await begin_anew(wizard)
        assert "g cause" in wizard.keys
        assert STUCK.title not in wizard.text
        await wizard.press("q")
