"""The Textual app: it moves screens, and holds the keys and the theme. It knows no check."""

import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widgets import Input, TextArea
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from checks.model import Status
from checks.probes import Question
from checks.secret import Secret
from checks.walk import Walk
from tui import cases, places
from tui.cases import Case
from tui.exit_codes import ExitCode
from tui.glyphs import ASCII, UNICODE
from tui.screens.call import CallScreen, case_commands
from tui.screens.commands import step_commands, verdict_commands
from tui.screens.copy import CopyScreen
from tui.screens.deployment import DeploymentScreen
from tui.screens.frame import Framed
from tui.screens.practice import PracticeScreen
from tui.screens.questions import PasswordScreen, QuitScreen
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.screens.walking import OfWalk
from tui.screens.welcome import WelcomeScreen
from tui.session import (
    BeginWalk,
    CannotBegin,
    FindResumable,
    NamesFound,
    Opening,
    PasswordNeeded,
    PracticeWalk,
    ResumedWalk,
    Session,
    Start,
    WalkRequest,
    waiting_for,
)
from tui.theme import DARK, LIGHT, first_theme, our_colours

TWICE = 2.0
"""Seconds within which the second ctrl+c quits, also on a screen that cannot say so."""
AGAIN = "Press ctrl+c again to quit."
"""As long as this stands, ctrl+c quits."""


