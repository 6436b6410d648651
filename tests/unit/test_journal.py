"""The journal: flushed, private, bounded, and read as hostile input."""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import journal as journals
from checks.deployment import Deployment, Sources
from checks.journal import MOST_NOTE, VERSION, Asked, Began, Concluded, Journal, Noted, UnreadableJournal, now, reading
from checks.model import Finding, Reason, Status
from checks.probes import Cmdlet, Objects, Unanswered

QUESTION = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
ASKED = Asked(question=QUESTION, answer=Objects(objects=({"Enabled": True},)), seat="inside", at=now(), took_ms=5)
CONCLUDED = Concluded(step="mobility.user-enabled", finding=Finding(answer="enabled", status=Status.OK, headline="Fine."),
                      at=now(), evidence=(QUESTION,))  # fmt: skip


def began(**more: Any) -> Began:
    return Began(
        version=VERSION, runbook="mobility", deployment=Deployment(domains=("litwareinc.com",)), at=now(), **more
    )


def written(path: Path) -> Path:
    journal = Journal(began(), path)
    journal.add(ASKED)
    journal.add(CONCLUDED)
    journal.close()
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    journal = journals.read(written(tmp_path / "walk.jsonl"))
    assert journal.began.deployment.domain == "litwareinc.com"
    assert journal.concluded[CONCLUDED.step] == CONCLUDED
    assert journal.evidence(CONCLUDED.step) == (ASKED,)


