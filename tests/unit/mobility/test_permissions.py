"""The judgement of the step about what the account may run, and how it is found out."""

import pytest

from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.mobility import permissions
from checks.mobility.permissions import Facts
from checks.model import Reason, Status
from checks.probes import CmdletError, Objects, Unanswered
from checks.rights import Role, Tried
from tests.unit.mobility.told import deployment, gathered

POOL, KEN = "atl-cs-001.litwareinc.com", "sip:kenmyer@litwareinc.com"
FINE = (Tried(cmdlet="Get-CsPool"), Tried(cmdlet="Get-CsUser"))
ABSENT = Tried(cmdlet="Get-CsMobilityPolicy", offered=False)
REFUSED = Tried(cmdlet="Get-CsService", refusal="Access is denied.")
SLOW = Tried(cmdlet="Get-CsService", unseen=Unseen(reason=Reason.TIMEOUT, detail="It took too long."))

JUDGED = [
    ("offered", Facts(tried=FINE)),
    ("not-offered", Facts(tried=(*FINE, ABSENT))),
    ("not-offered", Facts(tried=(*FINE, REFUSED, ABSENT, SLOW))),
    ("no-rights", Facts(tried=(*FINE, REFUSED))),
    ("no-rights", Facts(tried=(*FINE, SLOW, REFUSED))),
    ("not-seen", Facts(tried=(*FINE, SLOW))),
    ("not-seen", Facts(unseen=Unseen(reason=Reason.DENIED, detail="The password was refused."))),
    (
        "not-for-this-seat",
        Facts(unseen=Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)),
    ),
]


@pytest.mark.parametrize(("answer", "facts"), JUDGED)
def test_permissions(answer: str, facts: Facts) -> None:
    finding = permissions.judge(facts)
    assert finding.answer == answer
    if finding.status is Status.WARNING:
        assert finding.remedies[0].cmdlet or finding.remedies[1].cmdlet


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in permissions.STEP.answers} == {row[0] for row in JUDGED}


def role(name: str, *holds: str) -> Role:
    return Role(name=name, holds=holds or (ABSENT.cmdlet,))


@pytest.mark.parametrize(
    ("known", "joined"),
    [
        ((), "CsAdministrator"),
        ((role("CsAdministrator"), role("CsServerAdministrator")), "CsServerAdministrator"),
        ((role("CsAdministrator"), role("CsServerAdministrator"), role("CsViewOnlyAdministrator")), "CsViewOnlyAdministrator"),
        ((role("RedmondPhones"), role("CsAdministrator")), "RedmondPhones"),
        ((role("CsViewOnlyAdministrator", "Get-CsService"), role("CsAdministrator")), "CsAdministrator"),
    ],
)  # fmt: skip
def test_the_smallest_role_that_holds_what_is_missing_is_asked_for(known: tuple[Role, ...], joined: str) -> None:
    finding = permissions.judge(Facts(tried=(*FINE, ABSENT), roles=known))
    assert ABSENT.cmdlet in finding.headline
    assert finding.remedies[0].command() == f"Add-ADGroupMember -Identity {joined} -Members '<account>'"
    assert any(joined in line for line in finding.detail)


# How it is found out.

UNKNOWN = CmdletError(
    message="The term 'Get-CsMobilityPolicy' is not recognized as the name of a cmdlet.",
    id="CommandNotFoundException",
    category="ObjectNotFound",
)
NO_LOGIN = CmdletError(message='Cannot open database "xds" requested by the login. The login failed.')
NO_MANAGER = CmdletError(message="Cannot open Service Control Manager on computer 'atl-cs-001'.")
ROLES = Objects(
    objects=(
        {"Identity": "CsAdministrator", "Cmdlets": ["Name=Get-CsMobilityPolicy", "Name=Get-CsUser"]},
        {"Identity": "CsHelpDesk", "Cmdlets": [{"Name": "Get-CsUser"}, "Get-CsMobilityPolicyAssignment"]},
        {"Identity": "Phones", "Cmdlets": "Get-CsMobilityPolicy"},
        {"Identity": "Hidden"},
    )
)
FOUND = Objects(objects=({"Identity": POOL, "Fqdn": POOL, "Computers": [POOL]},))


def says(**changed: Objects | Unanswered) -> dict[str, Objects | Unanswered]:
    names = (
        "Get-CsPool", "Get-CsService", "Get-CsManagementStoreReplicationStatus", "Get-CsMobilityPolicy",
        "Get-CsWebServiceConfiguration", "Get-CsUser", "Get-CsWindowsService",
    )  # fmt: skip
    told: dict[str, Objects | Unanswered] = dict.fromkeys(names, FOUND)
    return told | {name.replace("_", "-"): answer for name, answer in changed.items()}


PLACE = deployment(pool=POOL, users=(KEN,))


async def test_roles_are_asked_for_only_where_a_cmdlet_is_missing() -> None:
    found, asked = await gathered(permissions.STEP, says(), PLACE)
    assert permissions.judge(found).answer == "offered"
    assert len(found.tried) == len(asked) == 7
    assert "Get-CsAdminRole" not in [one.typed() for one in asked]


async def test_the_roles_that_hold_it_are_found_by_the_whole_name() -> None:
    told = says(Get_CsMobilityPolicy=Objects(errors=(UNKNOWN,)), Get_CsAdminRole=ROLES)
    found, _ = await gathered(permissions.STEP, told, PLACE)
    assert [one.name for one in found.roles] == ["CsAdministrator", "Phones"]
    assert permissions.judge(found).answer == "not-offered"


async def test_a_role_may_be_missing_that_shows_the_roles() -> None:
    told = says(Get_CsMobilityPolicy=Objects(errors=(UNKNOWN,)), Get_CsAdminRole=Objects(errors=(UNKNOWN,)))
    found, _ = await gathered(permissions.STEP, told, PLACE)
    assert found.roles == ()
    assert permissions.judge(found).answer == "not-offered"


async def test_a_refused_login_to_the_store_is_a_want_of_rights() -> None:
    found, _ = await gathered(permissions.STEP, says(Get_CsService=Objects(errors=(NO_LOGIN,))), PLACE)
    finding = permissions.judge(found)
    assert finding.answer == "no-rights"
    assert NO_LOGIN.message in finding.detail


@pytest.mark.parametrize(
    "answer", [Objects(errors=(NO_MANAGER,)), Unanswered(reason=Reason.TIMEOUT, detail="It took too long.")]
)
async def test_a_computer_that_does_not_answer_says_nothing_of_the_account(answer: Objects | Unanswered) -> None:
    found, _ = await gathered(permissions.STEP, says(Get_CsWindowsService=answer), PLACE)
    assert permissions.judge(found).answer == "offered"


async def test_an_unknown_user_is_no_want_of_rights() -> None:
    missing = CmdletError(message=f'Management object not found for identity "{KEN}".')
    found, _ = await gathered(permissions.STEP, says(Get_CsUser=Objects(errors=(missing,))), PLACE)
    assert permissions.judge(found).answer == "offered"


@pytest.mark.parametrize(
    ("vantage", "status"), [(Vantage.OUTSIDE, Status.NOT_APPLICABLE), (Vantage.INSIDE, Status.UNKNOWN)]
)
async def test_without_a_shell_one_question_tells(vantage: Vantage, status: Status) -> None:
    found, asked = await gathered(permissions.STEP, {}, deployment(vantage, pool=POOL))
    assert permissions.judge(found).status is status
    assert len(asked) == 1
