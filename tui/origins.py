"""Where an answer comes from and when it was given, in words."""

from datetime import datetime

from checks import journal
from checks.elsewhere import view_at
from checks.journal import Asked
from checks.knowledge.pasted.commands import view_of
from checks.text import clean

_DNS = {"inside": "internal DNS", "outside": "public DNS"}


def origin(asked: Asked) -> str:
    """Where an answer comes from: asked live, pasted, or told by a file; and when."""
    match asked.source:
        case "":
            view = view_of(asked.question)
            # The same name is looked up in both, whatever the seat.
            by = f"by {_DNS[view]}, " if view and view != view_at(asked.seat) else ""
            return f"{by}from {asked.seat}, {time_of_day(asked.at)}, {milliseconds(asked.took_ms)}"
        case journal.PASTED:
            return f"pasted, {day_and_time(asked.at)}"
        case file:
            return f"from {clean(file, 100)}, seen from {clean(asked.seat, 40)}, {day_and_time(asked.at)}"


def day_and_time(at: str) -> str:
    """The time of an ISO 8601 instant to the minute in this computer's time zone, with its day unless that is today."""
    try:
        instant = datetime.fromisoformat(at).astimezone()
        is_today = instant.date() == datetime.now().astimezone().date()
        return instant.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return "at an unknown time"


def time_of_day(at: str) -> str:
    """The time of an ISO 8601 instant, in this computer's time zone; empty where it is none."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return ""


def milliseconds(took: int) -> str:
    """A duration as a person reads it."""
    return f"{took} ms" if took < 1000 else f"{took / 1000:.1f} s"
