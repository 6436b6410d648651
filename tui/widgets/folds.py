"""What unfolds below a finding: why it matters, how to do it by hand, and the evidence it rests on."""

from collections.abc import Collection, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from checks.deployment import Deployment
from checks.journal import Asked
from checks.knowledge.pasted.commands import by_hand
from checks.model import Step
from checks.text import clean
from tui.filtering import matching
from tui.origins import origin
from tui.widgets.command import wrap_command
from tui.widgets.lines import does
from tui.widgets.page import QUIET, Page

FOLDS = ("why", "hand", "evidence")
MOST_LINES = 60
"""Lines of one answer that are shown."""
INDENT = 2
UNLISTED = 3
"""Questions that need no list above their answers."""


def write_folds(
    page: Page,
    step: Step[Any],
    deployment: Deployment,
    evidence: Sequence[Asked],
    unfolded: Collection[str],
    link: str,
    words: str = "",
    command: str = "",
) -> None:
    """The three headings in one line while all are folded, otherwise each with what it holds.

    Of the evidence only the lines that hold the words. `command` is what the finding above tells to run.
    """
    page.blank()
    headings = {fold: _heading(page, fold, evidence, words, fold in unfolded) for fold in FOLDS}
    if not unfolded:
        page.line(Content("   ").join(headings.values()))
        return
    for fold in FOLDS:
        with page.part(fold):
            page.line(headings[fold])
            if fold in unfolded:
                _write_fold(page, fold, step, deployment, evidence, link, words, command)
        if fold in unfolded:
            page.blank()


def _heading(page: Page, fold: str, evidence: Sequence[Asked], words: str, is_unfolded: bool) -> Content:
    sign = page.glyphs.unfolded if is_unfolded else page.glyphs.folded
    title = {"why": "Why this matters", "hand": "By hand", "evidence": "Evidence"}[fold]
    # The letter that folds it is underlined.
    at = title.lower().index(fold[0])
    heading = Content.assemble(
        (f"{sign} ", "$key"),
        title[:at],
        (title[at], "underline $key"),
        title[at + 1 :],
        (_measure(evidence) if fold == "evidence" else "", QUIET),
        (page.safe(f", only lines with “{words}”") if fold == "evidence" and words.strip() else "", "$key"),
    )
    return does(heading, f"screen.fold('{fold}')")


def _measure(evidence: Sequence[Asked]) -> str:
    if not evidence:
        return " (none)"
    asked = f"{len(evidence)} question{'s' if len(evidence) > 1 else ''}"
    # No sum of their times: what was asked side by side would be counted twice.
    return f" ({asked})" if any(not one.source for one in evidence) else f" ({asked}, not asked live)"


def _write_fold(
    page: Page,
    fold: str,
    step: Step[Any],
    deployment: Deployment,
    evidence: Sequence[Asked],
    link: str,
    words: str,
    command: str,
) -> None:
    match fold:
        case "why":
            page.text(step.why, indent=INDENT)
            page.blank()
            page.labelled("  Good is", step.good)
            if link:
                page.labelled("  Read", link, "$key")
        case "hand":
            for line in by_hand(step.by_hand(deployment), command):
                _write_by_hand(page, clean(line, 2000))
        case "evidence":
            found = matching(evidence, words)
            if len(found) > UNLISTED:
                _write_list(page, [asked for asked, _ in found])
            for number, (asked, lines) in enumerate(found, 1):
                with page.part(answer_part(number)):
                    _write_asked(page, asked, lines, f"{number} of {len(found)}, " if len(found) > UNLISTED else "")
            if not found:
                page.text("No line has these words." if evidence else "Nothing was asked.", QUIET, INDENT)


def _write_by_hand(page: Page, line: str) -> None:
    if line.startswith("# "):
        page.text(line[2:], indent=INDENT)
    else:
        page.verbatim(wrap_command(line, page.width - INDENT), indent=INDENT, style="$command")


def answer_part(number: int) -> str:
    """The name of the part of the page that holds an answer, counted from 1."""
    return f"answer {number}"


def _write_list(page: Page, evidence: Sequence[Asked]) -> None:
    """A line for each question, by the numbers of their answers below."""
    page.text("The questions. 1 to 9 lead to the answers.", QUIET, INDENT)
    for number, asked in enumerate(evidence, 1):
        room = page.width - INDENT - 4
        question = page.safe(asked.question.typed())
        cut = question if cell_len(question) <= room else set_cell_size(question, room - 3).rstrip() + "..."
        page.line(Content.assemble(" " * INDENT, (f"{number:>2}  ", "$key"), (cut, "$command")))


def _write_asked(page: Page, asked: Asked, lines: Sequence[str], place: str) -> None:
    page.blank()
    page.verbatim([clean(asked.question.typed(), 2000)], indent=INDENT, style="$command")
    page.text(f"{place}{origin(asked)}", QUIET, INDENT)
    for line in lines[:MOST_LINES]:
        page.verbatim([clean(line, 1000)], indent=2 * INDENT)
    if len(lines) > MOST_LINES:
        more = f"{len(lines) - MOST_LINES} more lines; / shows those with the words that you look for"
        page.text(more, QUIET, 2 * INDENT)
