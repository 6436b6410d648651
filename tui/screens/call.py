"""The call: what a user reports of a fault that the learner is to find."""

from collections.abc import Callable, Iterator
from functools import partial

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from tui import cases
from tui.cases import Case
from tui.screens.cause import CauseScreen
from tui.screens.frame import Framed
from tui.session import Session
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page

COLUMN = 17
FRAME = 7
"""Rows that are neither the call nor the list."""


class CallScreen(Framed):
    """What is known before the walk, and from here the walk, the naming of the cause, a hint, or another fault.

    With a session it lies over a walk that is under way.
    """

    BINDINGS = [
        Binding("h", "hint", "hint"),
        Binding("escape,b", "back", "back", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self, case: Case, session: Session | None = None) -> None:
        super().__init__()
        self.case = case
        self.session = session

    def compose_body(self) -> ComposeResult:
        yield Static(id="told", markup=False)
        yield Menu(self._items(), self.glyphs, COLUMN, id="call")

    def on_mount(self) -> None:
        self.query_one(Menu).focus()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "hint":
            return not self.is_busy and self.case.has_hint
        return True

    def action_hint(self) -> None:
        self.case.hints += 1
        self._show()

    def action_back(self) -> None:
        if self.is_busy:
            self.wizard.interrupt_begin()
        else:
            self.dismiss()

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        if self.is_busy:
            return
        match event.item.key:
            case "walk" if self.session is not None:
                self.dismiss()
            case "walk":
                self.wizard.begin_walk(cases.request_for(self.case))
            case "name":
                self.app.push_screen(CauseScreen(self.case, self.session))
            case "hint":
                self.action_hint()
            case "anew":
                self.app.call_later(self.wizard.begin_anew)
            case "surprise":
                self.app.call_later(self.wizard.another_fault, self.case)
            case "topic":
                self.app.call_later(self.wizard.another_fault, None)

    def _items(self) -> list[Item]:
        items = [Item("walk", "Go on with the walk" if self.session else "Begin the walk")]
        if not self.case.named:
            items.append(Item("name", "Name the cause yourself"))
            if self.case.has_hint:
                items.append(Item("hint", self.case.next_hint))
        if self.session:
            items.append(Item("anew", "Start anew", "on the deployment as it was"))
        return [*items, Item("surprise", "Another fault", "surprise me"), Item("topic", "", "by topic")]

    def _show(self) -> None:
        self.head("Practice", self.case.heading)
        page = Page(self.size.width - 2, self.glyphs)
        for label, sentence in [*self.case.call(), *self.case.hint()]:
            page.labelled(label, sentence)
        # On a low screen the list scrolls, so that the line with the cursor can be seen.
        told = page.lines[: max(self.size.height - FRAME - 1, 1)]
        self.query_one("#told", Static).update(Content("\n").join(told))
        menu = self.query_one(Menu)
        menu.styles.max_height = max(self.size.height - FRAME - len(told), 1)
        place = menu.cursor
        menu.fill(self._items())
        menu.cursor = min(place, len(menu.items) - 1)
        self.refresh_bindings()


def case_commands(session: Session, show: Callable[[Framed], object]) -> Iterator[SystemCommand]:
    """The commands of an unseen walk in the palette."""
    case = session.case
    if case is None:
        return
    yield SystemCommand(
        "The call", "What the user reported; hints, another fault", partial(show, CallScreen(case, session))
    )
    if cases.is_unseen(session):
        screen = CauseScreen(case, session)
        yield SystemCommand(
            "Name the cause", "Say which fault it is; the lab says right or wrong", partial(show, screen)
        )
