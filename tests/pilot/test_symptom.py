"""Symptom first: what users say leads to the steps that can explain it, and the walk keeps to them."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks.deployment import Deployment, Sources
from checks.runbooks import RUNBOOKS
from tests.pilot.canned_walk import Beginning
from tests.pilot.conftest import Open, Wizard
from tui.app import WizardApp
from tui.beginning import Beginning as RealBeginning
from tui.beginning import resumable
from tui.screens.deployment import DeploymentScreen
from tui.screens.diagnose import DiagnoseScreen
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.screens.welcome import WelcomeScreen
from tui.session import LiveWalk, Opening, PracticeWalk
from tui.symptoms import known

MOBILITY = RUNBOOKS["mobility"]
CERTIFICATE = "“Can't verify the certificate"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_each_symptom_says_where_it_leads_and_why(
    size: tuple[int, int], ascii_only: bool, open_wizard: Open
) -> None:
    async with open_wizard(Opening.WELCOME, size=size, ascii_only=ascii_only) as wizard:
        await wizard.choose("Start from a symptom")
        for told in known():
            words = " ".join(wizard.text.split())
            steps = told.symptom.explained_by
            assert f"Starts at {told.runbook.stage(steps[0]).step.title}" in words
            assert told.symptom.because in words, "all of it can be seen"
            assert wizard.text.isascii() or not ascii_only
            await wizard.press("down")
        assert "Something else: paste it" in wizard.text
        assert f"all {len(MOBILITY.stages)} steps of Mobility" in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, WelcomeScreen)


async def test_the_form_names_the_symptom_and_the_walk_is_asked_for_it(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await wizard.choose(CERTIFICATE)
        assert isinstance(wizard.app.screen, DeploymentScreen)
        assert "The 3 steps that can explain it, from “DNS records”." in wizard.text
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.runbook, request.symptom, request.start) == ("mobility", "certificate", "")


async def test_who_does_not_know_walks_it_all_and_the_form_forgets_the_symptom(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await wizard.choose(CERTIFICATE)
        await wizard.press("escape")
        await wizard.choose("I don't know")
        assert "can explain it" not in wizard.text
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert request.symptom == ""


async def test_something_else_is_pasted(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await wizard.choose("Something else")
        assert isinstance(wizard.app.screen, DiagnoseScreen)


def app_on(request: LiveWalk | PracticeWalk) -> WizardApp:
    return WizardApp(start=request, begin=RealBeginning({}), resumable=resumable)


@pytest.mark.lab
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_walk_keeps_to_the_steps_that_can_explain_it(size: tuple[int, int]) -> None:
    request = PracticeWalk(runbook="mobility", scenario="healthy", symptom="certificate")
    async with app_on(request).run_test(size=size) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        steps = ("mobility.dns", "mobility.certificates", "mobility.hairpin")
        for number, step in enumerate(steps, 1):
            assert isinstance(wizard.app.screen, StepScreen)
            assert wizard.app.screen.step_id == step
            assert wizard.lines[0].endswith((f"step {number}/3", f"step {number} of 3"))
            assert "Permissions" not in wizard.text, "the rail has only them"
            await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        words = " ".join(wizard.text.split())
        assert "None of the 3 steps that can explain the symptom found a fault." in words
        assert "were not walked: begin it from the top" in words
        assert "Not walked yet" not in words
        assert "3 steps" in wizard.lines[0]
        await wizard.press("q")
        assert wizard.app.return_code == 0
    assert resumable() == (), "it is finished"


async def test_an_unfinished_walk_of_a_symptom_counts_its_own_steps() -> None:
    deployment = Deployment(domains=("litwareinc.com",), users=("sip:kenmyer@litwareinc.com",))
    request = LiveWalk(runbook="mobility", deployment=deployment, sources=Sources(offline=True), symptom="certificate")
    async with app_on(request).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.press("q")
    (walk,) = resumable()
    assert (walk.step, walk.steps) == (2, 3)
    async with app_on(replace(request, symptom="no such symptom")).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        assert f"step 1/{len(MOBILITY.stages)}" in wizard.lines[0]
        await wizard.press("q")
