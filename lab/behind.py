"""The way from one machine of the deployment to another behind it, which needs no socket."""

import h11

from lab.callers import Answering, Caller
from lab.pages import Answer
from lab.web_servers import PORTS, Listener

_HTTPS = frozenset(https for https, _ in PORTS.values())
_NEXT_HOP = b"the next hop's own"
"""A caller's channel is that to the first machine. What comes next is another."""


class Unreachable(Exception):
    """The machine behind cannot be asked. `status` is what a gateway says then: 502 or 504."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Behind:
    """Every machine's ports for web requests, with what stands behind them."""

    def __init__(self) -> None:
        self._machines: dict[tuple[str, int], tuple[Listener, Answering]] = {}

    def place(self, listener: Listener, answering: Answering) -> None:
        """Makes a machine known."""
        for port in PORTS[listener.side]:
            self._machines[listener.host, port] = listener, answering

    async def ask(
        self, host: str, port: int, caller: Caller, source: str, head: h11.Request, body: bytes
    ) -> Answer | None:
        """Passes a request on, on a connection that is kept for the caller's. Raises Unreachable."""
        if (host, port) not in self._machines:
            raise Unreachable(502)
        listener, answering = self._machines[host, port]
        secure = port in _HTTPS
        require_reachable(listener, secure=secure)
        onward = caller.onward.setdefault((host, port), Caller(_NEXT_HOP if secure else None, source))
        return await answering.answer(onward, head, body)


def require_reachable(listener: Listener, *, secure: bool) -> None:
    """Raises Unreachable where a port of the model takes no such connection."""
    state = listener.https if secure else listener.http
    does = listener.middlebox.does if listener.middlebox else "answer"
    if state == "drop" or does in {"silence", "drip"}:
        raise Unreachable(504)
    if state in {"closed", "noise"} or (secure and state == "plain") or does == "noise":
        raise Unreachable(502)
