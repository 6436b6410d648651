"""The time that a verdict names: steps that looked side by side are counted once."""

import pytest

from checks.journal import Concluded
from checks.model import Finding, Status
from tui.screens.verdict import looked_for

FINE = Finding(answer="good", status=Status.OK, headline="It is good.")


def concluded(second: float, took_ms: int) -> Concluded:
    return Concluded(step="canned.first", finding=FINE, at=f"2026-01-01T10:00:{second:06.3f}+00:00", took_ms=took_ms)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], 0),
        ([(5, 500)], 500),
        ([(5, 500), (5, 500), (5.1, 300)], 600),
        ([(5, 500), (20, 500)], 1000),
        ([(9, 4000), (6, 500)], 4000),
    ],
)
def test_what_overlaps_is_counted_once(steps: list[tuple[float, int]], expected: int) -> None:
    assert looked_for([concluded(*step) for step in steps]) == expected


def test_a_time_that_is_none_harms_nothing() -> None:
    strange = Concluded(step="canned.first", finding=FINE, at="soon", took_ms=7)
    assert looked_for([strange, concluded(5, 500)]) >= 500
