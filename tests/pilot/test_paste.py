"""What a person pastes answers the question it is meant for; what is not understood is shown, and never lost."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import TextArea

from checks.deployment import Deployment, Sources
from checks.journal import PASTED
from checks.knowledge.pasted import MOST_CHARACTERS, NotUnderstood, understand
from checks.model import Reason
from checks.probes import Sockets, Unanswered
from tests.pilot.canned_walk import DEPLOYMENT, World
from tests.pilot.conftest import Open, Wizard
from tui import wanted
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.screens.paste import PasteScreen
from tui.screens.step import StepScreen
from tui.session import LiveWalk, ResumedWalk, Start

MISSING = Unanswered(reason=Reason.MISSING_INPUT, detail="No Lync shell was given.")
POLICY = "\n\nIdentity       : Tag:RedmondMobilityPolicy\nEnableMobility : True\n\n"
NETSTAT = """
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       908
  TCP    192.0.2.25:5269        0.0.0.0:0              LISTENING       4312
  TCP    10.0.0.25:23456        0.0.0.0:0              LISTENING       4312
"""
SOURCES = Sources(shell="paste", offline=True)  # noqa: S604 - no subprocess
XMPP = LiveWalk(
    runbook="xmpp",
    deployment=Deployment(domains=("litwareinc.com",), edge="edge01.litwareinc.com"),
    sources=SOURCES,
    start="xmpp.listening",
)
MOBILITY = LiveWalk(runbook="mobility", deployment=DEPLOYMENT, sources=SOURCES)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def real_app(start: Start) -> WizardApp:
    """The wizard on a real runbook, where nothing is asked live."""
    return WizardApp(start=start, begin=Beginning({}), resumable=resumable)


def area(wizard: Wizard) -> TextArea:
    return wizard.app.screen.query_one(TextArea)


async def test_a_paste_answers_the_question_and_the_step_is_judged_again(open_wizard: Open, world: World) -> None:
    world.silent["Get-CsMobilityPolicy"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "? UNKNOWN" in wizard.text
        assert "Run        Get-CsMobilityPolicy | Format-List *" in wizard.text
        assert "Then       press p, and paste what it prints" in wizard.text
        assert "p paste" in wizard.keys
        await wizard.press("p")
        assert "Run        Get-CsMobilityPolicy | Format-List *" in wizard.text
        assert "Where      in the Lync Server Management Shell, for instance on a Front End" in wizard.text
        await wizard.paste(POLICY)
        await wizard.press("f2")
        assert isinstance(wizard.app.screen, StepScreen)
        assert "✓ OK" in wizard.text
        assert "Taken from your paste." in wizard.text
        assert "p paste" not in wizard.keys, "nothing is missing any more"
        await wizard.press("e")
        assert re.search(r"pasted, \d\d:\d\d", wizard.text)
        await wizard.press("enter")
        assert world.asked.count("Get-CsMobilityPolicy") == 1, "a paste stands instead of asking"


async def test_an_answer_that_is_there_can_be_replaced(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        assert "FAILED" in wizard.text
        assert "p paste" not in wizard.keys
        await wizard.press("p")
        assert "Answered   from inside" in wizard.text
        assert "what you paste takes its place" in wizard.text
        await wizard.paste(POLICY)
        await wizard.press("f2")
        assert "✓ OK" in wizard.text


async def test_what_is_wanted_next_is_offered(open_wizard: Open) -> None:
    async with real_app(replace(MOBILITY, start="mobility.user-enabled")).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        for number, user in enumerate(("kenmyer", "pilar"), 1):
            assert f"Get-CsUser -Identity sip:{user}@litwareinc.com | Format-List *" in wizard.text
            await wizard.press("p")
            assert f"output {number + 1} of 3" in wizard.lines[0]
            await wizard.paste(
                f"Identity      : CN={user},OU=Redmond,DC=litwareinc,DC=com\nEnabled       : True\n"
                f"SipAddress    : sip:{user}@litwareinc.com\nRegistrarPool : atl-cs-001.litwareinc.com\n"
                f"HostingProvider : SRV:\nUserPrincipalName : {user}@litwareinc.com\n"
            )
            await wizard.press("f2")
            if number == 1:
                assert "Taken from your paste. 2 of 3 outputs wanted: p pastes the next." in wizard.text
        assert "✓ OK" in wizard.text
        assert "outputs wanted" not in wizard.text
        await wizard.press("q")


async def test_what_is_not_understood_is_shown_with_its_line_and_nothing_is_lost() -> None:
    async with real_app(XMPP).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        assert "Run        netstat -ano; tasklist" in wizard.text
        await wizard.press("p")
        assert "netstat -ano; tasklist" in wizard.text, "the output that the finding names comes first"
        another = "\n\nWindows IP Configuration\n\n   Host Name . . . : edge01\n"
        await wizard.paste(another)
        await wizard.press("f2")
        assert isinstance(wizard.app.screen, PasteScreen)
        assert "Not taken  No line of it is a socket" in wizard.text
        assert "F8 empty it" in wizard.keys
        assert "Line 3     Windows IP Configuration" in wizard.text
        assert wizard.text.count("Windows IP Configuration") == 2, "in the text, and as the line not understood"
        assert area(wizard).cursor_location == (2, 0)
        for leaving in (("escape", "p"), ("f4", *["f4"] * 4)):
            await wizard.press(*leaving)
            assert area(wizard).text == another
        await wizard.pilot.resize_terminal(120, 40)
        await wizard.pilot.pause()
        assert area(wizard).text == another
        area(wizard).load_text(NETSTAT)
        await wizard.press("f2")
        assert "✓ OK" in wizard.text
        await wizard.press("q")


async def test_what_was_typed_is_there_again_when_the_walk_is_opened_again(open_wizard: Open, world: World) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.paste("half an output")
        await wizard.press("escape", "b")
        wizard.app.begin_walk(MOBILITY)
        await wizard.settle()
        await wizard.press("p")
        assert area(wizard).text == "half an output"


async def test_every_key_is_text_while_an_output_is_typed(open_wizard: Open, world: World) -> None:
    """A terminal without bracketed paste hands an output on as keys."""
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.pilot.press("q", "c", "p", "question_mark", "enter", "tab", "b", "1")
        await wizard.pilot.pause()
        assert area(wizard).text == "qcp?\n    b1"
        assert area(wizard).has_focus
        assert wizard.keys == " F2 take it   F3 copy the command   esc back   F1 help"


async def test_the_command_is_copied(open_wizard: Open, world: World) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p", "f3")
        assert wizard.app.clipboard == "Get-CsUser | Format-List *"
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, PasteScreen)


async def test_an_escape_sequence_in_a_paste_reaches_no_screen(open_wizard: Open, world: World) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.paste("\x1b[2J\x1b]52;c;eA==\x07 [red]x[/red] \u202egnp.exe \x9b2J\r\nnext")
        await wizard.press("f2")
        assert "[red]x[/red]" in wizard.text
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", wizard.text)
        assert area(wizard).document.line_count == 2


async def test_a_large_paste_is_taken_and_a_larger_one_refused() -> None:
    rows = "".join(
        f"  TCP    10.0.0.25:{port}  192.0.2.{port % 250}:443  ESTABLISHED  77\r\n" for port in range(1024, 9000)
    )
    async with real_app(XMPP).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.press("p")
        await wizard.paste("x" * (MOST_CHARACTERS + 1))
        assert "more than 4 MB" in wizard.text
        assert area(wizard).text == ""
        await wizard.paste(NETSTAT + rows)
        await wizard.press("f2")
        assert "✓ OK" in wizard.text
        await wizard.press("q")


@pytest.fixture
def held_reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Reading a paste takes until the returned function is called."""
    let_go = threading.Event()

    def read(question: Any, text: str) -> NotUnderstood:
        let_go.wait(30)
        return NotUnderstood(sentence="That is nothing.")

    monkeypatch.setattr(wanted, "understand", read)
    return let_go.set


