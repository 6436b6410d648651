"""What a person says of a step that nobody could see: marked as his, kept, and replaced once something is seen."""

from pathlib import Path

import pytest

from checks import journal as journals
from checks import report, stated
from checks.journal import STATED, VERSION, Began, Journal, now
from checks.model import Status
from checks.redaction import redacted
from checks.walk import Walk
from tests.unit.canned import World, runbook, walk_in

BOOK = runbook()
SECOND = "canned.second"


async def unseen_second(journal: Journal | None = None) -> tuple[World, Walk]:
    """A walk in which the second step stayed unknown."""
    world = World(**{"Get-Second": "unknown"})
    walk = walk_in(world, journal=journal)
    await walk.run_all()
    return world, walk


async def test_it_has_the_status_of_the_answer_and_says_whose_it_is() -> None:
    _, walk = await unseen_second()
    concluded = await walk.state(SECOND, "bad", "  The console\x1b[31m shows it.\n")
    assert concluded.source == STATED
    assert concluded.finding.status is Status.FAILED
    assert concluded.finding.headline == "Stated by a person: broken"
    assert "\x1b" not in concluded.finding.detail[0]
    assert concluded.finding.detail[0].startswith("“The console")
    assert concluded.finding.remedies, "every fault says what to do"
    assert walk.verdict().cause == "canned.second/bad"


async def test_the_walk_branches_on_it_and_what_it_had_hidden_is_walked() -> None:
    world, walk = await unseen_second()
    first = walk_in(World(**{"Get-First": "unknown"}))
    await first.conclude("canned.first")
    await first.state("canned.first", "poor")
    assert first.next("canned.first") == "canned.fourth"
    await walk.state(SECOND, "bad")
    walk.journal.concluded.pop("canned.third")
    walk.path.remove("canned.third")
    assert walk.next(SECOND) is None
    assert walk.journal.concluded["canned.third"].finding.because == "canned.second/bad"
    await walk.state(SECOND, "good")
    assert walk.journal.concluded["canned.third"].finding.status is Status.OK
    assert world.asked.count("Get-Second") == 1, "what a person says is asked of nobody"


@pytest.mark.parametrize("answer", ["unknown", "skipped", "timeout", "", "no-such-answer"])
async def test_only_an_answer_of_the_step_that_somebody_can_see_is_taken(answer: str) -> None:
    _, walk = await unseen_second()
    with pytest.raises(ValueError, match=SECOND):
        await walk.state(SECOND, answer)
    assert walk.journal.concluded[SECOND].finding.status is Status.UNKNOWN


async def test_what_was_seen_is_not_stated_nor_what_a_fault_hides() -> None:
    walk = walk_in(World(**{"Get-First": "away", "Get-Second": "bad", "Get-Fourth": "crash"}))
    await walk.run_all()
    can = {step: stated.can_be_stated(walk.conclusion(step)) for step in walk.steps}
    assert can == {"canned.first": True, "canned.second": False, "canned.third": False, "canned.fourth": True}
    walk.skip(SECOND)
    assert stated.can_be_stated(walk.conclusion(SECOND)), "the user left it out"
    assert not stated.can_be_stated(None)


async def test_a_faultless_verdict_names_what_was_only_stated() -> None:
    _, walk = await unseen_second()
    await walk.state(SECOND, "good")
    verdict = walk.verdict()
    assert verdict.status is Status.OK
    assert "Stated by a person, and not seen here: Second." in verdict.detail


async def test_it_stays_until_something_is_seen() -> None:
    world = World(**{"Get-First": "unknown"})
    walk = walk_in(world)
    await walk.run_all()
    await walk.state("canned.fourth", "bad")
    await walk.rerun("canned.first")
    assert walk.journal.concluded["canned.fourth"].source == STATED, "it shares a question, and nothing new was seen"
    world.says["Get-First"] = "good"
    await walk.rerun("canned.first")
    assert walk.journal.concluded["canned.fourth"].source == ""
    assert walk.journal.concluded["canned.fourth"].finding.status is Status.OK


async def test_it_is_resumed_and_in_every_report_and_redacted(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal = Journal(Began(version=VERSION, runbook=BOOK.name, deployment=walk_in(World()).deployment, at=now()), path)
    _, walk = await unseen_second(journal)
    await walk.state(SECOND, "good", "Brunhilde looked at srv7.litwareinc.com, all services run")
    walk.take_note(SECOND, "Call Brunhilde, 10.1.2.3")
    walk.take_note("", "Opened by Brunhilde")
    journal.close()
    read = journals.read(path)
    assert read.concluded == journal.concluded
    assert read.notes == {SECOND: "Call Brunhilde, 10.1.2.3", "": "Opened by Brunhilde"}
    other = redacted(read)
    assert other.concluded[SECOND].source == STATED
    for form in report.FORMATS:
        assert "Stated by a person: fine" in report.write(report.report_of(read, BOOK), form), form
        assert "Brunhilde" in report.write(report.report_of(read, BOOK), form), form
        handed_on = report.write(report.report_of(other, BOOK), form)
        assert "Stated by a person: fine" in handed_on, form
        for name in ("brunhilde", "srv7", "litwareinc", "10.1.2.3"):
            assert name not in handed_on.casefold(), form
    assert "looked at" in other.concluded[SECOND].finding.detail[0]
    assert "all services run" in other.concluded[SECOND].finding.detail[0]
