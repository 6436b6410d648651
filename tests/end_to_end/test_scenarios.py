"""Every scenario of the lab, over real sockets: the walk names exactly the cause that was put in."""

import json
import subprocess
import sys
from typing import Any

import pytest

from checks.deployment import Vantage
from checks.report import report_of
from checks.runbooks import RUNBOOKS, find_step
from lab import scenarios
from tests.end_to_end.conftest import GROUPS, LiveWalks
from tui.exit_codes import ExitCode
from tui.headless import code_of

LISTING = scenarios.listing()


def walks() -> list[tuple[str, str, str | None]]:
    """Each scenario with each of its runbooks, and the cause that was put in."""
    return [(one["name"], one["runbook"], one["cause"]) for one in LISTING]


def walked(runbook: str, scenario: str, *options: str, sign_in: bool = True) -> tuple[int, dict[str, Any], str]:
    """The exit code, the JSON report and what was told on stderr."""
    consent = ("--sign-in",) if sign_in else ()
    command = (sys.executable, "-m", "tui", "run", runbook, "--lab", scenario, "--format", "json", *consent, *options)
    ended = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)
    assert ended.stdout, ended.stderr.decode()
    return ended.returncode, json.loads(ended.stdout), ended.stderr.decode()


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scenario", "runbook", "cause"),
    [pytest.param(*walk, marks=GROUPS[walk[1]]) for walk in walks()],
    ids=lambda value: str(value),
)
def test_the_walk_names_the_cause(scenario: str, runbook: str, cause: str | None, live_walks: LiveWalks) -> None:
    journal = live_walks[scenario, runbook]
    report = report_of(journal, RUNBOOKS[runbook])
    assert report.verdict.cause == cause, report.verdict.headline
    assert all(step.link.startswith("https://learn.microsoft.com/") for step in report.steps)
    code = code_of(report)
    if cause is not None:
        assert code is ExitCode.FAULT
        assert report.verdict.remedies
        return
    assert code is ExitCode.FINE
    statuses = {step.id: step.status for step in report.steps}
    assert set(statuses) == set(RUNBOOKS[runbook].step_ids)
    assert not {"failed", "warning", "unknown"} & set(statuses.values()), statuses


SEATS = [pytest.param(runbook, seat, marks=GROUPS[runbook]) for runbook in GROUPS for seat in Vantage]


@pytest.mark.lab
@pytest.mark.parametrize(("runbook", "seat"), SEATS)
def test_a_healthy_deployment_is_green_from_every_seat(runbook: str, seat: Vantage) -> None:
    code, report, _ = walked(runbook, "healthy", "--vantage", seat)
    assert code == 0
    assert {step["status"] for step in report["steps"]} <= {"ok", "not-applicable"}


@pytest.mark.lab
def test_without_consent_a_healthy_walk_is_fine_and_says_what_was_not_run() -> None:
    acting = [stage.step.id for stage in RUNBOOKS["mobility"].stages if stage.step.acts]
    code, report, stderr = walked("mobility", "healthy", sign_in=False)
    assert (code, stderr) == (0, "")
    assert report["verdict"]["not_agreed"] == acting
    assert {step["id"] for step in report["steps"] if step["answer"] == "not-agreed"} == set(acting)
    assert {step["status"] for step in report["steps"]} <= {"ok", "not-applicable", "skipped"}


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
WITHOUT_SCENARIO = {
    "xmpp.listening/all-addresses",
    # Seen by two seats together alone: test_two_seats.py walks them.
    "mobility.hairpin/outside-internal-site",
    "mobility.hairpin/other-certificate",
    # The same, in test_xmpp_two_seats.py.
    "xmpp.certificate/assigned-differs",
}


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
