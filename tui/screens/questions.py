"""What the wizard may ask in between: whether to quit while a step runs, a password, a line of text, one of some remedies."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from checks.journal import MOST_NOTE
from checks.model import Remedy, labels
from checks.secret import Secret
from checks.text import clean
from tui.glyphs import Glyphs, plain
from tui.widgets.finding import safe_command
from tui.widgets.lines import KeyLine
from tui.widgets.menu import Item, Menu


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

    BINDINGS = [
        Binding("enter", "take", "take it"),
        Binding("escape", "dismiss", "cancel", key_display="esc"),
    ]

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
    def action_take(self) -> None:
        self.dismiss(Secret(self.query_one(Input).value))


class LineScreen(ModalScreen[str | None]):
    """Asks for one line of text. It gives None where the user leaves it as it was."""

    BINDINGS = [
        Binding("enter", "keep", "keep"),
        Binding("escape", "dismiss", "cancel", key_display="esc"),
    ]

    def __init__(self, title: str, hint: str, glyphs: Glyphs, text: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._text = text
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(plain(self._title, self.glyphs), "bold"), id="asked")
        line = Input(self._text, compact=True, max_length=MOST_NOTE, select_on_focus=False, id="line")
        line.cursor_blink = False
        yield line
        yield Static(Content.styled(plain(self._hint, self.glyphs), "$quiet"))
        yield KeyLine(self.glyphs, id="keys")

    @on(Input.Submitted)
    def action_keep(self) -> None:
        self.dismiss(clean(self.query_one(Input).value.strip(), MOST_NOTE))


class RemedyScreen(ModalScreen[Sequence[Remedy] | None]):
    """Asks which of some remedies is carried out in the practice deployment: a command, or all of them."""

    BINDINGS = [Binding("escape,b", "dismiss", "cancel", key_display="esc")]

    def __init__(self, remedies: Sequence[Remedy], glyphs: Glyphs) -> None:
        super().__init__()
        self._remedies = remedies
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static(Content.styled("Which one is carried out in the practice deployment?", "bold"), id="asked")
        items = [
            # By the numbers that they have on the page.
            Item(str(number), label, safe_command(remedy.command()))
            for number, (label, remedy) in enumerate(zip(labels(self._remedies), self._remedies, strict=True), 1)
            if remedy.cmdlet
        ]
        yield Menu([*items, Item("all", "All", "one after the other")], self.glyphs, 7)
        yield KeyLine(self.glyphs, id="keys")

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        all_commands = [remedy for remedy in self._remedies if remedy.cmdlet]
        self.dismiss(all_commands if event.item.key == "all" else [self._remedies[int(event.item.key) - 1]])
