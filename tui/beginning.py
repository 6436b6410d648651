"""Begins walks for whoever shows them: live, in the practice deployment, or where a journal ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import msgspec

from checks import journal as journals
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Journal, UnreadableJournal, now
from checks.opening import Named, asking_for, look_for_names
from checks.probes import Account, Server
from checks.runbooks import RUNBOOKS
from checks.walk import Walk, steps_for
from tui import keeping, places
from tui.session import (
    CannotBegin,
    LiveWalk,
    NamesFound,
    PasswordNeeded,
    PracticeWalk,
    Resumable,
    ResumedWalk,
    Secrets,
    Session,
    WalkRequest,
)

if TYPE_CHECKING:
    from tui.cases import Case

Close = Callable[[], Awaitable[None]]
_PATIENCE = 300.0
"""Seconds that a shell opened to find names is kept for the walk."""
_TEST_USERS: tuple[Account, Account] = ("sender", "receiver")


class Beginning:
    """Begins walks. Passwords from the environment serve a walk that brings none."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._named: Named | None = None
        self._closing: asyncio.Task[None] | None = None

    async def __call__(self, request: WalkRequest) -> Session | NamesFound:
        """The walk that was asked for, or names to look at first; CannotBegin with a sentence where it cannot begin."""
        match request:
            case LiveWalk():
                return await self._look(request) or self._live(request)
            case PracticeWalk():
                return await self._practice(
                    request.runbook, request.scenario, None, request.symptom, request.case, request.told
                )
        return await self._resume(request)

    async def _look(self, request: LiveWalk) -> NamesFound | None:
        """What was found of the names that are missing; None where nothing was."""
        if not request.looks:
            return None
        await self._close_unused()
        secrets = {**self._secrets, **request.secrets}
        try:
            self._named = await look_for_names(request.runbook, request.deployment, request.sources, secrets)
        except (UnreadableJournal, OSError) as error:
            raise CannotBegin(f"The evidence cannot be read: {error}") from None
        if self._named is None or not self._named.found:
            return None
        self._closing = asyncio.create_task(self._close_later(self._named))
        return NamesFound(self._named.found)

    def _live(self, request: LiveWalk) -> Session:
        journal = _new_journal(
            request.runbook, request.deployment, request.sources, symptom=request.symptom, told=request.told
        )
        # What looked for the names goes on with the walk, so that a password that was refused is not tried again.
        named = self._named if self._named and self._named.journal.began.sources == request.sources else None
        if named is not None:
            self._named = None
        session = self._session(journal, request.sources, {**self._secrets, **request.secrets}, named=named)
        return replace(session, start=request.start)

    async def _close_later(self, named: Named) -> None:
        """Closes what was opened to find names, where no walk takes it over in time, or the program ends before."""
        try:
            await asyncio.sleep(_PATIENCE)
        finally:
            if self._named is named:
                await self._close_unused()

    async def _close_unused(self) -> None:
        named, self._named = self._named, None
        if named is not None:
            await named.probes.close()

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
        sources, secrets = began.sources, request.secrets
        if places.is_own(request.journal):
            secrets = {**self._secrets, **secrets}
        else:
            sources = _without_trust(sources)
        for shell in _signed_in_at(began.runbook, sources):
            if shell.whose not in secrets:
                raise PasswordNeeded(f"{shell.account} at {urlsplit(shell.address).hostname}", shell.whose)
        return self._session(keeping.going_on(request.journal), sources, secrets)

    async def _practice(
        self,
        runbook: str,
        scenario: str,
        resumed: Path | None,
        symptom: str = "",
        case: "Case | None" = None,
        told: tuple[str, ...] = (),
    ) -> Session:
        from lab import client
        from tui import cases, practice

        started = AsyncExitStack()
        try:
            lab = await started.enter_async_context(client.start(scenario))
            deployment = practice.deployment_of(lab.connection, runbook)
            if resumed is None:
                journal = _new_journal(runbook, deployment, Sources(), scenario, symptom, case is not None, told)
            else:
                journal = keeping.going_on(resumed)
            sources = practice.sources_of(lab.connection, journal.began.deployment.vantage)
            session = self._session(journal, sources, practice.secrets_of(lab.connection), started.aclose)
            if case is None and journal.began.unseen:
                case = cases.case_named(scenario, runbook)
            return replace(session, case=case, mend=partial(practice.mend, lab))
        except client.LabFailed as error:
            raise CannotBegin(f"The practice deployment did not start: {error}") from None
        except BaseException:
            await started.aclose()
            raise

    def _session(
        self,
        journal: Journal,
        sources: Sources,
        secrets: Secrets,
        stop: Close | None = None,
        named: Named | None = None,
    ) -> Session:
        try:
            asking = asking_for(journal, sources, secrets, named)
        except (UnreadableJournal, OSError) as error:
            journal.close()
            raise CannotBegin(f"The evidence cannot be read: {error}") from None

        async def close() -> None:
            journal.close()
            if stop is not None:
                await stop()

        walk = Walk(RUNBOOKS[journal.began.runbook], journal.began.deployment, asking, journal)
        accounts = {shell.server: shell.account for shell in _signed_in_at(journal.began.runbook, sources)}
        known = {account for account in _TEST_USERS if account in secrets}
        return Session(walk=walk, close=close, practice=stop is not None, accounts=accounts, known=known)


