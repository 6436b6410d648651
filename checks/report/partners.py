"""The walks about many partners as one report: what is the same for all once, then domain by domain."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from checks.deployment import Deployment
from checks.journal import Journal
from checks.model import Frozen, Runbook, Status, Vantage
from checks.report import SCHEMA, Report, ReportedStep, as_json, report_of
from checks.report.text import (
    SIGNS,
    is_brief,
    remedy_lines,
    seen_elsewhere,
    seen_from,
    step_lines,
    told_lines,
    with_status,
    wrapped,
)
from checks.text import clean


class PartnersReport(Frozen, frozen=True):
    """One report for each partner, in the order they were named."""

    schema: int
    runbook: str
    title: str
    counts: dict[str, int]
    """How many partners ended with each status."""
    partners: tuple[Report, ...]
    """Each names its partner in its deployment."""


def partners_report(journals: Sequence[Journal], runbook: Runbook) -> PartnersReport:
    """The report of walks that differ in the partner alone."""
    reports = tuple(report_of(journal, runbook) for journal in journals)
    counts = Counter(str(report.verdict.status) for report in reports)
    return PartnersReport(
        schema=SCHEMA, runbook=runbook.name, title=runbook.title, counts=dict(counts), partners=reports
    )


def write(report: PartnersReport, form: str, width: int = 0) -> str:
    """The report in one of the formats of a walk's, with a final line break."""
    match form:
        case "json":
            return as_json(report)
        case "markdown":
            from checks.report.markdown import markdown_of_partners

            return markdown_of_partners(
                _title(report), _counts(report), map(_summary, report.partners), report.partners
            )
        case "html":
            from checks.report.html import html_of_partners

            return html_of_partners(_title(report), _counts(report), map(_summary, report.partners), report.partners)
        case "nagios":
            from checks.report.nagios import nagios_of_partners

            return nagios_of_partners(report.runbook, report.partners)
    return "\n".join(_lines(report, width)) + "\n"


def _lines(report: PartnersReport, width: int) -> Iterator[str]:
    shared = _shared(report.partners)
    yield from wrapped(f"{_title(report)}, {seen_from(report.partners[0])}", "", width)
    yield from told_lines(report.partners[0], width)
    yield from wrapped(_counts(report), "", width)
    yield ""
    for one in report.partners:
        yield from wrapped(_summary(one), "     ", width, first="")
    if shared:
        yield ""
        yield "The same for all:"
        for step in shared:
            yield from step_lines(step, width, brief=is_brief(step))
    if elsewhere := _elsewhere(report.partners):
        yield ""
        yield "Not from here:"
        for line in elsewhere:
            yield from wrapped(line, "  ", width)
    for one in report.partners:
        yield ""
        yield from _partner(one, [step for step in one.steps if _bare(step) not in map(_bare, shared)], width)


def _elsewhere(reports: Sequence[Report]) -> tuple[str, ...]:
    """What the seat did not see of one partner or another: it is the same seat for all of them."""
    titles = {step.id: step.title for report in reports for step in report.steps}
    steps: dict[Vantage, tuple[str, ...]] = {}
    for report in reports:
        for seat, seen in report.verdict.not_from_here.items():
            steps[seat] = tuple(dict.fromkeys((*steps.get(seat, ()), *seen)))
    return seen_elsewhere(steps, titles)


def _partner(report: Report, steps: Sequence[ReportedStep], width: int) -> Iterator[str]:
    yield clean(report.deployment.partner)
    for step in steps:
        if step.status is not Status.NOT_APPLICABLE:
            yield from step_lines(step, width, brief=is_brief(step))
    if report.verdict.remedies:
        yield ""
        yield from remedy_lines(report.verdict.remedies, width)


def _title(report: PartnersReport) -> str:
    """What was looked at. Where nothing names our own side, no partner stands for it."""
    ours = msgspec.structs.replace(report.partners[0].deployment, partners=())
    return f"{report.title} of {ours.name}" if ours.name != Deployment().name else report.title


def _counts(report: PartnersReport) -> str:
    told = ", ".join(f"{report.counts[status]} {status}" for status in SIGNS if status in report.counts)
    return f"{len(report.partners)} partners: {told}"


def _summary(report: Report) -> str:
    status = report.verdict.status
    return f"{SIGNS[status]} {with_status(report.deployment.partner, status)}: {_in_short(report)}"


def _in_short(report: Report) -> str:
    """What is worth knowing in one line: the verdict; where all is well, what the negotiation will end in."""
    verdict = report.verdict
    if verdict.cause is None and verdict.status is Status.UNKNOWN:
        return next((step.headline for step in report.steps if step.status is Status.UNKNOWN), verdict.headline)
    ending = [step for step in report.steps if step.id == "xmpp.negotiation" and step.status is Status.OK]
    return ending[0].headline if verdict.status is Status.OK and ending else verdict.headline


def _shared(reports: Sequence[Report]) -> list[ReportedStep]:
    """The steps that came to the same for every partner. Those that do not apply to any are not worth a line."""
    first, *others = reports
    told = [{_bare(step) for step in other.steps} for other in others]
    return [
        step
        for step in first.steps
        if step.status is not Status.NOT_APPLICABLE and all(_bare(step) in steps for steps in told)
    ]


def _bare(step: ReportedStep) -> tuple[str, str, str, tuple[str, ...], str]:
    return step.id, step.answer, step.headline, step.detail, step.note
