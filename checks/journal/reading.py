"""A journal is read as hostile input: bounded, versioned, a torn last line ignored."""

import codecs
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import msgspec

from checks.deployment import InvalidName, require_valid
from checks.journal.lines import VERSION, Began, Line, decode
from checks.journal.record import Journal
from checks.refusal import Refused
from checks.text import clean

MOST_BYTES = 64 * 1024 * 1024
MOST_LINE = 8 * 1024 * 1024


class UnreadableJournal(Refused):
    """The file is no journal that this version can read. The text says why, and in which line."""


def read(path: Path, *, append: bool = False) -> Journal:
    """The journal in a file. With `append`, what is added from now on goes to the same file.

    Raises UnreadableJournal with a sentence, and OSError where the file cannot be opened.
    """
    lines = _lines(path)
    journal = Journal(_beginning(path, lines), path if append else None, append=append)
    journal.source = clean(path.name, 100)
    for line in lines:
        journal.take(line)
    return journal


def read_beginning(path: Path) -> Began:
    """How the journal in a file began, whatever follows: that is not read. Raises as `read` does."""
    with closing(_lines(path)) as lines:
        return _beginning(path, lines)


def _beginning(path: Path, lines: Generator[Line, None, None]) -> Began:
    first = next(lines, None)
    if not isinstance(first, Began):
        raise UnreadableJournal(f"{path.name} is no journal of lyncdoctor: its first line does not begin a walk.")
    if first.version > VERSION:
        raise UnreadableJournal(f"{path.name} was written by a newer lyncdoctor (journal version {first.version}).")
    try:
        require_valid(first.deployment, first.sources)
    except InvalidName as error:
        raise UnreadableJournal(f"{path.name} names what cannot be right. {error}") from None
    return first


def _lines(path: Path) -> Generator[Line, None, None]:
    """Its lines one after the other, each read when it is wanted."""
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableJournal(f"{path.name} is larger than {MOST_BYTES // 1024 // 1024} MB; no journal is.")
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MOST_LINE + 1):
            number += 1
            if len(raw) > MOST_LINE:
                raise UnreadableJournal(f"Line {number} of {path.name} is longer than {MOST_LINE // 1024 // 1024} MB.")
            if not raw.strip():
                continue
            try:
                line = decode(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw)
                if line is not None:
                    yield line
            except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
                if number == 1:
                    raise UnreadableJournal(f"{path.name} is no journal of lyncdoctor.") from None
                if not _is_torn(raw, file.peek(1), number):
                    raise UnreadableJournal(f"Line {number} of {path.name} cannot be read: {error}") from None


def _is_torn(raw: bytes, following: bytes, number: int) -> bool:
    """A line cut off by a kill: it does not end as an object does. The first line must be whole."""
    return (number > 1 and not raw.rstrip().endswith(b"}")) or (
        number > 1 and not raw.endswith(b"\n") and not following
    )
