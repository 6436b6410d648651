"""One field of a form: what it is called, what is typed, and what is right or wrong with it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus
from textual.widgets import Input, Static

from checks.deployment import InvalidName
from checks.text import clean
from tui.glyphs import Glyphs, plain
from tui.widgets.choice import label

LONGEST = 400
"""Characters that a field takes; longer than any name, account or path that is meant."""


class Field(Vertical):
    """A label, an input, and beside it a sign; the sentence about a wrong name stands right below."""

    def __init__(
        self,
        label: str,
        parse: Callable[[str], str],
        glyphs: Glyphs,
        *,
        note: str = "",
        password: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self._label = label
        self._parse = parse
        self._note = note
        self._sentence = ""
        self._told: tuple[str, str] = ("", "")
        self._input = Input(password=password, compact=True, max_length=LONGEST, select_on_focus=False)
        self._input.cursor_blink = False

    def compose(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(classes="label", markup=False)
            yield self._input
            yield Static(classes="note", markup=False)
        yield Static(classes="sentence", markup=False)

    def on_mount(self) -> None:
        self._show()

    @property
    def is_password(self) -> bool:
        """True where what is typed is hidden, and is never filled in."""
        return self._input.password

    @property
    def text(self) -> str:
        """What is typed, without blanks around it."""
        return self._input.value.strip()

    @property
    def sentence(self) -> str:
        """What is wrong with what is typed; empty where nothing is."""
        return self._sentence

    @property
    def parsed(self) -> str:
        """The value as the deployment takes it; empty where the field is. Ask for it only while nothing is wrong."""
        return self._parse(self.text) if self.text else ""

    def secret(self) -> str:
        """What is typed, blanks and all. For the one caller that wraps it at once."""
        return self._input.value

    def fill(self, text: str) -> None:
        self._input.value = text

    def tell(self, text: str, source: str) -> None:
        """Fills in what was found, and shows by whom it was told until somebody types over it."""
        self._told = (text, clean(source, 40))
        self.fill(text)

    def focus_input(self) -> None:
        """At once, so that what is typed ahead finds it."""
        self.screen.set_focus(self._input)

    def refuse(self, sentence: str) -> None:
        """Shows a sentence that concerns this field together with others."""
        self._sentence = sentence
        self._show()

    def validate_text(self) -> bool:
        """Looks at what is typed and shows what is wrong with it; True where nothing is."""
        self._sentence = ""
        try:
            if self.text:
                self._parse(self.text)
        except InvalidName as wrong:
            self._sentence = clean(str(wrong), 300)
        self._show()
        return not self._sentence

    @on(Input.Changed)
    def typed(self) -> None:
        self.validate_text()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self._show()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self._show()

    def _show(self) -> None:
        self.query_one(".label", Static).update(label(self._label, self._input.has_focus, self.glyphs))
        note, sentence = self.query_one(".note", Static), self.query_one(".sentence", Static)
        # While a name is being typed it is unfinished rather than wrong.
        style = "$warn" if self._input.has_focus else "$bad"
        if self._sentence:
            note.update(Content.styled(self.glyphs.wrong, style))
        elif self.text:
            found, source = self._told
            by = f" {source}" if source and self.text == found else ""
            note.update(Content.assemble((self.glyphs.right, "$good"), (by, "$quiet")))
        else:
            note.update(Content.styled(plain(self._note, self.glyphs), "$quiet"))
        sentence.update(Content.styled(plain(self._sentence, self.glyphs), style))
        sentence.display = bool(self._sentence)


def parse_account(text: str) -> str:
    """An account as it is typed. InvalidName where it is more than a line."""
    if not text.isprintable():
        raise InvalidName("An account is one line of text, such as LITWAREINC\\admin.")
    return text


def parse_file(text: str) -> str:
    """The path of a file that is there. InvalidName where it cannot be read."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise InvalidName("There is no file of that name on this computer.")
    if not os.access(path, os.R_OK):
        raise InvalidName("You may not read that file.")
    return str(path)
