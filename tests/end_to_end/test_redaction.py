"""A redacted record of every cause: nothing of the deployment is left in it, and it leads to the same conclusions."""

import re

import msgspec
import pytest

from checks.deployment import Vantage
from checks.journal import Journal
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from checks.walk import verdict_of
from lab import scenarios
from tests import in_process
from tests.end_to_end.conftest import EACH_RUNBOOK, LiveWalks
from tests.end_to_end.walking import told_again, walked

# Of the lab's model, as anybody would look for it. Inside longer words of the product `lyncweb` means nothing.
NAMES = re.compile(
    r"kenmyer|kmyer|pilar|\bken\b|\bmyer\b|ackerman|redmond|atl-(?:cs|edge)|\blyncweb\b|lyncweb-int|\bdc1\b"
    r"|contoso|litware|fabrikam|S-1-5-21-2831376166|\bcsadmin\b",
    re.IGNORECASE,
)
KEPT_ADDRESSES = {"127.0.0.1", "0.0.0.0"}

Conclusions = dict[str, tuple[str, str]]


def chosen_walks() -> list[tuple[str, str]]:
    """Two scenarios for each step of each runbook, and all that are healthy in their own way."""
    listed = [
        (one["name"], one["runbook"], (one["cause"] or one["name"]).partition("/")[0]) for one in scenarios.listing()
    ]
    last = {(runbook, step): (name, runbook) for name, runbook, step in listed}
    first = {(runbook, step): (name, runbook) for name, runbook, step in reversed(listed)}
    return list(dict.fromkeys([*first.values(), *last.values()]))


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


async def check(original: Journal) -> None:
    other = redacted(original)
    where = f"{original.began.scenario} of {original.began.runbook}"
    assert len(other.asked) == len(original.asked), where
    assert not names_left(original, as_text(other)), where
    assert names_left(original, as_text(original)), "what is looked for is in the original"
    assert conclusions(other) == conclusions(original), where
    again = await told_again([other])
    assert conclusions(again) == conclusions(original), where
    # Judged again from the redacted evidence, the sentences are those that the redacted journal has.
    headlines = {step: one.finding.headline for step, one in other.concluded.items()}
    assert {step: one.finding.headline for step, one in again.concluded.items()} == headlines, where
    book = RUNBOOKS[original.began.runbook]
    assert verdict_of(book, again).cause == verdict_of(book, original).cause, where


@pytest.mark.lab
@EACH_RUNBOOK
async def test_causes_are_found_again_without_their_names(runbook: str, live_walks: LiveWalks) -> None:
    for name, walked_through in chosen_walks():
        if walked_through == runbook:
            await check(live_walks[name, runbook])


@pytest.mark.lab
@pytest.mark.parametrize("seat", list(Vantage))
@pytest.mark.parametrize("runbook", list(RUNBOOKS))
async def test_from_every_seat(runbook: str, seat: Vantage) -> None:
    async with in_process.start() as running:
        await check(await walked(running, runbook, ("healthy",), seat))
