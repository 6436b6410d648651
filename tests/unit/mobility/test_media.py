"""The judgement of calls: a table over every answer, and a policy that was not shown keeps nobody from calling."""

from typing import Any

import pytest
from msgspec.structs import replace

from checks.knowledge.policy_scopes import Assignment
from checks.knowledge.shell_answers import Unseen
from checks.mobility import media
from checks.mobility.media import Caller, Facts, Policies, Policy
from checks.model import Reason, Status

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
GOOD = {"EnableOutsideVoice": True, "EnableIPAudioVideo": True, "RequireWIFIForIPAudio": False}
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-Something")


def caller(sip: str = KEN, **assigned: Any) -> Caller:
    kinds = ("mobility", "voice", "external_access")
    return Caller(sip=sip, **{kind: Assignment(sip=sip, site="Redmond", **assigned.get(kind, {})) for kind in kinds})


def policies(**by_identity: dict[str, bool]) -> Policies:
    return Policies(
        policies=tuple(Policy(identity=name.replace("_", ":"), settings=one) for name, one in by_identity.items())
    )


HEALTHY = Facts(
    callers=(caller(),),
    mobility=policies(Global=GOOD),
    voice=policies(Global={"AllowSimulRing": True}),
    external_access=policies(Global={"EnableOutsideAccess": True}),
    outside_users=True,
)
CASES: list[tuple[str, dict[str, Any]]] = [
    ("allowed", {}),
    ("allowed", {"outside_users": None}),
    ("allowed", {"voice": Policies(unseen=DENIED)}),
    ("allowed", {"mobility": policies(Global={})}),
    ("allowed", {"mobility": policies(Global=GOOD, Tag_Other={**GOOD, "EnableIPAudioVideo": False})}),
    ("outside-users-off", {"outside_users": False}),
    ("outside-users-off", {"outside_users": False, "mobility": policies(Global={"EnableOutsideVoice": False})}),
    ("outside-access-off", {"external_access": policies(Global={"EnableOutsideAccess": False})}),
    (
        "outside-access-off",
        {
            "external_access": policies(
                Global={"EnableOutsideAccess": True}, Tag_Inside={"EnableOutsideAccess": False}
            ),
            "callers": (caller(external_access={"assigned": "Inside"}),),
        },
    ),
    ("ip-audio-video-off", {"mobility": policies(Global={**GOOD, "EnableIPAudioVideo": False})}),
    ("ip-audio-video-off", {"mobility": policies(Global=GOOD, Site_Redmond={"EnableIPAudioVideo": False})}),
    ("wifi-only", {"mobility": policies(Global={**GOOD, "RequireWIFIForIPAudio": True})}),
    ("wifi-only", {"mobility": policies(Global={**GOOD, "RequireWIFIForIPVideo": True})}),
    ("call-via-work-off", {"mobility": policies(Global={**GOOD, "EnableOutsideVoice": False})}),
    ("simultaneous-ring-off", {"voice": policies(Global={"AllowSimulRing": False})}),
    ("no-users", {"callers": ()}),
    ("not-seen", {"unseen": DENIED}),
    ("not-seen", {"mobility": Policies(unseen=DENIED)}),
    ("not-seen", {"external_access": Policies(unseen=DENIED)}),
    ("not-seen", {"mobility": policies(Tag_Other=GOOD)}),
    ("not-seen", {"mobility": Policies(policies=HEALTHY.mobility.policies, partial=True)}),
    ("not-for-this-seat", {"unseen": replace(DENIED, seat_has_no_shell=True)}),
]


@pytest.mark.parametrize(("answer", "changed"), CASES)
def test_judgement(answer: str, changed: dict[str, Any]) -> None:
    finding = media.judge(replace(HEALTHY, **changed))
    assert finding.answer == answer
    assert bool(finding.remedies) == (finding.status is Status.WARNING)


def test_every_answer_is_in_the_table() -> None:
    assert {answer for answer, _ in CASES} == {answer.name for answer in media.OUTCOMES.answers}


def test_the_remedy_sets_what_the_headline_names() -> None:
    finding = media.judge(replace(HEALTHY, mobility=policies(Tag_Quiet=GOOD | {"RequireWIFIForIPVideo": True}, Global=GOOD),
                                  callers=(caller(mobility={"assigned": "Quiet"}),)))  # fmt: skip
    assert finding.remedies[0].command() == "Set-CsMobilityPolicy -Identity Quiet -RequireWIFIForIPVideo $False"
    assert KEN in finding.headline


def test_a_policy_shown_twice_and_differently_shows_nothing_of_that_setting() -> None:
    twice = Policies(
        policies=tuple(Policy(identity="Global", settings={"EnableIPAudioVideo": on}) for on in (True, False))
    )
    assert media.judge(replace(HEALTHY, mobility=twice)).answer == "allowed"


def test_both_users_are_judged() -> None:
    facts = replace(
        HEALTHY,
        callers=(caller(), caller(PILAR, mobility={"assigned": "Quiet"})),
        mobility=policies(Global=GOOD, Tag_Quiet={"EnableIPAudioVideo": False}),
    )
    assert PILAR in media.judge(facts).headline
