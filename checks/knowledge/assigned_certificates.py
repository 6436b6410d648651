"""The certificates that a Front End has assigned to its services, as Get-CsCertificate shows them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from checks.knowledge.certificate_rules import covers
from checks.knowledge.lync_objects import text, value
from checks.model import Frozen
from checks.probes import Certificate, Objects

OF_WEB = ("Default", "WebServicesInternal", "WebServicesExternal")
"""The uses that phones meet; a name may stand in any of the three."""
_DATE = re.compile(r"\s*(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
_YEARS = range(2000, 2200)
"""Of a certificate, in the calendar that is meant: consoles of some languages print another one."""
_MOST = 60


class Assigned(Frozen, frozen=True):
    """One assignment."""

    use: str
    subject: str = ""
    names: tuple[str, ...] | None = None
    """None: not shown, or not all of them."""
    not_after: str = ""
    """The last day in ISO 8601, the latest that what was shown can mean; empty where it can mean none."""
    thumbprint: str = ""

    def ended_before(self, moment: str) -> bool:
        """True where the last day lies before the day of that moment. What was not shown has not ended."""
        return bool(self.not_after and moment) and self.not_after[:10] < moment[:10]


def assigned_certificates(answer: Objects) -> tuple[Assigned, ...]:
    """The assignments of the uses that phones meet."""
    found = (_assigned(one) for one in answer.objects[:_MOST])
    return tuple(one for one in found if one.use in OF_WEB)


def lacking(assigned: Iterable[Assigned], hosts: Iterable[str]) -> tuple[str, ...]:
    """The hosts that none of the certificates holds; none where not all uses and all names were shown."""
    known = list(assigned)
    if {one.use for one in known} != set(OF_WEB) or any(one.names is None for one in known):
        return ()
    held = Certificate(names=tuple(name for one in known for name in one.names or ()))
    return tuple(host for host in hosts if not covers(held, host))


def _assigned(one: Mapping[str, Any]) -> Assigned:
    shown = value(one, "AlternativeNames")
    names = tuple(str(name)[:260] for name in shown[:200]) if isinstance(shown, list | tuple) else None
    return Assigned(
        use=_use(text(one, "Use")),
        subject=text(one, "Subject"),
        names=names,
        not_after=_latest(text(one, "NotAfter")),
        thumbprint=text(one, "Thumbprint"),
    )


def _latest(shown: str) -> str:
    """The latest day that a date can mean: a console writes month and day in the order of its language."""
    found = _DATE.match(shown)
    if found is None:
        return ""
    first, _, second, third = found.groups()
    if len(first) == 4:
        return _iso(first, second, third)
    return max(_iso(third, first, second), _iso(third, second, first))


def _iso(year: str, month: str, day: str) -> str:
    """The day in ISO 8601; empty where there is no such day."""
    if int(year) in _YEARS and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return ""


def _use(shown: str) -> str:
    # The documents have a sample in which a letter is missing: WebServicesInteral.
    wanted = shown.strip().lower().replace("webservicesinteral", "webservicesinternal")
    return next((use for use in OF_WEB if use.lower() == wanted), "")
