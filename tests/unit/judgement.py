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


OF_THE_SEAT = frozenset({
    "not-for-this-seat", "not-from-here", "seen-from-edge", "seen-from-outside", "seen-from-front-end",
    "not-through-proxy",
})  # fmt: skip
"""Answers that only the seat of the walk stands behind: another one would see."""
FROM_EVERYWHERE = frozenset({
    "not-on-this-version", "no-partner", "no-domain", "no-receiver", "no-tls", "no-token", "nothing-to-try",
    "passive", "single-front-end", "without-passwords",
})  # fmt: skip
"""Answers of what does not apply, whatever seat looks."""


def assert_seat_told(finding: Finding) -> None:
    """It names the seats that see it exactly where only the seat of the walk stood in the way."""
    assert bool(finding.seen_from) is (finding.answer in OF_THE_SEAT), finding
