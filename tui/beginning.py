"""Begins walks for whoever shows them: live, in the practice deployment, or where a journal ends."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Journal, UnreadableJournal, now
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.secret import Secret
from checks.walk import Walk
from tui import places
from tui.session import (
    CannotBegin,
    LiveWalk,
    PasswordNeeded,
    PracticeWalk,
    Resumable,
    ResumedWalk,
    Session,
    WalkRequest,
)

Close = Callable[[], Awaitable[None]]


class Beginning:
    """Begins walks. A shell password from the environment serves a walk that brings none."""

    def __init__(self, shell_password: Secret | None = None) -> None:
        self._shell_password = shell_password

    async def __call__(self, request: WalkRequest) -> Session:
        """The walk that was asked for; CannotBegin with a sentence where it cannot begin."""
        match request:
            case LiveWalk():
                journal = _new_journal(request.runbook, request.deployment, request.sources)
                return self._session(journal, request.sources, request.password or self._shell_password)
            case PracticeWalk():
                return await self._practice(request.runbook, request.scenario, None)
        return await self._resume(request)

    async def _resume(self, request: ResumedWalk) -> Session:
        try:
            read = journals.read(request.journal)
        except (UnreadableJournal, OSError) as error:
            raise CannotBegin(str(error)) from None
        began = read.began
        if began.runbook not in RUNBOOKS:
            raise CannotBegin(f"{request.journal.name} is of a runbook that is not known here.")
        if began.scenario:
            return await self._practice(began.runbook, began.scenario, request.journal)
        sources, password = began.sources, request.password
        if request.journal.resolve().parent == places.walks().resolve():
            password = password or self._shell_password
        elif not sources.shell_user:
            # Somebody else's journal must not make this user sign in, unasked, where it says.
            sources = msgspec.structs.replace(sources, shell="none")  # noqa: S604 - no subprocess
        if sources.shell != "none" and sources.shell_user and password is None:
            raise PasswordNeeded(f"{sources.shell_user} at {urlsplit(sources.shell).hostname}")
        return self._session(journals.read(request.journal, append=True), sources, password)

    async def _practice(self, runbook: str, scenario: str, resumed: Path | None) -> Session:
        from lab import client
        from tui import practice

        started = AsyncExitStack()
        try:
            lab = await started.enter_async_context(client.start(scenario))
            deployment = practice.deployment_of(lab.connection, runbook)
            if resumed is None:
                journal = _new_journal(runbook, deployment, Sources(), scenario)
            else:
                journal = journals.read(resumed, append=True)
            sources = practice.sources_of(lab.connection, journal.began.deployment.vantage)
            password = practice.password_of(lab.connection)
            return self._session(journal, sources, password, started.aclose)
        except client.LabFailed as error:
            raise CannotBegin(f"The practice deployment did not start: {error}") from None
        except BaseException:
            await started.aclose()
            raise

    def _session(
        self, journal: Journal, sources: Sources, password: Secret | None, stop: Close | None = None
    ) -> Session:
        deployment = journal.began.deployment
        asking = Asking(LiveProbes(deployment, sources, {"shell": password} if password else {}), journal)

        async def close() -> None:
            journal.close()
            if stop is not None:
                await stop()

        walk = Walk(RUNBOOKS[journal.began.runbook], deployment, asking, journal)
        return Session(walk=walk, close=close, practice=stop is not None)


def resumable() -> Sequence[Resumable]:
    """The newest walk, where it did not reach its verdict."""
    path = places.unfinished()
    if path is None:
        return ()
    read = journals.read(path)
    runbook = RUNBOOKS[read.began.runbook]
    concluded = sum(step in read.concluded for step in runbook.step_ids)
    return (
        Resumable(
            journal=path,
            runbook=runbook.title,
            deployment=read.began.deployment.name,
            step=concluded + 1,
            steps=len(runbook.stages),
            at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        ),
    )


def _new_journal(runbook: str, deployment: Deployment, sources: Sources, scenario: str = "") -> Journal:
    began = Began(
        version=VERSION, runbook=runbook, deployment=deployment, at=now(), scenario=scenario, sources=sources
    )  # fmt: skip
    return Journal(began, places.new_walk(runbook))
