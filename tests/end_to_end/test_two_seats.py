"""A walk from inside that is given the record of one from outside finds what neither sees alone, and keeps it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Finding, Status, Verdict
from checks.opening import asking_for
from checks.probes import Elsewhere, Unanswered
from checks.redaction import redacted
from checks.report import report_of
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tests import in_process
from tui import practice

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("two-seats")]
MOBILITY = RUNBOOKS["mobility"]


class Seats:
    """Walks of one deployment from several seats, each recorded in a file."""

    def __init__(self, running: client.Running, folder: Path) -> None:
        self._running = running
        self._folder = folder

    async def walk(self, seat: Vantage, evidence: Sequence[Path] = (), *, alone: bool = False) -> tuple[Verdict, Path]:
        """A walk over real sockets. `alone`: at that seat nobody knows a name server of the other view."""
        connection = self._running.connection
        place, sources = practice.deployment_of(connection, "mobility", seat), practice.sources_of(connection, seat)
        if alone:
            other = "dns_inside" if seat is Vantage.OUTSIDE else "dns_outside"
            sources = replace(sources, **{other: ""})
        sources = replace(sources, evidence=tuple(map(str, evidence)))
        return await self._recorded(place, sources)

    async def again(self, record: Path) -> tuple[Verdict, Path]:
        """The same walk from its record, with nothing asked live."""
        began = journals.read(record).began
        return await self._recorded(began.deployment, Sources(offline=True, evidence=(str(record),)))

    async def _recorded(self, place: Deployment, sources: Sources) -> tuple[Verdict, Path]:
        path = self._folder / f"{len(list(self._folder.iterdir()))}-{place.vantage}.jsonl"
        record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()), path)
        asking: Asking = asking_for(record, sources, practice.secrets_of(self._running.connection))
        try:
            return await Walk(MOBILITY, place, asking, record).run_all(), path
        finally:
            await asking.close()
            record.close()


@asynccontextmanager
async def seats_of(scenario: str, folder: Path) -> AsyncIterator[Seats]:
    async with in_process.start(scenario) as running:
        yield Seats(running, folder)


def hairpin(record: Path) -> Finding:
    return journals.read(record).concluded["mobility.hairpin"].finding


async def test_a_healthy_deployment_stays_green(tmp_path: Path) -> None:
    async with seats_of("healthy", tmp_path) as seats:
        _, outside = await seats.walk(Vantage.OUTSIDE)
        verdict, inside = await seats.walk(Vantage.INSIDE, [outside])
        assert (verdict.status, verdict.cause) == (Status.OK, None), verdict
        assert "Outside it answered from" in " ".join(hairpin(inside).detail)


async def test_what_was_seen_outside_makes_a_blocked_hairpin_certain(tmp_path: Path) -> None:
    async with seats_of("hairpin-dropped", tmp_path) as seats:
        alone, _ = await seats.walk(Vantage.INSIDE)
        _, outside = await seats.walk(Vantage.OUTSIDE)
        assert hairpin(outside).status is Status.NOT_APPLICABLE
        joined, inside = await seats.walk(Vantage.INSIDE, [outside])
        assert alone.cause == joined.cause == "mobility.hairpin/dropped"
        assert "If it answers outside" in alone.headline
        assert "answers outside and not inside" in joined.headline
        assert "mobility.hairpin" in journals.read(inside).concluded


@pytest.mark.parametrize("answer", ["outside-internal-site", "other-certificate"])
async def test_neither_seat_sees_it_alone(tmp_path: Path, answer: str) -> None:
    async with seats_of(f"hairpin-{answer}", tmp_path) as seats:
        alone, _ = await seats.walk(Vantage.INSIDE)
        assert alone.cause is None, alone
        _, outside = await seats.walk(Vantage.OUTSIDE)
        joined, _ = await seats.walk(Vantage.INSIDE, [outside])
        assert joined.cause == f"mobility.hairpin/{answer}"
        assert joined.remedies


async def test_split_dns_is_seen_from_both_sides(tmp_path: Path) -> None:
    async with seats_of("dns-internal-public", tmp_path) as seats:
        alone, _ = await seats.walk(Vantage.INSIDE, alone=True)
        assert alone.cause is None, alone
        _, outside = await seats.walk(Vantage.OUTSIDE, alone=True)
        joined, _ = await seats.walk(Vantage.INSIDE, [outside], alone=True)
        assert joined.cause == "mobility.dns/internal-public"


async def test_record_report_and_redaction_tell_the_same_afterwards(tmp_path: Path) -> None:
    async with seats_of("hairpin-other-certificate", tmp_path) as seats:
        _, outside = await seats.walk(Vantage.OUTSIDE)
        joined, inside = await seats.walk(Vantage.INSIDE, [outside])
        record = journals.read(inside)
        told = [one for one in record.evidence("mobility.hairpin") if isinstance(one.question, Elsewhere)]
        began = journals.read(outside).began
        assert told
        for one in told:
            assert not isinstance(one.answer, Unanswered)
            assert (one.seat, one.source) == (Vantage.OUTSIDE, outside.name)
            assert began.at <= one.at < record.began.at, "when it was seen, not when it was joined"
        reported = next(step for step in report_of(record, MOBILITY).steps if step.id == "mobility.hairpin")
        assert {"inside", "outside"} <= {one.seat for one in reported.evidence}

        # Without the other file: the record alone, and the record without its names.
        replayed, second = await seats.again(inside)
        assert replayed == joined
        assert hairpin(second) == hairpin(inside)
        other = tmp_path / "redacted.jsonl"
        journals.write_journal(redacted(record), other)
        anonymous, _ = await seats.again(other)
        assert anonymous.cause == joined.cause
        assert "litware" not in other.read_text(encoding="utf-8").lower()
