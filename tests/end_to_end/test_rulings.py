"""What the lab says to a learner is true of the walk that he made, for every scenario and everything that is offered."""

from typing import cast

import pytest

from checks.journal import Journal
from checks.walk import Walk
from lab import scenarios
from tests.end_to_end.conftest import GROUPS, LiveWalks
from tui import cases

FAULTS = [(one["name"], one["runbook"]) for one in scenarios.listing() if one["cause"]]


class _Walked:
    """As much of a walk as a ruling asks for: what its steps concluded."""

    def __init__(self, journal: Journal) -> None:
        self.conclusion = journal.concluded.get


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scenario", "runbook"), [pytest.param(*fault, marks=GROUPS[fault[1]]) for fault in FAULTS], ids=str
)
def test_the_walk_speaks_for_the_cause_and_for_nothing_else_that_is_offered(
    scenario: str, runbook: str, live_walks: LiveWalks
) -> None:
    case = cases.case_named(scenario, runbook)
    walk = cast("Walk", _Walked(live_walks[scenario, runbook]))
    for fault in case.choices():
        ruling = case.ruling(fault, walk)
        concluded = walk.conclusion(fault.step)
        assert concluded is not None
        labels = [label for label, _ in ruling.why]
        assert ruling.is_right is case.is_cause(fault)
        if ruling.is_right:
            assert labels[:2] == ["Right", "Seen at"]
            assert case.step.title in ruling.why[1][1]
        elif concluded.finding.answer == fault.answer:
            assert labels == ["True, but", "Here"]
            assert "the cause comes before it" in ruling.why[0][1]
        else:
            assert labels == ["Not that", "Here", ""], "what follows from it is told"
            # A hairpin that is blocked hides the reverse proxy from this seat, and says so; little else may.
            if concluded.finding.seen_from:
                assert (fault.step, concluded.finding.answer) == ("mobility.reverse-proxy", "not-through-proxy")
                assert ruling.why[2][1] == "The fault of this walk can be seen from your seat."
