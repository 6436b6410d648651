"""One walk in plain mode, step by step: what is shown, and what the keys do."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace

from checks import report
from checks.knowledge.command_lines import wrap_command
from checks.knowledge.pasted.commands import by_hand, tools_note
from checks.model import Status
from checks.report.text import remedy_lines, step_lines, text
from checks.stated import answers_to_state, can_be_stated
from checks.text import clean
from checks.walk import LOOK_AHEAD
from tui import cases, consent, path, plain_keys, wanted
from tui.filtering import matching, own_first
from tui.keeping import unkept
from tui.origins import origin
from tui.plain_adding import check_again, go_on_after_cancel, mend, take_note, tell_progress, write_report
from tui.plain_paste import ask_output
from tui.plain_practice import name_cause
from tui.plain_steps import choose_step
from tui.prompts import Left, agree, ask, ask_password, choose, say, say_keys, show, width
from tui.session import Session


class Dialogue:
    """One walk, step by step."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._walk = session.walk
        self._unkept = ""
        self._wants_another = False
        self._comes_forward = not session.start
        """True where the step that comes next was not asked for by name."""

    async def run(self) -> bool:
        """To the end of the walk. True where another fault of the lab is wanted then."""
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
                return False
            if step_id is None:
                return self._wants_another

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
            typed = await ask("> ")
            if typed == "N" and self._session.practice:
                self._wants_another = True
                return None
            match typed.lower():
                case "":
                    return None
                case "b":
                    self._comes_forward = False
                    return self._walk.path[-1]
                case "j":
                    chosen = await choose_step(self._walk)
                    if chosen is not None:
                        self._comes_forward = False
                        return chosen
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
        if await mend(self._session):
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
        if step_id in walk.alone:
            say("Out of its turn: enter goes on where you left the walk.")
        if walk.conclusion(step_id) is None and not consent.must_ask(walk, step_id):
            await self._first_look(step_id)
        if consent.must_ask(walk, step_id):
            await self._ask_to_agree(step_id)
            await self._first_look(step_id)
        walk.look_ahead(step_id)
        if self._comes_forward and path.is_passed_over(walk, step_id):
            show("\n".join(step_lines(self._reported(step_id), width(), brief=True)))
            return path.after(walk, step_id)
        self._show(step_id)
        return await self._at_step(step_id)

    async def _at_step(self, step_id: str) -> str | None:
        """Obeys keys until one leads elsewhere; gives the step to show next, or None for the verdict."""
        walk = self._walk
        saw_verdict = False
        while True:
            say_keys(plain_keys.at_step(self._session, step_id, saw_verdict=saw_verdict))
            typed = (await ask("> ")).lower()
            match typed:
                case "":
                    self._comes_forward = True
                    return path.after(walk, step_id)
                case "b":
                    self._comes_forward = False
                    return path.before(walk, step_id) or step_id
                case "j":
                    chosen = await choose_step(walk, step_id)
                    if chosen is not None:
                        self._comes_forward = False
                        return chosen
                case "v":
                    await self._ask_for_cause()
                    self._show_verdict()
                    saw_verdict = True
                case _:
                    await self._obey(step_id, typed)

    async def _obey(self, step_id: str, typed: str) -> None:
        """Does what a key asks for that stays at the step."""
        walk = self._walk
        step = walk.runbook.stage(step_id).step
        refused = wanted.refused_at(walk, step_id, self._session.accounts)
        match typed:
            case "f":
                await self._check_again()
            case "m" if plain_keys.can_mend(self._session):
                await self._mend()
            case "g" if cases.is_unseen(self._session):
                await self._name_cause()
            case "?" | "help":
                say(plain_keys.HELP)
            case "r" | "y" if typed == "r" or consent.was_declined(walk, step_id):
                await self._look_again(step_id)
            case "p":
                await self._paste(step_id)
            case "t" if refused:
                await self._sign_in_again(step_id, refused)
            case "a" if can_be_stated(walk.conclusion(step_id)):
                await self._state(step_id)
            case "a":
                say("This step was seen; r looks again. Only what nobody could see is answered by hand.")
            case "n":
                await take_note(walk, step_id)
            case "o":
                await write_report(walk)
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

    async def _look_again(self, step_id: str) -> None:
        if self._walk.must_agree(step_id, again=True):
            await self._ask_to_agree(step_id)
        if not self._walk.must_agree(step_id, again=True):
            say("Looking again. Ctrl+c cancels.")
            await self._look(step_id, self._walk.rerun)
        self._show(step_id)

    async def _sign_in_again(self, step_id: str, refused: wanted.Refused) -> None:
        """Takes a password in place of one that was refused, and looks again."""
        password = await ask_password(refused.name)
        consent.note_typed(self._session, refused.whose)
        say("Looking again. Ctrl+c cancels.")
        await self._look(step_id, partial(self._walk.sign_in_again, whose=refused.whose, password=password))
        self._show(step_id)

    def _tell_passed_over(self, step_id: str) -> None:
        """Which steps were passed over on the way to a step, or with an empty name to the verdict."""
        titles = path.made_pointless(self._walk, step_id)
        if titles:
            say(f"\nPassed over, for it could tell nothing new: {', '.join(titles)}")

    def _show_verdict(self) -> None:
        walk = self._walk
        walked, steps = len(walk.path), len(walk.steps)
        if walked < steps:
            say(f"\nThe verdict so far: {walked} of {steps} steps were walked.")
        reported = report.report_of(walk.journal, walk.runbook)
        remedies = report.actions_of(walk.verdict().remedies, "check again (f)")
        verdict = replace(reported.verdict, remedies=remedies)
        show("\n" + text(replace(reported, verdict=verdict), width()).rstrip("\n"))

    def _show_by_hand(self, step_id: str) -> None:
        step = self._walk.runbook.stage(step_id).step
        for line in by_hand(step.by_hand(self._walk.deployment)):
            if line.startswith("# "):
                say(clean(line, 2000))
            else:
                show("\n".join(wrap_command(clean(line, 2000), width())))

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
        telling = asyncio.create_task(tell_progress(self._walk, step_id))
        try:
            await look(step_id)
        except asyncio.CancelledError:
            go_on_after_cancel()
            self._walk.cancel(step_id)
        finally:
            telling.cancel()
        self._tell_unkept()

    def _tell_unkept(self) -> None:
        """Says that the walk is not written down any more, once until it is again."""
        trouble = unkept(self._walk.journal)
        if trouble and trouble != self._unkept:
            say(trouble)
        self._unkept = trouble

    async def _paste(self, step_id: str) -> None:
        """Takes the output of one command, and judges again what rests on it."""
        brought = await ask_output(self._walk, step_id)
        if brought is not None:
            question, answer = brought
            await self._look(step_id, partial(self._walk.take, question=question, answer=answer))
            say("Taken from your paste.")
            self._show(step_id)

    def _show(self, step_id: str) -> None:
        step = self._reported(step_id)
        finding = self._walk.journal.concluded[step_id].finding
        show("\n".join(step_lines(step, width())))
        where = tools_note([step.command])
        if where:
            say(f"     {where}")
        if finding.remedies:
            show("\n".join(remedy_lines(report.actions_of(finding.remedies, "check again (r)"), width())))
        if step.status is Status.UNKNOWN:
            say("     You looked yourself? a takes what it says.")
        more = wanted.still_wanted(self._walk, step_id)
        if more:
            say(f"     {more}: p takes what you paste.")

    def _reported(self, step_id: str) -> report.ReportedStep:
        reported = report.report_of(self._walk.journal, self._walk.runbook)
        return next(one for one in reported.steps if one.id == step_id)

    def _show_evidence(self, step_id: str, words: str = "") -> None:
        asked = own_first(self._walk, step_id)
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
