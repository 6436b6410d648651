"""A list to choose from: one line each, with the cursor before the chosen one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from checks.text import clean
from tui.glyphs import Glyphs, plain


@dataclass(frozen=True)
class Item:
    """One line of a menu. An item without a key is a blank line."""

    key: str = ""
    title: str = ""
    note: str = ""


class Menu(Widget, can_focus=True):
    """The items, as many as there is room for; the chosen one is always among them.

    `unchosen`: none is chosen until the user moves, so that an enter meant for something else opens nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "choose"),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(-1)", show=False),
        Binding("enter,space", "open", "open", key_display="enter"),
    ]

    cursor: reactive[int] = reactive(0)

    class Opened(Message):
        """The user chose an item."""

        def __init__(self, item: Item) -> None:
            self.item = item
            super().__init__()

    class Moved(Message):
        """The cursor stands on another item; None where the menu is empty."""

        def __init__(self, item: Item | None) -> None:
            self.item = item
            super().__init__()

    def __init__(
        self, items: Sequence[Item], glyphs: Glyphs, column: int, *, unchosen: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        if unchosen:
            self.set_reactive(Menu.cursor, -1)
        self.glyphs = glyphs
        self.items = list(items)
        self.column = column

    @property
    def chosen(self) -> Item | None:
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def fill(self, items: Sequence[Item]) -> None:
        """Other items; the cursor goes to the first."""
        self.set_reactive(Menu.cursor, 0)
        self._take(items)

    def change(self, items: Sequence[Item]) -> None:
        """Other items; the cursor stays on its line, or goes to the last where that one is gone."""
        if list(items) != self.items:
            self.set_reactive(Menu.cursor, max(0, min(self.cursor, len(items) - 1)))
            self._take(items)

    def _take(self, items: Sequence[Item]) -> None:
        self.items = list(items)
        self.refresh(layout=True)
        self.post_message(self.Moved(self.chosen))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "open" or self.chosen is not None

    def action_move(self, steps: int) -> None:
        places = [number for number, item in enumerate(self.items) if item.key]
        if places:
            at = places.index(self.cursor) if self.cursor in places else -1 if steps > 0 else 0
            self.cursor = places[max(0, min(at + steps, len(places) - 1))]

    def action_edge(self, place: int) -> None:
        places = [number for number, item in enumerate(self.items) if item.key]
        if places:
            self.cursor = places[place]

    def action_open(self) -> None:
        if self.chosen is not None and self.chosen.key:
            self.post_message(self.Opened(self.chosen))

    def watch_cursor(self) -> None:
        if self.is_mounted:
            self.post_message(self.Moved(self.chosen))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: Click) -> None:
        number = self._first() + event.y
        if 0 <= number < len(self.items) and self.items[number].key:
            self.cursor = number
            self.action_open()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.action_move(-1)

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        return len(self.items)

    def render(self) -> Content:
        first = self._first()
        shown = self.items[first : first + max(self.size.height, 1)]
        return Content("\n").join(self._line(item, first + number) for number, item in enumerate(shown))

    def _first(self) -> int:
        height = max(self.size.height, 1)
        return max(0, min(self.cursor - height // 2, len(self.items) - height))

    def _line(self, item: Item, number: int) -> Content:
        if not item.key:
            return Content("")
        is_chosen = number == self.cursor
        # One cursor on a screen: where another widget has the focus, it is there.
        has_cursor = is_chosen and (not self.can_focus or self.screen.focused in {None, self})
        title = plain(clean(item.title), self.glyphs).ljust(self.column)[: max(self.size.width - 2, 1)]
        note = plain(clean(item.note), self.glyphs)
        room = max(self.size.width - 2 - len(title), 0)
        note = note if len(note) <= room else note[: max(room - 1, 0)] + self.glyphs.ellipsis[:1]
        return Content.assemble(
            (self.glyphs.cursor if has_cursor else " ", "bold $key"),
            " ",
            (title, "bold $key" if is_chosen else ""),
            (note, "" if is_chosen else "$quiet"),
        )
