"""The exit codes: a contract."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    FINE = 0
    """No fault, and nothing unknown."""
    FAULT = 1
    """A failed or warning verdict; `verdict.status` tells which."""
    USAGE = 2
    """Usage or bad input."""
    UNKNOWN = 3
    """No fault found, but something stayed unknown."""
    INTERNAL = 4
    INTERRUPTED = 130
