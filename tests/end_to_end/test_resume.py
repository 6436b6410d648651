"""The wizard in a real terminal: killed in the middle of a walk, it is resumed with nothing lost but the running step."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from checks import journal as journals
from checks.journal import Journal, UnreadableJournal
from checks.runbooks import RUNBOOKS
from checks.sign_ins import acts
from tests.end_to_end.terminal import Terminal

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")]
STEPS = RUNBOOKS["mobility"].step_ids
ASKED = b"Enter goes on without it."


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "TERM": "xterm-256color", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def walks(tmp_path: Path) -> Path:
    return tmp_path / "state" / "lyncdoctor" / "walks"


def readable(path: Path) -> Journal | None:
    """None while its first line is being written."""
    try:
        return journals.read(path)
    except UnreadableJournal:
        return None


def only_journal(walks: Path) -> Journal | None:
    paths = list(walks.glob("*.jsonl"))
    assert len(paths) <= 1
    return readable(paths[0]) if paths else None


def concluded(walks: Path) -> list[str]:
    journal = only_journal(walks)
    return list(journal.concluded) if journal else []


def walk_on(terminal: Terminal, findings: Callable[[], int], last: int) -> None:
    """Presses enter until there are so many findings; where the wizard asks whether it may sign in, it goes on without."""

    def goes_on(before: int, asked: int) -> bool:
        return findings() > before or terminal.seen.count(ASKED) > asked

    while (before := findings()) < last:
        terminal.type("\r")
        asked = terminal.seen.count(ASKED)
        terminal.wait_for(partial(goes_on, before, asked), "the next finding, or question")


@pytest.fixture
def opened(environment: dict[str, str]) -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP], ids=lambda number: number.name)
def test_a_killed_walk_is_resumed(
    number: signal.Signals, environment: dict[str, str], walks: Path, opened: list[Terminal]
) -> None:
    first = Terminal("lab", "healthy", environment=environment)
    opened.append(first)
    first.wait_for(lambda: concluded(walks) == [STEPS[0]], "the first finding")
    first.type("\r")
    first.wait_for(lambda: concluded(walks) == list(STEPS[:2]), "the second finding")
    children = psutil.Process(first.pid).children(recursive=True)
    assert children, "the practice deployment runs"
    first.kill(number)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, "the practice deployment died with the wizard"

    journal = only_journal(walks)
    assert journal is not None
    assert journal.began.scenario == "healthy"
    before = {step: journal.concluded[step] for step in STEPS[:2]}

    second = Terminal("resume", environment=environment)
    opened.append(second)
    second.wait_for(lambda: concluded(walks) == list(STEPS[:3]), "the third finding, after the resumption")
    # However it was killed, it goes on in the same way: once is enough to go to the end.
    last = len(STEPS) if number is signal.SIGKILL else 4
    walk_on(second, lambda: len(concluded(walks)), last)
    assert concluded(walks) == list(STEPS[:last])
    after = only_journal(walks)
    assert after is not None
    assert {step: after.concluded[step] for step in STEPS[:2]} == before, "what was concluded is not asked again"
    assert not any(map(acts, after.asked)), "enter alone agrees to nothing"
    second.type("v")
    second.wait_for(lambda: b"Verdict" in second.seen or b"No fault" in second.seen, "the verdict")
    second.type("q")
    assert second.wait_for_end() == 0


def test_ctrl_c_twice_ends_it(environment: dict[str, str], walks: Path, opened: list[Terminal]) -> None:
    terminal = Terminal("lab", "healthy", environment=environment)
    opened.append(terminal)
    terminal.wait_for(lambda: len(concluded(walks)) == 1, "the first finding")
    terminal.type("\x03")
    terminal.type("\x03")
    assert terminal.wait_for_end() in {0, 130}
    assert b"\x1b[?1049l" in terminal.seen, "the terminal is given back as it was"


def test_without_a_terminal_it_goes_on_in_plain_mode_and_says_so(environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tui"], env=environment, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0
    assert "This is no terminal" in run.stderr
    assert "plain mode" in run.stderr
    assert "Start from a symptom" in run.stdout
    assert "\x1b" not in run.stdout + run.stderr


def test_the_last_walk_is_reported_and_the_unfinished_one_resumed(
    environment: dict[str, str], walks: Path, opened: list[Terminal]
) -> None:
    def steps() -> list[int]:
        return [len(journal.concluded) if (journal := readable(path)) else 0 for path in sorted(walks.glob("*.jsonl"))]

    first = Terminal("lab", "refused", environment=environment)
    opened.append(first)
    first.wait_for(lambda: b"DNS records" in first.seen and b" OK " in first.seen, "the first finding to read")
    first.type("q")
    first.wait_for_end()
    [walked] = steps()
    assert walked
    assert b"lyncdoctor report" in first.seen
    second = Terminal("lab", "edge-not-listening", environment=environment)
    opened.append(second)
    second.wait_for(lambda: len(steps()) == 2 and steps()[1] > 0, "the first finding of the other walk")
    walk_on(second, lambda: steps()[1], len(RUNBOOKS["xmpp"].stages))
    second.type("q")
    second.wait_for_end()
    run = subprocess.run(
        [sys.executable, "-m", "tui", "report"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "xmpp.listening/none" in run.stdout
    third = Terminal("resume", environment=environment)
    opened.append(third)
    third.wait_for(lambda: steps()[0] > walked, "the next finding of the first walk, which was not finished")
