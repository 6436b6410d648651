"""The Textual app: it moves screens, and holds the keys and the theme. It knows no check.

A screen is imported where it is first shown, so that the first one waits for none of the others.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import SystemCommand
from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import Screen

from tui.exit_codes import ExitCode
from tui.glyphs import ASCII, UNICODE
from tui.screens.frame import Framed
from tui.screens.welcome import WelcomeScreen
from tui.session import (
    BeginWalk,
    FindResumable,
    FindUsed,
    Opening,
    PracticeWalk,
    Start,
)
from tui.theme import OURS, first_theme, our_colours
from tui.with_walk import WithWalk

if TYPE_CHECKING:
    from pathlib import Path

    from textual.theme import Theme

    from tui.cases import Case
    from tui.screens.deployment import DeploymentScreen
    from tui.screens.step import StepScreen
    from tui.used_before import Used

TWICE = 2.0
"""Seconds within which the second ctrl+c quits, also on a screen that cannot say so."""
AGAIN = "Press ctrl+c again to quit."
"""As long as this stands, ctrl+c quits."""


class WizardApp(WithWalk):
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
        used: FindUsed = lambda _: (),
        ascii_only: bool = False,
    ) -> None:
        super().__init__(begin)
        for theme in OURS.values():
            self.register_theme(theme)
        self.animation_level = "none"
        self.glyphs = ASCII if ascii_only else UNICODE
        self.scenarios = scenarios
        self._start = start
        self._find_resumable = resumable
        self._find_used = used
        self._interrupted = 0.0
        self._forms: dict[str, DeploymentScreen] = {}
        self.set_class(ascii_only, "ascii")

    def get_theme(self, theme_name: str) -> Theme | None:
        """Ours before Textual's: it asks before any theme of an app can be registered, and would begin with another."""
        return OURS.get(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return our_colours(self.current_theme)

    async def on_mount(self) -> None:
        await self.push_screen(WelcomeScreen())
        match self._start:
            case Opening.WELCOME:
                pass
            case Opening.PRACTICE:
                await self._show_practice()
            case PracticeWalk(case=case) if case is not None:
                await self._show_call(case)
            case request:
                self.begin_walk(request)

    # What the screens ask for.

    def find_resumable(self) -> Sequence[Any]:
        """The unfinished walks, newest first."""
        return self._find_resumable()

    def find_used(self, runbook: str) -> Sequence[Used]:
        """The deployments that were used last, for the form of a runbook."""
        return self._find_used(runbook)

    def forget_journals(self, removed: Collection[Path]) -> None:
        """Journals that are no more: the last walk's is not named when the wizard ends."""
        if self.journal in removed:
            self.journal = None

    def form(self, runbook: str, start: str = "", symptom: str = "", told: tuple[str, ...] = ()) -> DeploymentScreen:
        """The form of a runbook, to begin at a step or to explain a symptom. What was typed stays in it, but for the passwords."""
        from tui.screens.deployment import DeploymentScreen

        if runbook not in self._forms:
            self._forms[runbook] = DeploymentScreen(runbook)
            self.install_screen(self._forms[runbook], f"form-{runbook}")
        self._forms[runbook].start = start
        self._forms[runbook].symptom, self._forms[runbook].told = symptom, told
        return self._forms[runbook]

    def diagnose_screen(self) -> Screen[None]:
        """Where an error is pasted. It stays, and what was pasted with it."""
        if not self.is_screen_installed("diagnose"):
            from tui.screens.diagnose import DiagnoseScreen

            self.install_screen(DiagnoseScreen(), "diagnose")
        return self.get_screen("diagnose")

    async def show_step(self, step_id: str, *, again: bool = False) -> None:
        """From the verdict back to a step."""
        from tui.screens.verdict import VerdictScreen

        if isinstance(self.screen, VerdictScreen):
            with self.batch_update():
                await self.pop_screen()
                self._step_screen().visit(step_id, again=again)

    async def leave_walk(self) -> None:
        """Ends the walk and shows the welcome screen."""
        await self.end_session()
        while len(self.screen_stack) > 1 and not isinstance(self.screen, WelcomeScreen):
            await self.pop_screen()

    def surprise(self, runbook: str) -> None:
        """Shows the call of a fault that the learner has not seen."""
        from tui import cases

        self.call_later(self._show_call, cases.surprise(self.scenarios, runbook))

    async def another_fault(self, instead_of: Case | None) -> None:
        """Leaves what is practised: for another fault of its runbook that nobody chose, or for the list."""
        from tui import cases

        await self.leave_walk()
        if instead_of is None:
            await self._show_practice()
        else:
            await self._show_call(cases.surprise(self.scenarios, instead_of.runbook.name, but=instead_of.scenario))

    async def begin_anew(self) -> None:
        """Leaves a practice walk for the same one from its beginning: what was mended is broken again."""
        if self.session is None:
            return
        from tui import cases

        request = cases.anew(self.session)
        await self.leave_walk()
        self.begin_walk(request)

    def copy(self, text: str) -> None:
        """Sends text to the terminal's clipboard and shows it, because nobody knows whether it arrived."""
        from tui.screens.copy import CopyScreen

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
        step = self.running_step()
        if step is not None:
            await step.action_cancel()
        self.interrupt_begin()
        if isinstance(self.screen, Framed):
            self.screen.say(AGAIN)

    async def action_leave(self) -> None:
        """Quits; asks first while a step runs."""
        if self.running_step() is None:
            await self._quit()
            return
        from tui.screens.questions import QuitScreen

        if not isinstance(self.screen, QuitScreen):
            self.push_screen(QuitScreen(self.glyphs), self._answered)

    async def action_quit(self) -> None:
        await self.action_leave()

    def action_redraw(self) -> None:
        """Draws everything anew, for a terminal that something else has written to."""
        self.refresh(repaint=True, layout=True)
        self.screen.refresh(repaint=True, layout=True)

    def action_command_palette(self) -> None:
        """The palette. Its prompt is Textual's own but for the ellipsis, which ASCII does not have."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="Search for commands", id="--command-palette"))

    def search_themes(self) -> None:
        """The palette of the themes, with a prompt of the same kind."""
        from textual.command import CommandPalette
        from textual.theme import ThemeProvider

        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder="Search for themes"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        yield SystemCommand("Colours", "Choose a theme, dark or light", self.action_change_theme)
        yield SystemCommand("Quit", "The walk can be resumed", self.action_leave)
        if self.session is not None:
            from tui.screens.commands import commands_of

            yield from commands_of(screen)

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

    async def _show_practice(self) -> None:
        from tui.screens.practice import PracticeScreen

        await self.push_screen(PracticeScreen(self.scenarios))

    async def _show_call(self, case: Case) -> None:
        from tui.screens.call import CallScreen

        await self.push_screen(CallScreen(case))

    async def _answered(self, leave: bool | None) -> None:
        if leave:
            await self._quit()

    async def _quit(self, code: ExitCode | None = None) -> None:
        code = code if code is not None else self.exit_code()
        await self.give_up_beginning()
        await self.end_session()
        self.exit(int(code), return_code=int(code))

    def _step_screen(self) -> StepScreen:
        from tui.screens.step import StepScreen

        return next(screen for screen in self.screen_stack if isinstance(screen, StepScreen))

    def _copied_selection(self) -> bool:
        field = self.screen.focused
        # What has a selection is a field or a text; neither is imported to be told from the rest.
        selected, hidden = getattr(field, "selected_text", ""), getattr(field, "password", False)
        if selected and not hidden:
            self.copy_to_clipboard(selected)
            return True
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        return bool(selected)
