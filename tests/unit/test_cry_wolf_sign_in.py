"""Deployments that are well, and faults of another machine, are not told as a fault of the sign-in."""

from typing import Any

import msgspec
import pytest

from checks import listed_users
from checks.accounts import Person, with_accounts
from checks.deployment import Deployment, Product, Sources, Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.knowledge import synthetic_output
from checks.knowledge.web_services import WebNames
from checks.mobility import registrar, sign_in, transaction, user_document, user_enabled, windows_auth
from checks.mobility.two_users import Pair
from checks.mobility.windows_auth_settings import PASSIVE, Configuration
from checks.model import Reason, Status, Step
from checks.opening import asking_for, refused_accounts
from checks.probes import Answer, Cmdlet, Hop, Login, Objects, PhoneSignIn, Question, Response, Unanswered
from checks.secret import Secret
from checks.server_tests import Ran
from checks.sign_ins import logins
from tests.unit.canned import World, runbook, walk_in
from tests.unit.mobility.phone_sessions import (
    COMPLETE,
    NEGOTIATE,
    POOL,
    WEB,
    attempt,
    complete,
    exchange,
    links,
    without_success,
)
from tests.unit.mobility.told import deployment, gathered

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"


def unauthorized(client: str, offered: str) -> Objects:
    """A test that was turned away with 401: by what it signed in, and what the server offered."""
    error = (
        "No response received for Web-Ticket service. Inner Exception:The HTTP request is unauthorized with client "
        f"authentication scheme '{client}'. The authentication header received from the server was '{offered}'. "
        "Inner Exception:The remote server returned an error: (401) Unauthorized."
    )
    headers = (
        f"X-MS-Server-Fqdn : {POOL} Server : Microsoft-IIS/10.0 WWW-Authenticate : {offered} X-Powered-By : ASP.NET"
    )
    return Objects(objects=({"TargetFqdn": POOL, "Result": "Failure", "Error": error, "Diagnosis": headers},))


@pytest.mark.parametrize(
    ("client", "offered", "refused"),
    [
        ("Ntlm", "Negotiate,NTLM", True),
        # Who offers nothing has looked at no password: neither account may be closed, nor blamed.
        ("Ntlm", "", False),
        ("Ntlm", "Negotiate", False),
        # What was offered is what the test signed in by, so it is the password.
        ("Negotiate", "Negotiate", True),
        ("Basic", 'Basic realm ="LYNC"', True),
    ],
)
def test_a_password_is_refused_where_it_was_looked_at(client: str, offered: str, refused: bool) -> None:
    assert synthetic_output.refused(unauthorized(client, offered)) is refused


LOGIN = Login(account="sender", user="kenmyer@litwareinc.com")
OTHER = Login(account="receiver", user="pilar@litwareinc.com")
PHONE = PhoneSignIn(login=LOGIN, sip=KEN, web=WEB, view="inside")
TEST = Cmdlet(name="Test-CsMcxP2PIM", parameters=(("SenderCredential", LOGIN), ("ReceiverCredential", OTHER)))
REFUSED = without_success(ticket=exchange(401, credentials=True, schemes=NEGOTIATE))
CLOSED = Unanswered(reason=Reason.DENIED, detail="refused before", password_wanted=True, account="receiver")


@pytest.mark.parametrize(
    ("question", "answer", "source", "closed"),
    [
        (PHONE, REFUSED, "", {"sender"}),
        (PHONE, COMPLETE, "", set()),
        (PHONE, CLOSED, "", {"receiver"}),
        (TEST, unauthorized("Ntlm", "Negotiate,NTLM"), "", {"sender", "receiver"}),
        (TEST, unauthorized("Ntlm", ""), "", set()),
        # Another walk's refusal may be long ago.
        (PHONE, REFUSED, "walk.jsonl", set()),
        (Cmdlet(name="Get-CsPool"), Unanswered(reason=Reason.DENIED, detail="x", password_wanted=True), "", set()),
    ],
)
async def test_a_walk_that_is_resumed_tries_no_refused_password_again(
    question: Question, answer: Answer, source: str, closed: set[str]
) -> None:
    place = Deployment(vantage=Vantage.INSIDE, users=(KEN,), web="localhost")
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    journal.add(Asked(question=question, answer=answer, seat="inside", at=now(), took_ms=1, source=source))
    assert refused_accounts(journal) == closed
    asking = asking_for(journal, Sources(), {"sender": Secret("right"), "receiver": Secret("right")})
    again = msgspec.structs.replace(PHONE, web="localhost")
    answered = await asking.probes.phone.ask(again)
    await asking.close()
    assert (isinstance(answered, Unanswered) and answered.password_wanted) is ("sender" in closed)


