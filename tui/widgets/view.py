"""A page that is looked at through the screen, and of which only the lines that changed are sent to the terminal."""

from collections.abc import Sequence
from typing import Any

from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region
from textual.message import Message

from tui.widgets.lines import Clickable


class View(Clickable):
    """Lines of text, as many as there is room for, from one of them on.

    A container that scrolls would send the whole screen at every change of its content.
    """

    class Resized(Message):
        """There is room for more lines now, or for fewer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lines: list[Content] = []
        self._top = 0
        self._seen: list[Content] = []

    def show(self, lines: Sequence[Content], *, from_top: bool = False) -> None:
        """Shows other lines; from the first, or from where the user had scrolled to."""
        self._lines = list(lines)
        self._look_from(0 if from_top else self._top)

    def move(self, lines: int) -> None:
        """Scrolls by some lines, as far as there are any."""
        self._look_from(self._top + lines)

    def begin_at(self, line: int) -> None:
        """Scrolls so that the line is the first that is seen, or as near to it as the page reaches."""
        self._look_from(line)

    def bring(self, first: int, end: int) -> None:
        """Scrolls so that these rows are seen, or as many of them as there is room for."""
        if end > self._top + self.size.height:
            self._look_from(min(first, end - self.size.height))

    @property
    def page_height(self) -> int:
        """Lines to scroll by so that two of those seen stay."""
        return max(self.size.height - 2, 1)

    @property
    def below(self) -> int:
        """How many lines lie below those that are seen."""
        return max(len(self._lines) - self._top - self.size.height, 0)

    def render(self) -> Content:
        return Content("\n").join(self._seen)

    def on_resize(self, event: Resize) -> None:
        self._look_from(self._top)
        self.post_message(self.Resized())

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.move(-3)

    def _look_from(self, top: int) -> None:
        height = self.size.height
        self._top = max(0, min(top, len(self._lines) - height))
        before, self._seen = self._seen, self._lines[self._top : self._top + height]
        width, nothing = self.size.width, Content("")
        changed = [
            Region(0, row, width, 1)
            for row in range(height)
            if not _at(before, row, nothing).is_same(_at(self._seen, row, nothing))
        ]
        if changed:
            self.refresh(*changed)


def _at(lines: Sequence[Content], row: int, nothing: Content) -> Content:
    return lines[row] if row < len(lines) else nothing
