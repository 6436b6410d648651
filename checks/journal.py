"""The record of a walk: append-only JSON Lines, flushed line by line, so that a killed walk loses one step at most.

A journal is written by this program and read as hostile input: bounded, versioned, a torn last line ignored.
"""

import codecs
import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from checks.deployment import Deployment, InvalidName, Sources, require_valid
from checks.model import Finding, Frozen, Status
from checks.probes import Answer, Question
from checks.text import clean

VERSION = 1
PASTED = "pasted"
STATED = "stated"
MOST_BYTES = 64 * 1024 * 1024
MOST_LINE = 8 * 1024 * 1024
MOST_NOTE = 500
"""Characters of a note, and of what a person adds to an answer."""


class UnreadableJournal(ValueError):
    """The file is no journal that this version can read. The text says why, and in which line."""


class Began(Frozen, frozen=True, tag="began", tag_field="kind"):
    """The first line. A walk in the lab names its scenario and no source: the next lab has other ports."""

    version: int
    runbook: str
    deployment: Deployment
    at: str
    scenario: str = ""
    sources: Sources = Sources()
    symptom: str = ""
    """The name of the symptom that the walk is to explain; empty: all of the runbook is walked."""
    unseen: bool = False
    """True in the lab while the learner has not been told the scenario."""


class Asked(Frozen, frozen=True, tag="asked", tag_field="kind"):
    """One question of the world and its answer."""

    question: Question
    answer: Answer
    seat: str
    at: str
    took_ms: int
    source: str = ""
    """Where the answer comes from if it was not asked live: a journal's file name, or PASTED."""


class Concluded(Frozen, frozen=True, tag="concluded", tag_field="kind"):
    """What a step concluded. A later line about the same step replaces an earlier one."""

    step: str
    finding: Finding
    at: str
    took_ms: int = 0
    facts: dict[str, Any] | None = None
    """The step's facts as JSON has them; None where nothing was gathered."""
    evidence: tuple[Question, ...] = ()
    """The questions it rests on; their answers are in the `asked` lines before it."""
    source: str = ""
    """STATED where a person said what it is, and nothing here saw it."""
    alone: bool = False
    """True where the user went to this step out of its turn: the walk goes on from where he left."""


class Noted(Frozen, frozen=True, tag="noted", tag_field="kind"):
    """What a person wrote down about a step. A later line about the same step replaces it; an empty note removes it."""

    note: str
    at: str
    step: str = ""
    """Empty: about the verdict."""


class Revealed(Frozen, frozen=True, tag="revealed", tag_field="kind"):
    """The learner named the cause of an unseen scenario, or was told it."""

    at: str


class Raw(Frozen, frozen=True):
    """Output as the collector script writes it: not yet read, in Base64."""

    type: Literal["clixml", "netstat"]
    data: str


class Collected(Frozen, frozen=True, tag="asked", tag_field="kind"):
    """An `asked` line of the collector script."""

    question: Question
    answer: Raw
    seat: str
    at: str
    took_ms: int


class _OfAnyKind(Frozen, frozen=True):
    kind: str


Line = Began | Asked | Concluded | Noted | Revealed
_FAULTS = frozenset({Status.FAILED, Status.WARNING})
_KINDS = frozenset({"began", "asked", "concluded", "noted", "revealed"})
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_collected: msgspec.json.Decoder[Collected] = msgspec.json.Decoder(Collected)
_encoder = msgspec.json.Encoder()


class Journal:
    """A walk's record in memory and, where it has a path, on disk with mode 0600.

    A new record wants a new file: FileExistsError where there is one with content, unless `append` goes on with it.
    """

    def __init__(self, began: Began, path: Path | None = None, *, append: bool = False) -> None:
        self.began = began
        self.path = path
        self.asked: dict[Question, Asked] = {}
        self.concluded: dict[str, Concluded] = {}
        self.faults: dict[str, Finding] = {}
        """By step the fault that it found last, also where it finds none any more."""
        self.notes: dict[str, str] = {}
        """By step; that about the verdict under the empty name."""
        self.source = ""
        """The name of the file that it was read from."""
        self._descriptor: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Windows would write two bytes for a line break.
            binary = getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | binary, 0o600)
            if append:
                self._close_torn_line(path)
            elif os.fstat(self._descriptor).st_size:
                self.close()
                raise FileExistsError(errno.EEXIST, "There is such a file already", str(path))
            else:
                self._write(began)

    def add(self, line: Asked | Concluded | Noted | Revealed) -> None:
        """Takes the line and has it on disk before it returns."""
        self._take(line)
        self._write(line)

    def forget(self, question: Question) -> None:
        """The question is going to be asked anew."""
        self.asked.pop(question, None)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def copy(self) -> "Journal":
        """What is known now, in memory alone, for whoever reads it while the walk goes on."""
        copied = Journal(self.began)
        copied.asked, copied.concluded, copied.notes = dict(self.asked), dict(self.concluded), dict(self.notes)
        copied.faults, copied.source = dict(self.faults), self.source
        return copied

    def evidence(self, step_id: str) -> tuple[Asked, ...]:
        """The questions that a concluded step rests on, with their answers."""
        concluded = self.concluded.get(step_id)
        questions = concluded.evidence if concluded else ()
        return tuple(self.asked[question] for question in questions if question in self.asked)

    def _take(self, line: Line) -> None:
        match line:
            case Asked():
                self.asked[line.question] = line
            case Concluded():
                self.concluded.pop(line.step, None)
                self.concluded[line.step] = line
                if line.finding.status in _FAULTS:
                    self.faults[line.step] = line.finding
            case Noted():
                self.notes.pop(line.step, None)
                if line.note:
                    self.notes[line.step] = clean(line.note, MOST_NOTE)
            case Revealed():
                self.began = msgspec.structs.replace(self.began, unseen=False)

    def _write(self, line: Line) -> None:
        if self._descriptor is None:
            return
        data = _encoder.encode(line) + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]
        os.fsync(self._descriptor)

    def _close_torn_line(self, path: Path) -> None:
        """A walk that was killed while writing left a line without its end: what follows must not join it."""
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
        if torn and self._descriptor is not None:
            os.write(self._descriptor, b"\n")


