"""Two walks side by side: what concluded otherwise, and what was answered otherwise beneath it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks import journal as journals
from checks.deployment import Deployment
from checks.journal import Concluded, Journal
from checks.model import Finding, Reason, Status, Vantage
from checks.probes import Unanswered
from checks.report.difference import Difference, difference_of, write
from checks.runbooks import RUNBOOKS
from tests.unit.canned import World, runbook, walk_in
from tui import cli
from tui.exit_codes import ExitCode

JOURNALS = Path(__file__).parents[1] / "journals"


async def walked(*steps: str, **says: str) -> Journal:
    walk = walk_in(World(**says))
    if not steps:
        await walk.run_all()
    for step in steps:
        await walk.conclude(step)
    return walk.journal


def between(before: Journal, after: Journal) -> Difference:
    return difference_of(before, after, runbook())


async def test_two_walks_that_saw_the_same_do_not_differ() -> None:
    difference = between(await walked(), await walked())
    assert difference.is_none
    assert difference.same == 4
    assert "the same in every step" in write(difference, "text")


async def test_what_changed_is_told_with_the_answer_beneath_it() -> None:
    difference = between(await walked(), await walked(**{"Get-Fourth": "bad"}))
    (step,) = difference.steps
    assert step.before is not None
    assert step.after is not None
    assert (step.id, step.before.status, step.after.status) == ("canned.fourth", Status.OK, Status.FAILED)
    (answer,) = step.answers
    assert answer.question == "Get-Fourth", "what was answered the same is left out"
    assert answer.lines == ("-Value : good", "+Value : bad")
    assert difference.after.cause == "canned.fourth/bad"
    assert difference.same == 3


async def test_a_step_that_only_one_walk_has_is_a_difference() -> None:
    difference = between(await walked(), await walked("canned.first"))
    assert [(step.id, step.after) for step in difference.steps] == [
        ("canned.second", None),
        ("canned.third", None),
        ("canned.fourth", None),
    ]
    assert "not walked" in write(difference, "text")


def test_of_an_answer_that_is_long_the_rest_is_counted() -> None:
    healthy, faulty = (
        journals.read(JOURNALS / f"mobility-{name}.jsonl") for name in ("healthy", "policy-disabled-for-user")
    )
    difference = difference_of(healthy, faulty, RUNBOOKS["mobility"])
    policy = next(step for step in difference.steps if step.id == "mobility.policy")
    assert [line.split() for answer in policy.answers for line in answer.lines if line[0] in "-+"] == [
        ["-EnableMobility", ":", "True"],
        ["+EnableMobility", ":", "False"],
    ]
    assert not any(
        line[1:].startswith("Date:") for step in difference.steps for answer in step.answers for line in answer.lines
    )


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("mobility-healthy", ExitCode.FINE),
        ("mobility-refused", ExitCode.FAULT),
        ("xmpp-healthy", ExitCode.USAGE),
    ],
)
def test_the_command_says_by_its_exit_code_whether_they_differ(
    other: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    journal, another = (str(JOURNALS / f"{name}.jsonl") for name in ("mobility-healthy", other))
    assert cli.main(["diff", journal, another, "--format", "json"]) == code
    written = capsys.readouterr()
    if code is ExitCode.USAGE:
        assert "one runbook" in written.err
    else:
        assert json.loads(written.out)["runbook"] == "mobility"


def concluded(step: str, **finding: Any) -> Concluded:
    return Concluded(step=step, finding=Finding(**{"answer": "a", "headline": "It is so."} | finding), at="2026-01-01")


AWAY = {"status": Status.NOT_APPLICABLE, "seen_from": (Vantage.FRONT_END,), "headline": "Not from here."}


async def test_what_one_seat_cannot_see_is_one_line_and_no_change() -> None:
    before, after = await walked(), await walked()
    before.began = msgspec.structs.replace(before.began, deployment=Deployment(vantage=Vantage.INSIDE))
    after.began = msgspec.structs.replace(after.began, deployment=Deployment(vantage=Vantage.OUTSIDE))
    after.add(concluded("canned.third", **AWAY))
    after.add(concluded("canned.fourth", **AWAY))
    difference = between(before, after)
    assert difference.is_none
    assert list(difference.not_after) == ["canned.third", "canned.fourth"]
    assert difference.same == 2
    said = write(difference, "text")
    assert f"Not seen outside: {', '.join(difference.not_after.values())}\n" in said
    assert "that both see" in said
    assert list(between(after, before).not_before) == list(difference.not_after)


@pytest.mark.parametrize("status", [Status.FAILED, Status.WARNING])
async def test_a_fault_that_only_one_seat_sees_is_a_change(status: Status) -> None:
    before, after = await walked(), await walked()
    before.add(concluded("canned.third", status=status))
    after.add(concluded("canned.third", **AWAY))
    difference = between(before, after)
    assert [step.id for step in difference.steps] == ["canned.third"]
    assert not difference.not_after


@pytest.mark.parametrize(
    ("reason", "shown"), [(Reason.MISSING_INPUT, False), (Reason.NOT_POSSIBLE_HERE, False), (Reason.TIMEOUT, True)]
)
async def test_what_one_walk_could_ask_nobody_is_no_change_of_an_answer(reason: Reason, shown: bool) -> None:
    before, after = await walked(), await walked(**{"Get-Fourth": "bad"})
    for asked in after.evidence("canned.fourth"):
        after.add(msgspec.structs.replace(asked, answer=Unanswered(reason=reason, detail="Nobody answered.")))
    (step,) = between(before, after).steps
    assert bool(step.answers) is shown
