"""The report as Markdown for a ticket. Text from the network is escaped, so that it renders as itself."""

import re
from collections.abc import Iterator

from checks.model import Status
from checks.report import Action, Report, ReportedStep, ReportedUser
from checks.report.text import not_run
from checks.text import clean

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_MOST_EVIDENCE_LINES = 40


def markdown(report: Report) -> str:
    """The report for a ticket or a wiki."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f"# {_escaped(f'{report.title} of {report.deployment.name}')}"
    yield ""
    yield f"Seen from {report.deployment.vantage}, {_escaped(report.began[:16].replace('T', ' '))} UTC" + (
        f", practice scenario {_escaped(report.scenario)}." if report.scenario else "."
    )
    yield ""
    yield f"**{verdict.status.upper()}** {_escaped(verdict.headline)}"
    yield ""
    yield from (f"- {_escaped(line)}" for line in verdict.detail)
    if verdict.cause:
        yield f"- Cause: {_code(verdict.cause)}"
    yield from (f"- Because of it: {_escaped(line)}" for line in verdict.consequences)
    yield from (f"- Also: {_code(fault)}" for fault in verdict.also)
    yield from (f"- Not known: {_code(step)}" for step in verdict.unknown)
    if verdict.not_agreed:
        yield f"- Not run: {_escaped(not_run(report))}"
    if verdict.note:
        yield f"- Note: {_escaped(verdict.note)}"
    for action in verdict.remedies:
        yield from _action(action)
    yield ""
    yield "| Status | Step | Finding | Time |"
    yield "|---|---|---|---|"
    for step in report.steps:
        yield f"| {step.status} | {_escaped(step.title)} | {_escaped(step.headline)} | {step.took_ms} ms |"
    if report.users:
        yield from _users(report.users)
    for step in report.steps:
        yield from _evidence(step)


def _users(users: tuple[ReportedUser, ...]) -> Iterator[str]:
    """The users that are not fine; how many the others are."""
    troubled = [user for user in users if user.status is not Status.OK]
    yield ""
    yield "## Users"
    yield ""
    yield f"{len(users)} users, {len(users) - len(troubled)} of them fine."
    if troubled:
        yield ""
        yield "| Status | User | Finding |"
        yield "|---|---|---|"
    for user in troubled:
        yield f"| {user.status} | {_escaped(user.sip)} | {_escaped(user.headline)} |"


def _action(action: Action) -> Iterator[str]:
    yield ""
    yield "## Fix"
    yield ""
    if action.command:
        yield from _fenced(clean(action.command, 2000), "powershell")
    else:
        yield _escaped(action.action)
    yield ""
    yield f"- Who: {_escaped(action.who)}"
    yield f"- Risk: {_escaped(action.risk)}"
    yield f"- Verify: {_escaped(action.verify)}"


def _evidence(step: ReportedStep) -> Iterator[str]:
    yield ""
    yield f"## {_escaped(step.title)}"
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
        yield f"From {_escaped(evidence.seat)}, {evidence.took_ms} ms:"
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
