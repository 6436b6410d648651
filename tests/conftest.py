"""What holds for all tests."""

from collections.abc import Iterator
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, settings

_LONGEST_ID = 80

# A busy machine is slow, and in a new checkout the tables of characters are built first: no test fails by the clock.
settings.register_profile(
    "without a clock", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without a clock")


@pytest.fixture(scope="session", autouse=True)
def keys_made_once() -> Iterator[None]:
    """Each session of a remote shell that sends a password makes a key, and finding its primes is what takes longest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rsa, "generate_private_key", cache(rsa.generate_private_key))
        yield


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A whole output as a parameter has the parameter's name: some hold keys made anew, and each process must agree."""
    long = isinstance(val, str | bytes) and len(val) > _LONGEST_ID
    return argname if long or (isinstance(val, str) and "\n" in val) else None
