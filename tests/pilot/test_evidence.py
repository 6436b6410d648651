"""A file is opened: a walk as it stands, or a runbook walked from what the file tells."""

from pathlib import Path

import pytest

from checks import journal as journals
from checks.deployment import Deployment
from checks.journal import VERSION, Asked, Began, Concluded, Journal, now
from tests.pilot.conftest import Wizard
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.screens.verdict import VerdictScreen
from tui.screens.welcome import WelcomeScreen
from tui.session import Opening

JOURNALS = Path(__file__).parents[1] / "journals"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def app() -> WizardApp:
    return WizardApp(start=Opening.WELCOME, begin=Beginning({}), resumable=resumable)


async def opened(wizard: Wizard, path: object) -> None:
    """From the welcome screen to what is said of the file."""
    await wizard.choose("Open evidence")
    await wizard.paste(str(path))
    await wizard.press("enter")


@pytest.mark.parametrize(
    ("name", "runbook", "step", "headline"),
    [
        (
            "mobility-policy-disabled-for-user",
            "Mobility",
            "mobility.policy",
            "EnableMobility is False in RedmondMobilityPolicy",
        ),
        ("mobility-healthy", "Mobility", "mobility.user-enabled", "No fault found in Mobility."),
        ("xmpp-edge-other-process", "XMPP federation", "xmpp.listening", "openfire-service"),
    ],
)
async def test_a_runbook_walked_from_a_file_ends_in_its_verdict(
    name: str, runbook: str, step: str, headline: str
) -> None:
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, JOURNALS / f"{name}.jsonl")
        assert f"a walk of {runbook}" in wizard.text
        await wizard.press("down")
        assert f"❯ Walk {runbook} from it" in wizard.text
        await wizard.press("enter")
        assert "offline" in wizard.lines[0]
        await wizard.walk_to(step)
        await wizard.press("e")
        assert f"from {name}.jsonl, seen from" in " ".join(wizard.text.split())
        await wizard.walk_to()
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert headline in wizard.text
        await wizard.press("q")


async def test_the_key_that_leads_to_the_offers_is_told_once_there_are_some() -> None:
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.choose("Open evidence")
        assert wizard.keys.split("   ")[:2] == [" enter open", "esc back"]
        await wizard.paste(str(JOURNALS / "mobility-healthy.jsonl"))
        await wizard.press("enter")
        assert "tab next" in wizard.keys


async def test_another_runbook_finds_nothing_to_see_in_it_and_says_so() -> None:
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, JOURNALS / "mobility-healthy.jsonl")
        await wizard.press("down", "down", "enter")
        while "Edge listens" not in wizard.text:
            await wizard.press("enter")
        assert "– not seen from here:" in wizard.text
        await wizard.press("q")


async def test_a_walk_is_shown_as_it_stands(tmp_path: Path) -> None:
    """Without its scenario, for which the practice deployment would be started."""
    read = journals.read(JOURNALS / "mobility-tls-expired.jsonl")
    began = Began(version=VERSION, runbook="mobility", deployment=read.began.deployment, at=now())
    path = tmp_path / "colleague.jsonl"
    copied = Journal(began, path)
    lines: list[Asked | Concluded] = [*read.asked.values(), *read.concluded.values()]
    for line in lines:
        copied.add(line)
    copied.close()
    before = path.read_bytes()
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, f'"{path}"')
        assert "❯ Show the walk as it stands" in wizard.text
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, VerdictScreen)
        assert "FAILED" in wizard.text
        await wizard.press("q")
    assert path.read_bytes() == before, "looking changes nothing"


async def test_what_was_collected_is_no_walk_to_be_shown(tmp_path: Path) -> None:
    read = journals.read(JOURNALS / "mobility-healthy.jsonl")
    path = tmp_path / "collected.jsonl"
    collected = Journal(Began(version=VERSION, runbook="", deployment=read.began.deployment, at=now()), path)
    for line in read.asked.values():
        collected.add(line)
    collected.close()
    async with app().run_test(size=(120, 40)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, path)
        assert "as it stands" not in wizard.text
        assert "Walk Mobility from it" in wizard.text
        assert "Walk XMPP federation from it" in wizard.text
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, WelcomeScreen)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "That file cannot be read: No such file or directory."),
        (b"", "is no journal of lyncdoctor"),
        (b"[not json\x1b[31m\n", "neither a journal nor a copy"),
    ],
)
async def test_a_file_that_is_none_is_told_and_another_can_be_typed(
    content: bytes | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.jsonl"
    if content is not None:
        path.write_bytes(content)
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, path)
        assert told in " ".join(wizard.text.split())
        assert "Walk" not in wizard.text
        await wizard.press("ctrl+u")
        await wizard.paste(str(JOURNALS / "mobility-healthy.jsonl"))
        await wizard.press("enter")
        assert "Walk Mobility from it" in wizard.text
        await wizard.press("shift+tab")
        await wizard.type("x")
        assert "Walk Mobility from it" not in wizard.text, "what is said of a file is not said of another path"


async def test_a_file_about_nothing_is_walked_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    Journal(Began(version=VERSION, runbook="", deployment=Deployment(), at=now()), path).close()
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, path)
        await wizard.press("enter")
        assert "UNKNOWN" in wizard.text
        await wizard.press("q")


WINDOW = """\
PS C:\\> Get-CsUser -Identity sip:kenmyer@litwareinc.com | Format-List *

SipAddress      : sip:kenmyer@litwareinc.com
Enabled         : True
RegistrarPool   : atl-cs-001.litwareinc.com
HostingProvider : SRV:
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_copied_powershell_window_is_evidence(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "window.txt"
    file.write_text(WINDOW, encoding=encoding)
    async with app().run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await opened(wizard, file)
        assert "window.txt: evidence" in wizard.text
        await wizard.press("enter")
        await wizard.walk_to("mobility.user-enabled")
        assert "sip:kenmyer@litwareinc.com is enabled, in atl-cs-001.litwareinc.com" in " ".join(wizard.text.split())
