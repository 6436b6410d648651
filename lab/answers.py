"""What a web site answers: its paths, the sign-in that they ask for, and the PowerShell endpoint among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import h11

from lab.model import Directory, Page, WebServer
from lab.sealing import NotSealed, opened, sealed
from lab.signin import Gate, Handshake, Refused, Scheme, SignIns

if TYPE_CHECKING:
    from spnego import ContextProxy

    from lab.powershell import Endpoint

_SCHEMES: Mapping[str, Scheme] = {"negotiate": "Negotiate", "ntlm": "NTLM", "basic": "Basic"}
_SOAP = "application/soap+xml;charset=UTF-8"
_NOT_FOUND = Page(404, "<html><body><h2>404 - Not found</h2></body></html>", from_lync=False)


@dataclass
class Caller:
    """Who is at the other end of a connection. Windows sign-in holds for the connection, not for a request."""

    channel_binding: bytes | None
    """None where the connection is not encrypted."""
    account: str = ""
    handshake: Handshake | None = None
    seal: "ContextProxy | None" = None
    """What encrypts the messages of a connection that is not encrypted itself; None until someone signed in."""


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
    authority: str = "litwareinc"
    """Whose accounts may sign in: the domain's, or those of one computer."""
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
            return await self._run(caller, head, body, extra)
        page = directory.post if head.method == b"POST" and directory.post else directory.page
        return self._page(page, extra=extra)

    async def _run(self, caller: Caller, head: h11.Request, body: bytes, extra: list[tuple[str, str]]) -> Answer:
        """What the PowerShell endpoint answers, encrypted where the connection is not. An empty message only signs in."""
        if caller.seal is None:
            status, envelope = await self.endpoint.answer(caller.account, body)
            return self._page(Page(status, envelope, content_type=_SOAP, from_lync=False), extra=extra)
        if not body:
            return self._page(Page(from_lync=False), extra=extra)
        try:
            message = opened(caller.seal, _header(head, b"content-type"), body)
        except NotSealed:
            return self._page(Page(500, from_lync=False))
        status, envelope = await self.endpoint.answer(caller.account, message)
        content_type, content = sealed(caller.seal, envelope.encode())
        answer = self._page(Page(status, content_type=content_type, from_lync=False), length=len(content))
        return replace(answer, body=content)

    def _sign_in(self, caller: Caller, directory: Directory, head: h11.Request) -> Answer | str:
        """A challenge to send, or the last word of a sign-in that is done (empty where it was done before)."""
        offered = {challenge.partition(" ")[0].lower() for challenge in directory.challenges or []} & _SCHEMES.keys()
        scheme, _, credentials = _header(head, b"authorization").partition(" ")
        if scheme.lower() not in offered or not credentials:
            # A sign-in holds for the connection, Basic for its request alone.
            if caller.account and offered != {"basic"}:
                return ""
            caller.handshake = None
            return self._challenge(directory)
        gate = Gate(self.authority, refuses=directory.refuses)
        caller.account = ""
        try:
            if scheme.lower() == "basic":
                caller.account = self.sign_ins.basic(credentials.strip(), gate)
                return ""
            return self._step(caller, directory, gate, _SCHEMES[scheme.lower()], credentials.strip())
        except Refused:
            caller.handshake = caller.seal = None
            return self._challenge(directory)

    def _step(self, caller: Caller, directory: Directory, gate: Gate, chosen: Scheme, credentials: str) -> Answer | str:
        """The next token of a sign-in that is bound to the connection. Raises Refused."""
        if caller.handshake is None or caller.handshake.scheme != chosen:
            binding = caller.channel_binding if directory.channel_binding else None
            caller.handshake = self.sign_ins.begin(chosen, binding, gate)
        caller.account, token = caller.handshake.step(credentials)
        last = f"{chosen} {token}".strip() if token else ""
        if caller.account:
            caller.seal = None if caller.channel_binding else caller.handshake.context
            caller.handshake = None
            return last
        return self._page(_unauthorized(), extra=[("WWW-Authenticate", last or chosen)])

    def _challenge(self, directory: Directory) -> Answer:
        return self._page(
            _unauthorized(from_lync=not directory.powershell),
            extra=[("WWW-Authenticate", challenge) for challenge in directory.challenges or []],
        )

    def _page(self, page: Page, *, extra: list[tuple[str, str]] | None = None, length: int | None = None) -> Answer:
        """The answer that a page makes. `length` is that of a body which is not the page's."""
        body = page.body.encode("utf-8")
        headers = [("Date", formatdate(usegmt=True)), *page.headers, *(extra or [])]
        present = {name.lower() for name, _ in headers}
        if page.from_lync:
            headers.append(("X-MS-Server-Fqdn", self.server.fqdn))
        for name, value in (("Server", "Microsoft-IIS/8.5"), ("X-Powered-By", "ASP.NET")):
            if name.lower() not in present:
                headers.append((name, value))
        headers += [("Content-Type", page.content_type), ("Content-Length", str(length or len(body) + page.padding))]
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
        return Answer(h11.Response(status_code=page.status, headers=encoded), body, page.padding)


def _unauthorized(*, from_lync: bool = True) -> Page:
    return Page(401, "<html><body><h2>401 - Unauthorized</h2></body></html>", from_lync=from_lync)


def _header(head: h11.Request, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in head.headers if key == name), "")
