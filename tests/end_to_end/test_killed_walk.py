"""A walk that was killed, after any line of its journal or within one: every report tells what was known, and no more."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks import journal as journals
from checks.asking import Asking
from checks.deployment import Sources
from checks.journal import Journal, UnreadableJournal
from checks.model import Status
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.report import FORMATS, Report, report_of
from checks.runbooks import RUNBOOKS
from checks.runner import cancelled
from checks.walk import Walk, verdict_of
from tests.end_to_end.test_reports import expected, plain
from tui.cli import main
from tui.exit_codes import ExitCode

FOLDER = Path(__file__).parents[1] / "journals"
WITHOUT_XMPP = FOLDER / "versions" / "xmpp-2019.jsonl"
WALKS = [*sorted(FOLDER.glob("mobility-*.jsonl")), *sorted(FOLDER.glob("xmpp-*.jsonl")), WITHOUT_XMPP]
EACH_WALK = pytest.mark.parametrize("walk", WALKS, ids=lambda path: path.stem)
Told = Callable[[Path, str], str]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What `lyncdoctor report` says of a journal in a format, in one line."""

    def of(path: Path, form: str) -> str:
        assert main(["report", str(path), "--format", form]) in {0, 1, 2, 3}
        said = capsys.readouterr()
        assert not said.err
        return plain(said.out, form)

    return of


def ended_after(walk: Path, killed: Path) -> Iterator[tuple[int, Journal]]:
    """The journal as it lies there when the walk was killed after each of its lines; the lines are numbered from 1."""
    lines = walk.read_bytes().splitlines(keepends=True)
    killed.write_bytes(b"")
    with killed.open("ab", buffering=0) as file:
        for number, line in enumerate(lines, 1):
            file.write(line)
            yield number, journals.read(killed)


@EACH_WALK
def test_after_any_line_every_format_tells_what_was_known(walk: Path, tmp_path: Path, told: Told) -> None:
    killed, known = tmp_path / "killed.jsonl", -1
    for _, journal in ended_after(walk, killed):
        report = report_of(journal, RUNBOOKS[journal.began.runbook])
        assert [step.id for step in report.steps] == [
            step for step in RUNBOOKS[journal.began.runbook].step_ids if step in journal.concluded
        ]
        claims_no_more_than_was_seen(report)
        if len(report.steps) == known:
            continue
        known = len(report.steps)
        for form in FORMATS:
            said = told(killed, form)
            missing = [one for one in expected(report, form) if one not in said]
            assert not missing, (form, known, missing)
    assert known == len(RUNBOOKS[journal.began.runbook].stages), "at its end the walk is whole"


