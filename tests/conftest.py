"""What holds for all tests."""

import pytest

_LONGEST_ID = 80


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A whole output as a parameter has the parameter's name: some hold keys made anew, and each process must agree."""
    return argname if isinstance(val, str) and ("\n" in val or len(val) > _LONGEST_ID) else None
