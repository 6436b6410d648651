"""The journals committed in tests/journals: each finding is what its step concludes from the same facts today."""

from pathlib import Path

import pytest

from checks import journal as journals
from checks.runbooks import RUNBOOKS
from checks.runner import judge_again

PATHS = sorted(
    path for path in (Path(__file__).parents[1] / "journals").glob("*.jsonl") if not path.name.startswith("collected-")
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_finding_is_made_again_from_its_facts(path: Path) -> None:
    journal = journals.read(path)
    assert journal.began.scenario == path.stem.partition("-")[2]
    runbook = RUNBOOKS[journal.began.runbook]
    assert set(journal.concluded) == set(runbook.step_ids)
    for step_id, concluded in journal.concluded.items():
        if concluded.facts is not None:
            assert judge_again(runbook.stage(step_id).step, concluded.facts) == concluded.finding, "record it anew"
