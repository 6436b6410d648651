"""What a learner has found so far, read from the journals that are kept."""

from pathlib import Path

import pytest

from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, Revealed, now
from lab import scenarios
from tui import cases
from tui.learned import Named, named_in, so_far

LISTED = list(cases.topics(scenarios.listing()))
POLICY = "policy-disabled-for-user"


def walk(folder: Path, name: str, scenario: str, *, unseen: bool = True, at_once: bool | None = None) -> None:
    """A journal of the lab; `at_once` tells how its fault was named, None that it was not."""
    began = Began(
        version=VERSION, runbook="mobility", deployment=Deployment(), at=now(), scenario=scenario, unseen=unseen
    )
    journal = Journal(began, folder / f"{name}.jsonl")
    if at_once is not None:
        journal.add(Revealed(at=now(), at_once=at_once))
    journal.close()


def test_only_unseen_faults_whose_cause_is_known_count(tmp_path: Path) -> None:
    walk(tmp_path, "1", POLICY, at_once=True)
    walk(tmp_path, "2", "dns-wildcard", at_once=False)
    walk(tmp_path, "3", "tls-expired")
    walk(tmp_path, "4", "tls-expired", unseen=False)
    assert named_in(tmp_path) == [Named("mobility", POLICY, True), Named("mobility", "dns-wildcard", False)]
    assert named_in(tmp_path / "nowhere") == []


def test_a_file_that_cannot_be_read_counts_for_nothing(tmp_path: Path) -> None:
    walk(tmp_path, "1", POLICY, at_once=True)
    walk(tmp_path, "2", "torn")
    with (tmp_path / "2.jsonl").open("ab") as file:
        file.write(b'{"kind":"revealed","at":"2026')
    (tmp_path / "3.jsonl").write_bytes(b"\xff\x00 no journal")
    (tmp_path / "4.jsonl").write_bytes(b"")
    (tmp_path / "5.jsonl").mkdir()
    assert named_in(tmp_path) == [Named("mobility", POLICY, True)]


def test_a_journal_of_before_says_nothing_of_how_it_was_named(tmp_path: Path) -> None:
    walk(tmp_path, "1", POLICY)
    with (tmp_path / "1.jsonl").open("ab") as file:
        file.write(b'{"kind":"revealed","at":"2026-11-01T10:00:00+00:00"}\n')
    assert named_in(tmp_path) == [Named("mobility", POLICY, False)]


RIGHT, WRONG = Named("mobility", POLICY, True), Named("mobility", "dns-wildcard", False)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ([], ""),
        ([Named("xmpp", "xmpp-proxy-stopped", True)], ""),
        ([RIGHT], "1 of 1 named at once."),
        ([RIGHT, WRONG, WRONG], "1 of 3 named at once. Worth another look: DNS records."),
        ([Named("mobility", "of another version", False)], "0 of 1 named at once."),
    ],
)
def test_one_calm_line_tells_it(named: list[Named], told: str) -> None:
    assert so_far(named, LISTED, "mobility") == told
