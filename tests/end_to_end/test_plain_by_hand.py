"""Plain mode takes what a person adds: an answer by hand, notes, the report as a file, and checks again what failed."""

import stat
from pathlib import Path

import pytest

from checks import journal as journals
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import STATED, VERSION, Began, Journal, now
from checks.model import Status
from tests.end_to_end.test_plain import dialogue


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """A walk through Mobility that begins, where nothing is asked live and nobody has answered anything."""
    path = tmp_path / "walk.jsonl"
    deployment = Deployment(
        users=("sip:kenmyer@litwareinc.com",), domains=("litwareinc.com",), vantage=Vantage.FRONT_END
    )
    sources = Sources(shell="paste", offline=True)  # noqa: S604 - no subprocess
    Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now(), sources=sources), path).close()
    return path


async def test_an_answer_a_note_a_filter_and_the_report(
    walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = "a\n1\nIn RBAC of the Control Panel\nn\nAsk the owner\ne get-csp\ne nothing like it\no\n2\n\nr\nv\nq\n"
    code, said = await dialogue(tmp_path, typed, "--plain", "resume", str(walk))
    assert code == 0, said
    for told in (
        "You looked yourself? a takes what it says.",
        "You looked, and it says:",
        "[ok] Permissions: Stated by a person: ",
        "“In RBAC of the Control Panel”",
        "Noted.",
        "No line has these words.",
        "Written to ",
        "[??] Permissions, unknown: ",
        "Note  Ask the owner",
    ):
        assert told in said, told
    (report,) = tmp_path.glob("lyncdoctor-mobility-*.md")
    assert "Stated by a person: " in report.read_text()
    assert "Ask the owner" in report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    read = journals.read(walk)
    assert read.notes == {"mobility.permissions": "Ask the owner"}
    assert read.concluded["mobility.permissions"].source != STATED, "run again, only what is seen counts"


async def test_after_the_verdict_what_failed_is_checked_again(walk: Path, tmp_path: Path) -> None:
    journal = journals.read(walk)
    steps = 30
    typed = "a\n2\n\n" + "\n" * steps
    await dialogue(tmp_path, typed, "--plain", "resume", str(walk))
    journal = journals.read(walk)
    assert journal.concluded["mobility.permissions"].finding.status in {Status.FAILED, Status.WARNING}
    code, said = await dialogue(tmp_path, "n\nOf the walk\nb\nv\n\nf\nnonsense\n\n", "--plain", "resume", str(walk))
    assert "Checking again." in said
    assert "Permissions: was failed, now unknown: " in said or "Permissions: was warning, now unknown: " in said
    assert "is none of these" in said
    assert journals.read(walk).notes == {"": "Of the walk"}
    assert code == 3, said


async def test_the_end_of_the_input_after_the_verdict_is_the_end_of_the_walk(walk: Path, tmp_path: Path) -> None:
    code, said = await dialogue(tmp_path, "a\n2\n\n" + "\n" * 12, "--plain", "resume", str(walk))
    assert code in {0, 1}, said
    assert "Traceback" not in said
