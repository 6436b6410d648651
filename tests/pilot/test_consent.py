"""A step that signs in as a user: it asks first, never runs ahead, and tries each password once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from checks.context import Context
from checks.deployment import Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.model import Consent, Runbook
from checks.probes import Cmdlet, Login, Objects, Unanswered
from checks.probes.journal import Evidence
from checks.secret import Secret
from lab import client
from tests.pilot.canned_walk import DEPLOYMENT, Beginning, Facts, World, runbook
from tests.pilot.conftest import Open, Wizard
from tui import practice
from tui.app import WizardApp
from tui.beginning import Beginning as RealBeginning
from tui.beginning import resumable
from tui.screens.questions import PasswordScreen
from tui.screens.step import StepScreen
from tui.session import LiveWalk

USER = "kenmyer@litwareinc.com"
WRONG = "Canary-wrong-2"
SAYS = "Signs in as Ken Myer."


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def acting_book(*steps: str) -> Runbook:
    """The canned runbook, of which these steps act with one sign-in that takes the first user's password."""
    book = runbook()
    consent = Consent(deed="phone", accounts=("sender",), says=lambda place: SAYS)
    stages = tuple(
        msgspec.structs.replace(stage, step=msgspec.structs.replace(stage.step, acts=True, consent=consent))
        if stage.step.id in steps
        else stage
        for stage in book.stages
    )
    return msgspec.structs.replace(book, stages=stages)


async def test_it_asks_and_then_wants_the_password(open_wizard: Open, world: World, beginning: Beginning) -> None:
    beginning.book = acting_book("canned.user")
    async with open_wizard() as wizard:
        assert SAYS in wizard.text
        assert "y agree and run" in wizard.keys
        assert "enter go on without" in wizard.keys
        assert "s skip" not in wizard.keys, "that is what enter does here"
        await wizard.press("y")
        assert isinstance(wizard.app.screen, PasswordScreen)
        assert USER in wizard.text
        assert "Get-CsUser" not in world.asked
        await wizard.press("escape")
        assert SAYS in wizard.text, "without a password nothing was agreed to"
        await wizard.press("y")
        await wizard.type("Canary-1")
        await wizard.press("enter")
        assert "✓ OK" in wizard.text
        assert world.asked.count("Get-CsUser") == 1
        await wizard.press("q")


async def test_one_agreement_covers_the_steps_of_the_same_sign_in(open_wizard: Open, beginning: Beginning) -> None:
    beginning.book = acting_book("canned.user", "canned.auth")
    async with open_wizard() as wizard:
        await wizard.press("y")
        await wizard.type("Canary-1")
        await wizard.press("enter")
        await wizard.walk_to("canned.auth")
        assert "✓ OK" in wizard.text
        assert SAYS not in wizard.text


@pytest.mark.parametrize("key", ["enter", "s"])
async def test_going_on_without_is_no_fault_and_is_asked_once(
    key: str, open_wizard: Open, world: World, beginning: Beginning
) -> None:
    beginning.book = acting_book("canned.user", "canned.auth")
    world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
    async with open_wizard() as wizard:
        await wizard.press(key)
        await wizard.walk_to("canned.auth")
        assert "Not run: it signs in as a user" in wizard.text
        assert SAYS not in wizard.text
        await wizard.press("enter")
        assert "No fault found in Mobility." in wizard.text
        assert "Not run          Users enabled, Windows sign-in" in wizard.text
        assert {"Get-CsUser", "Get-CsWebServiceConfiguration"}.isdisjoint(world.asked)
        await wizard.press("q")
        assert wizard.app.return_code == 0


async def test_whoever_skipped_it_can_agree_later(open_wizard: Open, world: World, beginning: Beginning) -> None:
    beginning.book = acting_book("canned.user")
    async with open_wizard() as wizard:
        await wizard.press("enter", "b", "r")
        assert SAYS in wizard.text
        await wizard.press("enter", "b")
        assert "Not run" in wizard.text, "enter agrees to nothing the second time either"
        await wizard.press("r", "y")
        await wizard.type("Canary-1")
        await wizard.press("enter")
        assert "✓ OK" in wizard.text
        assert world.asked.count("Get-CsUser") == 1


async def test_it_is_never_gathered_ahead(open_wizard: Open, world: World, beginning: Beginning) -> None:
    beginning.book = acting_book("canned.policy")
    async with open_wizard() as wizard:
        assert "✓ OK" in wizard.text
        assert "Get-CsMobilityPolicy" not in world.asked
        assert "Get-CsWebServiceConfiguration" in world.asked, "what does not act is"


