"""The record of a walk: append-only JSON Lines, flushed line by line, so that a killed walk loses one step at most.

A journal is written by this program and read as hostile input: bounded, versioned, a torn last line ignored.
"""

from checks.journal.lines import MOST_NOTE, PASTED, STATED, VERSION, Asked, Began, Concluded, Line, Noted, Revealed, now
from checks.journal.reading import MOST_BYTES, MOST_LINE, UnreadableJournal, read, read_beginning
from checks.journal.record import Journal, require_new, write_journal

__all__ = [
    "MOST_BYTES",
    "MOST_LINE",
    "MOST_NOTE",
    "PASTED",
    "STATED",
    "VERSION",
    "Asked",
    "Began",
    "Concluded",
    "Journal",
    "Line",
    "Noted",
    "Revealed",
    "UnreadableJournal",
    "now",
    "read",
    "read_beginning",
    "require_new",
    "write_journal",
]
