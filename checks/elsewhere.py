"""What another seat saw: questions whose answers only evidence from there has."""

from collections.abc import Awaitable, Callable
from typing import cast

from checks.probes import (
    Answer,
    Elsewhere,
    Handshake,
    NoTls,
    Open,
    Port,
    Presented,
    Request,
    Response,
    Stream,
    StreamFacts,
    Unanswered,
    Unreached,
    View,
)


def view_at(seat: str) -> View:
    """The view of DNS that a machine at this seat has. An Edge resolves through its outside interface."""
    return "outside" if seat in {"outside", "edge"} else "inside"


class FromSeat:
    """The questions of a context as another seat asked them, each in that seat's own view of DNS.

    Unanswered, with the command to run there, where no evidence tells.
    """

    def __init__(self, seat: str, tell: Callable[[Elsewhere], Awaitable[Answer]]) -> None:
        self._seat = seat
        self._view = view_at(seat)
        self._tell = tell

    async def get(self, url: str, *, accept: str = "") -> Response | Unreached | Unanswered:
        """What the address answered to GET."""
        question = Request(method="GET", url=url, view=self._view, accept=accept)
        return cast(Response | Unreached | Unanswered, await self._told(question))

    async def handshake(self, host: str, port: int = 443) -> Presented | NoTls | Unanswered:
        """The certificate that a server presented there."""
        question = Handshake(host=host, port=port, view=self._view)
        return cast(Presented | NoTls | Unanswered, await self._told(question))

    async def port(self, host: str, port: int) -> Open | Unreached | Unanswered:
        """Whether a TCP port took a connection."""
        question = Port(host=host, port=port, view=self._view)
        return cast(Open | Unreached | Unanswered, await self._told(question))

    async def stream(self, domain: str, from_domain: str) -> StreamFacts | Unanswered:
        """How a domain's XMPP service took a stream there."""
        question = Stream(domain=domain, from_domain=from_domain, view=self._view)
        return cast(StreamFacts | Unanswered, await self._told(question))

    async def _told(self, question: Request | Handshake | Port | Stream) -> Answer:
        return await self._tell(Elsewhere(seat=self._seat, question=question))
