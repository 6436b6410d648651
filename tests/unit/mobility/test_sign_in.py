"""The judgement of `mobility.sign-in`: the user, the way of signing in, or the service."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.accounts import with_accounts
from checks.deployment import Deployment, Vantage
from checks.mobility import phone
from checks.mobility.sign_in import STEP, Facts, judge
from checks.mobility.windows_auth import Facts as Offer
from checks.mobility.windows_auth_settings import Configuration
from checks.model import Reason, Status
from checks.probes import Cmdlet, Exchange, Objects, PhoneSession, PhoneSignIn, Question, Unanswered, Unreached
from tests.unit.mobility.phone_sessions import (
    COMPLETE,
    NEGOTIATE,
    POOL,
    SIP,
    TICKET,
    USER,
    USER_LINK,
    WEB,
    attempt,
    complete,
    exchange,
    nothing,
    without_success,
)
from tests.unit.mobility.told import gathered

MISMATCH = (
    "The SIP URI in the claim type requirements of the web ticket request does not match the SIP URI associated with the "
    "presented credentials."
)


def refused(schemes: tuple[str, ...] = NEGOTIATE, **fields: Any) -> PhoneSession:
    return without_success(ticket=exchange(401, credentials=True, schemes=schemes, **fields))


def ticket(status: int, **fields: Any) -> PhoneSession:
    return without_success(ticket=exchange(status, credentials=True, **fields))


def token(status: int, **fields: Any) -> PhoneSession:
    return without_success(token=exchange(status, f"https://{WEB}/WebTicket/oauthtoken", credentials=True, **fields))


def answered(status: int, **fields: Any) -> PhoneSession:
    """Nothing on the way named a place to sign in."""
    return PhoneSession(root=exchange(200), unauthenticated=exchange(status, USER_LINK, **fields))


TABLE: list[tuple[str, Any]] = [
    ("signed-in", COMPLETE),
    ("signed-in", complete(token=None, has_token=False)),
    ("signed-in", complete(ticket=None, has_ticket=False)),
    ("refused", refused()),
    ("refused", refused(code=1013)),
    ("refused", token(400, error="invalid_grant", code=28020)),
    ("refused", token(400, code=28020)),
    ("account-of-another-user", ticket(500, error="a:RequestFailed", message=MISMATCH)),
    ("account-of-another-user", ticket(200, error="wst:InvalidRequest", message=MISMATCH)),
    (
        "account-of-another-user",
        complete(ticket=exchange(500, credentials=True, error="Fault", message=MISMATCH), has_ticket=False),
    ),
    ("account-of-another-user", ticket(403, code=28000, message="User is not SIP enabled.")),
    ("ticket-service-down", ticket(503)),
    ("ticket-service-down", without_success(ticket=nothing("silence"))),
    ("ticket-service-down", without_success(ticket=nothing("timeout"))),
    ("ticket-service-down", without_success(metadata=exchange(503), metadata_ports=())),
    ("ticket-service-down", ticket(502, server="", software="nginx")),
    ("ticket-service-error", ticket(500)),
    ("ticket-service-error", ticket(500, code=28001)),
    ("ticket-service-error", ticket(500, error="RequestFailed", message="Something else.")),
    ("ticket-service-error", ticket(404)),
    ("ticket-service-error", without_success(ticket=exchange(401, schemes=NEGOTIATE))),
    ("negotiate-refused", refused(("negotiate",))),
    ("negotiate-refused", without_success(ticket=exchange(401, schemes=("negotiate",), failure="It ended early."))),
    ("method-disabled", token(400, error="unsupported_grant_type", code=28029)),
    ("method-disabled", ticket(403, code=28029)),
    ("method-disabled", without_success(metadata_ports=("WebTicketServiceCert",), grants=())),
    ("one-way-only", complete(token=exchange(400, error="unsupported_grant_type"), has_token=False)),
    ("one-way-only", complete(ticket=exchange(500), has_ticket=False)),
    ("no-way-named", answered(401)),
    ("no-way-named", answered(404)),
    ("no-way-named", answered(200)),
    ("passive", without_success(passive_url="https://sts.litwareinc.com/adfs/ls")),
    ("passive", without_success(metadata_ports=("WsFedBearer",))),
    (
        "passive",
        without_success(
            token=exchange(400, error="invalid_grant", code=28020, credentials=True),
            passive_url="https://lyncweb.litwareinc.com/PassiveAuth/PassiveAuth.aspx",
        ),
    ),
    ("no-user", attempt(Unanswered(reason=Reason.MISSING_INPUT, detail="No user was named."), sip="")),
    ("no-password", Unanswered(reason=Reason.MISSING_INPUT, detail="Not given.", password_wanted=True)),
    ("no-password", Unanswered(reason=Reason.DENIED, detail="Refused before.", password_wanted=True)),
    ("not-seen", Unanswered(reason=Reason.MISSING_INPUT, detail="Nothing is asked live.")),
    ("not-seen", Unreached(phase="connect", kind="refused", detail="refused")),
    ("not-seen", without_success(ticket=nothing("certificate"))),
    ("not-seen", without_success(ticket=nothing("no-such-name"))),
    ("not-seen", without_success(ticket=nothing(None, failure="sts.example.com lies outside of litwareinc.com"))),
    ("not-seen", PhoneSession(root=exchange(404))),
    ("not-seen", PhoneSession()),
]


def facts(reply: Any, offer: Offer | None = None) -> Facts:
    return Facts(attempt=reply if isinstance(reply, phone.Attempt) else attempt(reply), offer=offer)


def offer(*configurations: Configuration) -> Offer:
    reply = Unreached(phase="reply", kind="silence", detail="nothing")
    return Offer(host=WEB, pool=POOL, site="Redmond", reply=reply, configurations=configurations)


OFF = offer(Configuration(identity="Global", windows="None", others=("certificates",)))


@pytest.mark.parametrize(("answer", "reply"), TABLE)
def test_judgement(answer: str, reply: Any) -> None:
    finding = judge(facts(reply))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


@pytest.mark.parametrize(
    ("root", "reason"),
    [(exchange(200), Reason.MISSING_INPUT), (exchange(404), Reason.MISSING_INPUT), (None, Reason.UNREACHABLE)],
)
def test_what_answered_is_not_called_out_of_reach(root: Any, reason: Reason) -> None:
    assert judge(facts(PhoneSession(root=root))).reason is reason


def test_every_answer_is_in_the_table() -> None:
    assert {one.name for one in STEP.answers} - {"without-passwords"} == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    "reply",
    [refused(), token(400, error="unsupported_grant_type", code=28029), without_success(metadata_ports=("Cert",))],
)
def test_where_passwords_are_off_on_purpose_nothing_is_wrong(reply: PhoneSession) -> None:
    assert judge(facts(reply, OFF)).answer == "without-passwords"
    on = offer(Configuration(identity="Global", windows="Negotiate", others=("certificates",)))
    assert judge(facts(reply, on)).answer != "without-passwords"


def test_windows_sign_in_that_is_off_is_mended_where_it_applies() -> None:
    reply = token(400, error="unsupported_grant_type", code=28029)
    everywhere = Configuration(identity="Global", windows="Negotiate")
    finding = judge(facts(reply, offer(everywhere, Configuration(identity="Site:Redmond", windows="None"))))
    assert finding.answer == "method-disabled"
    assert finding.remedies[0].parameters == {"Identity": "Site:Redmond", "UseWindowsAuth": "Negotiate"}


def test_a_challenge_is_no_refusal() -> None:
    """The 401 that begins a handshake says nothing of the password."""
    assert judge(facts(without_success(ticket=exchange(401, schemes=NEGOTIATE)))).answer != "refused"


def test_the_headline_names_user_and_server() -> None:
    finding = judge(facts(refused()))
    assert USER in finding.headline
    assert WEB in finding.headline


EXCHANGES = st.none() | st.builds(
    Exchange,
    url=st.sampled_from([TICKET, "", "https://[", "nonsense"]) | st.text(max_size=20),
    status=st.sampled_from([0, 200, 201, 204, 302, 400, 401, 403, 404, 500, 503]),
    kind=st.sampled_from([None, "timeout", "certificate", "reset"]),
    failure=st.text(max_size=20),
    schemes=st.sampled_from([(), ("negotiate",), NEGOTIATE]),
    credentials=st.booleans(),
    error=st.sampled_from(["", "invalid_grant", "unsupported_grant_type", "a:RequestFailed"]),
    code=st.sampled_from([0, 1013, 28000, 28020, 28029, 28032]),
    message=st.text(max_size=20),
)
SESSIONS = st.builds(
    PhoneSession,
    root=EXCHANGES,
    unauthenticated=EXCHANGES,
    challenge=EXCHANGES,
    metadata=EXCHANGES,
    metadata_ports=st.sampled_from(
        [(), ("WebTicketServiceWinNegotiate",), ("WsFedBearer",), ("WebTicketServiceCert",)]
    ),
    ticket=EXCHANGES,
    token=EXCHANGES,
    has_ticket=st.booleans(),
    has_token=st.booleans(),
    passive_url=st.sampled_from(["", "https://sts.litwareinc.com/", "https://["]),
)


@given(SESSIONS)
def test_every_session_is_judged(session: PhoneSession) -> None:
    finding = judge(facts(session))
    signed_in = session.has_ticket or session.has_token
    assert signed_in or finding.answer not in {"signed-in", "one-way-only"}
    assert not signed_in or finding.answer in {"signed-in", "one-way-only", "account-of-another-user"}
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)


async def signing_in(deployment: Deployment, **user: Any) -> PhoneSignIn:
    """The question that the step asks, where Get-CsUser shows the user so."""
    says = {"Get-CsUser": Objects(objects=({"SipAddress": SIP, **user},))} if user else {}
    _, questions = await gathered(STEP, says, deployment)
    return next(one for one in questions if isinstance(one, PhoneSignIn))


async def test_the_account_that_was_named_signs_in() -> None:
    place = Deployment(vantage=Vantage.INSIDE, users=(SIP,), domains=("litwareinc.com",), web=WEB)
    named = Deployment(
        vantage=Vantage.INSIDE, users=(SIP,), domains=("litwareinc.com",), web=WEB, sender_user="LITWAREINC\\kenmyer"
    )
    assert (await signing_in(place)).login.user == USER
    assert (await signing_in(place, UserPrincipalName="kmyer@corp.litwareinc.com")).login.user == (
        "kmyer@corp.litwareinc.com"
    )
    question = await signing_in(named, UserPrincipalName="kmyer@corp.litwareinc.com")
    assert question.login.user == "LITWAREINC\\kenmyer"
    assert (question.web, question.sip) == (WEB, SIP)


async def test_nobody_signs_in_where_nobody_is_named() -> None:
    found, questions = await gathered(STEP, {}, Deployment(web=WEB))
    assert not questions
    assert judge(found).answer == "no-user"


def test_the_consent_names_who_signs_in_where() -> None:
    place = Deployment(users=(SIP,), domains=("litwareinc.com",), web=WEB)
    shown = Objects(objects=({"SipAddress": SIP, "UserPrincipalName": "kmyer@corp.litwareinc.com"},))

    def told(question: Question) -> Objects | None:
        return shown if question == Cmdlet(name="Get-CsUser", parameters=(("Identity", SIP),)) else None

    assert USER in phone.CONSENT.says(place)
    assert WEB in phone.CONSENT.says(place)
    assert "kmyer@corp.litwareinc.com" in phone.CONSENT.says(with_accounts(place, told))
