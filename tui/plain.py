"""The same walk as numbered prompts: for old consoles, dumb terminals and screen readers. Only lines, no colour."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from checks import report
from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.commands import by_hand, command_for, place_for, tools_note, view_of
from checks.probes import Question
from checks.report.text import action_lines, step_lines, text
from checks.text import clean
from checks.walk import LOOK_AHEAD
from tui import consent, path, wanted
from tui.exit_codes import ExitCode
from tui.headless import exit_code
from tui.origins import origin
from tui.plain_beginnings import diagnosed_walk, evidence_walk, live_walk, symptom_walk, with_names
from tui.prompts import END, Left, agree, ask, ask_password, ask_paste, choose, say, show, width
from tui.session import (
    BeginWalk,
    CannotBegin,
    FindResumable,
    LiveWalk,
    NamesFound,
    Opening,
    PasswordNeeded,
    PracticeWalk,
    ResumedWalk,
    Session,
    Start,
    WalkRequest,
)

KEYS = "enter next, r again, p paste, w why, h by hand, e evidence, b back, v verdict, q quit, ? help"
HELP = """\
enter  go on to the next step
r      run the step again: everything is asked anew
p      paste the output of a command that you ran by hand
t      type a refused password anew, where one was refused; each is tried once
w      why it matters, and what good looks like
h      how to do it by hand
e      the evidence: what was asked, and what was answered
b      back to the step before
v      the verdict so far
q      quit; the walk can be resumed
ctrl+c cancels what runs. lyncdoctor only reads: it never runs a command that changes anything."""


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
            if session.walk.journal.path is not None:
                show(f"This walk is in {session.walk.journal.path}\nIts report: lyncdoctor report")

    async def _begun(self, request: WalkRequest) -> Session:
        try:
            begun = await self._begin(request)
            if isinstance(begun, NamesFound) and isinstance(request, LiveWalk):
                return await self._begun(await with_names(request, begun.found))
            assert isinstance(begun, Session)  # noqa: S101 - names are found for a live walk alone
            return begun
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
        offered: list[Mapping[str, Any]] = []
        while not offered:
            part = (await ask("A part of its name or title, enter lists all: ")).lower()
            offered = [
                one for one in self._scenarios if part in f"{one['name']} {one['runbook']}: {one['title']}".lower()
            ]
            if not offered:
                say("None has that.")
        chosen = offered[await choose([f"{one['runbook']}: {one['title']}" for one in offered])]
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
        self._show_verdict()

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
            say(f"t type the password anew, {KEYS}" if refused else KEYS)
            match (await ask("> ")).lower():
                case "":
                    return path.after(walk, step_id)
                case "v":
                    self._show_verdict()
                case "?" | "help":
                    say(HELP)
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
                    self._show_by_hand(step_id)
                case "e":
                    self._show_evidence(step_id)
                case other:
                    say(f"{clean(other, 20)!r} is none of these; ? tells what they do.")

    def _show_verdict(self) -> None:
        walk = self._walk
        walked, steps = len(walk.path), len(walk.steps)
        if walked < steps:
            say(f"\nThe verdict so far: {walked} of {steps} steps were walked.")
        show("\n" + text(report.report_of(walk.journal, walk.runbook), width()).rstrip("\n"))

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
        for action in step.remedies:
            show("\n".join(action_lines(action, width())))
        more = wanted.still_wanted(self._walk, step_id)
        if more:
            say(f"     {more}: p takes what you paste.")

    def _show_evidence(self, step_id: str) -> None:
        asked = self._walk.journal.evidence(step_id)
        for one in asked:
            show(clean(one.question.typed(), 2000))
            say(f"  ({origin(one)})")
            for line in one.answer.lines():
                say(f"    {clean(line, 1000)}")
        if not asked:
            say("Nothing was asked.")
