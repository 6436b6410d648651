"""The reports: the same findings in each format, a schema that holds, nothing hostile let through."""

import json
import re
import unicodedata
from pathlib import Path

import html5lib
import jsonschema
import msgspec
import pytest

from checks import report
from checks.journal import Concluded
from checks.model import Finding, Remedy, Status
from checks.report import FORMATS, Report
from checks.report.schema import schema_text
from checks.walk import Walk
from tests.unit.canned import World, walk_in
from tui.headless import code_of

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"
HOSTILE = "a\x1b[31m[bold]b[/bold]\x07<script>|`c`|\u202e"


async def walked(**says: str) -> Walk:
    walk = walk_in(World(**says))
    await walk.run_all()
    return walk


def report_of(walk: Walk) -> Report:
    return report.report_of(walk.journal, walk.runbook)


def test_the_committed_schema_is_the_present_one() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("says", [{}, {"Get-Second": "bad"}, {"Get-First": "unknown"}, {"Get-Fourth": "crash"}])
async def test_json_keeps_to_the_schema_and_to_the_contract(says: dict[str, str]) -> None:
    written = json.loads(report.write(report_of(await walked(**says)), "json"))
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert {"runbook", "deployment", "verdict", "steps"} <= set(written)
    assert {"status", "cause", "headline", "remedies", "unknown"} <= set(written["verdict"])
    for step in written["steps"]:
        assert {"id", "status", "answer", "headline", "took_ms", "facts", "evidence"} <= set(step)


@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_tells_the_same_findings(form: str) -> None:
    walk = await walked(**{"Get-Second": "bad", "Get-Fourth": "poor"})
    text = report.write(report_of(walk), form)
    for told in (
        "canned.second/bad",
        "It is bad.",
        "It is poor.",
        "Set-Good",
        "failed",
        "skipped",
    ):
        assert told.lower() in text.lower(), told


@pytest.mark.parametrize("form", ["text", "markdown", "html", "nagios"])
async def test_nothing_hostile_passes(form: str) -> None:
    walk = await walked()
    remedy = Remedy(action=HOSTILE, who=HOSTILE, risk=HOSTILE, verify=HOSTILE)
    finding = Finding(answer="bad", status=Status.FAILED, headline=HOSTILE, detail=(HOSTILE,), remedies=(remedy,))
    walk.journal.add(Concluded(step="canned.first", finding=finding, at="2026-01-01"))
    text = report.write(report_of(walk), form)
    assert all(character == "\n" or unicodedata.category(character) != "Cc" for character in text)
    assert "\u202e" not in text
    if form == "markdown":
        outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        assert not re.search(r"(?<!\\)<script", outside)
        table = [line for line in outside.splitlines() if line.startswith("| failed")]
        assert len(table) == 1
        assert len(re.findall(r"(?<!\\)\|", table[0])) == 5, "the table keeps its columns"
    if form == "html":
        parse_strictly(text)
        assert "<script" not in text
    if form == "nagios":
        assert text.splitlines()[0].count("|") == 1, "performance data begins once"


def parse_strictly(page: str) -> None:
    """Fails for a page that breaks a rule of HTML."""
    html5lib.HTMLParser(strict=True).parse(page)


async def test_html_is_valid_and_needs_nothing_from_elsewhere() -> None:
    page = report.write(report_of(await walked(**{"Get-Second": "bad", "Get-Fourth": "unknown"})), "html")
    parse_strictly(page)
    for forbidden in ("<script", "<link", "<img", "src=", "@import", "url("):
        assert forbidden not in page


def test_html_that_is_not_valid_is_noticed() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        parse_strictly("<!DOCTYPE html><title>a</title><p><table><b>")


@pytest.mark.parametrize(
    ("says", "state", "code"),
    [
        ({}, "OK", 0),
        ({"Get-Second": "poor"}, "WARNING", 1),
        ({"Get-Second": "bad"}, "CRITICAL", 2),
        ({"Get-Second": "unknown"}, "UNKNOWN", 3),
    ],
)
async def test_nagios_gets_its_own_states_and_codes(says: dict[str, str], state: str, code: int) -> None:
    walk = await walked(**says)
    first = report.write(report_of(walk), "nagios").splitlines()[0]
    assert re.fullmatch(rf"CANNED {state} - [^|]+ \| steps=4 failed=\d warning=\d unknown=\d slowest=[\d.]+s", first)
    assert code_of(report_of(walk), "nagios") == code


