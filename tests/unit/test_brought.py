"""Evidence of an earlier day is told of as such: in every report, and where a finding speaks of a day."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import journal as journals
from checks.brought import minute, moment, oldest, seconds_between
from checks.deployment import Sources
from checks.journal import VERSION, Began, Journal
from checks.opening import asking_for
from checks.report import FORMATS, report_of, write
from checks.runbooks import RUNBOOKS
from checks.walk import Walk

JOURNALS = Path(__file__).parents[1] / "journals"


async def walked_from(made: str, tmp_path: Path, runbook: str = "xmpp") -> Journal:
    """A walk from a journal of which every answer was made at that time."""
    read = journals.read(JOURNALS / f"{runbook}-healthy.jsonl")
    copy = Journal(msgspec.structs.replace(read.began, at=made), tmp_path / "old.jsonl")
    for asked in read.asked.values():
        copy.add(msgspec.structs.replace(asked, at=made))
    copy.close()
    deployment = read.began.deployment
    sources = Sources(evidence=(str(tmp_path / "old.jsonl"),), offline=True)
    began = Began(
        version=VERSION, runbook=runbook, deployment=deployment, at="2026-11-21T10:00:00+00:00", sources=sources
    )
    journal = Journal(began)
    asking = asking_for(journal, sources)
    try:
        await Walk(RUNBOOKS[runbook], deployment, asking, journal).run_all()
    finally:
        await asking.close()
    return journal


@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_tells_of_when_the_evidence_is(form: str, tmp_path: Path) -> None:
    said = write(report_of(await walked_from("2026-01-01T10:00:00+00:00", tmp_path), RUNBOOKS["xmpp"]), form)
    of_when = "2026-01-01T10:00:00+00:00" if form == "json" else "2026-01-01 10:00 UTC"
    assert of_when in " ".join(said.replace("\\", "").split())


async def test_a_log_of_an_earlier_day_tells_nothing_of_today(tmp_path: Path) -> None:
    journal = await walked_from("2026-01-01T10:00:00+00:00", tmp_path)
    assert journal.concluded["xmpp.events"].finding.headline == (
        "Nothing of XMPP in the event log of the Edge within the day before 2026-01-01 10:00 UTC."
    )


async def test_evidence_of_the_same_day_is_of_now(tmp_path: Path) -> None:
    journal = await walked_from("2026-11-21T08:00:00+00:00", tmp_path)
    assert oldest(journal) == ""
    assert journal.concluded["xmpp.events"].finding.headline.endswith("within a day.")


def test_a_walk_of_its_own_has_no_evidence() -> None:
    read = journals.read(JOURNALS / "xmpp-healthy.jsonl")
    read.began = msgspec.structs.replace(read.began, at="2030-01-01T00:00:00+00:00")
    assert oldest(read) == ""


@pytest.mark.parametrize(
    ("one", "other", "seconds"),
    [
        ("2026-01-01T10:00:00+00:00", "2026-01-01T10:00:05.5+00:00", 5.5),
        ("2026-01-01T10:00:05+00:00", "2026-01-01T10:00:00+00:00", -5),
        ("2026-01-01T10:00:00+00:00", "2026-01-01T12:00:00+02:00", 0),
        ("", "2026-01-01T10:00:00+00:00", 0),
        ("2026-01-01T10:00:00+00:00", "noon", 0),
    ],
)
def test_how_far_two_times_lie_apart(one: str, other: str, seconds: float) -> None:
    assert seconds_between(one, other) == seconds


@given(st.text(max_size=40))
def test_any_time_can_be_told(at: str) -> None:
    assert moment(at).tzinfo is not None
    assert minute(at).endswith(" UTC")