def read(path: Path, *, append: bool = False) -> Journal:
    """The journal in a file. With `append`, what is added from now on goes to the same file.

    Raises UnreadableJournal with a sentence, and OSError where the file cannot be opened.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableJournal(f"{path.name} is larger than {MOST_BYTES // 1024 // 1024} MB; no journal is.")
    lines = _lines(path)
    first = next(lines, None)
    if not isinstance(first, Began):
        raise UnreadableJournal(f"{path.name} is no journal of lyncdoctor: its first line does not begin a walk.")
    if first.version > VERSION:
        raise UnreadableJournal(f"{path.name} was written by a newer lyncdoctor (journal version {first.version}).")
    try:
        require_valid(first.deployment, first.sources)
    except InvalidName as error:
        raise UnreadableJournal(f"{path.name} names what cannot be right. {error}") from None
    journal = Journal(first, path if append else None, append=append)
    journal.source = clean(path.name, 100)
    for line in lines:
        journal._take(line)
    return journal


def write_journal(journal: Journal, path: Path) -> None:
    """Writes a whole journal to a new file of mode 0600. FileExistsError where there is one with content."""
    written = Journal(journal.began, path)
    notes = [Noted(note=note, at=now(), step=step) for step, note in journal.notes.items()]
    lines: list[Asked | Concluded | Noted] = [*journal.asked.values(), *journal.concluded.values(), *notes]
    try:
        for line in lines:
            written.add(line)
    finally:
        written.close()


def require_new(path: Path) -> None:
    """FileExistsError where a record would write into a file that has content."""
    if path.exists() and path.stat().st_size:
        raise FileExistsError(errno.EEXIST, "There is such a file already", str(path))


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MOST_LINE + 1):
            number += 1
            if len(raw) > MOST_LINE:
                raise UnreadableJournal(f"Line {number} of {path.name} is longer than {MOST_LINE // 1024 // 1024} MB.")
            if not raw.strip():
                continue
            try:
                line = _line(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw)
                if line is not None:
                    yield line
            except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
                if number == 1:
                    raise UnreadableJournal(f"{path.name} is no journal of lyncdoctor.") from None
                if _is_torn(raw, file.peek(1) if hasattr(file, "peek") else b"", number):
                    continue
                raise UnreadableJournal(f"Line {number} of {path.name} cannot be read: {error}") from None


def _line(raw: bytes) -> Line | None:
    """A line; None for one of a kind that only a newer version writes."""
    if b'"clixml"' not in raw and b'"netstat"' not in raw:
        return _own_line(raw)
    try:
        collected = _collected.decode(raw)
    except msgspec.ValidationError:
        return _own_line(raw)
    from checks.knowledge.shell_envelope import collected as decoded

    answer = decoded(collected.answer.type, collected.answer.data, collected.question)
    return Asked(
        question=collected.question, answer=answer, seat=collected.seat, at=collected.at, took_ms=collected.took_ms
    )


def _own_line(raw: bytes) -> Line | None:
    try:
        return _decoder.decode(raw)
    except msgspec.ValidationError:
        if msgspec.json.decode(raw, type=_OfAnyKind).kind in _KINDS:
            raise
    return None


def _is_torn(raw: bytes, following: bytes, number: int) -> bool:
    """A line cut off by a kill: it does not end as an object does. The first line must be whole."""
    return (number > 1 and not raw.rstrip().endswith(b"}")) or (
        number > 1 and not raw.endswith(b"\n") and not following
    )


def now() -> str:
    """The time of day in UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
