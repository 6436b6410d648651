"""The screen of every step. It is updated in place, so that a change of step costs little over a slow link."""

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Resize

from checks.model import Finding, Remedy
from checks.stated import is_stated
from tui import cases, consent, path, wanted
from tui.filtering import own_first
from tui.screens.frame import NAME, Framed
from tui.screens.narrowing import Narrowing
from tui.screens.walking import Look
from tui.session import Session
from tui.widgets import rail as rails
from tui.widgets import step_page
from tui.widgets.finding import write_finding
from tui.widgets.folds import FOLDS, answer_part, write_folds
from tui.widgets.page import Page
from tui.widgets.view import View


class StepScreen(Narrowing):
    """One step of a walk: its question, what runs or what was found, and what lies behind it."""

    BINDINGS = [
        # Whoever presses enter step after step agrees to nothing.
        Binding("y", "agree", "agree and run"),
        Binding("enter", "pass_by", "go on without"),
        Binding("enter", "next", "next"),
        Binding("escape", "drop_filter", "show all", key_display="esc"),
        Binding("x", "cancel", "cancel"),
        Binding("p", "paste", "paste"),
        Binding("a", "state", "answer"),
        Binding("t", "type_password", "type password"),
        Binding("r", "rerun", "re-run"),
        Binding("c", "copy_command", "copy command"),
        # It gives way to little: where something failed it is what most look for.
        Binding("v", "verdict", "verdict"),
        Binding("c", "copy", "copy fix"),
        Binding("m", "mend", "mend it"),
        Binding("g", "name_cause", "cause"),
        Binding("s", "skip", "skip"),
        # While a step waits for consent that is what enter does, so it is not shown twice.
        Binding("s", "pass_by", show=False),
        Binding("b,escape", "back", "back"),
        Binding("e", "fold('evidence')", "evidence"),
        Binding("h", "fold('hand')", "by hand"),
        Binding("w", "fold('why')", "why"),
        Binding("n", "note", "note"),
        Binding("o", "export", "export"),
        *Narrowing.NARROWING_KEYS,
        # An answer that is there can be replaced, but that is no key to show.
        Binding("p", "replace", show=False),
        # Keys of the lab and of the verdict that do nothing here say why.
        Binding("m", "cannot_mend", show=False),
        Binding("f", "check_here", show=False),
        *(Binding(str(number), f"answer({number})", show=False) for number in range(1, 10)),
        *Framed.SCROLL_KEYS,
        *Framed.LAST_KEYS,
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.unfolded: set[str] = set()
        self._again = False
        self._comes_forward = False
        """True while the walk goes on by itself over what only another seat sees."""
        self._from_top = True

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            yield View(id="rail")
            yield View(id="page")
        yield from self.compose_field()

    # What the wizard asks of this screen.

    @property
    def about(self) -> str:
        return self.step_id

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        finding = self._finding()
        return finding.remedies if finding else ()

    @property
    def to_copy(self) -> Finding | None:
        return self._finding()

    async def begin(self) -> None:
        """Shows the first step that has no conclusion yet, or the verdict where all have one."""
        first = self.session.start or self.walk.first()
        following = self.walk.next(self.walk.path[-1]) if self.walk.path else first
        if following is None:
            self.step_id = self.walk.path[-1]
            self.draw()
            await self.action_verdict()
        else:
            self._visit(following, forward=following != self.session.start)

    def visit(self, step_id: str, *, again: bool = False) -> None:
        """Shows a step, whose turn it may not be; with `again` its questions are asked anew."""
        self.walk.go_to(step_id)
        self._visit(step_id)
        if again:
            self.action_rerun()

    async def go_to(self, step_id: str) -> None:
        """Gives up what runs, and shows a step."""
        await self.stop()
        self.visit(step_id)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"keep_filter", "clear_filter"} or self.is_narrowing:
            return self.is_narrowing and action not in {"next", "back", "pass_by", "fold", "drop_filter"}
        concluded = self.walk.conclusion(self.step_id)
        waits = not self.is_gathering
        match action:
            case "name_cause":
                return waits and cases.is_unseen(self.session)
            case "agree":
                return waits and (self.asks or self.declined)
            case "pass_by":
                return waits and self.asks
            case "next":
                return waits and not self.asks
            case "cancel":
                return self.is_gathering
            case "rerun":
                return waits and concluded is not None and not self.asks
            case "copy" | "copy_command":
                return self.can_copy(action)
            case "drop_filter":
                return self.is_narrowed
            case "mend" | "cannot_mend":
                return waits and self.can_mend == (action == "mend")
            case "find":
                return waits and bool(self.walk.journal.evidence(self.step_id))
            case "paste" | "replace" | "type_password" | "state":
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
            self._visit(following, forward=True)

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
            self.draw()
            return
        self.gather(partial(self.walk.rerun, self.step_id), again=True)

    def action_check_here(self) -> None:
        self.say("At a step it is r: run it again. f is a key of the verdict.")

    async def action_cancel(self) -> None:
        before = self.walk.conclusion(self.step_id)
        again = self._again
        await self.stop()
        if not again or self.walk.conclusion(self.step_id) is before:
            self.walk.cancel(self.step_id)
        self.settle()

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
        if cases.asks_first(self.session) and self.session.case is not None:
            from tui.screens.cause import CauseScreen

            self.app.push_screen(CauseScreen(self.session.case, self.session, self._show_verdict))
        else:
            await self._show_verdict()

    async def _show_verdict(self) -> None:
        from tui.screens.verdict import VerdictScreen

        with self.app.batch_update():
            await self.app.push_screen(VerdictScreen(self.session, self.step_id))

    def action_fold(self, fold: str) -> None:
        self.unfolded ^= {fold} & set(FOLDS)
        self.draw()
        if fold in self.unfolded:
            self.bring(fold)

    def action_answer(self, number: int) -> None:
        """Scrolls to one of the answers, by its number in the list above them."""
        first, _ = self.page().parts.get(answer_part(number), (None, None))
        if first is not None:
            self.query_one("#page", View).begin_at(first)
            self.say_more()

    def unfold_evidence(self) -> None:
        self.unfolded.add("evidence")

    # Gathering.

    def _visit(self, step_id: str, *, forward: bool = False) -> None:
        self.step_id = step_id
        self._comes_forward = forward
        self.unfolded.clear()
        self.show_all()
        self._from_top = True
        self.asks_again = False
        if self.walk.conclusion(step_id) is None and not self.asks:
            self._conclude()
        else:
            self.draw()

    def _conclude(self) -> None:
        self.gather(self.first_look())

    def gather(self, look: Look, *, again: bool = False, then: Callable[[], None] | None = None) -> None:
        self._again = again
        self.begin_work(look, then)

    def settle(self) -> None:
        goes_on = self._comes_forward and path.is_passed_over(self.walk, self.step_id)
        self._again = self._comes_forward = False
        self.walk.look_ahead(self.step_id)
        if goes_on:
            self.call_next(self.action_next)
        else:
            self.draw()

    def check_mended(self, done: str) -> None:
        self.action_rerun()
        self.say(" ".join(done.splitlines()))

    # What is shown.

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= rails.FROM, "wide")
        self.draw()

    def on_screen_resume(self) -> None:
        self.draw()

    def draw(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        room = self.size.width - 2 - len(NAME) - 2
        self.head(*step_page.header(self.session, self.step_id, room, self._is_wide))
        self.query_one("#page", View).show(self.page().lines, from_top=self._from_top)
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

    def page(self) -> Page:
        page = Page(self._width(), self.glyphs)
        step_page.write_question(page, self.walk, self.step_id)
        finding = self._finding()
        if self.is_gathering:
            step_page.write_running(page, self.walk, self.step_id, self.seconds)
        elif finding is not None:
            write_finding(page, finding, stated=is_stated(self.walk.conclusion(self.step_id)))
            step_page.write_what_helps(page, self.walk, self.step_id, finding, self.session.accounts)
            if self.declined:
                page.labelled("Or", "press y to agree after all")
        elif self.asks:
            step_page.write_agreement(page, consent.sentence(self.walk, self.step_id))
        step_page.write_note(page, self.walk, self.step_id)
        evidence = own_first(self.walk, self.step_id) if finding else ()
        link = (finding.link if finding else "") or self.step.link
        command = finding.command if finding else ""
        write_folds(page, self.step, self.walk.deployment, evidence, self.unfolded, link, self.words, command)
        return page

    def _write_rail(self) -> None:
        if self._is_wide:
            height = max(self.size.height - 5, 1)
            rail = rails.rail(self.walk, self.step_id, self.is_gathering, self.glyphs, height)
            self.query_one("#rail", View).show(rail)