class WizardApp(App[int]):
    """The wizard. Its return value is the exit code."""

    TITLE = "lyncdoctor"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+l", "redraw", show=False, priority=True),
        Binding("ctrl+q", "leave", show=False, priority=True),
    ]

    theme: Reactive[str] = Reactive(first_theme)

    def __init__(
        self,
        *,
        start: Start = Opening.WELCOME,
        scenarios: Sequence[Mapping[str, Any]] = (),
        begin: BeginWalk,
        resumable: FindResumable = tuple,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        if self.theme == "textual-dark":
            self.theme = DARK.name
        self.animation_level = "none"
        self.glyphs = ASCII if ascii_only else UNICODE
        self.scenarios = scenarios
        self.session: Session | None = None
        self.journal: Path | None = None
        """Where the walk that was left last is written."""
        self._start = start
        self._begin = begin
        self._find_resumable = resumable
        self._beginning: Worker[None] | None = None
        self._interrupted = 0.0
        self._forms: dict[str, DeploymentScreen] = {}
        self._drafts: dict[Path | None, dict[Question, str]] = {}
        self.set_class(ascii_only, "ascii")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return our_colours(self.current_theme)

    async def on_mount(self) -> None:
        await self.push_screen(WelcomeScreen())
        match self._start:
            case Opening.WELCOME:
                pass
            case Opening.PRACTICE:
                await self.push_screen(PracticeScreen(self.scenarios))
            case PracticeWalk(case=Case() as case):
                await self.push_screen(CallScreen(case))
            case request:
                self.begin_walk(request)

    # What the screens ask for.

    def find_resumable(self) -> Sequence[Any]:
        """The unfinished walks, newest first."""
        return self._find_resumable()

    def begin_walk(self, request: WalkRequest) -> None:
        """Begins a walk; the screen that asked counts the seconds, and is told where it cannot begin."""
        if self._beginning is None:
            self._beginning = self.run_worker(self._begin_and_show(request), group="begin", exclusive=True)

    def interrupt_begin(self) -> None:
        """Gives up beginning."""
        if self._beginning is not None:
            self._beginning.cancel()

    def form(self, runbook: str, start: str = "", symptom: str = "") -> DeploymentScreen:
        """The form of a runbook, to begin at a step or to explain a symptom. What was typed stays in it, but for the passwords."""
        if runbook not in self._forms:
            self._forms[runbook] = DeploymentScreen(runbook)
            self.install_screen(self._forms[runbook], f"form-{runbook}")
        self._forms[runbook].start = start
        self._forms[runbook].symptom = symptom
        return self._forms[runbook]

    def diagnose_screen(self) -> Screen[None]:
        """Where an error is pasted. It stays, and what was pasted with it."""
        if not self.is_screen_installed("diagnose"):
            from tui.screens.diagnose import DiagnoseScreen

            self.install_screen(DiagnoseScreen(), "diagnose")
        return self.get_screen("diagnose")

    def drafts_of(self, walk: Walk) -> dict[Question, str]:
        """What was typed or pasted for the questions of a walk and not taken yet. It lives as long as the wizard."""
        return self._drafts.setdefault(walk.journal.path, {})

    async def show_step(self, step_id: str, *, again: bool = False) -> None:
        """From the verdict back to a step."""
        if isinstance(self.screen, VerdictScreen):
            with self.batch_update():
                await self.pop_screen()
                self._step_screen().visit(step_id, again=again)

    async def leave_walk(self) -> None:
        """Ends the walk and shows the welcome screen."""
        await self._end_session()
        while len(self.screen_stack) > 1 and not isinstance(self.screen, WelcomeScreen):
            await self.pop_screen()

    def surprise(self, runbook: str) -> None:
        """Shows the call of a fault that the learner has not seen."""
        self.push_screen(CallScreen(cases.surprise(self.scenarios, runbook)))

    async def another_fault(self, instead_of: Case | None) -> None:
        """Leaves what is practised: for another fault of its runbook that nobody chose, or for the list."""
        await self.leave_walk()
        if instead_of is None:
            await self.push_screen(PracticeScreen(self.scenarios))
        else:
            other = cases.surprise(self.scenarios, instead_of.runbook.name, but=instead_of.scenario)
            await self.push_screen(CallScreen(other))

    def copy(self, text: str) -> None:
        """Sends text to the terminal's clipboard and shows it, because nobody knows whether it arrived."""
        self.copy_to_clipboard(text)
        self.push_screen(CopyScreen(text, self.glyphs))

    # Keys.

    async def action_interrupt(self) -> None:
        """Ctrl+c: copies what is selected, else cancels what runs; twice quits."""
        if self._copied_selection():
            return
        asked = isinstance(self.screen, Framed) and self.screen.said == AGAIN
        if asked or time.monotonic() - self._interrupted < TWICE:
            await self._quit(ExitCode.INTERRUPTED)
            return
        self._interrupted = time.monotonic()
        step = self._running_step()
        if step is not None:
            await step.action_cancel()
        self.interrupt_begin()
        if isinstance(self.screen, Framed):
            self.screen.say(AGAIN)

    async def action_leave(self) -> None:
        """Quits; asks first while a step runs."""
        if isinstance(self.screen, QuitScreen):
            return
        if self._running_step() is None:
            await self._quit()
        else:
            self.push_screen(QuitScreen(self.glyphs), self._answered)

    async def action_quit(self) -> None:
        await self.action_leave()

    def action_redraw(self) -> None:
        """Draws everything anew, for a terminal that something else has written to."""
        self.refresh(repaint=True, layout=True)
        self.screen.refresh(repaint=True, layout=True)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        yield SystemCommand("Colours", "Choose a theme, dark or light", self.action_change_theme)
        yield SystemCommand("Quit", "The walk can be resumed", self.action_leave)
        if isinstance(screen, StepScreen):
            yield from step_commands(screen)
        elif isinstance(screen, VerdictScreen):
            yield from verdict_commands(screen)
        if isinstance(screen, StepScreen | VerdictScreen):
            yield from case_commands(screen.session, self.push_screen)

    def _fatal_error(self) -> None:
        """Ends with the place of the crash alone.

        Textual would print every local variable, and one of them may hold a password or what a server sent.
        """
        error = sys.exc_info()[1]
        place = traceback.extract_tb(error.__traceback__)[-1] if error is not None else None
        where = f"{type(error).__name__} in {place.name}, line {place.lineno}" if place else "unknown place"
        sentence = (
            f"lyncdoctor: an internal error ({where}). This is a bug; nothing was changed, the walk can be resumed."
        )
        self._return_code = int(ExitCode.INTERNAL)
        self._exit_renderables.append(Text(sentence))
        self._close_messages_no_wait()

    # Beginning and ending.

    async def _begin_and_show(self, request: WalkRequest) -> None:
        asking = self.screen
        if not isinstance(asking, Framed):
            return
        asking.say_busy(waiting_for(request))
        clock = self.set_interval(1.0, asking.tick)
        try:
            session = await self._begin(request)
        except PasswordNeeded as needed:
            if isinstance(request, ResumedWalk):
                self._ask_password(needed, request)
            return
        except CannotBegin as refusal:
            self.call_later(asking.say, str(refusal), wrong=True)
            return
        finally:
            clock.stop()
            asking.say_busy("")
            self._beginning = None
        if isinstance(session, NamesFound):
            if isinstance(asking, DeploymentScreen):
                self.call_later(asking.show_found, session.found)
            return
        self.session = session
        if isinstance(asking, DeploymentScreen):
            asking.forget_passwords()
        with self.batch_update():
            await self.push_screen(screen := StepScreen(session))
            await screen.begin()
        goes_on = places.goes_on_in(request.journal) if isinstance(request, ResumedWalk) else ""
        if goes_on and isinstance(self.screen, Framed):
            self.screen.say(goes_on)

    def _ask_password(self, needed: PasswordNeeded, request: ResumedWalk) -> None:
        def typed(password: Secret | None) -> None:
            if password:
                self.begin_walk(replace(request, secrets={**request.secrets, needed.whose: password}))

        self.push_screen(PasswordScreen(needed.account, self.glyphs), typed)

    async def _answered(self, leave: bool | None) -> None:
        if leave:
            await self._quit()

    async def _quit(self, code: ExitCode | None = None) -> None:
        code = code if code is not None else self._exit_code()
        beginning = self._beginning
        if beginning is not None:
            beginning.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await beginning.wait()
        await self._end_session()
        self.exit(int(code), return_code=int(code))

    async def _end_session(self) -> None:
        session, self.session = self.session, None
        if session is None:
            return
        self.journal = session.walk.journal.path
        for screen in self.screen_stack:
            if isinstance(screen, OfWalk):
                await screen.stop()
        session.walk.drop_look_ahead()
        await session.walk.asking.close()
        await session.close()

    def _exit_code(self) -> ExitCode:
        """That of the verdict, once every step has been walked."""
        if self.session is None or len(self.session.walk.path) < len(self.session.walk.steps):
            return ExitCode.FINE
        match self.session.walk.verdict().status:
            case Status.FAILED | Status.WARNING:
                return ExitCode.FAULT
            case Status.UNKNOWN:
                return ExitCode.UNKNOWN
        return ExitCode.FINE

    def _step_screen(self) -> StepScreen:
        return next(screen for screen in self.screen_stack if isinstance(screen, StepScreen))

    def _running_step(self) -> OfWalk | None:
        running = (screen for screen in self.screen_stack if isinstance(screen, OfWalk) and screen.is_gathering)
        return next(running, None)

    def _copied_selection(self) -> bool:
        field = self.screen.focused
        hidden = isinstance(field, Input) and field.password
        if isinstance(field, Input | TextArea) and field.selected_text and not hidden:
            self.copy_to_clipboard(field.selected_text)
            return True
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        return bool(selected)
