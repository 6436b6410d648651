"""Which of several configurations of one kind applies: the nearest scope wins."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Scoped(Protocol):
    """A configuration with its scope as Identity: `Global`, `Site:Redmond` or `Service:WebServer:<pool>`."""

    @property
    def identity(self) -> str: ...


T = TypeVar("T", bound=Scoped)


def nearest(configurations: Iterable[T], pool: str, site: str) -> T | None:
    """The web services' own of the pool, then its site's, then Global. None where it cannot be told.

    Without the pool's site, a site's configuration may or may not be the one: that is not guessed.
    """
    by_scope = {one.identity.lower(): one for one in configurations}
    own = by_scope.get(f"service:webserver:{pool}".lower())
    if own is None and not site and any(scope.startswith("site:") for scope in by_scope):
        return None
    return own or by_scope.get(f"site:{site}".lower()) or by_scope.get("global")
