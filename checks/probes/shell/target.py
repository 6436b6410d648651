"""Which endpoint a remote shell talks to, and as whom."""

from typing import NamedTuple
from urllib.parse import urlsplit

from checks.secret import Secret


class Target(NamedTuple):
    """A remote PowerShell endpoint: always HTTPS."""

    host: str
    port: int
    path: str
    """Without the leading slash."""
    proxy: str = ""
    """An HTTP proxy's address; empty for none."""

    @property
    def url(self) -> str:
        return f"https://{self.host}{'' if self.port == 443 else f':{self.port}'}/{self.path}"


class Account(NamedTuple):
    """Who signs in. Without a name and a password: the current Windows user, or whoever holds the ticket."""

    user: str
    password: Secret | None

    @property
    def name(self) -> str:
        return self.user or "the current Windows user"


def parse_target(shell: str, proxy: str) -> Target:
    """The parts of an address that `parse_shell` has let through."""
    url = urlsplit(shell)
    return Target(
        host=url.hostname or "",
        port=url.port or 443,
        path=url.path.lstrip("/"),
        proxy="" if proxy == "none" else proxy,
    )
