"""What Format-Table prints: a header, a line of dashes that tells the columns, and a row for each object."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from checks.knowledge.pasted.console import Line, Unreadable
from checks.knowledge.pasted.format_list import Shown
from checks.knowledge.pasted.printed_values import CUT, value_of
from checks.knowledge.pasted.wrapping import Width, cells, is_wide, rejoined
from checks.text import clean

MOST_COLUMNS = 100
_DASHES = re.compile("-+")
_TOKENS = re.compile(r"\S+")
_FILLER = "\0"
_SENTENCES = frozenset({"displayname", "notafter", "notbefore", "description"})
"""Last columns whose values have blanks in them and are no names."""
_OWN_NAME = re.compile(r"\w{1,40}:|Global\Z|\S*@")

Columns = list[tuple[int, int]]
Split = Callable[[str, Columns], list[str] | None]


class _Table(NamedTuple):
    header: Line
    names: list[str]
    columns: Columns
    """Where the dashes of each begin and end, in columns of the console."""
    rows: list[Line]


def is_ruler(text: str) -> bool:
    """True for the line of dashes below a header."""
    return "-" in text and not text.strip("- ")


def holds_table(lines: list[Line]) -> bool:
    return any(above.text and is_ruler(line.text) for above, line in pairwise(lines))


def read(lines: list[Line]) -> Shown:
    """The objects of one table, or of several below each other. Raises Unreadable for a row that does not fit."""
    objects: list[dict[str, Any]] = []
    cut: dict[str, None] = {}
    for table in _tables(lines):
        for row in _unwrapped(table, _rows(table)):
            values = {name: value_of(cell, in_table=True) for name, cell in zip(table.names, row, strict=True)}
            cut |= dict.fromkeys(name for name, value in values.items() if value is CUT)
            objects.append({name: value for name, value in values.items() if value is not CUT})
    return Shown(objects, list(cut))


def _tables(lines: list[Line]) -> list[_Table]:
    found: list[_Table] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.text:
            position += 1
            continue
        if position + 1 == len(lines) or not is_ruler(lines[position + 1].text):
            raise Unreadable(f"Line {line.number} is not part of the table.", line)
        end = next((at for at in range(position + 2, len(lines)) if not lines[at].text), len(lines))
        found.append(_table(line, lines[position + 1], lines[position + 2 : end]))
        position = end
    return found


def _table(header: Line, ruler: Line, rows: list[Line]) -> _Table:
    columns = [dashes.span() for dashes in _DASHES.finditer(ruler.text)]
    wide = _spread(header.text)
    names = [clean(_packed(wide[start:end]).strip(), 300) for start, end in columns]
    if len(columns) > MOST_COLUMNS or not all(names) or len(set(names)) < len(names):
        raise Unreadable(f"Line {header.number} does not name the columns that the dashes below it show.", header)
    return _Table(header, names, columns, rows)


def _rows(table: _Table) -> list[list[str]]:
    """The cells of all rows, by the first way of splitting that fits every one of them."""
    culprit = table.header
    for split in (_by_cells, _by_characters, _by_words(table.names)):
        rows: list[list[str]] = []
        for line in table.rows:
            row = split(line.text, table.columns)
            if row is None:
                culprit = line
                break
            rows.append(row)
        else:
            return rows
    raise Unreadable(f"Line {culprit.number} does not fit the columns of the table.", culprit)


def _by_cells(text: str, columns: Columns) -> list[str] | None:
    """As the console counts: an ideograph takes two columns."""
    row = _by_characters(_spread(text), columns)
    return [_packed(cell) for cell in row] if row is not None else None


def _by_characters(text: str, columns: Columns) -> list[str] | None:
    """Cells that begin with their dashes or, being numbers, end with them; None where one does neither."""
    cuts = [0]
    for start, _ in columns[1:]:
        crossed = start < len(text) and text[start - 1] != " "
        cuts.append(text.rfind(" ", cuts[-1], start) + 1 if crossed else start)
    row: list[str] = []
    for (start, end), begin, limit in zip(columns, cuts, [*cuts[1:], len(text)], strict=True):
        cell = text[begin:limit].rstrip()
        shown = begin + len(cell) - len(cell.lstrip())
        if cell and shown != start and begin + len(cell) != end:
            return None
        row.append(cell.strip())
    return row


def _by_words(names: list[str]) -> Split:
    """For a table that lost its blanks in a document. A last column of sentences takes what is left."""

    def split(text: str, columns: Columns) -> list[str] | None:
        words = _TOKENS.findall(text)
        if len(words) > len(columns) and names[-1].lower() in _SENTENCES:
            words[len(columns) - 1 :] = [" ".join(words[len(columns) - 1 :])]
        return words if len(words) == len(columns) else None

    return split


def _unwrapped(table: _Table, rows: list[list[str]]) -> list[list[str]]:
    """Rows that -Wrap broke are put together: only their first line has something in the first column."""
    pieces: list[list[list[str]]] = []
    for line, row in zip(table.rows, rows, strict=True):
        if not row[0] and pieces:
            for column, cell in zip(pieces[-1], row, strict=True):
                if cell:
                    column.append(cell)
            continue
        if pieces and _may_go_on(table, pieces[-1], row):
            raise Unreadable(f"Line {line.number} may be a row of its own or the rest of the one above it.", line)
        pieces.append([[cell] if cell else [] for cell in row])
    widths = _widths(table, rows)
    return [
        [rejoined(column, width) for column, width in zip(row, widths, strict=True)]
        for row in pieces
    ]  # fmt: skip


def _may_go_on(table: _Table, above: list[list[str]], row: list[str]) -> bool:
    """True where the first cell could be the end of a name that filled its column above."""
    if len(row) < 2 or any(row[1:]) or not above[0] or _OWN_NAME.match(row[0]):
        return False
    return cells(above[0][-1]) >= table.columns[1][0] - table.columns[0][0] - 1


def _widths(table: _Table, rows: list[list[str]]) -> list[Width]:
    starts = [start for start, _ in table.columns]
    widths = [after - start - 1 for start, after in pairwise(starts)]
    widths.append(max((cells(row[-1]) for row in rows), default=0))
    return [Width(columns, sure=True) for columns in widths]


def _spread(text: str) -> str:
    """The text with a filler behind each character that takes two columns."""
    if text.isascii():
        return text
    return "".join(character + _FILLER if is_wide(character) else character for character in text)


def _packed(text: str) -> str:
    return text.replace(_FILLER, "")
