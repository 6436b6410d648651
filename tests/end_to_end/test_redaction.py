"""A redacted record of every cause: nothing of the deployment is left in it, and it leads to the same conclusions."""

import asyncio
import re

import msgspec
import pytest

from checks.context import Asking
from checks.deployment import Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from checks.walk import Walk, verdict_of
from lab import client, scenarios
from tui import practice

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = pytest.mark.xdist_group("edge")

LABS = 3
"""How many practice deployments share the scenarios: most of the time of a walk is waiting."""
# Of the lab's model, as anybody would look for it. Inside longer words of the product `lyncweb` means nothing.
NAMES = re.compile(
    r"kenmyer|kmyer|pilar|\bken\b|\bmyer\b|ackerman|redmond|atl-(?:cs|edge)|\blyncweb\b|lyncweb-int|\bdc1\b"
    r"|contoso|litware|fabrikam|S-1-5-21-2831376166|\bcsadmin\b",
    re.IGNORECASE,
)
KEPT_ADDRESSES = {"127.0.0.1", "0.0.0.0"}

Conclusions = dict[str, tuple[str, str]]


def every_cause() -> list[tuple[str, str]]:
    """A scenario for each cause of each runbook, and all that are healthy in their own way."""
    seen: set[tuple[str, str]] = set()
    chosen: list[tuple[str, str]] = []
    for one in scenarios.listing():
        cause = (one["runbook"], one["cause"] or one["name"])
        if cause not in seen:
            seen.add(cause)
            chosen.append((one["name"], one["runbook"]))
    return chosen


def journal_for(began: Began) -> Journal:
    return Journal(msgspec.structs.replace(began, at=now()))


async def recorded(running: client.Running, scenario: str, runbook: str, seat: Vantage | None = None) -> Journal:
    """A walk through the practice deployment; unlike a real record of it, this one tells its sources too."""
    await running.control("change", scenarios=[scenario])
    deployment = practice.deployment_of(running.connection, runbook, seat)
    sources = practice.sources_of(running.connection, deployment.vantage)
    began = Began(version=VERSION, runbook=runbook, deployment=deployment, at=now(), scenario=scenario, sources=sources)
    journal = Journal(began)
    await walked(journal, Asking(LiveProbes(deployment, sources, practice.secrets_of(running.connection)), journal))
    return journal


async def told_again(evidence: Journal) -> Journal:
    """A walk from a journal alone."""
    journal = journal_for(evidence.began)
    probes = LiveProbes(journal.began.deployment, Sources(offline=True), {})
    await walked(journal, Asking(probes, journal, Evidence([evidence])))
    return journal


async def walked(journal: Journal, asking: Asking) -> None:
    try:
        await Walk(RUNBOOKS[journal.began.runbook], journal.began.deployment, asking, journal).run_all()
    finally:
        await asking.close()


def conclusions(journal: Journal) -> Conclusions:
    return {step: (str(one.finding.status), one.finding.answer) for step, one in journal.concluded.items()}


def as_text(journal: Journal) -> str:
    lines = (journal.began, *journal.asked.values(), *journal.concluded.values())
    return "\n".join(msgspec.json.encode(line).decode() for line in lines)


def names_left(original: Journal, text: str) -> set[str]:
    """What the redacted text still has of the original."""
    addresses = set(re.findall(r"\b127\.\d+\.\d+\.\d+\b", as_text(original))) - KEPT_ADDRESSES
    hosts = set(re.findall(r"\b[\w-]+(?:\.[\w-]+)*\.(?:litwareinc|contoso)\.com\b", as_text(original)))
    return {one for one in addresses | hosts if one in text} | set(NAMES.findall(text))


async def check(running: client.Running, scenario: str, runbook: str, seat: Vantage | None = None) -> None:
    original = await recorded(running, scenario, runbook, seat)
    other = redacted(original)
    where = f"{scenario} of {runbook}"
    assert len(other.asked) == len(original.asked), where
    assert not names_left(original, as_text(other)), where
    assert names_left(original, as_text(original)), "what is looked for is in the original"
    assert conclusions(other) == conclusions(original), where
    again = await told_again(other)
    assert conclusions(again) == conclusions(original), where
    # Judged again from the redacted evidence, the sentences are those that the redacted journal has.
    headlines = {step: one.finding.headline for step, one in other.concluded.items()}
    assert {step: one.finding.headline for step, one in again.concluded.items()} == headlines, where
    book = RUNBOOKS[runbook]
    assert verdict_of(book, again).cause == verdict_of(book, original).cause, where


@pytest.mark.lab
async def test_every_cause_is_found_again_without_its_names() -> None:
    wanted = asyncio.Queue[tuple[str, str]]()
    for one in every_cause():
        wanted.put_nowait(one)

    async def work() -> None:
        async with client.start() as running:
            while not wanted.empty():
                await check(running, *wanted.get_nowait())

    async with asyncio.TaskGroup() as group:
        for _ in range(LABS):
            group.create_task(work())


@pytest.mark.lab
@pytest.mark.parametrize("seat", list(Vantage))
@pytest.mark.parametrize("runbook", list(RUNBOOKS))
async def test_from_every_seat(runbook: str, seat: Vantage) -> None:
    async with client.start() as running:
        await check(running, "healthy", runbook, seat)
