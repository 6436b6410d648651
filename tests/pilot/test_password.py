"""A refused password is typed anew in the walk: each that is typed is tried once, and no more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from checks import journal as journals
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.probes import Cmdlet, Sockets
from checks.secret import Secret
from lab import client
from tests.pilot.canned_walk import World
from tests.pilot.conftest import Open, Wizard
from tui import practice
from tui.app import WizardApp
from tui.beginning import Beginning, resumable
from tui.screens.questions import PasswordScreen
from tui.screens.step import StepScreen
from tui.session import LiveWalk, PasswordNeeded, ResumedWalk, Session

JOURNALS = Path(__file__).parents[1] / "journals"
RIGHT = "Canary-right-1"
WRONG = "Canary-wrong-2"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


async def refusals(lab: client.Running) -> int:
    return sum((await lab.control("sign-ins"))["refused"].values())


@asynccontextmanager
async def walking(lab: client.Running, start: str = "", **secrets: Secret) -> AsyncIterator[Wizard]:
    deployment = practice.deployment_of(lab.connection, "mobility")
    sources = practice.sources_of(lab.connection, Vantage.INSIDE)
    request = LiveWalk(runbook="mobility", deployment=deployment, sources=sources, secrets=secrets, start=start)
    async with WizardApp(start=request, begin=Beginning({}), resumable=resumable).run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        yield wizard
        await wizard.press("q")


@pytest.mark.lab
async def test_a_wrong_password_is_refused_once_and_the_right_one_goes_on(tmp_path: Path) -> None:
    async with client.start("policy-disabled-for-user", shell_password=RIGHT) as lab:
        async with walking(lab, "mobility.user-enabled", shell=Secret(WRONG)) as wizard:
            assert "? UNKNOWN" in wizard.text
            assert f"press t to type the password of {lab.connection.shell_user} anew" in " ".join(wizard.text.split())
            assert "t type password" in wizard.keys
            await wizard.press("enter")
            assert "? UNKNOWN" in wizard.text, "the policy cannot be seen either"
            await wizard.press("b")
            assert await refusals(lab) == 1, "however many steps asked"
            await wizard.press("t")
            assert isinstance(wizard.app.screen, PasswordScreen)
            await wizard.type(WRONG + "x")
            assert WRONG not in wizard.text
            await wizard.press("enter")
            assert "t type password" in wizard.keys
            assert await refusals(lab) == 2, "the one that was typed was tried, once"
            await wizard.press("t")
            await wizard.type(RIGHT)
            await wizard.press("enter")
            assert "✓ OK" in wizard.text
            assert "type password" not in wizard.keys
            await wizard.press("enter")
            assert "EnableMobility is False in RedmondMobilityPolicy" in wizard.text, (
                "the steps before are judged again"
            )
        assert await refusals(lab) == 2
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*.jsonl"))
    assert "kenmyer" in written
    assert "Canary" not in written


@pytest.mark.lab
async def test_a_password_that_was_not_given_is_typed_in_the_walk() -> None:
    async with client.start("healthy", shell_password=RIGHT) as lab, walking(lab) as wizard:
        assert "The password of" in " ".join(wizard.text.split())
        await wizard.press("t", "escape")
        assert isinstance(wizard.app.screen, StepScreen)
        await wizard.press("t", "enter")
        assert "? UNKNOWN" in wizard.text, "nothing typed is no password"
        await wizard.press("t")
        await wizard.type(RIGHT)
        await wizard.press("enter")
        assert "✓ OK" in wizard.text
        assert await refusals(lab) == 0


async def test_no_password_is_asked_for_where_none_was_refused(open_wizard: Open, world: World) -> None:
    from tests.pilot.test_paste import MISSING

    world.silent["Get-CsUser"] = MISSING
    async with open_wizard() as wizard:
        assert "type password" not in wizard.keys
        await wizard.press("t")
        assert isinstance(wizard.app.screen, StepScreen)


async def test_a_walk_without_an_account_has_no_password() -> None:
    begin = Beginning({})
    sources = Sources(shell="https://pool.contoso.com/OcsPowershell")  # noqa: S604 - no subprocess
    session = await begin(LiveWalk(runbook="mobility", deployment=Deployment(), sources=sources))
    assert isinstance(session, Session)
    assert session.accounts == {}
    await session.close()


@pytest.mark.parametrize(("runbook", "wanted"), [("mobility", ["shell"]), ("xmpp", ["shell", "edge"])])
async def test_a_resumed_walk_wants_the_passwords_of_the_servers_that_it_asks(
    runbook: str, wanted: list[str], tmp_path: Path
) -> None:
    sources = Sources(  # noqa: S604 - no subprocess
        shell="https://pool.contoso.com/OcsPowershell", shell_user="CONTOSO\\admin",
        edge_shell="https://edge01.contoso.com:5986/wsman", edge_user="EDGE01\\admin",
    )  # fmt: skip
    began = Began(version=VERSION, runbook=runbook, deployment=Deployment(), at=now(), sources=sources)
    Journal(began, tmp_path / "walk.jsonl").close()
    typed: dict[str, Secret] = {}
    while len(typed) < len(wanted):
        with pytest.raises(PasswordNeeded) as needed:
            await Beginning({})(ResumedWalk(journal=tmp_path / "walk.jsonl", secrets=typed))
        typed[needed.value.whose] = Secret(RIGHT)
    assert list(typed) == wanted
    session = await Beginning({})(ResumedWalk(journal=tmp_path / "walk.jsonl", secrets=typed))
    assert isinstance(session, Session)
    await session.walk.asking.close()
    await session.close()


def test_mobility_asks_nothing_of_an_edge() -> None:
    """So no password of an Edge is wanted for it."""
    asked = [question for path in JOURNALS.rglob("mobility-*.jsonl") for question in journals.read(path).asked]
    assert {question.on for question in asked if isinstance(question, Cmdlet | Sockets)} == {"front-end"}
