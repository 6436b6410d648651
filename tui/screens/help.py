"""Help for where one stands: the keys, the signs, and what the current step is about."""

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize

from checks.model import Step
from tui.glyphs import MEANINGS, status_sign
from tui.screens.frame import Framed
from tui.widgets.finding import STYLES
from tui.widgets.page import Page
from tui.widgets.view import View

KEYS = (
    ("enter", "go on: the next step, the highlighted choice"),
    ("b  esc", "back; nothing is lost"),
    ("r", "run the step again: everything is asked anew"),
    ("p", "paste the output of a command that you ran by hand"),
    ("F2 F4 F8", "while pasting: take it, the other output, empty the field"),
    ("a", "answer by hand what nobody could see; it is marked as stated by you"),
    ("t", "type a refused password anew; each is tried once"),
    ("s  y", "skip the step; agree to its sign-in, which enter never does"),
    ("x", "cancel what runs"),
    ("c", "copy the fix, and show it to be selected"),
    ("m", "in the lab: carry the fix out, and check again"),
    ("g", "in the lab, where the fault was not told: name the cause"),
    ("w h e", "unfold why it matters, how to do it by hand, the evidence"),
    ("/", "show only the evidence with the words that you type; esc shows all again"),
    ("1 to 9", "in the evidence: go to that answer"),
    ("n", "a note about the step or the walk; every report has it"),
    ("o", "write the report into a file in this folder"),
    ("v", "the verdict so far"),
    ("f  N", "at the verdict: check again what failed; a new walk, in the lab another fault"),
    ("arrows", "move and scroll; space and page down for more"),
    ("tab", "the next field; from a symptom to what else is known, where left and right choose"),
    ("ctrl+d", "in the form: forget a deployment that was used before; it asks first"),
    ("ctrl+p", "commands: go to any step, change the colours"),
    ("ctrl+l", "draw the screen anew"),
    ("ctrl+c", "cancel; twice quits"),
    ("q", "quit; the walk can be resumed"),
)
COLUMN = 18


class HelpScreen(Framed):
    """Closed by escape, q or the key that opened it."""

    BINDINGS = [
        Binding("up,k", "scroll(-1)", "scroll"),
        *Framed.SCROLL_KEYS[1:],
        Binding("escape,enter,b,q,question_mark,f1", "dismiss", "close", key_display="esc"),
    ]

    def __init__(self, step: Step[Any] | None = None) -> None:
        super().__init__()
        self._step = step

    def compose_body(self) -> ComposeResult:
        yield View(id="page")

    def on_mount(self) -> None:
        self.head("Help")

    def on_resize(self, event: Resize) -> None:
        self.query_one("#page", View).show(self._page().lines)
        self.call_after_refresh(self.say_more)

    def _page(self) -> Page:
        page = Page(self.size.width - 2, self.glyphs)
        if self._step is not None:
            page.text(self._step.title, "bold")
            page.text(self._step.why)
            page.labelled("Good is", self._step.good)
            page.blank()
        page.text("Keys", "bold")
        for key, meaning in KEYS:
            page.labelled(key, meaning, label_style="$key")
        page.blank()
        page.text("What the words mean", "bold")
        for status, meaning in MEANINGS.items():
            page.labelled(status_sign(status, self.glyphs), meaning, label_style=STYLES[status], column=COLUMN)
        page.blank()
        page.text("lyncdoctor only reads. It shows commands, and never runs one that changes anything.", "$quiet")
        return page
