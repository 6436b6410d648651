"""The report as Markdown for a ticket. Text from the network is escaped, so that it renders as itself."""

import re
from collections.abc import Iterable, Iterator, Sequence

from checks.model import Status
from checks.report import Action, Report, ReportedStep, ReportedUser
from checks.report.text import began_at, beside_the_cause, labelled, not_run
from checks.text import clean

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_MOST_EVIDENCE_LINES = 40


def markdown(report: Report) -> str:
    """The report for a ticket or a wiki."""
    title = f"{report.title} of {report.deployment.name}"
    return "\n".join([*_head(title, report), *_body(report, "##")]) + "\n"


def markdown_of_partners(title: str, counts: str, summary: Iterable[str], reports: Sequence[Report]) -> str:
    """The reports about many partners as one text, after how they ended and the lines of a summary."""
    lines = [*_head(title, reports[0]), f"**{_escaped(counts)}**", "", *(f"- {_escaped(line)}" for line in summary)]
    for report in reports:
        lines += ["", f"## {_escaped(report.deployment.partner)}", "", *_body(report, "###")]
    return "\n".join(lines) + "\n"


def _head(title: str, report: Report) -> Iterator[str]:
    yield f"# {_escaped(title)}"
    yield ""
    yield f"Seen from {report.deployment.vantage}, {_escaped(began_at(report))}" + (
        f", practice scenario {_escaped(report.scenario)}." if report.scenario else "."
    )
    yield ""
    if report.told:
        yield f"Told: {_escaped(report.told)}"
        yield ""


def _body(report: Report, heading: str) -> Iterator[str]:
    """The verdict, the steps and the users under headings of this depth."""
    verdict = report.verdict
    yield f"**{verdict.status.upper()}** {_escaped(verdict.headline)}"
    yield ""
    yield from (f"- {_escaped(line)}" for line in verdict.detail)
    if verdict.cause:
        yield f"- Cause: {_code(verdict.cause)}"
    yield from (f"- {label}: {_escaped(line)}" for label, lines in beside_the_cause(report) for line in lines)
    if verdict.not_agreed:
        yield f"- Not run: {_escaped(not_run(report))}"
    if verdict.note:
        yield f"- Note: {_escaped(verdict.note)}"
    for label, action in labelled(verdict.remedies):
        yield from _action(f"{heading} {label}", action)
    yield ""
    yield "| Status | Step | Finding | Time |"
    yield "|---|---|---|---|"
    for step in report.steps:
        yield f"| {step.status} | {_escaped(step.title)} | {_escaped(step.headline)} | {step.took_ms} ms |"
    if report.users:
        yield from _users(report.users, heading)
    for step in report.steps:
        yield from _evidence(step, heading)


def _users(users: tuple[ReportedUser, ...], heading: str) -> Iterator[str]:
    """The users that are not fine; how many the others are."""
    troubled = [user for user in users if user.status is not Status.OK]
    yield ""
    yield f"{heading} Users"
    yield ""
    yield f"{len(users)} users, {len(users) - len(troubled)} of them fine."
    if troubled:
        yield ""
        yield "| Status | User | Finding |"
        yield "|---|---|---|"
    for user in troubled:
        yield f"| {user.status} | {_escaped(user.sip)} | {_escaped(user.headline)} |"


def _action(heading: str, action: Action) -> Iterator[str]:
    yield ""
    yield heading
    yield ""
    if action.command:
        yield from _fenced(clean(action.command, 2000), "powershell")
    else:
        yield _escaped(action.action)
    yield ""
    yield f"- Who: {_escaped(action.who)}"
    yield f"- Risk: {_escaped(action.risk)}"
    yield f"- Verify: {_escaped(action.verify)}"


def _evidence(step: ReportedStep, heading: str) -> Iterator[str]:
    yield ""
    yield f"{heading} {_escaped(step.title)}"
    yield ""
    yield f"{step.status}: {_escaped(step.headline)}"
    for line in step.detail:
        yield f"- {_escaped(line)}"
    if step.note:
        yield f"- Note: {_escaped(step.note)}"
    if step.link:
        yield f"- Documented: {_escaped(step.link)}"
    if step.command:
        yield ""
        yield from _fenced(clean(step.command), "powershell")
    for evidence in step.evidence:
        yield ""
        came = f", {_escaped(evidence.source)}" if evidence.source else ""
        yield f"From {_escaped(evidence.seat)}, {evidence.took_ms} ms{came}:"
        yield ""
        answer = [clean(line, 300) for line in evidence.answer[:_MOST_EVIDENCE_LINES]]
        yield from _fenced("\n".join([f"> {clean(evidence.question)}", *answer]), "text")


def _fenced(content: str, language: str) -> Iterator[str]:
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield content
    yield fence


def _code(text: str) -> str:
    return "`" + clean(text, 120).replace("`", "'") + "`"


def _escaped(line: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(line, 2000))
