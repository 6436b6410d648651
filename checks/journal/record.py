"""A walk's record, in memory and on disk."""

import errno
import os
from pathlib import Path

import msgspec

from checks.deployment import Deployment
from checks.journal.lines import MOST_NOTE, Asked, Began, Concluded, Line, Noted, Revealed, encode, now
from checks.model import Finding, Status
from checks.probes import Question
from checks.text import clean

_FAULTS = frozenset({Status.FAILED, Status.WARNING})


class Journal:
    """A walk's record in memory and, where it has a path, on disk with mode 0600.

    A new record wants a new file: FileExistsError where there is one with content, unless `append` goes on with it.
    What cannot be written any more, because the disk is full, ends no walk: `trouble` tells why, and each line that is
    added tries again to write all that is missing.
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
        self.trouble: OSError | None = None
        """Why what was added last is on no disk; None where it is, or was never to be."""
        self._descriptor: int | None = None
        self._unwritten = b""
        if path is not None:
            self._open(path, append=append)

    def add(self, line: Asked | Concluded | Noted | Revealed) -> None:
        """Takes the line and has it on disk before it returns; where that cannot be, `trouble` tells why."""
        self.take(line)
        self._write(line)

    def take(self, line: Line) -> None:
        """Takes a line that its file has already."""
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

    def begin_with(self, deployment: Deployment) -> None:
        """The walk begins with names that were found meanwhile. Nothing may have been added yet."""
        self.began = msgspec.structs.replace(self.began, deployment=deployment)
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            self._write(self.began)

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

    def mended(self) -> tuple[Concluded, ...]:
        """The faults that were found and are as they should be now: each as it was concluded."""
        return tuple(
            Concluded(step=step, finding=fault, at=current.at)
            for step, fault in self.faults.items()
            if (current := self.concluded[step]).finding.status is Status.OK
        )

    def _open(self, path: Path, *, append: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Windows would write two bytes for a line break.
        binary = getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | binary, 0o600)
        try:
            if append:
                self._close_torn_line(path)
            else:
                self._begin(path)
        except OSError:
            self.close()
            raise

    def _begin(self, path: Path) -> None:
        if path.stat().st_size:
            raise FileExistsError(errno.EEXIST, "There is such a file already", str(path))
        self._write(self.began)
        if self.trouble is not None:
            raise self.trouble

    def _write(self, line: Line) -> None:
        if self._descriptor is None:
            return
        # After what a full disk did not take, so that no line is torn once there is room again.
        self._unwritten += encode(line)
        try:
            while self._unwritten:
                self._unwritten = self._unwritten[os.write(self._descriptor, self._unwritten) :]
            os.fsync(self._descriptor)
            self.trouble = None
        except OSError as error:
            self.trouble = error

    def _close_torn_line(self, path: Path) -> None:
        """A walk that was killed while writing left a line without its end: what follows must not join it."""
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
        if torn and self._descriptor is not None:
            os.write(self._descriptor, b"\n")


def write_journal(journal: Journal, path: Path) -> None:
    """Writes a whole journal to a new file of mode 0600. FileExistsError where there is one with content.

    OSError where it cannot be written whole.
    """
    written = Journal(journal.began, path)
    notes = [Noted(note=note, at=now(), step=step) for step, note in journal.notes.items()]
    lines: list[Asked | Concluded | Noted] = [
        *journal.asked.values(),
        *journal.mended(),
        *journal.concluded.values(),
        *notes,
    ]
    try:
        for line in lines:
            written.add(line)
        if written.trouble is not None:
            raise written.trouble
    finally:
        written.close()


def require_new(path: Path) -> None:
    """FileExistsError where a record would write into a file that has content."""
    if path.exists() and path.stat().st_size:
        raise FileExistsError(errno.EEXIST, "There is such a file already", str(path))