ELSEWHERE = {
    "OriginatorSid": "S-1-5-21-1-2-3-1104",
    "SamAccountName": "LS_ken",
    "UserPrincipalName": "ls_ken@resource.local",
}
"""How a user of a resource forest looks: the account beside it is disabled and only stands for the other."""


def world(**user: Any) -> dict[str, Objects]:
    """The cmdlets' answers of a deployment where both users look like this."""
    shown = {"Enabled": True, "RegistrarPool": POOL, "HostingProvider": "SRV:", **user}
    return {
        "Get-CsUser": Objects(objects=(shown,)),
        "Get-CsServerVersion": Objects(objects=({"Value": "Microsoft Lync Server 2013 (5.0.8308.0)"},)),
        "Test-CsMcxP2PIM": Objects(objects=({"Result": "Success", "TargetFqdn": POOL},)),
        "Test-CsRegistration": Objects(objects=({"Result": "Success", "TargetFqdn": POOL},)),
        "Test-CsIM": Objects(objects=({"Result": "Success", "TargetFqdn": POOL},)),
    }


@pytest.mark.parametrize(("step", "answer"), [(transaction.STEP, "passed"), (registrar.STEP, "registered")])
async def test_an_account_of_another_forest_is_no_other_users(step: Step[Any], answer: str) -> None:
    place = deployment(users=(KEN, PILAR), pool=POOL, sender_user=r"accounts\ken", receiver_user=r"accounts\pilar")
    facts, _ = await gathered(step, world(**ELSEWHERE), place)
    assert step.judge(facts).answer == answer


@pytest.mark.parametrize("step", [transaction.STEP, registrar.STEP, sign_in.STEP])
async def test_nobody_signs_in_with_the_disabled_account_that_stands_for_another(step: Step[Any]) -> None:
    place = deployment(users=(KEN, PILAR), pool=POOL, web=WEB)
    facts, asked = await gathered(step, world(**ELSEWHERE), place)
    finding = step.judge(facts)
    assert (finding.answer, finding.reason) == ("not-seen", Reason.MISSING_INPUT)
    assert "--sender-user" in finding.headline
    assert not any(logins(question) for question in asked)


async def test_a_test_of_two_users_waits_for_the_name_of_the_second_too() -> None:
    place = deployment(users=(KEN, PILAR), pool=POOL, sender_user=r"accounts\ken")
    facts, _ = await gathered(transaction.STEP, world(**ELSEWHERE), place)
    assert "--receiver-user" in transaction.judge(facts).headline


def test_a_web_ticket_beside_tokens_that_a_browser_gets_is_a_sign_in() -> None:
    """Passive sign-in with Windows sign-in left on: the token asked for without a password is refused, as it should be."""
    passive = "https://sts.litwareinc.com/adfs/ls"
    asked = exchange(400, error="invalid_grant", code=28020)
    session = complete(token=asked, has_token=False, passive_url=passive, grants=("urn:microsoft.rtc:passive",))
    finding = sign_in.judge(sign_in.Facts(attempt=attempt(session)))
    assert finding.answer == "signed-in"
    assert "sts.litwareinc.com" in str(finding.detail)


KNOWN = (
    WebNames(pool=POOL, external=WEB, internal="lyncweb-int.litwareinc.com"),
    WebNames(pool="red-cs-001.litwareinc.com", external="lyncweb-red.litwareinc.com"),
)


@pytest.mark.parametrize(
    ("homed", "host", "answer"),
    [
        (False, "lyncweb-red.litwareinc.com", "complete"),
        (False, "lyncweb.fabrikam.com", "other-host"),
        (True, "lyncweb-red.litwareinc.com", "other-host"),
    ],
)
def test_where_the_home_was_not_seen_any_pool_of_the_topology_is_right(homed: bool, host: str, answer: str) -> None:
    """Get-CsUser may be denied where Get-CsService is not."""
    facts = user_document.Facts(
        attempt=attempt(complete(links=links(host))),
        outside=False,
        web=WEB,
        web_internal="",
        edge="",
        pool=POOL,
        homed=homed,
        product=Product.LYNC_2013,
        known=KNOWN,
    )
    assert user_document.judge(facts).answer == answer


async def test_a_computer_named_in_place_of_its_pool_makes_nobody_homed_elsewhere() -> None:
    pools = Objects(objects=({"Identity": POOL, "Computers": ["atl-fe-001.litwareinc.com"]},))
    place = deployment(users=(KEN,), pool="atl-fe-001.litwareinc.com")
    facts, _ = await gathered(user_enabled.STEP, {**world(SipAddress=KEN), "Get-CsPool": pools}, place)
    assert user_enabled.judge(facts).answer == "enabled"


OFF = Configuration(identity="Global", windows="None", others=("certificates",))


