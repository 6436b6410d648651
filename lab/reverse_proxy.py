"""The reverse proxy: what it publishes is answered by the web site behind it, all else by itself."""

import h11

from lab.behind import Behind, Unreachable
from lab.callers import Caller, Requests, path_of
from lab.model import Model
from lab.pages import BAD_REQUEST, Answer, answer_of, header
from lab.web_servers import Page, Publication, ReverseProxy

_REASONS = {
    302: "Found",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    502: "Bad Gateway",
    504: "Gateway Time-out",
}
_FORM = (
    '<html><head><title>Sign in</title></head><body><form method="post" action="/auth/logon">'
    '<input type="text" name="username"><input type="password" name="password"></form></body></html>'
)


class Proxy:
    """Answers at the addresses of one reverse proxy of the model."""

    def __init__(self, model: Model, proxy: ReverseProxy, behind: Behind) -> None:
        self.requests = Requests()
        self._model = model
        self._proxy = proxy
        self._behind = behind

    async def answer(self, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        """What the site behind answers, or the proxy in its place."""
        self.requests.note(head)
        if self._proxy.middlebox and self._proxy.middlebox.does == "answer":
            return answer_of(self._proxy.middlebox.page)
        publication = self._publication(caller, head)
        if publication is None:
            return self._own(self._proxy.unpublished)
        if stopped := self._stopped(publication, head):
            return stopped
        return await self._forward(publication, caller, head, body)

    def bad_request(self) -> Answer:
        return answer_of(BAD_REQUEST, extra=[("Connection", "close")], software=self._software)

    @property
    def _software(self) -> tuple[tuple[str, str], ...]:
        return (("Server", self._proxy.software),)

    def _publication(self, caller: Caller, head: h11.Request) -> Publication | None:
        name = header(head, b"host").partition(":")[0].lower()
        path = path_of(head)
        for publication in self._proxy.publications:
            published = caller.secure or publication.http_to is not None
            if published and (not publication.names or name in publication.names) and _holds(publication, path):
                return publication
        return None

    def _stopped(self, publication: Publication, head: h11.Request) -> Answer | None:
        """The answer of the proxy itself where it lets the request not through."""
        if publication.pre_authentication == "form":
            return answer_of(Page(body=_FORM, from_lync=False), software=self._software)
        if publication.pre_authentication == "challenge":
            return self._own(401, [("WWW-Authenticate", 'Basic realm="proxy"')])
        if publication.sends_to:
            return self._own(302, [("Location", publication.sends_to)])
        if publication.refuses_post and head.method == b"POST":
            return self._own(405, [("Allow", "GET, HEAD")])
        return None

    async def _forward(self, publication: Publication, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        port = publication.https_to if caller.secure else publication.http_to
        assert port is not None  # noqa: S101 - a publication without it was not chosen
        if publication.way != "open":
            return self._own(502 if publication.way == "refused" else 504)
        if not publication.keeps_host:
            head = _renamed(head, f"{self._name_of(publication.to)}:{port}")
        source = self._model.addresses[self._proxy.host]
        try:
            return await self._behind.ask(publication.to, port, caller, source, head, body)
        except Unreachable as failure:
            return self._own(failure.status)

    def _name_of(self, host: str) -> str:
        """The name of the pool at a host; behind a load balancer that of the first pool."""
        servers = (self._model.pool_of(each) for each in self._model.web_servers if each.host == host)
        return next(servers, self._model.pools[0])

    def _own(self, status: int, headers: list[tuple[str, str]] | None = None) -> Answer:
        reason = f"{status} {_REASONS.get(status, 'Unauthorized')}"
        body = f"<html><head><title>{reason}</title></head><body><h1>{reason}</h1></body></html>"
        return answer_of(Page(status, body, headers or [], from_lync=False), software=self._software)


def publishes_http(proxy: ReverseProxy) -> bool:
    """Whether anything is published on port 80, so that it listens there."""
    return any(publication.http_to is not None for publication in proxy.publications)


def _holds(publication: Publication, path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix.rstrip('/')}/") for prefix in publication.paths)


def _renamed(head: h11.Request, host: str) -> h11.Request:
    headers = [(name, host.encode() if name == b"host" else value) for name, value in head.headers]
    return h11.Request(method=head.method, target=head.target, headers=headers, http_version=head.http_version)
