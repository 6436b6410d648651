"""The frame of every screen: a line with two ends, a rule, the keys that work now, a notice."""

from collections.abc import Sequence
from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.style import Style
from textual.widget import Widget

from tui.glyphs import Glyphs, plain

GAP = 3


def does(content: Content, action: str) -> Content:
    """The words, which run an action of the screen or the app when they are clicked.

    Textual's own links would take a colour and an underline of theirs.
    """
    return content.stylize(Style.from_meta({"does": action}))


class Clickable(Widget):
    """Text with words that run an action when they are clicked."""

    def on_click(self, event: Click) -> None:
        action = event.style.meta.get("does")
        if action is not None:
            # Left to the app: an action may take away the screen that this widget is on.
            self.app.call_next(self.app.run_action, action, self)


def ends(left: Content, right: Content, width: int, glyphs: Glyphs) -> Content:
    """One line of that width with a left and a right end; the left is cut where both do not fit."""
    room = width - right.cell_length - (2 if right else 0)
    if left.cell_length > room:
        left = left.truncate(max(room - len(glyphs.ellipsis), 0)) + Content(glyphs.ellipsis)
    return left.pad_right(max(width - left.cell_length - right.cell_length, 0)) + right


class EndsLine(Widget):
    """One line with a left and a right end; the left is cut where both do not fit."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self._ends = (Content(""), Content(""))

    def show(self, left: Content, right: Content | None = None) -> None:
        before, self._ends = self._ends, (left, right or Content(""))
        if not all(old.is_same(new) for old, new in zip(before, self._ends, strict=True)):
            self.refresh()

    def render(self) -> Content:
        return ends(*self._ends, self.content_size.width, self.glyphs)


class Rule(Widget):
    """A line across the screen, with a few words at its right end where there is something to say."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(**options)
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
        return Content.assemble((line * (width - len(words) - 2), "$rule"), (words, "$quiet"), (line * 2, "$rule"))


class KeyLine(Clickable):
    """The keys that work now, in one line. Where they do not all fit, those before the last two give way."""

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self._rendered = Content("")

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def render(self) -> Content:
        self._rendered = self._keys()
        return self._rendered

    def _changed(self, _screen: object) -> None:
        if not self._keys().is_same(self._rendered):
            self.refresh()

    def _keys(self) -> Content:
        return key_line([self._shown(binding) for binding in self._working()], self.content_size.width)

    def _working(self) -> Sequence[Binding]:
        focused = self.screen.focused
        typing = focused is not None and focused.check_consume_key("a", "a")
        working: dict[str, Binding] = {}
        for node in (focused, self.screen) if focused is not None else (self.screen,):
            for binding in type(node).BINDINGS:
                if not isinstance(binding, Binding) or not binding.show or (typing and is_printable(binding.key)):
                    continue
                if node.check_action(binding.action.partition("(")[0], ()):
                    # What has the focus takes a key before its screen does.
                    working.setdefault(binding.key.partition(",")[0], binding)
        return list(working.values())

    def _shown(self, binding: Binding) -> tuple[str, str, str]:
        key = binding.key.partition(",")[0]
        arrows = {"up": self.glyphs.up_down, "left": self.glyphs.left_right}
        return arrows.get(key) or binding.key_display or key, binding.description, binding.action


def is_printable(keys: str) -> bool:
    """Whether a field takes the first of the keys as text."""
    key = keys.partition(",")[0]
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
    return does(entry, target if target.endswith(")") else f"{target}()")
