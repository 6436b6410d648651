"""The step screen and the verdict: what runs, what was found, and where the keys lead."""

import errno
import os
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.journal import VERSION, Began, Journal, now
from checks.model import Status
from checks.runner import cancelled
from checks.secret import Secret
from tests.pilot.canned_walk import DEPLOYMENT, Beginning, World, runbook
from tests.pilot.conftest import Open, Wizard
from tui.app import WizardApp
from tui.screens.copy import CopyScreen
from tui.screens.help import HelpScreen
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.screens.welcome import WelcomeScreen
from tui.session import CannotBegin, Opening, PasswordNeeded, PracticeWalk, Resumable, ResumedWalk

COMMAND = "Set-CsMobilityPolicy -Identity RedmondMobilityPolicy -EnableMobility $True"
HOSTILE = "[red]x[/red] \x1b[31m \x9b2J \u202egnp.exe\r\n$(calc)"


async def test_from_the_welcome_screen_to_the_verdict_and_back(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility, from the top")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        assert "Are both users enabled for Lync?" in wizard.text
        assert "✓ OK" in wizard.text
        await wizard.press("enter")
        assert "step 2/3" in wizard.lines[0]
        assert "✗ FAILED   EnableMobility is False in RedmondMobilityPolicy" in wizard.text
        assert "Fix        Set-CsMobilityPolicy -Identity RedmondMobilityPolicy `" in wizard.text
        assert "Verify     check again (r)" in wizard.text
        await wizard.press("b")
        assert "step 1/3" in wizard.lines[0]
        await wizard.press("enter", "enter")
        assert "step 3/3" in wizard.lines[0]
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "✗ FAILED   EnableMobility is False in RedmondMobilityPolicy" in wizard.text
        await wizard.press("enter")
        assert "step 2/3" in wizard.lines[0], "enter shows the step of the cause"
        await wizard.press("v", "q")
        assert wizard.app.return_code == 1


async def test_the_folds_hold_why_by_hand_and_the_evidence(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "▸ Why this matters   ▸ By hand   ▸ Evidence (1 question)" in wizard.text
        await wizard.press("h")
        assert "Get-CsMobilityPolicy -Identity sip:kenmyer@litwareinc.com" in wizard.text
        await wizard.press("h", "w")
        assert "▾ Why this matters" in wizard.text
        assert "A policy decides whether a user may use mobility at all." in wizard.text
        await wizard.press("w", "e")
        await wizard.press("end")
        assert "EnableMobility : False" in wizard.text
        await wizard.press("enter")
        assert "▾" not in wizard.text, "a new step is shown folded"


async def test_what_runs_is_shown_with_its_seconds_and_cancelled_with_x(open_wizard: Open, world: World) -> None:
    event = world.hold("Get-CsUser")
    async with open_wizard() as wizard:
        await wizard.until("… ASKING   Get-CsUser")
        assert re.search(r"\d s$", next(line for line in wizard.lines if "ASKING" in line))
        assert "x cancel" in wizard.keys
        assert "enter" not in wizard.keys
        await wizard.pilot.press("x")
        await wizard.until("? UNKNOWN  You cancelled this check")
        assert "ASKING" not in wizard.text
        event.set()
        await wizard.press("r")
        assert "✓ OK" in wizard.text
        assert world.asked.count("Get-CsUser") == 2


async def test_what_was_gathered_ahead_is_shown_without_being_asked_again(open_wizard: Open, world: World) -> None:
    async with open_wizard() as wizard:
        assert world.asked == ["Get-CsUser", "Get-CsMobilityPolicy", "Get-CsWebServiceConfiguration"]
        await wizard.press("enter", "enter")
        assert len(world.asked) == 3


async def test_a_rerun_asks_again_and_shows_what_changed(open_wizard: Open, world: World) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "FAILED" in wizard.text
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        await wizard.press("r")
        assert "✓ OK" in wizard.text
        assert world.asked.count("Get-CsMobilityPolicy") == 2
        assert "c copy fix" not in wizard.keys


async def test_a_cancelled_rerun_does_not_leave_the_old_finding_as_if_it_were_fresh(
    open_wizard: Open, world: World
) -> None:
    async with open_wizard() as wizard:
        world.hold("Get-CsUser")
        await wizard.pilot.press("r")
        await wizard.until("ASKING")
        await wizard.pilot.press("x")
        await wizard.until("You cancelled this check")


async def test_a_running_step_can_be_skipped(open_wizard: Open, world: World) -> None:
    world.hold("Get-CsUser")
    async with open_wizard() as wizard:
        await wizard.until("ASKING")
        await wizard.pilot.press("s")
        await wizard.until("step 2/3")
        await wizard.pilot.press("b")
        await wizard.until("» SKIPPED  You skipped this step.")
        assert "s skip" not in wizard.keys, "what has a conclusion is not skipped"


async def test_the_fix_is_copied_and_shown_on_one_line(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter", "c")
        assert wizard.app.clipboard == COMMAND
        assert isinstance(wizard.app.screen, CopyScreen)
        assert COMMAND in wizard.lines
        assert "Sent to your terminal's clipboard; if it did not arrive, select it here." in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, StepScreen)


async def test_help_names_the_keys_the_words_and_the_step(open_wizard: Open) -> None:
    async with open_wizard(size=(80, 50)) as wizard:
        for key in ("question_mark", "f1"):
            await wizard.press(key)
            assert isinstance(wizard.app.screen, HelpScreen)
            for words in ("Users enabled", "A policy decides", "ctrl+l", "✗ FAILED", "it was seen, and it is bad"):
                assert words in wizard.text
            await wizard.press("escape")
            assert isinstance(wizard.app.screen, StepScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_text_stays_text(open_wizard: Open, world: World, size: tuple[int, int]) -> None:
    world.says["Get-CsMobilityPolicy"] = {"hostile": HOSTILE, "error": HOSTILE, HOSTILE: HOSTILE}
    async with open_wizard(size=size) as wizard:
        await wizard.press("enter")
        for keys in ((), ("e", "w", "h"), ("end",), ("c",), ("escape", "v")):
            await wizard.press(*keys)
            assert "[red]x[/red] \N{REPLACEMENT CHARACTER}[31m" in wizard.text
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", wizard.text)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", wizard.app.clipboard), "a line break would run when pasted"


async def test_at_120_columns_a_rail_shows_the_runbook(open_wizard: Open, world: World) -> None:
    world.hold("Get-CsWebServiceConfiguration")
    async with open_wizard(size=(120, 40)) as wizard:
        await wizard.until("✓ OK")
        await wizard.pilot.press("enter")
        await wizard.until("✗ FAILED")
        assert "step 2 of 3" in wizard.lines[0]
        rail = [line[:38] for line in wizard.lines]
        assert any("✓  1 Users enabled" in line for line in rail)
        assert any("❯ ✗  2 Mobility policy" in line for line in rail)
        assert any("…  3 Windows sign-in" in line for line in rail)
        await wizard.pilot.resize_terminal(80, 24)
        await wizard.pilot.pause()
        assert "step 2/3" in wizard.lines[0]
        assert "Windows sign-in" not in wizard.text
        assert all(len(line) <= 80 for line in wizard.lines)


async def test_a_step_that_a_fault_made_pointless_is_passed_over_and_said_so(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"EnableMobility": False}
    world.says["Get-CsMobilityPolicy"] = {}
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "step 3/3" in wizard.lines[0]
        assert "passed over, for it could tell nothing new: Mobility policy" in wizard.text
        await wizard.press("b")
        assert "step 1/3" in wizard.lines[0]
        await wizard.press("v")
        assert "Because of it" in wizard.text


async def test_what_another_seat_sees_is_passed_over_and_named_and_can_be_looked_at(
    open_wizard: Open, world: World
) -> None:
    world.says["Get-CsUser"] = {"elsewhere": True}
    world.says["Get-CsMobilityPolicy"] = {"elsewhere": True}
    async with open_wizard() as wizard:
        await wizard.until("step 3/3")
        assert "– not seen from here: Users enabled, Mobility policy" in wizard.text
        await wizard.press("v")
        assert "Not from here" in wizard.text or "Walk at the Front End" in wizard.text
        await wizard.press("b")
        assert isinstance(wizard.app.screen, StepScreen)
        await wizard.app.screen.go_to("canned.policy")
        await wizard.until("NOT APPLICABLE")
        await wizard.press("r")
        assert "step 2/3" in wizard.lines[0], "who looks again is kept there"
        await wizard.press("enter")
        assert "step 3/3" in wizard.lines[0]


async def test_a_walk_of_which_another_seat_sees_all_ends_at_its_verdict(open_wizard: Open, world: World) -> None:
    for cmdlet in ("Get-CsUser", "Get-CsMobilityPolicy", "Get-CsWebServiceConfiguration"):
        world.says[cmdlet] = {"elsewhere": True}
    async with open_wizard() as wizard:
        await wizard.until("Verdict")
        assert isinstance(wizard.app.screen, VerdictScreen)


async def test_a_step_that_acts_runs_only_once_the_user_agrees(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    beginning.book = runbook(acts=True)
    async with open_wizard() as wizard:
        assert "This step acts" in wizard.text
        assert "Get-CsUser" not in world.asked
        await wizard.press("y")
        assert "✓ OK" in wizard.text
        assert "Get-CsUser" in world.asked


async def test_unknown_tells_its_reason_and_copies_the_command_that_would_settle_it(
    open_wizard: Open, world: World
) -> None:
    world.says["Get-CsUser"] = {"Enabled": None}
    async with open_wizard() as wizard:
        assert "? UNKNOWN" in wizard.text
        assert "Reason     something that this step needs was not given" in wizard.text
        await wizard.press("c")
        assert wizard.app.clipboard == "Get-CsUser -Identity <user>"


async def test_leaving_the_first_step_ends_the_session_and_shows_the_welcome_screen(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    async with open_wizard() as wizard:
        await wizard.press("b")
        assert isinstance(wizard.app.screen, WelcomeScreen)
        assert (world.closed, beginning.closed) == (1, 1)
        await wizard.press("q")
    assert (world.closed, beginning.closed) == (1, 1)


async def test_quitting_asks_while_a_step_runs(open_wizard: Open, world: World, beginning: Beginning) -> None:
    world.hold("Get-CsUser")
    async with open_wizard() as wizard:
        await wizard.until("ASKING")
        await wizard.pilot.press("q")
        await wizard.until("Quit all the same?")
        await wizard.pilot.press("n")
        await wizard.until("ASKING")
        assert beginning.closed == 0
        await wizard.pilot.press("q", "y")
        await wizard.pilot.pause()
        assert wizard.app.return_code == 0
    assert (world.closed, beginning.closed) == (1, 1)
    assert "canned.user" not in (beginning.journal.concluded if beginning.journal else {})


async def test_ctrl_c_cancels_and_twice_quits(open_wizard: Open, world: World, beginning: Beginning) -> None:
    world.hold("Get-CsUser")
    async with open_wizard() as wizard:
        await wizard.until("ASKING")
        await wizard.pilot.press("ctrl+c")
        await wizard.until("You cancelled this check")
        assert "Press ctrl+c again to quit." in wizard.text
        await wizard.pilot.press("ctrl+c")
        await wizard.pilot.pause()
        assert wizard.app.return_code == 130
    assert beginning.closed == 1


async def test_ctrl_c_quits_as_long_as_the_screen_says_so(open_wizard: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app.TWICE", -1.0)
    async with open_wizard() as wizard:
        await wizard.press("ctrl+c", "w")
        assert "Press ctrl+c again to quit." not in wizard.text, "another key takes it away"
        await wizard.press("ctrl+c")
        assert wizard.app.return_code is None
        assert "Press ctrl+c again to quit." in wizard.text
        await wizard.pilot.press("ctrl+c")
        await wizard.pilot.pause()
        assert wizard.app.return_code == 130


async def test_a_verdict_so_far_is_no_ok_and_names_what_is_ahead(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("v")
        assert "Verdict so far · Mobility · litwareinc.com  " in wizard.lines[0]
        assert "SO FAR" in wizard.text
        assert "✓" not in wizard.text
        assert "Not walked yet   Mobility policy and Windows sign-in" in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, StepScreen)
        await wizard.press("enter", "v")
        assert "✗ FAILED" in wizard.text
        assert "Not walked yet" in wizard.text
        await wizard.press("b")
        assert isinstance(wizard.app.screen, StepScreen)
        assert "Mobility policy · step 2/3" in wizard.lines[0], "back is where one came from"


async def test_the_header_names_the_step_where_no_rail_does(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        assert wizard.lines[0].rstrip().endswith("Users enabled · step 1/3")
        assert "litwareinc.com" in wizard.lines[0]
        assert "…" not in wizard.lines[0]
    async with open_wizard(size=(120, 40)) as wizard:
        assert "Mobility · litwareinc.com · from inside" in wizard.lines[0]
        assert wizard.lines[0].rstrip().endswith("step 1 of 3")


async def test_a_word_stands_once_in_ascii_and_a_long_one_above_its_text(open_wizard: Open) -> None:
    from tui.glyphs import ASCII, UNICODE, status_sign
    from tui.widgets.page import Page

    assert status_sign(Status.OK, ASCII) == "OK"
    assert status_sign(Status.FAILED, ASCII) == "XX FAILED"
    page = Page(40, UNICODE)
    page.labelled(status_sign(Status.NOT_APPLICABLE, UNICODE), "It can only be seen on a Front End, not here.")
    assert [line.plain for line in page.lines] == [
        "– NOT APPLICABLE",
        "           It can only be seen on a",
        "           Front End, not here.",
    ]


def half_walked(*steps: str) -> Journal:
    """A journal in which these steps were concluded."""
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now()))
    for step_id in steps:
        journal.add(cancelled(runbook().stage(step_id).step))
    return journal


async def test_a_resumed_walk_goes_on_after_its_last_step_and_can_be_walked_back(
    open_wizard: Open, beginning: Beginning
) -> None:
    beginning.journal = half_walked("canned.user")
    async with open_wizard(ResumedWalk(journal=Path("x"))) as wizard:
        assert "step 2/3" in wizard.lines[0]
        await wizard.press("b")
        assert "step 1/3" in wizard.lines[0]


async def test_a_resumed_walk_that_was_at_its_end_shows_the_verdict(open_wizard: Open, beginning: Beginning) -> None:
    beginning.journal = half_walked("canned.user", "canned.policy", "canned.auth")
    async with open_wizard(ResumedWalk(journal=Path("x"))) as wizard:
        assert isinstance(wizard.app.screen, VerdictScreen)
        await wizard.press("b")
        assert isinstance(wizard.app.screen, StepScreen)


async def test_a_resumed_walk_asks_for_the_password_that_no_journal_has(
    open_wizard: Open, beginning: Beginning
) -> None:
    beginning.refusal = PasswordNeeded("LITWAREINC\\admin", "shell")
    async with open_wizard(ResumedWalk(journal=Path("x"))) as wizard:
        assert "Password of LITWAREINC\\admin" in wizard.text
        await wizard.type("canary")
        assert "canary" not in wizard.text
        await wizard.press("enter")
        request = beginning.requests[1]
        assert isinstance(request, ResumedWalk)
        password = request.secrets["shell"]
        assert isinstance(password, Secret)
        assert password.reveal() == "canary"
        assert isinstance(wizard.app.screen, StepScreen)


async def test_the_welcome_screen_offers_the_unfinished_walk(open_wizard: Open, beginning: Beginning) -> None:
    walk = Resumable(journal=Path("walk.jsonl"), runbook="Mobility", deployment="litwareinc.com", step=4, steps=14,
                     at=datetime.now(UTC) - timedelta(minutes=20, seconds=5), practice=True)  # fmt: skip
    beginning.refusal = CannotBegin("The journal is torn.")
    async with open_wizard(Opening.WELCOME, resumable=lambda: (walk,)) as wizard:
        await wizard.until("Resume  Mobility · practice · step 4 of 14, 20 minutes ago")
        await wizard.press("r")
        assert beginning.requests == [ResumedWalk(journal=Path("walk.jsonl"))]
        assert "The journal is torn." in wizard.text
        await wizard.press("end", "enter")
        assert len(beginning.requests) == 2


async def test_the_first_screen_waits_for_no_journal_and_the_cursor_stays_where_it_was_put(
    beginning: Beginning,
) -> None:
    let_go = threading.Event()
    walk = Resumable(journal=Path("walk.jsonl"), runbook="Mobility", deployment="litwareinc.com", step=4, steps=14,
                     at=datetime.now(UTC))  # fmt: skip

    def held() -> list[Resumable]:
        let_go.wait(30)
        return [walk]

    app = WizardApp(start=Opening.WELCOME, begin=beginning, resumable=held)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await pilot.press("down")
        await wizard.until("❯ Mobility, from the top")
        assert "Resume" not in wizard.text
        let_go.set()
        await wizard.until("Resume  Mobility")
        assert "❯ Mobility, from the top" in wizard.text


SCENARIOS = [
    {"name": "healthy", "runbook": "mobility xmpp", "title": "All is well", "symptom": "Nobody called", "cause": None},
    {"name": "policy", "runbook": "mobility", "title": "No phone", "symptom": "Since Monday", "cause": "the-cause/x"},
]


async def test_a_scenario_is_found_by_typing_and_its_cause_stays_unseen(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.PRACTICE, scenarios=SCENARIOS) as wizard:
        assert sum("All is well" in line for line in wizard.lines) == 2, "once for each runbook"
        await wizard.type("mon")
        assert "All is well" not in wizard.text
        assert "Since Monday" in wizard.text
        assert "the-cause" not in wizard.text
        await wizard.press("enter")
        assert beginning.requests == [PracticeWalk(runbook="mobility", scenario="policy")]
        assert isinstance(wizard.app.screen, StepScreen)


async def test_a_scenario_that_nothing_matches_begins_nothing(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.PRACTICE, scenarios=SCENARIOS) as wizard:
        await wizard.type("zzz")
        await wizard.press("enter")
        assert "No scenario has these words." in wizard.text
        assert beginning.requests == []


async def test_the_ascii_screens_hold_nothing_but_ascii(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME, ascii_only=True, size=(120, 40), scenarios=SCENARIOS) as wizard:
        for keys in ((), ("enter",), ("escape", "down", "enter"), (*"kenmyer@litwareinc.com", "enter"), ("enter",), ("w", "h", "e"), ("question_mark",),
                     ("escape", "c"), ("escape", "enter", "enter")):  # fmt: skip
            await wizard.press(*keys)
            assert wizard.text.isascii(), wizard.text
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "XX FAILED" in wizard.text


async def test_the_keys_fit_in_80_columns_and_always_end_with_help_and_quit(open_wizard: Open, world: World) -> None:
    world.hold("Get-CsWebServiceConfiguration")
    async with open_wizard() as wizard:
        for key, words in (
            ("f1", "Keys"),
            ("escape", "✓ OK"),
            ("enter", "FAILED"),
            ("enter", "ASKING"),
            ("x", "cancelled"),
        ):
            await wizard.pilot.press(key)
            await wizard.until(words)
            if words != "Keys":
                assert wizard.keys.endswith("? help   q quit")
                assert len(wizard.keys) <= 79


async def test_where_something_failed_the_verdict_is_among_the_keys_of_a_narrow_screen(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "✗ FAILED" in wizard.text
        assert "v verdict" in wizard.keys
        assert wizard.keys.index("v verdict") < wizard.keys.index("c copy fix")


async def test_a_screen_too_low_scrolls_and_says_how_much_lies_below(open_wizard: Open) -> None:
    async with open_wizard(size=(80, 14)) as wizard:
        await wizard.press("enter")
        assert "more line" in wizard.text
        assert "Verify" not in wizard.text
        await wizard.press("pagedown")
        assert "Verify" in wizard.text
        assert "more line" not in wizard.text


async def test_the_smallest_terminal_crashes_nothing(open_wizard: Open) -> None:
    async with open_wizard(size=(20, 5)) as wizard:
        await wizard.press("enter", "e", "w", "v", "b", "c", "escape")
        assert wizard.app.is_running


async def test_status_words_match_the_domain() -> None:
    from tui.glyphs import ASCII, MEANINGS, UNICODE, WORDS

    for words in (WORDS, MEANINGS, UNICODE.status, ASCII.status):
        assert set(words) == set(Status)


async def test_a_journal_that_cannot_be_written_is_told_once_and_ends_nothing(
    open_wizard: Open, beginning: Beginning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    began = Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now())
    journal = beginning.journal = Journal(began, tmp_path / "walk.jsonl")
    told = "The journal cannot be written: No space left on device. The walk goes on."
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        async with open_wizard() as wizard:
            assert told in wizard.text
            await wizard.press("enter")
            assert "Mobility policy" in wizard.text
            assert told not in wizard.text
            await wizard.press("n", "x", "enter")
            assert told in wizard.text
            assert "Noted" not in wizard.text
            await wizard.press("r", "s", "enter", "v", "f")
            assert "Checked again" in wizard.text
            await wizard.press("q")
        assert wizard.app.unkept == told
    journal.close()


async def test_the_mouse_works_where_words_look_like_keys(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard() as wizard:
        row = next(number for number, line in enumerate(wizard.lines) if "By hand" in line)
        await wizard.pilot.click(offset=(wizard.lines[row].index("By hand"), row))
        await wizard.settle()
        assert "Get-CsUser -Identity sip:kenmyer@litwareinc.com" in wizard.text
        await wizard.pilot.click(offset=(wizard.keys.index("back"), 23))
        await wizard.settle()
        assert isinstance(wizard.app.screen, WelcomeScreen)
        assert beginning.closed == 1


async def test_the_palette_goes_to_a_step_that_was_walked(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter", "ctrl+p")
        await wizard.type("Users enabled")
        await wizard.until("Step 1: Users enabled")
        await wizard.press("down", "enter")
        await wizard.until("step 1/3")


async def test_the_palette_walks_a_later_step_alone_and_enter_goes_on_where_the_walk_was_left(
    open_wizard: Open, beginning: Beginning, world: World
) -> None:
    async with open_wizard() as wizard:
        await wizard.press("ctrl+p")
        await wizard.type("Windows sign-in")
        await wizard.until("Not walked yet, so it is walked alone.")
        await wizard.press("down", "enter")
        await wizard.until("step 3/3")
        assert "out of its turn: enter goes on where you left the walk" in wizard.text
        assert "✓ OK" in wizard.text
        await wizard.press("enter")
        assert "step 2/3" in wizard.lines[0]
        await wizard.press("b")
        assert "step 3/3" in wizard.lines[0], "back is the way one came"
        await wizard.press("enter", "enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "Not walked yet" not in wizard.text
        assert world.asked.count("Get-CsWebServiceConfiguration") == 1


async def test_the_palette_gives_up_what_runs_before_it_goes_elsewhere(open_wizard: Open, world: World) -> None:
    async with open_wizard() as wizard:
        world.hold("Get-CsUser")
        await wizard.pilot.press("r")
        await wizard.until("ASKING")
        assert isinstance(wizard.app.screen, StepScreen)
        await wizard.app.screen.go_to("canned.auth")
        await wizard.until("step 3/3")
        assert "✓ OK" in wizard.text
        assert "ASKING" not in wizard.text


async def test_a_crash_of_the_wizard_prints_its_place_and_no_value(
    open_wizard: Open, beginning: Beginning, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(self: Beginning, request: object) -> None:
        canary = "canary-in-a-local"
        raise RuntimeError(canary)

    monkeypatch.setattr(Beginning, "__call__", crash)
    with pytest.raises(Exception, match="canary"):  # noqa: PT012 - What the test's own pilot raises again.
        async with open_wizard(Opening.WELCOME) as wizard:
            await wizard.choose("Mobility")
            await wizard.type("kenmyer@litwareinc.com")
            await wizard.press("enter")
    said = capsys.readouterr().err
    assert "RuntimeError in crash" in " ".join(said.split())
    assert "canary" not in said
    assert wizard.app.return_code == 4
