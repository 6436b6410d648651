"""The same walk as numbered prompts: for old consoles, dumb terminals and screen readers. Only lines, no colour."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from checks import report
from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.commands import command_for, place_for
from checks.report.text import action_lines, step_lines, text
from checks.text import clean
from checks.walk import LOOK_AHEAD
from tui import consent, path, wanted
from tui.exit_codes import ExitCode
from tui.headless import exit_code
from tui.origins import origin
from tui.plain_beginnings import diagnosed_walk, evidence_walk, live_walk, symptom_walk
from tui.prompts import END, Left, agree, ask, ask_password, ask_paste, choose, say
from tui.session import (
    BeginWalk,
    CannotBegin,
    FindResumable,
    Opening,
    PasswordNeeded,
    PracticeWalk,
    ResumedWalk,
    Session,
    Start,
    WalkRequest,
)

KEYS = "enter next, r again, p paste, w why, h by hand, e evidence, b back, v verdict, q quit"


class PlainWizard:
    """A dialogue on stdin and stdout."""

    def __init__(self, begin: BeginWalk, resumable: FindResumable, scenarios: Sequence[Mapping[str, Any]]) -> None:
        self._begin = begin
        self._resumable = resumable
        self._scenarios = scenarios

    async def run(self, start: Start) -> ExitCode:
        """The dialogue to its end; the exit code is that of the verdict, where there was one."""
        try:
            request = await self._request(start)
            session = await self._begun(request)
        except CannotBegin as refusal:
            say(str(refusal))
            return ExitCode.USAGE
        except Left:
            return ExitCode.FINE
        try:
            await _Dialogue(session).run()
            return exit_code(session.walk.verdict(), session.walk.journal) if session.walk.path else ExitCode.FINE
        except Left:
            return ExitCode.FINE
        finally:
            session.walk.drop_look_ahead()
            await session.walk.asking.close()
            await session.close()

    async def _begun(self, request: WalkRequest) -> Session:
        try:
            return await self._begin(request)
        except PasswordNeeded as needed:
            if not isinstance(request, ResumedWalk):
                raise
            password = await ask_password(needed.account)
            return await self._begun(replace(request, secrets={**request.secrets, needed.whose: password}))

    async def _request(self, start: Start) -> WalkRequest:
        if not isinstance(start, Opening):
            return start
        if start is Opening.PRACTICE:
            return await self._practice()
        unfinished = [(f"Resume {one.runbook} of {one.deployment}, step {one.step} of {one.steps}", one)
                      for one in self._resumable()]  # fmt: skip
        say("lyncdoctor. Why can't they sign in, or see their partners? It only reads.")
        offers: list[tuple[str, Callable[[], Awaitable[WalkRequest]]]] = [
            ("Start from a symptom: what users or an error message tell you", symptom_walk),
            ("Mobility, from the top: phones", lambda: live_walk("mobility")),
            ("XMPP federation, from the top: partners on other chat systems", lambda: live_walk("xmpp")),
            ("Paste an error or output: find where to start", diagnosed_walk),
            ("Open evidence or a walk: a file that was collected or recorded", evidence_walk),
            ("Practice in the lab: a live deployment on this machine", self._practice),
        ]
        chosen = await choose([title for title, _ in [*offers, *unfinished]])
        if chosen < len(offers):
            return await offers[chosen][1]()
        return ResumedWalk(journal=unfinished[chosen - len(offers)][1].journal)

    async def _practice(self) -> WalkRequest:
        say("Which trouble shall the practice deployment have?")
        chosen = self._scenarios[await choose([f"{one['runbook']}: {one['title']}" for one in self._scenarios])]
        return PracticeWalk(runbook=chosen["runbook"], scenario=chosen["name"])


class _Dialogue:
    """One walk, step by step."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._walk = session.walk

    async def run(self) -> None:
        walk = self._walk
        step_id = walk.next(walk.path[-1]) if walk.path else self._session.start or walk.first()
        while step_id is not None:
            step_id = await self._step(step_id)
        sys.stdout.write("\n" + text(report.report_of(walk.journal, walk.runbook)))

    async def _step(self, step_id: str) -> str | None:
        """Shows one step; gives the step to show next, or None for the verdict."""
        walk = self._walk
        step = walk.runbook.stage(step_id).step
        say(f"\nStep {walk.steps.index(step_id) + 1} of {len(walk.steps)}. {step.question.strip()}")
        if walk.conclusion(step_id) is None and not consent.must_ask(walk, step_id):
            await self._first_look(step_id)
        if consent.must_ask(walk, step_id):
            await self._ask_to_agree(step_id)
            await self._first_look(step_id)
        walk.look_ahead(step_id)
        self._show(step_id)
        while True:
            refused = wanted.refused_at(walk, step_id, self._session.accounts)
            keys = f"t type the password anew, {KEYS}" if refused else KEYS
            match (await ask(f"{keys}: ")).lower():
                case "":
                    return path.after(walk, step_id)
                case "v":
                    return None
                case "b":
                    return path.before(walk, step_id) or step_id
                case "r":
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
                case "w":
                    say(f"{step.why}\nGood is: {step.good}\nRead: {step.link}")
                case "h":
                    say("\n".join(clean(line, 2000) for line in step.by_hand(walk.deployment)))
                case "e":
                    say("\n".join(self._evidence(step_id)))
                case other:
                    say(f"{clean(other, 20)!r} is none of these.")

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
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
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
            titles = [f"{command_for(one)}{'' if one in missing else '  (answered)'}" for one in questions]
            place = await choose([clean(title, 2000) for title in titles], questions.index(first))
        question = questions[place]
        say(f"Run {place_for(question)}:\n  {clean(command_for(question), 2000)}")
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

    def _show(self, step_id: str) -> None:
        reported = report.report_of(self._walk.journal, self._walk.runbook)
        step = next(one for one in reported.steps if one.id == step_id)
        say("\n".join(step_lines(step)))
        for action in step.remedies:
            say("\n".join(action_lines(action)))
        more = wanted.still_wanted(self._walk, step_id)
        if more:
            say(f"     {more}: p takes what you paste.")

    def _evidence(self, step_id: str) -> Iterator[str]:
        asked = self._walk.journal.evidence(step_id)
        for one in asked:
            yield f"{clean(one.question.typed(), 2000)} ({origin(one)})"
            yield from (f"  {clean(line, 1000)}" for line in one.answer.lines())
        if not asked:
            yield "Nothing was asked."
