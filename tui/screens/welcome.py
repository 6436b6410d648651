"""The first screen: what is troubleshot, and from where to begin."""

from datetime import UTC, datetime

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from checks.threads import in_thread
from tui import __version__
from tui.age import age
from tui.screens.frame import Framed
from tui.session import Resumable, ResumedWalk
from tui.widgets.menu import Item, Menu

COLUMN = 32
PAINTED = 0.1
"""Seconds after which the screen stands there."""


class WelcomeScreen(Framed):
    """Where to begin."""

    BINDINGS = [
        Binding("r", "resume", "resume"),
        Binding("escape,x", "stop", "cancel", key_display="esc"),
        *Framed.LAST_KEYS,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._resumable: list[Resumable] = []

    def compose_body(self) -> ComposeResult:
        question = "Why can't they sign in, or see their partners?"
        yield Static(Content.styled(question, "bold"), id="question", markup=False)
        yield Menu([], self.glyphs, COLUMN, id="menu")

    def on_mount(self) -> None:
        self.head("", f"read-only · {__version__}")

    def on_screen_resume(self) -> None:
        """The unfinished walks may have changed while another screen lay above.

        They are looked for once the screen has been painted: reading journals and their runbooks takes longer.
        """
        menu = self.query_one(Menu)
        menu.fill([*self._beginnings(), *self._unfinished()])
        menu.focus()
        self.set_timer(PAINTED, self._look_for_unfinished)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "resume":
            return bool(self._resumable)
        if action == "stop":
            return self.is_busy
        return True

    def action_resume(self) -> None:
        self.wizard.begin_walk(ResumedWalk(journal=self._resumable[0].journal))

    def action_stop(self) -> None:
        self.wizard.interrupt_begin()

    @on(Menu.Opened)
    def open(self, event: Menu.Opened) -> None:
        from tui.screens.evidence import EvidenceScreen
        from tui.screens.practice import PracticeScreen
        from tui.screens.symptom import SymptomScreen

        match event.item.key:
            case "symptom":
                self.app.push_screen(SymptomScreen())
            case "practice":
                self.app.push_screen(PracticeScreen(self.wizard.scenarios))
            case "diagnose":
                self.app.push_screen(self.wizard.diagnose_screen())
            case "evidence":
                self.app.push_screen(EvidenceScreen())
            case "mobility" | "xmpp" as runbook:
                self.app.push_screen(self.wizard.form(runbook))
            case journal:
                self.wizard.begin_walk(ResumedWalk(journal=self._resumable[int(journal)].journal))

    @work(exclusive=True, group="unfinished")
    async def _look_for_unfinished(self) -> None:
        self._resumable = list(await in_thread(self.wizard.find_resumable))
        if not self.query(Menu):  # The wizard is being left.
            return
        self.query_one(Menu).change([*self._beginnings(), *self._unfinished()])
        self.refresh_bindings()

    def _beginnings(self) -> list[Item]:
        return [
            Item("symptom", "Start from a symptom", "what users or an error message tell you"),
            Item("mobility", "Mobility, from the top", "phones that cannot sign in"),
            Item("xmpp", "XMPP federation, from the top", "partners on other chat systems"),
            Item("diagnose", "Paste an error or output", "find where to start, offline"),
            Item("evidence", "Open evidence or a walk", "collected on a server, or by a colleague"),
            Item(),
            Item("practice", "Practice in the lab", "a live deployment here, with faults"),
        ]

    def _unfinished(self) -> list[Item]:
        items = [Item()] if self._resumable else []
        for number, walk in enumerate(self._resumable):
            # The practice deployment has one name, so it needs none.
            where = f"{walk.runbook} · {'practice' if walk.practice else walk.deployment}"
            items.append(
                Item(
                    str(number),
                    f"Resume  {where} · step {walk.step} of {walk.steps}, {age(walk.at, datetime.now(UTC))}",
                )
            )
        return items
