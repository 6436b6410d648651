"""Windows sign-in over HTTP by pyspnego: Kerberos where the system has it, NTLM, or Negotiate that finds out.

It proves the password once. What came after that proof is the server's verdict on the user.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec

from checks.knowledge.sign_in_answers import header
from checks.probes import Exchange, Login
from checks.probes.phone_exchange import Caller, Conversation, Fields, Reply
from checks.secret import Secret
from checks.text import clean
from checks.threads import in_thread

if TYPE_CHECKING:
    from spnego import ContextProxy

_MOST_TOKENS = 5
_NTLM_PROOF = b"NTLMSSP\x00\x03\x00\x00\x00"
"""How NTLM's AUTHENTICATE message begins, also inside of SPNEGO."""
_CUT = "The connection was closed in the middle of the Windows sign-in, which has to stay on one connection."
_ENDED = "The server ended the Windows sign-in before the password was asked for."

Protocol = Literal["negotiate", "ntlm"]
_SCHEMES: dict[Protocol, str] = {"negotiate": "Negotiate", "ntlm": "NTLM"}


class WindowsSignIn:
    """A POST that is answered after the user has signed in."""

    def __init__(self, caller: Caller, login: Login, password: Secret) -> None:
        self._caller = caller
        self._login = login
        self._password = password

    async def post(self, url: str, host: str, fields: Fields, content: bytes | Secret) -> Reply:
        """The answer to the request once signed in; the 401 where the server refused, or offers no Windows sign-in."""
        with self._caller.conversation() as conversation:
            challenged = await conversation.send("POST", url, fields, content)
            reply = challenged
            for protocol in _offered(challenged):
                reply = await self._sign_in(conversation, protocol, _Request(url, host, fields, content))
                if reply.status != 401 or reply.exchange.credentials:
                    break
            return reply

    async def _sign_in(self, conversation: Conversation, protocol: Protocol, request: "_Request") -> Reply:
        """The answer to the proof of the password, or how the sign-in ended before it was sent."""
        reply = Reply(Exchange(url=clean(request.url, 300), status=401))
        try:
            context = await in_thread(partial(self._context, protocol, request.host))
            received: bytes | None = None
            for _ in range(_MOST_TOKENS):
                token = await in_thread(partial(_next_token, context, received))
                if not token:
                    break
                reply = await self._step(conversation, _SCHEMES[protocol], token, request, reply)
                received = _token(reply, _SCHEMES[protocol])
                if reply.status != 401 or reply.exchange.credentials or reply.exchange.failure or not received:
                    break
        except _SignInFailed as failed:
            reply = reply.but(f"The Windows sign-in failed on this computer: {failed}.")
            return _refused(reply) if failed.refused else reply
        unproved = reply.status == 401 and not reply.exchange.credentials and not reply.exchange.failure
        return reply.but(_ENDED) if unproved else reply

    async def _step(
        self, conversation: Conversation, scheme: str, token: bytes, request: "_Request", before: Reply
    ) -> Reply:
        """The answer to one token."""
        proves = _NTLM_PROOF in token
        if proves and _closes(before):
            return before.but(_CUT)
        connections = conversation.connections
        authorization = Secret(f"{scheme} {base64.b64encode(token).decode()}")
        fields = {**request.fields, "Authorization": authorization}
        reply = await conversation.send("POST", request.url, fields, request.content, credentials=proves)
        if proves and reply.status == 401 and conversation.connections != connections:
            # The proof answers a challenge of the connection before: this server could not judge it.
            return Reply(msgspec.structs.replace(reply.exchange, credentials=False, failure=_CUT), reply.headers)
        return reply

    def _context(self, protocol: Protocol, host: str) -> "ContextProxy":
        """No channel binding: a reverse proxy ends TLS, and no phone sends one."""
        import spnego

        try:
            return spnego.client(
                self._login.user, self._password.reveal(), hostname=host, service="http", protocol=protocol
            )
        except Exception as error:  # What goes wrong under pyspnego is the system's, and has many types.
            raise _failed(error) from None


@dataclass(frozen=True)
class _Request:
    """What is posted until it is answered."""

    url: str
    host: str
    fields: Fields
    content: bytes | Secret


class _SignInFailed(Exception):
    """There is no next token. `refused`: the domain itself has turned the password down, without the web server."""

    def __init__(self, words: str, *, refused: bool) -> None:
        super().__init__(words)
        self.refused = refused


def _next_token(context: "ContextProxy", received: bytes | None) -> bytes | None:
    """The answer to a server's token. Raises _SignInFailed."""
    try:
        return context.step(received)
    except Exception as error:  # pyspnego reads a token without care: a hostile one raises whatever it may.
        raise _failed(error) from None


def _failed(error: Exception) -> _SignInFailed:
    from spnego.exceptions import InvalidCredentialError

    return _SignInFailed(type(error).__name__, refused=isinstance(error, InvalidCredentialError))


def _offered(reply: Reply) -> Iterator[Protocol]:
    for protocol, scheme in _SCHEMES.items():
        if reply.status == 401 and scheme.lower() in reply.exchange.schemes:
            yield protocol


def _closes(reply: Reply) -> bool:
    return "close" in header(reply.headers, "connection").lower()


def _refused(reply: Reply) -> Reply:
    return Reply(msgspec.structs.replace(reply.exchange, credentials=True), reply.headers)


def _token(reply: Reply, scheme: str) -> bytes:
    """The token that a 401 goes on with; empty where it has none."""
    for name, value in reply.headers:
        if name.lower() == "www-authenticate":
            found = re.search(rf"(?:\A|,)\s*{scheme}\s+([A-Za-z0-9+/=]{{1,65536}})", value, re.IGNORECASE)
            if found:
                try:
                    return base64.b64decode(found[1])
                except binascii.Error:
                    return b""
    return b""
