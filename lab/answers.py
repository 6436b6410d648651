"""What a web site answers: its paths, the sign-in that they ask for, and the PowerShell endpoint among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import h11

from lab.model import Directory, Page, WebServer
from lab.signin import Handshake, Refused, Scheme, SignIns

if TYPE_CHECKING:
    from lab.powershell import Endpoint

_SCHEMES: Mapping[str, Scheme] = {"negotiate": "Negotiate", "ntlm": "NTLM"}
_NOT_FOUND = Page(404, "<html><body><h2>404 - Not found</h2></body></html>", from_lync=False)


@dataclass
class Caller:
    """Who is at the other end of a connection. Windows sign-in holds for the connection, not for a request."""

    channel_binding: bytes | None
    """None where the connection is not encrypted."""
    account: str = ""
    handshake: Handshake | None = None


@dataclass(frozen=True)
class Answer:
    """A response, and `padding` blanks after its body."""

    head: h11.Response
    body: bytes = b""
    padding: int = 0


@dataclass
class Site:
    """The paths of one web server."""

    server: WebServer
    sign_ins: SignIns
    endpoint: "Endpoint"
    requests: dict[str, int] = field(default_factory=dict)
    """How often each path was asked."""

    async def answer(self, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        """The answer to a request; None where there will never be one."""
        path = urlsplit(head.target.decode("ascii", "replace")).path.lower()
        self.requests[path] = self.requests.get(path, 0) + 1
        if self.server.middlebox and self.server.middlebox.does == "answer":
            return self._page(self.server.middlebox.page)
        directory = self.server.directories.get(path)
        if directory is None:
            return self._page(_NOT_FOUND)
        if directory.hangs:
            return None
        token = ""
        if directory.challenges is not None:
            granted = self._sign_in(caller, directory, head)
            if isinstance(granted, Answer):
                return granted
            token = granted
        return await self._granted(caller, directory, head, body, token)

    def bad_request(self) -> Answer:
        """The answer to what is no HTTP."""
        page = Page(400, "<html><body><h2>Bad Request</h2></body></html>", from_lync=False)
        return self._page(page, extra=[("Connection", "close")])

    async def _granted(
        self, caller: Caller, directory: Directory, head: h11.Request, body: bytes, token: str
    ) -> Answer:
        extra = [("WWW-Authenticate", token)] if token else []
        if head.method == b"POST" and directory.powershell:
            status, envelope = await self.endpoint.answer(caller.account, body)
            page = Page(status, envelope, content_type="application/soap+xml;charset=UTF-8", from_lync=False)
            return self._page(page, extra=extra)
        page = directory.post if head.method == b"POST" and directory.post else directory.page
        return self._page(page, extra=extra)

    def _sign_in(self, caller: Caller, directory: Directory, head: h11.Request) -> Answer | str:
        """A challenge to send, or the last word of a sign-in that is done (empty where it was done before)."""
        offered = {word.lower() for word in directory.challenges or []} & _SCHEMES.keys()
        scheme, _, credentials = _header(head, b"authorization").partition(" ")
        if scheme.lower() not in offered or not credentials:
            if caller.account:
                return ""
            caller.handshake = None
            return self._challenge(directory)
        chosen = _SCHEMES[scheme.lower()]
        if caller.handshake is None or caller.handshake.scheme != chosen:
            binding = caller.channel_binding if directory.channel_binding else None
            caller.handshake = self.sign_ins.begin(chosen, binding)
        caller.account = ""
        try:
            caller.account, token = caller.handshake.step(credentials.strip())
        except Refused:
            caller.handshake = None
            return self._challenge(directory)
        last = f"{chosen} {token}".strip() if token else ""
        if caller.account:
            caller.handshake = None
            return last
        return self._page(_unauthorized(), extra=[("WWW-Authenticate", last or chosen)])

    def _challenge(self, directory: Directory) -> Answer:
        return self._page(
            _unauthorized(from_lync=not directory.powershell),
            extra=[("WWW-Authenticate", challenge) for challenge in directory.challenges or []],
        )

    def _page(self, page: Page, *, extra: list[tuple[str, str]] | None = None) -> Answer:
        body = page.body.encode("utf-8")
        headers = [("Date", formatdate(usegmt=True)), *page.headers, *(extra or [])]
        present = {name.lower() for name, _ in headers}
        if page.from_lync:
            headers.append(("X-MS-Server-Fqdn", self.server.fqdn))
        for name, value in (("Server", "Microsoft-IIS/8.5"), ("X-Powered-By", "ASP.NET")):
            if name.lower() not in present:
                headers.append((name, value))
        headers += [("Content-Type", page.content_type), ("Content-Length", str(len(body) + page.padding))]
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
        return Answer(h11.Response(status_code=page.status, headers=encoded), body, page.padding)


def _unauthorized(*, from_lync: bool = True) -> Page:
    return Page(401, "<html><body><h2>401 - Unauthorized</h2></body></html>", from_lync=from_lync)


def _header(head: h11.Request, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in head.headers if key == name), "")