class _Shell(NamedTuple):
    """A remote shell and who signs in there."""

    server: Server
    whose: str
    """The key of its password among the secrets."""
    address: str
    account: str


def _signed_in_at(runbook: str, sources: Sources) -> Iterator[_Shell]:
    """The shells of a runbook that somebody signs in at by a password. Mobility asks nothing of an Edge."""
    shells = [_Shell("front-end", "shell", sources.shell, sources.shell_user)]
    if runbook != "mobility":
        shells.append(_Shell("edge", "edge", sources.edge_shell, sources.edge_user))
    return (shell for shell in shells if "://" in shell.address and shell.account)


def _without_trust(sources: Sources) -> Sources:
    """The sources of somebody else's journal: it must not make this user sign in, unasked, or read files of his."""
    kept = msgspec.structs.replace(sources, evidence=())
    if not sources.shell_user:
        kept = msgspec.structs.replace(kept, shell="none")  # noqa: S604 - no subprocess
    return kept if sources.edge_user else msgspec.structs.replace(kept, edge_shell="")


def resumable() -> Sequence[Resumable]:
    """The newest walk, where it did not reach its verdict."""
    found = places.unfinished()
    if found is None:
        return ()
    path, read = found
    try:
        written = path.stat().st_mtime
    except FileNotFoundError:  # A walk that begins meanwhile removes the oldest.
        return ()
    runbook = RUNBOOKS[read.began.runbook]
    steps = steps_for(runbook, read.began.symptom, read.began.told)
    # A step that was walked out of its turn is not where the walk goes on.
    in_turn = [
        place for place, step in enumerate(steps, 1) if step in read.concluded and not read.concluded[step].alone
    ]
    return (
        Resumable(
            journal=path,
            runbook=runbook.title,
            deployment=read.began.deployment.name,
            step=min(max(in_turn, default=0) + 1, len(steps)),
            steps=len(steps),
            at=datetime.fromtimestamp(written, UTC),
            practice=bool(read.began.scenario),
        ),
    )


def _new_journal(
    runbook: str,
    deployment: Deployment,
    sources: Sources,
    scenario: str = "",
    symptom: str = "",
    unseen: bool = False,
    told: tuple[str, ...] = (),
) -> Journal:
    began = Began(
        version=VERSION,
        runbook=runbook,
        deployment=deployment,
        at=now(),
        scenario=scenario,
        sources=sources,
        symptom=symptom,
        told=told,
        unseen=unseen,
    )
    return keeping.new_journal(began)