def test_a_fault_is_remembered_when_it_is_no_more(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal = Journal(began(), path)
    disabled = Finding(answer="not-enabled", status=Status.FAILED, headline="Enabled is False.")
    journal.add(Concluded(step=CONCLUDED.step, finding=disabled, at=now()))
    journal.add(CONCLUDED)
    journal.close()
    for known in (journal, journal.copy(), journals.read(path)):
        assert known.concluded[CONCLUDED.step] == CONCLUDED
        assert known.faults == {CONCLUDED.step: disabled}


def test_a_copy_on_disk_keeps_what_was_mended(tmp_path: Path) -> None:
    journal = Journal(began())
    disabled = Finding(answer="not-enabled", status=Status.FAILED, headline="Enabled is False.")
    journal.add(Concluded(step=CONCLUDED.step, finding=disabled, at=now()))
    assert journal.mended() == ()
    journal.add(CONCLUDED)
    assert [one.finding for one in journal.mended()] == [disabled]
    journals.write_journal(journal, tmp_path / "copy.jsonl")
    copy = journals.read(tmp_path / "copy.jsonl")
    assert copy.mended() == journal.mended()
    assert copy.concluded == journal.concluded


def test_every_line_is_on_disk_before_the_next_step(tmp_path: Path) -> None:
    journal = Journal(began(), tmp_path / "walk.jsonl")
    journal.add(ASKED)
    assert len((tmp_path / "walk.jsonl").read_bytes().splitlines()) == 2
    journal.close()


def test_a_full_disk_ends_no_walk_and_tears_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = [0]
    write = os.write

    def write_into_what_room_is_left(descriptor: int, data: bytes) -> int:
        taken = data[: room[0]]
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room[0] -= len(taken)
        return write(descriptor, taken)

    path = tmp_path / "walk.jsonl"
    journal = Journal(began(), path)
    monkeypatch.setattr(os, "write", write_into_what_room_is_left)
    room[0] = 10
    journal.add(ASKED)
    journal.add(CONCLUDED)
    assert journal.trouble is not None
    assert journal.trouble.errno == errno.ENOSPC
    assert journal.concluded[CONCLUDED.step] == CONCLUDED
    assert not journals.read(path).concluded, "what a kill would leave is read as far as it goes"
    room[0] = 100_000
    journal.add(Noted(note="there is room again", at=now()))
    journal.close()
    assert journal.trouble is None
    read = journals.read(path)
    assert read.evidence(CONCLUDED.step) == (ASKED,)
    assert read.notes == {"": "there is room again"}


def test_a_record_that_cannot_be_begun_or_written_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = journals.read(written(tmp_path / "walk.jsonl"))
    room = [200]
    write = os.write

    def write_while_there_is_room(descriptor: int, data: bytes) -> int:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", write_while_there_is_room)
    with pytest.raises(OSError, match="No space left"):
        journals.write_journal(whole, tmp_path / "other.jsonl")
    with pytest.raises(OSError, match="No space left"):
        Journal(began(), tmp_path / "new.jsonl")


def test_it_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "walks" / "walk.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_record_never_writes_into_another_file(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with pytest.raises(FileExistsError):
        Journal(began(), other)
    assert other.read_text() == "mine"


def test_a_torn_last_line_is_ignored_and_what_follows_does_not_join_it(tmp_path: Path) -> None:
    path = written(tmp_path / "walk.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    journal = journals.read(path, append=True)
    assert journal.concluded == {}
    assert QUESTION in journal.asked
    journal.add(CONCLUDED)
    journal.close()
    assert journals.read(path).concluded == {CONCLUDED.step: CONCLUDED}


@pytest.mark.parametrize("content", [
    b"", b"\n", b"not json\n", b"[1,2]\n", b"\xff\xfe\x00", b'{"kind":"asked"}\n', b'{"kind":"began"}\n', b"null\n",
    b'{"kind":"began","version":99,"runbook":"mobility","deployment":{},"at":"x"}\n',
    b"[" * 100_000 + b"\n",
])  # fmt: skip
def test_what_is_no_journal_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableJournal, match=r"walk\.jsonl"):
        journals.read(path)


def test_a_broken_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "walk.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b'{"kind":"asked","question":{"type":"shell"}}\n' + b"".join(lines[1:]))
    with pytest.raises(UnreadableJournal, match="Line 2"):
        journals.read(path)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LINE", 1000)
    path = written(tmp_path / "walk.jsonl")
    with path.open("ab") as file:
        file.write(b"x" * 5000)
    with pytest.raises(UnreadableJournal, match="longer than"):
        journals.read(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    path = written(tmp_path / "walk.jsonl")
    for reads in (journals.read, journals.read_beginning):
        with pytest.raises(UnreadableJournal, match="larger"):
            reads(path)


def test_what_follows_a_beginning_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    Journal(began(), path).close()
    with path.open("ab") as file:
        file.write(b'{"kind":"asked"}\n')
    assert journals.read_beginning(path).deployment.domain == "litwareinc.com"
    with pytest.raises(UnreadableJournal, match="Line 2"):
        journals.read(path)


def test_values_that_cannot_be_a_key_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "walk.jsonl")
    line = {"kind": "asked", "question": {"type": "shell", "name": "Get-X", "parameters": [["Identity", {"a": 1}]]},
            "answer": {"type": "objects"}, "seat": "inside", "at": "x", "took_ms": 1}  # fmt: skip
    with path.open("ab") as file:
        file.write(json.dumps(line).encode() + b"\n" + b'{"kind":"asked"}\n')
    with pytest.raises(UnreadableJournal):
        journals.read(path)


@given(st.binary(max_size=300))
def test_any_bytes_after_the_first_line_are_read_or_refused(garbage: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.jsonl"
        written(path)
        with path.open("ab") as file:
            file.write(garbage)
        try:
            journal = journals.read(path)
        except UnreadableJournal:
            return
        assert CONCLUDED.step in journal.concluded


def test_a_walk_in_the_lab_names_its_scenario_and_no_source(tmp_path: Path) -> None:
    journal = Journal(began(scenario="policy-disabled"), tmp_path / "walk.jsonl")
    journal.close()
    read = journals.read(tmp_path / "walk.jsonl")
    assert read.began.scenario == "policy-disabled"
    assert read.began.sources == Sources()


def test_what_is_unknown_round_trips(tmp_path: Path) -> None:
    journal = Journal(began(), tmp_path / "walk.jsonl")
    unanswered = Asked(
        question=QUESTION, answer=Unanswered(reason=Reason.DENIED, detail="No."), seat="edge", at=now(), took_ms=0
    )
    journal.add(unanswered)
    journal.close()
    assert journals.read(tmp_path / "walk.jsonl").asked[QUESTION] == unanswered


def test_a_note_replaces_the_one_before_and_an_empty_one_removes_it(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    journal = Journal(began(), path)
    for step, note in (("a.b", "first"), ("", "of all"), ("a.b", "second"), ("", "")):
        journal.add(Noted(note=note, at=now(), step=step))
    journal.close()
    read = journals.read(path)
    assert read.notes == journal.notes == {"a.b": "second"}
    journals.write_journal(read, tmp_path / "other.jsonl")
    assert journals.read(tmp_path / "other.jsonl").notes == {"a.b": "second"}


def test_a_note_is_harmless_and_no_longer_than_may_be(tmp_path: Path) -> None:
    journal = Journal(began())
    journal.add(Noted(note="\x1b[31m" + "x" * 10_000, at=now(), step="a.b"))
    assert "\x1b" not in journal.notes["a.b"]
    assert len(journal.notes["a.b"]) <= MOST_NOTE


def test_a_line_of_a_kind_that_a_newer_version_writes_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "walk.jsonl")
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'{"kind":"measured","of":{"x":[1,2]}}\n' + b"".join(rest))
    assert CONCLUDED.step in journals.read(path).concluded


@pytest.mark.parametrize("line", [b'{"kind":"noted"}', b'{"kind":7}', b'{"kindred":"x"}'])
def test_a_line_that_is_none_of_any_version_is_refused(line: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "walk.jsonl")
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line + b"\n" + b"".join(rest))
    with pytest.raises(UnreadableJournal, match="Line 2"):
        journals.read(path)


def test_a_copy_does_not_change_with_the_journal() -> None:
    journal = Journal(began())
    copied = journal.copy()
    journal.add(CONCLUDED)
    journal.add(Noted(note="x", at=now()))
    assert (copied.concluded, copied.notes) == ({}, {})


def test_names_that_are_found_stand_in_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    first = began()
    journal = Journal(first, path)
    assert journals.read(path).began == first, "it is there before they are looked for"
    journal.begin_with(Deployment(web="lyncweb.contoso.com"))
    journal.add(Noted(note="Asked the owner.", at=now()))
    journal.close()
    read = journals.read(path)
    assert read.began == msgspec.structs.replace(first, deployment=Deployment(web="lyncweb.contoso.com"))
    assert read.notes == {"": "Asked the owner."}
