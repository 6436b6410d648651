"""What every screen has: a line above, the keys that work now below, and one place for a notice."""

import time
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from checks.text import clean
from tui.glyphs import Glyphs, plain
from tui.widgets.lines import EndsLine, KeyLine, Rule
from tui.widgets.view import View

if TYPE_CHECKING:
    from tui.app import WizardApp

NAME = "lyncdoctor"


class Framed(Screen[None]):
    """A screen with a header line, a body, a notice and the keys."""

    LAST_KEYS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "help", key_display="?"),
        Binding("q", "app.leave", "quit"),
    ]

    SCROLL_KEYS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home", "page(-1000)", show=False),
        Binding("end", "page(1000)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._busy_since = 0.0
        self._busy_with = ""
        self.said = ""
        """The notice that stands; empty where none does."""

    @property
    def wizard(self) -> "WizardApp":
        return cast("WizardApp", self.app)

    @property
    def glyphs(self) -> Glyphs:
        return self.wizard.glyphs

    def compose(self) -> ComposeResult:
        yield EndsLine(self.glyphs, id="header")
        yield Rule(self.glyphs, id="above")
        with Vertical(id="frame"):
            yield from self.compose_body()
        yield Static(id="notice", markup=False)
        yield Rule(self.glyphs, id="below")
        yield KeyLine(self.glyphs, id="keys")

    def compose_body(self) -> ComposeResult:
        """What stands between the two rules."""
        raise NotImplementedError

    def head(self, left: str, right: str = "") -> None:
        """The words of the header line, after the program's name."""
        self.query_one("#header", EndsLine).show(
            Content.assemble((NAME, "bold $key"), "  ", plain(clean(left), self.glyphs)),
            Content.styled(plain(clean(right), self.glyphs), "$quiet"),
        )

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Shows one sentence above the keys until the next key; nothing where it is empty."""
        notice = self.query_one("#notice", Static)
        notice.update(Content.styled(plain(clean(sentence), self.glyphs), "$bad" if wrong else "$key"))
        notice.display = bool(sentence)
        self.said = sentence

    def action_scroll(self, lines: int) -> None:
        self.query_one("#page", View).move(lines)
        self.say_more()

    def action_page(self, pages: int) -> None:
        view = self.query_one("#page", View)
        self.action_scroll(pages * view.page_height)

    def say_more(self) -> None:
        """Says in the lower rule how many lines lie below what is seen of the page."""
        below = self.query_one("#page", View).below
        words = f"{below} more line{'s' if below > 1 else ''}, space or {self.glyphs.up_down}" if below else ""
        self.query_one("#below", Rule).say(words)

    def say_busy(self, sentence: str) -> None:
        """Shows what the screen waits for and counts the seconds. An empty sentence ends it."""
        self._busy_with, self._busy_since = sentence, time.monotonic()
        self.say(sentence)
        self.refresh_bindings()

    def tick(self) -> None:
        """Called once a second while the screen waits."""
        if self._busy_with:
            self.say(f"{self._busy_with}  {time.monotonic() - self._busy_since:.0f} s")

    @property
    def is_busy(self) -> bool:
        """True while a walk is being begun."""
        return bool(self._busy_with)

    def on_key(self) -> None:
        """A notice has been read once a key is pressed."""
        if not self._busy_with and self.query_one("#notice").display:
            self.say("")

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())