async def test_steps_in_a_row_that_were_not_looked_at_for_one_reason_are_one_line() -> None:
    away = {f"Get-{name}": "away" for name in ("First", "Second")}
    lines = report.write(report_of(await walked(**away)), "text").splitlines()
    assert "[--] First, Second, not applicable: It is away." in lines
    assert "[ok] Third: It is good." in lines, "what was seen has a line of its own"


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    ("instead", "labels"),
    [
        ([False], ["Fix"]),
        ([False, False], ["Fix 1", "Fix 2"]),
        ([False, False, True], ["Fix 1", "Fix 2", "Or 3"]),
        ([True], ["Fix"]),
        ([True, True], ["Fix 1", "Or 2"]),
    ],
)
async def test_several_fixes_are_numbered_and_another_way_is_told_from_a_step(
    form: str, instead: list[bool], labels: list[str]
) -> None:
    walk = await walked()
    remedies = tuple(Remedy(action="Do it.", who="us", risk="none", verify="look", instead=one) for one in instead)
    finding = Finding(answer="bad", status=Status.FAILED, headline="It is bad.", remedies=remedies)
    walk.journal.add(Concluded(step="canned.first", finding=finding, at="2026-01-01"))
    text = report.write(report_of(walk), form)
    heading = {
        "text": r"^  ((?:Fix|Or) ?\d?) +Do",
        "markdown": r"^## ((?:Fix|Or).*)$",
        "html": r"<p[^>]*>((?:Fix|Or).*?)</p>",
    }[form]
    found = re.findall(heading, text, re.MULTILINE)
    assert [label.strip() for label in found] == labels


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
async def test_steps_beside_the_cause_go_by_their_titles(form: str) -> None:
    walk = await walked(**{"Get-Second": "bad", "Get-First": "unknown", "Get-Fourth": "poor"})
    told = report_of(walk)
    assert told.verdict.unknown == ("canned.first",), "or this test would see nothing"
    text = report.write(told, form)
    assert "canned.first" not in text
    assert re.search(r"Not known:\s+First$|Not known: First\b", text, re.MULTILINE)


async def test_a_report_of_a_walk_cut_short_tells_what_was_known() -> None:
    walk = walk_in(World(**{"Get-First": "bad"}))
    await walk.conclude("canned.first")
    cut = report_of(walk)
    assert [step.id for step in cut.steps] == ["canned.first"]
    assert cut.verdict.cause == "canned.first/bad"


@pytest.mark.parametrize("form", FORMATS)
async def test_what_was_mended_in_the_walk_is_told(form: str) -> None:
    world = World(**{"Get-Second": "bad"})
    walk = walk_in(world)
    await walk.run_all()
    before = report.write(report_of(walk), form)
    world.says["Get-Second"] = "good"
    await walk.rerun("canned.second")
    told = report.write(report_of(walk), form)
    if form == "json":
        verdicts = [json.loads(one)["verdict"]["mended"] for one in (before, told)]
        assert verdicts == [{}, {"canned.second": "It is bad."}]
    else:
        seen = " ".join(re.sub(r"\\(.)", r"\1", told).split())
        assert re.search(r"[Ww]ell again:( -)? Second \(was: It is bad\.\)", seen), seen
        assert "ell again" not in before


@pytest.mark.parametrize("form", FORMATS)
async def test_how_much_of_the_walk_was_walked_is_told(form: str) -> None:
    cut = walk_in(World(**{"Get-First": "bad"}))
    await cut.conclude("canned.first")
    to_the_end = await walked(**{"Get-First": "bad"})
    told = [report.write(report_of(walk), form) for walk in (cut, to_the_end)]
    if form == "json":
        steps = [(len(one["steps"]), one["steps_to_walk"]) for one in map(json.loads, told)]
        assert steps == [(1, 4), (4, 4)]
    else:
        lines = [" ".join(one.split()).casefold() for one in told]
        assert re.search(r"not walked:( -)? 3 of 4 steps", lines[0])
        assert "not walked" not in lines[1]


@pytest.mark.parametrize("form", ["markdown", "html"])
async def test_what_was_pasted_is_called_so(form: str) -> None:
    walk = await walked()
    asked = next(iter(walk.journal.asked.values()))
    walk.journal.add(msgspec.structs.replace(asked, source="pasted"))
    told = report.write(report_of(walk), form)
    assert "ms, pasted:" in told


@pytest.mark.parametrize(("width", "lines"), [
    (60, ["  Fix     Set-Good -Identity sip:kenmyer@litwareinc.com `", "            -PolicyName RedmondMobilityPolicy"]),
    (0, ["  Fix     Set-Good -Identity sip:kenmyer@litwareinc.com -PolicyName RedmondMobilityPolicy"]),
])  # fmt: skip
async def test_a_command_is_folded_where_a_terminal_would_break_it(width: int, lines: list[str]) -> None:
    walk = await walked()
    parameters = {"Identity": "sip:kenmyer@litwareinc.com", "PolicyName": "RedmondMobilityPolicy"}
    remedy = Remedy(cmdlet="Set-Good", parameters=parameters, who="you", risk="none", verify="look")
    finding = Finding(answer="bad", status=Status.FAILED, headline="It is bad.", remedies=(remedy,))
    walk.journal.add(Concluded(step="canned.first", finding=finding, at="2026-01-01"))
    told = report.write(report_of(walk), "text", width).splitlines()
    first = next(number for number, line in enumerate(told) if line.startswith("  Fix "))
    assert told[first : first + len(lines)] == lines
    assert told[first + len(lines)].startswith("  Who ")


async def test_a_report_decodes_to_itself() -> None:
    made = report_of(await walked(**{"Get-Second": "bad"}))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Report) == made


async def test_nagios_tells_once_why_steps_in_a_row_were_not_looked_at() -> None:
    walk = await walked()
    for step in ("canned.second", "canned.third", "canned.fourth"):
        finding = Finding(answer="skipped", status=Status.SKIPPED, headline="Not looked at: it rests on “First”.")
        walk.journal.add(Concluded(step=step, finding=finding, at="2026-01-01"))
    title = walk.runbook.stage("canned.second").step.title
    lines = [line for line in report.write(report_of(walk), "nagios").splitlines() if line.startswith("skipped: ")]
    assert lines == [f"skipped: {title} and 2 more: Not looked at: it rests on “First”."]
