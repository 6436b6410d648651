"""Asks in which form the report is to be written, and writes it into the folder one stands in."""

from collections.abc import Callable
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from checks.walk import Walk
from tui.export import TITLES, export, forms
from tui.glyphs import plain
from tui.screens.frame import Framed
from tui.widgets.choice import Choice
from tui.widgets.menu import Item, Menu

COLUMN = 12


class ExportScreen(Framed):
    """The forms of a report, and whether its names are replaced."""

    BINDINGS = [
        Binding("tab", "app.focus_next", "next", priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("escape,b", "dismiss", "back", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self, walk: Walk, said: Callable[[str], None]) -> None:
        super().__init__()
        self.walk = walk
        self._said = said
        """Told where the report was written, once this screen has gone."""

    def compose_body(self) -> ComposeResult:
        yield Static(Content.styled("In which form?", "bold"), id="question")
        yield Menu([Item(form, form, TITLES[form]) for form in forms(self.walk)], self.glyphs, COLUMN, id="forms")
        names = [("kept", "as they are"), ("other", "replaced, for strangers")]
        yield Choice("Names", names, "kept", self.glyphs, id="names", classes="group")
        folder = plain(f"A new file in {Path.cwd()}, readable by you alone.", self.glyphs)
        yield Static(Content.styled(folder, "$quiet"), id="folder", classes="group")

    def on_mount(self) -> None:
        self.head("Export the report")
        self.query_one(Menu).focus()

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        if not self.is_busy:
            redact = self.query_one(Choice).value == "other"
            self.run_worker(self._write(event.item.key, redact), group="export", exclusive=True)

    async def _write(self, form: str, redact: bool) -> None:
        self.say_busy("Writing the report")
        try:
            path = await export(self.walk.journal, self.walk.runbook, form, redact=redact)
        except OSError as error:
            self.say_busy("")
            self.say(f"It cannot be written here: {error.strerror or 'no reason given'}.", wrong=True)
            return
        self.say_busy("")
        self.dismiss()
        self._said(f"Written to {path}")
