"""Hosting providers and what Microsoft 365 prescribes for them in a hybrid deployment."""

from typing import Literal, Self
from urllib.parse import urlsplit

from checks.knowledge.lync_objects import Properties, flag, has, is_cut, text
from checks.model import Frozen

ONLINE = "sipfed.online.lync.com"
"""The proxy of the provider that stands for Microsoft 365."""
ONLINE_URL = "https://webdir.online.lync.com/Autodiscover/AutodiscoverService.svc/root"
"""Where it redirects the phones of users who are homed there."""

UrlState = Literal["right", "empty", "misspelt", "odd", "not-shown"]
_MISSPELT = "autodisccover"
"""A page of the Lync Server 2013 library printed the path so."""


class Provider(Frozen, frozen=True):
    """A hosting provider. None stands for what was not shown."""

    identity: str
    proxy: str | None = None
    enabled: bool | None = None
    shared: bool | None = None
    """EnabledSharedAddressSpace: its users have addresses in the domains of this deployment."""
    url: str | None = None
    """AutodiscoverUrl; empty for null."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            identity=text(properties, "Identity") or text(properties, "Name"),
            proxy=_shown(properties, "ProxyFqdn"),
            enabled=flag(properties, "Enabled"),
            shared=flag(properties, "EnabledSharedAddressSpace"),
            url=_shown(properties, "AutodiscoverUrl"),
        )

    @property
    def is_online(self) -> bool | None:
        """Whether it is Microsoft 365; None where that was not shown, or cut off."""
        if self.proxy is None or is_cut(self.proxy.lower(), ONLINE):
            return None
        return self.proxy.lower().rstrip(".") == ONLINE

    @property
    def url_state(self) -> UrlState:
        """How the address compares with the documented one. Case and a last slash do not matter."""
        if self.url is None or (self.url and is_cut(self.url.lower(), ONLINE_URL.lower())):
            return "not-shown"
        if not self.url:
            return "empty"
        if _MISSPELT in self.url.lower():
            return "misspelt"
        return "right" if _parts(self.url) == _parts(ONLINE_URL) else "odd"


def _parts(url: str) -> tuple[str, str, str]:
    try:
        split = urlsplit(url.strip().lower())
    except ValueError:
        return "", "", ""
    return split.scheme, split.netloc.removesuffix(":443"), split.path.rstrip("/")


def _shown(properties: Properties, name: str) -> str | None:
    """A property that has no blanks, as it was before a narrow console broke it; empty for null."""
    return "".join(text(properties, name).split()) if has(properties, name) else None
