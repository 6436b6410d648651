"""The exit codes: a contract."""

from collections.abc import Collection
from enum import IntEnum

from checks.status import Status


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


def code_for(statuses: Collection[Status]) -> ExitCode:
    """The exit code of a walk whose verdict, and whose listed users, ended like this."""
    if {Status.FAILED, Status.WARNING} & {*statuses}:
        return ExitCode.FAULT
    return ExitCode.UNKNOWN if Status.UNKNOWN in statuses else ExitCode.FINE
