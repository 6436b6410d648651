"""Where a walk is written down: in the wizard's folder, in the file it was read from, in a copy, or nowhere."""

import errno
import os
from pathlib import Path

import pytest

from checks import journal as journals
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Journal, Noted, now
from checks.runbooks import RUNBOOKS
from tui import headless, keeping, places
from tui.exit_codes import ExitCode

BEGAN = Began(version=VERSION, runbook="mobility", deployment=Deployment(domains=("litwareinc.com",)), at=now())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def juniors(tmp_path: Path) -> Path:
    """The journal of somebody else's walk."""
    path = tmp_path / "junior.jsonl"
    journal = Journal(BEGAN, path)
    journal.add(Noted(note="phones fail since Monday", at=now()))
    journal.close()
    return path


def may_only_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a share of somebody else's. The mode would stop no test that runs as root."""
    opened = os.open

    def refuse(name: Path, flags: int, mode: int = 0o777) -> int:
        if name == path and flags & os.O_WRONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(name, flags, mode)

    monkeypatch.setattr(os, "open", refuse)


def test_a_walk_that_can_be_written_has_no_trouble() -> None:
    journal = keeping.new_journal(BEGAN)
    assert journal.path is not None
    assert places.is_own(journal.path)
    assert keeping.unkept(journal) == ""
    journal.close()


def test_without_a_folder_a_walk_is_in_memory_and_says_so(home: Path) -> None:
    home.write_text("a file, where the folder should be")
    journal = keeping.new_journal(BEGAN)
    assert journal.path is None
    journal.add(Noted(note="kept all the same", at=now()))
    assert journal.notes == {"": "kept all the same"}
    assert keeping.unkept(journal) == "This walk is in no file: Not a directory. It cannot be resumed."


def test_a_file_that_can_be_written_is_added_to(juniors: Path) -> None:
    journal = keeping.going_on(juniors)
    journal.close()
    assert journal.path == juniors
    told = "This walk goes on in junior.jsonl: what is asked from here on is added there."
    assert keeping.goes_on_in(juniors, journal) == told


def test_a_file_that_may_only_be_read_goes_on_in_a_copy(juniors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_only_be_read(juniors, monkeypatch)
    before = juniors.read_bytes()
    journal = keeping.going_on(juniors)
    journal.add(Noted(note="seen by the senior", at=now(), step="mobility.policy"))
    journal.close()
    assert journal.path is not None
    assert places.is_own(journal.path)
    assert journals.read(journal.path).notes == {
        "": "phones fail since Monday",
        "mobility.policy": "seen by the senior",
    }
    assert juniors.read_bytes() == before
    told = "junior.jsonl can only be read: this walk goes on in a copy of your own."
    assert keeping.goes_on_in(juniors, journal) == told
    assert keeping.unkept(journal) == ""


def test_where_no_copy_can_be_either_it_is_still_read(
    juniors: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_only_be_read(juniors, monkeypatch)
    home.write_text("a file, where the folder should be")
    journal = keeping.going_on(juniors)
    assert journal.notes == {"": "phones fail since Monday"}
    assert keeping.goes_on_in(juniors, journal) == ""
    assert "is in no file" in keeping.unkept(journal)


def test_what_cannot_be_read_is_no_walk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keeping.going_on(tmp_path / "nowhere.jsonl")


def test_a_record_that_is_not_complete_is_told_and_the_report_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = os.write

    def full_after_the_beginning(descriptor: int, data: bytes) -> int:
        if b'"kind":"began"' in data:
            return written(descriptor, data)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full_after_the_beginning)
    record = tmp_path / "walk.jsonl"
    order = headless.Order(
        runbook=RUNBOOKS["mobility"],
        deployment=BEGAN.deployment,
        sources=Sources(offline=True),
        record=record,
    )
    assert headless.run(order) == ExitCode.UNKNOWN
    told = capsys.readouterr()
    assert f"{record} is not complete: No space left on device." in told.err
    assert "UNKNOWN" in told.out
