"""Where a walk is written down, and what is said where that cannot be: a full disk or a read-only folder ends no walk."""

from pathlib import Path

from checks import journal as journals
from checks.journal import Began, Journal, write_journal
from tui import places


def new_journal(began: Began) -> Journal:
    """A new journal in the wizard's folder; in memory, with its `trouble`, where no file can be there."""
    try:
        return Journal(began, places.new_walk(began.runbook))
    except OSError as error:
        return _in_memory(Journal(began), error)


def going_on(path: Path) -> Journal:
    """The journal in a file, which is added to; where that one may only be read, a copy of it in the wizard's folder.

    Raises as `journals.read` does where it cannot be read.
    """
    read = journals.read(path)
    try:
        return journals.read(path, append=True)
    except OSError:
        return _copied(read)


def _copied(read: Journal) -> Journal:
    try:
        copy = places.new_walk(read.began.runbook)
        write_journal(read, copy)
        return journals.read(copy, append=True)
    except OSError as error:
        return _in_memory(read, error)


def _in_memory(journal: Journal, error: OSError) -> Journal:
    journal.trouble = error
    return journal


def goes_on_in(read: Path, journal: Journal) -> str:
    """What is said where a walk goes on that was read from a file of the user's; empty for the wizard's own."""
    if places.is_own(read):
        return ""
    if journal.path == read:
        return f"This walk goes on in {read.name}: what is asked from here on is added there."
    return "" if journal.path is None else f"{read.name} can only be read: this walk goes on in a copy of your own."


def unkept(journal: Journal) -> str:
    """Why what was seen last is in no file, in a sentence; empty where it is in one."""
    if journal.trouble is None:
        return ""
    reason = journal.trouble.strerror or "no reason given"
    if journal.path is None:
        return f"This walk is in no file: {reason}. It cannot be resumed."
    return f"The journal cannot be written: {reason}. The walk goes on."
