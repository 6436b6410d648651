"""What a web site answers: its paths, the sign-in that they ask for, and the PowerShell endpoint among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import h11

from lab import web_applications
from lab.callers import Caller, Requests
from lab.model import Model
from lab.pages import BAD_REQUEST, NOT_FOUND, Answer, answer_of, header, unauthorized
from lab.sealing import NotSealed, opened, sealed
from lab.signin import Gate, Refused, Scheme, SignIns
from lab.web_servers import Directory, Page, WebServer

if TYPE_CHECKING:
    from lab.powershell import Endpoint

_SCHEMES: Mapping[str, Scheme] = {"negotiate": "Negotiate", "ntlm": "NTLM", "basic": "Basic"}
_SOAP = "application/soap+xml;charset=UTF-8"


@dataclass
class Site:
    """The paths of one web server."""

    model: Model
    server: WebServer
    sign_ins: SignIns
    endpoint: "Endpoint"
    authority: str = "litwareinc"
    """Whose accounts may sign in: the domain's, or those of one computer."""
    requests: Requests = field(default_factory=Requests)

    async def answer(self, caller: Caller, head: h11.Request, body: bytes) -> Answer | None:
        """The answer to a request; None where there will never be one."""
        path = self.requests.note(head)
        if self.server.middlebox and self.server.middlebox.does == "answer":
            return self._page(self.server.middlebox.page)
        directory = _directory(self.server.directories, path)
        if directory is None:
            return self._page(NOT_FOUND)
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
        return self._page(BAD_REQUEST, extra=[("Connection", "close")])

    async def _granted(
        self, caller: Caller, directory: Directory, head: h11.Request, body: bytes, token: str
    ) -> Answer:
        extra = [("WWW-Authenticate", token)] if token else []
        if head.method == b"POST" and directory.powershell:
            return await self._run(caller, head, body, extra)
        if directory.serves:
            place = web_applications.Place(self.model, self.server, self.sign_ins, self.authority)
            request = web_applications.request_of(caller, head, body)
            return self._page(web_applications.run(directory.serves, request, place), extra=extra)
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
            message = opened(caller.seal, header(head, b"content-type"), body)
        except NotSealed:
            return self._page(Page(500, from_lync=False))
        status, envelope = await self.endpoint.answer(caller.account, message)
        content_type, content = sealed(caller.seal, envelope.encode())
        answer = self._page(Page(status, content_type=content_type, from_lync=False), length=len(content))
        return replace(answer, body=content)

    def _sign_in(self, caller: Caller, directory: Directory, head: h11.Request) -> Answer | str:
        """A challenge to send, or the last word of a sign-in that is done (empty where it was done before)."""
        offered = {challenge.partition(" ")[0].lower() for challenge in directory.challenges or []} & _SCHEMES.keys()
        scheme, _, credentials = header(head, b"authorization").partition(" ")
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
        return self._page(unauthorized(), extra=[("WWW-Authenticate", last or chosen)])

    def _challenge(self, directory: Directory) -> Answer:
        return self._page(
            unauthorized(from_lync=not directory.powershell),
            extra=[("WWW-Authenticate", challenge) for challenge in directory.challenges or []],
        )

    def _page(self, page: Page, *, extra: Sequence[tuple[str, str]] = (), length: int | None = None) -> Answer:
        software = (("Server", self.server.software or self.model.product.iis), ("X-Powered-By", "ASP.NET"))
        return answer_of(page, self.server.fqdn, extra=extra, length=length, software=software)


def _directory(directories: Mapping[str, Directory], path: str) -> Directory | None:
    """The directory of a path, or the nearest above it that answers for what is below."""
    if path in directories:
        return directories[path]
    above = path
    while (above := above.rpartition("/")[0]) != "":
        for each in (above, f"{above}/"):
            if each in directories and directories[each].below:
                return directories[each]
    return None
