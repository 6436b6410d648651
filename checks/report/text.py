"""The report as plain text: a line a step, then the verdict. Every status is a word."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from checks.brought import minute
from checks.knowledge.command_lines import wrap_command
from checks.model import Status, Vantage, labels
from checks.report import Action, Report, ReportedStep, ReportedUser
from checks.text import clean

WIDTH = 96
"""Columns of a report that goes to no terminal."""
SIGNS = {
    Status.OK: "[ok]",
    Status.WARNING: "[!!]",
    Status.FAILED: "[XX]",
    Status.UNKNOWN: "[??]",
    Status.NOT_APPLICABLE: "[--]",
    Status.SKIPPED: "[>>]",
}
AT_SEAT = {
    Vantage.FRONT_END: "at the Front End",
    Vantage.EDGE: "at the Edge",
    Vantage.INSIDE: "inside",
    Vantage.OUTSIDE: "outside",
}
"""Where a seat is, behind a verb."""
_NOT_LOOKED_AT = frozenset({Status.NOT_APPLICABLE, Status.SKIPPED})
_WORTH_READING = frozenset({Status.FAILED, Status.WARNING, Status.UNKNOWN})


def text(report: Report, width: int = 0) -> str:
    """The report for a terminal of so many columns, or with 0 for a pipe or a mail.

    Of what is right it tells the headline alone. On a terminal long commands are folded as PowerShell reads them;
    elsewhere they stay one line.
    """
    return "\n".join(_lines(report, width)) + "\n"


def step_lines(step: ReportedStep, width: int = 0, *, brief: bool = False) -> Iterator[str]:
    """One step: its sign and headline; unless brief, what else was seen and the command that would settle it."""
    told = f"{with_status(step.title, step.status)}: {step.headline}"
    yield from wrapped(told, "     ", width, first=f"{SIGNS[step.status]} ")
    for line in () if brief else step.detail:
        yield from wrapped(line, "     ", width)
    if step.command and not brief:
        yield from _command_lines(step.command, "     Run   ", width)
    if step.note:
        yield from wrapped(step.note, "           ", width, first="     Note  ")


def with_status(title: str, status: Status) -> str:
    """A title with its status as a word, which a sign is not where it is read aloud; what is fine needs none."""
    return title if status is Status.OK else f"{title}, {status.replace('-', ' ')}"


def is_brief(step: ReportedStep) -> bool:
    """True for a step of which the headline is enough. What a person stated is told whole."""
    return step.status in {Status.OK, Status.NOT_APPLICABLE} and not step.source


def _lines(report: Report, width: int) -> Iterator[str]:
    yield from wrapped(f"{report.title} of {report.deployment.name}, {seen_from(report)}", "", width)
    yield from told_lines(report, width)
    yield ""
    for _, alike in groupby(report.steps, told_once):
        step, *others = alike
        titles = ", ".join([step.title, *(other.title for other in others)])
        yield from step_lines(msgspec.structs.replace(step, title=titles), width, brief=is_brief(step))
    yield ""
    if report.users:
        yield from _users(report.users, width)
        yield ""
    verdict = report.verdict
    yield from wrapped(f"{verdict.status.upper()}  {verdict.headline}", "", width)
    for line in verdict.detail:
        yield from wrapped(line, "  ", width)
    if verdict.remedies:
        yield ""
        yield from remedy_lines(verdict.remedies, width)
    yield from _rest(report, width)


def told_once(step: ReportedStep) -> str:
    """Equal for steps in a row of which the same is told: those that were not looked at, for one reason."""
    alike = step.status in _NOT_LOOKED_AT and not (step.note or step.source)
    return step.headline if alike else step.id


def _users(users: tuple[ReportedUser, ...], width: int) -> Iterator[str]:
    """How many users there are of each status, then each that is not fine."""
    counts = Counter(user.status for user in users)
    told = ", ".join(f"{counts[status]} {status}" for status in SIGNS if counts[status])
    yield f"{len(users)} users: {told}"
    for user in users:
        if user.status is not Status.OK:
            yield from wrapped(user.headline, "     ", width, first=f"{SIGNS[user.status]} ")
            for action in user.remedies:
                if action.command:
                    yield from _command_lines(action.command, "     Fix   ", width)
                    yield from wrapped(action.risk, "           ", width, first="     Risk  ")


def _rest(report: Report, width: int) -> Iterator[str]:
    verdict = report.verdict
    for label, lines in beside_the_cause(report):
        yield ""
        yield f"{label}:"
        for line in lines:
            yield from wrapped(line, "  ", width)
    if verdict.not_agreed:
        yield ""
        yield from wrapped(f"Not run: {not_run(report)}", "", width)
    if verdict.note:
        yield ""
        yield from wrapped(f"Note: {verdict.note}", "", width)
    if verdict.cause:
        yield ""
        yield f"Cause: {clean(verdict.cause, 120)}"
    links = tuple(dict.fromkeys(step.link for step in report.steps if step.link and step.status in _WORTH_READING))
    for link in links[:3]:
        yield f"Read:  {clean(link, 300)}"


def told_lines(report: Report, width: int) -> list[str]:
    """What the walk began from, where something was told."""
    return wrapped(report.told, "      ", width, first="Told: ") if report.told else []


def seen_from(report: Report) -> str:
    """The seat of a walk, in practice its scenario, and when it began; for one line."""
    practice = f", practice scenario {clean(report.scenario, 60)}" if report.scenario else ""
    return f"seen from {report.deployment.vantage}{practice}, {began_at(report)}"


def began_at(report: Report) -> str:
    """When the walk began, to the minute, and of when its evidence is where that is older."""
    old = f", evidence of {minute(report.evidence_at)}" if report.evidence_at else ""
    return f"{clean(report.began[:16].replace('T', ' '))} UTC{old}"


def beside_the_cause(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the verdict tells beside its cause: a label and its lines, where there are any. Steps go by their titles."""
    verdict = report.verdict
    headlines = {f"{step.id}/{step.answer}": f"{step.title}: {step.headline}" for step in report.steps}
    titles = {step.id: step.title for step in report.steps}
    for label, lines in (
        ("Because of it", verdict.consequences),
        ("Also", tuple(headlines.get(fault, fault) for fault in verdict.also)),
        ("Well again", mended(report)),
        ("Not known", tuple(titles.get(step, step) for step in verdict.unknown)),
        ("Not from here", seen_elsewhere(verdict.not_from_here, titles)),
        ("Not walked", (left,) if (left := not_walked(report)) else ()),
    ):
        if lines:
            yield label, lines


