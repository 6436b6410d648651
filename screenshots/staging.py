"""Opens the wizard for a picture: on walks committed in tests/journals, or made from what they recorded.

Nothing is asked of the world, and every moment is a written one, so a picture changes only when a screen changes.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, chdir
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from textual.events import Paste
from textual.pilot import Pilot

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Asked, Began, Concluded, Journal, Noted, Revealed
from checks.model import Reason
from checks.naming import Found
from checks.probes import Question, Unanswered
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import scenarios
from screenshots.beginnings import WAITING, Beginning, Key, Mended, Recorded, Returning, Theme, Visit
from screenshots.capture import rendered
from tui.app import WizardApp
from tui.cases import Case, case_named, request_for
from tui.session import (
    CannotBegin,
    LiveWalk,
    NamesFound,
    Opening,
    PracticeWalk,
    Resumable,
    ResumedWalk,
    Session,
    Start,
    WalkRequest,
)
from tui.used_before import Used

ROOT = Path(__file__).parent.parent
JOURNALS = ROOT / "tests" / "journals"
MOMENT = "2026-11-20T10:42:00.000+00:00"
"""When everything happens that no journal dates."""
TOOK = 40
"""Milliseconds."""


def steady_terminal() -> None:
    """The same colours, clock and signs wherever the pictures are drawn."""
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color", TZ="UTC")
    os.environ.pop("NO_COLOR", None)
    if hasattr(time, "tzset"):
        time.tzset()


@asynccontextmanager
async def opened(
    beginning: Beginning, size: tuple[int, int], *, ascii_only: bool = False, folder: Path = ROOT
) -> AsyncIterator["Wizard"]:
    """The running wizard in a folder, once nothing is under way any more."""
    world = _World(beginning)
    app = WizardApp(
        start=_start(beginning),
        begin=world.begin,
        scenarios=scenarios.listing(),
        resumable=_resumable if isinstance(beginning, Returning) else tuple,
        used=_used if isinstance(beginning, Returning) else lambda _: (),
        ascii_only=ascii_only,
    )
    with chdir(folder):
        async with app.run_test(size=size) as pilot:
            wizard = Wizard(app, pilot, world)
            await wizard.settled()
            if isinstance(beginning, Returning):
                await wizard.shown("Resume")
            yield wizard


class Wizard:
    """The running wizard under a hand that presses keys."""

    def __init__(self, app: WizardApp, pilot: Pilot[int], world: "_World") -> None:
        self.app = app
        self._pilot = pilot
        self._world = world

    async def take(self, key: Key) -> None:
        """Presses, pastes or changes what the key says, and waits until nothing is under way."""
        match key:
            case Paste():
                self.app.post_message(Paste(key.text))
            case Visit():
                await self.app.show_step(key.step)
            case Mended():
                self._world.now_answers(key.journal)
            case Theme():
                self.app.theme = key.name
            case str():
                await self._pilot.press(key)
        await self.settled()

    async def shown(self, words: str) -> None:
        """Waits until the words are there: what is looked for only after the first screen was painted."""
        async with asyncio.timeout(10):
            while not any(words in strip.text for strip in rendered(self.app)):
                await self._pilot.pause(0.01)

    async def settled(self) -> None:
        """Waits until nothing is under way: what ends may have started something else, as a walk starts its step."""
        await self._pilot.pause()
        while any(not worker.is_finished for worker in self.app.workers):
            await self.app.workers.wait_for_complete()
            await self._pilot.pause()
        # What the last of it painted may still be on its way.
        await self._pilot.pause()


def _start(beginning: Beginning) -> Start:
    match beginning:
        case Recorded():
            return ResumedWalk(journal=_path(beginning.journal))
        case PracticeWalk():
            # The hints that one picture asks for are not another one's.
            return request_for(case_named(beginning.scenario, beginning.runbook))
        case Returning():
            return Opening.WELCOME
        case LiveWalk():
            return beginning
    return Opening(beginning) if beginning in list(Opening) else ResumedWalk(journal=_path(beginning))


class _World:
    """Begins walks, and answers what they ask from journals."""

    def __init__(self, beginning: Beginning) -> None:
        self._beginning = beginning
        self._evidence = _Changing()

    def now_answers(self, name: str) -> None:
        self._evidence.told = Evidence([journals.read(_path(name))])

    async def begin(self, request: WalkRequest) -> Session | NamesFound:
        match request, self._beginning:
            case ResumedWalk(), Recorded() as recorded:
                return await self._walked(recorded)
            case ResumedWalk(), _:
                journal = _Steady.of(journals.read(request.journal))
                self._evidence.told = Evidence([journal])
                return self._session(journal, Sources(offline=True), practice=True)
            case LiveWalk(looks=True), _:
                return NamesFound(_FOUND)
            case LiveWalk(), _:
                began = Began(
                    version=VERSION, runbook=request.runbook, deployment=request.deployment, at=MOMENT,
                    sources=request.sources, symptom=request.symptom, told=request.told,
                )  # fmt: skip
                return self._session(_Steady(began), request.sources, start=request.start)
            case PracticeWalk(case=Case() as case), _ if _path(f"{request.runbook}-{request.scenario}").exists():
                journal = _Steady.of(journals.read(_path(f"{request.runbook}-{request.scenario}")))
                journal.began = msgspec.structs.replace(journal.began, unseen=True)
                self._evidence.told = Evidence([journal])
                return replace(self._session(journal, Sources(offline=True), practice=True), case=case)
        raise CannotBegin("A picture shows a walk that was recorded, or one that waits for pastes.")

    async def _walked(self, recorded: Recorded) -> Session:
        told = journals.read(_path(recorded.journal))
        self._evidence.told = Evidence([_told_otherwise(told, recorded)])
        journal = _Steady(msgspec.structs.replace(told.began, at=MOMENT, scenario=""))
        session = self._session(journal, Sources(offline=True))
        walk = session.walk
        walk.agree()
        step: str | None = walk.first()
        while step is not None and (not recorded.steps or len(walk.path) < recorded.steps):
            await walk.conclude(step)
            step = walk.next(step)
        return session

    def _session(self, journal: Journal, sources: Sources, *, practice: bool = False, start: str = "") -> Session:
        unasked = msgspec.structs.replace(sources, offline=True)
        asking = Asking(LiveProbes(journal.began.deployment, unasked), journal, self._evidence)
        walk = Walk(RUNBOOKS[journal.began.runbook], journal.began.deployment, asking, journal)

        async def close() -> None:
            journal.close()

        return Session(walk=walk, close=close, practice=practice, start=start)


class _Changing(Evidence):
    """What the world answers; it may be mended meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Evidence()

    def find(self, question: Question) -> Asked | None:
        asked = self.told.find(question)
        # As if it had been asked here: the pictures show no file name.
        return msgspec.structs.replace(asked, source="") if asked else None

    def tells(self, kind: Callable[[Question], bool]) -> bool:
        return self.told.tells(kind)


