"""The judgement of client version rules: a table over every answer, and a rule that was not shown blocks nobody."""

from typing import Any

import pytest
from msgspec.structs import replace

from checks.knowledge.shell_answers import Unseen
from checks.mobility import client
from checks.mobility.client import Configuration, Facts, Rule
from checks.model import Reason, Status

DESKTOP = Rule(identity="Global/1", agent="OC", action="BlockAndUpgrade", enabled=True, version="older than 4.0")
IPHONE = Rule(identity="Site:Redmond/2", agent="iPhoneLync", action="Block", enabled=True, version="4.9 and older")
ON = Configuration(identity="Global", enabled=True, default_action="Allow")
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-Something")

CASES: list[tuple[str, dict[str, Any]]] = [
    ("not-blocked", {}),
    ("not-blocked", {"rules": ()}),
    ("not-blocked", {"rules": (replace(IPHONE, enabled=False),)}),
    ("not-blocked", {"rules": (replace(IPHONE, action="Allow"),)}),
    ("not-blocked", {"rules": (IPHONE,), "configurations": (replace(ON, enabled=False),)}),
    ("not-blocked", {"configurations": (replace(ON, enabled=None, default_action="Block"),)}),
    ("rule-blocks-phones", {"rules": (DESKTOP, IPHONE)}),
    ("rule-blocks-phones", {"rules": (replace(IPHONE, agent="mcxservice", action="BlockWithUrl"),)}),
    ("rule-blocks-phones", {"rules": (replace(DESKTOP, enabled=None), IPHONE)}),
    ("default-blocks", {"configurations": (replace(ON, default_action="BlockWithUrl"),)}),
    ("not-seen", {"rules": (replace(IPHONE, action=""),)}),
    ("not-seen", {"rules": (replace(IPHONE, enabled=None),)}),
    ("not-seen", {"unseen": DENIED}),
    ("not-for-this-seat", {"unseen": replace(DENIED, seat_has_no_shell=True)}),
]


@pytest.mark.parametrize(("answer", "changed"), CASES)
def test_judgement(answer: str, changed: dict[str, Any]) -> None:
    finding = client.judge(replace(Facts(rules=(DESKTOP,), configurations=(ON,)), **changed))
    assert finding.answer == answer
    assert bool(finding.remedies) == (finding.status is Status.WARNING)


def test_every_answer_is_in_the_table() -> None:
    assert {answer for answer, _ in CASES} == {answer.name for answer in client.OUTCOMES.answers}


@pytest.mark.parametrize("enabled", [True, False])
def test_what_earlier_steps_saw_is_not_taken_for_right(enabled: bool) -> None:
    finding = client.judge(Facts(rules=(DESKTOP,), configurations=(replace(ON, enabled=enabled),)))
    assert finding.detail[0].startswith("If every step before is right too")


def test_the_remedy_switches_off_the_rule_that_was_seen() -> None:
    finding = client.judge(Facts(rules=(DESKTOP, IPHONE), configurations=(ON,)))
    assert finding.remedies[0].parameters == {"Identity": "Site:Redmond/2", "Enabled": False}
    assert "iPhone" in finding.headline
