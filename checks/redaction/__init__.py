"""A journal without the names of its deployment, so that it can be handed to a stranger.

Host names are replaced label by label, so that what shared a parent still does; addresses stay in their class; the
same name has the same stand-in everywhere. What stands for what is written nowhere. The redacted evidence leads to
the same conclusions.
"""

from typing import Any, TypeVar

import msgspec

from checks.journal import STATED, Asked, Began, Concluded, Journal, Noted, now
from checks.model import Finding
from checks.redaction.lines import Lines
from checks.runbooks import find_step
from checks.runner import judge_again

__all__ = ["redacted"]

_READINGS = 2
"""The first reading learns, among others, how the host names of this deployment end."""

L = TypeVar("L", Began, Asked, Concluded, Noted)


def redacted(journal: Journal) -> Journal:
    """The same journal with other names, in memory alone."""
    lines = Lines()
    notes = [Noted(note=note, at=now(), step=step) for step, note in journal.notes.items()]
    mended = journal.mended()
    known = (journal.began, *journal.asked.values(), *mended, *journal.concluded.values(), *notes)
    for _ in range(_READINGS):
        for line in known:
            lines.written(msgspec.to_builtins(line))
    lines.settle()
    handed_on = Journal(_written(lines, journal.began))
    for asked in journal.asked.values():
        handed_on.add(_written(lines, asked))
    for fault in mended:
        handed_on.add(_written(lines, fault))
    for concluded in journal.concluded.values():
        handed_on.add(_concluded(lines, concluded))
    for noted in notes:
        handed_on.add(msgspec.structs.replace(noted, note=lines.by_a_person(noted.note)))
    return handed_on


def _written(lines: Lines, line: L) -> L:
    return msgspec.convert(lines.written(msgspec.to_builtins(line)), type(line))


def _concluded(lines: Lines, concluded: Concluded) -> Concluded:
    written = _written(lines, concluded)
    if concluded.source == STATED:
        detail = tuple(map(lines.by_a_person, concluded.finding.detail))
        return msgspec.structs.replace(written, finding=msgspec.structs.replace(written.finding, detail=detail))
    finding = _judged_anew(concluded, written.facts)
    return msgspec.structs.replace(written, finding=finding) if finding else written


def _judged_anew(concluded: Concluded, facts: dict[str, Any] | None) -> Finding | None:
    """The finding made again from the redacted facts; None where that is not how it came about.

    Its sentences are then those of the step with the new names put in, whatever words the old names were.
    """
    step = find_step(concluded.step)
    if step is None or facts is None or concluded.facts is None:
        return None
    if judge_again(step, concluded.facts) != concluded.finding:
        return None
    finding = judge_again(step, facts)
    return finding if finding.answer == concluded.finding.answer else None
