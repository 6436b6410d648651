"""A field of many lines for what another program printed: it takes a paste of any origin, as harmless text."""

from typing import Any

from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import TextArea

from checks.knowledge.pasted import MOST_CHARACTERS
from checks.text import clean

TOO_LONG = f"That is more than {MOST_CHARACTERS // 1024 // 1024} MB. Paste the output of the one command alone."


class PasteArea(TextArea):
    """Lines as they are, unwrapped, so that the number of a line is that of the output."""

    class Refused(Message):
        """What was pasted is too long, and was not taken."""

    def __init__(self, text: str = "", **options: Any) -> None:
        # Tab is text here: where a terminal has no bracketed paste, an output arrives as if it were typed.
        super().__init__(
            harmless(text), soft_wrap=False, tab_behavior="indent", show_line_numbers=True, compact=True, **options
        )
        self.cursor_blink = False

    def show_line(self, number: int) -> None:
        """Puts the cursor on a line, counted from 1, and brings it into sight."""
        self.move_cursor((max(min(number, self.document.line_count), 1) - 1, 0), center=True)

    async def _on_key(self, event: Key) -> None:
        if event.key == "escape":
            # The screen's own key; the base class would move the focus.
            event.prevent_default()
        elif event.is_printable and len(self.text) >= MOST_CHARACTERS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Refused())

    async def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        if len(self.text) - len(self.selected_text) + len(event.text) > MOST_CHARACTERS:
            self.post_message(self.Refused())
            return
        await super()._on_paste(Paste(harmless(event.text)))


def harmless(text: str) -> str:
    """The same lines without a character that a terminal would act on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Most lines are harmless as they are, and finding that out is a hundred times faster than cleaning them.
    return "\n".join(line if line.isprintable() else clean(line, len(line) + 1) for line in lines)
