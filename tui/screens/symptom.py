"""What do you see? A walk that keeps to the steps that can explain it."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.runbooks import RUNBOOKS
from tui import symptoms
from tui.screens.frame import Framed
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View


class SymptomScreen(Framed):
    """The list of what users say; below it where the chosen one leads."""

    BINDINGS = [Binding("escape,b", "dismiss", "back", key_display="esc"), *Framed.LAST_KEYS]

    def __init__(self) -> None:
        super().__init__()
        self._known = symptoms.known()

    def compose_body(self) -> ComposeResult:
        yield Static(Content.styled("What do you see?", "bold"), id="question", markup=False)
        items = [Item(str(number), told.symptom.says) for number, told in enumerate(self._known)]
        others = [Item("unsure", symptoms.UNSURE), Item("paste", symptoms.ELSE)]
        yield Menu([*items, *others], self.glyphs, 0, id="symptoms")
        yield View(id="leads")

    def on_mount(self) -> None:
        self.head("Start from a symptom", "read-only")
        self.query_one(Menu).focus()

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        match event.item.key:
            case "paste":
                self.app.push_screen(self.wizard.diagnose_screen())
            case "unsure":
                self.app.push_screen(self.wizard.form(symptoms.WHOLE))
            case number:
                told = self._known[int(number)]
                self.app.push_screen(self.wizard.form(told.runbook.name, symptom=told.symptom.name))

    @on(Menu.Moved)
    def moved(self) -> None:
        self._show()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def _show(self) -> None:
        page = Page(self.size.width - 2, self.glyphs)
        for label, sentence in self._leads():
            page.labelled(label, sentence)
        self.query_one("#leads", View).show(page.lines)

    def _leads(self) -> list[tuple[str, str]]:
        item = self.query_one(Menu).chosen
        match item.key if item else "":
            case "paste":
                return [("Then", "an error, or what a command prints, tells where to start")]
            case "unsure":
                whole = RUNBOOKS[symptoms.WHOLE]
                return [("Then", f"all {len(whole.stages)} steps of {whole.title} are walked, from the top")]
            case number:
                return list(symptoms.leads_to(self._known[int(number)])) if number else []
