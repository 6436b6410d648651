"""The judgement of the step about what the account may run for XMPP, and how it is found out."""

from typing import Any

import pytest

from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import CmdletError, Objects, Unanswered
from checks.rights import Role, Tried
from checks.xmpp import permissions
from checks.xmpp.permissions import TESTING, Facts
from tests.unit.mobility.told import deployment, gathered

FINE = (Tried(cmdlet="Get-CsPool"), Tried(cmdlet="Get-CsSite"))
ABSENT = Tried(cmdlet="Get-CsSite", offered=False)
REFUSED = Tried(cmdlet="Get-CsSite", refusal="Access is denied.")
SLOW = Unseen(reason=Reason.TIMEOUT, detail="It took too long.")
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)
LATE = Tried(cmdlet="Get-CsService", unseen=SLOW)

JUDGED: list[tuple[str, Facts]] = [
    ("offered", Facts(tried=FINE, edge_tried=FINE)),
    ("offered", Facts(tried=FINE, edge_unseen=AWAY)),
    ("offered", Facts(unseen=AWAY, edge_tried=FINE)),
    ("offered", Facts(unseen=AWAY, edge_tried=(*FINE, LATE))),
    ("not-offered", Facts(tried=(*FINE, ABSENT), edge_refusal="Access is denied.")),
    ("no-rights", Facts(tried=(*FINE, REFUSED))),
    ("edge-no-rights", Facts(tried=FINE, edge_tried=(*FINE, REFUSED))),
    ("edge-no-rights", Facts(unseen=AWAY, edge_refusal="Access is denied.")),
    ("edge-no-rights", Facts(unseen=SLOW, edge_tried=(REFUSED,))),
    ("not-seen", Facts(tried=(*FINE, LATE))),
    ("not-seen", Facts(unseen=SLOW, edge_tried=FINE)),
    ("not-seen", Facts(unseen=AWAY, edge_unseen=SLOW)),
    ("not-seen", Facts(tried=FINE, edge_unseen=SLOW)),
    ("not-seen", Facts()),
    ("not-for-this-seat", Facts(unseen=AWAY, edge_unseen=AWAY)),
]


@pytest.mark.parametrize(("answer", "seen"), JUDGED)
def test_permissions(answer: str, seen: Facts) -> None:
    finding = permissions.judge(seen)
    assert finding.answer == answer
    assert bool(finding.remedies) is (finding.status is Status.WARNING)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in permissions.STEP.answers} == {row[0] for row in JUDGED}


def test_the_roles_that_offer_the_test_are_told() -> None:
    assert any("RedmondXmpp" in line for line in permissions.judge(Facts(tried=FINE, testing=("RedmondXmpp",))).detail)
    assert any("CsAdministrator" in line for line in permissions.judge(Facts(tried=FINE)).detail)


def test_by_hand_names_the_groups_of_the_documents() -> None:
    text = "\n".join(permissions.STEP.by_hand(deployment()))
    for word in (TESTING, "RTCUniversalServerAdmins", "Domain Admins", "Administrators"):
        assert word in text


# How it is found out.

FOUND = Objects(objects=({"Identity": "x"},))
UNKNOWN = CmdletError(message="The term is not recognized.", id="CommandNotFoundException", category="ObjectNotFound")
GONE = Objects(errors=(UNKNOWN,))
LATER = Objects(objects=({"Value": "Skype for Business Server 2019 (7.0.2046.0): Volume license key installed."},))
NO_LOGIN = CmdletError(message='Cannot open database "xds" requested by the login. The login failed.')
NO_REGISTRY = CmdletError(message="Requested registry access is not allowed.")
NO_EVENTS = CmdletError(message="Aucun.", id="NoMatchingEventsFound,GetWinEventCommand", category="ObjectNotFound")
ROLES = Objects(
    objects=(
        {"Identity": "CsAdministrator", "Cmdlets": [f"Name={TESTING}", "Name=Get-CsSite"]},
        {"Identity": "CsHelpDesk", "Cmdlets": ["Name=Get-CsUser"]},
    )
)
ASKED = (
    "Get-CsServerVersion", "Get-CsPool", "Get-CsService", "Get-CsSite", "Get-CsManagementStoreReplicationStatus",
    "Get-CsAccessEdgeConfiguration", "Get-CsExternalAccessPolicy", "Get-CsXmppAllowedPartner",
    "Get-CsXmppGatewayConfiguration", "Get-CsUser",
)  # fmt: skip
EDGE: dict[str, Objects | Unanswered] = {
    "Get-Service": Objects(),
    "Get-WinEvent": Objects(errors=(NO_EVENTS,)),
    "Get-CsService": FOUND,
}


