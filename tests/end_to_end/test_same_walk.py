"""One scenario walked in the wizard and in plain mode, key by key: the same steps, findings, remedies and verdict."""

import asyncio
import os
import re
import sys
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import pytest

from checks import journal as journals
from checks.journal import Journal
from checks.model import Finding, Verdict
from checks.runbooks import RUNBOOKS
from checks.walk import verdict_of
from tests.end_to_end.terminal import Terminal
from tests.pilot.conftest import Wizard
from tui.app import WizardApp
from tui.beginning import Beginning
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.session import PracticeWalk

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")]
AT_STEP, TO_AGREE = "> ", "y agrees and runs it, enter goes on without it, q quits: "
A_PLACE = re.compile(r"127\.\d+\.\d+\.\d+(:\d+)?|process \d+|\d\d:\d\d:\d\d")
"""What is another one in each practice deployment."""


class Shown(NamedTuple):
    """A walk as it was shown and as it was written down."""

    text: str
    """All that a person read, in one line."""
    journal: Journal

    @property
    def findings(self) -> list[tuple[str, Finding]]:
        """In the order of the walk, without what is another one in each practice deployment."""
        return [(step, without_places(one.finding)) for step, one in self.journal.concluded.items()]

    @property
    def verdict(self) -> Verdict:
        return verdict_of(RUNBOOKS[self.journal.began.runbook], self.journal)


V = TypeVar("V", Finding, Verdict)


def without_places(value: V) -> V:
    """The same finding or verdict in any practice deployment."""
    return msgspec.json.decode(A_PLACE.sub("PLACE", msgspec.json.encode(value).decode()), type=type(value))


def _written(state: Path) -> Journal:
    (path,) = (state / "lyncdoctor" / "walks").glob("*.jsonl")
    return journals.read(path)


async def in_the_wizard(runbook: str, scenario: str, state: Path) -> Shown:
    """Agrees where it is asked, and else presses enter."""
    app = WizardApp(start=PracticeWalk(runbook=runbook, scenario=scenario), begin=Beginning({}))
    texts = []
    async with app.run_test(size=(120, 60)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        while isinstance(app.screen, StepScreen):
            if "y agree" in wizard.keys:
                await wizard.press("y")
            texts.append(_page(wizard))
            await wizard.press("enter")
        assert isinstance(app.screen, VerdictScreen)
        texts.append(_page(wizard))
        await wizard.press("q")
    return Shown(_in_one_line("\n".join(texts)), _written(state))


def _page(wizard: Wizard) -> str:
    """The page without the rail beside it."""
    return "\n".join(line.rpartition("│")[2] for line in wizard.lines)


async def on_a_dumb_terminal(runbook: str, scenario: str, state: Path) -> Shown:
    """Plain mode is chosen by itself there; it is asked and answered as in the wizard."""
    terminal = Terminal("lab", scenario, environment={**os.environ, "TERM": "dumb", "XDG_STATE_HOME": str(state)})

    answered = 0

    def asks() -> bool:
        return len(terminal.seen) > answered and terminal.seen.endswith((AT_STEP.encode(), TO_AGREE.encode()))

    try:
        while b"enter ends" not in terminal.seen[answered:]:
            await asyncio.to_thread(terminal.wait_for, asks, "a prompt")
            if b"enter ends" not in terminal.seen[answered:]:
                answered = len(terminal.seen)
                terminal.type("y\r" if terminal.seen.endswith(TO_AGREE.encode()) else "\r")
        terminal.type("\r")
        assert await asyncio.to_thread(terminal.wait_for_end) == 1
    finally:
        terminal.close()
    return Shown(_in_one_line(_free_of_sequences(terminal.seen)), _written(state))


async def through_pipes(runbook: str, scenario: str, state: Path) -> Shown:
    """Plain mode without any terminal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", "lab", "--plain", scenario, env={**os.environ, "XDG_STATE_HOME": str(state)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    said = ""
    async with asyncio.timeout(60):
        async for said in _prompts(process.stdout):
            process.stdin.write(b"y\n" if said.endswith(TO_AGREE) else b"\n")
    assert await process.wait() == 1
    return Shown(_in_one_line(_free_of_sequences(said.encode())), _written(state))


async def _prompts(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """All that was said, each time that it ends with a prompt, and once more at its end."""
    said = b""
    while chunk := await stream.read(65536):
        said += chunk
        if said.endswith((AT_STEP.encode(), TO_AGREE.encode())):
            yield said.decode()
    yield said.decode()


def _free_of_sequences(seen: bytes) -> str:
    assert b"\x1b" not in seen
    assert b"\x9b" not in seen.replace("›".encode(), b"")
    return seen.decode()


def _in_one_line(text: str) -> str:
    """As it is read: a command that is broken by a backtick is one command."""
    return " ".join(text.replace("\r", "").replace("`\n", "\n").split())


WAYS = {"mobility": on_a_dumb_terminal, "xmpp": through_pipes}


@pytest.mark.parametrize(
    ("runbook", "scenario"),
    [
        ("mobility", "policy-disabled-for-user"),
        pytest.param("xmpp", "xmpp-tls-missing", marks=pytest.mark.xdist_group("edge")),
    ],
)
async def test_the_same_walk_in_both(
    runbook: str, scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "wizard"))
    wizard = await in_the_wizard(runbook, scenario, tmp_path / "wizard")
    plain = await WAYS[runbook](runbook, scenario, tmp_path / "plain")
    assert [step for step, _ in wizard.findings] == [step for step, _ in plain.findings]
    assert wizard.findings == plain.findings
    assert without_places(wizard.verdict) == without_places(plain.verdict)
    for shown in (wizard, plain):
        tells_the_walk(shown)
    is_read_aloud(plain.text)


def is_read_aloud(text: str) -> None:
    """No sign and no frame that a screen reader would spell, or leave out."""
    assert {one for one in text if not one.isascii() and unicodedata.category(one) in {"Sm", "So", "Co"}} == set()


def tells_the_walk(shown: Shown) -> None:
    """What was written down was shown: question and finding of each step in their order, then the verdict."""
    runbook, place = RUNBOOKS[shown.journal.began.runbook], 0
    for step, concluded in shown.journal.concluded.items():
        finding, stated = concluded.finding, runbook.stage(step).step
        if finding.because:
            continue  # It was passed over, and the verdict says so.
        # What only another seat sees may be passed over, but by its name.
        in_full = (stated.question, finding.headline)
        for told in (stated.title,) if finding.seen_from else in_full:
            place = shown.text.find(_in_one_line(told), place)
            assert place >= 0, (step, told)
    verdict = shown.verdict
    for told in (verdict.headline, *(remedy.command() or remedy.action for remedy in verdict.remedies)):
        assert _in_one_line(told) in shown.text[place:], told


def test_what_no_screen_reader_reads_is_noticed() -> None:
    with pytest.raises(AssertionError):
        _free_of_sequences(b"\x1b[1mbold")
    with pytest.raises(AssertionError):
        is_read_aloud("\N{CHECK MARK} OK")
