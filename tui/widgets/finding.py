"""A finding on the page: what was seen, what to do about it, who may, at what risk, and how to see that it helped."""

from collections.abc import Mapping, Sequence

from checks.knowledge.pasted.commands import tools_note
from checks.model import Finding, Reason, Remedy, Status, labels
from checks.text import clean
from tui.glyphs import Glyphs, status_sign
from tui.widgets.command import wrap_command
from tui.widgets.page import LABEL, STRONG, Page
from tui.wording import on_screen, with_key

STYLES: dict[Status, str] = {
    Status.OK: "$good",
    Status.WARNING: "$warn",
    Status.FAILED: "$bad",
    Status.UNKNOWN: "$unsure",
    Status.NOT_APPLICABLE: "$quiet",
    Status.SKIPPED: "$quiet",
}

STATED_STYLE = "$unsure"
"""Of a status that a person stated: it was not seen here."""

REASONS: dict[Reason, str] = {
    Reason.TIMEOUT: "no answer came in time",
    Reason.UNREACHABLE: "what should answer cannot be reached from here",
    Reason.DENIED: "the account may not see it, or its password was refused",
    Reason.MISSING_INPUT: "something that this step needs was not given",
    Reason.MISSING_DEPENDENCY: "this computer lacks a part that this step needs",
    Reason.NOT_POSSIBLE_HERE: "this computer cannot look at it, whatever the server does",
    Reason.CANCELLED: "you cancelled it",
    Reason.BUG: "the check crashed",
}

MOST_COMMAND = 20_000


def write_finding(page: Page, finding: Finding, *, stated: bool = False) -> None:
    """The status and all that follows from it. What a person stated has no colour of ours."""
    style = STATED_STYLE if stated else STYLES[finding.status]
    page.labelled(status_sign(finding.status, page.glyphs), on_screen(finding.headline), STRONG, f"bold {style}")
    for line in finding.detail:
        page.labelled("", on_screen(line))
    page.blank()
    if finding.status is Status.UNKNOWN and finding.reason and finding.reason is not Reason.CANCELLED:
        page.labelled("Reason", REASONS[finding.reason])
    if finding.command:
        page.verbatim(wrap_command(safe_command(finding.command), page.width - LABEL), "Run")
        where = tools_note([finding.command])
        if where:
            page.labelled("", where)
    write_remedies(page, finding.remedies)


def write_remedies(page: Page, remedies: Sequence[Remedy], check_key: str = "r") -> None:
    """Each remedy as rows: Fix, Who, Risk, Verify. `check_key` checks again where they are shown."""
    for label, remedy in zip(labels(remedies), remedies, strict=True):
        page.blank()
        command = safe_command(remedy.command())
        if command:
            page.verbatim(wrap_command(command, page.width - LABEL), label, style="$command")
        if remedy.action or not command:
            page.labelled("" if command else label, on_screen(remedy.action))
        verify = with_key(on_screen(remedy.verify), check_key)
        for name, text in (("Who", remedy.who), ("Risk", remedy.risk), ("Verify", verify)):
            if text:
                page.labelled(name, text)


def fixes_of(remedies: Sequence[Remedy]) -> dict[str, str]:
    """What is copied of each remedy, by what stands before it: its command, or its guided action."""
    texts = (safe_command(one.command()) or clean(on_screen(one.action), MOST_COMMAND) for one in remedies)
    return {label: text for label, text in zip(labels(remedies), texts, strict=True) if text}


def all_of(fixes: Mapping[str, str]) -> str:
    """Several fixes in one text, with a blank line between two, each under its label."""
    return "\n\n".join(f"# {label}\n{fix}" for label, fix in fixes.items())


def safe_command(command: str) -> str:
    """One line without control characters: a line break that came from a server must not run when it is pasted."""
    return clean(command, MOST_COMMAND)


def status_glyph(status: Status, glyphs: Glyphs, *, stated: bool = False) -> tuple[str, str]:
    """The sign of a status and its style."""
    return glyphs.status[status], STATED_STYLE if stated else STYLES[status]
