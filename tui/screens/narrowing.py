"""The evidence of a step, narrowed to the lines with the words that the user types."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.screens.answering import Answering
from tui.widgets.page import Page
from tui.widgets.view import View


class Narrowing(Answering):
    """A screen of one step with a field below its page, which is there while it is used."""

    AUTO_FOCUS = ""
    """The field has the focus only when it is asked for: letters are keys on this screen."""
    NARROWING_KEYS = (
        Binding("slash", "find", "filter evidence", key_display="/"),
        Binding("enter", "keep_filter", "keep"),
        Binding("escape", "clear_filter", "show all", key_display="esc"),
    )

    def compose_field(self) -> ComposeResult:
        """The field with its label, hidden."""
        field = Input(placeholder="only lines with these words", compact=True, max_length=200, id="find")
        field.cursor_blink = False
        with Horizontal(id="finder"):
            yield Static("filter:", id="find-label", markup=False)
            yield field

    def unfold_evidence(self) -> None:
        """Called before the evidence is narrowed."""
        raise NotImplementedError

    def page(self) -> Page:
        """The page of the step as it is now."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """What the evidence is narrowed to; empty: all of it is shown."""
        return self.query_one("#find", Input).value

    @property
    def is_narrowing(self) -> bool:
        """True while the user types what he looks for."""
        return self.has_class("finding") and isinstance(self.focused, Input)

    def action_find(self) -> None:
        """Asks what to look for."""
        self.unfold_evidence()
        self.add_class("finding")
        self.query_one("#find").focus()
        self._narrow()

    @on(Input.Changed, "#find")
    def typed(self) -> None:
        self._narrow()

    @on(Input.Submitted, "#find")
    def action_keep_filter(self) -> None:
        """The keys are keys again, and the evidence stays narrowed."""
        self.set_focus(None)
        if not self.words.strip():
            self.remove_class("finding")
        self.draw()

    @property
    def is_narrowed(self) -> bool:
        """True while a filter is kept, and the keys are keys."""
        return not self.is_narrowing and bool(self.words.strip())

    def action_drop_filter(self) -> None:
        self.action_clear_filter()

    def action_clear_filter(self) -> None:
        self.show_all()
        self.draw()

    def show_all(self) -> None:
        """Narrows to nothing any more."""
        self.set_focus(None)
        self.query_one("#find", Input).value = ""
        self.remove_class("finding")

    def bring(self, part: str) -> None:
        """Scrolls to a part of the page."""
        parts = self.page().parts
        if part in parts:
            self.query_one("#page", View).bring(*parts[part])
            self.say_more()

    def _narrow(self) -> None:
        self.draw()
        self.call_after_refresh(self.bring, "evidence")
