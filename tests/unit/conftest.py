"""What holds for every finding that any judge makes in these tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from checks.model import Finding, Outcomes
from tests.unit.judgement import assert_seat_told


@pytest.fixture(scope="module", autouse=True)
def the_seat_is_told() -> Iterator[None]:
    """Every table of judgements proves this too: a finding says where else it is seen, or that it is so everywhere."""
    made = Outcomes.finding

    def checked(outcomes: Outcomes, *said: Any, **more: Any) -> Finding:
        finding = made(outcomes, *said, **more)
        assert_seat_told(finding)
        return finding

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Outcomes, "finding", checked)
        yield
