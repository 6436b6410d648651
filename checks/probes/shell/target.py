"""Which endpoint a remote shell talks to, and as whom."""

from typing import NamedTuple
from urllib.parse import urlsplit

from checks.secret import Secret

_LYNC = "ocspowershell"
_PORTS = {"https": 443, "http": 80}


class Target(NamedTuple):
    """A remote PowerShell endpoint. Over http every message is encrypted by the sign-in, or nothing is sent."""

    scheme: str
    """`https` or `http`."""
    host: str
    port: int
    path: str
    """Without the leading slash."""
    proxy: str = ""
    """An HTTP proxy's address; empty for none."""

    @property
    def url(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}/{self.path}"

    @property
    def tls(self) -> bool:
        return self.scheme == "https"

    @property
    def of_lync(self) -> bool:
        """True for Lync's own endpoint, where roles decide; False for WinRM, as Windows itself has it."""
        return self.path.lower().strip("/") == _LYNC


class Account(NamedTuple):
    """Who signs in. Without a name and a password: the current Windows user, or whoever holds the ticket."""

    user: str
    password: Secret | None

    @property
    def name(self) -> str:
        return self.user or "the current Windows user"

    @property
    def short_name(self) -> str:
        """The name alone, as Active Directory and Windows' groups take it; empty for the current user."""
        return self.user.rpartition("\\")[2].partition("@")[0]


def parse_target(address: str, proxy: str) -> Target:
    """The parts of an address that `parse_shell` or `parse_edge_shell` has let through."""
    url = urlsplit(address)
    return Target(
        scheme=url.scheme,
        host=url.hostname or "",
        port=url.port or _PORTS[url.scheme],
        path=url.path.lstrip("/"),
        proxy="" if proxy == "none" else proxy,
    )
