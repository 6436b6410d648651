"""What the cmdlets about push notifications and their way bring back. None stands for what was not shown."""

from collections.abc import Iterable
from typing import Self

from checks.knowledge.lync_objects import Properties, flag, has, text, value
from checks.model import Frozen


class Switches(Frozen, frozen=True):
    """A push notification configuration."""

    identity: str
    apple: bool | None
    microsoft: bool | None

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            identity=text(properties, "Identity"),
            apple=flag(properties, "EnableApplePushNotificationService"),
            microsoft=flag(properties, "EnableMicrosoftPushNotificationService"),
        )

    @property
    def off(self) -> bool:
        return self.apple is False and self.microsoft is False


class Mcx(Frozen, frozen=True):
    """Where a configuration of the Mobility service sends push notifications."""

    identity: str
    proxy_uri: str | None

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(identity=text(properties, "Identity"), proxy_uri=_shown(properties, "PushNotificationProxyUri"))


class Federating(Frozen, frozen=True):
    """What the Access Edge allows."""

    allowed: bool | None
    discovery: bool | None

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            allowed=flag(properties, "AllowFederatedUsers"), discovery=flag(properties, "EnablePartnerDiscovery")
        )


class Provider(Frozen, frozen=True):
    """A hosting provider."""

    identity: str
    proxy: str | None
    enabled: bool | None

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            identity=text(properties, "Identity"),
            proxy=_shown(properties, "ProxyFqdn"),
            enabled=flag(properties, "Enabled"),
        )


class Filter(Frozen, frozen=True):
    """A configuration of the URL filter."""

    identity: str
    enabled: bool | None
    action: str
    """`Allow`, `Block` or `Warn`; anything else was not understood."""
    prefixes: tuple[str, ...] | None
    """In lower case."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            identity=text(properties, "Identity"),
            enabled=flag(properties, "Enabled"),
            action=text(properties, "Action"),
            prefixes=_listed(properties, "Prefixes"),
        )


def lists_domain(allowed: Iterable[Properties], domain: str) -> bool | None:
    """Whether a domain is among those of Get-CsAllowedDomain; None where it may hide behind a name that was cut off."""
    names = [(text(one, "Domain") or text(one, "Identity")).lower() for one in allowed]
    return True if domain in names else None if "" in names else False


def _shown(properties: Properties, name: str) -> str | None:
    """A property as text, empty for null; None where it was not shown."""
    return text(properties, name).strip() if has(properties, name) else None


def _listed(properties: Properties, name: str) -> tuple[str, ...] | None:
    """A collection's items in lower case; None where it was not shown."""
    if not has(properties, name):
        return None
    found = value(properties, name)
    items = found if isinstance(found, list | tuple) else str(found or "").split()
    return tuple(str(one).lower() for one in items)
