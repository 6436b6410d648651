"""What goes with a walk in plain mode: what a long step is doing, notes, the report as a file, a check of what was mended."""

import asyncio
import time

from checks.text import clean
from checks.walk import Walk
from tui.again import Again, behind, still_hidden
from tui.export import TITLES, export, forms
from tui.mending import carry_out
from tui.progress import progress
from tui.prompts import ask, choose, say, show
from tui.session import Session

EVERY = 5.0
"""Seconds between two lines about a step that takes long."""


async def take_note(walk: Walk, step_id: str) -> None:
    """Takes a line about a step, or about the verdict under an empty name."""
    before = walk.journal.notes.get(step_id, "")
    if before:
        say(f"Note: {before}")
    note = await ask("A note, enter leaves it as it is, - removes it: ")
    if note:
        walk.take_note(step_id, "" if note == "-" else note)
        say("Noted." if note != "-" else "Removed.")


async def write_report(walk: Walk) -> None:
    """Writes the report into a new file in the folder one stands in."""
    offered = forms(walk)
    form = offered[await choose([TITLES[form] for form in offered], 0)]
    redact = await choose(["With the names as they are", "With other names and addresses, for strangers"], 0) == 1
    try:
        path = await export(walk.journal, walk.runbook, form, redact=redact)
        # It is there to be pasted, so it stays one line.
        show(f"Written to {clean(str(path), 2000)}")
    except OSError as error:
        say(f"It cannot be written here: {error.strerror or 'no reason given'}.")


async def check_again(walk: Walk) -> bool:
    """Asks anew what failed, and says how each turned out; False where nothing can be asked without consent."""
    again = Again(walk)
    if not again.steps:
        say("Nothing here can be checked again; b goes back to the step.")
        return False
    say("Checking again. Ctrl+c cancels.")
    try:
        await again.run()
    except asyncio.CancelledError:
        go_on_after_cancel()
        again.give_up()
    outcome = again.turned()
    hidden = still_hidden(outcome)
    for turned in outcome:
        if turned in hidden:
            continue
        now = f"now {turned.after.status}: {turned.after.headline}" if turned.after else "not looked at again"
        say(f"{turned.title}: was {turned.before.status}, {now}")
    if hidden:
        say(f"Still skipped: {behind(hidden)}.")
    return True


async def mend(session: Session) -> bool:
    """Carries remedies of the verdict out in the practice deployment; False where none of them was."""
    shown = session.walk.verdict().remedies
    commands = [remedy for remedy in shown if remedy.cmdlet]
    if session.mend is None or not commands:
        return False
    titles = [clean(remedy.command(), 2000) for remedy in commands]
    place = await choose([*titles, "All of them, one after the other"], 0) if len(commands) > 1 else 0
    carried_out = await carry_out(session.mend, commands[place : place + 1] or commands, shown)
    say(carried_out.told)
    return carried_out.is_any


async def tell_progress(walk: Walk, step_id: str) -> None:
    """Says now and then what a step is waiting for, and for how long it has been looking, until it is cancelled."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(EVERY)
        now = progress(walk, step_id)
        count = f" ({now.so_far})" if now.so_far else ""
        say(f"Still looking, {time.monotonic() - began:.0f} s: {now.doing}{count}")


def go_on_after_cancel() -> None:
    """Ctrl+c cancelled what was awaited, and not the dialogue."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
