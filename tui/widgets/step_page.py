"""What the page of a step says besides its finding: the question, what runs, and what would help it on."""

from collections.abc import Mapping

from textual.content import Content

from checks.knowledge.pasted.commands import command_for
from checks.model import Finding, Status
from checks.probes import Server
from checks.walk import Walk
from tui import path, wanted
from tui.glyphs import plain
from tui.progress import progress
from tui.session import Session
from tui.widgets.lines import ends
from tui.widgets.page import LABEL, QUIET, Page

SLOW = 10
"""Seconds after which a running step says how long it may take."""


def header(session: Session, step_id: str, width: int, is_wide: bool) -> tuple[str, str]:
    """The two ends of the line above: what is walked from where, and which step it has come to.

    Where they do not fit into `width` cells, the seat goes first, then the name of the deployment. The rail names the
    step on a wide screen.
    """
    walk = session.walk
    number, steps = walk.steps.index(step_id) + 1, len(walk.steps)
    title = walk.runbook.stage(step_id).step.title
    right = f"step {number} of {steps}" if is_wide else f"{title} · step {number}/{steps}"
    seat = f"from {walk.deployment.vantage.replace('-', ' ')}"
    kind = "practice" if session.practice else "offline" if walk.journal.began.sources.offline else ""
    lefts = (
        (walk.runbook.title, walk.deployment.name, seat, kind),
        (walk.runbook.title, walk.deployment.name, kind),
        (walk.runbook.title, kind),
    )
    texts = [" · ".join(part for part in left if part) for left in lefts]
    return next((text for text in texts if len(text) + len(right) + 2 <= width), texts[-1]), right


def write_question(page: Page, walk: Walk, step_id: str) -> None:
    """The question of the step, after the steps that were passed over on the way to it."""
    for status, why, titles in (
        (Status.NOT_APPLICABLE, "not seen from here", path.seen_elsewhere(walk, step_id)),
        (Status.SKIPPED, "passed over, for it could tell nothing new", path.made_pointless(walk, step_id)),
    ):
        if titles:
            page.text(f"{page.glyphs.status[status]} {why}: {', '.join(titles)}", QUIET)
            page.blank()
    if step_id in walk.alone:
        page.text("out of its turn: enter goes on where you left the walk", QUIET)
        page.blank()
    page.text(walk.runbook.stage(step_id).step.question, "bold")
    page.blank()


def write_running(page: Page, walk: Walk, step_id: str, seconds: int) -> None:
    """The question that is being asked, for how long the step has been running, and how far it is."""
    now = progress(walk, step_id)
    limit = f" of at most {walk.runbook.stage(step_id).step.limit:.0f} s" if seconds >= SLOW else " s"
    page.line(ends(
        Content.assemble(
            (f"{page.glyphs.running} ASKING".ljust(LABEL), "bold $key"), plain(now.doing, page.glyphs)
        ),
        Content.styled(f"{seconds}{limit}", "$quiet"), page.width, page.glyphs,
    ))  # fmt: skip
    if now.so_far:
        page.labelled("", now.so_far, QUIET)


def write_note(page: Page, walk: Walk, step_id: str) -> None:
    """What a person wrote down about the step, or about the walk under an empty name."""
    note = walk.journal.notes.get(step_id)
    if note:
        page.blank()
        page.labelled("Note", note)


def write_agreement(page: Page, sentence: str) -> None:
    """What stands in the place of a finding where the step acts and was not agreed to yet."""
    page.labelled("To agree", sentence, label_style="bold $warn")
    page.labelled("", "y agrees and runs it. Enter goes on without it.")


def write_what_helps(page: Page, walk: Walk, step_id: str, finding: Finding, accounts: Mapping[Server, str]) -> None:
    """Which key brings what the step could not see: a password typed anew, or a paste."""
    question = wanted.wanted_first(walk, step_id) if wanted.is_wanting(walk, step_id) else None
    if question is not None and finding.command == command_for(question):
        page.labelled("Then", "press p, and paste what it prints")
    elif question is not None:
        page.labelled("Or", f"press p to paste the output of {question.typed()}")
    if finding.status is Status.UNKNOWN:
        page.labelled("Or", "look yourself, and press a to say what it says")
    refused = wanted.refused_at(walk, step_id, accounts)
    if refused is not None:
        page.labelled("Or", f"press t to type the password of {refused.name} anew; each is tried once")
