"""The least that Textual can show, as the floor for a start: `python -m tests.bench.bare_app`."""

from textual.app import App, ComposeResult
from textual.widgets import Static

SHOWN = "nothing but this line"


class BareApp(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        yield Static(SHOWN)


if __name__ == "__main__":
    BareApp().run()
