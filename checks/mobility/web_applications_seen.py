"""What the web sites of the Front Ends answered, application by application."""

from collections.abc import Iterable
from typing import Literal

from checks.knowledge import iis
from checks.knowledge.iis import Reading
from checks.mobility.front_ends import Machine
from checks.model import Frozen
from checks.probes import Hop, Response, Unanswered, Unreached

Said = Reading | Literal["refused", "silent", "broken", "unreached", "unseen"]
"""What an application answered, or why nothing came: nothing listens; no answer to the request; no TLS or no HTTP; the
machine was not reached; the question could not be asked."""

_UNREACHED: dict[str, Said] = {
    "refused": "refused",
    "silence": "silent",
    "drip": "silent",
    "certificate": "broken",
    "handshake": "broken",
    "reset": "broken",
    "not-http": "broken",
}
_NOT_LYNCS = frozenset({"answers", "missing", "forbidden", "unexplained"})
"""What another program may say to a path of Lync."""


class Reply(Frozen, frozen=True):
    """What one application answered."""

    application: str
    answer: Response | Unreached | Unanswered

    @property
    def said(self) -> Said:
        match self.answer:
            case Unanswered():
                return "unseen"
            case Unreached():
                return _UNREACHED.get(self.answer.kind, "unreached")
            case Response() if self.answer.stopped:
                return "unexplained"
            case Response():
                return iis.reading(self.answer.last)

    @property
    def last(self) -> Hop | None:
        """The answer itself; None where there was none."""
        return self.answer.last if isinstance(self.answer, Response) else None


class Site(Frozen, frozen=True):
    """One of the two web sites of a machine."""

    machine: Machine
    external: bool
    replies: tuple[Reply, ...]

    @property
    def port(self) -> int:
        return self.machine.external_port if self.external else self.machine.internal_port

    @property
    def where(self) -> str:
        return f"{self.machine.fqdn}:{self.port}"

    @property
    def closed(self) -> Said | None:
        """Why no application of the site answered; None where at least one did."""
        if any(reply.last is not None for reply in self.replies) or not self.replies:
            return None
        return self.replies[0].said

    @property
    def is_stranger(self) -> bool:
        """True where another program has the port: it answers every path, none as Lync does, or it knows none of them.

        The header that names a Lync server is missing from all; what IIS itself says is not held against it.
        """
        answered = [reply for reply in self.replies if reply.last is not None]
        if 2 * len(answered) <= len(self.replies) or not all(reply.said in _NOT_LYNCS for reply in answered):
            return False
        hops = [reply.last for reply in answered if reply.last is not None]
        speakers = {iis.speaker(hop) for hop in hops}
        if "lync" in speakers:
            return False
        return "iis" not in speakers or all(reply.said == "missing" for reply in answered)

    def of(self, application: str) -> Reply | None:
        return next((reply for reply in self.replies if reply.application == application), None)

    def says(self, application: str) -> Said | None:
        """What the application said; None where it was not asked."""
        reply = self.of(application)
        return reply.said if reply else None


def peers(site: Site, sites: Iterable[Site]) -> tuple[Site, ...]:
    """The same site of the other machines of the pool."""
    return tuple(
        one
        for one in sites
        if one.machine.pool == site.machine.pool
        and one.external == site.external
        and one.machine.fqdn != site.machine.fqdn
    )


def versions(sites: Iterable[Site]) -> dict[str, str]:
    """The version of IIS by machine, where the machine shows it."""
    found: dict[str, str] = {}
    for site in sites:
        for reply in site.replies:
            if reply.last is not None and (version := iis.iis_version(reply.last)):
                found.setdefault(site.machine.fqdn, version)
    return found
