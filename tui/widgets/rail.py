"""The runbook beside the step: the path that was taken, what was skipped and why, and what lies ahead."""

from typing import NamedTuple

from textual.content import Content

from checks.journal import Concluded
from checks.model import Status
from checks.skipping import pointless_because
from checks.stated import is_stated
from checks.walk import Walk
from tui import path
from tui.glyphs import Glyphs, plain
from tui.origins import milliseconds
from tui.widgets.finding import status_glyph

WIDTH = 36
FROM = 110
"""Cells of the screen from which the rail is shown."""


def rail(walk: Walk, here: str, running: bool, glyphs: Glyphs, height: int) -> list[Content]:
    """At most `height` lines, the current step among them."""
    steps = walk.steps
    first = max(0, min(steps.index(here) - height // 2, len(steps) - height))
    shown = enumerate(steps[first : first + height], first + 1)
    coming = path.coming(walk, here) if walk.conclusion(here) and not running else None
    rows: list[Content] = []
    for number, step_id in shown:
        state = _state(walk, step_id, step_id == here and running, glyphs)
        if step_id == coming and not state.beside:
            state = state._replace(beside="next")
        rows.append(_row(walk, step_id, step_id == here, state, glyphs, number))
    return rows


class _State(NamedTuple):
    sign: str
    style: str
    beside: str
    """What stands at the end of the row."""


def _row(walk: Walk, step_id: str, is_here: bool, state: _State, glyphs: Glyphs, number: int) -> Content:
    sign, style, took = state
    title = plain(walk.runbook.stage(step_id).step.title, glyphs)
    room = WIDTH - len(glyphs.here) - len(sign) - len(took) - 8
    title = title if len(title) <= room else title[: room - 1] + glyphs.ellipsis[:1]
    return Content.assemble(
        (glyphs.here if is_here else " " * len(glyphs.here), "$key"),
        " ",
        (sign, style),
        f" {number:>2} ",
        (title.ljust(room), "bold" if is_here else "" if walk.conclusion(step_id) else "$quiet"),
        " ",
        (took, "$quiet"),
    )


def _beside(walk: Walk, concluded: Concluded) -> str:
    """How long a step took; of one that was skipped, because of what; of what a person said, that he did."""
    finding = concluded.finding
    if is_stated(concluded):
        return "stated"
    if finding.because:
        return _cause(walk, finding.because)
    if finding.status is Status.SKIPPED:
        return "not run" if finding.answer == "not-agreed" else "by you"
    return milliseconds(concluded.took_ms) if concluded.took_ms else ""


def _cause(walk: Walk, because: str) -> str:
    """The number of the step of `step-id/answer`. A journal may have been written by anybody: there may be none."""
    step_id = because.partition("/")[0]
    return f"see {walk.steps.index(step_id) + 1}" if step_id in walk.steps else ""


def _state(walk: Walk, step_id: str, running: bool, glyphs: Glyphs) -> _State:
    concluded = walk.conclusion(step_id)
    if running:
        return _State(glyphs.running, "$key", "looking")
    if concluded is not None:
        sign, style = status_glyph(concluded.finding.status, glyphs, stated=is_stated(concluded))
        return _State(sign, style, _beside(walk, concluded))
    if walk.is_ahead(step_id):
        return _State(glyphs.ahead, "$quiet", "")
    because = pointless_because(walk.runbook.stage(step_id), walk.journal)
    return _State(glyphs.unseen, "$quiet", _cause(walk, because) if because else "")
