"""Takes the output of a command that a person ran by hand, as the answer to one question of a step."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.commands import command_for, place_for, tools_note
from checks.probes import Answer, Question, Unanswered
from checks.walk import Walk
from tui import wanted
from tui.origins import origin
from tui.screens.frame import Framed
from tui.widgets.command import wrap_command
from tui.widgets.finding import safe_command
from tui.widgets.page import LABEL, Page
from tui.widgets.paste_area import TOO_LONG, PasteArea

PATIENCE = 0.1
"""Seconds after which reading a paste says so."""


class PasteScreen(Framed):
    """One question at a time. What is typed stays with its question until it is taken, or the wizard ends."""

    BINDINGS = [
        # Function keys, for every letter is text here, and they come through any terminal.
        Binding("f2,ctrl+s", "take", "take it", key_display="F2", priority=True),
        Binding("f8", "empty", "empty it", key_display="F8", priority=True),
        Binding("f3", "copy", "copy the command", key_display="F3", priority=True),
        Binding("f4", "other", "other output", key_display="F4", priority=True),
        Binding("escape", "back", "back", key_display="esc", priority=True),
        Binding("f1", "help", "help", key_display="F1", priority=True),
    ]

    def __init__(self, walk: Walk, step_id: str, take: Callable[[Question, Answer], None]) -> None:
        super().__init__()
        self.walk = walk
        self.step_id = step_id
        self._take = take
        self._asked = walk.journal.evidence(step_id)
        questions = [one.question for one in self._asked]
        first = wanted.wanted_first(walk, step_id)
        self._place = questions.index(first) if first is not None else 0
        self._is_reading = False
        self._understood: tuple[Question, Answer | NotUnderstood] | None = None
        self._refusal: NotUnderstood | None = None

    def compose_body(self) -> ComposeResult:
        yield Static(id="wanted", markup=False)
        yield PasteArea(self._drafts.get(self.question, ""), id="paste")
        yield Static(id="refusal", markup=False)

    def on_mount(self) -> None:
        self.query_one(PasteArea).focus()
        self._show()

    @property
    def question(self) -> Question:
        """The question that a paste would answer now."""
        return self._asked[self._place].question

    @property
    def _drafts(self) -> dict[Question, str]:
        return self.wizard.drafts_of(self.walk)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "take" | "copy":
                return not self._is_reading
            case "empty":
                return self._refusal is not None
            case "other":
                return not self._is_reading and len(self._asked) > 1
        return True

    def action_take(self) -> None:
        self._keep()
        self._is_reading = True
        self.refresh_bindings()
        self.run_worker(self._read(self.question, self.query_one(PasteArea).text), group="paste", exclusive=True)

    def action_copy(self) -> None:
        self.wizard.copy(safe_command(command_for(self.question)))

    def action_other(self) -> None:
        self._keep()
        self._place = (self._place + 1) % len(self._asked)
        self._refusal = None
        self.query_one(PasteArea).load_text(self._drafts.get(self.question, ""))
        self._show()

    def action_empty(self) -> None:
        """Makes room for another paste after one that was not understood; ctrl+z brings it back."""
        self._refusal = None
        self.query_one(PasteArea).clear()
        self._show()
        self.refresh_bindings()

    def action_back(self) -> None:
        self._keep()
        self.dismiss()

    @on(PasteArea.Refused)
    def too_long(self) -> None:
        self.say(TOO_LONG, wrong=True)

    def on_resize(self, event: Resize) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        """Another screen may have lain above when the reading ended."""
        self._settle()

    async def _read(self, question: Question, text: str) -> None:
        patience = self.set_timer(PATIENCE, lambda: self.say_busy("Reading what you pasted"))
        self._understood = question, await wanted.read_paste(question, text)
        patience.stop()
        self._is_reading = False
        self.say_busy("")
        self._settle()

    def _settle(self) -> None:
        """Shows what was not understood, or leaves with the answer."""
        if self._understood is None or not self.is_active:
            return
        (question, understood), self._understood = self._understood, None
        if isinstance(understood, NotUnderstood):
            self._refuse(understood)
        else:
            self._drafts.pop(question, None)
            self.dismiss()
            self._take(question, understood)

    def _refuse(self, refusal: NotUnderstood) -> None:
        self._refusal = refusal
        if refusal.line:
            self.query_one(PasteArea).show_line(refusal.line)
        self._show()
        self.refresh_bindings()

    def _keep(self) -> None:
        text = self.query_one(PasteArea).text
        if text:
            self._drafts[self.question] = text
        else:
            self._drafts.pop(self.question, None)

    def _show(self) -> None:
        title = self.walk.runbook.stage(self.step_id).step.title
        count = len(self._asked)
        self.head(f"Paste · {title}", f"output {self._place + 1} of {count}" if count > 1 else "")
        self.query_one("#wanted", Static).update(_joined(self._instructions()))
        refusal = self.query_one("#refusal", Static)
        refusal.update(_joined(self._complaint()))
        refusal.display = self._refusal is not None

    def _instructions(self) -> Page:
        page = Page(self.size.width - 2, self.glyphs)
        page.text("Run this, and paste below what it prints.", "bold")
        page.blank()
        command = safe_command(command_for(self.question))
        page.verbatim(wrap_command(command, page.width - LABEL), "Run", style="$command")
        page.labelled("Where", place_for(self.question))
        tools = tools_note([command])
        if tools:
            page.labelled("", tools)
        asked = self._asked[self._place]
        if not isinstance(asked.answer, Unanswered):
            page.labelled("Answered", f"{origin(asked)}; what you paste takes its place")
        return page

    def _complaint(self) -> Page:
        page = Page(self.size.width - 2, self.glyphs)
        if self._refusal is not None:
            page.labelled("Not taken", self._refusal.sentence, label_style="bold $warn")
            if self._refusal.line:
                shown = page.safe(self._refusal.text)[: page.width - LABEL]
                page.verbatim([shown], f"Line {self._refusal.line}", style="$command")
        return page


def _joined(page: Page) -> Content:
    return Content("\n").join(page.lines)
