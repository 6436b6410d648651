"""What was checked again: each step as it was, and what it has turned to."""

from collections.abc import Sequence

from textual.content import Content

from checks.model import Status
from tui.again import Turned, behind, still_hidden
from tui.glyphs import plain, status_sign
from tui.widgets.finding import STYLES
from tui.widgets.lines import ends
from tui.widgets.page import QUIET, Page
from tui.wording import on_screen

_GAP = "  "
_COLUMN = 12
"""Cells that a status takes at least."""


def write_turned(page: Page, turned: Sequence[Turned], seconds: int | None) -> None:
    """A line for each step, and one for all that stay skipped; `seconds` while they are being asked."""
    running = "" if seconds is None else f"{seconds} s"
    page.line(ends(Content.styled("Checked again", "bold"), Content.styled(running, QUIET), page.width, page.glyphs))
    hidden = still_hidden(turned)
    told = [one for one in turned if one not in hidden]
    before = [status_sign(one.before.status, page.glyphs) for one in told]
    after = [_after(page, one, is_running=seconds is not None) for one in told]
    for one, was, (now, style) in zip(told, before, after, strict=True):
        line = Content.assemble(
            _GAP,
            (_column(was, before), STYLES[one.before.status]),
            (plain("→ ", page.glyphs), QUIET),
            (_column(now, [sign for sign, _ in after]), style),
            page.safe(one.title),
            (page.safe(_why(one)), QUIET),
        )
        page.line(ends(line, Content(""), page.width, page.glyphs))
    if hidden:
        text = f"{'still skipped' if seconds is None else 'waiting'}: {behind(hidden)}"
        page.text(f"{page.glyphs.status[Status.SKIPPED]} {text}", QUIET, len(_GAP))
    page.blank()


def _after(page: Page, one: Turned, *, is_running: bool) -> tuple[str, str]:
    """The new status and its style."""
    if one.after is not None:
        return status_sign(one.after.status, page.glyphs), f"bold {STYLES[one.after.status]}"
    return (f"{page.glyphs.running} ASKING", "$key") if is_running else ("not asked", QUIET)


def _column(sign: str, signs: Sequence[str]) -> str:
    """The sign in a column that has room for all of them."""
    return sign.ljust(max(_COLUMN, *(len(one) + len(_GAP) for one in signs)))


def _why(one: Turned) -> str:
    """What was found. That it is well again needs no words."""
    return f": {on_screen(one.after.headline)}" if one.after is not None and one.after.status is not Status.OK else ""
