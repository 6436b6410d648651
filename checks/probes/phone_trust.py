"""Where a user's password, ticket or token may be sent: over TLS, to the deployment that the question names."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from checks.text import clean

_ADDRESS = re.compile(r"https://(?!-)[A-Za-z0-9._-]{1,253}(?::[0-9]{1,5})?(?:[/?][!-~]{0,2000})?\Z")
_NO_ADDRESS = "This is no address of a web service over https."


class Trust:
    """Hosts beside and below those that are known. A phone, too, asks before it signs in to another domain."""

    def __init__(self, web: str, sip: str, others: Iterable[str] = ()) -> None:
        """`web`: where the sign-in begins; `sip`: the user's address; `others`: further hosts of the deployment."""
        self._hosts = {web, *others} - {""}
        self._domains = {sip.rpartition("@")[2].lower()} | {_domain(host) for host in self._hosts}
        self._domains.discard("")

    def why_no_address(self, url: str) -> str:
        """Why nothing can be asked there; empty where it can."""
        try:
            port = urlsplit(url).port if _ADDRESS.match(url) else 0
        except ValueError:
            port = 0
        return "" if port is None or 0 < port <= 65535 else _NO_ADDRESS

    def why_not(self, url: str) -> str:
        """Why no secret goes there; empty where it may."""
        if why := self.why_no_address(url):
            return why
        host = (urlsplit(url).hostname or "").rstrip(".")
        if host in self._hosts or any(host == domain or host.endswith(f".{domain}") for domain in self._domains):
            return ""
        known = ", ".join(sorted(self._domains))
        return f"Nobody signed in there: {clean(host, 253)} lies outside of {known}."


def _domain(host: str) -> str:
    """The domain that a host is in; empty where that would be a top-level domain."""
    domain = host.partition(".")[2].lower()
    return domain if "." in domain else ""
