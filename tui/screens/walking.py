"""What the screens of a walk share: work that runs behind them, notes, the report as a file, and mending in the lab."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from textual import on
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from checks.model import Finding, Remedy
from tui import cases
from tui.keeping import unkept
from tui.mending import carry_out
from tui.screens.frame import Framed
from tui.session import Session
from tui.widgets.finding import fixes_of, safe_command
from tui.widgets.view import View

PATIENCE = 0.1
"""Seconds after which running work says so."""
NOTED = "Noted. It stands in the journal and in every report."

Look = Callable[[], Awaitable[object]]


class OfWalk(Framed):
    """A screen of a walk: it never blocks while the world is asked, and what runs can be cancelled."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.walk = session.walk
        self._work: Worker[None] | None = None
        self._started = 0.0
        self._patience: Timer | None = None
        self._clock: Timer | None = None
        self._unkept = ""

    # What each of them has of its own.

    @property
    def about(self) -> str:
        """The step that a note is about; empty for the verdict."""
        raise NotImplementedError

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What is shown to be done."""
        raise NotImplementedError

    @property
    def to_copy(self) -> Finding | None:
        """The finding whose fixes, or whose command, can be copied; None where there is none."""
        raise NotImplementedError

    def draw(self) -> None:
        """Shows what is known now; called each second while work runs."""
        raise NotImplementedError

    def settle(self) -> None:
        """Called once work has ended, unless it was stopped."""
        raise NotImplementedError

    async def action_cancel(self) -> None:
        """Gives up what runs; nothing else is lost."""
        raise NotImplementedError

    def check_mended(self, done: str) -> None:
        """Looks again, after a remedy was carried out; `done` says what was."""
        raise NotImplementedError

    @on(View.Resized)
    def count_again(self) -> None:
        """A notice that comes or goes takes a line from the page, or gives it back."""
        self.say_more()

    # Work.

    @property
    def is_gathering(self) -> bool:
        """True while the world is asked for this screen."""
        return self._work is not None

    @property
    def seconds(self) -> int:
        """For how long it has been asked."""
        return int(time.monotonic() - self._started)

    def begin_work(self, look: Look, then: Callable[[], None] | None = None) -> None:
        """Runs `look` beside the screen, and `then` once it has ended well."""
        self._started = time.monotonic()
        self._work = self.run_worker(self._look(look, then), group="step", exclusive=True)
        # What look-ahead has gathered is there at once, and nothing else is painted before it.
        self._patience = self.set_timer(PATIENCE, self._show_running)
        self.refresh_bindings()

    async def stop(self) -> None:
        """Cancels what runs, and notes nothing."""
        work, self._work = self._work, None
        self._stop_clock()
        if work is not None:
            work.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await work.wait()

    async def _look(self, look: Look, then: Callable[[], None] | None) -> None:
        await look()
        self._work = None
        self._stop_clock()
        self.settle()
        self.say_unkept()
        if then is not None:
            then()

    def say_unkept(self) -> None:
        """Says that the walk is not written down any more, once until it is again."""
        trouble = unkept(self.walk.journal)
        if trouble and trouble != self._unkept:
            self.say(trouble, wrong=True)
        self._unkept = trouble

    def _show_running(self) -> None:
        self._clock = self.set_interval(1.0, self.draw)
        self.draw()

    def _stop_clock(self) -> None:
        for timer in (self._patience, self._clock):
            if timer is not None:
                timer.stop()
        self._patience = self._clock = None

    # Keys that mean the same on each of them.

    def action_note(self) -> None:
        """Asks for a line about the step or the verdict; an empty one removes what was written."""
        from tui.screens.questions import LineScreen

        before = self.walk.journal.notes.get(self.about, "")

        def typed(note: str | None) -> None:
            if note is None or note == before:
                return
            self.walk.take_note(self.about, note)
            self.draw()
            trouble = unkept(self.walk.journal)
            self.say(trouble or (NOTED if note else "The note was removed."), wrong=bool(trouble))

        title = "A note about this step" if self.about else "A note about this walk"
        self.app.push_screen(LineScreen(title, "Enter keeps it; empty removes it.", self.glyphs, before), typed)

    def action_export(self) -> None:
        from tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(self.walk, self.say))

    def action_mend(self) -> None:
        """Carries a remedy out in the practice deployment; of several the user chooses one, or all in their order."""
        from tui.screens.questions import RemedyScreen

        commands = [remedy for remedy in self.remedies if remedy.cmdlet]
        if len(commands) == 1:
            self._carry_out(commands)
            return

        def chosen(remedies: Sequence[Remedy] | None) -> None:
            if remedies:
                self._carry_out(remedies)

        self.app.push_screen(RemedyScreen(self.remedies, self.glyphs), chosen)

    def action_cannot_mend(self) -> None:
        """Says why nothing is carried out."""
        if self.session.mend is None:
            self.say("Only the practice lab mends. A real deployment is never changed from here.")
        elif cases.asks_first(self.session) and self._has_command:
            self.say("Name the cause first (g); then m carries the fix out.")
        elif self.remedies:
            self.say(cases.BY_HAND)
        else:
            self.say("Nothing to be mended is shown here.")

    def can_copy(self, action: str) -> bool:
        """Whether there is a fix for the one action, or in its place a command that would settle it for the other."""
        finding = self.to_copy
        if finding is None or self.is_gathering:
            return False
        has_fix = bool(fixes_of(finding.remedies))
        return has_fix if action == "copy" else not has_fix and bool(finding.command)

    def action_copy(self) -> None:
        """Copies the fix; of several the user chooses one, or all."""
        from tui.screens.copy import FixScreen

        fixes = fixes_of(self.to_copy.remedies) if self.to_copy else {}
        if len(fixes) == 1:
            self.wizard.copy(*fixes.values())
            return

        def chosen(fix: str | None) -> None:
            if fix:
                self.wizard.copy(fix)

        self.app.push_screen(FixScreen(fixes, self.glyphs), chosen)

    def action_copy_command(self) -> None:
        """Copies the command that would settle it."""
        if self.to_copy is not None:
            self.wizard.copy(safe_command(self.to_copy.command))

    def action_name_cause(self) -> None:
        """In a practice walk with a fault that was not told: the learner says which one it is."""
        from tui.screens.cause import CauseScreen

        if self.session.case is not None:
            self.app.push_screen(CauseScreen(self.session.case, self.session))

    @property
    def can_mend(self) -> bool:
        """True in the lab, where a command is shown that mends something, and nobody is to name the cause before."""
        return self.session.mend is not None and self._has_command and not cases.asks_first(self.session)

    @property
    def is_mended_by_hand(self) -> bool:
        """True in the lab, where something is to be done that no command does."""
        return self.session.mend is not None and bool(self.remedies) and not self._has_command

    @property
    def _has_command(self) -> bool:
        return any(remedy.cmdlet for remedy in self.remedies)

    def _carry_out(self, remedies: Sequence[Remedy]) -> None:
        self.run_worker(self._mend(remedies), group="mend", exclusive=True)

    async def _mend(self, remedies: Sequence[Remedy]) -> None:
        if self.session.mend is None:
            return
        self.say("Carrying it out in the practice deployment")
        carried_out = await carry_out(self.session.mend, remedies, self.remedies)
        if carried_out.is_any:
            self.check_mended(carried_out.told)
        else:
            self.say(" ".join(carried_out.told.splitlines()), wrong=True)
