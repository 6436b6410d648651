"""What do you see? A walk that keeps to the steps that can explain it, and begins where what else is known points to."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.circumstances import asked_beside
from checks.model import Runbook
from checks.runbooks import RUNBOOKS
from tui import symptoms
from tui.screens.frame import Framed
from tui.widgets.choice import Choice
from tui.widgets.menu import Item, Menu
from tui.widgets.page import LABEL, Page
from tui.widgets.view import View

PASTE = "paste"
UNSURE = "unsure"
LEAST_LEADS = 4
"""Rows: so that the list keeps its place where little is said."""
NOT_KNOWN = ("", "don't know")


class SymptomScreen(Framed):
    """The list of what users say; below it what else may be known, and where the chosen one leads."""

    BINDINGS = [
        Binding("enter", "open", "open"),
        Binding("tab", "app.focus_next", "what else you know"),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("up", "beside(-1)", show=False),
        Binding("down", "beside(1)", show=False),
        Binding("escape,b", "dismiss", "back", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._known = symptoms.known()

    def compose_body(self) -> ComposeResult:
        yield Static(id="question", markup=False)
        items = [Item(str(number), told.symptom.says) for number, told in enumerate(self._known)]
        others = [Item(UNSURE, symptoms.UNSURE), Item(PASTE, symptoms.ELSE)]
        yield Menu([*items, *others], self.glyphs, 0, id="symptoms")
        with Vertical(id="circumstances"):
            for runbook in RUNBOOKS.values():
                yield from self._choices(runbook)
        yield View(id="leads")

    def _choices(self, runbook: Runbook) -> Iterator[Choice]:
        for circumstance in runbook.circumstances:
            options = [NOT_KNOWN, *((detail.name, detail.short) for detail in circumstance.details)]
            yield Choice(
                circumstance.label, options, "", self.glyphs, LABEL, id=f"{runbook.name}-{circumstance.label.lower()}"
            )

    def on_mount(self) -> None:
        self.head("Start from a symptom", "read-only")
        self.query_one(Menu).focus()

    def action_open(self) -> None:
        """Enter, also while something beside the symptom has the focus."""
        self.query_one(Menu).action_open()

    def action_beside(self, way: int) -> None:
        """The line above or below, as far as there is one: from the last nothing leads on, from the first to the list."""
        lines = [self.query_one(Menu), *self._asked()]
        at = next((place for place, line in enumerate(lines) if line.has_focus), 0)
        lines[max(0, min(at + way, len(lines) - 1))].focus()

    @on(Menu.Opened)
    def chosen(self) -> None:
        told = self._chosen()
        if told is None:
            self.app.push_screen(self.wizard.diagnose_screen())
            return
        runbook, symptom = told
        self.app.push_screen(self.wizard.form(runbook.name, symptom=symptom, told=self._told()))

    @on(Menu.Moved)
    @on(Choice.Changed)
    def moved(self) -> None:
        self._show()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def _show(self) -> None:
        asked = {choice.id for choice in self._asked()}
        for choice in self.query(Choice):
            choice.display = choice.id in asked
        menu = self.query_one(Menu)
        place = Content.styled(f"   {menu.cursor + 1} of {len(menu.items)}", "$quiet")
        self.query_one("#question", Static).update(Content.styled("What do you see?", "bold") + place)
        page = Page(self.size.width - 2, self.glyphs)
        for label, sentence in self._leads():
            page.labelled(label, sentence)
        view = self.query_one("#leads", View)
        # The list gives way, so that all of it can be read.
        view.styles.height = max(len(page.lines), LEAST_LEADS)
        view.show(page.lines)

    def _leads(self) -> Iterator[tuple[str, str]]:
        told = self._chosen()
        if told is None:
            yield "Then", "an error, or what a command prints, tells where to start"
        else:
            yield from symptoms.leads_to(*told, self._told())

    def _chosen(self) -> tuple[Runbook, str] | None:
        """The runbook and the symptom that the cursor stands on; None where a text is to be pasted."""
        item = self.query_one(Menu).chosen
        key = item.key if item else PASTE
        if key == PASTE:
            return None
        if key == UNSURE:
            return RUNBOOKS[symptoms.WHOLE], ""
        told = self._known[int(key)]
        return told.runbook, told.symptom.name

    def _asked(self) -> list[Choice]:
        """What is asked beside the symptom that the cursor stands on."""
        told = self._chosen()
        if told is None:
            return []
        runbook, symptom = told
        asked = asked_beside(runbook, symptom)
        return [self.query_one(f"#{runbook.name}-{one.label.lower()}", Choice) for one in asked]

    def _told(self) -> tuple[str, ...]:
        """What is known beside the symptom; empty where nothing is."""
        return tuple(choice.value for choice in self._asked() if choice.value)
