"""Every scenario of the lab, over real sockets: the walk names exactly the cause that was put in."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from checks.runbooks import RUNBOOKS, find_step
from lab import scenarios

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = pytest.mark.xdist_group("edge")

LISTING = scenarios.listing()


def walks() -> list[tuple[str, str, str | None]]:
    """Each scenario with each of its runbooks, and the cause that was put in."""
    return [(one["name"], one["runbook"], one["cause"]) for one in LISTING]


def walked(runbook: str, scenario: str, *options: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the JSON report and what was told on stderr."""
    command = (sys.executable, "-m", "tui", "run", runbook, "--lab", scenario, "--format", "json", *options)
    ended = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)
    assert ended.stdout, ended.stderr.decode()
    return ended.returncode, json.loads(ended.stdout), ended.stderr.decode()


Walked = Future[tuple[int, dict[str, Any], str]]


@pytest.fixture(scope="module")
def started(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str], Walked]]:
    """The walks of the tests that were selected, several at once: most of them wait for a network that is slow on purpose.

    Those on an Edge come one after another, for what listens on the loopback address is seen by all.
    """
    wanted = [
        (str(item.callspec.params["scenario"]), str(item.callspec.params["runbook"]))
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test_the_walk_names_the_cause.__name__
    ]
    with ThreadPoolExecutor(4) as anywhere, ThreadPoolExecutor(1) as on_the_edge:
        yield {
            (scenario, runbook): (on_the_edge if runbook == "xmpp" else anywhere).submit(walked, runbook, scenario)
            for scenario, runbook in wanted
        }


@pytest.mark.lab
@pytest.mark.parametrize(("scenario", "runbook", "cause"), walks(), ids=lambda value: str(value))
def test_the_walk_names_the_cause(
    scenario: str, runbook: str, cause: str | None, started: dict[tuple[str, str], Walked]
) -> None:
    code, report, stderr = started[scenario, runbook].result()
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
def test_a_healthy_deployment_is_green_from_every_seat(runbook: str, seat: str) -> None:
    code, report, _ = walked(runbook, "healthy", "--vantage", seat)
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
