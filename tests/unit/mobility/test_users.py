"""The judgement of the steps about users: their accounts and their mobility policies."""

from typing import Any

import pytest

from checks.knowledge.lync_objects import User
from checks.knowledge.shell_answers import Unseen
from checks.mobility import policy, user_enabled
from checks.mobility.policy import Governed, Policy
from checks.mobility.user_enabled import Account
from checks.model import Reason, Status

POOL = "atl-cs-001.litwareinc.com"
KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"


def user(sip: str = KEN, **more: Any) -> User:
    known = {"sip": sip, "enabled": True, "pool": POOL, "principal_name": sip.removeprefix("sip:")}
    return User(**{**known, **more})


ACCOUNTS: list[tuple[str, list[User | None]]] = [
    ("enabled", [user()]),
    ("enabled", [user(), user(PILAR, principal_name="Pilar@litwareinc.com")]),
    ("enabled", [user(principal_name="")]),
    ("no-such-user", [None]),
    ("no-such-user", [user(enabled=False), None]),
    ("not-enabled", [user(enabled=False)]),
    ("not-seen", [user(enabled=None)]),
    ("not-seen", [user(pool="", unseen=("RegistrarPool",))]),
    ("not-enabled", [user(enabled=False, pool="", unseen=("RegistrarPool",))]),
    ("upn-differs", [user(enabled=None), user(PILAR, principal_name="p@contoso.com")]),
    ("not-enabled", [user(), user(PILAR, enabled=False, pool="")]),
    ("no-registrar-pool", [user(pool="")]),
    ("no-registrar-pool", [user(pool="", hosting_provider="SRV:")]),
    ("homed-online", [user(pool="", hosting_provider="sipfed.online.lync.com")]),
    ("other-pool", [user(pool="atl-cs-002.litwareinc.com")]),
    ("upn-differs", [user(principal_name="ken@corp.litwareinc.com")]),
    ("no-users", []),
]


@pytest.mark.parametrize(("answer", "users"), ACCOUNTS)
def test_accounts(answer: str, users: list[User | None]) -> None:
    accounts = tuple(Account(sip=(KEN, PILAR)[n], user=one) for n, one in enumerate(users))
    finding = user_enabled.judge(user_enabled.Facts(pool=POOL, accounts=accounts))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
        assert "sip:" in finding.headline, "the fault is told in the user's own name"


def test_without_a_pool_to_compare_no_pool_is_the_wrong_one() -> None:
    finding = user_enabled.judge(user_enabled.Facts(pool="", accounts=(Account(sip=KEN, user=user()),)))
    assert finding.answer == "enabled"


UNSEEN = [
    ("not-seen", Unseen(reason=Reason.DENIED, detail="refused")),
    ("not-for-this-seat", Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)),
]


@pytest.mark.parametrize(("answer", "seen"), UNSEEN)
def test_what_was_not_seen_is_never_a_fault(answer: str, seen: Unseen) -> None:
    for finding in (
        user_enabled.judge(user_enabled.Facts(pool=POOL, unseen=seen)),
        policy.judge(policy.Facts(unseen=seen)),
    ):
        assert finding.answer == answer
        assert finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


GLOBAL, GLOBAL_OFF = Policy(identity="Global", allows=True), Policy(identity="Global", allows=False)
SITE, SITE_OFF = Policy(identity="Site:Redmond", allows=True), Policy(identity="Site:Redmond", allows=False)
TAG, TAG_OFF = (
    Policy(identity="Tag:RedmondMobilityPolicy", allows=True),
    Policy(identity="Tag:RedmondMobilityPolicy", allows=False),
)
ASSIGNED = {"policy": "RedmondMobilityPolicy"}

