"""From a symptom: only what can explain it is walked, in causal order, and what the lab's users tell is explained."""

import pytest
from msgspec.structs import replace

from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, now
from checks.model import Runbook, Status, Symptom
from checks.runbooks import RUNBOOKS
from checks.walk import steps_for
from lab import scenarios
from tests.unit.canned import World, runbook, walk_in

TOLD = {
    "Phones say that they cannot verify the certificate from the server.": "certificate",
    "Since the test of Microsoft 365, phones say that they cannot verify the certificate.": "certificate",
    "Phones say that the server might be unavailable.": "unavailable",
    "Phones say: please check your account information and try again.": "account",
    "It works on mobile data and fails on the office Wi-Fi.": "wi-fi",
    "It works on the office Wi-Fi and fails on mobile data.": "mobile-data",
    "It works on Wi-Fi and fails on 3G.": "mobile-data",
    "iPhones fail to sign in, Android phones do not.": "iphone",
    "Ken Myer cannot sign in on his phone. Everybody else can.": "one-user",
    "Pilar Ackerman cannot sign in on her phone. Ken Myer can.": "one-user",
    "Phones sign in at the second or third attempt.": "drops",
    "Windows Phones sign in, but show no message that comes while Lync is closed.": "no-push",
    "Whoever writes to a colleague on a Windows Phone is told: 504, server time-out.": "im-504",
    "Messages work on the phone; calls do not.": "no-calls",
    "Calls from outside fail; signing in works.": "no-calls",
}
"""What the lab's users tell, and the symptom that a reader would choose for it."""

SYMPTOMS = [(book, symptom) for book in RUNBOOKS.values() for symptom in book.symptoms]


@pytest.mark.parametrize(("book", "symptom"), SYMPTOMS, ids=lambda value: getattr(value, "name", ""))
def test_a_symptom_is_explained_by_steps_that_exist(book: Runbook, symptom: Symptom) -> None:
    assert set(symptom.explained_by) <= set(book.step_ids)
    assert symptom.because.endswith(".")
    order = [book.step_ids.index(step) for step in symptom.explained_by]
    assert order == sorted(order), "told in causal order"


@pytest.mark.parametrize("told", TOLD)
def test_what_the_users_of_the_lab_tell_is_explained(told: str) -> None:
    causes = {one["cause"] for one in scenarios.listing() if one["symptom"] == told and one["cause"]}
    assert causes, "nobody tells this any more"
    steps = steps_for(RUNBOOKS["mobility"], TOLD[told])
    assert {cause.partition("/")[0] for cause in causes} <= set(steps)


def test_without_a_symptom_or_with_an_unknown_one_all_is_walked() -> None:
    book = RUNBOOKS["mobility"]
    assert steps_for(book, "") == steps_for(book, "no such symptom") == book.step_ids


BOOK = replace(
    runbook(),
    symptoms=(Symptom(name="slow", says="slow", because="Why.", explained_by=("canned.second", "canned.third")),),
)


def journal() -> Journal:
    return Journal(Began(version=VERSION, runbook="canned", deployment=Deployment(), at=now(), symptom="slow"))


async def test_only_what_can_explain_it_is_walked_and_asked() -> None:
    world = World()
    walk = walk_in(world, BOOK, journal())
    assert walk.first() == "canned.second"
    verdict = await walk.run_all()
    assert walk.path == ["canned.second", "canned.third"]
    assert world.asked == ["Get-Second", "Get-Third"]
    assert verdict.status is Status.OK
    assert verdict.headline == "None of the 2 steps that can explain the symptom found a fault."
    assert "The other 2 steps of Canned were not walked" in verdict.detail[0]


async def test_a_verdict_from_a_symptom_claims_no_more_than_was_seen() -> None:
    walk = walk_in(World(), BOOK, journal())
    await walk.conclude("canned.second")
    assert "1 of 2 steps that can explain the symptom" in walk.verdict().headline
    acting = replace(BOOK.stages[2], step=replace(BOOK.stages[2].step, acts=True))
    walk = walk_in(World(), replace(BOOK, stages=(*BOOK.stages[:2], acting, BOOK.stages[3])), journal())
    assert "1 of the 2 steps" in (await walk.run_all()).headline
    walk = walk_in(World(**{"Get-Third": "unknown"}), BOOK, journal())
    verdict = await walk.run_all()
    assert (verdict.status, verdict.unknown) == (Status.UNKNOWN, ("canned.third",))
    assert "were not walked" in verdict.detail[-1]


async def test_a_fault_among_them_is_the_verdict_and_hides_what_stands_on_it() -> None:
    walk = walk_in(World(**{"Get-Second": "bad"}), BOOK, journal())
    verdict = await walk.run_all()
    assert verdict.cause == "canned.second/bad"
    assert verdict.consequences
    assert walk.path == ["canned.second", "canned.third"]
