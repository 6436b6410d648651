"""The two things the wizard may ask in between: whether to quit while a step runs, and a password."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from checks.secret import Secret
from checks.text import clean
from tui.glyphs import Glyphs
from tui.widgets.lines import KeyLine


class QuitScreen(ModalScreen[bool]):
    """Asks before a running step is left."""

    BINDINGS = [
        Binding("y,q,enter", "answer(True)", "quit", key_display="y"),
        Binding("n,escape,b", "answer(False)", "stay", key_display="n"),
    ]

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled("A step is running. Quit all the same?", "bold"), id="asked")
        yield Static("What was concluded so far is in the journal, and the walk can be resumed.", markup=False)
        yield KeyLine(self.glyphs, id="keys")

    def action_answer(self, leave: bool) -> None:
        self.dismiss(leave)


class PasswordScreen(ModalScreen[Secret | None]):
    """Asks for the password of one account."""

    BINDINGS = [Binding("escape", "dismiss", "cancel", key_display="esc")]

    def __init__(self, account: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.account = account
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(f"Password of {clean(self.account, 200)}", "bold"), id="asked")
        password = Input(password=True, compact=True)
        password.cursor_blink = False
        yield password
        yield Static(Content.styled("It is kept in memory only.", "$quiet"))
        yield KeyLine(self.glyphs, id="keys")

    @on(Input.Submitted)
    def typed(self) -> None:
        self.dismiss(Secret(self.query_one(Input).value))