def says(**changed: Objects | Unanswered) -> dict[str, Objects | Unanswered]:
    told: dict[str, Objects | Unanswered] = {**dict.fromkeys(ASKED, FOUND), **EDGE, "Get-CsAdminRole": ROLES}
    return told | {name.replace("_", "-"): answer for name, answer in changed.items()}


def denied(*, password: bool = False) -> Unanswered:
    return Unanswered(reason=Reason.DENIED, detail="Access is denied.", password_wanted=password)


@pytest.mark.parametrize(
    ("answer", "told", "vantage"),
    [
        ("offered", says(), Vantage.FRONT_END),
        ("offered", EDGE, Vantage.EDGE),
        # The Edge's own shell reaches no Central Management store, which says nothing of the account.
        ("offered", says(Get_CsPool=Objects(errors=(NO_LOGIN,))), Vantage.EDGE),
        ("offered", says(Get_Service=Unanswered(reason=Reason.MISSING_INPUT, detail="none")), Vantage.FRONT_END),
        # 2019 has lost XMPP, and may have lost its cmdlets: no role is to blame.
        ("offered", says(Get_CsServerVersion=LATER, Get_CsXmppAllowedPartner=GONE), Vantage.FRONT_END),
        ("not-offered", says(Get_CsXmppAllowedPartner=GONE), Vantage.FRONT_END),
        ("not-offered", says(Get_CsSite=Objects(errors=(UNKNOWN,))), Vantage.FRONT_END),
        ("no-rights", says(Get_CsSite=Objects(errors=(NO_LOGIN,))), Vantage.FRONT_END),
        ("edge-no-rights", says(Get_WinEvent=Objects(errors=(NO_REGISTRY,))), Vantage.FRONT_END),
        ("edge-no-rights", {**EDGE, "Get-CsService": Objects(errors=(NO_REGISTRY,))}, Vantage.EDGE),
        ("edge-no-rights", says(Get_Service=denied()), Vantage.FRONT_END),
        # A password that was refused says nothing of groups.
        ("not-seen", says(Get_Service=denied(password=True)), Vantage.FRONT_END),
        ("not-seen", {}, Vantage.EDGE),
        ("not-seen", {}, Vantage.INSIDE),
        ("not-for-this-seat", {}, Vantage.OUTSIDE),
    ],
)
async def test_gathered(answer: str, told: dict[str, Any], vantage: Vantage) -> None:
    found, _ = await gathered(permissions.STEP, told, deployment(vantage, users=("sip:kenmyer@litwareinc.com",)))
    finding = permissions.judge(found)
    assert finding.answer == answer, finding


async def test_the_roles_that_hold_the_test_are_found() -> None:
    found, _ = await gathered(permissions.STEP, says(Get_CsSite=Objects(errors=(UNKNOWN,))), deployment())
    assert found.testing == ("CsAdministrator",)
    assert found.roles == (Role(name="CsAdministrator", holds=("Get-CsSite",)),)
    finding = permissions.judge(found)
    assert finding.status is Status.WARNING
    assert finding.remedies[0].command() == "Add-ADGroupMember -Identity CsAdministrator -Members '<account>'"


async def test_outside_nothing_but_what_decides_the_seat_is_asked() -> None:
    _, asked = await gathered(permissions.STEP, {}, deployment(Vantage.OUTSIDE))
    assert len(asked) <= 4
