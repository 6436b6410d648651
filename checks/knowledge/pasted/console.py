"""A PowerShell window as it was copied: numbered lines, and what was typed told apart from what came of it."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

MOST_LINES = 200_000
LONGEST_COMMAND = 10_000
NARROWEST = 79
"""Columns that the narrowest console shows: a command that is shorter was not broken by it."""

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_PROMPT = re.compile(
    r"\s{0,4}(?:\[[^\]\s]{1,255}\]:? ?)?(?:PS(?: [^<>|]{1,260})?>|[A-Za-z]:\\[^<>|]{0,260}>)>? ?(?P<typed>.*)\Z"
)
_MORE = re.compile(r"\s{0,4}>> ?(?P<typed>.*)\Z")
_COMMAND = re.compile(
    r"\s{0,8}(?P<typed>(?:\$\w{1,40} ?= ?)?[A-Za-z]{2,20}-[A-Za-z][A-Za-z0-9]{1,60}(?!\s{0,40}:)(?: .*)?)\Z"
)
_OUTPUT = re.compile(r"\s*(?:[{\[<\"]|#< |[A-Za-z]+-[A-Za-z]+ ?: |[^\W\d_]{2,20} ?: )")
_AROUND = re.compile(r"\s*(?:`{3,}\w*|-- ?More ?--.{0,200}|<SPACE> .{0,200}|\*{10,})\s*\Z")


class Line(NamedTuple):
    """One line of the paste, without trailing blanks."""

    number: int
    """From 1."""
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


class Unreadable(Exception):
    """The paste cannot be read. `line` is where; None where it is the whole."""

    def __init__(self, sentence: str, line: Line | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


class Segment(NamedTuple):
    """A command and the lines that follow it."""

    command: str
    """As typed; empty where the paste does not show it."""
    lines: list[Line]
    prompted: bool
    """True where a prompt or a command stands before the lines, so that no lines mean no output."""
    number: int = 0
    """The number of the line with the command."""

    @property
    def empty(self) -> bool:
        return not any(line.text for line in self.lines)


def lines_of(text: str) -> list[Line]:
    """The lines of a text, its blanks made plain. Raises Unreadable where there are more than MOST_LINES."""
    plain = text.removeprefix("\ufeff").replace("\xa0", " ").replace("\u202f", " ")
    parts = _BREAK.split(plain, maxsplit=MOST_LINES)
    if len(parts) > MOST_LINES:
        raise Unreadable(f"That is more than {MOST_LINES} lines.")
    return [Line(number, part.expandtabs().rstrip()) for number, part in enumerate(parts, 1)]


def segments(lines: Iterable[Line]) -> list[Segment]:
    """The paste cut at its prompts. Where it begins with a command without a prompt, that is recognised too."""
    reader = _Reader()
    for line in lines:
        if not _AROUND.match(line.text):
            reader.take(line)
    return reader.found


class _Reader:
    """Knows whether a command is still being typed."""

    def __init__(self) -> None:
        self.found = [Segment("", [], prompted=False)]
        self._empty = True
        self._wrapped = False

    def take(self, line: Line) -> None:
        last = self.found[-1]
        if typed := self._typed(line, last):
            self.found.append(Segment(typed["typed"].strip(), [], prompted=True, number=line.number))
            self._empty = True
        elif more := self._more(line, last):
            self.found[-1] = last._replace(command=last.command + more)
        else:
            last.lines.append(line)
            self._empty = self._empty and not line.text
            self._wrapped = False
            return
        self._wrapped = len(line.text) >= NARROWEST

    def _typed(self, line: Line, last: Segment) -> re.Match[str] | None:
        if last.prompted or not self._empty:
            return _PROMPT.match(line.text)
        return _PROMPT.match(line.text) or _COMMAND.match(line.text)

    def _more(self, line: Line, last: Segment) -> str:
        """What goes on with the command: typed at another prompt, or broken off by the console."""
        if not last.prompted or not self._empty or len(last.command) > LONGEST_COMMAND:
            return ""
        if more := _MORE.match(line.text):
            return f" {more['typed']}"
        return line.text if self._wrapped and not _OUTPUT.match(line.text) else ""


def closed_up(lines: list[Line]) -> list[Line]:
    """Without blank lines, where every second line is one: so a page of the documentation is copied."""
    filled = [position for position, line in enumerate(lines) if line.text]
    spaced = all(second - first > 1 for first, second in pairwise(filled))
    return [lines[position] for position in filled] if spaced and len(filled) > 2 else lines


def dedented(lines: list[Line]) -> list[Line]:
    """Without the blanks that all lines begin with."""
    margin = min((line.indent for line in lines if line.text), default=0)
    return [line._replace(text=line.text[margin:]) for line in lines] if margin else lines
