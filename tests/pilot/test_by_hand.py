"""What a person adds to a walk: an answer by hand, a note, the report as a file, a filter, a mended fault."""

import json
import stat
from pathlib import Path

import msgspec
import pytest

from checks import report
from checks.context import Asking
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.model import Reason, Remedy, Status
from checks.probes import Cmdlet, Question, Unanswered
from checks.walk import Walk
from tests.pilot.canned_walk import DEPLOYMENT, Beginning, World, runbook
from tests.pilot.conftest import Open
from tui.cases import BY_HAND
from tui.glyphs import UNICODE
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.session import CannotMend
from tui.widgets import step_page
from tui.widgets.page import Page

UNSEEN = Unanswered(reason=Reason.MISSING_INPUT, detail="There is no Lync shell.")
POLICY = "canned.policy"


def journal_of(beginning: Beginning) -> Journal:
    assert beginning.journal is not None
    return beginning.journal


@pytest.fixture(autouse=True)
def kept(beginning: Beginning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal of the walk can be looked at, and the working folder is an empty one."""
    beginning.journal = Journal(Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now()))
    monkeypatch.chdir(tmp_path)


async def test_a_step_that_nobody_could_see_is_answered_by_hand_and_marked_so(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    world.silent["Get-CsMobilityPolicy"] = UNSEEN
    async with open_wizard(size=(120, 40)) as wizard:
        assert "a answer" not in wizard.keys, "what was seen is not stated"
        await wizard.press("enter")
        assert "look yourself, and press a to say what it says" in wizard.text
        await wizard.press("a")
        assert "Does the mobility policy that applies to each user allow mobility?" in wizard.text
        assert "not seen" not in wizard.text, "unknown is no answer of somebody who looked"
        await wizard.press("down", "enter")
        await wizard.type("In the Control Panel")
        await wizard.press("enter")
        assert "✗ FAILED   Stated by a person: switched off" in wizard.text
        assert "“In the Control Panel”" in wizard.text
        assert any("2 Mobility policy" in line[:38] and "stated" in line[:38] for line in wizard.lines)
        await wizard.press("enter", "enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "✗ FAILED   Stated by a person: switched off" in wizard.text
        await wizard.press("f")
        assert "✗ FAILED    → ? UNKNOWN" in wizard.text, "checked again, only what is seen counts"
    assert journal_of(beginning).concluded[POLICY].source == ""


@pytest.mark.parametrize("keys", [("escape",), ("enter", "escape"), ("b",)])
async def test_an_answer_by_hand_can_be_left_as_it_was(open_wizard: Open, world: World, keys: tuple[str, ...]) -> None:
    world.silent["Get-CsUser"] = UNSEEN
    async with open_wizard() as wizard:
        await wizard.press("a", *keys)
        if keys[0] == "enter":
            await wizard.press("escape")
        assert isinstance(wizard.app.screen, StepScreen)
        assert "? UNKNOWN" in wizard.text


async def test_a_stated_ok_is_no_ok_of_ours(open_wizard: Open, world: World, beginning: Beginning) -> None:
    world.silent["Get-CsMobilityPolicy"] = UNSEEN
    async with open_wizard() as wizard:
        await wizard.press("enter", "a", "enter", "enter")
        assert "✓ OK       Stated by a person: as it should be" in wizard.text
        await wizard.press("enter", "enter")
        assert "No fault found in Mobility." in wizard.text
        assert "Stated by a person, and not seen here: Mobility policy." in wizard.text
        assert "Every step of the runbook was seen" not in wizard.text
    for form in report.FORMATS:
        written = report.write(report.report_of(journal_of(beginning), beginning.book), form)
        assert "Stated by a person: as it should be" in written, form


async def test_a_note_is_kept_shown_changed_and_removed(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard() as wizard:
        await wizard.press("n")
        await wizard.type("Asked the network people")
        await wizard.press("enter")
        assert "Note       Asked the network people" in wizard.text
        assert "Noted." in wizard.text
        await wizard.press("n")
        await wizard.type(", twice")
        await wizard.press("enter")
        assert "Note       Asked the network people, twice" in wizard.text
        await wizard.press("v", "n")
        await wizard.type("Begun on a Monday")
        await wizard.press("enter")
        assert "Note       Begun on a Monday" in wizard.text
        assert journal_of(beginning).notes == {
            "canned.user": "Asked the network people, twice",
            "": "Begun on a Monday",
        }
        await wizard.press("n", *["backspace"] * 17, "enter")
        assert "The note was removed." in wizard.text
        assert list(journal_of(beginning).notes) == ["canned.user"]
    for form in report.FORMATS:
        written = report.write(report.report_of(journal_of(beginning), beginning.book), form)
        assert "Asked the network people, twice" in written, form


async def test_the_fault_is_written_as_a_mail_where_there_is_somebody_to_ask(open_wizard: Open, tmp_path: Path) -> None:
    async with open_wizard() as wizard:
        await wizard.press("o")
        assert "request" not in wizard.text, "nothing is wrong so far"
        await wizard.press("escape", "enter", "o")
        await wizard.choose("request")
        assert "Written to" in wizard.text
    [mail] = tmp_path.glob("*.mail.txt")
    assert "For:     Lync administrator (CsServerAdministrator)" in mail.read_text()
    assert mail.stat().st_mode & 0o077 == 0


async def test_the_report_is_written_into_a_new_file_of_the_working_folder(open_wizard: Open, tmp_path: Path) -> None:
    async with open_wizard(size=(200, 40)) as wizard:
        await wizard.press("enter", "n")
        await wizard.type("a canary")
        await wizard.press("enter")
        for _ in range(2):
            await wizard.press("o")
            await wizard.choose("json")
            assert isinstance(wizard.app.screen, StepScreen)
            assert "Written to" in wizard.text
        await wizard.press("v", "o")
        assert str(tmp_path) in wizard.text
        await wizard.press("tab", "right", "shift+tab")
        await wizard.choose("markdown")
        assert isinstance(wizard.app.screen, VerdictScreen)
    first, second = sorted(tmp_path.glob("*.json"), key=lambda path: len(path.name))
    assert first.name.startswith("lyncdoctor-mobility-litwareinc.com-")
    assert json.loads(first.read_text())["steps"][1]["note"] == "a canary"
    assert json.loads(second.read_text())["verdict"]["status"] == Status.FAILED
    (redacted,) = tmp_path.glob("*.md")
    assert "litwareinc" not in redacted.name + redacted.read_text()
    assert "canary" not in redacted.read_text()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


async def test_a_folder_that_takes_no_file_is_told(
    open_wizard: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuses(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    async with open_wizard() as wizard:
        await wizard.press("o")
        monkeypatch.setattr("tui.export.os.open", refuses)
        await wizard.press("enter")
        assert "It cannot be written here: Permission denied." in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, StepScreen)


async def test_the_evidence_is_narrowed_while_typing(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"Enabled": True, **{f"Number{number}": "x" for number in range(200)}}
    async with open_wizard() as wizard:
        assert "/ filter evidence" not in wizard.keys or len(wizard.keys) <= 79
        await wizard.press("e", "end")
        assert "141 more lines; / shows those with the words that you look for" in wizard.text
        await wizard.press("slash")
        await wizard.type("number199")
        assert "Number199" in wizard.text
        assert "Number198" not in wizard.text
        assert ", only lines with “number199”" in wizard.text
        assert "esc show all" in wizard.keys
        await wizard.type("9")
        assert "No line has these words." in wizard.text
        await wizard.press("backspace", "enter")
        assert "enter next" in wizard.keys
        assert "Number198" not in wizard.text, "it stays narrowed"
        assert any(line.strip() == "filter: number199" for line in wizard.lines), "and says by what"
        assert "esc show all" in wizard.keys
        screen = wizard.app.screen
        assert isinstance(screen, StepScreen)
        step = screen.step_id
        await wizard.press("escape")
        assert screen.step_id == step, "the first escape takes the filter away, and no step"
        assert "filter:" not in wizard.text
        assert "esc show all" not in wizard.keys
        await wizard.press("slash", "escape", "end")
        assert "more lines; /" in wizard.text
        await wizard.press("slash")
        await wizard.type("number199")
        await wizard.press("enter", "enter", "b", "e")
        assert "only lines with" not in wizard.text
        assert "Number1 " in wizard.text, "a step that is shown anew is shown whole"


async def test_many_answers_have_a_list_and_a_number_goes_to_one(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        journal = journal_of(beginning)
        concluded = journal.concluded[POLICY]
        own = concluded.evidence[0]
        earlier = journal.concluded["canned.user"].evidence[0]
        more = [Cmdlet(name=f"Get-CsThing{number}") for number in range(1, 5)]
        for question in more:
            journal.add(Asked(question=question, answer=journal.asked[own].answer, seat="inside", at=now(), took_ms=1))
        journal.add(msgspec.structs.replace(concluded, evidence=(earlier, own, *more)))
        await wizard.press("e")
        listed = [line.strip() for line in wizard.lines if line.strip()[:3] in {f"{n}  " for n in range(1, 7)}]
        assert listed[0].startswith("1  Get-CsMobilityPolicy"), "what the step asked itself comes first"
        assert listed[-1].startswith("6  Get-CsUser"), "what an earlier step had asked comes last"
        await wizard.press("6")
        assert "6 of 6, " in wizard.text
        await wizard.press("9")
        assert "6 of 6, " in wizard.text, "there is no ninth"
        await wizard.press("1")
        assert "1 of 6, " in wizard.text


async def test_fixed_it_walks_only_what_failed_and_shows_it_turning(open_wizard: Open, world: World) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter", "enter", "enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "f fixed it, check again" in wizard.keys
        await wizard.press("f")
        assert "✗ FAILED    → ✗ FAILED    Mobility policy" in wizard.text
        assert "Checked again, and it is not as it should be yet." in wizard.text
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        event = world.hold("Get-CsMobilityPolicy")
        await wizard.pilot.press("f")
        await wizard.until("✗ FAILED    → … ASKING    Mobility policy")
        assert "x cancel" in wizard.keys
        event.set()
        await wizard.until("✗ FAILED    → ✓ OK        Mobility policy")
        assert "Checked again, and it is as it should be." in wizard.text
        assert "No fault found in Mobility." in wizard.text
        assert world.asked.count("Get-CsUser") == 1
        await wizard.press("q")
        assert wizard.app.return_code == 0


async def test_one_mended_fault_of_two_is_counted_and_the_other_named(open_wizard: Open, world: World) -> None:
    world.says["Get-CsWebServiceConfiguration"] = {"UseWindowsAuth": "None"}
    async with open_wizard() as wizard:
        await wizard.press("enter", "enter", "enter")
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        await wizard.press("f")
        assert "✗ FAILED    → ✓ OK        Mobility policy" in wizard.text
        assert "! WARNING   → ! WARNING   Windows sign-in: Windows authentication is off" in wizard.text
        assert "Checked again: 1 of 2 are as they should be now." in wizard.text
        await wizard.press("ctrl+p")
        await wizard.type("Users enabled")
        await wizard.until("Step 1: Users enabled")
        await wizard.press("down", "enter")
        await wizard.until("step 1/3")


async def test_what_a_fault_had_hidden_is_walked_once_it_is_mended(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"EnableMobility": False}
    world.says["Get-CsMobilityPolicy"] = {}
    async with open_wizard() as wizard:
        await wizard.press("enter", "v")
        assert "Mobility policy was not looked at." in wizard.text
        world.says["Get-CsUser"] = {}
        await wizard.press("f")
        assert "✗ FAILED    → ✓ OK        Users enabled" in wizard.text
        assert "» SKIPPED   → ✓ OK        Mobility policy" in wizard.text
        assert "Because of it" not in wizard.text


async def test_a_check_that_is_cancelled_leaves_no_old_finding_as_if_it_were_fresh(
    open_wizard: Open, world: World
) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter", "enter", "enter")
        world.hold("Get-CsMobilityPolicy")
        await wizard.pilot.press("f")
        await wizard.until("ASKING")
        await wizard.pilot.press("x")
        await wizard.until("✗ FAILED    → ? UNKNOWN   Mobility policy")
        await wizard.pilot.press("f")
        await wizard.until("? UNKNOWN   → … ASKING    Mobility policy")
        await wizard.pilot.press("q")
        await wizard.until("Quit all the same?")
        await wizard.pilot.press("y")
        await wizard.pilot.pause()
        assert wizard.app.return_code == 3


async def test_in_the_lab_a_remedy_is_carried_out_and_checked(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    carried_out: list[Remedy] = []

    async def mend(remedy: Remedy) -> str:
        if not carried_out:
            carried_out.append(remedy)
            raise CannotMend("Set-CsMobilityPolicy: the network is down.")
        carried_out.append(remedy)
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        return "Set-CsMobilityPolicy was carried out."

    beginning.mend = mend
    async with open_wizard() as wizard:
        assert "m mend it" not in wizard.keys
        await wizard.press("enter", "enter", "enter", "m")
        assert "the network is down" in wizard.text
        assert "✗ FAILED" in wizard.text
        await wizard.press("m")
        assert [remedy.cmdlet for remedy in carried_out] == ["Set-CsMobilityPolicy"] * 2
        assert "✗ FAILED    → ✓ OK        Mobility policy" in wizard.text
        assert "Done       Set-CsMobilityPolicy was carried out." in wizard.text
        await wizard.press("b", "v")
        assert "Done" not in wizard.text
        words = " ".join(wizard.text.split())
        assert "Well again Mobility policy (was: EnableMobility is False in RedmondMobilityPolicy)" in words


async def test_what_no_command_mends_is_not_offered_to_be_mended(
    open_wizard: Open, world: World, beginning: Beginning
) -> None:
    async def mend(remedy: Remedy) -> str:
        raise AssertionError(remedy)

    beginning.mend = mend
    world.says["Get-CsMobilityPolicy"] = {"broken cable": True}
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "Replace the cable." in wizard.text
        assert "m mend" not in wizard.keys
        await wizard.press("m")
        assert BY_HAND in wizard.text
        await wizard.press("v", "m")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "m mend" not in wizard.keys
        assert wizard.text.count(BY_HAND) == 2, "the page says it, and so does the key"
        await wizard.press("down")
        assert wizard.text.count(BY_HAND) == 1, "it stands on the page"
        assert "fixed it" not in wizard.keys
        assert not wizard.keys.lstrip().startswith("f "), "what cannot be mended here is not checked first"
        await wizard.press("f")
        assert "✗ FAILED    → ✗ FAILED" in wizard.text, "the key works all the same"


async def test_a_check_that_leaves_something_unseen_does_not_say_that_all_is_well(
    open_wizard: Open, world: World
) -> None:
    world.silent["Get-CsWebServiceConfiguration"] = UNSEEN
    async with open_wizard() as wizard:
        await wizard.press("enter", "enter", "enter")
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        await wizard.press("f")
        assert "? UNKNOWN" in wizard.text
        assert "Checked again: that is mended, and something else cannot be seen yet." in " ".join(wizard.text.split())
        await wizard.press("f")
        assert "Checked again, and it still cannot be seen." in wizard.text


async def test_on_a_real_deployment_nothing_mends(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "FAILED" in wizard.text
        assert "m mend" not in wizard.keys
        await wizard.press("m")
        assert "FAILED" in wizard.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
async def test_the_screens_hold_nothing_but_ascii_where_it_is_asked_for(
    open_wizard: Open, world: World, size: tuple[int, int]
) -> None:
    world.silent["Get-CsMobilityPolicy"] = UNSEEN
    async with open_wizard(size=size, ascii_only=True) as wizard:
        for keys in (("enter",), ("a",), ("down",), ("enter",), ("x", "enter"), ("n",), ("x", "enter"), ("slash",), ("x", "escape"),
                     ("o",), ("escape",), ("v",), ("f",)):  # fmt: skip
            await wizard.press(*keys)
            assert wizard.text.isascii(), wizard.text
            assert all(len(line) <= size[0] for line in wizard.lines)
        assert isinstance(wizard.app.screen, VerdictScreen)


async def test_the_rail_tells_what_lies_ahead_and_why_a_step_was_skipped(open_wizard: Open, world: World) -> None:
    world.says["Get-CsUser"] = {"EnableMobility": False}
    event = world.hold("Get-CsWebServiceConfiguration")
    async with open_wizard(size=(120, 40)) as wizard:
        await wizard.until("✗ FAILED")
        rail = [line[:38] for line in wizard.lines]
        assert any("· " in line and " 2 Mobility policy" in line and "see 1" in line for line in rail), "it will be"
        assert any(" 3 Windows sign-in" in line and "next" in line for line in rail)
        await wizard.pilot.press("enter")
        await wizard.until("ASKING")
        assert any("» " in line and " 2 Mobility policy" in line and "see 1" in line[:38] for line in wizard.lines)
        await wizard.pilot.press("s")
        await wizard.until("Verdict")
        await wizard.pilot.press("b")
        await wizard.until("You skipped this step.")
        assert any(" 3 Windows sign-in" in line and "by you" in line[:38] for line in wizard.lines)
        event.set()


def test_a_running_step_shows_the_question_that_is_open_and_how_far_it_is() -> None:
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now()))
    walk = Walk(runbook(), DEPLOYMENT, Asking(World(), journal), journal)
    asked: list[Question] = [Cmdlet(name=name) for name in ("Get-CsUser", "Get-CsPool", "Test-CsMcxP2PIM")]
    walk.watch["canned.user"] = asked
    journal.add(Asked(question=asked[0], answer=UNSEEN, seat="inside", at=now(), took_ms=1))
    page = Page(78, UNICODE)
    step_page.write_running(page, walk, "canned.user", 12)
    lines = [line.plain for line in page.lines]
    assert "Get-CsPool" in lines[0]
    assert lines[0].endswith("12 of at most 25 s")
    assert lines[1].strip() == "1 of 3 questions are answered"
