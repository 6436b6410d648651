"""The end of a walk: the first cause, what to do about it, what follows from it, and what stayed unknown."""

from collections.abc import Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize

from checks.journal import Concluded
from checks.model import Status, Verdict
from tui.glyphs import status_sign
from tui.origins import milliseconds, time_of_day
from tui.screens.frame import NAME, Framed
from tui.session import Session
from tui.widgets.finding import STYLES, fix_of, write_remedies
from tui.widgets.page import Page
from tui.widgets.view import View

COLUMN = 17


class VerdictScreen(Framed):
    """The verdict as far as the walk has come."""

    BINDINGS = [
        Binding("enter", "details", "details"),
        Binding("c", "copy", "copy fix"),
        Binding("r", "check_again", "check again"),
        Binding("b,escape", "back", "back"),
        Binding("n", "leave", "new walk"),
        *Framed.SCROLL_KEYS,
        *Framed.LAST_KEYS,
    ]

    def __init__(self, session: Session, came_from: str) -> None:
        super().__init__()
        self.session = session
        self.walk = session.walk
        self.came_from = came_from
        """The step that was shown before."""
        self.verdict: Verdict = self.walk.verdict()

    def compose_body(self) -> ComposeResult:
        yield View(id="page")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "copy":
            return bool(self._fix())
        if action == "check_again":
            return self._doubtful() is not None
        return True

    async def action_details(self) -> None:
        await self.wizard.show_step(self._doubtful() or self.walk.path[-1])

    async def action_back(self) -> None:
        await self.wizard.show_step(self.came_from)

    async def action_check_again(self) -> None:
        step_id = self._doubtful()
        if step_id is not None:
            await self.wizard.show_step(step_id, again=True)

    def action_copy(self) -> None:
        self.wizard.copy(self._fix())

    async def action_leave(self) -> None:
        await self.wizard.leave_walk()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def _show(self) -> None:
        self.head(*self._header())
        page = Page(self.size.width - 2, self.glyphs)
        self._write_headline(page)
        write_remedies(page, self.verdict.remedies)
        self._write_rest(page)
        self.query_one("#page", View).show(page.lines)
        self.call_after_refresh(self.say_more)

    def _header(self) -> tuple[str, str]:
        runbook, concluded = self.walk.runbook, list(self.walk.journal.concluded.values())
        seen, steps = len(self.walk.path), len(self.walk.steps)
        walked = f"{steps} step{'s' if steps > 1 else ''}" if not self._ahead() else f"{seen} of {steps} steps"
        took = milliseconds(looked_for(concluded))
        clock = time_of_day(concluded[-1].at)[:5] if concluded else ""
        title = f"Verdict{' so far' if self._ahead() else ''} · {runbook.title} · {self.walk.deployment.name}"
        room = self.size.width - 2 - len(NAME) - 2 - len(title) - 2
        ends = (f"{walked} · {took} · {clock}", f"{walked} · {took}", walked)
        return title, next((end for end in ends if len(end) <= room), "")

    def _ahead(self) -> list[str]:
        """The titles of the steps that were not walked yet."""
        return [self.walk.runbook.stage(step).step.title for step in self.walk.steps if step not in self.walk.path]

    def _write_headline(self, page: Page) -> None:
        verdict = self.verdict
        if verdict.status is Status.OK and self._ahead():
            # What was not looked at yet may still fail, so this is no OK.
            page.labelled("SO FAR", verdict.headline, "bold", "bold $key")
        else:
            label = status_sign(verdict.status, self.glyphs)
            page.labelled(label, verdict.headline, "bold", f"bold {STYLES[verdict.status]}")
        for line in verdict.detail:
            page.labelled("", line)

    def _write_rest(self, page: Page) -> None:
        page.blank()
        for number, sentence in enumerate(self.verdict.consequences):
            page.labelled("" if number else "Because of it", sentence, column=COLUMN)
        also = [self._told(fault.partition("/")[0]) for fault in self.verdict.also]
        for number, sentence in enumerate(also):
            page.labelled("" if number else "Also", sentence, column=COLUMN)
        for number, step_id in enumerate(self.verdict.unknown):
            page.labelled("" if number else "Not known", self._told(step_id), column=COLUMN)
        if self.verdict.not_agreed:
            titles = [self.walk.runbook.stage(step_id).step.title for step_id in self.verdict.not_agreed]
            page.labelled("Not run", f"{', '.join(titles)}: nobody agreed to sign in", column=COLUMN)
        if self._ahead():
            page.labelled("Not walked yet", ", ".join(self._ahead()), column=COLUMN)
        elif self.verdict.status is Status.OK:
            page.text(self._praise(), "$quiet")

    def _praise(self) -> str:
        """What an OK amounts to: no more than was walked and seen."""
        walked = [one for step in self.walk.path if (one := self.walk.conclusion(step))]
        if self.walk.steps == self.walk.runbook.step_ids and all(one.finding.status is Status.OK for one in walked):
            return "Every step of the runbook was seen, and each was as it should be."
        return "What can be seen from here is as it should be."

    def _told(self, step_id: str) -> str:
        concluded = self.walk.conclusion(step_id)
        title = self.walk.runbook.stage(step_id).step.title
        if concluded is None:
            return title
        return f"{self.glyphs.status[concluded.finding.status]} {title}: {concluded.finding.headline}"

    def _doubtful(self) -> str | None:
        """The step of the cause, else the first one that stayed unknown."""
        if self.verdict.cause:
            return self.verdict.cause.partition("/")[0]
        return next(iter(self.verdict.unknown), None)

    def _fix(self) -> str:
        concluded = self.walk.conclusion(self._doubtful() or "")
        return fix_of(concluded.finding) if concluded else ""


def looked_for(concluded: Sequence[Concluded]) -> int:
    """Milliseconds in which at least one step was looking: steps that ran side by side are not counted twice."""
    ends = [(_moment(one.at), one.took_ms) for one in concluded]
    total, until = 0, 0
    for begin, end in sorted((end - took, end) for end, took in ends):
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def _moment(at: str) -> int:
    """Milliseconds; 0 for what is no time, for a journal may have been written by anybody."""
    try:
        return round(datetime.fromisoformat(at).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0
