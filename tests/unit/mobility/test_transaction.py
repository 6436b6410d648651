"""The judgement of the server's own test of mobility, and what is asked for it."""

from typing import Any

import pytest

from checks.accounts import Person
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.synthetic_output import Outcome
from checks.mobility import transaction, two_users
from checks.mobility.transaction import Facts
from checks.mobility.two_users import Pair
from checks.mobility.windows_auth_settings import Configuration
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Login, Objects, Question, Unanswered
from checks.server_tests import Ran
from tests.unit.mobility.told import deployment, gathered

POOL = "atl-cs-001.litwareinc.com"
KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
PAIR = Pair(
    people=(
        Person(sip=KEN, user="kenmyer@litwareinc.com", account_name="kenmyer", principal_name="kenmyer@litwareinc.com"),
        Person(sip=PILAR, user=r"litwareinc\pilar", account_name="pilar", principal_name="pilar@litwareinc.com"),
    ),
    pool=POOL,
    product=Product.LYNC_2013,
)
TICKET = "No response received for Web-Ticket service."


def failed(**seen: Any) -> Ran:
    return Ran(cmdlet="Test-CsMcxP2PIM", outcome=Outcome(passed=False, **seen))


def unauthorized(*offered: str) -> Ran:
    return failed(error=TICKET, status=401, server=POOL, offered=offered, about_ticket=True)


RUNS: list[tuple[str, Ran]] = [
    ("passed", Ran(cmdlet="Test-CsMcxP2PIM", outcome=Outcome(passed=True))),
    ("credentials", unauthorized("negotiate", "ntlm")),
    ("credentials", failed(error="denied", logon_denied=True)),
    ("credentials", failed(error=TICKET, code=28020, server=POOL)),
    ("credentials", failed(error="(401)", status=401)),
    ("schemes-differ", unauthorized("negotiate")),
    ("schemes-differ", unauthorized("basic")),
    ("web-ticket-silent", failed(error=TICKET, about_ticket=True)),
    ("failed-otherwise", failed(error=TICKET, about_ticket=True, status=503)),
    ("failed-otherwise", failed(error=TICKET, about_ticket=True, server=POOL)),
    ("user-not-enabled", failed(error="404, Not Found", status=404, code=4005)),
    ("user-not-enabled", failed(error="404, Not Found", status=404, code=1003)),
    ("failed-otherwise", failed(error="404, Not Found", status=404)),
    ("dns-missing", failed(error="11004", winsock=11004)),
    ("registrar-unreachable", failed(error="10060", winsock=10060, address="10.188.116.96:5061")),
    ("registrar-unreachable", failed(error="10061", winsock=10061, address="10.188.116.96:5071")),
    ("failed-otherwise", failed(error="10060", winsock=10060, address="10.188.116.96:443")),
    ("failed-otherwise", failed(error="10060", winsock=10060)),
    ("wrong-target", failed(error="10060", winsock=10060, address="10.0.0.1:5061", no_such_pool=True)),
    ("failed-otherwise", failed(error="504", status=504, code=2)),
    ("failed-otherwise", failed()),
    ("no-test-users", Ran(cmdlet="Test-CsUcwaConference", outcome=Outcome(passed=None, no_test_users=True))),
    ("not-seen", Ran(cmdlet="Test-CsMcxP2PIM", outcome=Outcome(passed=None))),
    ("not-seen", Ran(cmdlet="Test-CsMcxP2PIM", unseen=Unseen(reason=Reason.TIMEOUT, detail="late"))),
    ("no-password", Ran(cmdlet="x", unseen=Unseen(reason=Reason.MISSING_INPUT, detail="p"), password_wanted=True)),
    ("no-password", Ran(cmdlet="x", unseen=Unseen(reason=Reason.DENIED, detail="before"), password_wanted=True)),
    (
        "not-for-this-seat",
        Ran(cmdlet="x", unseen=Unseen(reason=Reason.MISSING_INPUT, detail="", seat_has_no_shell=True)),
    ),
]


@pytest.mark.parametrize(("answer", "ran"), RUNS)
def test_what_came_of_it(answer: str, ran: Ran) -> None:
    finding = transaction.judge(Facts(users=PAIR, ran=ran))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
        assert POOL in finding.headline or "accounts" in finding.headline
    if finding.status is Status.UNKNOWN:
        assert finding.reason is not None


def test_every_own_answer_is_in_the_tables() -> None:
    told = {answer for answer, _ in RUNS} | {"other-account", "no-users", "without-passwords"}
    assert told == {answer.name for answer in transaction.OUTCOMES.answers}


