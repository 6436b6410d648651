"""Every scenario of the lab, over real sockets: the walk names exactly the cause that was put in."""

import asyncio
import json
import sys
from typing import Any

import pytest

from checks.runbooks import RUNBOOKS, find_step
from lab import scenarios

LISTING = scenarios.listing()


def walks() -> list[tuple[str, str, str | None]]:
    """Each scenario with each of its runbooks, and the cause that was put in."""
    return [(one["name"], one["runbook"], one["cause"]) for one in LISTING]


async def walked(runbook: str, scenario: str, *options: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the JSON report and what was told on stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", "run", runbook, "--lab", scenario, "--format", "json", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    assert stdout, stderr.decode()
    return process.returncode, json.loads(stdout), stderr.decode()


@pytest.mark.lab
@pytest.mark.parametrize(("scenario", "runbook", "cause"), walks(), ids=lambda value: str(value))
async def test_the_walk_names_the_cause(scenario: str, runbook: str, cause: str | None) -> None:
    code, report, stderr = await walked(runbook, scenario)
    assert report["verdict"]["cause"] == cause, report["verdict"]["headline"]
    assert stderr == ""
    assert all(step["link"].startswith("https://learn.microsoft.com/") for step in report["steps"])
    if cause is not None:
        assert code == 1
        assert report["verdict"]["remedies"]
        return
    assert code == 0
    statuses = {step["id"]: step["status"] for step in report["steps"]}
    assert set(statuses) == set(RUNBOOKS[runbook].step_ids)
    assert not {"failed", "warning", "unknown"} & set(statuses.values()), statuses


SEATS = [("mobility", seat) for seat in ("inside", "front-end", "outside", "edge")] + [
    ("xmpp", "inside"),
    ("xmpp", "edge"),
]


@pytest.mark.lab
@pytest.mark.parametrize(("runbook", "seat"), SEATS)
async def test_a_healthy_deployment_is_green_from_every_seat(runbook: str, seat: str) -> None:
    code, report, _ = await walked(runbook, "healthy", "--vantage", seat)
    assert code == 0
    assert {step["status"] for step in report["steps"]} <= {"ok", "not-applicable"}


def test_healthy_belongs_to_both_runbooks() -> None:
    assert {runbook for name, runbook, _ in walks() if name == "healthy"} == {"mobility", "xmpp"}


def test_each_cause_exists() -> None:
    for _, runbook, cause in walks():
        if cause is None:
            continue
        step_id, _, answer = cause.partition("/")
        step = find_step(step_id)
        assert step is not None, cause
        assert step_id in RUNBOOKS[runbook].step_ids
        assert answer in {one.name for one in step.answers}, cause


# Binding every address would collide with any other lab on this machine; its judgement is tested on recorded facts.
WITHOUT_SCENARIO = {"xmpp.listening/all-addresses"}


def test_every_failing_or_warning_answer_has_a_scenario() -> None:
    causes = {cause for _, _, cause in walks()}
    faults = {
        f"{stage.step.id}/{answer.name}"
        for runbook in RUNBOOKS.values()
        for stage in runbook.stages
        for answer in stage.step.answers
        if answer.status in {"failed", "warning"}
    }
    assert faults - causes == WITHOUT_SCENARIO
