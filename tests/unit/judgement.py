"""What every finding has to bring along, whatever step it is of."""

from checks.model import Finding, Status


def assert_whole(finding: Finding, answer: str) -> None:
    """It is that answer. A fault brings a remedy, and what stayed unknown brings its reason."""
    assert finding.answer == answer, finding
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
    if finding.status is Status.UNKNOWN:
        assert finding.reason


def assert_asks(finding: Finding) -> None:
    """What stayed unknown brings the command whose output would settle it."""
    assert finding.command or finding.status is not Status.UNKNOWN
