"""Lines that a console broke, as the one line that they were.

Windows PowerShell breaks at blanks and behind hyphens, and inside a word only where that fills a line alone; with an
Asian language it breaks anywhere. The blank at which it broke is not copied, so it must be put back.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

_CONSOLES = frozenset({79, 80, 119, 120})
"""Columns that consoles and Out-String commonly have."""


class Width(NamedTuple):
    """How wide the lines were that the console broke."""

    columns: int
    sure: bool
    """True where it is a width that consoles have, or a column of a table."""
    anywhere: bool = False
    """True where words are broken that would have fitted on the next line."""


def cells(text: str) -> int:
    """Columns that a text takes: an ideograph or a syllable of Hangul takes two."""
    return len(text) if text.isascii() else sum(1 + is_wide(character) for character in text)


def is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def width_of(texts: Iterable[str]) -> Width:
    """The width that the longest of these lines shows."""
    columns, asian = 0, False
    for text in texts:
        columns = max(columns, cells(text))
        asian = asian or (not text.isascii() and any(map(is_wide, text)))
    return Width(columns, sure=columns in _CONSOLES, anywhere=asian)


def rejoined(pieces: Sequence[str], width: Width, indent: int = 0) -> str:
    """The text whose pieces were printed below each other, each behind `indent` blanks."""
    if not pieces:
        return ""
    parts = [pieces[0]]
    collection = pieces[0].startswith("{")
    for before, after in pairwise(pieces):
        separated = collection and before.endswith(",")
        parts.append("" if not separated and _inside_a_word(before, after, width, indent) else " ")
        parts.append(after)
    return "".join(parts).strip()


def _inside_a_word(before: str, after: str, width: Width, indent: int) -> bool:
    if not before or not after:
        return False
    if after.startswith(" ") or (before.endswith("-") and not before.endswith(" -")):
        return True
    if indent + cells(before) != width.columns:
        return False
    if width.anywhere and width.sure:
        return True
    if not width.sure and " " in before:
        return False
    # A word that fits on a line of its own, with the blank behind it, is not broken.
    return cells(before.rpartition(" ")[2]) + cells(after.partition(" ")[0]) >= width.columns - indent
