"""The end of a walk: the first cause, what to do about it, what follows from it, and what stayed unknown."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize

from checks.journal import Concluded
from checks.model import Finding, Remedy, Status, Verdict
from checks.report.text import seen_elsewhere
from checks.stated import is_stated
from tui import cases
from tui.again import Again, said_of, to_check, well_again
from tui.glyphs import status_sign
from tui.origins import time_of_day
from tui.screens.frame import NAME, Framed
from tui.screens.walking import OfWalk
from tui.session import Session
from tui.widgets.command import wrap_command
from tui.widgets.finding import STATED_STYLE, STYLES, safe_command, write_remedies
from tui.widgets.page import QUIET, Page
from tui.widgets.step_page import write_note
from tui.widgets.turned import write_turned
from tui.widgets.view import View
from tui.wording import on_screen

COLUMN = 17
MOST_UNKNOWN = 3
"""Steps that stayed unknown and whose reasons are told; of more, their titles."""
MOST_AHEAD = 4
"""Steps ahead that are named; of more, how many they are."""


class VerdictScreen(OfWalk):
    """The verdict as far as the walk has come."""

    BINDINGS = [
        Binding("f,r", "check_again", "fixed it, check again"),
        # Where nothing was found there is nothing to fix.
        Binding("f,r", "look_again", "look again"),
        Binding("x", "cancel", "cancel"),
        Binding("m", "mend", "mend it"),
        Binding("g", "name_cause", "cause"),
        # Before the end the way back to the walk is what most want.
        Binding("b,escape", "back_to_walk", "back"),
        # In the lab it is what comes next, so it gives way to few.
        Binding("N", "another_fault", "another fault"),
        # What the lab cannot mend is not fixed by who learns there, so it is not the first key.
        Binding("f,r", "check_unmended", "check again"),
        Binding("c", "copy", "copy fix"),
        Binding("c", "copy_command", "copy command"),
        Binding("o", "export", "export"),
        Binding("enter", "details", "details"),
        Binding("b,escape", "back", "back"),
        Binding("n", "note", "note"),
        Binding("N", "leave", "new walk"),
        Binding("m", "cannot_mend", show=False),
        *Framed.SCROLL_KEYS,
        *Framed.LAST_KEYS,
    ]

    def __init__(self, session: Session, came_from: str) -> None:
        super().__init__(session)
        self.came_from = came_from
        """The step that was shown before."""
        self.verdict: Verdict = self.walk.verdict()
        self._again: Again | None = None
        """What was checked again here, and how it turned out."""
        self._done = ""
        """What was carried out in the practice deployment before that."""

    @property
    def about(self) -> str:
        return ""

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        return self.verdict.remedies

    @property
    def to_copy(self) -> Finding | None:
        concluded = self.walk.conclusion(self._doubtful() or "")
        return concluded.finding if concluded else None

    def compose_body(self) -> ComposeResult:
        yield View(id="page")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "cancel":
                return self.is_gathering
            case "check_again" | "look_again" | "check_unmended":
                return not self.is_gathering and self._doubtful() is not None and action == self._checking
            case "copy" | "copy_command":
                return self.can_copy(action)
            case "name_cause":
                return cases.is_unseen(self.session)
            case "mend" | "cannot_mend":
                return not self.is_gathering and self.can_mend == (action == "mend")
            case "back" | "back_to_walk":
                return bool(self._ahead()) == (action == "back_to_walk")
            case "leave" | "another_fault":
                return not self.is_gathering and self.session.practice == (action == "another_fault")
            case "details":
                return not self.is_gathering and self._doubtful() is not None
            case "export":
                return not self.is_gathering
        return True

    async def action_details(self) -> None:
        step_id = self._doubtful()
        if step_id is not None:
            await self.wizard.show_step(step_id)

    async def go_to(self, step_id: str) -> None:
        """Gives up what runs, and shows a step."""
        if self.is_gathering:
            await self.action_cancel()
        await self.wizard.show_step(step_id)

    async def action_back(self) -> None:
        if self.is_gathering:
            await self.action_cancel()
        else:
            await self.wizard.show_step(self.came_from)

    async def action_back_to_walk(self) -> None:
        await self.action_back()

    async def action_check_again(self) -> None:
        """Asks anew what failed, here, so that it is seen turning. What signs in first is asked for on its own screen."""
        self._done = ""
        await self._check()

    async def action_look_again(self) -> None:
        await self.action_check_again()

    async def action_check_unmended(self) -> None:
        await self.action_check_again()

    @property
    def _checking(self) -> str:
        """Which of the actions that look again is the one of this verdict."""
        if self.verdict.cause is None:
            return "look_again"
        return "check_unmended" if self.is_mended_by_hand else "check_again"

    async def _check(self) -> None:
        step_id = self._doubtful()
        if to_check(self.walk):
            self._again = Again(self.walk)
            self.begin_work(self._again.run, self._say_turned)
        elif step_id is not None:
            await self.wizard.show_step(step_id, again=True)

    async def action_cancel(self) -> None:
        await self.stop()
        if self._again is not None:
            self._again.give_up()
        self.settle()

    def check_mended(self, done: str) -> None:
        self._done = done
        self.call_later(self._check)

    def settle(self) -> None:
        self.verdict = self.walk.verdict()
        self.draw()

    def _say_turned(self) -> None:
        """One sentence, for the page below may look as it did before."""
        turned = self._again.turned()[: len(self._again.steps)] if self._again else []
        self.say(said_of(turned, self.verdict))

    async def action_leave(self) -> None:
        await self.wizard.leave_walk()

    def action_another_fault(self) -> None:
        """Leaves the practice walk: for another fault that is not told, or for the list where this one was chosen."""
        self.app.call_later(self.wizard.another_fault, self.session.case)

    def on_resize(self, event: Resize) -> None:
        self.draw()

    def draw(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        self.head(*self._header())
        page = Page(self.size.width - 2, self.glyphs)
        for number, line in enumerate(self._done.splitlines()):
            page.labelled("" if number else "Done", line)
        if self._again is not None:
            write_turned(page, self._again.turned(), self.seconds if self.is_gathering else None)
        if not self.is_gathering:
            self._write_headline(page)
            write_remedies(page, self.verdict.remedies, check_key="f")
            if self.is_mended_by_hand:
                page.labelled("", cases.BY_HAND, "$quiet")
            self._write_rest(page)
        self.query_one("#page", View).show(page.lines)
        self.refresh_bindings()
        self.say_more()

    def _header(self) -> tuple[str, str]:
        runbook, concluded = self.walk.runbook, list(self.walk.journal.concluded.values())
        seen, steps = len(self.walk.path), len(self.walk.steps)
        walked = f"{steps} step{'s' if steps > 1 else ''}" if not self._ahead() else f"{seen} of {steps} steps"
        clock = time_of_day(concluded[-1].at)[:5] if concluded else ""
        practice = " · practice" if self.session.practice else ""
        title = f"Verdict{' so far' if self._ahead() else ''} · {runbook.title} · {self.walk.deployment.name}{practice}"
        room = self.size.width - 2 - len(NAME) - 2 - len(title) - 2
        ends = (f"{walked} · {clock}" if clock else walked, walked)
        return title, next((end for end in ends if len(end) <= room), "")

    def _ahead(self) -> list[str]:
        """The titles of the steps that were not walked yet."""
        return [self.walk.runbook.stage(step).step.title for step in self.walk.steps if step not in self.walk.path]

    def _write_headline(self, page: Page) -> None:
        verdict = self.verdict
        if verdict.cause is None and self._ahead():
            # What was not looked at yet may still fail, so this is no OK, and what stayed unknown is told below.
            page.labelled("SO FAR", verdict.headline, "bold", "bold $key")
        else:
            label = status_sign(verdict.status, self.glyphs)
            cause = self.walk.conclusion(self._doubtful() or "") if verdict.cause else None
            style = STATED_STYLE if is_stated(cause) else STYLES[verdict.status]
            page.labelled(label, on_screen(verdict.headline), "bold", f"bold {style}")
        told = {one.finding.headline for step in verdict.unknown if (one := self.walk.conclusion(step))}
        for line in verdict.detail:
            # What stayed unknown is told below, with its step.
            if line not in told:
                page.labelled("", on_screen(line))

    def _write_rest(self, page: Page) -> None:
        page.blank()
        for number, sentence in enumerate(self.verdict.consequences):
            page.labelled("" if number else "Because of it", sentence, column=COLUMN)
        also = [self._told(fault.partition("/")[0]) for fault in self.verdict.also]
        for number, sentence in enumerate(also):
            page.labelled("" if number else "Also", sentence, column=COLUMN)
        for number, sentence in enumerate(well_again(self.walk)):
            page.labelled("" if number else "Well again", sentence, column=COLUMN)
        self._write_unknown(page)
        if self.verdict.not_agreed:
            titles = [self.walk.runbook.stage(step_id).step.title for step_id in self.verdict.not_agreed]
            page.labelled("Not run", f"{', '.join(titles)}: nobody agreed to sign in", column=COLUMN)
        for number, sentence in enumerate(self._seen_elsewhere()):
            page.labelled("" if number else "Not from here", sentence, column=COLUMN)
        if ahead := self._ahead():
            page.labelled("Not walked yet", few_of(ahead), column=COLUMN)
        elif self.verdict.status is Status.OK:
            page.text(self._praise(), "$quiet")
        self._write_notes(page)

    def _write_unknown(self, page: Page) -> None:
        """What stayed unknown and why, the first few of many, and how the first of them is settled."""
        unknown = self.verdict.unknown
        shown = unknown if len(unknown) <= MOST_UNKNOWN + 1 else unknown[:MOST_UNKNOWN]
        for number, step_id in enumerate(shown):
            page.labelled("" if number else "Not known", self._told(step_id), column=COLUMN)
        if more := [self.walk.runbook.stage(step_id).step.title for step_id in unknown[len(shown) :]]:
            page.labelled("", f"{self.glyphs.status[Status.UNKNOWN]} {few_of(more)}", column=COLUMN)
        first = self.walk.conclusion(unknown[0]) if unknown and not self.verdict.cause else None
        if first is not None and first.finding.command:
            command = wrap_command(safe_command(first.finding.command), page.width - COLUMN)
            page.verbatim(command, "To settle it", COLUMN)
            title = self.walk.runbook.stage(first.step).step.title
            page.labelled("", f"enter shows “{title}”; there p takes what the command printed", QUIET, column=COLUMN)

    def _seen_elsewhere(self) -> tuple[str, ...]:
        """Where to walk for what cannot be seen from here. A fault that was found comes before that."""
        titles = {stage.step.id: stage.step.title for stage in self.walk.runbook.stages}
        return () if self.verdict.cause else seen_elsewhere(self.verdict.not_from_here, titles)

    def _write_notes(self, page: Page) -> None:
        """What a person wrote down about the walk, then about its steps."""
        write_note(page, self.walk, "")
        noted = [step for step in self.walk.path if step in self.walk.journal.notes]
        if noted:
            page.blank()
        for number, step_id in enumerate(noted):
            title, note = self.walk.runbook.stage(step_id).step.title, self.walk.journal.notes[step_id]
            page.labelled("" if number else "Noted", f"{title}: {note}", column=COLUMN)

    def _praise(self) -> str:
        """What an OK amounts to: no more than was walked and seen."""
        walked = [one for step in self.walk.path if (one := self.walk.conclusion(step))]
        if set(self.walk.steps) == set(self.walk.runbook.step_ids) and all(_is_seen_ok(one) for one in walked):
            return "Every step of the runbook was seen, and each was as it should be."
        return "What can be seen from here is as it should be."

    def _told(self, step_id: str) -> str:
        concluded = self.walk.conclusion(step_id)
        title = self.walk.runbook.stage(step_id).step.title
        if concluded is None:
            return title
        return f"{self.glyphs.status[concluded.finding.status]} {title}: {on_screen(concluded.finding.headline)}"

    def _doubtful(self) -> str | None:
        """The step of the cause, else the first one that stayed unknown."""
        if self.verdict.cause:
            return self.verdict.cause.partition("/")[0]
        return next(iter(self.verdict.unknown), None)


def few_of(titles: Sequence[str]) -> str:
    """The first of some titles, and how many more there are."""
    more = len(titles) - MOST_AHEAD
    *others, last = [*titles[:MOST_AHEAD], f"{more} more"] if more > 1 else titles
    return f"{', '.join(others)} and {last}" if others else last


def _is_seen_ok(concluded: Concluded) -> bool:
    return concluded.finding.status is Status.OK and not is_stated(concluded)
