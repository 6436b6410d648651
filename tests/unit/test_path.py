"""Where the keys lead: what could tell nothing new, or is seen from another seat alone, is passed over and named."""

import pytest

from checks.deployment import Deployment, Sources
from checks.journal import STATED, VERSION, Began, Concluded, Journal, now
from checks.model import Finding, Reason, Status, Vantage
from checks.walk import Walk
from tests.unit.canned import World, walk_in
from tui import path

ELSEWHERE = Finding(answer="away", status=Status.NOT_APPLICABLE, headline="h", seen_from=(Vantage.EDGE,))
NOWHERE = Finding(answer="away", status=Status.NOT_APPLICABLE, headline="h")
POINTLESS = Finding(answer="skipped", status=Status.SKIPPED, headline="h", because="canned.first/bad")
DECLINED = Finding(answer="skipped", status=Status.SKIPPED, headline="h")
UNKNOWN = Finding(answer="unknown", status=Status.UNKNOWN, headline="h", reason=Reason.TIMEOUT)


def walked(*findings: Finding, shell: str = "none", source: str = "") -> Walk:
    """A walk whose first steps concluded this."""
    sources = Sources(shell=shell)
    journal = Journal(Began(version=VERSION, runbook="canned", deployment=Deployment(), at=now(), sources=sources))
    for step_id, finding in zip(
        ("canned.first", "canned.second", "canned.third", "canned.fourth"), findings, strict=False
    ):
        journal.add(Concluded(step=step_id, finding=finding, at=now(), source=source))
    return walk_in(World(), journal=journal)


@pytest.mark.parametrize(
    ("finding", "passed"),
    [(ELSEWHERE, True), (POINTLESS, True), (NOWHERE, False), (DECLINED, False), (UNKNOWN, False)],
)
def test_what_is_passed_over(finding: Finding, passed: bool) -> None:
    assert path.is_passed_over(walked(finding), "canned.first") is passed


def test_who_pastes_can_bring_what_another_seat_sees() -> None:
    assert not path.is_passed_over(walked(ELSEWHERE, shell="paste"), "canned.first")  # noqa: S604 - no subprocess


def test_what_a_person_said_or_noted_is_read() -> None:
    assert not path.is_passed_over(walked(ELSEWHERE, source=STATED), "canned.first")
    noted = walked(ELSEWHERE)
    noted.take_note("canned.first", "ask the Edge's people")
    assert not path.is_passed_over(noted, "canned.first")


def test_each_is_named_before_the_next_step_by_its_reason() -> None:
    walk = walked(ELSEWHERE, POINTLESS, ELSEWHERE, UNKNOWN)
    assert path.seen_elsewhere(walk, "canned.fourth") == ("First", "Third")
    assert path.made_pointless(walk, "canned.fourth") == ("Second",)
    assert path.before(walk, "canned.fourth") is None
    assert path.after(walk, "canned.first") == "canned.fourth"


def test_what_was_named_before_another_step_is_not_named_again() -> None:
    walk = walked(ELSEWHERE, UNKNOWN, ELSEWHERE, UNKNOWN)
    assert path.seen_elsewhere(walk, "canned.second") == ("First",)
    assert path.seen_elsewhere(walk, "canned.fourth") == ("Third",)
