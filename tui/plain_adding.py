"""What a person adds to a walk in plain mode: notes, the report as a file, a fault that was mended and is checked again."""

import asyncio

from checks.text import clean
from checks.walk import Walk
from tui.again import Again, behind, still_hidden
from tui.export import TITLES, export
from tui.prompts import ask, choose, say, show
from tui.session import CannotMend, Session


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
    form = list(TITLES)[await choose(list(TITLES.values()), 0)]
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


async def carry_out(session: Session) -> bool:
    """Carries a remedy of the verdict out in the practice deployment; False where that could not be."""
    commands = [remedy for remedy in session.walk.verdict().remedies if remedy.cmdlet]
    if session.mend is None or not commands:
        return False
    titles = [clean(remedy.command(), 2000) for remedy in commands]
    place = await choose([*titles, "All of them, one after the other"], 0) if len(commands) > 1 else 0
    try:
        for remedy in [commands[place]] if place < len(commands) else commands:
            say(await session.mend(remedy))
    except CannotMend as refusal:
        say(str(refusal))
        return False
    return True


def go_on_after_cancel() -> None:
    """Ctrl+c cancelled what was awaited, and not the dialogue."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
