"""Remedies are proved, not just printed: carried out in the lab as they stand, they mend the fault.

What no command can mend is listed with the reason.
"""

import re
from pathlib import Path

import pytest

import checks
from lab import mending, scenarios
from tests.end_to_end.conftest import GROUPS, LiveWalks
from tests.end_to_end.mending import Outcomes
from tests.end_to_end.unmendable import UNMENDABLE

FAULTS = [(one["name"], one["runbook"]) for one in scenarios.listing() if one["cause"]]
# From here no certificate is shown to a partner, so whether SASL EXTERNAL takes it stays unknown, as it should.
SEEN_ELSEWHERE = {"xmpp-no-shared-proof": "untested"}


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scenario", "runbook"), [pytest.param(*fault, marks=GROUPS[fault[1]]) for fault in FAULTS], ids=str
)
def test_the_commands_of_the_verdict_mend_the_fault(
    scenario: str, runbook: str, live_walks: LiveWalks, mendings: Outcomes
) -> None:
    assert live_walks[scenario, runbook]
    outcome = mendings[scenario, runbook]
    after = outcome.finding
    assert not outcome.refused
    mended = outcome.mended or (after is not None and SEEN_ELSEWHERE.get(scenario) == after.answer)
    assert mended is (scenario not in UNMENDABLE), after.headline if after else "No remedy is a command."


def test_what_is_listed_as_unmendable_exists() -> None:
    assert UNMENDABLE.keys() <= {name for name, _ in FAULTS}


def test_every_command_that_a_step_prescribes_can_be_carried_out() -> None:
    """Those of `lyncdoctor diagnose` alone are among them: they are the same commands."""
    source = Path(checks.__file__ or "").parent
    prescribed = {
        name
        for file in source.rglob("*.py")
        for name in re.findall(r'cmdlet="([^"]+)"', file.read_text(encoding="utf-8"))
        if not name.startswith("Get-Cs")
    }
    assert prescribed - set(mending.cmdlets()) == set()
