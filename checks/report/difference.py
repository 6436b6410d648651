"""What differs between two walks of one runbook: since it worked, from another seat, of another Edge."""

from collections.abc import Iterator
from difflib import unified_diff

from checks.journal import Asked, Journal
from checks.model import Finding, Frozen, Reason, Runbook, Status, Vantage
from checks.probes import Unanswered
from checks.report import SCHEMA, as_json
from checks.report.text import AT_SEAT, SIGNS, WIDTH, wrapped
from checks.text import clean
from checks.walk import verdict_of

_MOST_LINES = 60
"""Of one answer that changed; the rest is counted."""
_FAULTS = frozenset({Status.FAILED, Status.WARNING})
_NOBODY_TO_ASK = frozenset({Reason.MISSING_INPUT, Reason.MISSING_DEPENDENCY, Reason.NOT_POSSIBLE_HERE})


class Seen(Frozen, frozen=True):
    """One of the two walks."""

    began: str
    vantage: str
    deployment: str
    verdict: Status
    cause: str | None
    headline: str


class Told(Frozen, frozen=True):
    """What a step concluded in one of them."""

    status: Status
    answer: str
    headline: str


class ChangedAnswer(Frozen, frozen=True):
    """A question that both walks asked and that was answered otherwise; lines begin with `-`, `+` or a blank."""

    question: str
    lines: tuple[str, ...]
    left_out: int = 0


class ChangedStep(Frozen, frozen=True):
    """A step that concluded otherwise, or that only one of the walks has."""

    id: str
    title: str
    before: Told | None
    after: Told | None
    answers: tuple[ChangedAnswer, ...] = ()


class Difference(Frozen, frozen=True):
    """Two walks of one runbook, and the steps in which they differ, in causal order."""

    schema: int
    runbook: str
    before: Seen
    after: Seen
    steps: tuple[ChangedStep, ...]
    same: int
    """Steps that concluded the same in both."""
    not_before: dict[str, str] = {}
    """The titles, by step, of what only the seat of the second walk sees, and where it found no fault."""
    not_after: dict[str, str] = {}
    """The titles of what only the seat of the first sees."""

    @property
    def is_none(self) -> bool:
        return not self.steps


def difference_of(before: Journal, after: Journal, runbook: Runbook) -> Difference:
    """What changed from one walk to the other. Evidence is compared where the conclusion differs, and both asked for it.

    That one seat sees what the other cannot see is no change; a fault that it sees there is one.
    """
    walked = [step for step in runbook.step_ids if step in before.concluded or step in after.concluded]
    titles = {step: runbook.stage(step).step.title for step in walked}
    not_before = {step: titles[step] for step in walked if _sees_alone(after, before, step)}
    not_after = {step: titles[step] for step in walked if _sees_alone(before, after, step)}
    compared = [step for step in walked if step not in not_before | not_after]
    changed = [_changed(step, before, after, runbook) for step in compared]
    steps = tuple(step for step in changed if step is not None)
    return Difference(
        schema=SCHEMA,
        runbook=runbook.name,
        before=_seen(before, runbook),
        after=_seen(after, runbook),
        steps=steps,
        same=len(compared) - len(steps),
        not_before=not_before,
        not_after=not_after,
    )


def write(difference: Difference, form: str, width: int = 0) -> str:
    """The difference as `text` or `json`, with a final line break."""
    if form == "json":
        return as_json(difference)
    return "\n".join(_lines(difference, width or WIDTH)) + "\n"


def _sees_alone(seeing: Journal, other: Journal, step_id: str) -> bool:
    """True where a step found no fault in one walk, and the seat of the other does not see it."""
    seen, unseen = seeing.concluded.get(step_id), other.concluded.get(step_id)
    if seen is None or unseen is None or seen.finding.status in _FAULTS or _is_not_for_its_seat(seen.finding):
        return False
    return _is_not_for_its_seat(unseen.finding)


def _is_not_for_its_seat(finding: Finding) -> bool:
    return finding.status is Status.NOT_APPLICABLE and bool(finding.seen_from)


