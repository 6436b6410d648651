"""The runbook beside the step: each step with its sign, number, title and time."""

from textual.content import Content

from checks.walk import Walk
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
    shown = steps[first : first + height]
    return [
        _row(walk, step_id, step_id == here, running, glyphs, first + number) for number, step_id in enumerate(shown, 1)
    ]


def _row(walk: Walk, step_id: str, is_here: bool, running: bool, glyphs: Glyphs, number: int) -> Content:
    sign, style, took = _state(walk, step_id, is_here and running, glyphs)
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


def _state(walk: Walk, step_id: str, running: bool, glyphs: Glyphs) -> tuple[str, str, str]:
    concluded = walk.conclusion(step_id)
    if running:
        return glyphs.running, "$key", "looking"
    if concluded is not None:
        sign, style = status_glyph(concluded.finding.status, glyphs)
        return sign, style, milliseconds(concluded.took_ms) if concluded.took_ms else ""
    if walk.is_ahead(step_id):
        return glyphs.ahead, "$quiet", ""
    return glyphs.unseen, "$quiet", ""
