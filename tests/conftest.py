"""What holds for all tests."""

import pytest
from hypothesis import HealthCheck, settings

_LONGEST_ID = 80

# A busy machine is slow, and in a new checkout the tables of characters are built first: no test fails by the clock.
settings.register_profile(
    "without a clock", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without a clock")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A whole output as a parameter has the parameter's name: some hold keys made anew, and each process must agree."""
    long = isinstance(val, str | bytes) and len(val) > _LONGEST_ID
    return argname if long or (isinstance(val, str) and "\n" in val) else None
