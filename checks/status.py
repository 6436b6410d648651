"""How a question ends. Apart from the other words of the house, because the first screen has these signs already."""

from enum import StrEnum


class Status(StrEnum):
    """How a question ended. `failed`: seen, and bad. `unknown`: should have been seen, and was not."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    SKIPPED = "skipped"