def mended(report: Report) -> tuple[str, ...]:
    """A line for each fault that was found in this walk and is there no more: the title of its step, and what it was."""
    titles = {step.id: step.title for step in report.steps}
    return tuple(f"{titles[step]} (was: {was})" for step, was in report.verdict.mended.items() if step in titles)


def not_walked(report: Report) -> str:
    """How many steps a walk that was cut short left out; empty where it was not, or where its verdict says so."""
    left = report.steps_to_walk - len(report.steps)
    return f"{left} of {report.steps_to_walk} steps" if left > 0 and report.verdict.status is not Status.OK else ""


def seen_elsewhere(steps: Mapping[Vantage, Sequence[str]], titles: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each seat that sees what the seat of the walk does not: where to walk, and for which steps."""
    return tuple(f"Walk {AT_SEAT[seat]} for {', '.join(titles[step] for step in seen)}" for seat, seen in steps.items())


def not_run(report: Report) -> str:
    """Which steps were not run because nobody agreed to them, and how they are; for one line."""
    titles = [step.title for step in report.steps if step.id in report.verdict.not_agreed]
    return f"{', '.join(titles)}. They sign in as the users; --sign-in, or y at the step in the wizard, runs them."


def remedy_lines(actions: Sequence[Action], width: int = 0) -> Iterator[str]:
    """Remedies one after the other, with a blank line between two."""
    for number, (label, action) in enumerate(labelled(actions)):
        if number:
            yield ""
        yield from _action_lines(label, action, width)


def labelled(actions: Sequence[Action]) -> Iterator[tuple[str, Action]]:
    """Each remedy with its heading: `Fix` where there is one, numbered where there are several, `Or` where one is enough."""
    return zip(labels(actions), actions, strict=True)


def _action_lines(label: str, action: Action, width: int) -> Iterator[str]:
    """One remedy: what to do, who may, at what risk, and how to see that it helped."""
    first = f"  {label:<8}"
    if action.command:
        yield from _command_lines(action.command, first, width)
    else:
        yield from wrapped(action.action, "          ", width, first=first)
    for name, value in (("Who", action.who), ("Risk", action.risk), ("Verify", action.verify)):
        yield from wrapped(value, "          ", width, first=f"  {name:<8}")


def _command_lines(command: str, first: str, width: int) -> Iterator[str]:
    """A command after its label: in one line where no terminal would break it, for it is there to be pasted."""
    line = clean(command, 2000)
    for number, part in enumerate(wrap_command(line, max(width - len(first), 1)) if width else [line]):
        yield f"{' ' * len(first) if number else first}{part}"


def wrapped(line: str, indent: str, width: int, first: str | None = None) -> list[str]:
    """A line of any length as lines of a report, with `first` before the first and `indent` before the others."""
    return textwrap.wrap(
        clean(line, 2000), width or WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