@pytest.mark.parametrize(
    "numbers", [{"error": "x" * 9000}, {"error": "\N{HANGUL SYLLABLE GA}" * 400, "diagnosis": "y" * 9000}]
)
def test_what_is_said_is_shown_short(numbers: dict[str, str]) -> None:
    finding = transaction.judge(Facts(users=PAIR, ran=failed(**numbers)))
    assert max(map(len, finding.detail)) < 400


def offer(windows: Any, *others: str) -> Any:
    from checks.mobility import windows_auth

    setting = Configuration(identity="Global", windows=windows, others=others)
    reply = Unanswered(reason=Reason.MISSING_INPUT, detail="")
    return windows_auth.Facts(host="h", pool=POOL, site="Redmond", reply=reply, configurations=(setting,))


@pytest.mark.parametrize(
    ("answer", "windows", "others"),
    [
        ("without-passwords", "None", ("certificates",)),
        ("without-passwords", "None", ()),
        ("schemes-differ", "Negotiate", ()),
    ],
)
def test_where_passwords_are_not_meant_to_be_taken_the_test_does_not_apply(
    answer: str, windows: str, others: tuple[str, ...]
) -> None:
    facts = Facts(users=PAIR, ran=unauthorized("bearer"), offer=offer(windows, *others))
    assert transaction.judge(facts).answer == answer


@pytest.mark.parametrize(
    ("another", "user", "account", "principal"),
    [
        (False, r"litwareinc\kenmyer", "kenmyer", "kenmyer@litwareinc.com"),
        (False, r"LITWAREINC\KenMyer", "kenmyer", ""),
        (False, "KenMyer@litwareinc.com", "kmyer", "kenmyer@litwareinc.com"),
        (False, "kmyer@corp.litwareinc.com", "kmyer", "kenmyer@litwareinc.com"),
        (False, "kenmyer", "kenmyer", ""),
        (False, r"litwareinc\pilar", "", "kenmyer@litwareinc.com"),
        (False, "pilar@litwareinc.com", "kenmyer", ""),
        (False, r"litwareinc\kenmyer", "kenm", ""),
        (True, r"litwareinc\pilar", "packerman", "packerman@litwareinc.com"),
        (True, "pilar", "packerman", ""),
        (True, "pilar@litwareinc.com", "packerman", "packerman@litwareinc.com"),
    ],
)
def test_whose_account_it_is(another: bool, user: str, account: str, principal: str) -> None:
    """The Microsoft sample signs in as litwareinc\\pilar for sip:packerman@…; what was not shown proves nothing."""
    person = Person(sip=KEN, user=user, account_name=account, principal_name=principal)
    assert person.signs_in_as_another is another
    finding = transaction.judge(Facts(users=Pair(people=(PAIR.people[1], person), pool=POOL)))
    assert (finding.answer == "other-account") is another
    if another:
        assert user in finding.headline
        assert finding.remedies


def told_user(sip: str, **more: Any) -> dict[str, Any]:
    name = sip.removeprefix("sip:")
    known = {
        "SipAddress": sip,
        "UserPrincipalName": name,
        "RegistrarPool": POOL,
        "Enabled": True,
        "HostingProvider": "SRV:",
    }
    return {**known, "SamAccountName": name.partition("@")[0], **more}


def version(words: str) -> Objects:
    return Objects(objects=({"Value": words},))


RESULT = Objects(objects=({"Result": "Success", "TargetFqdn": POOL},))
NAMED = deployment(users=(KEN, PILAR), pool=POOL, sender_user=r"litwareinc\kenmyer", receiver_user=r"litwareinc\pilar")


async def asked(words: str, place: Deployment = NAMED) -> Cmdlet | None:
    """The test that is run on a product, if any."""
    says = {
        "Get-CsServerVersion": version(words),
        "Test-CsMcxP2PIM": RESULT,
        "Test-CsUcwaConference": RESULT,
    }
    _, questions = await gathered(transaction.STEP, says, place)
    tests = what_acts(questions)
    assert len(tests) <= 1
    return tests[0] if tests else None


def what_acts(questions: list[Question]) -> list[Cmdlet]:
    """What acts."""
    return [one for one in questions if isinstance(one, Cmdlet) and one.name.startswith("Test-")]


