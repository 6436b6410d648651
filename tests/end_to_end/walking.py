"""Walks on the practice deployment in this process, as the command line makes them."""

import asyncio
import copy
from collections.abc import Awaitable, Callable, Iterable, Sequence

from checks.context import Asking
from checks.deployment import Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.opening import asking_for
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tui import practice

Scenarios = tuple[str, ...]
"""One or several that are put in at once."""
Then = Callable[[client.Running, Walk], Awaitable[None]]
"""What is done in the practice deployment once it was walked."""
LABS = 3
"""How many practice deployments share the walks: most of the time of a walk is waiting."""


async def walked(
    running: client.Running,
    runbook: str,
    scenarios: Scenarios,
    seat: Vantage | None = None,
    then: Then | None = None,
) -> Journal:
    """The record of a walk with these faults put in, from the seat that they are seen from. All consent is given."""
    await running.control("change", scenarios=list(scenarios))
    return await walked_as_it_is(running, runbook, scenarios, seat, then=then)


async def walked_as_it_is(
    running: client.Running,
    runbook: str,
    scenarios: Scenarios,
    seat: Vantage | None = None,
    *,
    agreed: bool = True,
    then: Then | None = None,
) -> Journal:
    """The same for a practice deployment that has these faults already."""
    deployment = practice.deployment_of(running.connection, runbook, seat)
    sources = practice.sources_of(running.connection, deployment.vantage)
    began = Began(
        version=VERSION,
        runbook=runbook,
        deployment=deployment,
        at=now(),
        scenario=" ".join(scenarios),
        # A real record of the lab names no source; here they are told, so that what hides names has more to hide.
        sources=sources,
    )
    journal = Journal(began)
    asking = asking_for(journal, sources, practice.secrets_of(running.connection))
    walk = Walk(RUNBOOKS[runbook], deployment, asking, journal)
    if agreed:
        walk.agree()
    try:
        await walk.run_all()
        record = _as_it_stands(journal)
        if then is not None:
            await then(running, walk)
    finally:
        await asking.close()
    return record


def _as_it_stands(journal: Journal) -> Journal:
    """The record as it is now, whatever is added to it later."""
    record = copy.copy(journal)
    record.asked, record.concluded, record.notes = dict(journal.asked), dict(journal.concluded), dict(journal.notes)
    return record


async def all_walked(
    runbook: str, several: Iterable[Scenarios], labs: int = LABS, then: Then | None = None
) -> dict[Scenarios, Journal]:
    """The records of several walks, by what was put in."""
    left = list(dict.fromkeys(several))
    records: dict[Scenarios, Journal] = {}

    async def work() -> None:
        async with client.start(timeout=60) as running:
            while left:
                scenarios = left.pop()
                records[scenarios] = await walked(running, runbook, scenarios, then=then)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(labs, len(left))):
            workers.create_task(work())
    return records


async def told_again(evidence: Sequence[Journal], *, agreed: bool = True) -> Journal:
    """A walk of the same deployment from records alone."""
    began = evidence[0].began
    journal = Journal(Began(version=VERSION, runbook=began.runbook, deployment=began.deployment, at=now()))
    asking = Asking(LiveProbes(began.deployment, Sources(offline=True)), journal, Evidence(evidence))
    walk = Walk(RUNBOOKS[began.runbook], began.deployment, asking, journal)
    if agreed:
        walk.agree()
    try:
        await walk.run_all()
    finally:
        await asking.close()
    return journal