@pytest.mark.parametrize("form", ["text", "nagios"])
def test_without_a_fault_so_far_nobody_is_told_that_all_is_well(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed, codes = tmp_path / "killed.jsonl", []
    for _, journal in ended_after(FOLDER / "mobility-healthy.jsonl", killed):
        whole = len(journal.concluded) == len(RUNBOOKS["mobility"].stages)
        if whole or len(journal.concluded) == 7:
            codes.append(main(["report", str(killed), "--format", form]))
            said = capsys.readouterr().out
            assert ("UNKNOWN" in said) is not whole
    assert set(codes) == {ExitCode.UNKNOWN, ExitCode.FINE}


def claims_no_more_than_was_seen(report: Report) -> None:
    """A walk that was cut short says how far it came, unless it found what is wrong."""
    steps, verdict = len(RUNBOOKS[report.runbook].stages), report.verdict
    faults = [step for step in report.steps if step.status in {Status.FAILED, Status.WARNING}]
    assert bool(verdict.cause) == bool(faults)
    if not report.steps:
        assert (verdict.status, verdict.headline) == (Status.UNKNOWN, "Nothing was checked.")
    elif not faults and len(report.steps) < steps and not says_that_it_does_not_apply(report):
        said = " ".join((verdict.headline, *verdict.detail))
        assert f"{len(report.steps)} of {steps} steps" in said, verdict.headline


def says_that_it_does_not_apply(report: Report) -> bool:
    """True where a step found that this version has none of it: that is known as soon as it was seen."""
    return any(step.headline == report.verdict.headline for step in report.steps)


@EACH_WALK
def test_within_a_line_it_is_as_if_the_line_were_not_there(walk: Path, tmp_path: Path) -> None:
    whole, torn = tmp_path / "whole.jsonl", tmp_path / "torn.jsonl"
    lines = walk.read_bytes().splitlines(keepends=True)
    before = b""
    for number, (line, (_, journal)) in enumerate(zip(lines[1:], ended_after(walk, whole), strict=False), 2):
        before += lines[number - 2]
        known = report_of(journal, RUNBOOKS[journal.began.runbook])
        for cut in {1, len(line) // 2, len(line) - 2}:
            torn.write_bytes(before + line[:cut])
            assert report_of(journals.read(torn), RUNBOOKS[journal.began.runbook]) == known, (number, cut)


@EACH_WALK
def test_a_line_without_its_line_break_was_written(walk: Path, tmp_path: Path) -> None:
    """Only the line break is missing: the conclusion is there, and counts."""
    lines = walk.read_bytes().splitlines()
    torn = tmp_path / "torn.jsonl"
    for number, line in enumerate(lines[1:], 2):
        step = re.match(rb'{"kind":"concluded","step":"([^"]+)"', line)
        if step:
            torn.write_bytes(b"\n".join(lines[:number]))
            assert step[1].decode() in journals.read(torn).concluded, number


@pytest.mark.parametrize("kept", [0, 1, 40, -2])
def test_killed_while_it_began_there_is_no_walk_yet(
    kept: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = WALKS[-1].read_bytes().splitlines(keepends=True)[0]
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(first[:kept])
    with pytest.raises(UnreadableJournal):
        journals.read(torn)
    for form in FORMATS:
        assert main(["report", str(torn), "--format", form]) == 2
        said = capsys.readouterr()
        assert not said.out
        assert "torn.jsonl is no journal of lyncdoctor" in said.err


def test_what_was_not_seen_before_the_kill_hides_not_how_far_the_walk_came(tmp_path: Path) -> None:
    runbook = RUNBOOKS["mobility"]
    for _, journal in ended_after(FOLDER / "mobility-healthy.jsonl", tmp_path / "killed.jsonl"):
        if len(journal.concluded) == 7:
            break
    journal.add(cancelled(runbook.stage(runbook.step_ids[2]).step))
    report = report_of(journal, runbook)
    assert report.verdict.status is Status.UNKNOWN
    claims_no_more_than_was_seen(report)


@pytest.mark.parametrize("name", ["mobility-policy-disabled-for-user", "mobility-refused", "xmpp-edge-other-process"])
async def test_resumed_after_any_step_it_ends_as_it_would_have(name: str, tmp_path: Path) -> None:
    whole = journals.read(FOLDER / f"{name}.jsonl")
    runbook, known = RUNBOOKS[whole.began.runbook], 0
    for number, journal in ended_after(FOLDER / f"{name}.jsonl", tmp_path / "killed.jsonl"):
        if len(journal.concluded) == known:
            continue
        known = len(journal.concluded)
        before = dict(journal.concluded)
        asking = Asking(LiveProbes(whole.began.deployment, Sources(offline=True)), journal, Evidence([whole]))
        walk = Walk(runbook, whole.began.deployment, asking, journal)
        walk.agree()  # as whoever recorded it did
        goes_on = walk.next(walk.path[-1])
        assert goes_on not in before, number
        if goes_on is not None:
            await walk.run_all(goes_on)
        await asking.close()
        assert {step: journal.concluded[step] for step in before} == before, "what was concluded is not asked again"
        assert answers(journal) == answers(whole), number
        ended, meant = walk.verdict(), verdict_of(runbook, whole)
        assert (ended.cause, ended.remedies, ended.consequences) == (meant.cause, meant.remedies, meant.consequences)


def answers(journal: Journal) -> dict[str, str]:
    """What each step concluded."""
    return {step: one.finding.answer for step, one in journal.concluded.items()}
