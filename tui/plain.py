"""The same walk as numbered prompts: for old consoles, dumb terminals and screen readers. Only lines, no colour."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.report import report_of
from tui import cases, keeping, places
from tui.cases import Case
from tui.exit_codes import ExitCode
from tui.headless import code_of
from tui.plain_beginnings import diagnosed_walk, evidence_walk, live_walk, symptom_walk, with_names
from tui.plain_practice import call_first, practice_walk, tell
from tui.plain_walk import Dialogue
from tui.prompts import Left, ask_password, choose, say, show
from tui.session import (
    BeginWalk,
    CannotBegin,
    FindResumable,
    LiveWalk,
    NamesFound,
    Opening,
    PasswordNeeded,
    PracticeWalk,
    Resumable,
    ResumedWalk,
    Session,
    Start,
    WalkRequest,
)


class PlainWizard:
    """A dialogue on stdin and stdout."""

    def __init__(self, begin: BeginWalk, resumable: FindResumable, scenarios: Sequence[Mapping[str, Any]]) -> None:
        self._begin = begin
        self._resumable = resumable
        self._scenarios = scenarios

    async def run(self, start: Start) -> ExitCode:
        """The dialogue to its end; the exit code is that of the last verdict, where there was one."""
        code = ExitCode.FINE
        try:
            request: WalkRequest | None = await self._request(start)
            while request is not None:
                code, request = await self._walked(request)
            return code
        except CannotBegin as refusal:
            say(str(refusal))
            return ExitCode.USAGE
        except Left:
            return code

    async def _walked(self, request: WalkRequest) -> tuple[ExitCode, WalkRequest | None]:
        """How one walk ended, and the walk that is wanted after it."""
        session = await self._begun(request)
        if isinstance(request, ResumedWalk):
            self._tell_resumed(request, session)
        wants_another = False
        try:
            wants_another = await Dialogue(session).run()
            walk = session.walk
            code = ExitCode(code_of(report_of(walk.journal, walk.runbook))) if walk.path else ExitCode.FINE
        except Left:
            code = ExitCode.FINE
        finally:
            session.walk.drop_look_ahead()
            await session.walk.asking.close()
            await session.close()
            if session.walk.journal.path is not None:
                show(places.farewell(session.walk.journal.path))
            if trouble := keeping.unkept(session.walk.journal):
                say(trouble)
        return code, await self._another(session.case) if wants_another else None

    async def _another(self, case: Case | None) -> WalkRequest:
        """Another fault of the lab: one that nobody chose, or from the list where the last one was chosen."""
        if case is None:
            return await self._practice()
        other = cases.surprise(self._scenarios, case.runbook.name, but=case.scenario)
        return await call_first(other, self._scenarios)

    @staticmethod
    def _tell_resumed(request: ResumedWalk, session: Session) -> None:
        """What is to be known before an earlier walk goes on."""
        walk = session.walk
        if cases.is_unseen(session) and session.case is not None:
            tell(session.case.call())
        if goes_on := keeping.goes_on_in(request.journal, walk.journal):
            say(goes_on)
        if walk.path:
            count = f"{len(walk.path)} of {len(walk.steps)} steps"
            say(f"{count} were walked before: v shows what was found, b goes back through them.")

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
        if isinstance(start, PracticeWalk) and start.case is not None:
            return await call_first(start.case, self._scenarios)
        if not isinstance(start, Opening):
            return start
        if start is Opening.PRACTICE:
            return await self._practice()
        unfinished = [(_resume(one), one) for one in self._resumable()]
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
        return await practice_walk(self._scenarios)


def _resume(walk: Resumable) -> str:
    whose = "in the practice lab" if walk.practice else f"of {walk.deployment}"
    return f"Resume {walk.runbook} {whose}, step {walk.step} of {walk.steps}"
