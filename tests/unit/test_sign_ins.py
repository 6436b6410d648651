"""Steps that act, without consent: what evidence tells is judged, and nothing signs in that was not agreed to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks import journal as journals
from checks.context import Asking, Context
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.model import Consent, Reason, Runbook, Stage, Status
from checks.probes import Answer, Cmdlet, Login, Objects, PhoneSession, PhoneSignIn, Question, Unanswered
from checks.probes.journal import Evidence
from checks.walk import Walk
from tests.unit.canned import Facts, World, step
from tui.headless import wanted_commands

KEN, PILAR = "kenmyer@litwareinc.com", "pilar@litwareinc.com"
LIVE = Sources()
OFFLINE = Sources(offline=True, shell="paste")  # noqa: S604 - no subprocess


def signing_in(user: str) -> Cmdlet:
    return Cmdlet(name="Test-One", parameters=(("UserCredential", Login(account="sender", user=user)),))


def book() -> Runbook:
    """A step that signs in as Ken Myer after it has read something, and one that reads only."""

    async def gather(context: Context) -> Facts:
        await context.invoke("Get-Before")
        answer = await context.invoke("Test-One", UserCredential=Login(account="sender", user=KEN))
        return Facts(said=(str(answer.objects[0]["Value"]) if isinstance(answer, Objects) else "unknown",))

    consent = Consent(deed="phone", accounts=("sender",), says=lambda place: "Signs in.")
    acts = msgspec.structs.replace(step("one", acts=True), gather=gather, consent=consent)
    return Runbook(name="canned", title="Canned", purpose="tests", stages=(
        Stage(step=acts, otherwise="canned.quiet"),
        Stage(step=step("quiet", "Get-Quiet"), otherwise=None),
    ))  # fmt: skip


def journal(sources: Sources = LIVE, path: Path | None = None) -> Journal:
    return Journal(Began(version=VERSION, runbook="canned", deployment=Deployment(), at=now(), sources=sources), path)


def recorded(*told: tuple[Question, Answer]) -> Journal:
    record = journal()
    record.source = "record.jsonl"
    for question, answer in told:
        record.add(Asked(question=question, answer=answer, seat="inside", at=now(), took_ms=5))
    return record


def walk_from(world: World, record: Journal, sources: Sources = LIVE) -> Walk:
    into = journal(sources)
    return Walk(book(), Deployment(), Asking(world, into, Evidence([record])), into)


def good(user: str = KEN, value: str = "good") -> tuple[Question, Answer]:
    return signing_in(user), Objects(objects=({"Value": value},))


@pytest.mark.parametrize("sources", [LIVE, OFFLINE], ids=["live", "offline"])
@pytest.mark.parametrize("value", ["good", "bad", "away"])
async def test_what_evidence_tells_is_judged_and_nobody_is_asked_to_agree(value: str, sources: Sources) -> None:
    world = World()
    walk = walk_from(world, recorded(good(value=value)), sources)
    assert not walk.must_agree("canned.one")
    concluded = await walk.conclude("canned.one")
    assert concluded.finding.answer == value
    assert "Test-One" not in world.asked
    assert not walk.must_agree("canned.one")
    assert (await walk.rerun("canned.one")).finding.answer == value
    assert "Test-One" not in world.asked
    assert walk.journal.asked[signing_in(KEN)].source == "record.jsonl"


async def test_evidence_about_another_user_signs_nobody_in_before_it_is_agreed_to() -> None:
    world = World()
    walk = walk_from(world, recorded(good(PILAR)))
    concluded = await walk.conclude("canned.one")
    assert (concluded.finding.answer, concluded.evidence) == ("not-agreed", ())
    assert "Test-One" not in world.asked
    assert walk.must_agree("canned.one"), "now it is known that the evidence is of no use"
    assert (await walk.conclude("canned.one")).finding.answer == "not-agreed"
    assert (await walk.rerun("canned.one")).finding.answer == "not-agreed"
    assert "Test-One" not in world.asked
    walk.agree("canned.one")
    assert (await walk.rerun("canned.one")).finding.answer == "good"
    assert world.asked.count("Test-One") == 1


async def test_offline_without_evidence_of_it_nobody_is_asked_and_it_is_not_agreed_to() -> None:
    for record in (recorded(), recorded(good(PILAR))):
        world = World()
        walk = walk_from(world, record, OFFLINE)
        assert not walk.must_agree("canned.one")
        verdict = await walk.run_all()
        assert (verdict.status, verdict.not_agreed) == (Status.OK, ("canned.one",))
        assert not walk.must_agree("canned.one")
        assert "Test-One" not in world.asked
        assert list(wanted_commands(walk.journal)) == [], "its command is not wanted"


async def test_a_shell_that_is_there_may_be_asked_although_all_else_is_offline() -> None:
    walk = walk_from(World(), recorded(), Sources(offline=True, shell="local"))  # noqa: S604 - no subprocess
    assert walk.must_agree("canned.one")


@pytest.mark.parametrize("reason", [Reason.DENIED, Reason.MISSING_INPUT])
async def test_why_there_was_no_answer_then_is_told_again_only_where_nobody_can_be_asked_now(reason: Reason) -> None:
    record = recorded((signing_in(KEN), Unanswered(reason=reason, detail="Not then.")))
    again = walk_from(World(), record, OFFLINE)
    assert (await again.conclude("canned.one")).finding.answer == "unknown"
    live = walk_from(World(), record)
    assert (await live.conclude("canned.one")).finding.answer == "not-agreed"
    assert live.must_agree("canned.one")


async def test_a_phones_sign_in_is_withheld_as_a_cmdlets_is() -> None:
    class Phone(World):
        async def ask(self, question: Any) -> Any:
            assert not isinstance(question, PhoneSignIn), "signed in"
            return await super().ask(question)

    into = journal()
    context = Context(Deployment(), Asking(Phone(), into))
    answer = await context.phone("sender", f"sip:{KEN}", "lyncweb.litwareinc.com", KEN)
    assert isinstance(answer, Unanswered)
    assert [type(question) for question in context.withheld] == [PhoneSignIn]
    assert (context.questions, into.asked) == ([], {})
    assert not isinstance(answer, PhoneSession)


@pytest.fixture
def resumed(tmp_path: Path) -> Iterator[Walk]:
    """A walk whose first session signed in and then was cut off before the step was concluded."""
    path = tmp_path / "walk.jsonl"
    first = journal(path=path)
    question, answer = good()
    first.add(Asked(question=question, answer=answer, seat="inside", at=now(), took_ms=5))
    first.close()
    into = journals.read(path, append=True)
    yield Walk(book(), Deployment(), Asking(World(), into), into)
    into.close()


async def test_a_resumed_walk_knows_what_it_was_told_and_signs_in_again_only_when_agreed_to(resumed: Walk) -> None:
    assert not resumed.must_agree("canned.one")
    assert (await resumed.conclude("canned.one")).finding.answer == "good"
    assert resumed.must_agree("canned.one", again=True)
    assert (await resumed.rerun("canned.one")).finding.answer == "good", "what is known is kept"
    world = resumed.asking.probes
    assert isinstance(world, World)
    assert "Test-One" not in world.asked
    resumed.agree("canned.one")
    await resumed.rerun("canned.one")
    assert world.asked.count("Test-One") == 1
