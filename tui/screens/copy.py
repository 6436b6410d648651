"""What is copied: which of several fixes, and the text on a screen of its own, for terminals without a clipboard."""

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.glyphs import Glyphs, plain
from tui.widgets.finding import all_of
from tui.widgets.lines import KeyLine
from tui.widgets.menu import Item, Menu

SENT = "Sent to your terminal's clipboard; if it did not arrive, select it here."


class CopyScreen(ModalScreen[None]):
    """Nothing but the text: no label, no indent and no backtick, so that a selection holds it alone."""

    BINDINGS = [
        Binding("t", "terminal", "show it in the plain terminal"),
        Binding("escape,enter,b,c,q", "dismiss", "close", key_display="esc"),
    ]

    def __init__(self, text: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.text = text
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(plain(SENT, self.glyphs), "$quiet"), id="sent")
        with VerticalScroll(id="whole", can_focus=False):
            yield Static(self.text, id="text", markup=False)
        yield Static(id="refusal", markup=False)
        yield KeyLine(self.glyphs, id="keys")

    def action_terminal(self) -> None:
        """A line wider than the screen is whole only in the terminal's own scroll: there it is one line to a mouse."""
        try:
            with self.app.suspend():
                print(f"\n{self.text}\n")  # noqa: T201 - the screen is suspended: this is the terminal itself
                input("Enter goes back to the wizard. ")
        except SuspendNotSupported:
            self.query_one("#refusal", Static).update("This terminal cannot be shown in between.")
        except EOFError:
            pass


class FixScreen(ModalScreen[str | None]):
    """Asks which of some fixes is copied: one, or all under their numbers."""

    BINDINGS = [Binding("escape,b", "dismiss", "cancel", key_display="esc")]

    def __init__(self, fixes: Mapping[str, str], glyphs: Glyphs) -> None:
        super().__init__()
        self._fixes = fixes
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled("Which one is copied?", "bold"), id="asked")
        items = [Item(label, label, fix) for label, fix in self._fixes.items()]
        yield Menu([*items, Item("all", "All", "each under its number")], self.glyphs, 7)
        yield KeyLine(self.glyphs, id="keys")

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        key = event.item.key
        self.dismiss(all_of(self._fixes) if key == "all" else self._fixes[key])
