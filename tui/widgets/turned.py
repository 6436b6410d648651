"""What was checked again: each step as it was, and what it has turned to."""

from collections.abc import Sequence

from textual.content import Content

from checks.model import Status
from tui.again import Turned
from tui.glyphs import plain, status_sign
from tui.widgets.finding import STYLES
from tui.widgets.lines import ends
from tui.widgets.page import QUIET, Page

_COLUMN = 12


def write_turned(page: Page, turned: Sequence[Turned], seconds: int | None) -> None:
    """A line for each step; `seconds` while they are being asked."""
    running = "" if seconds is None else f"{seconds} s"
    page.line(ends(Content.styled("Checked again", "bold"), Content.styled(running, QUIET), page.width, page.glyphs))
    for one in turned:
        page.line(ends(_line(page, one, is_running=seconds is not None), Content(""), page.width, page.glyphs))
    page.blank()


def _line(page: Page, one: Turned, *, is_running: bool) -> Content:
    """The old status, an arrow, the new one, and the step."""
    glyphs = page.glyphs
    before = (status_sign(one.before.status, glyphs).ljust(_COLUMN), STYLES[one.before.status])
    if one.after is not None:
        after = (status_sign(one.after.status, glyphs).ljust(_COLUMN), f"bold {STYLES[one.after.status]}")
    else:
        word = f"{glyphs.running} ASKING" if is_running else "not asked"
        after = (word.ljust(_COLUMN), "$key" if is_running else QUIET)
    # That it is well again needs no words.
    why = f": {one.after.headline}" if one.after is not None and one.after.status is not Status.OK else ""
    arrow = (plain("→ ", glyphs), QUIET)
    return Content.assemble("  ", before, arrow, after, page.safe(one.title), (page.safe(why), QUIET))
