"""The judgement of `xmpp.policy`: which external access policy applies, and what it says of XMPP."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.deployment import Vantage
from checks.knowledge.pasted import understand
from checks.knowledge.policy_scopes import Assignment
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects
from checks.xmpp.policy import STEP, Facts, Policy, Sender, judge
from tests.unit.judgement import assert_whole
from tests.unit.mobility.told import deployment, gathered

KEN = "sip:kenmyer@litwareinc.com"
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-CsExternalAccessPolicy")
OPEN = Policy(identity="Global", federation=True, xmpp=True, public_cloud=False)
NO_XMPP = replace(OPEN, xmpp=False)
CLOSED = replace(OPEN, federation=False, xmpp=False)
FED_PIC = Policy(identity="Tag:FedPic", federation=True, xmpp=False, public_cloud=True)
GRANTED = replace(OPEN, identity="Tag:FedPic")
OF_2010 = Policy(identity="Global", federation=True, public_cloud=False)


def sender(enabled: bool | None = True, **assigned: Any) -> Sender:
    return Sender(sip=KEN, enabled=enabled, assignment=Assignment(**{"sip": KEN, "site": "Redmond", **assigned}))


SOMEBODY = sender()


def facts(*policies: Policy, user: Sender | None = SOMEBODY, **more: Any) -> Facts:
    return Facts(**{"sender": user, "policies": policies, **more})


HIS_OWN = sender(assigned="FedPic", effective="FedPic")

TABLE: list[tuple[str, Facts]] = [
    ("allowed", facts(OPEN)),
    ("allowed", facts(OPEN, user=sender(enabled=None))),
    ("allowed", facts(NO_XMPP, GRANTED, user=HIS_OWN)),
    ("allowed", facts(CLOSED, replace(OPEN, identity="Site:Redmond"))),
    ("allowed", facts(OPEN, FED_PIC)),
    ("allowed", facts(replace(OPEN, public_cloud=None))),
    ("allowed", facts(OPEN, user=sender(assigned="Gone", effective="Global"))),
    ("no-such-user", facts(OPEN, user=Sender(sip=KEN))),
    ("not-enabled", facts(OPEN, user=sender(enabled=False))),
    ("federation-off", facts(OPEN, replace(CLOSED, identity="Tag:FedPic"), user=HIS_OWN)),
    ("federation-off", facts(OPEN, Policy(identity="Tag:FedPic", federation=False), user=HIS_OWN)),
    ("xmpp-off", facts(OPEN, FED_PIC, user=HIS_OWN)),
    ("xmpp-off", facts(OPEN, replace(NO_XMPP, identity="Site:Redmond"))),
    ("xmpp-off", facts(OPEN, Policy(identity="Tag:FedPic", xmpp=False), user=HIS_OWN)),
    ("xmpp-off", facts(NO_XMPP, replace(OPEN, identity="Site:Paris"))),
    ("xmpp-off", facts(NO_XMPP, Policy(identity="Tag:FedPic"))),
    ("xmpp-off", facts(NO_XMPP, partial=True, user=sender(effective="Global"))),
    ("not-granted", facts(NO_XMPP, GRANTED)),
    ("not-granted", facts(CLOSED, GRANTED, replace(OPEN, identity="Site:Paris"))),
    ("not-granted", facts(OPEN, FED_PIC, replace(OPEN, identity="Tag:Better"), user=HIS_OWN)),
    ("nobody-allowed", facts(NO_XMPP)),
    ("nobody-allowed", facts(NO_XMPP, FED_PIC, user=HIS_OWN)),
    ("nobody-allowed", facts(CLOSED, user=None)),
    ("not-for-this-seat", facts(unseen=replace(DENIED, seat_has_no_shell=True))),
    ("no-users", facts(OPEN, user=None)),
    ("no-users", facts(NO_XMPP, user=None, partial=True)),
    ("no-users", facts(NO_XMPP, GRANTED, user=None)),
    ("no-users", facts(user=None)),
    ("not-seen", facts(unseen=DENIED)),
    ("not-seen", facts()),
    ("not-seen", facts(OF_2010)),
    ("not-seen", facts(replace(OPEN, federation=None))),
    ("not-seen", facts(NO_XMPP, partial=True)),
    ("not-seen", facts(OPEN, NO_XMPP)),
    ("not-seen", facts(OPEN, user=sender(assigned="FedPic"))),
    ("not-seen", facts(OPEN, user=sender(shown=False))),
    ("not-seen", facts(OPEN, replace(NO_XMPP, identity="Site:Redmond"), user=sender(site=""))),
]


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    assert_whole(judge(seen), answer)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    ("seen", "command"),
    [
        (facts(NO_XMPP), "Set-CsExternalAccessPolicy -Identity Global -EnableXmppAccess $True"),
        (
            facts(OPEN, replace(CLOSED, identity="Tag:FedPic"), user=HIS_OWN),
            "Set-CsExternalAccessPolicy -Identity FedPic -EnableFederationAccess $True -EnableXmppAccess $True",
        ),
        (
            facts(OPEN, replace(NO_XMPP, identity="Site:Redmond")),
            "Set-CsExternalAccessPolicy -Identity Site:Redmond -EnableXmppAccess $True",
        ),
        (facts(NO_XMPP, GRANTED), f"Grant-CsExternalAccessPolicy -Identity {KEN} -PolicyName FedPic"),
    ],
)
def test_the_command_changes_what_is_off_in_the_policy_that_applies(seen: Facts, command: str) -> None:
    remedy = judge(seen).remedies[0]
    assert remedy.command() == command
    assert "signs out" in remedy.verify


def test_public_cloud_access_is_shown_and_never_a_cause() -> None:
    for off in (False, True):
        finding = judge(facts(replace(OPEN, public_cloud=off)))
        assert finding.status is Status.OK
        assert any(f"EnablePublicCloudAccess is {off}" in line for line in finding.detail)


def test_a_policy_as_the_published_commands_leave_it_is_recognised() -> None:
    seen = (facts(OPEN, FED_PIC, user=HIS_OWN), facts(OPEN, replace(FED_PIC, public_cloud=False), user=HIS_OWN))
    told = [any("without the dash" in line for line in judge(one).detail) for one in seen]
    assert told == [True, False]


def test_a_setting_that_no_policy_shows_is_said_to_be_missing_in_2010() -> None:
    assert any("2010" in line for line in judge(facts(OF_2010)).detail)
    assert not any("2010" in line for line in judge(facts(OF_2010, GRANTED)).detail)


PRINTED = """
Identity                          : Global
Description                       :
EnableFederationAccess            : True
EnableXmppAccess                  : False
EnablePublicCloudAccess           : False
EnablePublicCloudAudioVideoAccess : False
EnableOutsideAccess               : False