def signing_in(user: str) -> Cmdlet:
    return Cmdlet(name="Test-CsRegistration", parameters=(("UserCredential", Login(account="sender", user=user)),))


def record_of(user: str) -> Evidence:
    """What a walk recorded that signed this user in, and that found him switched off."""
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now()))
    answer = Objects(objects=({"EnableMobility": False},))
    record.add(Asked(question=signing_in(user), answer=answer, seat="inside", at=now(), took_ms=5))
    return Evidence([record])


@pytest.mark.parametrize(("recorded", "is_told"), [(USER, True), ("pilar@litwareinc.com", False)])
async def test_evidence_of_a_sign_in_is_shown_and_that_of_another_user_asks_first(
    recorded: str, is_told: bool, open_wizard: Open, world: World, beginning: Beginning
) -> None:
    async def gather(context: Context) -> Facts:
        answer = await context.invoke("Test-CsRegistration", UserCredential=context.login("sender", USER))
        return Facts(unseen=answer) if isinstance(answer, Unanswered) else Facts(properties=answer.objects[0])

    book = acting_book("canned.user")
    acting = msgspec.structs.replace(book.stages[0].step, gather=gather)
    stages = (msgspec.structs.replace(book.stages[0], step=acting), *book.stages[1:])
    beginning.book = msgspec.structs.replace(book, stages=stages)
    beginning.evidence = record_of(recorded)
    world.says["Test-CsRegistration"] = {"Enabled": True}
    async with open_wizard() as wizard:
        assert (SAYS in wizard.text) is not is_told
        assert "Test-CsRegistration" not in world.asked
        if is_told:
            assert "EnableMobility is False" in wizard.text
            return
        await wizard.press("enter", "b")
        assert "Not run: it signs in as a user" in wizard.text
        await wizard.press("r", "y")
        await wizard.type("Canary-1")
        await wizard.press("enter")
        assert "✓ OK" in wizard.text
        assert world.asked.count("Test-CsRegistration") == 1


async def refusals(lab: client.Running) -> int:
    return sum((await lab.control("sign-ins"))["refused"].values())


@asynccontextmanager
async def walking(lab: client.Running, **secrets: Secret) -> AsyncIterator[Wizard]:
    """The wizard at the step that signs in, on the lab as if it were a deployment like any other."""
    deployment = practice.deployment_of(lab.connection, "mobility")
    sources = practice.sources_of(lab.connection, Vantage.INSIDE)
    shell = practice.secrets_of(lab.connection)["shell"]
    request = LiveWalk(
        runbook="mobility",
        deployment=deployment,
        sources=sources,
        secrets={"shell": shell, **secrets},
        start="mobility.sign-in",
    )
    app = WizardApp(start=request, begin=RealBeginning({}), resumable=resumable)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(pilot)
        await wizard.settle()
        yield wizard
        await wizard.press("q")


@pytest.mark.lab
async def test_a_wrong_password_is_refused_once_and_typed_anew(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        right = lab.connection.passwords[lab.connection.users[0]]
        async with walking(lab) as wizard:
            assert f"Signs in at {lab.connection.web} as {USER}" in " ".join(wizard.text.split())
            assert await refusals(lab) == 0
            await wizard.press("y")
            await wizard.type(WRONG)
            assert WRONG not in wizard.text
            await wizard.press("enter")
            assert "✗ FAILED" in wizard.text
            assert await refusals(lab) == 1
            await wizard.press("r")
            assert "? UNKNOWN" in wizard.text, "the same password is not tried twice"
            assert await refusals(lab) == 1
            assert "t type password" in wizard.keys
            await wizard.press("t")
            assert isinstance(wizard.app.screen, PasswordScreen)
            await wizard.type(right)
            await wizard.press("enter")
            assert "✓ OK" in wizard.text
            assert "type password" not in wizard.keys
            await wizard.press("enter")
            assert isinstance(wizard.app.screen, StepScreen)
            assert wizard.app.screen.step_id == "mobility.user-document"
            assert "✓ OK" in wizard.text, "one agreement, one sign-in"
        assert await refusals(lab) == 1
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*.jsonl"))
    assert "kenmyer" in written
    assert "Canary" not in written
    assert right not in written
