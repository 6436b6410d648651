"""Paste an error or an output, and see where to start. Nothing is asked of any server."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.knowledge.diagnosis import diagnose
from checks.knowledge.diagnosis.model import Diagnosis, Likely
from checks.runbooks import RUNBOOKS
from checks.threads import in_thread
from tui.glyphs import plain
from tui.screens.frame import Framed
from tui.widgets.command import wrap_command
from tui.widgets.finding import safe_command, write_remedies
from tui.widgets.menu import Item, Menu
from tui.widgets.page import LABEL, Page
from tui.widgets.paste_area import TOO_LONG, PasteArea
from tui.widgets.view import View
from tui.wording import on_screen

COLUMN = 3
PATIENCE = 0.1
"""Seconds after which looking through the text says so."""


class DiagnoseScreen(Framed):
    """Takes the text. It stays in its place, so that it is there again the next time."""

    BINDINGS = [
        Binding("f2,ctrl+s", "diagnose", "find the causes", key_display="F2", priority=True),
        Binding("escape", "dismiss", "back", key_display="esc", priority=True),
        Binding("f1", "help", "help", key_display="F1", priority=True),
    ]

    def compose_body(self) -> ComposeResult:
        yield Static(
            Content.assemble(
                ("Paste an error, a line of a log, or what a command printed.", "bold"),
                ("\nIt is looked at here alone; nothing is asked of any server.", "$quiet"),
            ),
            id="wanted",
            markup=False,
        )
        yield PasteArea(id="paste")

    def on_mount(self) -> None:
        self.head("Diagnose")

    def on_screen_resume(self) -> None:
        self.query_one(PasteArea).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "diagnose" or not self.is_busy

    @on(PasteArea.Refused)
    def too_long(self) -> None:
        self.say(TOO_LONG, wrong=True)

    def action_diagnose(self) -> None:
        text = self.query_one(PasteArea).text
        if text.strip():
            self.run_worker(self._look_through(text), group="diagnose", exclusive=True)
        else:
            self.say("Paste or type something first.", wrong=True)

    async def _look_through(self, text: str) -> None:
        patience = self.set_timer(PATIENCE, lambda: self.say_busy("Looking through the text"))
        diagnosis = await in_thread(lambda: diagnose(text))
        patience.stop()
        self.say_busy("")
        if self.is_active:
            await self.app.push_screen(DiagnosisScreen(diagnosis))


class DiagnosisScreen(Framed):
    """The likely causes, and all that is to be said of the one that the cursor stands on."""

    BINDINGS = [
        Binding("up,k", "move(-1)", "choose"),
        Binding("down,j", "move(1)", show=False),
        Binding("enter", "walk", "walk from there"),
        Binding("c", "copy", "copy"),
        Binding("b,escape", "dismiss", "back", key_display="b"),
        *Framed.SCROLL_KEYS[2:],
        *Framed.LAST_KEYS,
    ]

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__()
        self.diagnosis = diagnosis

    def compose_body(self) -> ComposeResult:
        likely = self.diagnosis.likely
        if len(likely) > 1:
            yield Static(Content.styled("Likely causes, the likeliest first", "bold"), id="question", markup=False)
        elif not likely:
            yield Static(Content.styled("That does not say enough.", "bold"), id="question", markup=False)
        causes = [Item(str(number), str(number), one.cause) for number, one in enumerate(likely, 1)]
        menu = Menu(causes, self.glyphs, COLUMN, id="causes")
        menu.can_focus = False
        menu.display = len(likely) > 1
        yield menu
        yield View(id="page")

    def on_mount(self) -> None:
        self.head(" · ".join(["Diagnosis", *self.diagnosis.recognised[:2]]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        chosen = self._chosen
        match action:
            case "move":
                return len(self.diagnosis.likely) > 1
            case "walk":
                return chosen is not None and runbook_of(chosen.step) is not None
            case "copy":
                return bool(self._to_copy())
        return True

    def action_move(self, steps: int) -> None:
        self.query_one(Menu).action_move(steps)

    def action_walk(self) -> None:
        chosen = self._chosen
        runbook = runbook_of(chosen.step) if chosen else None
        if chosen is not None and runbook is not None:
            form = self.wizard.form(runbook, chosen.step)
            form.offer(self.diagnosis.names)
            self.app.push_screen(form)

    def action_copy(self) -> None:
        self.wizard.copy(self._to_copy())

    @on(Menu.Opened)
    def opened(self) -> None:
        self.action_walk()

    @on(Menu.Moved)
    def moved(self) -> None:
        self._show(from_top=True)

    def on_resize(self, event: Resize) -> None:
        self._show()

    @property
    def _chosen(self) -> Likely | None:
        number = self.query_one(Menu).cursor if self.is_mounted else 0
        return self.diagnosis.likely[number] if number < len(self.diagnosis.likely) else None

    def _to_copy(self) -> str:
        chosen = self._chosen
        if chosen is None:
            return ""
        return safe_command((chosen.remedy.command() if chosen.remedy else "") or chosen.command)

    def _show(self, *, from_top: bool = False) -> None:
        page = Page(self.size.width - 2, self.glyphs)
        if self._chosen is not None:
            write_likely(page, self._chosen)
        else:
            page.text(on_screen(self.diagnosis.question))
        for label, sentences in (("Not meant", self.diagnosis.not_meant), ("In order", self.diagnosis.in_order)):
            page.blank()
            for number, sentence in enumerate(sentences):
                page.labelled("" if number else label, sentence)
        if self._chosen is not None and self.diagnosis.question:
            page.blank()
            page.labelled("Ask next", on_screen(self.diagnosis.question))
        self.query_one("#page", View).show(page.lines, from_top=from_top)
        self.refresh_bindings()
        self.call_after_refresh(self.say_more)


def write_likely(page: Page, likely: Likely) -> None:
    """One cause: why it is thought of, who must act, what to do or to look at, and the step that a walk begins with."""
    page.text(likely.cause, "bold")
    page.blank()
    for label, sentence in (("Why", likely.reason), ("Who", likely.who)):
        if sentence:
            page.labelled(label, on_screen(sentence))
    if likely.command:
        page.verbatim(wrap_command(safe_command(likely.command), page.width - LABEL), "Look", style="$command")
    runbook = runbook_of(likely.step)
    if runbook is not None:
        title = RUNBOOKS[runbook].stage(likely.step).step.title
        page.labelled("Start at", plain(f"{RUNBOOKS[runbook].title}, “{title}”: press enter", page.glyphs))
    if likely.remedy is not None:
        write_remedies(page, [likely.remedy])


def runbook_of(step_id: str) -> str | None:
    """The name of the runbook that has the step."""
    return next((name for name, runbook in RUNBOOKS.items() if step_id in runbook.step_ids), None)
