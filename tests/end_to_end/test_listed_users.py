"""`--users FILE` on the practice deployment: each user's answers, for few calls more than a walk makes anyway."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.listed_users import judged, look_at
from checks.model import Status
from checks.opening import asking_for
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tui import practice

pytestmark = pytest.mark.lab


async def walked(listed: int) -> tuple[Journal, int]:
    """The journal of a walk with so many users listed, and how many cmdlets the shell was asked to run."""
    async with client.start("two-hundred-users", timeout=60) as running:
        connection = running.connection
        names = [*connection.users, *(f"sip:user{number}@litwareinc.com" for number in range(2, 200))]
        deployment = replace(
            practice.deployment_of(connection, "mobility", Vantage.FRONT_END), listed=tuple(names[:listed])
        )
        journal = Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now()))
        sources = practice.sources_of(connection, deployment.vantage)
        asking = asking_for(journal, sources, practice.secrets_of(connection))
        try:
            await Walk(RUNBOOKS["mobility"], deployment, asking, journal).run_all()
            await look_at(asking, deployment)
        finally:
            await asking.close()
        report = await running.control("pipelines")
    return journal, sum(report["pool"]["asked"].values())


async def test_two_hundred_users_take_at_most_ten_calls_more_than_two() -> None:
    _, few = await walked(2)
    journal, many = await walked(200)
    assert many - few <= 10
    users = judged(journal)
    assert len(users) == 200
    assert [user.sip for user in users if user.status is Status.FAILED] == ["sip:user199@litwareinc.com"]
    assert {user.status for user in users} == {Status.OK, Status.FAILED}
    hidden = judged(redacted(journal))
    assert [user.status for user in hidden] == [user.status for user in users]
    assert not [user.sip for user in hidden if "litwareinc" in user.sip]


def run(*options: str) -> tuple[int, str]:
    command = (sys.executable, "-m", "tui", "run", "mobility", *options)
    ended = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=90)
    assert not ended.stderr, ended.stderr.decode()
    return ended.returncode, ended.stdout.decode()


def test_the_report_tells_each_user_and_so_does_its_journal_later(tmp_path: Path) -> None:
    listed, record = tmp_path / "users.csv", tmp_path / "walk.jsonl"
    listed.write_text("SipAddress\nsip:kenmyer@litwareinc.com\nsip:pilar@litwareinc.com\nsip:nobody@litwareinc.com\n")
    options = ("--lab", "healthy", "--users", str(listed), "--record", str(record))
    code, said = run(*options, "--format", "json")
    users: list[dict[str, Any]] = json.loads(said)["users"]
    assert code == 1, "a user who does not exist is a fault"
    assert [(user["sip"], user["status"]) for user in users] == [
        ("sip:kenmyer@litwareinc.com", "ok"),
        ("sip:pilar@litwareinc.com", "ok"),
        ("sip:nobody@litwareinc.com", "failed"),
    ]
    assert users[2]["answers"] == {"mobility.user-enabled": "no-such-user", "mobility.policy": "no-users"}
    report = (sys.executable, "-m", "tui", "report", str(record), "--format", "json")
    again = subprocess.run(report, capture_output=True, timeout=60)
    assert json.loads(again.stdout)["users"] == users
    assert again.returncode == 1


def test_a_list_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    listed = tmp_path / "users.txt"
    listed.write_text("sip:kenmyer@litwareinc.com\nwho?\n")
    command = (sys.executable, "-m", "tui", "run", "mobility", "--lab", "healthy", "--users", str(listed))
    ended = subprocess.run(command, capture_output=True, timeout=60)
    assert ended.returncode == 2
    assert "Line 2" in ended.stderr.decode()


def test_without_a_source_every_listed_user_stays_unknown() -> None:
    deployment = Deployment(listed=("sip:kenmyer@litwareinc.com",))
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now(), sources=Sources()))
    assert [user.status for user in judged(journal)] == [Status.UNKNOWN]
