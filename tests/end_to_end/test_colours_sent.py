"""What is sent to a terminal: with NO_COLOR no colour, with sixteen colours none that such a terminal does not have."""

import os
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")
JOURNAL = Path(__file__).parents[1] / "journals" / "mobility-policy-disabled-for-user.jsonl"
PRESSED = (
    ("", "Verdict"), ("\r", "Does the mobility policy"), ("e", "Get-CsMobilityPolicy"), ("?", "esc close"),
    ("\x1b", "Evidence"), ("\x10", "Search for commands"),
)  # fmt: skip
"""Keys, and what is to be seen before the next one is pressed."""
_SGR = re.compile(rb"\x1b\[([\d;:]*)m")
_EXTENDED = {"38", "48", "58"}
"""What begins a colour of 256 or of 16 million."""
_SIXTEEN = {str(number) for first in (30, 40, 90, 100) for number in range(first, first + 8)}


def shown(environment: dict[str, str], tmp_path: Path) -> bytes:
    """What the verdict, a step with its evidence, the help and the palette send."""
    walk = tmp_path / "walk.jsonl"
    shutil.copy(JOURNAL, walk)
    inherited = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLORTERM"}}
    terminal = Terminal(
        "resume",
        str(walk),
        environment={**inherited, "XDG_STATE_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"} | environment,
    )
    try:
        for keys, words in PRESSED:
            begin = len(terminal.seen)
            terminal.type(keys)
            terminal.wait_for(partial(says, terminal, words, begin), words)
        terminal.type("\x11")
        terminal.wait_for_end()
    finally:
        terminal.close()
    return terminal.seen


def says(terminal: Terminal, words: str, begin: int) -> bool:
    """True where the words were sent since then, whatever sequences stand between them."""
    return words.encode() in re.sub(rb"\x1b\[[\d;:?]*[A-Za-z]", b"", terminal.seen[begin:])


def codes(sent: bytes) -> Iterator[str]:
    """The colours and attributes that were set, one by one; of an extended colour what begins it."""
    for sequence in _SGR.findall(sent):
        parts = iter(sequence.decode().replace(":", ";").split(";"))
        for part in parts:
            yield part
            if part in _EXTENDED:
                for _ in range(1 if next(parts, "") == "5" else 3):
                    next(parts, "")


def test_with_no_color_no_colour_is_sent(tmp_path: Path) -> None:
    sent = set(codes(shown({"TERM": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "truecolor"}, tmp_path)))
    assert not sent & (_SIXTEEN | _EXTENDED)
    assert "1" in sent, "bold is no colour"
    assert "7" in sent, "nor is the cursor of a field"


def test_sixteen_colours_are_the_terminals_own(tmp_path: Path) -> None:
    sent = set(codes(shown({"TERM": "xterm"}, tmp_path)))
    assert not sent & _EXTENDED
    assert sent & _SIXTEEN


def test_many_colours_are_noticed(tmp_path: Path) -> None:
    sent = set(codes(shown({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, tmp_path)))
    assert sent & _EXTENDED
