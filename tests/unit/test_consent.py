"""Consent to act: nothing signs in as a user unless somebody agreed, and the walk says what was not run."""

from typing import Any

import msgspec
import pytest

from checks.deployment import Deployment
from checks.model import Consent, Runbook, Stage, Status
from checks.report import report_of, write
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from tests.unit.canned import World, step, walk_in

PLACE = Deployment(
    users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
    domains=("litwareinc.com",),
    web="lyncweb.litwareinc.com",
)
ACTING = [stage.step for runbook in RUNBOOKS.values() for stage in runbook.stages if stage.step.acts]


def acting(name: str, cmdlet: str, deed: str) -> Stage:
    consent = Consent(deed=deed, accounts=("sender",), says=lambda place: f"{name} signs in.")
    following = {"one": "canned.quiet", "quiet": "canned.two", "two": "canned.three"}
    one = step(name, cmdlet, acts=name != "quiet")
    return Stage(
        step=msgspec.structs.replace(one, consent=consent if one.acts else None),
        otherwise=following.get(name),
    )


def book() -> Runbook:
    """One and two share a sign-in, three has its own; what does not act is between them."""
    stages = (
        acting("one", "Test-One", "phone"),
        acting("quiet", "Get-Quiet", ""),
        acting("two", "Test-Two", "phone"),
        acting("three", "Test-Three", "message"),
    )
    return Runbook(name="canned", title="Canned", purpose="tests", stages=stages)


def answers(walk: Walk) -> dict[str, str]:
    return {one: walk.journal.concluded[one].finding.answer for one in walk.path}


async def test_without_consent_nothing_acts_and_nothing_is_wrong() -> None:
    world = World()
    walk = walk_in(world, book())
    verdict = await walk.run_all()
    assert world.asked == ["Get-Quiet"]
    assert verdict.status is Status.OK
    assert verdict.unknown == ()
    assert verdict.not_agreed == ("canned.one", "canned.two", "canned.three")


async def test_a_walk_of_nothing_else_says_that_nobody_agreed() -> None:
    walk = walk_in(World(), book())
    verdict = await walk.run_all("canned.one", only=True)
    assert (verdict.status, verdict.cause, verdict.detail) == (Status.SKIPPED, None, ())
    assert verdict.headline == "Nothing was looked at: it takes a sign-in, and nobody agreed to that."
    walk = walk_in(World(**{"Get-Quiet": "away"}), book())
    verdict = await walk.run_all()
    assert verdict.status is Status.NOT_APPLICABLE
    assert "or without a sign-in" in verdict.headline


@pytest.mark.parametrize("form", ["text", "markdown"])
async def test_the_report_names_what_was_not_run_in_one_line(form: str) -> None:
    walk = walk_in(World(), book())
    await walk.run_all()
    written = write(report_of(walk.journal, walk.runbook), form).replace("\\", "")
    line = next(line for line in written.splitlines() if "Not run: One, Two, Three." in line)
    assert "--sign-in" in written[written.index(line) :]


async def test_with_consent_all_of_it_runs() -> None:
    world = World()
    walk = walk_in(world, book())
    walk.agree()
    assert (await walk.run_all()).not_agreed == ()
    assert sorted(world.asked) == ["Get-Quiet", "Test-One", "Test-Three", "Test-Two"]


async def test_what_acts_is_never_gathered_ahead_not_even_once_agreed_to() -> None:
    world = World()
    walk = walk_in(world, book())
    walk.agree()
    await walk.conclude("canned.one", ahead=4)
    walk.look_ahead("canned.one", 4)
    assert [walk.is_ahead(one) for one in walk.runbook.step_ids] == [False, True, False, False]
    walk.drop_look_ahead()


async def test_one_consent_covers_the_steps_of_the_same_sign_in() -> None:
    walk = walk_in(World(), book())
    walk.agree("canned.one")
    await walk.run_all()
    assert answers(walk) == {
        "canned.one": "good", "canned.quiet": "good", "canned.two": "good", "canned.three": "not-agreed",
    }  # fmt: skip


async def test_whoever_declines_is_not_asked_again_for_the_same_sign_in() -> None:
    world = World()
    walk = walk_in(world, book())
    assert walk.skip("canned.one").finding.answer == "not-agreed"
    assert walk.declined == {"canned.one", "canned.two"}
    walk.agree("canned.two")
    assert not walk.declined
    assert (await walk.rerun("canned.one")).finding.answer == "good"


@pytest.mark.parametrize("one", ACTING, ids=lambda one: one.id)
def test_a_step_that_acts_says_what_it_does_in_the_users_own_names(one: Any) -> None:
    assert one.consent is not None
    assert one.consent.accounts
    sentence = one.consent.says(PLACE)
    assert "kenmyer@litwareinc.com" in sentence
    assert 40 < len(sentence) < 320
    assert one.consent.says(Deployment()), "also without names"


def test_steps_of_one_deed_say_the_same() -> None:
    said: dict[str, set[str]] = {}
    for one in ACTING:
        if one.consent:
            said.setdefault(one.consent.deed, set()).add(one.consent.says(PLACE))
    assert all(len(sentences) == 1 for sentences in said.values()), said
