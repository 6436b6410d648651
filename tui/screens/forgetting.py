"""Asks before the walks of a deployment are removed."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.glyphs import Glyphs, plain
from tui.widgets.lines import KeyLine


class ForgetScreen(ModalScreen[bool]):
    """Asks whether a deployment is to be forgotten. Enter alone removes nothing."""

    BINDINGS = [
        Binding("y", "answer(True)", "forget"),
        Binding("n,escape,b,enter", "answer(False)", "keep", key_display="n"),
    ]

    def __init__(self, title: str, walks: int, glyphs: Glyphs) -> None:
        super().__init__()
        self._title = title
        self._walks = walks
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        question = plain(f"Forget {self._title}?", self.glyphs)
        its = "Its walk is" if self._walks == 1 else f"Its {self._walks} walks are"
        they = "It" if self._walks == 1 else "They"
        yield Static(Content.styled(question, "bold"), id="asked")
        yield Static(f"{its} removed from this computer, with all that was seen and concluded.", markup=False)
        yield Static(
            f"{they} can be neither resumed nor reported then. Files elsewhere stay as they are.", markup=False
        )
        yield KeyLine(self.glyphs, id="keys")

    def action_answer(self, agreed: bool) -> None:
        self.dismiss(agreed)
