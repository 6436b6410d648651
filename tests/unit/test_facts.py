"""docs/facts.md: what Microsoft's documents name is a checked fact, or a guided one that an answer verifies."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from checks.model import Status
from checks.runbooks import find_step
from lab import scenarios
from tui.documents import EXAMPLE
from tui.explaining import explanation

FACTS = Path(__file__).parents[2] / "docs" / "facts.md"
WANTED = set(range(1, 86))
"""Those of mobility and of XMPP federation."""


class Row(NamedTuple):
    """A line of the table."""

    number: int
    fact: str
    red: tuple[str, ...]
    """`step-id/answer` that turns red."""
    guided: str
    """The line that says what to do."""
    verified: tuple[str, ...]
    """`step-id/answer` that shows its effect."""


def rows() -> list[Row]:
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in FACTS.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| *\d+ *\|", line)
    ]
    return [
        Row(int(number), fact, _coded(red), _quoted(guided), _coded(verified))
        for number, fact, red, guided, verified in cells
    ]


def _coded(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def _quoted(cell: str) -> str:
    return cell.strip("`")


ROWS = rows()


def test_no_fact_is_missing_and_none_is_told_twice() -> None:
    assert sorted(row.number for row in ROWS) == sorted(WANTED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_each_fact_turns_an_answer_red_or_is_guided_and_verified(row: Row) -> None:
    assert row.red or (row.guided and row.verified)
    causes = {one["cause"] for one in scenarios.listing()}
    for named in row.red:
        assert status(named) in {Status.FAILED, Status.WARNING}, named
        assert named in causes, f"{named} has no scenario that shows it"


@pytest.mark.parametrize("row", [row for row in ROWS if row.guided], ids=lambda row: str(row.number))
def test_a_guided_line_stands_in_the_step_that_verifies_it(row: Row) -> None:
    for named in row.verified:
        assert status(named) is Status.OK, named
    steps = [step for named in row.verified if (step := find_step(named.partition("/")[0]))]
    texts = " ".join(" ".join(explanation(step, EXAMPLE).split()) for step in steps)
    assert row.guided in texts


def status(named: str) -> Status | None:
    """The status of `step-id/answer`; None where there is no such answer."""
    step_id, _, name = named.partition("/")
    step = find_step(step_id)
    answers = step.answers if step else ()
    return next((answer.status for answer in answers if answer.name == name), None)
