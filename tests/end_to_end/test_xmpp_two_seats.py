"""A walk at the Edge that is given the record of one from outside: what is assigned there, and what is presented to others."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Verdict
from checks.opening import asking_for
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tui import practice

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("edge")]
XMPP = RUNBOOKS["xmpp"]


async def walked(running: client.Running, seat: Vantage, path: Path, *evidence: Path) -> tuple[Verdict, Journal]:
    place = practice.deployment_of(running.connection, "xmpp", seat)
    sources = replace(practice.sources_of(running.connection, seat), evidence=tuple(map(str, evidence)))
    record = Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now()), path)
    asking = asking_for(record, sources, practice.secrets_of(running.connection))
    try:
        return await Walk(XMPP, place, asking, record).run_all(), record
    finally:
        await asking.close()
        record.close()


def answers(record: Journal) -> dict[str, str]:
    return {step: concluded.finding.answer for step, concluded in record.concluded.items()}


async def test_a_certificate_that_is_assigned_and_not_presented_is_seen_by_two_seats_together(tmp_path: Path) -> None:
    async with client.start("healthy") as running:
        _, record = await walked(running, Vantage.OUTSIDE, tmp_path / "outside.jsonl")
        assert answers(record)["xmpp.certificate"] == "accepted"
        healthy, record = await walked(running, Vantage.EDGE, tmp_path / "joined.jsonl", tmp_path / "outside.jsonl")
        assert healthy.cause is None
        assert answers(record)["xmpp.stream"] == "opens", "seen outside, told here"
        assert answers(record)["xmpp.certificate"] == "accepted"

        await running.control("change", scenarios=["xmpp-edge-certificate-not-restarted"])
        alone, _ = await walked(running, Vantage.EDGE, tmp_path / "alone.jsonl")
        assert alone.cause is None
        outside, _ = await walked(running, Vantage.OUTSIDE, tmp_path / "outside-too.jsonl")
        assert outside.cause is None
        joined, _ = await walked(running, Vantage.EDGE, tmp_path / "both.jsonl", tmp_path / "outside-too.jsonl")
        assert joined.cause == "xmpp.certificate/assigned-differs"
        assert joined.remedies
