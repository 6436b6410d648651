"""The certificates that a Front End or an Edge has assigned to its services, as Get-CsCertificate shows them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from checks.knowledge.certificate_rules import covers
from checks.knowledge.lync_objects import text, value
from checks.model import Frozen
from checks.probes import Certificate, Objects

OF_WEB = ("Default", "WebServicesInternal", "WebServicesExternal")
"""The uses that phones meet; a name may stand in any of the three."""
OF_EDGE = ("AccessEdgeExternal", "External")
"""What the Edge presents to partners. The second is how one is requested that serves all external uses."""
_DATE = re.compile(r"\s*(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
_YEARS = range(2000, 2200)
"""Of a certificate, in the calendar that is meant: consoles of some languages print another one."""
_MOST = 60
_NEXT_DAY = 4
"""How far two days in a row may lie apart where every month counts 31."""


class Assigned(Frozen, frozen=True):
    """One assignment."""

    use: str
    subject: str = ""
    names: tuple[str, ...] | None = None
    """None: not shown, or not all of them."""
    not_after: str = ""
    """The last day in ISO 8601, the latest that what was shown can mean; empty where it can mean none."""
    thumbprint: str = ""
    day_unsure: bool = False
    """True where month and day may be meant the other way round, so that the last day may be an earlier one."""

    def ended_before(self, moment: str) -> bool:
        """True where the last day lies before the day of that moment. What was not shown has not ended."""
        return bool(self.not_after and moment) and self.not_after[:10] < moment[:10]

    def may_end_at(self, moment: str) -> bool:
        """False where the last day cannot be that of the moment, however month and day were meant, in any time zone."""
        if not self.not_after or not moment:
            return True
        year, month, day = self.not_after[:10].split("-")
        readings = (self.not_after[:10], f"{year}-{day}-{month}")
        return any(abs(_days(one) - _days(moment[:10])) <= _NEXT_DAY for one in readings)


def assigned_certificates(answer: Objects, uses: tuple[str, ...] = OF_WEB) -> tuple[Assigned, ...]:
    """The assignments of these uses, in the order of the answer."""
    found = (_assigned(one, uses) for one in answer.objects[:_MOST])
    return tuple(one for one in found if one.use)


def lacking(assigned: Iterable[Assigned], hosts: Iterable[str]) -> tuple[str, ...]:
    """The hosts that none of the certificates holds; none where not all uses and all names were shown."""
    known = list(assigned)
    if {one.use for one in known} != set(OF_WEB) or any(one.names is None for one in known):
        return ()
    held = Certificate(names=tuple(name for one in known for name in one.names or ()))
    return tuple(host for host in hosts if not covers(held, host))


def _assigned(one: Mapping[str, Any], uses: tuple[str, ...]) -> Assigned:
    shown = value(one, "AlternativeNames")
    names = tuple(str(name)[:260] for name in shown[:200]) if isinstance(shown, list | tuple) else None
    readings = _readings(text(one, "NotAfter"))
    return Assigned(
        use=_use(text(one, "Use"), uses),
        subject=text(one, "Subject"),
        names=names,
        not_after=max(readings, default=""),
        thumbprint=text(one, "Thumbprint"),
        day_unsure=len(readings) > 1,
    )


def _days(day: str) -> int:
    """A day in ISO 8601 as a number that grows with it: every month counts 31; what is no day counts 0."""
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return 0
    year, month, number = (int(part[:4]) for part in parts)
    return (year * 12 + month) * 31 + number


def _readings(shown: str) -> set[str]:
    """The days that a date can mean: a console writes month and day in the order of its language."""
    found = _DATE.match(shown)
    if found is None:
        return set()
    first, _, second, third = found.groups()
    if len(first) == 4:
        return {_iso(first, second, third)} - {""}
    return {_iso(third, first, second), _iso(third, second, first)} - {""}


def _iso(year: str, month: str, day: str) -> str:
    """The day in ISO 8601; empty where there is no such day."""
    if int(year) in _YEARS and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return ""


def _use(shown: str, uses: tuple[str, ...]) -> str:
    """The use, where it is one of those wanted; else empty."""
    # The documents have a sample in which a letter is missing: WebServicesInteral.
    wanted = shown.strip().lower().replace("webservicesinteral", "webservicesinternal")
    return next((use for use in uses if use.lower() == wanted), "")
