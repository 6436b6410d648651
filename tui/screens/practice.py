"""The practice deployment: which trouble shall it have? One that is not told, or one of a list by topic."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from checks.runbooks import RUNBOOKS
from checks.threads import in_thread
from tui import cases
from tui.learned import Named, named_in, so_far
from tui.places import walks
from tui.screens.frame import Framed
from tui.session import PracticeWalk
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View

COLUMN = 20
UNSEEN = "A fault you have not seen"
QUESTION = "Which trouble shall the practice deployment on this machine have?"


class PracticeScreen(Framed):
    """The scenarios by topic, narrowed by typing."""

    BINDINGS = [
        Binding("up", "move(-1)", "choose"),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("tab", "topic(1)", "next topic"),
        Binding("shift+tab", "topic(-1)", show=False),
        Binding("enter", "begin", "begin"),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("f1", "help", "help", key_display="F1"),
    ]

    def __init__(self, scenarios: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._listed = list(cases.topics(scenarios))
        self._named: Sequence[Named] = ()
        self._unseen = [name for name in RUNBOOKS if any(cases.has_fault(one, name) for one in scenarios)]

    def compose_body(self) -> ComposeResult:
        yield Static(Content.styled(QUESTION, "bold"), id="question")
        yield Input(placeholder="type to narrow the list", compact=True, id="filter")
        menu = Menu(self._items(""), self.glyphs, COLUMN, id="scenarios")
        menu.can_focus = False
        yield menu
        yield View(id="symptom")

    def on_mount(self) -> None:
        self.head("Practice")
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()
        self.run_worker(self._look_back(), group="learned")

    async def _look_back(self) -> None:
        """What was named so far is read behind the screen, for it lies in many files."""
        self._named = await in_thread(lambda: named_in(walks()))
        self._describe()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"begin", "move", "topic"}:
            return not self.is_busy
        return True

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        self.query_one(Menu).fill(self._items(event.value))

    @on(Input.Submitted, "#filter")
    def action_begin(self) -> None:
        chosen = self.query_one(Menu).chosen
        if chosen is None or not chosen.key or self.is_busy:
            return
        runbook, _, name = chosen.key.partition(" ")
        if name:
            self.wizard.begin_walk(PracticeWalk(runbook=runbook, scenario=name))
        else:
            self.wizard.surprise(runbook)

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

    def action_topic(self, way: int) -> None:
        """To the first scenario of the next topic, or of the one before."""
        menu = self.query_one(Menu)
        firsts = [place for place, item in enumerate(menu.items) if item.key and not self._follows(place)]
        later = [place for place in firsts if place > menu.cursor]
        earlier = [place for place in firsts if place < menu.cursor]
        if later and way > 0:
            menu.cursor = later[0]
        elif earlier and way < 0:
            menu.cursor = earlier[-1]

    def action_back(self) -> None:
        if self.is_busy:
            self.wizard.interrupt_begin()
        else:
            self.dismiss()

    def _follows(self, place: int) -> bool:
        """True where the item is of the topic of the one above it."""
        above, here = ([Item(), *self.query_one(Menu).items])[place : place + 2]
        return (above.title, above.key.partition(" ")[0]) == (here.title, here.key.partition(" ")[0])

    def _items(self, typed: str) -> list[Item]:
        """A scenario of two runbooks is there twice. What is looked for may stand in any of its words."""
        words = typed.casefold().split()
        items = []
        for name in self._unseen:
            note = f"{UNSEEN}, in {RUNBOOKS[name].title}"
            if all(word in f"{note} unseen {name}".casefold() for word in words):
                items.append(Item(f"{name} ", "Unseen", note))
        for name, topic, scenario in self._listed:
            if cases.holds(scenario, name, topic, words):
                # Some that are well are of both runbooks, and have one title.
                of_runbook = f"{topic}, {name}" if topic == cases.NO_FAULT else topic
                items.append(Item(f"{name} {scenario['name']}", of_runbook, str(scenario["title"])))
        return items

    def _describe(self) -> None:
        menu = self.query_one(Menu)
        self.head("Practice", f"{menu.cursor + 1} of {len(menu.items)}" if menu.items else "")
        page = Page(self.size.width - 2, self.glyphs)
        if menu.chosen is None:
            page.text("No scenario has these words.", "$quiet")
        else:
            self._write(page, *menu.chosen.key.split(" "))
        self.query_one("#symptom", View).show(page.lines)

    def _write(self, page: Page, runbook: str, name: str) -> None:
        if not name:
            page.labelled("The call", cases.ABOUT)
            told = so_far(self._named, self._listed, runbook)
            if told:
                page.labelled("So far", told)
            return
        topic, scenario = next((topic, one) for of, topic, one in self._listed if (of, one["name"]) == (runbook, name))
        title = str(scenario["title"])
        if COLUMN + len(title) > self.size.width - 4:
            page.labelled("In full", f"{title}.")
        page.labelled("Topic", f"{RUNBOOKS[runbook].title}, {topic}")
        page.labelled("The call", str(scenario["symptom"]))