Identity                          : Tag:FedPic
Description                       :
EnableFederationAccess            : True
EnableXmppAccess                  : True
EnablePublicCloudAccess           : True
EnablePublicCloudAudioVideoAccess : False
EnableOutsideAccess               : False
"""
POLICIES = understand(Cmdlet(name="Get-CsExternalAccessPolicy"), PRINTED)
NO_SUCH_USER = CmdletError(message=f'Management object not found for identity "{KEN}".')


def ken(**more: Any) -> Objects:
    shown = {"SipAddress": KEN, "Enabled": True, "RegistrarPool": "atl-cs-001.litwareinc.com", **more}
    return Objects(objects=(shown,))


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        ({"Get-CsUser": ken(ExternalAccessPolicy=None)}, "not-granted"),
        ({"Get-CsUser": ken(ExternalAccessPolicy={"FriendlyName": "FedPic"})}, "allowed"),
        ({"Get-CsUser": ken(ExternalAccessPolicy="Tag:FedPic")}, "allowed"),
        ({"Get-CsUser": ken(ExternalAccessPolicy="Gone")}, "not-seen"),
        ({"Get-CsUser": ken()}, "not-seen"),
        (
            {"Get-CsUser": ken(), "Get-CsEffectivePolicy": Objects(objects=({"ExternalAccessPolicy": "FedPic"},))},
            "allowed",
        ),
        ({"Get-CsUser": Objects(objects=(), errors=(NO_SUCH_USER,))}, "no-such-user"),
        ({"Get-CsUser": ken(Enabled=False)}, "not-enabled"),
        ({}, "not-seen"),
    ],
)
async def test_what_the_cmdlets_print_is_judged(says: dict[str, Objects], answer: str) -> None:
    assert isinstance(POLICIES, Objects)
    told = {"Get-CsExternalAccessPolicy": POLICIES, **says}
    seen, _ = await gathered(STEP, told, deployment(Vantage.FRONT_END, users=(KEN, "sip:pilar@litwareinc.com")))
    assert judge(seen).answer == answer


async def test_only_the_sender_is_asked_for() -> None:
    place = deployment(Vantage.FRONT_END, users=(KEN, "sip:pilar@litwareinc.com"))
    _, questions = await gathered(STEP, {}, place)
    named = {dict(one.parameters).get("Identity") for one in questions if isinstance(one, Cmdlet) and one.parameters}
    assert named == {KEN}


@pytest.mark.parametrize(
    ("vantage", "status"), [(Vantage.FRONT_END, Status.UNKNOWN), (Vantage.EDGE, Status.NOT_APPLICABLE)]
)
async def test_without_a_shell_nothing_is_claimed(vantage: Vantage, status: Status) -> None:
    seen, _ = await gathered(STEP, {}, deployment(vantage, users=(KEN,)))
    assert judge(seen).status is status


switch = st.none() | st.booleans()
some_policies = st.builds(
    Policy,
    identity=st.sampled_from(["Global", "Site:Redmond", "Site:Paris", "Tag:FedPic", "Tag:Other", ""]),
    federation=switch,
    xmpp=switch,
    public_cloud=switch,
)


@given(
    st.lists(some_policies, max_size=5).map(tuple),
    st.sampled_from(["", "FedPic", "Other", "Gone"]),
    st.sampled_from(["", "FedPic", "Global", "Site:Redmond", "Redmond"]),
    st.booleans(),
    st.booleans(),
)
def test_only_a_policy_that_shows_false_can_fail(
    policies: tuple[Policy, ...], assigned: str, effective: str, shown: bool, partial: bool
) -> None:
    user = sender(assigned=assigned, effective=effective, shown=shown)
    finding = judge(Facts(sender=user, policies=policies, partial=partial))
    if finding.status is Status.FAILED:
        assert any(one.off for one in policies)
    if finding.status is Status.OK:
        assert any(one.allows for one in policies)
