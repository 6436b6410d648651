"""Opens a file: a walk as it stands, or what was collected on a server, to walk a runbook from it."""

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input, Static

from checks.deployment import InvalidName
from checks.journal import Journal, UnreadableJournal
from checks.threads import in_thread
from tui import evidence
from tui.screens.frame import Framed
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View

LONGEST = 1000
COLUMN = 34


class EvidenceScreen(Framed):
    """Asks for the file, says what it is, and asks what to do with it."""

    BINDINGS = [
        Binding("enter", "read", "open"),
        Binding("tab", "app.focus_next", "next", priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("escape", "back", "back", key_display="esc", priority=True),
        Binding("f1", "help", "help", key_display="F1"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._path = Path()
        self._read: Journal | None = None

    def compose_body(self) -> ComposeResult:
        question = "Which file? A walk, what the collector wrote, or a copied PowerShell window."
        yield Static(Content.styled(question, "bold"), id="question", markup=False)
        yield Input(placeholder="its path on this computer", compact=True, max_length=LONGEST, id="path")
        yield View(id="page")
        yield Menu([], self.glyphs, COLUMN, id="menu")

    def on_mount(self) -> None:
        self.head("Open evidence or a walk")
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()
        self.query_one(Menu).display = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "app.focus_next":
            return self._read is not None
        return action != "read" or (not self.is_busy and isinstance(self.focused, Input))

    def action_back(self) -> None:
        if self.is_busy:
            self.wizard.interrupt_begin()
            self.workers.cancel_group(self, "read")
            self.say_busy("")
        else:
            self.dismiss()

    @on(Input.Changed)
    def forget(self) -> None:
        """Another path is typed: what was said of the file before is not true of this one."""
        if self._read is not None:
            self._read = None
            self._show()

    @on(Input.Submitted)
    def action_read(self) -> None:
        typed = self.query_one(Input).value.strip().strip("\"'")
        if not typed:
            self.say("Type the path of the file.", wrong=True)
        elif not self.is_busy:
            self.run_worker(self._open(Path(typed).expanduser()), group="read", exclusive=True)

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        if self._read is None or self.is_busy:
            return
        try:
            self.wizard.begin_walk(evidence.request_for(event.item.key, self._path, self._read))
        except InvalidName as wrong:
            self.say(str(wrong), wrong=True)

    def on_resize(self, event: Resize) -> None:
        self._show()

    async def _open(self, path: Path) -> None:
        self.say_busy("Reading the file")
        sentence = ""
        try:
            self._read = await in_thread(lambda: evidence.read(path))
            self._path = path
        except UnreadableJournal as error:
            sentence = str(error)
        except OSError as error:
            sentence = f"That file cannot be read: {error.strerror or 'no reason given'}."
        self.say_busy("")
        self._show()
        if sentence:
            self.say(sentence, wrong=True)

    def _show(self) -> None:
        page, menu = Page(self.size.width - 2, self.glyphs), self.query_one(Menu)
        if self._read is not None:
            for label, sentence in evidence.description(self._read):
                page.labelled(label, sentence)
            menu.fill([Item(*offer) for offer in evidence.offers(self._read)])
        menu.display = self._read is not None
        self.query_one("#page", View).show(page.lines)
        if self._read is not None:
            menu.focus()
        self.refresh_bindings()
