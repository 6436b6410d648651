"""One walk in plain mode, step by step: what is shown, and what the keys do."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from checks import report
from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.commands import by_hand, command_for, place_for, tools_note, view_of
from checks.model import Status
from checks.probes import Question
from checks.report.text import remedy_lines, step_lines, text
from checks.stated import answers_to_state, can_be_stated
from checks.text import clean
from checks.walk import LOOK_AHEAD
from tui import cases, consent, path, plain_keys, wanted
from tui.filtering import matching
from tui.origins import origin
from tui.plain_adding import carry_out, check_again, go_on_after_cancel, take_note, write_report
from tui.plain_practice import name_cause
from tui.prompts import END, Left, agree, ask, ask_password, ask_paste, choose, say, say_keys, show, width
from tui.seats import unseen_from_here
from tui.session import Session


class Dialogue:
    """One walk, step by step."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._walk = session.walk

    async def run(self) -> None:
        walk = self._walk
        step_id = walk.next(walk.path[-1]) if walk.path else self._session.start or walk.first()
        while True:
            while step_id is not None:
                step_id = await self._step(step_id)
            self._tell_passed_over("")
            await self._ask_for_cause()
            self._show_verdict()
            try:
                step_id = await self._after_verdict()
            except Left:
                return
            if step_id is None:
                return

    async def _ask_for_cause(self) -> None:
        """In a practice walk with a fault that was not told: the learner names it before he sees the verdict."""
        if cases.asks_first(self._session) and self._session.case is not None:
            await name_cause(self._session.case, self._session, before_verdict=True)

    async def _name_cause(self) -> None:
        if self._session.case is not None:
            await name_cause(self._session.case, self._session)

    async def _after_verdict(self) -> str | None:
        """What is done about the verdict; gives the step to go back to, or None where the walk has ended."""
        while True:
            say_keys(plain_keys.at_verdict(self._session))
            match (await ask("> ")).lower():
                case "":
                    return None
                case "b":
                    return self._walk.path[-1]
                case "f" | "r":
                    await self._check_again()
                case "m" if plain_keys.can_mend(self._session):
                    await self._mend()
                case "g" if cases.is_unseen(self._session):
                    await self._name_cause()
                case "n":
                    await take_note(self._walk, "")
                case "o":
                    await write_report(self._walk)
                case "?" | "help":
                    say(plain_keys.HELP)
                case other:
                    say(f"{clean(other, 20)!r} is none of these; ? tells what they do.")

    async def _check_again(self) -> None:
        if await check_again(self._walk):
            self._show_verdict()

    async def _mend(self) -> None:
        if await carry_out(self._session):
            await self._check_again()

    async def _state(self, step_id: str) -> None:
        """Takes what a person saw as the step's answer."""
        step = self._walk.runbook.stage(step_id).step
        answers = answers_to_state(step)
        say("You looked, and it says:")
        place = await choose([*(f"{one.status}: {one.meaning}" for one in answers), "Leave it as it is"])
        if place == len(answers):
            return
        remark = await ask("A sentence to add, enter adds none: ")
        await self._look(step_id, partial(self._walk.state, answer=answers[place].name, remark=remark))
        self._show(step_id)

    async def _step(self, step_id: str) -> str | None:
        """Shows one step; gives the step to show next, or None for the verdict."""
        walk = self._walk
        step = walk.runbook.stage(step_id).step
        self._tell_passed_over(step_id)
        say(f"\nStep {walk.steps.index(step_id) + 1} of {len(walk.steps)}. {step.question.strip()}")
        if walk.conclusion(step_id) is None and not consent.must_ask(walk, step_id):
            await self._first_look(step_id)
        if consent.must_ask(walk, step_id):
            await self._ask_to_agree(step_id)
            await self._first_look(step_id)
        walk.look_ahead(step_id)
        self._show(step_id)
        saw_verdict = False
        while True:
            refused = wanted.refused_at(walk, step_id, self._session.accounts)
            say_keys(plain_keys.at_step(self._session, step_id, saw_verdict=saw_verdict))
            typed = (await ask("> ")).lower()
            match typed:
                case "":
                    return path.after(walk, step_id)
                case "v":
                    await self._ask_for_cause()
                    self._show_verdict()
                    saw_verdict = True
                case "f":
                    await self._check_again()
                case "m" if plain_keys.can_mend(self._session):
                    await self._mend()
                case "g" if cases.is_unseen(self._session):
                    await self._name_cause()
                case "?" | "help":
                    say(plain_keys.HELP)
                case "b":
                    return path.before(walk, step_id) or step_id
                case "r" | "y" if typed == "r" or consent.was_declined(walk, step_id):
                    if walk.must_agree(step_id, again=True):
                        await self._ask_to_agree(step_id)
                    if not walk.must_agree(step_id, again=True):
                        say("Looking again. Ctrl+c cancels.")
                        await self._look(step_id, walk.rerun)
                    self._show(step_id)
                case "p":
                    await self._paste(step_id)
                case "t" if refused:
                    password = await ask_password(refused.name)
                    consent.note_typed(self._session, refused.whose)
                    say("Looking again. Ctrl+c cancels.")
                    await self._look(step_id, partial(walk.sign_in_again, whose=refused.whose, password=password))
                    self._show(step_id)
                case "a" if can_be_stated(walk.conclusion(step_id)):
                    await self._state(step_id)
                case "a":
                    say("This step was seen; r looks again. Only what nobody could see is answered by hand.")
                case "n":
                    await take_note(walk, step_id)
                case "o":
                    await write_report(self._walk)
                case "w":
                    say(f"{step.why}\nGood is: {step.good}\nRead: {step.link}")
                case "h":
                    self._show_by_hand(step_id)
                case "e":
                    self._show_evidence(step_id)
                case other if other.startswith("e "):
                    self._show_evidence(step_id, other[2:])
                case other:
                    say(f"{clean(other, 20)!r} is none of these; ? tells what they do.")

    def _tell_passed_over(self, step_id: str) -> None:
        """Which steps were passed over on the way to a step, or with an empty name to the verdict."""
        titles = path.passed_over(self._walk, step_id)
        if titles:
            say(f"\nPassed over, for it could tell nothing new: {', '.join(titles)}")

    def _show_verdict(self) -> None:
        walk = self._walk
        walked, steps = len(walk.path), len(walk.steps)
        if walked < steps:
            say(f"\nThe verdict so far: {walked} of {steps} steps were walked.")
        show("\n" + text(report.report_of(walk.journal, walk.runbook), width()).rstrip("\n"))
        if walk.verdict().cause is None:
            for where, titles in unseen_from_here(walk).items():
                say(f"Not seen from here: {', '.join(titles)}{f'; {where}' if where else ''}.")

    def _show_by_hand(self, step_id: str) -> None:
        step = self._walk.runbook.stage(step_id).step
        for line in by_hand(step.by_hand(self._walk.deployment)):
            # A command stays in one line, to be pasted.
            (say if line.startswith("# ") else show)(clean(line, 2000))

    async def _ask_to_agree(self, step_id: str) -> None:
        """Asks whether the step may act, and for each password that is not known."""
        say(f"To agree: {consent.sentence(self._walk, step_id)}")
        if not await agree():
            self._walk.decline(step_id)
            return
        while account := consent.missing_password(self._session, step_id):
            password = await ask_password(consent.user_of(self._walk, account))
            if not password:
                say("Without a password it is not run.")
                return
            consent.take_password(self._session, account, password)
        self._walk.agree(step_id)

    async def _first_look(self, step_id: str) -> None:
        if not self._walk.must_agree(step_id):
            say("Looking. Ctrl+c cancels.")
        await self._look(step_id, partial(self._walk.conclude, ahead=LOOK_AHEAD))

    async def _look(self, step_id: str, look: Callable[[str], Awaitable[object]]) -> None:
        try:
            await look(step_id)
        except asyncio.CancelledError:
            go_on_after_cancel()
            self._walk.cancel(step_id)

    async def _paste(self, step_id: str) -> None:
        """Takes the output of one command; what is not understood is told with its line, and can be pasted again."""
        asked = self._walk.journal.evidence(step_id)
        if not asked:
            say("This step has asked nothing, so there is nothing to paste.")
            return
        questions = [one.question for one in asked]
        missing = wanted.unanswered(self._walk, step_id)
        first = wanted.wanted_first(self._walk, step_id) or questions[0]
        place = 0
        if len(questions) > 1:
            place = await choose([self._offered(one, one in missing) for one in questions], questions.index(first))
        question = questions[place]
        say(f"Run {place_for(question)}:")
        command = clean(command_for(question), 2000)
        show(f"  {command}")
        tools = tools_note([command])
        if tools:
            say(tools)
        say(f"Paste what it prints, then a line with a single {END}")
        understood = await wanted.read_paste(question, await ask_paste())
        if isinstance(understood, NotUnderstood):
            say(f"Not taken. {understood.sentence}")
            if understood.line:
                say(f"Line {understood.line}: {clean(understood.text, 200)}")
            return
        await self._look(step_id, partial(self._walk.take, question=question, answer=understood))
        say("Taken from your paste.")
        self._show(step_id)

    @staticmethod
    def _offered(question: Question, is_missing: bool) -> str:
        """An output that can be pasted. The same command may be asked inside and outside."""
        view = view_of(question)
        notes = [note for note in (f"run {view}" if view else "", "" if is_missing else "answered") if note]
        return clean(command_for(question) + (f"  ({', '.join(notes)})" if notes else ""), 2000)

    def _show(self, step_id: str) -> None:
        reported = report.report_of(self._walk.journal, self._walk.runbook)
        step = next(one for one in reported.steps if one.id == step_id)
        show("\n".join(step_lines(step, width())))
        where = tools_note([step.command])
        if where:
            say(f"     {where}")
        if step.remedies:
            show("\n".join(remedy_lines(step.remedies, width())))
        if step.status is Status.UNKNOWN:
            say("     You looked yourself? a takes what it says.")
        more = wanted.still_wanted(self._walk, step_id)
        if more:
            say(f"     {more}: p takes what you paste.")

    def _show_evidence(self, step_id: str, words: str = "") -> None:
        asked = self._walk.journal.evidence(step_id)
        found = matching(asked, words)
        for one, lines in found:
            show(clean(one.question.typed(), 2000))
            say(f"  ({origin(one)})")
            for line in lines:
                say(f"    {clean(line, 1000)}")
        if not asked:
            say("Nothing was asked.")
        elif not found:
            say("No line has these words.")
