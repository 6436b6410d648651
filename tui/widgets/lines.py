"""The frame of every screen: a line with two ends, a rule, the keys that work now, a notice."""

from collections.abc import Sequence
from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, Static

from tui.glyphs import Glyphs, plain

GAP = 3


class EndsLine(Static):
    """One line with a left and a right end; the left is cut where both do not fit."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(markup=False, **options)
        self.glyphs = glyphs
        self._ends = (Content(""), Content(""))

    def show(self, left: Content, right: Content | None = None) -> None:
        ends = (left, right or Content(""))
        if ends != self._ends:
            self._ends = ends
            self.refresh()

    def render(self) -> Content:
        left, right = self._ends
        room = self.content_size.width - right.cell_length - (2 if right else 0)
        if left.cell_length > room:
            mark = self.glyphs.ellipsis
            left = left.truncate(max(room - len(mark), 0)) + Content(mark)
        return left.pad_right(self.content_size.width - left.cell_length - right.cell_length) + right


class Rule(Static):
    """A line across the screen, with a few words at its right end where there is something to say."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(markup=False, **options)
        self.glyphs = glyphs
        self._words = ""

    def say(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.refresh()

    def render(self) -> Content:
        line, width = self.glyphs.line, self.content_size.width
        if not self._words:
            return Content.styled(line * width, "$rule")
        words = f" {plain(self._words, self.glyphs)} "
        return Content.assemble(
            (line * (width - len(words) - 2), "$rule"), (words, "$quiet"), (line * 2, "$rule")
        )


class KeyLine(Static):
    """The keys that work now, in one line. Where they do not all fit, those before the last two give way."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(markup=False, **options)
        self.glyphs = glyphs

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render(self) -> Content:
        return key_line([self._shown(binding) for binding in self._working()], self.content_size.width)

    def _working(self) -> Sequence[Binding]:
        typing = isinstance(self.screen.focused, Input)
        working = [
            active.binding for active in self.screen.active_bindings.values() if active.enabled and active.binding.show
        ]
        return [binding for binding in working if not (typing and is_printable(binding.key))]

    def _shown(self, binding: Binding) -> tuple[str, str, str]:
        key = {"up": self.glyphs.up_down, "left": self.glyphs.left_right}.get(binding.key)
        return key or binding.key_display or binding.key, binding.description, binding.action


def is_printable(key: str) -> bool:
    """Whether a field takes the key as text."""
    return len(key) == 1 or key in {"question_mark", "slash", "space"}


def key_line(keys: Sequence[tuple[str, str, str]], width: int, kept: int = 2) -> Content:
    """Key, meaning and action of each, in one line of at most `width` cells."""
    entries = [_entry(key, meaning, action) for key, meaning, action in keys]
    while len(entries) > kept and _width(entries) > width:
        del entries[-kept - 1]
    return Content(" " * GAP).join(entries)


def _width(entries: Sequence[Content]) -> int:
    return sum(entry.cell_length for entry in entries) + GAP * (len(entries) - 1)


def _entry(key: str, meaning: str, action: str) -> Content:
    entry = Content.assemble((key, "$key"), " ", (meaning, "$quiet"))
    target = action if "." in action.partition("(")[0] else f"screen.{action}"
    return entry.stylize(Style.from_meta({"@click": target if target.endswith(")") else f"{target}()"}))
