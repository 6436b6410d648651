"""Windows sign-in over HTTP as a server accepts it: true Negotiate and NTLM by pyspnego, counted per account."""

import base64
import binascii
import hmac
import os
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lab.model import Account
from lab.private import PrivateFile

if TYPE_CHECKING:
    from spnego import ContextProxy

Scheme = Literal["Negotiate", "NTLM", "Basic"]


class Refused(Exception):
    """The caller is not who they say, or their token is none."""


@dataclass(frozen=True)
class Gate:
    """Whom one web server lets in."""

    authority: str
    """The domain or computer whose accounts it knows, in lower case."""
    refuses: bool = False
    """True: nobody is let in."""

    def lets_in(self, account: str) -> bool:
        return not self.refuses and account.partition("\\")[0] == self.authority


class SignIns:
    """The accounts, and how often each signed in or was refused."""

    def __init__(self, accounts: Iterable[Account], directory: Path) -> None:
        self._accounts = tuple(accounts)
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._file = PrivateFile(directory, "".join(map(_lines, self._accounts)).encode())
        # The only way to hand accounts to pyspnego's acceptor. It names a path and holds no secret.
        os.environ["NTLM_USER_FILE"] = str(self._file.path)

    def begin(self, scheme: Scheme, channel_binding: bytes | None, gate: "Gate") -> "Handshake":
        """A sign-in on one connection. Not for Basic, which has none."""
        return Handshake(self, scheme, channel_binding, gate)

    def basic(self, credentials: str, gate: "Gate") -> str:
        """The account that a Basic header is from. Raises Refused, and counts it."""
        try:
            typed, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused from None
        return self.by_password(typed, password, gate)

    def by_password(self, typed: str, password: str, gate: "Gate") -> str:
        """The account that a user name and password are of. Raises Refused; either is counted."""
        name = self.account(typed)
        given = password.encode()
        right = any(each.name == name and hmac.compare_digest(each.password.encode(), given) for each in self._accounts)
        return self.judged(name, gate, right=right)

    def judged(self, name: str, gate: "Gate", *, right: bool) -> str:
        """The account, counted as accepted; raises Refused and counts that."""
        if not right or not gate.lets_in(name):
            self.refused[name] += 1
            raise Refused
        self.accepted[name] += 1
        return name

    def account(self, typed: str) -> str:
        """The account's name as `domain\\user` where it is known, else as typed in lower case."""
        name = typed.lower()
        return next((each.name for each in self._accounts if name in (each.name, each.upn.lower())), name)

    def report(self) -> dict[str, dict[str, int]]:
        """Sign-ins by account: `accepted` and `refused`."""
        return {"accepted": dict(self.accepted), "refused": dict(self.refused)}

    def close(self) -> None:
        os.environ.pop("NTLM_USER_FILE", None)
        self._file.close()


class Handshake:
    """One sign-in, token by token."""

    def __init__(self, sign_ins: SignIns, scheme: Scheme, channel_binding: bytes | None, gate: Gate) -> None:
        self._sign_ins = sign_ins
        self._gate = gate
        self.scheme = scheme
        self.context = _acceptor(scheme, channel_binding)
        """Encrypts and decrypts for this connection once the sign-in is done."""

    def step(self, credentials: str) -> tuple[str, str]:
        """Takes the token of an Authorization header. Returns the account, empty until it is signed in, and the
        token to send back, which may be empty. Raises Refused, and counts it."""
        from spnego.exceptions import SpnegoError

        try:
            token = base64.b64decode(credentials, validate=True)
        except binascii.Error:
            raise Refused from None
        claimed = claimed_account(token)
        try:
            reply = self.context.step(token)
        except (SpnegoError, ValueError, struct.error, IndexError, KeyError):
            if claimed:
                self._sign_ins.refused[self._sign_ins.account(claimed)] += 1
            raise Refused from None
        account = ""
        if self.context.complete:
            account = self._sign_ins.account(self.context.client_principal or claimed)
            self._sign_ins.judged(account, self._gate, right=True)
        return account, base64.b64encode(reply).decode() if reply else ""


def claimed_account(token: bytes) -> str:
    """Who an NTLM AUTHENTICATE message says it is from, also inside SPNEGO; empty where there is no such message."""
    start = token.find(b"NTLMSSP\x00\x03\x00\x00\x00")
    if start < 0:
        return ""
    message = token[start:]
    try:
        domain, user = (_field(message, offset) for offset in (28, 36))
    except (struct.error, UnicodeDecodeError):
        return ""
    return f"{domain}\\{user}" if domain else user


def _field(message: bytes, offset: int) -> str:
    length, _, begin = struct.unpack_from("<HHI", message, offset)
    return message[begin : begin + length].decode("utf-16-le")


def _acceptor(scheme: Scheme, channel_binding: bytes | None) -> "ContextProxy":
    import spnego
    from spnego.channel_bindings import GssChannelBindings

    # pyspnego's own implementation, so that the lab is the same on every system.
    option = spnego.NegotiateOptions.use_negotiate if scheme == "Negotiate" else spnego.NegotiateOptions.use_ntlm
    return spnego.server(
        hostname="unspecified",
        service="http",
        protocol="negotiate" if scheme == "Negotiate" else "ntlm",
        options=option,
        channel_bindings=GssChannelBindings(application_data=channel_binding) if channel_binding else None,
    )


def _lines(account: Account) -> str:
    domain, _, user = account.name.partition("\\")
    lines = f"{domain}:{user}:{account.password}\n"
    return f"{lines}:{account.upn}:{account.password}\n" if account.upn else lines
