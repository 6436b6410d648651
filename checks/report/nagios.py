"""The report as a Nagios plugin prints it: a line with the state, performance data, then a line a step."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from checks.brought import minute
from checks.model import Status
from checks.report import Report
from checks.report.text import AT_SEAT, mended, not_walked, told_once
from checks.text import clean

_STATES = {
    Status.OK: "OK",
    Status.NOT_APPLICABLE: "OK",
    Status.SKIPPED: "UNKNOWN",
    Status.WARNING: "WARNING",
    Status.FAILED: "CRITICAL",
    Status.UNKNOWN: "UNKNOWN",
}
CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
"""Exit codes of Nagios's own: the numbers of other formats mean other things."""
_GRAVITY = ("CRITICAL", "WARNING", "UNKNOWN", "OK")
_MOST_CHARACTERS = 300


def nagios(report: Report) -> str:
    """The report for Nagios and what understands its plugins."""
    return "\n".join(_lines(report)) + "\n"


def nagios_of_partners(title: str, reports: Sequence[Report]) -> str:
    """The reports about many partners as one: the gravest state, then a line a partner that is not fine."""
    states = [state(report) for report in reports]
    troubled = [report for report, one in zip(reports, states, strict=True) if one != "OK"]
    named = ", ".join(report.deployment.partner for report in troubled[:5])
    summary = (
        f"{len(troubled)} of {len(reports)} partners are not fine: {named}" if troubled else "all partners are fine"
    )
    data = f"partners={len(reports)} troubled={len(troubled)}"
    lines = [f"{title.upper()} {gravest(states)} - {_told(summary)} | {data}"]
    lines += [f"told: {_told(told)}" for told in [reports[0].told] if told]
    lines += _of_when(reports[0])
    lines += [f"{report.deployment.partner} {state(report)}: {_told(report.verdict.headline)}" for report in troubled]
    return "\n".join(lines) + "\n"


def gravest(states: Iterable[str]) -> str:
    """The state that counts for all."""
    found = set(states)
    return next(one for one in _GRAVITY if one in found)


def state(report: Report) -> str:
    """The gravest of the verdict's state and of the states of the users that a file listed."""
    return gravest({_STATES[report.verdict.status], *(_STATES[user.status] for user in report.users)})


def _lines(report: Report) -> Iterator[str]:
    steps = report.steps
    counts = {status: sum(step.status is status for step in steps) for status in Status}
    # Steps run side by side: the sum of their times would be longer than the walk.
    longest = max((step.took_ms for step in steps), default=0)
    data = (
        f"steps={len(steps)} failed={counts[Status.FAILED]} warning={counts[Status.WARNING]} "
        f"unknown={counts[Status.UNKNOWN]} slowest={longest / 1000:.3f}s"
    )
    yield f"{report.runbook.upper()} {state(report)} - {_told(report.verdict.headline)} | {data}"
    worth = [step for step in steps if step.status not in {Status.OK, Status.NOT_APPLICABLE} or step.source]
    for _, alike in groupby(worth, told_once):
        step, *others = alike
        titles = f"{step.title} and {len(others)} more" if others else step.title
        yield f"{step.status}: {_told(f'{titles}: {step.headline}')}"
    for user in report.users:
        if user.status is not Status.OK:
            yield f"{user.status}: {_told(user.headline)}"
    notes = {step.title: step.note for step in steps if step.note}
    if report.verdict.note:
        notes["verdict"] = report.verdict.note
    for about, note in notes.items():
        yield f"note: {_told(f'{about}: {note}')}"
    if report.told:
        yield f"told: {_told(report.told)}"
    yield from _of_when(report)
    if elsewhere := report.verdict.not_from_here:
        told = ", ".join(f"{len(seen)} {AT_SEAT[seat]}" for seat, seen in elsewhere.items())
        yield f"not from here: steps to walk elsewhere, {told}"
    for was in mended(report):
        yield f"well again: {_told(was)}"
    if left := not_walked(report):
        yield f"not walked: {left}"
    if report.verdict.cause:
        yield f"cause: {_told(report.verdict.cause)}"
    for action in report.verdict.remedies[:3]:
        yield f"fix: {_told(action.command or action.action)}"


def _of_when(report: Report) -> list[str]:
    return [f"evidence of: {minute(report.evidence_at)}"] if report.evidence_at else []


def _told(text: str) -> str:
    # What stands behind a bar is taken for performance data.
    return clean(text, _MOST_CHARACTERS).replace("|", "/")
