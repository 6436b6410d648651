"""A walk, or a part of one, in a process of its own, as `lyncdoctor run` walks: `python -m tests.bench.walking`.

The first line of stdin says as JSON what is walked, stdout tells as JSON what it took.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Literal

import msgspec

from checks.context import Asking
from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Verdict
from checks.opening import asking_for
from checks.probes import Cmdlet, Objects, Server
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab.client import Connection
from tests.bench.timed_terminal import peak
from tui import practice

# httpx loads click, pygments and rich where it finds click: that is here for the tests' sake, and in no installation.
sys.modules["click"] = None  # type: ignore[assignment]

What = Literal["look-ahead", "in turn", "one step", "shell"]
_IN_TURN = ("Get-CsServerVersion", "Get-CsServerVersion", "Get-CsServerVersion", "Get-CsServerVersion")
"""Cmdlets that are asked one after another: how long the first takes tells how long a session takes to open."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to walk, and how."""

    connection: dict[str, Any]
    runbook: str
    vantage: Vantage
    local: bool = False
    """True: this computer's PowerShell is the shell."""
    what: What = "look-ahead"
    """The whole walk, its steps one after another, one step alone, or no step and some cmdlets."""
    step: str = ""


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """What it took."""

    seconds: float
    """From the beginning to the verdict, or to the answer of the first cmdlet, with what is imported meanwhile."""
    status: str = "ok"
    unknown: tuple[str, ...] = ()
    cmdlets: int = 0
    """How many the busiest shell brought something of."""
    longest: str = ""
    """The step that took longest."""
    one_cmdlet: float = 0.0
    """Seconds of one cmdlet in a session that is open."""
    memory: int = 0
    """Bytes that the process has had at most."""


async def walk(wanted: Wanted) -> Walked:
    """Opens what asks, and does what is wanted."""
    connection = Connection(**wanted.connection)
    deployment = practice.deployment_of(connection, wanted.runbook, wanted.vantage)
    sources = practice.sources_of(connection, wanted.vantage)
    if wanted.local:
        sources = msgspec.structs.replace(sources, shell="local", shell_user="")  # noqa: S604 - a word, no subprocess
    journal = Journal(Began(version=VERSION, runbook=wanted.runbook, deployment=deployment, at=now(), sources=sources))
    started = time.perf_counter()
    asking = asking_for(journal, sources, practice.secrets_of(connection))
    try:
        if wanted.what == "shell":
            return await _cmdlets_in_turn(asking, "edge" if wanted.vantage is Vantage.EDGE else "front-end")
        verdict = await _walk(wanted, Walk(RUNBOOKS[wanted.runbook], deployment, asking, journal))
        return Walked(
            seconds=time.perf_counter() - started,
            status=verdict.status,
            unknown=verdict.unknown,
            cmdlets=_cmdlets(journal),
            longest=max(journal.concluded.values(), key=lambda concluded: concluded.took_ms).step,
            memory=peak(Path("/proc/self/status")),
        )
    finally:
        await asking.close()


async def _walk(wanted: Wanted, walk: Walk) -> Verdict:
    if wanted.what == "look-ahead":
        return await walk.run_all()
    if wanted.what == "one step":
        return await walk.run_all(wanted.step, only=True)
    step_id: str | None = walk.first()
    while step_id is not None:
        await walk.conclude(step_id)
        step_id = walk.next(step_id)
    return walk.verdict()


async def _cmdlets_in_turn(asking: Asking, server: Server) -> Walked:
    took = []
    for name in _IN_TURN:
        started = time.perf_counter()
        answer = await asking.probes.shell.ask(Cmdlet(name=name, on=server))
        if not isinstance(answer, Objects):
            return Walked(seconds=0.0, status="unknown", unknown=(name,))
        took.append(time.perf_counter() - started)
    first, *others = took
    return Walked(seconds=first, one_cmdlet=statistics.median(others))


def _cmdlets(journal: Journal) -> int:
    asked = journal.asked.values()
    brought = [one.question.on for one in asked if isinstance(one.question, Cmdlet) and isinstance(one.answer, Objects)]
    return max(map(brought.count, brought), default=0)


if __name__ == "__main__":
    asked_for = msgspec.json.decode(sys.stdin.buffer.readline(), type=Wanted)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(walk(asked_for))))
