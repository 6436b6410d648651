"""Name the cause: the learner says which fault it is, and the lab says right or wrong, and why."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.walk import Walk
from tui import cases
from tui.cases import Case, Told
from tui.faults import Fault
from tui.screens.frame import Framed
from tui.session import Session
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View

COLUMN = 20
BESIDE_THE_LIST = 13
"""Rows of the frame, of the question and of what is told."""
UNCHOSEN = "with the arrows; enter then names it. Nothing is named before."
LABEL_STYLES = {"Right": "bold $good", "True, but": "bold $warn", "Not that": "bold $bad"}


class CauseScreen(Framed):
    """What the cause may be, in the runbook's order. `verdict` shows the verdict that the learner was about to see."""

    BINDINGS = [
        Binding("h", "hint", "hint"),
        Binding("escape,b", "dismiss", "back", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self, case: Case, session: Session | None = None, verdict: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.case = case
        self.session = session
        self._verdict = verdict
        self._faults = case.choices()
        self._told: Told = []

    def compose_body(self) -> ComposeResult:
        yield Static(Content.styled(self._question(), "bold"), id="question", markup=False)
        yield Menu(self._items(), self.glyphs, COLUMN, unchosen=True, id="faults")
        yield View(id="page")

    def on_mount(self) -> None:
        self.query_one(Menu).focus()

    def on_resize(self, event: Resize) -> None:
        # On a low screen the list scrolls, so that what is told below it can be read.
        self.query_one(Menu).styles.max_height = max(event.size.height - BESIDE_THE_LIST, 3)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "hint":
            return self.case.has_hint
        return True

    def action_hint(self) -> None:
        self.case.hints += 1
        self._told = []
        self._show()

    @on(Menu.Moved)
    def moved(self) -> None:
        if not self.case.named:
            self._told = []
        self._show()

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        match event.item.key:
            case "tell":
                self.case.missed = True
                self._reveal(self.case.solution(self._walk))
            case "pass":
                self.case.passed = True
                self._leave()
            case "on":
                self._leave()
            case "surprise":
                self.app.call_later(self.wizard.another_fault, self.case)
            case number:
                self._rule(self._faults[int(number)])

    def _rule(self, fault: Fault) -> None:
        ruling = self.case.ruling(fault, self._walk)
        if ruling.is_right:
            self._reveal(ruling.why)
        else:
            self.case.missed = True
            self._told = ruling.why
            self._show()

    def _reveal(self, told: Told) -> None:
        cases.reveal(self.case, self.session)
        self._told = told
        self.query_one(Menu).fill(self._items())
        self.query_one("#question", Static).update(Content.styled("Now you know.", "bold"))
        self._show()

    def _leave(self) -> None:
        self.dismiss()
        if self._verdict is not None:
            self.app.call_later(self._verdict)

    @property
    def _walk(self) -> Walk | None:
        return self.session.walk if self.session else None

    def _question(self) -> str:
        return "Which fault is it?" if self._verdict is None else "Before the verdict: which fault is it?"

    def _items(self) -> list[Item]:
        if self.case.named:
            onward = "Show the verdict" if self._verdict else "Go on" if self.session else "Back to the call"
            return [Item("on", onward), Item("surprise", "Another fault", "surprise me")]
        faults = [Item(str(number), fault.title, fault.meaning) for number, fault in enumerate(self._faults)]
        passing = [Item("pass", "I pass", "show the verdict")] if self._verdict else []
        return [*faults, Item(), *passing, Item("tell", "Tell me", "what it is")]

    def _show(self) -> None:
        self.head("Name the cause", self.case.heading)
        view = self.query_one("#page", View)
        page = self._page(self._in_full())
        if 0 < view.size.height < len(page.lines):
            page = self._page([])
        view.show(page.lines)
        self.refresh_bindings()

    def _in_full(self) -> Told:
        """The fault with the cursor, where its line is cut off; before anything is chosen, how that is done."""
        chosen = self.query_one(Menu).chosen
        if chosen is None:
            return [("Choose", UNCHOSEN)]
        if not chosen.key.isdigit() or self._told:
            return []
        meaning = self._faults[int(chosen.key)].meaning
        return [("In full", f"{meaning}.")] if COLUMN + len(meaning) > self.size.width - 4 else []

    def _page(self, in_full: Told) -> Page:
        """What is told below the list. On a low screen there is room for a ruling or for a hint."""
        page = Page(self.size.width - 2, self.glyphs)
        for label, sentence in [*in_full, *(self._told or self.case.hint())]:
            page.labelled(label, sentence, label_style=LABEL_STYLES.get(label, "$quiet"))
        return page
