"""What the screens of a walk share: work that runs behind them, notes, the report as a file, and mending in the lab."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from checks.model import Remedy
from tui.screens.frame import Framed
from tui.session import CannotMend, Session

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

    # What each of them has of its own.

    @property
    def about(self) -> str:
        """The step that a note is about; empty for the verdict."""
        raise NotImplementedError

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What is shown to be done."""
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
        try:
            await look()
        except OSError as error:
            self.say(cannot_write(error), wrong=True)
            then = None
        self._work = None
        self._stop_clock()
        self.settle()
        if then is not None:
            then()

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
            try:
                self.walk.take_note(self.about, note)
            except OSError as error:
                self.say(cannot_write(error), wrong=True)
                return
            self.draw()
            self.say(NOTED if note else "The note was removed.")

        title = "A note about this step" if self.about else "A note about this walk"
        self.app.push_screen(LineScreen(title, "Enter keeps it; empty removes it.", self.glyphs, before), typed)

    def action_export(self) -> None:
        from tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(self.walk, self.say))

    def action_mend(self) -> None:
        """Carries a remedy out in the practice deployment; of several the user chooses one, or all in their order."""
        from tui.screens.questions import RemedyScreen

        if len(self.remedies) == 1:
            self._carry_out(self.remedies)
            return

        def chosen(remedies: Sequence[Remedy] | None) -> None:
            if remedies:
                self._carry_out(remedies)

        self.app.push_screen(RemedyScreen(self.remedies, self.glyphs), chosen)

    def action_name_cause(self) -> None:
        """In a practice walk with a fault that was not told: the learner says which one it is."""
        from tui.screens.cause import CauseScreen

        if self.session.case is not None:
            self.app.push_screen(CauseScreen(self.session.case, self.session))

    @property
    def can_mend(self) -> bool:
        """True in the lab, where something is shown to be done."""
        return self.session.mend is not None and bool(self.remedies)

    def _carry_out(self, remedies: Sequence[Remedy]) -> None:
        self.run_worker(self._mend(remedies), group="mend", exclusive=True)

    async def _mend(self, remedies: Sequence[Remedy]) -> None:
        if self.session.mend is None:
            return
        self.say("Carrying it out in the practice deployment")
        try:
            done = [await self.session.mend(remedy) for remedy in remedies]
        except CannotMend as refusal:
            self.say(str(refusal), wrong=True)
            return
        self.check_mended(" ".join(done))


def cannot_write(error: OSError) -> str:
    """Why a line is not in the journal, in a sentence."""
    return f"The journal cannot be written: {error.strerror or 'no reason given'}."
