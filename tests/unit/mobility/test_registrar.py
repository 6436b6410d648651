"""The judgement of registering without mobility, and what is asked for it."""

from typing import Any

import pytest

from checks.accounts import Person
from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.synthetic_output import Outcome
from checks.mobility import registrar
from checks.mobility.registrar import Facts
from checks.mobility.two_users import Pair
from checks.model import Reason, Status
from checks.probes import Cmdlet, Objects, Question
from checks.server_tests import Ran
from tests.unit.mobility.told import deployment, gathered

POOL = "atl-cs-001.litwareinc.com"
KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
PAIR = Pair(
    people=(Person(sip=KEN, user="kenmyer@litwareinc.com"), Person(sip=PILAR, user=r"litwareinc\pilar")), pool=POOL
)
PASSED = Ran(cmdlet="Test-CsRegistration", outcome=Outcome(passed=True))


def failed(**seen: Any) -> Ran:
    return Ran(cmdlet="Test-CsRegistration", outcome=Outcome(passed=False, **seen))


RUNS: list[tuple[str, Ran, Ran | None]] = [
    ("registered", PASSED, PASSED),
    ("refused", failed(error="404, Not Found", status=404, code=1003, reason="User does not exist"), None),
    ("refused", failed(error="404, Not Found", status=404, code=4005), None),
    ("refused", failed(error="403, Forbidden", status=403, code=4003), None),
    ("refused", failed(error="denied", logon_denied=True), None),
    ("refused", failed(error="401, Unauthorized", status=401), None),
    ("unreachable", failed(error="10060", winsock=10060, address="10.188.116.96:5061"), None),
    ("unreachable", failed(error="10061", winsock=10061), None),
    ("unreachable", failed(error="11004", winsock=11004), None),
    ("time-out", failed(error="504, Server time-out", status=504, code=2), None),
    ("failed-otherwise", failed(error="500, Server Internal Error", status=500), None),
    ("failed-otherwise", failed(), None),
    ("message-lost", PASSED, failed(error="504, Server time-out", status=504)),
    ("message-lost", PASSED, failed(error="404", status=404, code=4005)),
    ("message-lost", PASSED, failed(error="denied", logon_denied=True)),
    ("unreachable", PASSED, failed(error="10060", winsock=10060, address="10.188.116.96:5061")),
    ("not-seen", PASSED, Ran(cmdlet="Test-CsIM", outcome=Outcome(passed=None))),
    ("not-seen", Ran(cmdlet="x", unseen=Unseen(reason=Reason.DENIED, detail="not offered")), None),
    ("no-test-users", Ran(cmdlet="x", outcome=Outcome(passed=None, no_test_users=True)), None),
    (
        "no-password",
        Ran(cmdlet="x", unseen=Unseen(reason=Reason.MISSING_INPUT, detail="p"), password_wanted=True),
        None,
    ),
    (
        "not-for-this-seat",
        Ran(cmdlet="x", unseen=Unseen(reason=Reason.MISSING_INPUT, detail="", seat_has_no_shell=True)),
        None,
    ),
]


@pytest.mark.parametrize(("answer", "registration", "message"), RUNS)
def test_what_came_of_it(answer: str, registration: Ran, message: Ran | None) -> None:
    finding = registrar.judge(Facts(users=PAIR, registration=registration, message=message))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
        assert POOL in finding.headline or PILAR in finding.headline
    if finding.status is Status.UNKNOWN:
        assert finding.reason is not None


def test_every_own_answer_is_in_the_table() -> None:
    # The last one is judged in tests/unit/test_cry_wolf_sign_in.py.
    told = {answer for answer, *_ in RUNS} | {"other-account", "no-users", "without-passwords"}
    assert told == {answer.name for answer in registrar.OUTCOMES.answers}


RESULT = Objects(objects=({"Result": "Success", "TargetFqdn": POOL},))
REFUSED = Objects(objects=({"Result": "Failure", "Error": "401, Unauthorized"},))
NAMED = deployment(users=(KEN, PILAR), pool=POOL)


async def tests_run(**says: Objects) -> list[str]:
    named = {f"Test-Cs{name}": answer for name, answer in says.items()}
    _, questions = await gathered(registrar.STEP, named, NAMED)
    return what_acts(questions)


def what_acts(questions: list[Question]) -> list[str]:
    """The names of what acts."""
    return [one.name for one in questions if isinstance(one, Cmdlet) and one.name.startswith("Test-")]


async def test_a_message_follows_only_where_the_first_registered() -> None:
    assert await tests_run(Registration=RESULT, IM=RESULT) == ["Test-CsRegistration", "Test-CsIM"]
    assert await tests_run(Registration=REFUSED, IM=RESULT) == ["Test-CsRegistration"]
    assert await tests_run() == ["Test-CsRegistration"]


@pytest.mark.parametrize(("seat", "answer"), [(Vantage.INSIDE, "no-users"), (Vantage.OUTSIDE, "not-for-this-seat")])
async def test_without_two_users_nothing_is_run(seat: Vantage, answer: str) -> None:
    facts, questions = await gathered(registrar.STEP, {}, deployment(seat, users=(KEN,), pool=POOL))
    assert not what_acts(questions)
    assert registrar.judge(facts).answer == answer


async def test_nobody_is_signed_in_with_another_users_account() -> None:
    shown = {"SipAddress": KEN, "SamAccountName": "packerman", "RegistrarPool": POOL, "Enabled": True}
    place = deployment(users=(KEN, PILAR), pool=POOL, sender_user=r"litwareinc\pilar")
    facts, questions = await gathered(registrar.STEP, {"Get-CsUser": Objects(objects=(shown,))}, place)
    assert not what_acts(questions)
    assert registrar.judge(facts).answer == "other-account"
