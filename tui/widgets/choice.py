"""One of a few, in one line: chosen with the arrows. And a line that unfolds what lies below it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive

from tui.glyphs import Glyphs
from tui.widgets.lines import Clickable, does

LABEL = 14


def label(text: str, has_focus: bool, glyphs: Glyphs, column: int = LABEL) -> Content:
    """What stands before a field, with the cursor where the field has the focus: no colour is needed to find it."""
    sign = glyphs.cursor if has_focus else " "
    return Content.styled(f"{sign} {text}".ljust(column), "bold $key" if has_focus else "$quiet")


class Choice(Clickable, can_focus=True):
    """A label and its options, of which exactly one is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "choose"),
        Binding("right,space", "move(1)", show=False),
    ]

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another option was chosen."""

        def __init__(self, choice: "Choice") -> None:
            self.choice = choice
            super().__init__()

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[str, str]],
        value: str,
        glyphs: Glyphs,
        column: int = LABEL,
        **others: Any,
    ) -> None:
        super().__init__(**others)
        self.glyphs = glyphs
        self._label = label
        self._column = column
        self._options = list(options)
        self.set_reactive(Choice.value, value)

    def action_move(self, steps: int) -> None:
        values = [value for value, _ in self._options]
        self.value = values[(values.index(self.value) + steps) % len(values)]

    def action_choose(self, value: str) -> None:
        self.focus()
        self.value = value

    def watch_value(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self))
            self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render(self) -> Content:
        options = [self._option(value, title) for value, title in self._options]
        return label(self._label, self.has_focus, self.glyphs, self._column) + Content("  ").join(options)

    def _option(self, value: str, title: str) -> Content:
        chosen = value == self.value
        mark = self.glyphs.chosen if chosen else self.glyphs.free
        style = "bold $key" if chosen and self.has_focus else "bold" if chosen else ""
        return does(Content.styled(f"{mark} {title}", style), f"choose('{value}')")


class Fold(Clickable, can_focus=True):
    """A line that shows or hides what lies below it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "unfold", "unfold", key_display="enter")]

    unfolded: reactive[bool] = reactive(False)

    class Toggled(Message):
        """It was folded or unfolded."""

    def __init__(self, title: str, glyphs: Glyphs, **others: Any) -> None:
        super().__init__(**others)
        self.glyphs = glyphs
        self._title = title

    def action_unfold(self) -> None:
        self.unfolded = not self.unfolded
        self.post_message(self.Toggled())

    def on_click(self, event: Click) -> None:
        self.action_unfold()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render(self) -> Content:
        sign = self.glyphs.unfolded if self.unfolded else self.glyphs.folded
        cursor = self.glyphs.cursor if self.has_focus else " "
        return Content.assemble(
            (f"{cursor} {sign} ", "$key"), (self._title, "bold $key" if self.has_focus else "$quiet")
        )
