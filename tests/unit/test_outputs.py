"""What a command writes never takes the place of a walk, of evidence or of what it reads."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from checks.refusal import Refused
from tui.cli import main
from tui.exit_codes import ExitCode
from tui.outputs import require_output

JOURNAL = Path(__file__).parents[1] / "journals" / "mobility-healthy.jsonl"


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    return Path(shutil.copy(JOURNAL, tmp_path / "walk.jsonl"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said where a command is refused before anything is asked or written."""
    assert main(arguments) == ExitCode.USAGE
    said = capsys.readouterr()
    assert not said.out
    return said.err


@pytest.mark.parametrize("link", ["", "hard", "symbolic"])
def test_a_report_never_replaces_its_journal(link: str, walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = walk.with_name("report.txt") if link else walk
    if link == "hard":
        os.link(walk, output)
    if link == "symbolic":
        output.symlink_to(walk)
    assert "holds a walk" in refused(capsys, "report", str(walk), "-o", str(output))
    assert walk.read_bytes() == JOURNAL.read_bytes()


def test_a_report_never_replaces_the_evidence(walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = walk.with_name("other.jsonl")
    other.write_bytes(b"\xef\xbb\xbf" + JOURNAL.read_bytes())
    assert "reads" in refused(capsys, "run", "mobility", "--evidence", str(walk), "-o", str(walk))
    assert "holds a walk" in refused(capsys, "run", "mobility", "--evidence", str(walk), "-o", str(other))
    assert walk.read_bytes() == JOURNAL.read_bytes()


def test_a_report_never_replaces_a_list_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    users = tmp_path / "users.txt"
    users.write_text("sip:kenmyer@litwareinc.com\n")
    assert "reads" in refused(capsys, "run", "mobility", "--lab", "healthy", "--users", str(users), "-o", str(users))
    assert users.read_text() == "sip:kenmyer@litwareinc.com\n"


def test_a_report_and_the_record_are_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = refused(capsys, "run", "mobility", "--lab", "healthy", "--record", "b", "-o", str(tmp_path / "." / "b"))
    assert "both name" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("option", ["-o", "--record"])
def test_a_place_that_is_none_is_refused_before_the_walk(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ("run", "mobility", "--lab", "healthy", option)
    assert "is a folder" in refused(capsys, *run, str(tmp_path))
    assert "no folder" in refused(capsys, *run, str(tmp_path / "missing" / "x"))
    assert not list(tmp_path.iterdir()), "nothing is made"


def test_an_older_report_is_replaced(walk: Path) -> None:
    output = walk.with_name("report.json")
    for form in ("json", "text", "json"):
        assert main(["report", str(walk), "-o", str(output), "--format", form]) in {ExitCode.FINE, ExitCode.UNKNOWN}
    assert output.read_text(encoding="utf-8").startswith("{")


def test_the_collector_replaces_its_own_script_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    window, script = tmp_path / "window.txt", tmp_path / "collect.ps1"
    window.write_text("PS C:\\> Get-CsPool")
    named = ("collect", "--sip", "kenmyer@litwareinc.com", "-o")
    assert "no script of lyncdoctor" in refused(capsys, *named, str(window))
    assert window.read_text() == "PS C:\\> Get-CsPool"
    assert [main([*named, str(script)]) for _ in range(2)] == [ExitCode.FINE] * 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_a_full_disk_names_the_file(walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "/dev/full" in refused(capsys, "report", str(walk), "-o", "/dev/full")


def test_a_device_is_not_looked_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    require_output(str(pipe))
    with pytest.raises(Refused):
        require_output(str(tmp_path))


@pytest.mark.parametrize(
    ("option", "content", "sentence"),
    [
        ("--ca-file", b"no certificate\n", "holds no certificate"),
        ("--ca-file", b"", "holds no certificate"),
        ("--client-certificate", b"\x00\xff", "holds no certificate with its key"),
        ("--proxy", b"", "http://host:port"),
    ],
)
def test_a_source_that_cannot_be_one_is_refused(
    option: str, content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.pem"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as left:
        main(["run", "mobility", "--web", "a.example", option, "foo" if option == "--proxy" else str(file)])
    assert left.value.code == ExitCode.USAGE
    assert sentence in capsys.readouterr().err


def test_a_key_that_wants_a_password_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both, key = tmp_path / "both.pem", tmp_path / "key.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:x", "-subj", "/CN=a", "-keyout")
    subprocess.run([*made, str(key), "-out", str(both)], check=True, capture_output=True)
    assert "PRIVATE KEY" in key.read_text()
    with both.open("a") as file:
        file.write(key.read_text())
    with pytest.raises(SystemExit):
        main(["run", "xmpp", "--edge", "a.example", "--client-certificate", str(both)])
    assert "without a password" in capsys.readouterr().err


def test_a_partner_is_no_part_of_mobility(capsys: pytest.CaptureFixture[str]) -> None:
    assert "for xmpp" in refused(capsys, "run", "mobility", "--web", "a.example", "--partner", "b.example")


def test_a_request_can_be_without_names(capsys: pytest.CaptureFixture[str]) -> None:
    faulty = JOURNAL.with_name("mobility-policy-disabled-for-user.jsonl")
    assert main(["request", str(faulty), "--redact"]) == ExitCode.FINE
    mail = capsys.readouterr().out
    assert "What is asked" in mail
    assert "litware" not in mail.lower()
    assert "kenmyer" not in mail.lower()
