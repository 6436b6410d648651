"""What a pasted text shows of one call of a web address, whichever tool printed it."""

from typing import Literal

from checks.model import Frozen
from checks.probes import UnreachedKind

Phase = Literal["name", "connect", "tls", "reply"]


class Answered(Frozen, frozen=True):
    """One answer of a server, as far as it was printed."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    address: str = ""
    all_headers: bool = True
    """False where the tool may have left some out, so that a missing one proves nothing."""
    whole_body: bool = True
    """False where there was a body, and it was printed in part or not at all."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Failed(Frozen, frozen=True):
    """Why there was no further answer."""

    phase: Phase
    kind: UnreachedKind
    detail: str
    address: str = ""
    host: str = ""
    """The name that the tool says it asked; empty where it does not."""


class Exchange(Frozen, frozen=True):
    """Answers in the order in which they came, and what was called."""

    answers: tuple[Answered, ...] = ()
    failed: Failed | None = None
    url: str = ""
    """As typed or as the request shows it; empty where neither is in the text."""
    method: str = ""
    unverified: bool = False
    """True where the certificate was looked past."""
    endless: bool = False
    """True where the tool gave up following redirects."""
    unclear: str = ""
    """A sentence: why nothing follows from the text, and what to run instead."""
