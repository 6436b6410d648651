"""A pasted screen as lines: what was typed at a prompt told apart from what a command printed."""

import re
from collections.abc import Iterable

from checks.knowledge.pasted import MOST_CHARACTERS
from checks.model import Frozen

LONGEST_LINE = 4000
MOST_LINES = 60_000
CONSOLE = 80
"""Columns of the narrowest console that is met: a line that is shorter was not broken by it."""

_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x85]")
_PROMPTS = re.compile(
    r"""\s{0,4}(?:\[[^\]\s]{1,80}\]:\s)?(?:
        PS\s[^<>|]{1,260}>{1,2}\s?          # PS C:\Users\kenmyer>
      | [A-Za-z]:\\[^<>|]{0,260}>\s?        # C:\>
      | [\w.-]{1,64}@[\w.-]{1,64}[^$\#<>]{0,200}[$\#]\s   # kenmyer@edge:~$
      | [$\#]\s
    )(.*)\Z""",
    re.VERBOSE,
)
_URL = re.compile(r"""https?://[^\s"'<>|;]{1,2000}""", re.IGNORECASE)


class Line(Frozen, frozen=True):
    """One line of the paste."""

    number: int
    """From 1."""
    text: str
    """As pasted, without trailing blanks."""
    width: int
    """With trailing blanks: how much of the console it filled."""

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def lines_of(text: str) -> list[Line]:
    """The lines, bounded in number and length."""
    head = text[:MOST_CHARACTERS].removeprefix("\ufeff").replace("\xa0", " ").replace("\u202f", " ")
    parts = _BREAK.split(head)[:MOST_LINES]
    return [Line(number, part[:LONGEST_LINE].rstrip(), len(part)) for number, part in enumerate(parts, 1)]


def typed_at(line: Line) -> str | None:
    """What was typed, where the line begins with a prompt of cmd, PowerShell or a Unix shell; else None."""
    prompt = _PROMPTS.match(line.text)
    return prompt.group(1).strip() if prompt else None


def commands_in(lines: Iterable[Line]) -> list[str]:
    """All that was typed, and what a PowerShell error repeats of it (`+ Invoke-WebRequest …`)."""
    found = []
    for line in lines:
        typed = typed_at(line)
        if typed is None and line.text.startswith("+ ") and not line.text.startswith("+ ~"):
            typed = line.text[2:].strip()
        if typed:
            found.append(typed)
    return found


def urls_in(command: str) -> list[str]:
    return _URL.findall(command)


def squeezed(text: str) -> str:
    """Without any blank and in lower case: consoles break lines inside words, and languages differ in blanks."""
    return "".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).casefold()


def continued(before: str, last: Line, after: Line) -> str:
    """`before`, whose last line is `last`, with the line after it as the one line that they were.

    Joined inside a word where the console was full, else between words.
    """
    full = CONSOLE <= last.width == len(last.text)
    return before + after.text if full else f"{before} {after.text.strip()}"
