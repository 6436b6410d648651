"""A walk after something was told beside the symptom: its order, its verdict, and the journal that keeps it."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks import journal as journals
from checks.circumstances import MOST_NAME, MOST_TOLD, Circumstance, Detail, course_of, seat_of, steps_for
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, UnreadableJournal, now
from checks.model import Runbook, Status, Symptom
from checks.runbooks import RUNBOOKS
from checks.verdict import verdict_of
from tests.unit.canned import World, runbook, walk_in


def asking(first: tuple[str, ...] = (), without: dict[str, str] | None = None) -> Runbook:
    """The canned runbook with one thing to be told beside one symptom."""
    detail = Detail(name="told", short="told", says="it was told", because="Told.", first=first, without=without or {})
    return replace(
        runbook(),
        symptoms=(Symptom(name="slow", says="slow", because="Why.", explained_by=("canned.second", "canned.third")),),
        circumstances=(Circumstance(label="What", asks="What?", details=(detail,)),),
    )


def journal(symptom: str = "", vantage: Vantage = Vantage.INSIDE, path: Path | None = None) -> Journal:
    deployment = Deployment(vantage=vantage)
    return Journal(
        Began(version=VERSION, runbook="canned", deployment=deployment, at=now(), symptom=symptom, told=("told",)), path
    )


def test_something_is_left_where_all_would_be_taken_away() -> None:
    course = course_of(asking(without={"canned.second": "no.", "canned.third": "no."}), "slow", ("told",))
    assert course.steps == ("canned.second", "canned.third")
    assert course.left_out == {}


async def test_what_is_put_first_is_walked_first_and_then_the_rest_in_causal_order() -> None:
    walk = walk_in(World(), asking(first=("canned.third", "canned.second")), journal())
    assert walk.first() == "canned.third"
    await walk.run_all()
    assert walk.path == ["canned.third", "canned.second", "canned.first", "canned.fourth"]


async def test_what_comes_next_after_what_was_put_first_is_looked_at_ahead() -> None:
    walk = walk_in(World(), asking(first=("canned.third",)), journal())
    await walk.conclude("canned.third", ahead=2)
    assert walk.is_ahead("canned.first")
    assert walk.is_ahead("canned.second")
    assert not walk.is_ahead("canned.fourth")
    assert walk.coming("canned.third") == "canned.first"
    walk.drop_look_ahead()


async def test_a_branch_of_the_runbook_still_counts() -> None:
    walk = walk_in(World(**{"Get-First": "poor"}), asking(first=("canned.third",)), journal())
    await walk.run_all()
    assert walk.path == ["canned.third", "canned.first", "canned.fourth", "canned.second"]


async def test_a_fault_that_was_found_before_its_cause_follows_from_it() -> None:
    walk = walk_in(World(**{"Get-Second": "bad", "Get-Third": "bad"}), asking(first=("canned.third",)), journal())
    verdict = await walk.run_all()
    assert verdict.cause == "canned.second/bad"
    assert verdict.consequences == ("Third: It is bad.",)
    assert verdict.also == ()


async def test_a_graver_fault_that_follows_from_a_warning_is_not_the_cause() -> None:
    book = asking(first=("canned.third",))
    stands_on = {"canned.second": frozenset({"poor"})}
    stages = tuple(replace(one, stands_on=stands_on) if one.step.id == "canned.third" else one for one in book.stages)
    walk = walk_in(World(**{"Get-Second": "poor", "Get-Third": "bad"}), replace(book, stages=stages), journal())
    verdict = await walk.run_all()
    assert (verdict.status, verdict.cause) == (Status.WARNING, "canned.second/poor")
    assert verdict.consequences == ("Third: It is bad.",)


@pytest.mark.parametrize(
    ("symptom", "headline", "rest"),
    [
        (
            "",
            "None of the 3 steps that can explain what was told found a fault.",
            "was not walked: what was told rules it",
        ),
        ("slow", "The one step that can explain the symptom found no fault.", "The other 3 steps of Canned were not"),
    ],
)
async def test_a_verdict_claims_no_more_than_was_walked(symptom: str, headline: str, rest: str) -> None:
    walk = walk_in(World(), asking(without={"canned.third": "no."}), journal(symptom))
    verdict = await walk.run_all()
    assert (verdict.status, verdict.headline) == (Status.OK, headline)
    assert rest in verdict.detail[-1]


@pytest.mark.parametrize(
    ("vantage", "said"), [("inside", True), ("front-end", True), ("edge", True), ("outside", False)]
)
def test_a_walk_elsewhere_than_where_it_fails_says_so(vantage: str, said: bool) -> None:
    book = RUNBOOKS["mobility"]
    began = Began(
        version=VERSION, runbook="mobility", deployment=Deployment(vantage=Vantage(vantage)), at=now(),
        symptom="no-calls", told=("outside",),
    )  # fmt: skip
    record = Journal(began)
    step = book.stage("mobility.media").step
    fine = step.outcomes.finding(next(one.name for one in step.answers if one.status is Status.OK), "All is well.")
    record.add(journals.Concluded(step=step.id, finding=fine, at=now()))
    detail = " ".join(verdict_of(book, record).detail)
    assert ("so walk outside too." in detail) == said


def test_a_front_end_is_inside() -> None:
    book = RUNBOOKS["mobility"]
    assert seat_of(book, "wi-fi", ())[0] == Vantage.INSIDE
    began = Began(
        version=VERSION, runbook="mobility", deployment=Deployment(vantage=Vantage.FRONT_END), at=now(), symptom="wi-fi"
    )
    record = Journal(began)
    step = book.stage("mobility.hairpin").step
    fine = step.outcomes.finding(next(one.name for one in step.answers if one.status is Status.OK), "All is well.")
    record.add(journals.Concluded(step=step.id, finding=fine, at=now()))
    assert "so walk" not in " ".join(verdict_of(book, record).detail)


# What is kept.


async def test_a_resumed_walk_keeps_to_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    book = asking(first=("canned.third",), without={"canned.fourth": "no."})
    begun = walk_in(World(), book, journal(path=path))
    await begun.conclude("canned.third")
    begun.journal.close()
    resumed = walk_in(World(), book, journals.read(path))
    assert resumed.steps == begun.steps == ("canned.third", "canned.first", "canned.second")
    assert resumed.next("canned.third") == "canned.first"


@pytest.mark.parametrize(
    "told", [["a" * (MOST_NAME + 1)], ["told"] * (MOST_TOLD + 1), "told", [1], [["told"]], {"told": "told"}, None]
)
def test_a_journal_that_tells_too_much_is_none(told: object, tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal(path=path).close()
    began = json.loads(path.read_text())
    path.write_text(json.dumps({**began, "told": told}) + "\n")
    with pytest.raises(UnreadableJournal):
        journals.read(path)


def test_an_older_journal_told_nothing_and_a_newer_one_what_is_not_asked_here(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal(path=path).close()
    began = json.loads(path.read_text())
    del began["told"]
    path.write_text(json.dumps(began) + "\n")
    assert journals.read(path).began.told == ()
    path.write_text(json.dumps({**began, "told": ["from-the-future"]}) + "\n")
    assert steps_for(runbook(), "", journals.read(path).began.told) == runbook().step_ids
