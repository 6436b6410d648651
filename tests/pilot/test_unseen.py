"""A fault that the learner has not seen: the call, the hints, the walk, and the naming of the cause."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks import journal as journals
from checks import report
from checks.journal import VERSION, Began, Journal, now
from checks.model import Remedy
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tests.pilot.canned_walk import DEPLOYMENT, Beginning, World
from tests.pilot.conftest import Open, Wizard
from tui.app import WizardApp
from tui.beginning import Beginning as RealBeginning
from tui.beginning import resumable
from tui.cases import Case, case_named, request_for
from tui.screens.call import CallScreen
from tui.screens.cause import CauseScreen
from tui.screens.practice import PracticeScreen
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.session import NamesFound, Opening, PracticeWalk, ResumedWalk, Session, WalkRequest
from tui.widgets.menu import Menu

LISTING = scenarios.listing()
SCENARIO = "policy-disabled-for-user"
TITLE = "A user's own policy forbids mobility"
TRUE = "EnableMobility is False in the policy assigned"


def policy() -> PracticeWalk:
    """What lyncdoctor lab --surprise opens with."""
    return request_for(case_named(SCENARIO, "mobility"))


class Unseen(Beginning):
    """Begins the canned walk as one whose fault is to be found: its policy is the cause."""

    async def __call__(self, request: WalkRequest) -> Session | NamesFound:
        self.journal = Journal(
            Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now(), scenario="secret", unseen=True)
        )
        session = await super().__call__(request)
        assert isinstance(session, Session)
        seen = [f"{stage.step.id}/disabled" for stage in self.book.stages]
        case = Case(self.book, SCENARIO, TITLE, "Since Monday", "canned.policy/disabled", seen)
        return replace(session, practice=True, case=case)


@pytest.fixture
def beginning(world: World) -> Beginning:
    return Unseen(world)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_the_call_tells_the_symptom_and_hints_and_nothing_more(
    size: tuple[int, int], ascii_only: bool, open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(policy(), size=size, ascii_only=ascii_only, scenarios=LISTING) as wizard:
        assert isinstance(wizard.app.screen, CallScreen)
        words = " ".join(wizard.text.split())
        assert "Ken Myer cannot sign in on his phone. Everybody else can." in words
        assert "Lync Server 2013" in words
        assert "one fault, unseen" in wizard.lines[0]
        assert "Hint" not in words
        await wizard.press("h")
        words = " ".join(wizard.text.split())
        assert "Mobility policy" in words
        assert " or " in words.partition("Look at")[2], "it leaves two steps to look at"
        assert "Does the mobility policy" not in words
        await wizard.press("h")
        assert "Does the mobility policy" in " ".join(wizard.text.split())
        await wizard.press("h")
        assert "It is one of two:" in " ".join(wizard.text.split())
        last = words_of_hint(wizard)
        await wizard.press("h")
        assert "Hint 1/3" in wizard.text, "after the last one the first comes again"
        await wizard.press("h", "h")
        assert words_of_hint(wizard) == last
        assert "forbids" not in wizard.text
        assert wizard.text.isascii() or not ascii_only
        await wizard.press("home", "enter")
        (request,) = beginning.requests
        assert isinstance(request, PracticeWalk)
        assert request.case is not None
        assert request.case.hints == 6, "the walk goes on with them"
        assert isinstance(wizard.app.screen, StepScreen)


def words_of_hint(wizard: Wizard) -> str:
    return " ".join(wizard.text.split()).partition("Hint 3/3")[2].partition("“?")[0]


async def test_who_names_it_before_the_walk_knows_it_from_then_on(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(policy(), scenarios=LISTING) as wizard:
        await wizard.choose("Name the cause")
        await name(wizard, "Mobility policy", TRUE)
        words = " ".join(wizard.text.split())
        assert f"Right {TITLE}." in words
        assert "which tells it" in words
        assert wizard.lines[0].split() == ["lyncdoctor", "Name", "the", "cause", "Mobility"], "nothing is crushed"
        await wizard.press("enter")
        assert f"It is {TITLE}." in " ".join(wizard.text.split())
        assert "Name the cause" not in wizard.text
        await wizard.press("home", "enter")
        assert beginning.requests == [PracticeWalk(runbook="mobility", scenario=SCENARIO)], "nothing is kept from him"


async def name(wizard: Wizard, title: str, meaning: str = "") -> str:
    """Names the first fault of the step with that title whose meaning begins so; gives the meaning."""
    faults = [item for item in wizard.app.screen.query_one("#faults", Menu).items if item.key]
    place = next(n for n, item in enumerate(faults) if item.title == title and item.note.startswith(meaning))
    await wizard.press("home", *["down"] * place, "enter")
    return faults[place].note


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_before_the_verdict_the_cause_is_asked_for_and_ruled(size: tuple[int, int], open_wizard: Open) -> None:
    async with open_wizard(size=size, scenarios=LISTING) as wizard:
        assert "g cause" in wizard.keys
        await wizard.press("enter", "enter", "enter")
        assert isinstance(wizard.app.screen, CauseScreen)
        assert "Before the verdict: which fault is it?" in wizard.text
        meaning = await name(wizard, "Users enabled")
        words = " ".join(wizard.text.split())
        assert f"Not that It would show at “Users enabled”: {meaning}." in words
        assert "Here OK: As it should be That speaks against it." in words
        assert wizard.app.session is not None
        assert wizard.app.session.walk.journal.began.unseen
        await name(wizard, "Mobility policy", "switched off")
        words = " ".join(wizard.text.split())
        assert f"Right {TITLE}." in words
        assert "FAILED: EnableMobility is False in RedmondMobilityPolicy" in words
        assert not wizard.app.session.walk.journal.began.unseen
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "EnableMobility is False" in wizard.text
        assert "g cause" not in wizard.keys


async def test_the_enter_that_walks_names_nothing(open_wizard: Open) -> None:
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press(*["enter"] * 6)
        assert isinstance(wizard.app.screen, CauseScreen)
        assert "❯" not in wizard.text, "nothing is chosen yet"
        assert "Choose" in wizard.text
        assert "enter" not in wizard.keys
        assert wizard.app.session is not None
        case = wizard.app.session.case
        assert case is not None
        assert (case.named, case.missed, case.passed) == (False, False, False)
        await wizard.press("down")
        assert "enter open" in wizard.keys
        menu = wizard.app.screen.query_one(Menu)
        assert menu.cursor == 0, "the first line comes first"
        await wizard.press("enter")
        assert case.named or case.missed


async def test_nothing_is_mended_before_the_cause_is_named(
    open_wizard: Open, beginning: Beginning, world: World
) -> None:
    carried_out: list[Remedy] = []

    async def mend(remedy: Remedy) -> str:
        carried_out.append(remedy)
        return "It was carried out."

    beginning.mend = mend
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press("m")
        assert "Nothing to be mended is shown here." in wizard.text
        await wizard.press("f")
        assert "At a step it is r" in wizard.text
        await wizard.press("enter")
        assert "✗ FAILED" in wizard.text
        assert "m mend" not in wizard.keys
        await wizard.press("m")
        assert "Name the cause first (g)" in wizard.text
        assert not carried_out
        await wizard.press("g")
        await name(wizard, "Mobility policy", "switched off")
        await wizard.press("enter")
        assert "m mend it" in wizard.keys
        await wizard.press("m")
        assert len(carried_out) == 1


async def test_who_passes_sees_the_verdict_is_not_asked_again_and_may_still_name_it(open_wizard: Open) -> None:
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press("enter", "v", "escape")
        assert isinstance(wizard.app.screen, StepScreen), "he may look further first"
        await wizard.press("v")
        await wizard.choose("I pass")
        assert isinstance(wizard.app.screen, VerdictScreen)
        journal = wizard.app.session.walk.journal
        assert journal.began.unseen
        await wizard.press("b", "v")
        assert isinstance(wizard.app.screen, VerdictScreen)
        await wizard.press("g")
        assert isinstance(wizard.app.screen, CauseScreen)
        assert "I pass" not in wizard.text
        await wizard.choose("Tell me")
        assert f"It is {TITLE}." in " ".join(wizard.text.split())
        assert not journal.began.unseen
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)


async def test_the_palette_leads_to_the_call_and_to_another_fault(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press("ctrl+p")
        await wizard.type("the call")
        await wizard.until("What the user reported")
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, CallScreen)
        assert "Go on with the walk" in wizard.text
        await wizard.choose("Another fault")
        assert isinstance(wizard.app.screen, CallScreen)
        assert beginning.closed == 1, "the walk was left"
        assert "Begin the walk" in wizard.text
        await wizard.press("end", "enter")
        assert isinstance(wizard.app.screen, PracticeScreen)


async def test_the_verdict_of_a_practice_walk_says_that_it_is_one(open_wizard: Open) -> None:
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press("enter", "v")
        await wizard.choose("I pass")
        assert "Verdict so far · Mobility · litwareinc.com · practice" in wizard.lines[0]


async def test_another_fault_can_be_had_at_the_verdict(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(scenarios=LISTING) as wizard:
        await wizard.press("enter", "v")
        await wizard.choose("I pass")
        assert "N another fault" in wizard.keys
        assert "new walk" not in wizard.keys
        await wizard.press("N")
        assert isinstance(wizard.app.screen, CallScreen)
        assert "Begin the walk" in wizard.text
        assert beginning.closed == 1, "the walk was left"


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_the_list_begins_with_the_unseen_and_goes_by_topic(ascii_only: bool, open_wizard: Open) -> None:
    async with open_wizard(Opening.PRACTICE, scenarios=LISTING, ascii_only=ascii_only) as wizard:
        assert "A fault you have not seen, in Mobility" in wizard.text
        assert "A fault you have not seen, in XMPP federation" in wizard.text
        assert wizard.lines[0].endswith(f"1 of {len(LISTING) + 2}"), "and not that so many were live"
        topics = []
        for _ in range(6):
            await wizard.press("tab")
            topics.append(next(line[3:22].strip() for line in wizard.lines if line.startswith((" ❯", " >"))))
        assert topics == ["Unseen", "Permissions", "Services", "Users enabled", "Mobility policy", "DNS records"]
        assert "Topic      Mobility, DNS records" in wizard.text
        await wizard.press("shift+tab", "shift+tab", "shift+tab")
        assert "Topic      Mobility, Services" in wizard.text
        await wizard.type("zzz")
        assert "No scenario has these words." in wizard.text
        await wizard.press(*["backspace"] * 3)
        await wizard.type("xmpp unseen")
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, CallScreen)
        assert "XMPP federation" in wizard.lines[0]
        assert wizard.text.isascii() or not ascii_only


async def test_a_title_that_is_cut_stands_whole_below_the_list(open_wizard: Open) -> None:
    longest = max(LISTING, key=lambda one: len(str(one["title"])))
    async with open_wizard(Opening.PRACTICE, size=(60, 24), scenarios=LISTING) as wizard:
        await wizard.type(str(longest["name"]))
        assert f"In full {longest['title']}." in " ".join(wizard.text.split())


def app_on(start: PracticeWalk | ResumedWalk) -> WizardApp:
    return WizardApp(start=start, begin=RealBeginning({}), resumable=resumable, scenarios=LISTING)


@pytest.mark.lab
async def test_a_live_walk_gives_nothing_away_and_stays_unseen_when_it_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with app_on(policy()).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.press("enter")
        await wizard.press("enter", "enter")
        await wizard.press("q")
    (unfinished,) = resumable()
    assert "policy" not in unfinished.journal.name
    async with app_on(ResumedWalk(journal=unfinished.journal)).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        assert "practice" in wizard.lines[0]
        assert "g cause" in wizard.keys
        await wizard.walk_to("mobility.policy")
        assert TITLE not in wizard.text
        assert SCENARIO not in wizard.text
        await wizard.press("v")
        await name(wizard, "Mobility policy", TRUE)
        words = " ".join(wizard.text.split())
        assert f"Right {TITLE}." in words
        assert "FAILED: Mobility is switched off for sip:kenmyer@litwareinc.com" in words
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        await wizard.press("q")
    async with WizardApp(
        start=Opening.PRACTICE, begin=RealBeginning({}), resumable=resumable, scenarios=LISTING
    ).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        assert "So far     1 of 1 named at once." in wizard.text
        await wizard.press("q")
    written = journals.read(unfinished.journal)
    assert not written.began.unseen
    assert report.report_of(written, RUNBOOKS["mobility"]).scenario == SCENARIO
