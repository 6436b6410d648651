"""Which servers answered for one web name, request after request."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from checks.model import Frozen
from checks.probes import Sample, Samples, Unanswered, Unreached

COOKIE = "MS-WSMAN"
"""The cookie of affinity that Lync 2010 needs."""
Side = Literal["internal", "external"]
_TOO_QUICK = 429
_CHANGES = 2
"""As many changes of the server make it alternate: a single one may be a server that joins or leaves the rotation."""

Series = Samples | Unreached | Unanswered


class Look(Frozen, frozen=True):
    """What was seen of one web name. The other two series are there where the first one alternates."""

    host: str
    side: Side
    plain: Series
    with_cookies: Series | None = None
    kept: Series | None = None

    @property
    def asked(self) -> int:
        return len(self.plain.samples) + self.plain.lost if isinstance(self.plain, Samples) else 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each server answered."""
        return Counter(sample.server for sample in _samples(self.plain) if sample.server)

    @property
    def servers(self) -> tuple[str, ...]:
        return tuple(self.counts)

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sample.address for sample in _samples(self.plain)))

    @property
    def alternates(self) -> bool:
        return _changes(self.plain) >= _CHANGES

    @property
    def moved_once(self) -> bool:
        return _changes(self.plain) == 1

    @property
    def cookies_hold(self) -> bool:
        """True where a client that sends the cookies back stays with one server."""
        return isinstance(self.with_cookies, Samples) and _names(self.with_cookies) and not _changes(self.with_cookies)

    @property
    def kept_alternates(self) -> bool | None:
        """Whether the server changes on one connection; None where no connection was kept."""
        samples = _samples(self.kept)
        if not samples or len({sample.connection for sample in samples}) != 1 or len(samples) < _CHANGES + 1:
            return None
        return _changes(self.kept) >= 1

    @property
    def unfit(self) -> str:
        """What is wrong with the cookie of affinity, in words; empty where it is fit, or not set."""
        samples = _samples(self.plain)
        http_only = any(COOKIE in sample.http_only for sample in samples)
        ending = any(COOKIE in sample.ending for sample in samples)
        return " and ".join(filter(None, ("is HttpOnly" if http_only else "", "has an expiry" if ending else "")))

    @property
    def answered(self) -> int:
        """How many requests were answered as Autodiscover does."""
        return sum(_is_well(sample) for sample in _samples(self.plain))

    @property
    def failed(self) -> int:
        """How many requests got no answer, or an error. A single one is chance."""
        lost = self.plain.lost if isinstance(self.plain, Samples) else 0
        failed = lost + sum(_is_error(sample) for sample in _samples(self.plain))
        return failed if failed > 1 else 0

    @property
    def errors(self) -> tuple[tuple[str, int], ...]:
        """Server and status of the answers that are errors, each once."""
        failing = [sample for sample in _samples(self.plain) if _is_error(sample)]
        return tuple(dict.fromkeys((sample.server, sample.status) for sample in failing))

    @property
    def well(self) -> tuple[str, ...]:
        """The servers that answered without an error."""
        fine = [sample.server for sample in _samples(self.plain) if _is_well(sample) and sample.server]
        return tuple(dict.fromkeys(fine))


def _is_well(sample: Sample) -> bool:
    return sample.status < 400 or sample.status == 401


def _is_error(sample: Sample) -> bool:
    """False for 429 too: a proxy that finds a series of requests too quick says nothing of the servers."""
    return not _is_well(sample) and sample.status != _TOO_QUICK


def _samples(series: Series | None) -> tuple[Sample, ...]:
    return series.samples if isinstance(series, Samples) else ()


def _names(series: Samples) -> bool:
    return any(sample.server for sample in series.samples)


def _changes(series: Series | None) -> int:
    """How often the server is another than the one before."""
    servers = [sample.server for sample in _samples(series) if sample.server]
    return sum(one != before for before, one in pairwise(servers))
