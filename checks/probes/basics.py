"""What all questions and answers share: views, servers, accounts, and the reason why there is no answer."""

from collections.abc import Iterator
from typing import Literal

from checks.knowledge.powershell import literal
from checks.model import Frozen, Reason

View = Literal["inside", "outside"]
Server = Literal["front-end", "edge"]
"""The server that a question about a server is put to. Whatever reaches it may answer: a shell, this machine, a paste."""
Account = Literal["sender", "receiver"]
"""One of the two test users, by what they do in a test."""
Way = Literal["configured", "direct", "system"]
"""How a web request leaves this computer: as the walk was told, past any proxy, or through the proxy of the system."""


class Login(Frozen, frozen=True):
    """A test user's user name and password, as the parameter of a cmdlet. The password is put in where it is sent."""

    account: Account
    user: str
    """As it is typed: `domain\\user` or a user principal name."""

    def typed(self) -> str:
        """As a person gives it: the prompt asks for the password."""
        return f"(Get-Credential {literal(self.user)})"


Parameter = str | int | bool | tuple[str, ...] | Login | None
UnreachedKind = Literal[
    "no-such-name",
    "no-address",
    "timeout",
    "no-route",
    "refused",
    "certificate",
    "handshake",
    "reset",
    "silence",
    "drip",
    "not-http",
]
RecordKind = Literal["ADDRESS", "A", "AAAA", "CNAME", "SRV"]


class Unanswered(Frozen, frozen=True, tag="unanswered"):
    """The question could not be asked, or nobody answered that could have."""

    reason: Reason
    detail: str
    """One sentence for the user."""
    command: str = ""
    """What to run by hand instead, where that would answer it."""
    password_wanted: bool = False
    """True where a password would answer it: none was given, or the one that was given was refused."""
    account: Literal["", "sender", "receiver"] = ""
    """The test user whose password that is; empty for the one of the shell that was asked."""

    def lines(self) -> Iterator[str]:
        yield f"not seen: {self.detail}"
