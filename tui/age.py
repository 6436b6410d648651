"""How long ago something was, in words."""

from datetime import datetime


def age(at: datetime, now: datetime) -> str:
    """The largest whole unit that has passed; `just now` within the first minute, and where clocks disagree."""
    seconds = (now - at).total_seconds()
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // size)
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