def _changed(step_id: str, before: Journal, after: Journal, runbook: Runbook) -> ChangedStep | None:
    one, other = _told(before, step_id), _told(after, step_id)
    if one and other and (one.status, one.answer, one.headline) == (other.status, other.answer, other.headline):
        return None
    return ChangedStep(
        id=step_id,
        title=runbook.stage(step_id).step.title,
        before=one,
        after=other,
        answers=tuple(_changed_answers(before.evidence(step_id), after.evidence(step_id))) if one and other else (),
    )


def _changed_answers(before: tuple[Asked, ...], after: tuple[Asked, ...]) -> Iterator[ChangedAnswer]:
    """The same question is the one that is typed the same: from another seat it may have gone another way."""
    told = {asked.question.typed(): _lasting(asked) for asked in before if _was_asked(asked)}
    for asked in filter(_was_asked, after):
        question, lines = asked.question.typed(), _lasting(asked)
        if question in told and told[question] != lines:
            differing = list(unified_diff(told[question], lines, n=1, lineterm=""))[2:]
            kept = tuple(clean(line, 300) for line in differing if not line.startswith("@@"))
            yield ChangedAnswer(question=question, lines=kept[:_MOST_LINES], left_out=max(0, len(kept) - _MOST_LINES))


def _was_asked(asked: Asked) -> bool:
    """False where there was nobody to ask: what the other walk was told is then no change."""
    return not (isinstance(asked.answer, Unanswered) and asked.answer.reason in _NOBODY_TO_ASK)


def _lasting(asked: Asked) -> tuple[str, ...]:
    """The lines of an answer without the moment at which it was given."""
    return tuple(line for line in asked.answer.lines() if not line.startswith("Date: "))


def _told(journal: Journal, step_id: str) -> Told | None:
    concluded = journal.concluded.get(step_id)
    if concluded is None:
        return None
    finding = concluded.finding
    return Told(status=finding.status, answer=finding.answer, headline=finding.headline)


def _seen(journal: Journal, runbook: Runbook) -> Seen:
    verdict = verdict_of(runbook, journal)
    began = journal.began
    return Seen(
        began=began.at,
        vantage=began.deployment.vantage,
        deployment=began.deployment.name,
        verdict=verdict.status,
        cause=verdict.cause,
        headline=verdict.headline,
    )


def _lines(difference: Difference, width: int) -> Iterator[str]:
    for label, seen in (("Before", difference.before), ("After", difference.after)):
        when = seen.began[:16].replace("T", " ")
        told = f"{SIGNS[seen.verdict]} {seen.deployment} from {seen.vantage}, {when} UTC: {seen.headline}"
        yield from wrapped(told, "        ", width, first=f"{label:<8}")
    for step in difference.steps:
        yield ""
        yield from wrapped(f"{step.title} ({step.id})", "  ", width)
        for sign, told_step in (("-", step.before), ("+", step.after)):
            line = f"{SIGNS[told_step.status]} {told_step.headline}" if told_step else "not walked"
            yield from wrapped(line, "         ", width, first=f"  {sign} ")
        for answer in step.answers:
            yield f"    > {clean(answer.question, 300)}"
            yield from (f"      {line}" for line in answer.lines)
            if answer.left_out:
                yield f"      ({answer.left_out} more lines differ)"
    yield ""
    for label, titles in _seen_by_one(difference):
        yield from wrapped(f"{label}: {', '.join(titles)}", "  ", width, first="")
    if difference.steps:
        yield f"{difference.same} steps concluded the same."
    elif difference.not_before or difference.not_after:
        yield "Both concluded the same in every step that both see."
    else:
        yield "Both concluded the same in every step."


def _seen_by_one(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    """What only one of the walks can see, with a label; the steps by their titles."""
    before, after = difference.before.vantage, difference.after.vantage
    for name, seat, steps in (("before", before, difference.not_before), ("after", after, difference.not_after)):
        if steps:
            label = f"Not seen {name}" if before == after else f"Not seen {AT_SEAT[Vantage(seat)]}"
            yield label, list(steps.values())
