"""The walk that the wizard holds: begun behind the screen that asked for it, and ended with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from tui.exit_codes import ExitCode, code_for
from tui.glyphs import UNICODE
from tui.screens.frame import Framed
from tui.session import (
    BeginWalk,
    CannotBegin,
    NamesFound,
    PasswordNeeded,
    ResumedWalk,
    Session,
    WalkRequest,
    waiting_for,
)

if TYPE_CHECKING:
    from pathlib import Path

    from checks.probes import Question
    from checks.secret import Secret
    from checks.walk import Walk
    from tui.screens.walking import OfWalk


class WithWalk(App[int]):
    """An app with at most one walk, and at most one that is being begun."""

    def __init__(self, begin: BeginWalk) -> None:
        super().__init__()
        self.glyphs = UNICODE
        self.session: Session | None = None
        self.journal: Path | None = None
        """Where the walk that was left last is written."""
        self.unkept = ""
        """Why not all of it is, in a sentence."""
        self._begin = begin
        self._beginning: Worker[None] | None = None
        self._drafts: dict[Path | None, dict[Question, str]] = {}

    def begin_walk(self, request: WalkRequest) -> None:
        """Begins a walk; the screen that asked counts the seconds, and is told where it cannot begin."""
        if self._beginning is None:
            self._beginning = self.run_worker(self._begin_and_show(request), group="begin", exclusive=True)

    def interrupt_begin(self) -> None:
        """Gives up beginning."""
        if self._beginning is not None:
            self._beginning.cancel()

    async def give_up_beginning(self) -> None:
        """Gives up beginning, and waits until nothing of it is left."""
        beginning = self._beginning
        if beginning is not None:
            beginning.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await beginning.wait()

    def drafts_of(self, walk: Walk) -> dict[Question, str]:
        """What was typed or pasted for the questions of a walk and not taken yet. It lives as long as the wizard."""
        return self._drafts.setdefault(walk.journal.path, {})

    async def end_session(self) -> None:
        """Ends the walk; its journal is closed, and what it asks is given up."""
        screens = self._screens_of_walk()
        session, self.session = self.session, None
        if session is None:
            return
        from tui.keeping import unkept

        self.journal, self.unkept = session.walk.journal.path, unkept(session.walk.journal)
        for screen in screens:
            await screen.stop()
        session.walk.drop_look_ahead()
        await session.walk.asking.close()
        await session.close()

    def exit_code(self) -> ExitCode:
        """That of the verdict, once every step has been walked."""
        if self.session is None or len(self.session.walk.path) < len(self.session.walk.steps):
            return ExitCode.FINE
        return code_for({self.session.walk.verdict().status})

    def running_step(self) -> OfWalk | None:
        """The screen of the walk on which something is being asked; None where nothing is."""
        return next((screen for screen in self._screens_of_walk() if screen.is_gathering), None)

    async def _begin_and_show(self, request: WalkRequest) -> None:
        from tui import keeping
        from tui.screens.deployment import DeploymentScreen
        from tui.screens.step import StepScreen

        asking = self.screen
        if not isinstance(asking, Framed):
            self._beginning = None
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
        journal = session.walk.journal
        goes_on = keeping.goes_on_in(request.journal, journal) if isinstance(request, ResumedWalk) else ""
        if goes_on and isinstance(self.screen, Framed):
            self.screen.say(goes_on)

    def _ask_password(self, needed: PasswordNeeded, request: ResumedWalk) -> None:
        from tui.screens.questions import PasswordScreen

        def typed(password: Secret | None) -> None:
            if password:
                self.begin_walk(replace(request, secrets={**request.secrets, needed.whose: password}))

        self.push_screen(PasswordScreen(needed.account, self.glyphs), typed)

    def _screens_of_walk(self) -> Sequence[OfWalk]:
        if self.session is None:
            return ()
        from tui.screens.walking import OfWalk

        return [screen for screen in self.screen_stack if isinstance(screen, OfWalk)]