@pytest.mark.parametrize(
    ("words", "name", "names"),
    [
        ("Microsoft Lync Server 2010 (4.0.7577.0)", "Test-CsMcxP2PIM",
         "TargetFqdn SenderSipAddress SenderCredential ReceiverSipAddress ReceiverCredential"),
        ("Microsoft Lync Server 2013 (5.0.8308.0)", "Test-CsMcxP2PIM",
         "TargetFqdn Authentication SenderSipAddress SenderCredential ReceiverSipAddress ReceiverCredential"),
        ("Skype for Business Server 2015 (6.0.9319.0)", "Test-CsMcxP2PIM",
         "TargetFqdn Authentication SenderSipAddress SenderCredential ReceiverSipAddress ReceiverCredential"),
        ("Skype for Business Server 2019 (7.0.2046.0)", "Test-CsUcwaConference",
         "TargetFqdn OrganizerSipAddress OrganizerCredential ParticipantSipAddress ParticipantCredential"),
    ],
)  # fmt: skip
async def test_the_test_of_the_product_is_run(words: str, name: str, names: str) -> None:
    question = await asked(words)
    assert question is not None
    assert question.name == name
    assert [parameter for parameter, _ in question.parameters] == names.split()
    logins = [value for _, value in question.parameters if isinstance(value, Login)]
    assert logins == [
        Login(account="sender", user=r"litwareinc\kenmyer"),
        Login(account="receiver", user=r"litwareinc\pilar"),
    ]


async def test_it_is_run_in_the_home_pool_of_the_first_user() -> None:
    home = "atl-cs-002.litwareinc.com"
    says = {"Get-CsUser": Objects(objects=(told_user(KEN, RegistrarPool=home),)), "Test-CsMcxP2PIM": RESULT}
    facts, questions = await gathered(transaction.STEP, says, NAMED)
    assert facts.users.pool == home
    [test] = what_acts(questions)
    assert dict(test.parameters)["TargetFqdn"] == home


async def test_what_is_shown_of_somebody_else_proves_nothing() -> None:
    says = {"Get-CsUser": Objects(objects=(told_user(KEN),)), "Test-CsMcxP2PIM": RESULT}
    facts, _ = await gathered(transaction.STEP, says, NAMED)
    assert [person.account_name for person in facts.users.people] == ["kenmyer", ""]
    assert transaction.judge(facts).answer == "passed"


async def test_nobody_is_signed_in_with_another_users_account() -> None:
    says = {"Get-CsUser": Objects(objects=(told_user(PILAR, SamAccountName="packerman"),)), "Test-CsMcxP2PIM": RESULT}
    facts, questions = await gathered(transaction.STEP, says, NAMED)
    assert not what_acts(questions)
    assert transaction.judge(facts).answer == "other-account"


@pytest.mark.parametrize("users", [(), (KEN,)])
@pytest.mark.parametrize(("seat", "answer"), [(Vantage.INSIDE, "no-users"), (Vantage.OUTSIDE, "not-for-this-seat")])
async def test_without_two_users_nothing_is_run(users: tuple[str, ...], seat: Vantage, answer: str) -> None:
    facts, questions = await gathered(transaction.STEP, {}, deployment(seat, users=users, pool=POOL))
    assert not what_acts(questions)
    assert transaction.judge(facts).answer == answer


async def test_without_a_shell_it_is_not_for_this_seat() -> None:
    facts, _ = await gathered(transaction.STEP, {}, deployment(Vantage.OUTSIDE, users=(KEN, PILAR), pool=POOL))
    assert transaction.judge(facts).answer == "not-for-this-seat"


async def test_a_cmdlet_that_the_role_does_not_hold_is_no_fault() -> None:
    missing = CmdletError(message="The term 'Test-CsMcxP2PIM' is not recognized", id="CommandNotFoundException")
    facts, _ = await gathered(transaction.STEP, {"Test-CsMcxP2PIM": Objects(errors=(missing,))}, NAMED)
    finding = transaction.judge(facts)
    assert (finding.answer, finding.reason) == ("not-seen", Reason.DENIED)


def test_the_command_by_hand_shows_the_accounts() -> None:
    lines = "\n".join(transaction.by_hand(NAMED))
    assert r"$first = Get-Credential 'litwareinc\kenmyer'" in lines or r"Get-Credential litwareinc\kenmyer" in lines
    assert f"-SenderSipAddress {KEN}" in lines
    assert "Test-CsUcwaConference -TargetFqdn" in "\n".join(
        transaction.by_hand(deployment(users=(KEN, PILAR), product=Product.SKYPE_2019))
    )


def test_the_consent_names_both() -> None:
    consent = transaction.STEP.consent
    assert consent is not None
    assert consent.accounts == two_users.ACCOUNTS
    said = consent.says(NAMED)
    assert all(name in said for name in (r"litwareinc\kenmyer", r"litwareinc\pilar", POOL))
