"""The report as plain text: a line a step, then the verdict. Every status is a word."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from checks.model import Status
from checks.report import Action, Report, ReportedStep, ReportedUser
from checks.text import clean

_WIDTH = 96
_SIGNS = {
    Status.OK: "[ok]",
    Status.WARNING: "[!!]",
    Status.FAILED: "[XX]",
    Status.UNKNOWN: "[??]",
    Status.NOT_APPLICABLE: "[--]",
    Status.SKIPPED: "[>>]",
}


def text(report: Report) -> str:
    """The report for a terminal, a pipe or a mail."""
    return "\n".join(_lines(report)) + "\n"


def step_lines(step: ReportedStep) -> Iterator[str]:
    """One step: its sign, status and headline, what else was seen, and the command that would settle it."""
    yield f"{_SIGNS[step.status]} {step.title}: {clean(step.headline)}"
    for line in step.detail:
        yield from _wrapped(line, "     ")
    if step.command:
        yield f"     Run   {clean(step.command)}"


def _lines(report: Report) -> Iterator[str]:
    seat = report.deployment.vantage
    practice = f", practice scenario {clean(report.scenario, 60)}" if report.scenario else ""
    yield f"{report.title} of {report.deployment.name}, seen from {seat}{practice}"
    yield ""
    for step in report.steps:
        yield from step_lines(step)
    yield ""
    if report.users:
        yield from _users(report.users)
        yield ""
    verdict = report.verdict
    yield from _wrapped(f"{verdict.status.upper()}  {verdict.headline}", "")
    for line in verdict.detail:
        yield from _wrapped(line, "  ")
    for action in verdict.remedies:
        yield ""
        yield from action_lines(action)
    yield from _rest(report)


def _users(users: tuple[ReportedUser, ...]) -> Iterator[str]:
    """How many users there are of each status, then each that is not fine."""
    counts = Counter(user.status for user in users)
    told = ", ".join(f"{counts[status]} {status}" for status in _SIGNS if counts[status])
    yield f"{len(users)} users: {told}"
    for user in users:
        if user.status is not Status.OK:
            yield f"{_SIGNS[user.status]} {clean(user.headline)}"
            yield from (f"     Fix   {clean(action.command, 2000)}" for action in user.remedies if action.command)


def _rest(report: Report) -> Iterator[str]:
    verdict = report.verdict
    headlines = {f"{step.id}/{step.answer}": f"{step.title}: {step.headline}" for step in report.steps}
    titles = {step.id: step.title for step in report.steps}
    for label, lines in (
        ("Because of it", verdict.consequences),
        ("Also", tuple(headlines.get(fault, fault) for fault in verdict.also)),
        ("Not known", tuple(titles.get(step, step) for step in verdict.unknown)),
    ):
        if lines:
            yield ""
            yield f"{label}:"
            for line in lines:
                yield from _wrapped(line, "  ")
    if verdict.not_agreed:
        yield ""
        yield from _wrapped(f"Not run: {not_run(report)}", "")
    if verdict.cause:
        yield ""
        yield f"Cause: {clean(verdict.cause, 120)}"
    links = tuple(dict.fromkeys(step.link for step in report.steps if step.link and step.status is not Status.OK))
    for link in links[:3]:
        yield f"Read:  {clean(link, 300)}"


def not_run(report: Report) -> str:
    """Which steps were not run because nobody agreed to them, and how they are; for one line."""
    titles = [step.title for step in report.steps if step.id in report.verdict.not_agreed]
    return f"{', '.join(titles)}. They sign in as the users; --sign-in, or enter at the step in the wizard, runs them."


def action_lines(action: Action) -> Iterator[str]:
    """One remedy: what to do, who may, at what risk, and how to see that it helped."""
    if action.command:
        # One line, however long: it is there to be pasted.
        yield f"  Fix     {clean(action.command, 2000)}"
    else:
        yield from _wrapped(action.action, "          ", first="  Fix     ")
    for label, value in (("Who", action.who), ("Risk", action.risk), ("Verify", action.verify)):
        yield from _wrapped(value, "          ", first=f"  {label:<8}")


def _wrapped(line: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        clean(line, 2000), _WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
