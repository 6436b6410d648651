"""The judgement of `xmpp.test-message`: what Test-CsXmppIM says, and what it does not say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.accounts import Person
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge.pasted import understand
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.synthetic_output import Outcome
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Login, Objects, Question
from checks.server_tests import Ran
from checks.xmpp import message
from checks.xmpp.message_answers import CMDLET, OUTCOMES, Facts
from tests.unit.knowledge.documented import XMPP_FAILURE
from tests.unit.mobility.told import deployment, gathered

POOL = "atl-cs-001.litwareinc.com"
KEN, ADELANY = "sip:kenmyer@litwareinc.com", "adelany@fabrikam.com"
SENDER = Person(sip=KEN, user=r"litwareinc\kenmyer", account_name="kenmyer", principal_name="kenmyer@litwareinc.com")
FACTS = Facts(receiver=ADELANY, product=Product.LYNC_2013, sender=SENDER, pool=POOL)


def ran(passed: bool | None = False, **seen: Any) -> Ran:
    return Ran(cmdlet=CMDLET, outcome=Outcome(passed=passed, **seen))


def not_run(reason: Reason = Reason.MISSING_INPUT, **more: Any) -> Ran:
    password_wanted = more.pop("password_wanted", False)
    return Ran(cmdlet=CMDLET, unseen=Unseen(reason=reason, detail="why", **more), password_wanted=password_wanted)


RUNS: list[tuple[str, Ran]] = [
    ("passed", ran(passed=True)),
    ("passed", ran(passed=True, no_such_pool=True)),
    ("wrong-target", ran(error="x", no_such_pool=True)),
    ("wrong-target", ran(error="10060", winsock=10060, address="10.188.116.96:5061", no_such_pool=True)),
    ("registrar-unreachable", ran(error="10060", winsock=10060, address="10.188.116.96:5061")),
    ("registrar-unreachable", ran(error="10061", winsock=10061, address="10.188.116.96:5061")),
    ("registrar-unreachable", ran(error="10060", winsock=10060)),
    ("registrar-unreachable", ran(error="10060", winsock=10060, address="10.188.116.96:443")),
    ("registrar-unreachable", ran(error="10054", winsock=10054)),
    ("name-missing", ran(error="11001", winsock=11001)),
    ("name-missing", ran(error="11004", winsock=11004)),
    ("credentials", ran(error="401, Unauthorized", status=401)),
    ("credentials", ran(error="denied", logon_denied=True)),
    ("not-delivered", ran(error="504, Server time-out", status=504, code=2)),
    ("not-delivered", ran(error="403, Forbidden", status=403)),
    ("not-delivered", ran(error="404, Not Found", status=404, code=1003)),
    ("not-delivered", ran()),
    ("bad-parameter", ran(passed=None, bad_parameter=True)),
    ("no-test-users", ran(passed=None, no_test_users=True)),
    ("no-password", not_run(password_wanted=True)),
    ("no-password", not_run(Reason.DENIED, password_wanted=True)),
    ("not-seen", not_run(Reason.TIMEOUT)),
    ("not-seen", ran(passed=None)),
    ("not-for-this-seat", not_run(seat_has_no_shell=True)),
]


@pytest.mark.parametrize(("answer", "came"), RUNS)
def test_what_came_of_it(answer: str, came: Ran) -> None:
    finding = message.judge(replace(FACTS, ran=came))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
        assert POOL in finding.headline or KEN in finding.headline or CMDLET in finding.headline
    if finding.status is Status.UNKNOWN:
        assert finding.reason is not None


OTHERS: list[tuple[str, Facts]] = [
    ("no-receiver", Facts()),
    ("no-receiver", Facts(sender=SENDER, pool=POOL)),
    ("other-account", replace(FACTS, sender=replace(SENDER, user=r"litwareinc\pilar"))),
    ("not-seen", replace(FACTS, sender=replace(SENDER, of_another_forest=True, named=False))),
    ("not-seen", replace(FACTS, pool="")),
    ("no-test-users", Facts(receiver=ADELANY, pool=POOL, users=())),
    ("not-seen", Facts(receiver=ADELANY, pool=POOL, users=None, unseen=Unseen(reason=Reason.DENIED, detail="no role"))),
    ("not-on-this-version", replace(FACTS, product=Product.SKYPE_2019, ran=ran(error="404", status=404))),
    ("not-on-this-version", replace(FACTS, product=Product.LYNC_2010, ran=not_run(Reason.DENIED))),
    ("passed", replace(FACTS, product=Product.SKYPE_2019, ran=ran(passed=True))),
]


@pytest.mark.parametrize(("answer", "facts"), OTHERS)
def test_what_is_told_where_nothing_was_sent(answer: str, facts: Facts) -> None:
    assert message.judge(facts).answer == answer


def test_what_may_still_fail_is_told_as_a_condition() -> None:
    _, *still = message.judge(replace(FACTS, ran=ran(passed=True))).detail
    assert still
    assert all(line.startswith("If ") for line in still)


def test_every_own_answer_is_in_the_tables() -> None:
    assert {answer for answer, _ in (*RUNS, *OTHERS)} == {answer.name for answer in OUTCOMES.answers}


@pytest.mark.parametrize(
    "came", [ran(error="10060", winsock=10060, address="10.188.116.96:5061"), ran(error="401", status=401)]
)
def test_what_comes_before_xmpp_is_never_said_to_be_xmpp(came: Ran) -> None:
    finding = message.judge(replace(FACTS, ran=came))
    said = " ".join((finding.headline, *finding.detail))
    assert "misconfigured" not in said
    assert "before XMPP" in said or "nothing of XMPP" in said


def test_the_documents_two_reasons_are_given_where_the_registrar_answered() -> None:
    finding = message.judge(replace(FACTS, ran=ran(error="504, Server time-out", status=504)))
    assert any("misconfigured or not deployed" in line for line in finding.detail)
    again = finding.remedies[-1]
    assert again.command() == f"Test-CsXmppIM -TargetFqdn {POOL} -Receiver {ADELANY}"


DOCUMENTED_SUCCESS = """\
Target Fqdn : atl-cs-001.litwareinc.com
Result : Success
Latency : 00:00:02.5361946
Error Message :
Diagnosis :
"""
KOREAN_FAILURE = (
    "대상 Fqdn: atl-cs-001.litwareinc.com\n결과: 실패\n대기 시간: 00:00:00\n오류 메시지: 10060, 10.188.116.96:5061\n"
)
NAMED = deployment(users=(KEN,), pool=POOL, receiver=ADELANY, sender_user=r"litwareinc\kenmyer")


@pytest.mark.parametrize(
    ("printed", "answer"),
    [
        (DOCUMENTED_SUCCESS, "passed"),
        (XMPP_FAILURE, "wrong-target"),
        (XMPP_FAILURE.partition("Target Fqdn")[1] + XMPP_FAILURE.partition("Target Fqdn")[2],
         "registrar-unreachable"),
        (KOREAN_FAILURE, "registrar-unreachable"),
    ],
)  # fmt: skip
async def test_what_the_documents_print_is_judged(printed: str, answer: str) -> None:
    read = understand(Cmdlet(name=CMDLET), printed)
    assert isinstance(read, Objects), read
    facts, _ = await gathered(message.STEP, {CMDLET: read}, NAMED)
    assert message.judge(facts).answer == answer


@pytest.mark.parametrize(
    ("identifier", "answer"),
    [
        ("ParameterArgumentValidationError,Microsoft.Rtc.X", "bad-parameter"),
        ("NamedParameterNotFound,Microsoft.Rtc.X", "bad-parameter"),
        ("AmbiguousParameterSet,Microsoft.Rtc.X", "bad-parameter"),
        ("CannotConvertArgumentNoMessage,Microsoft.Rtc.X", "bad-parameter"),
        ("NotFoundTestUsers,Microsoft.Rtc.Management.SyntheticTransactions.TestXmppIMCmdlet", "no-test-users"),
        ("CommandNotFoundException", "not-seen"),
        ("WorkflowNotCompleted,Microsoft.Rtc.X", "not-delivered"),
    ],
)
async def test_an_error_record_is_judged_by_its_identifier(identifier: str, answer: str) -> None:
    error = CmdletError(message="La valeur ne convient pas.", id=identifier)
    facts, _ = await gathered(message.STEP, {CMDLET: Objects(errors=(error,))}, NAMED)
    assert message.judge(facts).answer == answer


def told_user(**more: Any) -> Objects:
    shown = {"SipAddress": KEN, "UserPrincipalName": "kenmyer@litwareinc.com", "SamAccountName": "kenmyer"}
    return Objects(objects=({**shown, "RegistrarPool": POOL, "Enabled": True, "HostingProvider": "SRV:", **more},))


def what_acts(questions: list[Question]) -> list[Cmdlet]:
    return [one for one in questions if isinstance(one, Cmdlet) and not one.name.startswith("Get-")]


SUCCESS = Objects(objects=({"Result": "Success", "TargetFqdn": POOL},))


async def test_it_is_run_in_the_users_own_pool_with_his_own_account() -> None:
    home = "atl-cs-002.litwareinc.com"
    place = deployment(users=(KEN,), pool=POOL, receiver=ADELANY)
    facts, questions = await gathered(
        message.STEP, {"Get-CsUser": told_user(RegistrarPool=home), CMDLET: SUCCESS}, place
    )
    [test] = what_acts(questions)
    assert dict(test.parameters) == {
        "TargetFqdn": home,
        "Receiver": ADELANY,
        "UserSipAddress": KEN,
        "UserCredential": Login(account="sender", user="kenmyer@litwareinc.com"),
    }
    assert message.judge(facts).answer == "passed"


async def test_nobody_is_signed_in_with_another_users_account() -> None:
    facts, questions = await gathered(
        message.STEP, {"Get-CsUser": told_user(SamAccountName="packerman"), CMDLET: SUCCESS}, NAMED
    )
    assert not what_acts(questions)
    assert message.judge(facts).answer == "other-account"


MONITORED = {"Identity": POOL, "TargetFqdn": POOL, "FirstTestUserSipUri": KEN, "SecondTestUserSipUri": None}


@pytest.mark.parametrize(
    ("monitored", "answer", "acts"),
    [
        (Objects(objects=(MONITORED,)), "passed", 1),
        (Objects(objects=({**MONITORED, "Identity": "other.litwareinc.com", "TargetFqdn": None},)), "no-test-users", 0),
        (Objects(), "no-test-users", 0),
        (Objects(errors=(CmdletError(message="x", id="CommandNotFoundException"),)), "not-seen", 0),
    ],
)
async def test_without_a_user_it_takes_the_test_users_of_the_pool(monitored: Objects, answer: str, acts: int) -> None:
    place = deployment(pool=POOL, receiver=ADELANY)
    says = {"Get-CsHealthMonitoringConfiguration": monitored, CMDLET: SUCCESS}
    facts, questions = await gathered(message.STEP, says, place)
    assert message.judge(facts).answer == answer
    assert [[name for name, _ in one.parameters] for one in what_acts(questions)] == [["TargetFqdn", "Receiver"]] * acts


async def test_without_a_receiver_nothing_is_asked() -> None:
    facts, questions = await gathered(message.STEP, {CMDLET: SUCCESS}, deployment(users=(KEN,), pool=POOL))
    assert not questions
    assert message.judge(facts).answer == "no-receiver"


@pytest.mark.parametrize("users", [(), (KEN,)])
@pytest.mark.parametrize("seat", [Vantage.OUTSIDE, Vantage.EDGE])
async def test_where_no_shell_belongs_nothing_acts(seat: Vantage, users: tuple[str, ...]) -> None:
    place = deployment(seat, users=users, pool=POOL, receiver=ADELANY)
    facts, questions = await gathered(message.STEP, {CMDLET: SUCCESS}, place)
    assert not what_acts(questions)
    assert message.judge(facts).answer == "not-for-this-seat"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (NAMED, (r"litwareinc\kenmyer", POOL, ADELANY)),
        (Deployment(), ("a test user", "their pool", "a user of the partner")),
    ],
)
def test_consent_tells_who_writes_to_whom(place: Deployment, said: tuple[str, ...]) -> None:
    consent = message.STEP.consent
    assert consent is not None
    assert all(words in consent.says(place) for words in said)


TEXT = st.text(max_size=60)


@given(
    came=st.builds(
        Outcome,
        passed=st.none() | st.booleans(),
        error=TEXT,
        diagnosis=TEXT,
        status=st.sampled_from([0, 401, 403, 404, 504]),
        winsock=st.sampled_from([0, 10054, 10060, 10061, 11001]),
        address=st.sampled_from(["", "10.0.0.1:5061", "10.0.0.1:443"]),
        logon_denied=st.booleans(),
        no_such_pool=st.booleans(),
        no_test_users=st.booleans(),
        bad_parameter=st.booleans(),
    )
)
def test_every_outcome_is_judged_and_success_is_never_a_fault(came: Outcome) -> None:
    finding = message.judge(replace(FACTS, ran=Ran(cmdlet=CMDLET, outcome=came)))
    assert (finding.answer == "passed") == (came.passed is True)
    if came.winsock and finding.answer == "not-delivered":
        raise AssertionError("a connection that failed says nothing of the XMPP gateway")


def test_what_is_said_is_shown_short() -> None:
    finding = message.judge(replace(FACTS, ran=ran(error="\N{HANGUL SYLLABLE GA}" * 9000, diagnosis="y" * 9000)))
    assert max(map(len, finding.detail)) < 400