POLICIES: list[tuple[str, list[Governed], tuple[Policy, ...]]] = [
    ("allowed", [Governed(user=user())], (GLOBAL,)),
    ("allowed", [Governed(user=user(), site="Redmond")], (GLOBAL_OFF, SITE)),
    ("allowed", [Governed(user=user(**ASSIGNED), site="Redmond")], (GLOBAL_OFF, SITE_OFF, TAG)),
    ("allowed", [Governed(user=user(), effective="Global", site="Redmond")], (GLOBAL,)),
    ("allowed", [Governed(user=user(**ASSIGNED), effective="RedmondMobilityPolicy")], (GLOBAL, TAG)),
    ("allowed", [Governed(user=user(), effective="Site:Redmond")], (GLOBAL_OFF, SITE)),
    ("disabled-for-user", [Governed(user=user(**ASSIGNED))], (GLOBAL, TAG_OFF)),
    ("disabled-for-user", [Governed(user=user(PILAR)), Governed(user=user(**ASSIGNED))], (GLOBAL, TAG_OFF)),
    ("disabled-for-site", [Governed(user=user(), site="redmond")], (GLOBAL, SITE_OFF)),
    ("disabled-for-site", [Governed(user=user(), effective="Redmond", site="Redmond")], (GLOBAL, SITE_OFF)),
    ("disabled-globally", [Governed(user=user(), site="Redmond")], (GLOBAL_OFF, TAG)),
    ("disabled-globally", [Governed(user=user(**ASSIGNED), effective="Global")], (GLOBAL_OFF,)),
    ("policy-missing", [Governed(user=user(**ASSIGNED), effective="Global")], (GLOBAL,)),
    ("policy-missing", [Governed(user=user(**ASSIGNED), effective="Site:Redmond")], (GLOBAL_OFF, SITE)),
    ("not-seen", [Governed(user=user(**ASSIGNED), site="Redmond")], (GLOBAL_OFF, SITE)),
    ("not-seen", [Governed(user=user())], ()),
    ("not-seen", [Governed(user=user())], (GLOBAL, SITE_OFF)),
    ("allowed", [Governed(user=user(**ASSIGNED))], (GLOBAL, SITE_OFF, TAG)),
    ("not-seen", [Governed(user=user())], (Policy(identity="Global", allows=None),)),
    ("not-seen", [Governed(user=user(unseen=("MobilityPolicy",)))], (GLOBAL,)),
    ("allowed", [Governed(user=user(unseen=("MobilityPolicy",)), effective="Global")], (GLOBAL,)),
    ("no-users", [], (GLOBAL,)),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "users", "policies"), POLICIES)
def test_policies(answer: str, users: list[Governed], policies: tuple[Policy, ...]) -> None:
    finding = policy.judge(policy.Facts(users=tuple(users), policies=policies))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies[0].command()


def test_the_remedy_names_the_policy_without_its_tag() -> None:
    facts = policy.Facts(users=(Governed(user=user(**ASSIGNED)),), policies=(GLOBAL, TAG_OFF))
    command = policy.judge(facts).remedies[0].command()
    assert command == "Set-CsMobilityPolicy -Identity RedmondMobilityPolicy -EnableMobility $True"


@pytest.mark.parametrize(
    ("others", "offered"),
    [((GLOBAL,), True), ((Policy(identity="Global", allows=False),), False), ((GLOBAL, SITE_OFF), False), ((), False)],
)
def test_the_gentler_remedy_is_there_where_what_then_applies_allows(others: tuple[Policy, ...], offered: bool) -> None:
    governed = Governed(user=user(**ASSIGNED), effective="RedmondMobilityPolicy", site="Redmond")
    finding = policy.judge(policy.Facts(users=(governed,), policies=(TAG_OFF, *others)))
    assert finding.answer == "disabled-for-user"
    gentler = [one.command() for one in finding.remedies if one.cmdlet == "Grant-CsMobilityPolicy"]
    assert gentler == ([f"Grant-CsMobilityPolicy -Identity {governed.user.sip} -PolicyName $Null"] if offered else [])


def test_the_spelling_comes_before_an_account_is_made() -> None:
    finding = user_enabled.judge_account(user_enabled.Account(sip="sip:nobody@litwareinc.com"), "pool01.litwareinc.com")
    first, second = finding.remedies
    assert "spelling" in first.action
    assert second.cmdlet == "Enable-CsUser"
    assert "access" in second.risk


def test_every_answer_is_in_the_tables() -> None:
    unseen = {answer for answer, _ in UNSEEN}
    assert {answer.name for answer in user_enabled.STEP.answers} == {row[0] for row in ACCOUNTS} | unseen
    assert {answer.name for answer in policy.STEP.answers} == {row[0] for row in POLICIES} | unseen
