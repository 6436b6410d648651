"""The five formats of one journal carry the same findings, for every scenario; the page is valid HTML."""

import html
import json
import re

import html5lib
import pytest

from checks.model import Status
from checks.report import FORMATS, Report, report_of, write
from checks.report.text import seen_elsewhere
from checks.runbooks import RUNBOOKS
from checks.text import clean
from tests.end_to_end.conftest import EACH_RUNBOOK, LiveWalks

QUIET = {Status.OK, Status.NOT_APPLICABLE}


def plain(text: str, form: str) -> str:
    """What a reader sees of a report, in one line."""
    if form == "html":
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    if form == "markdown":
        text = re.sub(r"\\(.)", r"\1", text)
    if form == "json":
        text = " ".join(_strings(json.loads(text)))
    return " ".join(text.split())


def _strings(value: object) -> list[str]:
    match value:
        case dict():
            return [text for one in value.values() for text in _strings(one)]
        case list():
            return [text for one in value for text in _strings(one)]
    return [str(value)]


def expected(report: Report, form: str) -> list[str]:
    """What every report of it has to tell. Nagios is told nothing of what is right, and of the rest the beginning."""
    told = [step.headline for step in report.steps if form != "nagios" or step.status not in QUIET]
    told.append(report.verdict.headline)
    if report.verdict.cause:
        told.append(report.verdict.cause)
    if form not in {"json", "nagios"}:
        told += seen_elsewhere(report.verdict.not_from_here, {step.id: step.title for step in report.steps})
    lines = [" ".join(clean(one, 2000).split()) for one in told]
    return [line[:200].replace("|", "/") for line in lines] if form == "nagios" else lines


@pytest.mark.lab
@EACH_RUNBOOK
def test_every_format_tells_what_the_walk_found(runbook: str, live_walks: LiveWalks) -> None:
    book = RUNBOOKS[runbook]
    kinds: set[str] = set()
    for (scenario, _), journal in live_walks.items():
        report = report_of(journal, book)
        for form in FORMATS:
            text = write(report, form)
            seen = plain(text, form)
            missing = [one for one in expected(report, form) if one not in seen]
            assert not missing, (scenario, form, missing)
            # A page is read strictly once for each step that can be the cause: that takes longer than writing it.
            kind = (report.verdict.cause or "").partition("/")[0]
            if form == "html" and kind not in kinds:
                kinds.add(kind)
                html5lib.HTMLParser(strict=True).parse(text)
    assert len(kinds) > 10
