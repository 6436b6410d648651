"""The verdict and the step, where a person acts on them: which fix is copied, which key checks again, what comes back."""

import re
from pathlib import Path

import msgspec
import pytest

from checks.journal import VERSION, Began, Journal, now
from checks.model import Finding, Remedy, Runbook
from tests.pilot import canned_walk
from tests.pilot.canned_walk import DEPLOYMENT, REMEDY, Beginning, World, runbook
from tests.pilot.conftest import Open
from tests.pilot.test_consent import SAYS, acting_book
from tui.again import Turned
from tui.glyphs import UNICODE
from tui.screens.copy import CopyScreen, FixScreen
from tui.screens.verdict import few_of
from tui.session import ResumedWalk
from tui.widgets.page import Page
from tui.widgets.turned import write_turned

LETTER = Remedy(action="Write to the partner. Name it with --edge.", who="you", risk="none", verify="check again (r)")


def book_with_two_fixes() -> Runbook:
    """The canned runbook, whose second step says two things that mend it."""

    def judge(facts: canned_walk.Facts) -> Finding:
        finding = canned_walk.judge(facts)
        return msgspec.structs.replace(finding, remedies=(*finding.remedies, LETTER)) if finding.remedies else finding

    book = runbook()
    stages = [msgspec.structs.replace(one, step=msgspec.structs.replace(one.step, judge=judge)) for one in book.stages]
    return msgspec.structs.replace(book, stages=tuple(stages))


@pytest.mark.parametrize("keys", [("enter",), ("enter", "v")])
async def test_of_several_fixes_the_one_that_is_copied_is_chosen(
    keys: tuple[str, ...], open_wizard: Open, beginning: Beginning
) -> None:
    beginning.book = book_with_two_fixes()
    async with open_wizard() as wizard:
        await wizard.press(*keys, "c")
        assert isinstance(wizard.app.screen, FixScreen)
        await wizard.choose("Fix 1")
        assert isinstance(wizard.app.screen, CopyScreen)
        assert wizard.app.screen.text == REMEDY.command()
        await wizard.press("escape", "c")
        await wizard.choose("All")
        letter = "Write to the partner. Name it in the form, as “Edge server”."
        assert isinstance(wizard.app.screen, CopyScreen)
        assert wizard.app.screen.text == f"# Fix 1\n{REMEDY.command()}\n\n# Fix 2\n{letter}"


async def test_what_is_no_fix_is_not_called_one(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"Enabled": None}
    async with open_wizard() as wizard:
        assert "c copy command" in wizard.keys
        assert "copy fix" not in wizard.keys
        await wizard.press("c")
        assert isinstance(wizard.app.screen, CopyScreen)
        assert wizard.app.screen.text.startswith("Get-CsUser")


async def test_the_key_that_checks_again_is_the_one_of_the_screen(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "Verify     check again (r)" in wizard.text
        await wizard.press("v")
        assert "Verify     check again (f)" in wizard.text
        assert "f fixed it, check again" in wizard.keys


async def test_a_verdict_without_a_fault_offers_no_details(open_wizard: Open, world: World) -> None:
    world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
    async with open_wizard() as wizard:
        await wizard.walk_to()
        assert "enter details" not in wizard.keys
        verdict = wizard.app.screen
        await wizard.press("enter")
        assert wizard.app.screen is verdict
        await wizard.press("b")
        assert wizard.app.screen is not verdict


async def test_a_sign_in_that_was_passed_by_can_still_be_agreed_to(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    beginning.book = acting_book("canned.user")
    async with open_wizard() as wizard:
        await wizard.press("enter", "b")
        assert "press y to agree after all" in wizard.text
        assert "y agree and run" in wizard.keys
        await wizard.press("y")
        assert SAYS in wizard.text, "to what he agrees is told once more"
        assert "Get-CsUser" not in world.asked
        await wizard.press("enter")
        assert SAYS not in wizard.text
        assert "Get-CsUser" not in world.asked


async def test_a_walk_that_goes_on_in_a_file_of_ones_own_says_so(
    open_wizard: Open, beginning: Beginning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    own = tmp_path / "b2.jsonl"
    beginning.journal = Journal(Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now()), own)
    async with open_wizard(ResumedWalk(journal=own)) as wizard:
        assert "This walk goes on in b2.jsonl: what is asked from here on is added there." in wizard.text
    own = tmp_path / "lyncdoctor" / "walks" / "one.jsonl"
    async with open_wizard(ResumedWalk(journal=own)) as wizard:
        assert "goes on in" not in wizard.text


async def test_the_verdict_says_when_it_was_and_not_how_long_it_took(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter", "v")
        assert re.search(r"  2 of 3 steps · \d\d:\d\d$", wizard.lines[0])
        assert not re.search(r"\d m?s\b", wizard.lines[0])


async def test_before_the_end_the_key_line_tells_the_way_back_to_the_walk(
    open_wizard: Open, beginning: Beginning
) -> None:
    async def mend(remedy: Remedy) -> str:
        return ""

    beginning.mend = mend
    async with open_wizard() as wizard:
        await wizard.press("enter", "v")
        assert "b back" in wizard.keys
        await wizard.press("b")
        assert "step 2/3" in wizard.lines[0]
        await wizard.press("enter", "enter")
        assert "Verdict · Mobility" in wizard.lines[0]
        await wizard.press("escape")
        assert "step 3/3" in wizard.lines[0]


async def test_the_notes_of_the_steps_stand_below_the_verdict(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("n")
        await wizard.type("asked the helpdesk")
        await wizard.press("enter", "enter", "v")
        assert "Noted            Users enabled: asked the helpdesk" in wizard.text


async def test_what_stayed_unknown_is_told_once(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"Enabled": None}
    world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
    async with open_wizard() as wizard:
        await wizard.walk_to()
        assert "? UNKNOWN  No fault found, but not everything could be seen." in wizard.text
        assert "Not known        ? Users enabled: No user was given" in wizard.text
        assert wizard.text.count("No user was given") == 1


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "A"), (2, "A and B"), (5, "A, B, C, D and E"), (6, "A, B, C, D and 2 more"), (20, "A, B, C, D and 16 more")],
)
def test_of_many_steps_ahead_the_next_ones_are_named(count: int, told: str) -> None:
    assert few_of([chr(ord("A") + number) for number in range(count)]) == told


def finding(status: str, headline: str = "It is so") -> Finding:
    return msgspec.convert({"answer": "told", "status": status, "headline": headline}, Finding)


def test_steps_that_stay_skipped_are_one_line() -> None:
    page = Page(78, UNICODE)
    hidden = [Turned(f"Step {number}", finding("skipped"), None) for number in range(9)]
    write_turned(page, [Turned("Version", finding("failed"), finding("failed")), *hidden], None)
    told = [line.plain.rstrip() for line in page.lines]
    assert told == [
        "Checked again",
        "  ✗ FAILED    → ✗ FAILED    Version: It is so",
        "  » still skipped: 9 steps behind it",
    ]


def test_a_long_status_keeps_its_distance() -> None:
    page = Page(78, UNICODE)
    turned = [
        Turned("Test message", finding("skipped"), finding("not-applicable")),
        Turned("Version", finding("failed"), finding("ok")),
    ]
    write_turned(page, turned, None)
    told = [line.plain.rstrip() for line in page.lines][1:]
    assert told == [
        "  » SKIPPED   → – NOT APPLICABLE  Test message: It is so",
        "  ✗ FAILED    → ✓ OK              Version",
    ]
