"""The hardware load balancer: which Front End of the pool answers a request."""

from dataclasses import replace
from itertools import count

import h11

from lab.behind import Behind, Unreachable
from lab.callers import Caller, Requests
from lab.listening import ports_of
from lab.model import Model
from lab.pages import BAD_REQUEST, Answer, answer_of, header
from lab.web_servers import PORTS, LoadBalancer, Page

_BUSY = Page(503, "<html><body><h1>503 Service Unavailable</h1></body></html>", from_lync=False)
_SOFTWARE = (("Server", "BigIP"),)


class Balancer:
    """Answers at one virtual server of the load balancer."""

    def __init__(self, model: Model, balancer: LoadBalancer, behind: Behind) -> None:
        self.requests = Requests()
        self._model = model
        self._balancer = balancer
        self._behind = behind
        self._turns = count()
        self._sources: dict[str, str] = {}

    async def answer(self, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        """What the chosen Front End answers."""
        self.requests.note(head)
        nodes = self._up()
        if not nodes:
            return answer_of(_BUSY, software=_SOFTWARE)
        caller.node = self._chosen(caller, head, nodes)
        port = PORTS[self._balancer.side][0 if caller.secure else 1]
        # The balancer is transparent: the Front End sees where the caller comes from.
        try:
            answer = await self._behind.ask(caller.node, port, caller, caller.source, head, body)
        except Unreachable:
            return answer_of(_BUSY, software=_SOFTWARE)
        return self._with_cookie(caller.node, head, answer)

    def bad_request(self) -> Answer:
        return answer_of(BAD_REQUEST, extra=[("Connection", "close")], software=_SOFTWARE)

    def _up(self) -> list[str]:
        monitored = self._balancer.monitored
        return [node for node in self._balancer.nodes if ports_of(self._model, node).get(monitored) == "open"]

    def _chosen(self, caller: Caller, head: h11.Request, nodes: list[str]) -> str:
        # A Windows sign-in takes several requests, and has to end where it began.
        signs_in = header(head, b"authorization").partition(" ")[0].lower() in {"negotiate", "ntlm"}
        if caller.node in nodes and (signs_in or self._balancer.per == "connection"):
            return caller.node
        match self._balancer.affinity:
            case "source":
                known = self._sources.get(caller.source, "")
                self._sources[caller.source] = known if known in nodes else self._next(nodes)
                return self._sources[caller.source]
            case "cookie":
                known = self._of_cookie(head)
                return known if known in nodes else self._next(nodes)
            case _:
                return self._next(nodes)

    def _next(self, nodes: list[str]) -> str:
        return nodes[next(self._turns) % len(nodes)]

    def _of_cookie(self, head: h11.Request) -> str:
        for pair in header(head, b"cookie").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self._balancer.cookie:
                return value
        return ""

    def _with_cookie(self, node: str, head: h11.Request, answer: Answer | None) -> Answer | None:
        """Sets the cookie on every answer to a request that lacks it, as documented."""
        if answer is None or self._balancer.affinity != "cookie" or self._of_cookie(head) == node:
            return answer
        value = "; ".join(filter(None, (f"{self._balancer.cookie}={node}", self._balancer.cookie_attributes)))
        headers = [*answer.head.headers.raw_items(), (b"Set-Cookie", value.encode("latin-1"))]
        return replace(answer, head=h11.Response(status_code=answer.head.status_code, headers=headers))
