"""Answer by hand: the user looked where this program could not, and says which of the step's answers it is."""

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from checks.model import Answer, Step
from checks.stated import answers_to_state
from tui.glyphs import plain, status_sign
from tui.screens.frame import Framed
from tui.screens.questions import LineScreen
from tui.widgets.menu import Item, Menu
from tui.widgets.page import Page
from tui.widgets.view import View

COLUMN = 18

Say = Callable[[str, str], None]
"""Takes the name of the answer, and what the user adds to it."""


class StateScreen(Framed):
    """The answers of one step by what they mean."""

    BINDINGS = [
        Binding("escape,b", "dismiss", "back", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self, step: Step[Any], say: Say) -> None:
        super().__init__()
        self._step = step
        self._answers = answers_to_state(step)
        self._say = say

    def compose_body(self) -> ComposeResult:
        question = plain(self._step.question.strip(), self.glyphs)
        yield Static(Content.styled(question, "bold"), id="question", markup=False)
        yield Menu([self._item(answer) for answer in self._answers], self.glyphs, COLUMN, id="answers")
        yield View(id="page")

    def on_mount(self) -> None:
        self.head("I looked: it says", self._step.title)
        self.query_one(Menu).focus()

    def on_resize(self, event: Resize) -> None:
        self._describe()

    @on(Menu.Moved)
    def moved(self) -> None:
        self._describe()

    @on(Menu.Opened)
    def chosen(self, event: Menu.Opened) -> None:
        name = event.item.key

        def typed(remark: str | None) -> None:
            if remark is not None:
                self.dismiss()
                self._say(name, remark)

        screen = LineScreen(
            "What did you see?", "One sentence, or enter alone. It stands in every report.", self.glyphs
        )
        self.app.push_screen(screen, typed)

    def _item(self, answer: Answer) -> Item:
        return Item(answer.name, status_sign(answer.status, self.glyphs), answer.meaning)

    def _describe(self) -> None:
        """The whole meaning of the answer under the cursor, for a line may be too short for it."""
        page = Page(self.size.width - 2, self.glyphs)
        place = self.query_one(Menu).cursor
        if place < len(self._answers):
            page.blank()
            page.text(self._answers[place].meaning)
        page.text("It is marked as stated by a person, here and in every report.", "$quiet")
        self.query_one("#page", View).show(page.lines)
