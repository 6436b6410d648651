"""What was brought is of the moment it was made at, and not of the walk that reads it."""

from datetime import UTC, datetime, timedelta

from checks.journal import Asked, Began, Journal

_STILL_NEW = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


def moment(at: str) -> datetime:
    """A time of day of a journal, in UTC; the beginning of time where it is none, for anybody may have written it."""
    try:
        read = datetime.fromisoformat(at)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return _NEVER


def seconds_between(one: str, other: str) -> float:
    """How much later the other of two times of day of a journal is; 0 where one of them is none."""
    earlier, later = moment(one), moment(other)
    return 0.0 if _NEVER in {earlier, later} else (later - earlier).total_seconds()


def is_old(asked: Asked, began: Began) -> bool:
    """True for an answer that was brought, and is more than a day older than the walk."""
    made, walked = moment(asked.at), moment(began.at)
    return bool(asked.source) and made > _NEVER and made + _STILL_NEW < walked


def oldest(journal: Journal) -> str:
    """When the oldest answer was made that is more than a day older than the walk; empty where there is none."""
    old = (asked.at for asked in journal.asked.values() if is_old(asked, journal.began))
    return min(old, key=moment, default="")


def minute(at: str) -> str:
    """A time of day for a reader, to the minute."""
    return f"{moment(at):%Y-%m-%d %H:%M} UTC"
