"""A walk changes hands: the junior's wizard dies, the senior opens the journal at another computer and goes on."""

import shutil
from pathlib import Path

import pytest

from checks import journal as journals
from checks import report
from checks.deployment import Deployment, Sources
from checks.journal import PASTED
from checks.model import Status
from checks.runbooks import RUNBOOKS
from tests.pilot.conftest import Wizard
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.session import LiveWalk, Opening, Start

JUNIORS = LiveWalk(
    runbook="mobility",
    deployment=Deployment(
        domains=("litwareinc.com",), users=("sip:kenmyer@litwareinc.com",), pool="atl-cs-001.litwareinc.com"
    ),
    sources=Sources(shell="paste", offline=True),  # noqa: S604 - no subprocess
    start="mobility.user-enabled",
)  # fmt: skip
KEN = """Identity          : CN=Ken Myer,OU=Users,DC=litwareinc,DC=com
Enabled           : True
SipAddress        : sip:kenmyer@litwareinc.com
RegistrarPool     : atl-cs-001.litwareinc.com
UserPrincipalName : kenmyer@litwareinc.com
"""


def app(start: Start) -> WizardApp:
    return WizardApp(start=start, begin=Beginning({}), resumable=resumable)


def walks(home: Path) -> list[Path]:
    return sorted((home / "lyncdoctor" / "walks").glob("*.jsonl"))


@pytest.fixture
def juniors(tmp_path: Path) -> Path:
    return tmp_path / "junior"


@pytest.fixture
async def handed_over(tmp_path: Path, juniors: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file as it was when the line was lost: one step pasted and noted about, one answered by hand."""
    monkeypatch.setenv("XDG_STATE_HOME", str(juniors))
    handed = tmp_path / "stick" / "juniors-walk.jsonl"
    handed.parent.mkdir()
    async with app(JUNIORS).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        await wizard.press("p")
        assert "Get-CsUser -Identity sip:kenmyer@litwareinc.com" in wizard.text
        await wizard.paste(KEN)
        await wizard.press("f2", "n")
        await wizard.type("Ken is back from leave")
        await wizard.press("enter", "enter")
        assert "Does the mobility policy" in wizard.text
        await wizard.press("a", "down", "enter")
        await wizard.type("read in the control panel")
        await wizard.press("enter")
        (path,) = walks(juniors)
        shutil.copy(path, handed)
    return handed


@pytest.fixture
def elsewhere(handed_over: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The senior's home, on a computer that never heard of the walk."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "senior"))
    return tmp_path / "senior"


async def test_the_senior_sees_all_that_the_junior_saw_and_goes_on(handed_over: Path, elsewhere: Path) -> None:
    before = journals.read(handed_over)
    async with app(Opening.WELCOME).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        assert "Resume" not in wizard.text
        await wizard.choose("Open evidence")
        await wizard.paste(str(handed_over))
        await wizard.press("enter", "enter")
        assert "Do the names that phones look for resolve" in " ".join(wizard.text.split()), "where the junior was"
        await wizard.press("b")
        assert "FAILED" in wizard.text
        assert "Stated by a person" in wizard.text
        assert "read in the control panel" in wizard.text
        await wizard.press("b")
        assert "Note       Ken is back from leave" in wizard.text
        await wizard.press("e")
        assert "CN=Ken Myer,OU=Users,DC=litwareinc,DC=com" in " ".join(wizard.text.split())
        assert "pasted" in wizard.text
        await wizard.press("n")
        await wizard.type(", asked him")
        await wizard.press("enter", "enter", "enter")
        await wizard.press("q")
    after = journals.read(handed_over)
    assert after.notes == {"mobility.user-enabled": "Ken is back from leave, asked him"}
    assert {step: after.concluded[step] for step in before.concluded} == before.concluded, "nothing was judged again"
    pasted = {question: asked for question, asked in before.asked.items() if asked.source == PASTED}
    assert pasted
    assert after.asked.items() >= pasted.items(), "nor asked again"
    assert not walks(elsewhere), "it goes on in the file that was handed over"


async def test_each_report_of_it_tells_what_the_junior_did(handed_over: Path) -> None:
    made = report.report_of(journals.read(handed_over), RUNBOOKS["mobility"])
    assert made.verdict.status is Status.FAILED
    for form in report.FORMATS:
        written = " ".join(report.write(made, form).split())
        assert "Ken is back from leave" in written, form
        assert "Stated by a person" in written, form
        # Nagios shows a headline alone.
        assert "read in the control panel" in written or form == "nagios", form


async def test_the_junior_goes_on_from_the_welcome_screen_too(
    handed_over: Path, juniors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(juniors))
    async with app(Opening.WELCOME).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.until("Resume")
        assert "litwareinc.com" in wizard.text
        await wizard.press("r")
        assert "Do the names that phones look for resolve" in " ".join(wizard.text.split())
        await wizard.press("q")
