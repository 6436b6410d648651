"""Questions on stdin and stdout, line by line."""

import asyncio
import os
import re
import shutil
import stat
import sys
import textwrap
from collections.abc import Callable, Sequence

from checks.deployment import InvalidName
from checks.knowledge.pasted import MOST_CHARACTERS
from checks.report.text import WIDTH
from checks.secret import Secret
from checks.text import clean
from checks.threads import in_thread

END = "."
"""The line that ends a paste. No command prints it alone."""


class Left(Exception):
    """The user wants to leave, or nobody is there to answer."""


class Ended(Left):
    """The input has ended, or the terminal was told so with ctrl+d or ctrl+z."""


_HARD = "\N{NO-BREAK SPACE}"
NARROWEST = 40
"""Columns below which nothing is made narrower."""
_HANGING = re.compile(r" *(?:\d+  |\w+ {2,5})?")
"""What a line begins with, and its continuation is indented by: blanks, and a number or a word of a list."""


def width() -> int:
    """The columns of the terminal; those of a report where stdout is none."""
    return max(NARROWEST, min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH))


def columns_read_on() -> int | None:
    """The columns of the terminal on which stdout is read, there or in a pager; None where it goes elsewhere."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size((WIDTH, 24)).columns
    try:
        is_piped = stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
        return os.get_terminal_size(sys.stderr.fileno()).columns if is_piped and sys.stderr.isatty() else None
    except OSError:
        return None


def say(prose: str) -> None:
    """Prints a line, or several, each broken between words where the terminal ends."""
    for line in prose.split("\n"):
        show("\n".join(_wrapped(line, width())))


def say_keys(keys: Sequence[str]) -> None:
    """Prints keys and what they do; a line breaks only between one key and the next."""
    line = ", ".join(key.replace(" ", _HARD) for key in keys)
    show("\n".join(_wrapped(line, width())).replace(_HARD, " "))


def show(lines: str) -> None:
    """Prints lines as they are: what is there to be pasted stays one line."""
    sys.stdout.write(f"{lines}\n")
    sys.stdout.flush()


def _wrapped(line: str, columns: int) -> list[str]:
    start = _HANGING.match(line)
    indent = "# " if line.startswith("# ") else " " * (start.end() if start else 0)
    return textwrap.wrap(
        line, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]  # fmt: skip


async def ask(prompt: str) -> str:
    """A line of input without blanks around it. Raises Left for q, and at the end of the input."""
    typed = (await _line(prompt)).strip()
    if typed.lower() == "q":
        raise Left
    return typed


async def ask_name(prompt: str, parse: Callable[[str], str]) -> str:
    """A name as the deployment takes it; empty where nothing is typed."""
    while True:
        typed = await ask(prompt)
        try:
            return parse(typed) if typed else ""
        except InvalidName as error:
            say(str(error))


async def ask_password(account: str) -> Secret:
    """A password, typed without echo."""
    from tui.passwords import ask_password as asked

    return await in_thread(lambda: asked(account))


async def choose(titles: Sequence[str], proposed: int | None = None) -> int:
    """The number of the chosen title, from 0; enter takes the proposed one."""
    for number, title in enumerate(titles, 1):
        say(f"{number:>2}  {title}")
    enter = f", enter for {proposed + 1}" if proposed is not None else ""
    while True:
        typed = await ask(f"1 to {len(titles)}{enter}, q quits: ")
        if not typed and proposed is not None:
            return proposed
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= len(titles):
            return int(typed) - 1
        say(f"A number from 1 to {len(titles)}.")


async def agree() -> bool:
    """True for y alone: enter, which goes on everywhere, agrees to nothing."""
    while True:
        typed = (await ask("y agrees and runs it, enter goes on without it, q quits: ")).lower()
        if typed in {"", "s", "n", "y"}:
            return typed == "y"
        say(f"{clean(typed, 20)!r} is none of these.")


async def ask_paste() -> str:
    """Lines as they come, up to one with a single dot, or to the end of the input where there are some.

    Of a paste that is too long, a little more than may be is kept.
    """
    lines: list[str] = []
    size = 0
    try:
        while (line := await _line("")).strip() != END:
            if size <= MOST_CHARACTERS:
                lines.append(line if line.isprintable() else clean(line, len(line) + 1))
            size += len(line) + 1
    except Ended:
        if not lines:
            raise
    return "\n".join(lines)


async def _line(prompt: str) -> str:
    try:
        return await in_thread(lambda: input(prompt))
    except EOFError:
        raise Ended from None
    except asyncio.CancelledError:
        raise Left from None