@pytest.mark.parametrize(
    ("page", "status", "answer"),
    [
        # The page is there, and nothing behind it takes passwords: so it is where they are switched off.
        (True, 500, "windows-auth-off"),
        (True, 404, "windows-auth-off"),
        (True, 503, "service-error"),
        (False, 500, "service-error"),
        (False, 404, "service-error"),
    ],
)
def test_a_service_without_passwords_need_not_answer_to_one(page: bool, status: int, answer: str) -> None:
    reply = Response(hops=(Hop(url=f"https://{WEB}/", address="192.0.2.1", status=status, headers=()),))
    facts = windows_auth.Facts(host=WEB, pool=POOL, site="Redmond", reply=reply, page=page, configurations=(OFF,))
    assert windows_auth.judge(facts).answer == answer


def test_a_user_whom_the_tested_pool_does_not_know_may_be_homed_in_another() -> None:
    other = Person(sip=PILAR, user="pilar@litwareinc.com", pool="red-cs-001.litwareinc.com")
    users = Pair(people=(Person(sip=KEN, user="kenmyer@litwareinc.com", pool=POOL), other), pool=POOL)
    seen = synthetic_output.Outcome(passed=False, error="404, Not Found", status=404, code=4005)
    facts = transaction.Facts(users=users, ran=Ran(cmdlet="Test-CsMcxP2PIM", outcome=seen))
    assert f"{PILAR} is homed in red-cs-001.litwareinc.com" in " ".join(transaction.judge(facts).detail)


def test_a_list_may_hold_users_of_every_pool() -> None:
    shown = {
        "SipAddress": KEN,
        "Enabled": True,
        "RegistrarPool": "red-cs-001.litwareinc.com",
        "HostingProvider": "SRV:",
    }
    pools = Objects(objects=({"Identity": POOL}, {"Identity": "red-cs-001.litwareinc.com", "Site": "Site:Redmond"}))
    place = Deployment(vantage=Vantage.FRONT_END, pool=POOL, listed=(KEN,))
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    told = {"Get-CsUser": Objects(objects=(shown,)), "Get-CsPool": pools}
    for name, answer in told.items():
        record.add(Asked(question=Cmdlet(name=name), answer=answer, seat="front-end", at=now(), took_ms=1))
    [listed] = listed_users.judged(record)
    assert listed.findings[user_enabled.STEP.id].answer == "enabled"


@pytest.mark.parametrize(
    ("windows", "others", "answer"),
    [
        ("None", ("certificates",), "without-passwords"),
        ("Negotiate", ("certificates", PASSIVE), "without-passwords"),
        ("Negotiate", ("certificates", "PIN"), "refused"),
    ],
)
def test_a_registrar_that_takes_certificates_alone_refuses_a_password_rightly(
    windows: Any, others: tuple[str, ...], answer: str
) -> None:
    people = (Person(sip=KEN, user=r"litwareinc\ken"), Person(sip=PILAR, user=r"litwareinc\pilar"))
    denied = synthetic_output.Outcome(passed=False, error="The log on was denied.", logon_denied=True)
    reply = Unanswered(reason=Reason.MISSING_INPUT, detail="")
    setting = Configuration(identity="Global", windows=windows, others=others)
    facts = registrar.Facts(
        users=Pair(people=people, pool=POOL),
        registration=Ran(cmdlet="Test-CsRegistration", outcome=denied),
        offer=windows_auth.Facts(host=WEB, pool=POOL, site="Redmond", reply=reply, configurations=(setting,)),
    )
    assert registrar.judge(facts).answer == answer


def test_nobody_is_asked_for_the_password_of_an_account_that_only_stands_for_another() -> None:
    place = deployment(users=(KEN,), pool=POOL)
    shown = with_accounts(place, lambda _: world(**ELSEWHERE)["Get-CsUser"])
    assert shown.sender_user == ""


@pytest.mark.parametrize(
    ("own", "skipped"),
    [({}, True), ({"canned.second": frozenset({"bad"})}, True), ({"canned.second": frozenset()}, False)],
)
async def test_what_a_step_says_of_a_cause_counts_more_than_that_a_step_between_was_skipped(
    own: dict[str, frozenset[str]], skipped: bool
) -> None:
    book = runbook()
    *stages, last = book.stages
    stage = msgspec.structs.replace(last, stands_on={"canned.third": frozenset({"bad"}), **own})
    book = msgspec.structs.replace(book, stages=(*stages, stage))
    walk = walk_in(World(**{"Get-Second": "bad", "Get-Fourth": "bad"}), book)
    await walk.run_all()
    assert walk.journal.concluded["canned.third"].finding.status is Status.SKIPPED
    assert (walk.journal.concluded["canned.fourth"].finding.status is Status.SKIPPED) is skipped
