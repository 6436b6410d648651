"""Symptom first: what users say leads to the steps that can explain it, and the walk keeps to them."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks.circumstances import course_of
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Concluded, Journal, now
from checks.model import Finding, Status
from checks.runbooks import RUNBOOKS
from tests.pilot.canned_walk import Beginning
from tests.pilot.conftest import Open, Wizard
from tui.app import WizardApp
from tui.beginning import Beginning as RealBeginning
from tui.beginning import resumable
from tui.places import new_walk
from tui.screens.deployment import DeploymentScreen
from tui.screens.diagnose import DiagnoseScreen
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.screens.welcome import WelcomeScreen
from tui.session import LiveWalk, Opening, PracticeWalk
from tui.symptoms import known
from tui.widgets.menu import Menu
from tui.widgets.view import View

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
        assert f"{len(known()) + 1} of {len(known()) + 2}" in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, WelcomeScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("symptom", "runbook"), [("“Cannot connect", "mobility"), ("XMPP: presence", "xmpp")])
async def test_each_answer_beside_it_can_be_chosen_and_read(
    symptom: str, runbook: str, size: tuple[int, int], ascii_only: bool, open_wizard: Open
) -> None:
    book = RUNBOOKS[runbook]
    name = next(told.symptom.name for told in known() if told.symptom.says.startswith(symptom))
    async with open_wizard(Opening.WELCOME, size=size, ascii_only=ascii_only) as wizard:
        await wizard.choose("Start from a symptom")
        await go_to(wizard, symptom)
        for circumstance in book.circumstances:
            await wizard.press("tab")
            line = next(line for line in wizard.lines if circumstance.label in line)
            assert all(detail.short in line for detail in circumstance.details)
            assert line[: line.index(circumstance.label)].strip(), "the cursor stands before it"
            for detail in circumstance.details:
                await wizard.press("right")
                course = course_of(book, name, (detail.name,))
                words = " ".join(wizard.text.split())
                assert f"Starts at {book.stage(course.steps[0]).step.title}" in words
                assert course.because in words, "all of it can be seen"
                assert all(why in words for why in course.left_out.values())
                assert wizard.text.isascii() or not ascii_only
            await wizard.press("right")
        assert wizard.app.screen.query_one("#leads", View).below == 0


async def test_what_was_told_goes_with_the_walk_and_stays_when_one_comes_back(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await go_to(wizard, "“Cannot connect")
        await wizard.press("tab", "right", "right", "down", "right", "right")
        assert "Users enabled, the first of 14 steps that can explain it" in wizard.text
        assert "Hairpin: only phones inside take that way." in wizard.text
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, DeploymentScreen)
        assert "The 14 steps that can explain it, from “Users enabled”." in wizard.text
        await wizard.press("escape")
        assert "Users enabled, the first of 14 steps" in wizard.text
        await wizard.press("enter")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.runbook, request.symptom, request.told) == ("mobility", "unavailable", ("one-user", "outside"))


async def test_where_two_reasons_decide_both_are_told_and_what_was_added_is_named(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await go_to(wizard, "“Can't sign in. Please check")
        await wizard.press("tab", "right", "right", "right")
        words = " ".join(wizard.text.split())
        assert "What many meet is shared: services" in words, "also where the order stays as it is"
        assert "Also Services: what you added makes it possible." in words
        await wizard.press("down", "right")
        words = " ".join(wizard.text.split())
        assert "What many meet is shared: services" in words
        assert "Inside, other names and other servers answer" in words
        assert "Hairpin" in words.partition("Also ")[2]
        assert wizard.app.screen.query_one("#leads", View).below == 0


async def test_one_cursor_stands_on_the_screen_and_the_arrows_never_lose_it(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        assert wizard.text.count("❯") == 1
        for _ in MOBILITY.circumstances:
            await wizard.press("tab")
            assert wizard.text.count("❯") == 1
        await wizard.press("down", "down")
        assert next(line for line in wizard.lines if "❯" in line).split()[1] == "Phones"
        assert "tab what else you know" in wizard.keys
        await wizard.press("up", "up", "up")
        assert isinstance(wizard.app.screen.focused, Menu)


async def test_what_a_symptom_tells_itself_is_not_asked_and_what_was_told_of_another_is_not_taken(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await wizard.press("tab", "down", "right", "right")
        assert "(•) outside only" in wizard.text
        await go_to(wizard, "Works on mobile data")
        assert "outside only" not in wizard.text
        assert "Left out" not in wizard.text
        await wizard.press("enter")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.symptom, request.told) == ("wi-fi", ())


async def test_who_does_not_know_the_symptom_may_know_who_and_where(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Start from a symptom")
        await go_to(wizard, "I don't know")
        await wizard.press("tab", "right")
        assert f"The phone itself, the first of {len(MOBILITY.stages)} steps" in wizard.text
        await wizard.press("enter")
        assert f"The {len(MOBILITY.stages)} steps that can explain it, from “The phone itself”." in wizard.text
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.symptom, request.told) == ("", ("one-phone",))


async def go_to(wizard: Wizard, title: str) -> None:
    """Puts the cursor on the line of the list that begins so."""
    menu = wizard.app.screen.query_one(Menu)
    menu.focus()
    place = next(number for number, item in enumerate(menu.items) if item.title.startswith(title))
    await wizard.press("home", *["down"] * place)


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


@pytest.mark.lab
async def test_a_walk_begins_where_what_was_told_points_to_and_its_rail_shows_that_order() -> None:
    told = ("one-user", "outside")
    request = PracticeWalk(runbook="mobility", scenario="policy-disabled-for-user", symptom="unavailable", told=told)
    async with app_on(request).run_test(size=(120, 40)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        assert isinstance(wizard.app.screen, StepScreen)
        assert wizard.app.screen.step_id == "mobility.user-enabled"
        assert wizard.lines[0].endswith("step 1 of 14")
        rail = [line.partition("│")[0] for line in wizard.lines]
        order = [next(row for row, line in enumerate(rail) if f" {title} " in line)
                 for title in ("Users enabled", "Mobility policy", "Phone sign-in", "DNS records", "Services")]  # fmt: skip
        assert order == sorted(order)
        assert not any("Hairpin" in line for line in rail)
        await wizard.press("enter")
        assert wizard.app.screen.step_id == "mobility.policy"
        assert "FAILED" in wizard.text
        await wizard.press("q")
    (walk,) = resumable()
    assert (walk.step, walk.steps) == (3, 14)


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


def test_a_step_that_was_walked_out_of_its_turn_is_not_where_the_walk_goes_on() -> None:
    began = Began(version=VERSION, runbook="mobility", deployment=Deployment(), at=now(), scenario="healthy")
    journal = Journal(began, new_walk("mobility"))
    steps, finding = MOBILITY.step_ids, Finding(answer="allowed", status=Status.OK, headline="So.")
    for step, alone in ((steps[0], False), (steps[1], False), (steps[9], True)):
        journal.add(Concluded(step=step, finding=finding, at=now(), alone=alone))
    journal.close()
    (walk,) = resumable()
    assert (walk.step, walk.practice) == (3, True)
