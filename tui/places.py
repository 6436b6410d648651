"""Where files of the wizard lie: in the platform's own places, readable by their owner alone."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from checks import journal
from checks.journal import Journal, UnreadableJournal
from checks.runbooks import RUNBOOKS
from checks.walk import steps_for

MOST_WALKS = 30
"""Older journals are removed when a new walk begins."""


def walks() -> Path:
    """The folder of the journals of walks."""
    from platformdirs import user_state_path

    return user_state_path("lyncdoctor", appauthor=False) / "walks"


def new_walk(runbook: str) -> Path:
    """The path of a new journal. Its name says when and what, and sorts by time."""
    folder = walks()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in sorted(folder.glob("*.jsonl"))[: -MOST_WALKS + 1]:
        # On Windows a journal that another wizard has open cannot be removed: it is the next walk's turn.
        with suppress(OSError):
            old.unlink()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{stamp}-{runbook}.jsonl"


def is_own(path: Path) -> bool:
    """True for a journal in the wizard's own folder; False for a file that lies elsewhere."""
    return path.resolve().parent == walks().resolve()


def farewell(path: Path) -> str:
    """Where the walk that was left is written, and the command that reports this one."""
    latest = newest()
    is_latest = latest is not None and latest.resolve() == path.resolve()
    named = "" if is_latest else f" {_quoted(str(path))}"
    return f"This walk is in {path}\nIts report: lyncdoctor report{named}"


def _quoted(path: str) -> str:
    """A path as a shell takes it in one piece."""
    if sys.platform == "win32":
        return f'"{path}"' if " " in path else path
    return shlex.quote(path)


def unfinished() -> tuple[Path, Journal] | None:
    """The newest journal whose walk did not reach its last step; None where there is none."""
    return next(((path, walked) for path, walked in _readable() if not is_finished(walked)), None)


def newest() -> Path | None:
    """The newest journal that can be read; None where there is none."""
    return next((path for path, _ in _readable()), None)


def _readable() -> Iterator[tuple[Path, Journal]]:
    """The journals that can be read, newest first."""
    for path in sorted(walks().glob("*.jsonl"), reverse=True):
        try:
            yield path, journal.read(path)
        except (OSError, UnreadableJournal):
            continue


def is_finished(walked: Journal) -> bool:
    """True where every step that was to be walked was concluded, or the runbook is not known here."""
    runbook = RUNBOOKS.get(walked.began.runbook)
    if runbook is None:
        return True
    steps = steps_for(runbook, walked.began.symptom, walked.began.told)
    return all(step in walked.concluded for step in steps)
