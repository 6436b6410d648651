"""The walk: where each answer leads, what is skipped and why, what a re-run touches, what look-ahead does."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, now
from checks.model import Runbook, Stage, Status
from checks.probes import Objects
from checks.runner import judge_again
from checks.walk import Walk
from tests.unit.canned import World, runbook, step, walk_in


async def test_a_healthy_walk_visits_every_step_once_and_finds_nothing() -> None:
    world = World()
    walk = walk_in(world)
    verdict = await walk.run_all()
    assert walk.path == list(walk.runbook.step_ids)
    assert (verdict.status, verdict.cause) == (Status.OK, None)
    assert sorted(world.asked) == ["Get-First", "Get-Fourth", "Get-Second", "Get-Third"], "each question was asked once"


async def test_the_first_fault_in_causal_order_is_the_cause_and_its_consequence_names_it() -> None:
    walk = walk_in(World(**{"Get-Second": "bad", "Get-Third": "bad", "Get-Fourth": "bad"}))
    verdict = await walk.run_all()
    assert verdict.cause == "canned.second/bad"
    assert verdict.also == ("canned.fourth/bad",)
    third = walk.journal.concluded["canned.third"].finding
    assert (third.status, third.because) == (Status.SKIPPED, "canned.second/bad")
    assert len(verdict.consequences) == 1


async def test_what_one_cause_hides_is_one_sentence() -> None:
    walk = walk_in(World(**{"Get-Second": "bad"}))
    await walk.run_all()
    hidden = walk.journal.concluded["canned.third"]
    walk.journal.add(msgspec.structs.replace(hidden, step="canned.fourth"))
    assert walk.verdict().consequences == ("Third and Fourth were not looked at.",)
    walk.journal.add(msgspec.structs.replace(hidden, step="canned.first"))
    assert walk.verdict().consequences == ("First, Third and Fourth were not looked at.",)


async def test_a_failed_fault_goes_before_an_earlier_warning() -> None:
    verdict = await walk_in(World(**{"Get-Second": "poor", "Get-Fourth": "bad"})).run_all()
    assert (verdict.cause, verdict.also) == ("canned.fourth/bad", ("canned.second/poor",))


async def test_what_makes_most_steps_pointless_without_a_fault_is_the_verdict() -> None:
    first, *others = runbook().stages
    hidden = {"canned.first": frozenset({"away"})}
    walk = walk_in(World(**{"Get-First": "away"}))
    stages = (
        msgspec.structs.replace(first, next={}),
        *(msgspec.structs.replace(one, stands_on=hidden) for one in others),
    )
    walk.runbook = msgspec.structs.replace(walk.runbook, stages=stages)
    verdict = await walk.run_all()
    assert (verdict.status, verdict.cause, verdict.headline) == (Status.NOT_APPLICABLE, None, "It is away.")


@pytest.mark.parametrize(
    ("fourth", "cause", "also"),
    [
        ("bad", "canned.fourth/bad", ()),
        ("poor", "canned.second/bad", ("canned.fourth/poor",)),
        ("good", "canned.second/bad", ()),
    ],
)
async def test_a_later_step_may_be_the_reason_for_a_fault_that_shows_first(
    fourth: str, cause: str, also: tuple[str, ...]
) -> None:
    stages = [
        msgspec.structs.replace(stage, explained_by={"canned.fourth": frozenset({"bad"})})
        if stage.step.id == "canned.second"
        else stage
        for stage in runbook().stages
    ]
    walk = walk_in(World(**{"Get-Second": "bad", "Get-Fourth": fourth}))
    walk.runbook = msgspec.structs.replace(walk.runbook, stages=tuple(stages))
    verdict = await walk.run_all()
    assert (verdict.cause, verdict.also) == (cause, also)
    assert ("Second: It is bad." in verdict.consequences) is (fourth == "bad")


@pytest.mark.parametrize(("explained", "cause"), [("bad", "canned.fourth/bad"), ("poor", "canned.second/bad")])
async def test_a_later_step_explains_no_other_answers_than_those_that_are_named(explained: str, cause: str) -> None:
    stages = [
        msgspec.structs.replace(
            stage, explained_by={"canned.fourth": frozenset({"bad"})}, explained=frozenset({explained})
        )
        if stage.step.id == "canned.second"
        else stage
        for stage in runbook().stages
    ]
    walk = walk_in(World(**{"Get-Second": "bad", "Get-Fourth": "bad"}))
    walk.runbook = msgspec.structs.replace(walk.runbook, stages=tuple(stages))
    assert (await walk.run_all()).cause == cause


async def test_an_answer_leads_elsewhere_and_the_steps_left_out_come_afterwards() -> None:
    walk = walk_in(World(**{"Get-First": "poor"}))
    await walk.run_all()
    assert walk.path == ["canned.first", "canned.fourth", "canned.second", "canned.third"]


async def test_unknown_is_no_fault_and_no_success() -> None:
    verdict = await walk_in(World(**{"Get-Third": "unknown"})).run_all()
    assert (verdict.status, verdict.cause, verdict.unknown) == (Status.UNKNOWN, None, ("canned.third",))


async def test_a_verdict_claims_no_more_than_was_seen() -> None:
    nothing = World(**{f"Get-{name}": "unknown" for name in ("First", "Second", "Third", "Fourth")})
    verdict = await walk_in(nothing).run_all()
    assert (verdict.status, verdict.headline) == (Status.UNKNOWN, "Nothing could be seen.")
    assert verdict.detail == ("It is unknown.",), "why is told, and told once"
    away = World(**{f"Get-{name}": "away" for name in ("First", "Second", "Third", "Fourth")})
    verdict = await walk_in(away).run_all()
    assert (verdict.status, verdict.cause) == (Status.NOT_APPLICABLE, None)
    walk = walk_in(World())
    await walk.conclude("canned.first")
    assert "1 of 4 steps" in walk.verdict().headline


@pytest.mark.parametrize("crash", ["crash", "judge-crash"])
async def test_a_crash_is_a_finding_and_the_walk_goes_on(crash: str) -> None:
    walk = walk_in(World(**{"Get-First": crash}))
    verdict = await walk.run_all()
    assert verdict.cause is None
    assert "canned.first" in verdict.unknown
    everything = repr(walk.journal.concluded) + repr(walk.journal.asked)
    assert "canary-in-an-exception" not in everything


async def test_a_step_that_takes_too_long_is_unknown() -> None:
    world = World()
    world.held["Get-Slow"] = asyncio.Event()
    book = Runbook(
        name="slow",
        title="Slow",
        purpose="",
        stages=(Stage(step=step("slow", "Get-Slow", limit=0.05), otherwise=None),),
    )
    verdict = await walk_in(world, book).run_all()
    assert (verdict.status, verdict.unknown) == (Status.UNKNOWN, ("canned.slow",))
    assert world.cancelled == ["Get-Slow"], "nobody waits for it any more"


async def test_stop_at_first_and_only() -> None:
    walk = walk_in(World(**{"Get-First": "bad"}))
    assert (await walk.run_all(stop_at_first=True)).cause == "canned.first/bad"
    assert walk.path == ["canned.first"]
    walk = walk_in(World())
    await walk.run_all("canned.third", only=True)
    assert walk.path == ["canned.third"]


async def test_look_ahead_asks_before_the_user_does_and_shows_nothing_early() -> None:
    world = World()
    walk = walk_in(world)
    await walk.conclude("canned.first")
    world.arrived.clear()
    walk.look_ahead("canned.first")
    await asyncio.wait_for(world.arrived.wait(), 5)
    assert "Get-Second" in world.asked
    assert walk.path == ["canned.first"]
    await walk.conclude("canned.second")
    assert world.asked.count("Get-Second") == 1


async def test_what_was_gathered_ahead_is_kept_when_its_turn_comes() -> None:
    world = World()
    for cmdlet in ("Get-First", "Get-Second", "Get-Third", "Get-Fourth"):
        world.held[cmdlet] = asyncio.Event()
    first_is_told = asyncio.Event()
    walk = walk_in(world)
    running = asyncio.create_task(walk.run_all(concluded=lambda concluded: first_is_told.set()))
    while len(world.asked) < 3:
        world.arrived.clear()
        await asyncio.wait_for(world.arrived.wait(), 5)
    world.held["Get-First"].set()
    await asyncio.wait_for(first_is_told.wait(), 5)
    for held in world.held.values():
        held.set()
    await running
    assert world.cancelled == []
    assert len(world.asked) == len(set(world.asked)), "nothing was asked twice"


async def test_look_ahead_leaves_alone_what_acts() -> None:
    world = World()
    book = Runbook(name="acting", title="", purpose="", stages=(
        Stage(step=step("first", "Get-First"), otherwise="canned.test"),
        Stage(step=step("test", "Test-Something", acts=True), otherwise="canned.last"),
        Stage(step=step("last", "Get-Last"), otherwise=None),
    ))  # fmt: skip
    walk = walk_in(world, book)
    await walk.conclude("canned.first")
    world.arrived.clear()
    walk.look_ahead("canned.first")
    await asyncio.wait_for(world.arrived.wait(), 5)
    assert world.asked == ["Get-First", "Get-Last"]


async def test_a_cancelled_waiter_does_not_cancel_what_another_awaits() -> None:
    world = World()
    world.held["Get-First"] = asyncio.Event()
    walk = walk_in(world)
    one = asyncio.create_task(walk.conclude("canned.first"))
    two = asyncio.create_task(walk.conclude("canned.fourth"))
    await asyncio.wait_for(world.arrived.wait(), 5)
    await asyncio.sleep(0)
    one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one
    world.held["Get-First"].set()
    assert (await two).finding.status is Status.OK
    assert world.cancelled == []
    assert world.asked.count("Get-First") == 1


async def test_cancelling_the_last_waiter_cancels_the_question() -> None:
    world = World()
    world.held["Get-First"] = asyncio.Event()
    walk = walk_in(world)
    running = asyncio.create_task(walk.conclude("canned.first"))
    await asyncio.wait_for(world.arrived.wait(), 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.wait_for(world.let_go.wait(), 5)
    noted = walk.cancel("canned.first")
    assert noted.finding.status is Status.UNKNOWN
    world.held["Get-First"].set()
    assert (await walk.rerun("canned.first")).finding.status is Status.OK


async def test_a_rerun_asks_anew_and_judges_again_what_shared_the_question() -> None:
    world = World(**{"Get-First": "bad"})
    walk = walk_in(world)
    assert (await walk.run_all()).cause == "canned.first/bad"
    world.says["Get-First"] = "good"
    await walk.rerun("canned.first")
    assert walk.verdict().cause is None, "fourth asked the same and was judged again"
    assert world.asked.count("Get-First") == 2
    assert world.asked.count("Get-Fourth") == 1


async def test_a_rerun_runs_what_had_been_skipped_because_of_it() -> None:
    world = World(**{"Get-Second": "bad"})
    walk = walk_in(world)
    await walk.run_all()
    assert "Get-Third" not in world.asked or walk.journal.concluded["canned.third"].finding.status is Status.SKIPPED
    world.says["Get-Second"] = "good"
    await walk.rerun("canned.second")
    assert walk.journal.concluded["canned.third"].finding.status is Status.OK


async def test_skipping_is_neither_fault_nor_success() -> None:
    walk = walk_in(World())
    walk.skip("canned.first")
    assert walk.next("canned.first") == "canned.second"
    verdict = await walk.run_all("canned.second")
    assert verdict.status is Status.UNKNOWN


async def test_a_walk_is_rebuilt_from_its_journal(tmp_path: Path) -> None:
    book, path = runbook(), tmp_path / "walk.jsonl"
    journal = Journal(Began(version=VERSION, runbook=book.name, deployment=Deployment(), at=now()), path)
    walk = walk_in(World(**{"Get-Second": "bad"}), book, journal)
    await walk.conclude("canned.first")
    await walk.conclude("canned.second")
    assert walk.next("canned.second") == "canned.fourth"
    journal.close()

    again = journals.read(path, append=True)
    world = World()
    resumed = Walk(book, again.began.deployment, Asking(world, again), again)
    assert resumed.path == ["canned.first", "canned.second", "canned.third"]
    assert resumed.next(resumed.path[-1]) == "canned.fourth"
    await resumed.run_all("canned.fourth")
    assert world.asked == ["Get-First", "Get-Fourth"], "concluded steps are not run again"
    assert resumed.verdict().cause == "canned.second/bad"
    for step_id in ("canned.first", "canned.second"):
        concluded = again.concluded[step_id]
        assert concluded.facts is not None
        assert judge_again(book.stage(step_id).step, concluded.facts) == concluded.finding
    evidence = again.evidence("canned.second")[0]
    assert evidence.answer == Objects(objects=({"Value": "bad"},))
    again.close()


async def test_a_step_walked_out_of_its_turn_leads_back_to_where_the_walk_was(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal = Journal(Began(version=VERSION, runbook="canned", deployment=Deployment(), at=now()), path)
    walk = walk_in(World(), journal=journal)
    await walk.conclude("canned.first")
    walk.go_to("canned.fourth")
    await walk.conclude("canned.fourth")
    assert walk.next("canned.fourth") == "canned.second"
    journal.close()
    resumed = walk_in(World(), journal=journals.read(path))
    assert resumed.next(resumed.path[-1]) == "canned.second", "also after the line was lost"
    await resumed.rerun("canned.fourth")
    assert resumed.next("canned.fourth") == "canned.second", "also after it was run again"
    await resumed.conclude("canned.second")
    await resumed.conclude("canned.third")
    assert resumed.next("canned.third") is None
    assert set(resumed.path) == set(resumed.steps)


async def test_the_step_whose_turn_it_is_and_one_that_was_walked_are_not_out_of_their_turn() -> None:
    walk = walk_in(World())
    walk.go_to("canned.first")
    await walk.conclude("canned.first")
    walk.go_to("canned.second")
    walk.go_to("canned.first")
    assert walk.alone == set()
    walk.go_to("canned.third")
    walk.go_to("canned.fourth")
    await walk.conclude("canned.third")
    await walk.conclude("canned.fourth")
    assert walk.next("canned.fourth") == "canned.second"


async def test_a_walk_that_begins_out_of_turn_comes_back_to_the_first_step() -> None:
    walk = walk_in(World())
    walk.go_to("canned.third")
    await walk.conclude("canned.third")
    assert walk.next("canned.third") == "canned.first"


async def test_several_steps_are_run_again_with_each_shared_question_asked_once() -> None:
    world = World(**{"Get-First": "bad", "Get-Second": "bad"})
    walk = walk_in(world)
    await walk.run_all()
    world.says.clear()
    world.asked.clear()
    await walk.rerun("canned.first", "canned.second", "canned.fourth")
    assert sorted(world.asked) == ["Get-First", "Get-Fourth", "Get-Second"]
    assert walk.verdict().status is Status.OK, "what they had hidden was walked too"
