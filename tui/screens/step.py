"""The screen of every step. It is updated in place, so that a change of step costs little over a slow link."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Resize
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from checks.model import Finding
from tui import consent, path, wanted
from tui.screens.answering import Answering, Look
from tui.screens.frame import NAME, Framed
from tui.session import Session
from tui.widgets import rail as rails
from tui.widgets import step_page
from tui.widgets.finding import fix_of, write_finding
from tui.widgets.folds import FOLDS, write_folds
from tui.widgets.page import Page
from tui.widgets.view import View

PATIENCE = 0.1
"""Seconds after which a running step says so."""


class StepScreen(Answering):
    """One step of a walk: its question, what runs or what was found, and what lies behind it."""

    BINDINGS = [
        # Whoever presses enter step after step agrees to nothing.
        Binding("y", "agree", "agree and run"),
        Binding("enter", "pass_by", "go on without"),
        Binding("enter", "next", "next"),
        Binding("x", "cancel", "cancel"),
        Binding("p", "paste", "paste"),
        Binding("t", "type_password", "type password"),
        Binding("r", "rerun", "re-run"),
        Binding("c", "copy", "copy fix"),
        Binding("s", "skip", "skip"),
        # While a step waits for consent that is what enter does, so it is not shown twice.
        Binding("s", "pass_by", show=False),
        Binding("b,escape", "back", "back"),
        Binding("v", "verdict", "verdict"),
        Binding("e", "fold('evidence')", "evidence"),
        Binding("h", "fold('hand')", "by hand"),
        Binding("w", "fold('why')", "why"),
        # An answer that is there can be replaced, but that is no key to show.
        Binding("p", "replace", show=False),
        *Framed.SCROLL_KEYS,
        *Framed.LAST_KEYS,
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.unfolded: set[str] = set()
        self._work: Worker[None] | None = None
        self._again = False
        self._from_top = True
        self._started = 0.0
        self._patience: Timer | None = None
        self._clock: Timer | None = None

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            yield View(id="rail")
            yield View(id="page")

    # What the wizard asks of this screen.

    @property
    def is_gathering(self) -> bool:
        """True while the step's evidence is being gathered."""
        return self._work is not None

    async def begin(self) -> None:
        """Shows the first step that has no conclusion yet, or the verdict where all have one."""
        first = self.session.start or self.walk.first()
        following = self.walk.next(self.walk.path[-1]) if self.walk.path else first
        if following is None:
            self.step_id = self.walk.path[-1]
            self._show()
            await self.action_verdict()
        else:
            self._visit(following)

    def visit(self, step_id: str, *, again: bool = False) -> None:
        """Shows a step; with `again` its questions are asked anew."""
        self._visit(step_id)
        if again:
            self.action_rerun()

    async def stop(self) -> None:
        """Cancels what runs, and notes nothing."""
        work, self._work = self._work, None
        self._stop_clock()
        if work is not None:
            work.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await work.wait()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        concluded = self.walk.conclusion(self.step_id)
        waits = not self.is_gathering
        match action:
            case "agree" | "pass_by":
                return waits and self.asks
            case "next":
                return waits and not self.asks
            case "cancel":
                return self.is_gathering
            case "rerun":
                return waits and concluded is not None and not self.asks
            case "copy":
                return waits and concluded is not None and bool(fix_of(concluded.finding))
            case "paste" | "replace" | "type_password":
                return waits and self.can_bring(action)
            case "skip":
                return not self.asks and (concluded is None or (self.is_gathering and not self._again))
            case "verdict":
                return waits and bool(self.walk.path)
        return True

    async def action_next(self) -> None:
        if self.walk.conclusion(self.step_id) is None:
            self._conclude()
            return
        following = path.after(self.walk, self.step_id)
        if following is None:
            await self.action_verdict()
        else:
            self._visit(following)

    async def action_back(self) -> None:
        earlier = path.before(self.walk, self.step_id)
        if self.is_gathering and self._again:
            await self.action_cancel()
        await self.stop()
        if earlier is None:
            await self.wizard.leave_walk()
        else:
            self._visit(earlier)

    def action_rerun(self) -> None:
        if self.walk.must_agree(self.step_id, again=True):
            self.asks_again = True
            self._show()
            return
        self.gather(partial(self.walk.rerun, self.step_id), again=True)

    async def action_cancel(self) -> None:
        before = self.walk.conclusion(self.step_id)
        again = self._again
        await self.stop()
        if not again or self.walk.conclusion(self.step_id) is before:
            self.walk.cancel(self.step_id)
        self._settle()

    async def action_skip(self) -> None:
        await self.stop()
        if self.asks_again:
            # What was found before still stands.
            self.asks_again = False
        else:
            self.walk.skip(self.step_id)
        await self.action_next()

    async def action_pass_by(self) -> None:
        await self.action_skip()

    async def action_verdict(self) -> None:
        from tui.screens.verdict import VerdictScreen

        with self.app.batch_update():
            await self.app.push_screen(VerdictScreen(self.session, self.step_id))

    def action_copy(self) -> None:
        finding = self._finding()
        if finding is not None:
            self.wizard.copy(fix_of(finding))

    def action_fold(self, fold: str) -> None:
        self.unfolded ^= {fold} & set(FOLDS)
        self._show()
        if fold in self.unfolded:
            self.query_one("#page", View).bring(*self._page().parts[fold])
            self.say_more()

    # Gathering.

    def _visit(self, step_id: str) -> None:
        self.step_id = step_id
        self.unfolded.clear()
        self._from_top = True
        self.asks_again = False
        if self.walk.conclusion(step_id) is None and not self.asks:
            self._conclude()
        else:
            self._show()

    def _conclude(self) -> None:
        self.gather(self.first_look())

    def gather(self, look: Look, *, again: bool = False, then: Callable[[], None] | None = None) -> None:
        self._again = again
        self._started = time.monotonic()
        self._work = self.run_worker(self._look(look, then), group="step", exclusive=True)
        # What look-ahead has gathered is there at once, and nothing else is painted before it.
        self._patience = self.set_timer(PATIENCE, self._show_running)
        self.refresh_bindings()

    async def _look(self, look: Look, then: Callable[[], None] | None) -> None:
        try:
            await look()
        except OSError as error:
            self.say(f"The journal cannot be written: {error.strerror or 'no reason given'}.", wrong=True)
            then = None
        self._work = None
        self._stop_clock()
        self._settle()
        if then is not None:
            then()

    def _settle(self) -> None:
        self._again = False
        self.walk.look_ahead(self.step_id)
        self._show()

    def _show_running(self) -> None:
        self._clock = self.set_interval(1.0, self._show)
        self._show()

    def _stop_clock(self) -> None:
        for timer in (self._patience, self._clock):
            if timer is not None:
                timer.stop()
        self._patience = self._clock = None

    # What is shown.

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= rails.FROM, "wide")
        self._show()

    def on_screen_resume(self) -> None:
        self._show()

    def _show(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        room = self.size.width - 2 - len(NAME) - 2
        self.head(*step_page.header(self.session, self.step_id, room, self._is_wide))
        self.query_one("#page", View).show(self._page().lines, from_top=self._from_top)
        self._from_top = False
        self._write_rail()
        self.refresh_bindings()
        self.say_more()

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= rails.FROM

    def _width(self) -> int:
        return self.size.width - 2 - (rails.WIDTH + 4 if self._is_wide else 0)

    def _finding(self) -> Finding | None:
        """What the step concluded, its command in the form that can be pasted; None while it is being gathered."""
        concluded = None if self.is_gathering or self.asks else self.walk.conclusion(self.step_id)
        if concluded is None:
            return None
        return wanted.with_command_to_paste(concluded.finding, wanted.unanswered(self.walk, self.step_id))

    def _page(self) -> Page:
        page = Page(self._width(), self.glyphs)
        step_page.write_question(page, self.walk, self.step_id)
        finding = self._finding()
        if self.is_gathering:
            asked = self.walk.watch.get(self.step_id)
            seconds = int(time.monotonic() - self._started)
            step_page.write_running(page, self.step, asked[-1] if asked else None, seconds)
        elif finding is not None:
            write_finding(page, finding)
            step_page.write_what_helps(page, self.walk, self.step_id, finding, self.session.accounts)
        elif self.asks:
            step_page.write_agreement(page, consent.sentence(self.walk, self.step_id))
        evidence = self.walk.journal.evidence(self.step_id) if finding else ()
        link = (finding.link if finding else "") or self.step.link
        write_folds(page, self.step, self.walk.deployment, evidence, self.unfolded, link)
        return page

    def _write_rail(self) -> None:
        if self._is_wide:
            height = max(self.size.height - 5, 1)
            rail = rails.rail(self.walk, self.step_id, self.is_gathering, self.glyphs, height)
            self.query_one("#rail", View).show(rail)
