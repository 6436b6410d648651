"""What a person can bring to a step that could not see enough: an output to paste, a password typed anew."""

from collections.abc import Callable
from functools import partial
from typing import Any

from checks.model import Step
from checks.probes import Answer, Question
from checks.secret import Secret
from checks.stated import answers_to_state, can_be_stated
from checks.walk import LOOK_AHEAD
from tui import consent, wanted
from tui.screens.walking import Look, OfWalk
from tui.session import Session

TAKEN = "Taken from your paste."


class Answering(OfWalk):
    """A screen of one step, which gathers again with what was brought."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.step_id = self.walk.first()
        self.asks_again = False
        """Whether a step that the user had declined asks him once more."""

    @property
    def step(self) -> Step[Any]:
        """The step that is shown."""
        return self.walk.runbook.stage(self.step_id).step

    def gather(self, look: Look, *, again: bool = False, then: Callable[[], None] | None = None) -> None:
        """Runs `look`, which concludes the step; `then` once it has."""
        raise NotImplementedError

    def can_bring(self, action: str) -> bool:
        """Whether the step has use for what an action of this screen brings."""
        match action:
            case "paste":
                return wanted.is_wanting(self.walk, self.step_id)
            case "replace":
                return bool(self.walk.journal.evidence(self.step_id))
            case "state":
                return can_be_stated(self.walk.conclusion(self.step_id)) and bool(answers_to_state(self.step))
        return wanted.refused_at(self.walk, self.step_id, self.session.accounts) is not None

    @property
    def asks(self) -> bool:
        """True while the step waits for the user to agree that it acts."""
        return consent.must_ask(self.walk, self.step_id) or self.asks_again

    @property
    def declined(self) -> bool:
        """True where the step was not run because the user did not agree, and he still can."""
        return consent.was_declined(self.walk, self.step_id)

    def first_look(self) -> Look:
        """Concludes the step, and gathers ahead what comes next."""
        return partial(self.walk.conclude, self.step_id, ahead=LOOK_AHEAD)

    def action_agree(self) -> None:
        """The user agrees: the step runs, once each password that is not known was typed."""
        from tui.screens.questions import PasswordScreen

        if not self.asks:
            # He passed it by, and is told once more to what he agrees.
            self.asks_again = True
            self.draw()
            return
        account = consent.missing_password(self.session, self.step_id)
        if account is None:
            self.asks_again = False
            self.walk.agree(self.step_id)
            again = self.walk.conclusion(self.step_id) is not None
            self.gather(partial(self.walk.rerun, self.step_id) if again else self.first_look(), again=again)
            return

        def typed(password: Secret | None) -> None:
            if password:
                consent.take_password(self.session, account, password)
                self.action_agree()

        self.app.push_screen(PasswordScreen(consent.user_of(self.walk, account), self.glyphs), typed)

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.step))

    def action_paste(self) -> None:
        from tui.screens.paste import PasteScreen

        self.app.push_screen(PasteScreen(self.walk, self.step_id, self._take))

    def action_replace(self) -> None:
        self.action_paste()

    def action_state(self) -> None:
        """The user looked himself: asks which answer it is."""
        from tui.screens.stating import StateScreen

        def say(answer: str, remark: str) -> None:
            self.gather(partial(self.walk.state, self.step_id, answer, remark), again=True)

        self.app.push_screen(StateScreen(self.step, say))

    def action_type_password(self) -> None:
        from tui.screens.questions import PasswordScreen

        refused = wanted.refused_at(self.walk, self.step_id, self.session.accounts)
        if refused is None:
            return

        def typed(password: Secret | None) -> None:
            if password:
                consent.note_typed(self.session, refused.whose)
                self.gather(partial(self.walk.sign_in_again, self.step_id, refused.whose, password), again=True)

        self.app.push_screen(PasswordScreen(refused.name, self.glyphs), typed)

    def _take(self, question: Question, answer: Answer) -> None:
        self.gather(partial(self.walk.take, self.step_id, question, answer), again=True, then=self._say_taken)

    def _say_taken(self) -> None:
        more = wanted.still_wanted(self.walk, self.step_id)
        self.say(f"{TAKEN} {more}: p pastes the next." if more else TAKEN)
