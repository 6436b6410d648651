"""Who is at the other end of a connection, and what any web server does for them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import h11

from lab.pages import Answer

if TYPE_CHECKING:
    from spnego import ContextProxy

    from lab.signin import Handshake


@dataclass
class Caller:
    """The client of one connection. Windows sign-in holds for the connection, not for a request."""

    channel_binding: bytes | None
    """None where the connection is not encrypted."""
    source: str = ""
    """The address that the connection comes from."""
    account: str = ""
    handshake: "Handshake | None" = None
    seal: "ContextProxy | None" = None
    """What encrypts the messages of a connection that is not encrypted itself; None until someone signed in."""
    node: str = ""
    """The Front End that a load balancer chose for the connection."""
    onward: dict[tuple[str, int], "Caller"] = field(default_factory=dict)
    """The connections that a proxy holds for this one, by host and port behind it."""

    @property
    def secure(self) -> bool:
        return self.channel_binding is not None


class Answering(Protocol):
    """Whatever stands behind a listening port for web requests."""

    async def answer(self, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        """The answer to a request; None where there will never be one."""

    def bad_request(self) -> Answer:
        """The answer to what is no HTTP."""


class Requests(dict[str, int]):
    """How often each path was asked, in lower case."""

    def note(self, head: h11.Request) -> str:
        """Counts a request, and returns its path."""
        path = path_of(head)
        self[path] = self.get(path, 0) + 1
        return path


def path_of(head: h11.Request) -> str:
    """The path that a request is for, in lower case."""
    return urlsplit(head.target.decode("ascii", "replace")).path.lower()
