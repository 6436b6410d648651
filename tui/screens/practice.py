"""The practice deployment: which trouble shall it have? The cause is never shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.frame import Framed
from tui.session import PracticeWalk
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View

COLUMN = 10


class PracticeScreen(Framed):
    """The scenarios, narrowed by typing."""

    BINDINGS = [
        Binding("up", "move(-1)", "choose"),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("enter", "begin", "begin"),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("f1", "help", "help", key_display="F1"),
    ]

    def __init__(self, scenarios: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._scenarios = scenarios

    def compose_body(self) -> ComposeResult:
        yield Static(Content.styled("Which trouble shall the practice deployment have?", "bold"), id="question")
        yield Input(placeholder="type to narrow the list", compact=True, id="filter")
        menu = Menu(self._items(""), self.glyphs, COLUMN, id="scenarios")
        menu.can_focus = False
        yield menu
        yield View(id="symptom")

    def on_mount(self) -> None:
        self.head("Practice", "live on this machine")
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"begin", "move"}:
            return not self.is_busy
        return True

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        self.query_one(Menu).fill(self._items(event.value))

    @on(Input.Submitted, "#filter")
    def action_begin(self) -> None:
        chosen = self.query_one(Menu).chosen
        if chosen is not None and chosen.key and not self.is_busy:
            runbook, _, name = chosen.key.partition(" ")
            self.wizard.begin_walk(PracticeWalk(runbook=runbook, scenario=name))

    @on(Menu.Opened)
    def opened(self) -> None:
        self.action_begin()

    @on(Menu.Moved)
    def moved(self) -> None:
        self._describe()

    def on_resize(self) -> None:
        self._describe()

    def action_move(self, steps: int) -> None:
        self.query_one(Menu).action_move(steps)

    def action_back(self) -> None:
        if self.is_busy:
            self.wizard.interrupt_begin()
        else:
            self.dismiss()

    def _items(self, typed: str) -> list[Item]:
        """A scenario of two runbooks is there twice. What is looked for may stand in any of its words."""
        words = typed.casefold().split()
        items = []
        for scenario in self._scenarios:
            for runbook in str(scenario["runbook"]).split():
                told = f"{runbook} {scenario['name']} {scenario['title']} {scenario['symptom']}".casefold()
                if all(word in told for word in words):
                    items.append(Item(f"{runbook} {scenario['name']}", runbook, str(scenario["title"])))
        return items

    def _describe(self) -> None:
        menu = self.query_one(Menu)
        place = f"{menu.cursor + 1} of {len(menu.items)}, " if menu.items else ""
        self.head("Practice", f"{place}live on this machine")
        chosen = menu.chosen
        name = chosen.key.partition(" ")[2] if chosen else ""
        scenario = next((one for one in self._scenarios if one["name"] == name), None)
        page = Page(self.size.width - 2, self.glyphs)
        if scenario:
            page.labelled("The call", str(scenario["symptom"]))
        else:
            page.text("No scenario has these words.", "$quiet")
        self.query_one("#symptom", View).show(page.lines)
