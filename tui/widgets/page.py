"""Text laid out at one width. Everything that others wrote passes here before it reaches the screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from checks.text import clean
from tui.glyphs import Glyphs, plain

READABLE = 96
"""Cells; a longer line is hard to read."""
LABEL = 11
"""Cells of the column that holds the status, Fix, Who, Risk and Verify."""
HANGING = 2
"""Cells by which a folded line goes on further right."""
MOST_TEXT = 4000

QUIET = "$quiet"
STRONG = "bold"


class Page:
    """Lines of text at one width, each harmless and in the signs of one family."""

    def __init__(self, width: int, glyphs: Glyphs) -> None:
        self.width = max(min(width, READABLE), 20)
        self.glyphs = glyphs
        self._lines: list[Content] = []
        self.parts: dict[str, tuple[int, int]] = {}
        """The rows of what was written as a part, by name: the first, and the one after the last."""

    def blank(self) -> None:
        """An empty line, unless the page begins or already has one."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Content(""))

    def text(self, text: str, style: str | Style = "", indent: int = 0) -> None:
        """A paragraph, wrapped between words."""
        for line in self._wrapped(text, style, self.width - indent):
            self._lines.append(Content(" " * indent) + line)

    def labelled(
        self, label: str, text: str, style: str | Style = "", label_style: str = QUIET, column: int = LABEL
    ) -> None:
        """A label in its column and a paragraph beside it; below it, where the label is wider than the column."""
        head = Content.styled(self.safe(label).ljust(column), label_style)
        lines = self._wrapped(text, style, self.width - column)
        if head.cell_length > column:
            self._lines.append(head)
        else:
            self._lines.append(head + lines.pop(0))
        self._lines += [Content(" " * column) + line for line in lines]

    def verbatim(self, lines: list[str], label: str = "", indent: int = LABEL, style: str = "") -> None:
        """Lines as they are, folded only where the screen ends; a label beside the first.

        What is folded goes on a little further right, so that it is not taken for a line of its own.
        """
        for number, line in enumerate(lines):
            head = label.ljust(indent) if not number else " " * indent
            first, *rest = _folded(self.safe(line), max(self.width - indent, 8))
            self._lines.append(Content.styled(head, QUIET) + Content.styled(first, style))
            further = Content(" " * (indent + HANGING))
            self._lines += [further + Content.styled(one, style) for one in rest]

    def line(self, content: Content) -> None:
        """A line that is ready; it must hold nothing that others wrote."""
        self._lines.append(content)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is written within is a part that can be scrolled to."""
        first = len(self._lines)
        yield
        self.parts[name] = first, len(self._lines)

    def safe(self, text: str) -> str:
        """One line without control characters, in the signs of the family."""
        return plain(clean(text, MOST_TEXT), self.glyphs)

    @property
    def lines(self) -> list[Content]:
        """The whole page, without an empty line at its end."""
        return self._lines[:-1] if self._lines and not self._lines[-1].plain else self._lines

    def _wrapped(self, text: str, style: str | Style, width: int) -> list[Content]:
        content = Content(self.safe(text))
        lines = content.wrap(max(width, 8)) if content.plain else [content]
        return [Content.styled(line.plain.rstrip(), style) for line in lines]


def _folded(line: str, width: int) -> list[str]:
    """The line in parts that fit, the later ones into less; between words where the last part of a line has a blank."""
    parts: list[str] = []
    room = width
    while cell_len(line) > room:
        part = Content(line).fold(room)[0].plain
        blank = part.rfind(" ", len(part) // 2)
        # What the part ends with is whole where a blank follows it.
        if blank > 0 and line[len(part)] != " ":
            part = part[: blank + 1]
        parts.append(part)
        line = line[len(part) :]
        room = width - HANGING
    return [*parts, line]