class _Steady(Journal):
    """A journal in which everything takes the same time, at the same moment."""

    @classmethod
    def of(cls, journal: Journal) -> "_Steady":
        """What another journal knows; what is added from now on is steady."""
        steady = cls(journal.began)
        steady.asked, steady.concluded, steady.notes = journal.asked, journal.concluded, journal.notes
        steady.faults, steady.source = journal.faults, journal.source
        return steady

    def add(self, line: Asked | Concluded | Noted | Revealed) -> None:
        match line:
            case Asked() | Concluded():
                super().add(msgspec.structs.replace(line, at=MOMENT, took_ms=TOOK))
            case _:
                super().add(line)


def _told_otherwise(journal: Journal, recorded: Recorded) -> Journal:
    changed = Journal(journal.began)
    for asked in journal.asked.values():
        if any(part in asked.question.typed() for part in recorded.silent):
            unanswered = Unanswered(
                reason=Reason.TIMEOUT, detail="Nothing came back within 25 seconds.", command=asked.question.typed()
            )
            changed.add(msgspec.structs.replace(asked, answer=unanswered))
            continue
        raw = msgspec.json.encode(asked).decode()
        for before, after in recorded.changes.items():
            raw = raw.replace(before, after)
        changed.add(msgspec.json.decode(raw, type=Asked))
    return changed


def _path(name: str) -> Path:
    return JOURNALS / f"{name}.jsonl"


_FOUND = (
    Found(name="web", value="lyncweb.litwareinc.com", source="Autodiscover, outside"),
    Found(name="pool", value="atl-cs-001.litwareinc.com", source="Get-CsUser"),
    Found(name="product", value="2013", source="Get-CsServerVersion"),
)


_AGO = timedelta(minutes=20, seconds=30)


def _resumable() -> Sequence[Resumable]:
    walk = Resumable(
        journal=_path("mobility-healthy"), runbook="Mobility", deployment="litwareinc.com", step=4, steps=24,
        at=datetime.now(UTC) - _AGO,
    )  # fmt: skip
    return (walk,)


def _used(runbook: str) -> Sequence[Used]:
    at = datetime.now(UTC) - _AGO
    other = Deployment(domains=("contoso.com",), users=("sip:adelany@contoso.com",), pool="pool01.contoso.com")
    return (
        Used("mobility", WAITING.deployment, Sources(shell="pool01.litwareinc.com"), at),  # noqa: S604 - no subprocess
        Used("mobility", other, Sources(), at - timedelta(days=3)),
    )