async def test_reading_a_paste_never_holds_the_screen(
    open_wizard: Open, world: World, held_reader: Callable[[], None]
) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.type("x")
        await wizard.pilot.press("f2")
        await wizard.until("Reading what you pasted")
        assert "take it" not in wizard.keys, "it is being read"
        await wizard.type("y")
        await wizard.until("xy")
        held_reader()
        await wizard.until("That is nothing.")
        assert "take it" in wizard.keys


async def test_leaving_while_a_paste_is_read_takes_nothing(
    open_wizard: Open, world: World, held_reader: Callable[[], None]
) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.type("x")
        await wizard.pilot.press("f2", "escape")
        await wizard.until("? UNKNOWN")
        held_reader()
        await wizard.press("p")
        assert area(wizard).text == "x"
        assert "That is nothing." not in wizard.text


async def test_a_reader_that_crashes_ends_nothing(
    open_wizard: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(question: Any, text: str) -> NotUnderstood:
        raise RuntimeError("canary-in-an-exception")

    monkeypatch.setattr(wanted, "understand", crash)
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("p")
        await wizard.type("x")
        await wizard.press("f2")
        assert "RuntimeError" in wizard.text
        assert "canary" not in wizard.text
        assert area(wizard).text == "x"


async def test_a_resumed_walk_keeps_what_was_pasted() -> None:
    async with real_app(XMPP).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.press("p")
        await wizard.paste(NETSTAT)
        await wizard.press("f2", "q")
        path = wizard.app.journal
    assert path is not None
    async with real_app(ResumedWalk(journal=path)).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.press("b", "r")
        assert "✓ OK" in wizard.text, "asking again keeps what a person brought"
        assert wizard.app.session is not None
        asked = wizard.app.session.walk.journal.asked
        pasted = [question for question, one in asked.items() if one.source == PASTED]
        assert [type(question) for question in pasted] == [Sockets]
        await wizard.press("q")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_paste_screen_in_ascii(open_wizard: Open, world: World, size: tuple[int, int]) -> None:
    world.silent["Get-CsUser"] = MISSING
    async with open_wizard(ascii_only=True, size=size) as wizard:
        assert wizard.text.isascii()
        await wizard.press("p")
        await wizard.paste("nonsense")
        await wizard.press("f2")
        assert wizard.text.isascii(), wizard.text
        assert all(len(line) <= size[0] for line in wizard.lines)


async def test_the_palette_pastes_too(open_wizard: Open) -> None:
    async with open_wizard() as wizard:
        await wizard.press("ctrl+p")
        await wizard.type("paste")
        await wizard.until("Paste an output")
        await wizard.press("down", "enter")
        await wizard.until("Run this, and paste below what it prints.")
        assert isinstance(wizard.app.screen, PasteScreen)


async def test_a_paste_that_is_read_while_the_help_is_shown_is_taken_afterwards(
    open_wizard: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, read = threading.Event(), understand

    def held(question: Any, text: str) -> Any:
        let_go.wait(30)
        return read(question, text)

    monkeypatch.setattr(wanted, "understand", held)
    world.silent["Get-CsMobilityPolicy"] = MISSING
    async with open_wizard() as wizard:
        await wizard.press("enter", "p")
        await wizard.paste(POLICY)
        await wizard.pilot.press("f2", "f1")
        await wizard.until("go on: the next step")
        let_go.set()
        await wizard.settle()
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, StepScreen)
        assert "✓ OK" in wizard.text
