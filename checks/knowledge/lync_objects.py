"""What Lync cmdlets bring back, read without trusting its form: property case, identity forms and nulls vary."""

from collections.abc import Iterable, Mapping
from typing import Any

from checks.model import Frozen
from checks.probes import CmdletError, Objects

Properties = Mapping[str, Any]


class User(Frozen, frozen=True):
    """A user as Get-CsUser has him. Empty text stands for null."""

    sip: str
    name: str = ""
    enabled: bool | None = None
    pool: str = ""
    hosting_provider: str = ""
    policy: str = ""
    """The mobility policy assigned to the user himself, without `Tag:`; empty: site or global applies."""
    principal_name: str = ""

    @property
    def homed_online(self) -> bool:
        return not self.pool and self.hosting_provider.lower().endswith("online.lync.com")


def value(properties: Properties, name: str) -> Any:
    """A property by its name in any case; None where it is missing."""
    wanted = name.lower()
    return next((found for key, found in properties.items() if key.lower() == wanted), None)


def text(properties: Properties, name: str) -> str:
    """A property as text; empty for null. An object that came as properties gives its name."""
    found = value(properties, name)
    if isinstance(found, Mapping):
        found = next((found[key] for key in ("FriendlyName", "Name", "Value") if found.get(key)), "")
    return "" if found is None else str(found)


def flag(properties: Properties, name: str) -> bool | None:
    """A property as a truth value; None where it is null, missing or neither."""
    match value(properties, name):
        case bool(found):
            return found
        case str(found) if found.strip().lower() in {"true", "false"}:
            return found.strip().lower() == "true"
    return None


def find(objects: Iterable[Properties], identity: str) -> Properties | None:
    """The object with that Identity, in any case."""
    return next((one for one in objects if text(one, "Identity").lower() == identity.lower()), None)


def user(answer: Objects, sip: str) -> User | None:
    """The user in an answer of Get-CsUser; None where it holds none."""
    if not answer.objects:
        return None
    found = answer.objects[0]
    return User(
        sip=sip,
        name=text(found, "DisplayName"),
        enabled=flag(found, "Enabled"),
        pool=text(found, "RegistrarPool").lower(),
        hosting_provider=text(found, "HostingProvider"),
        policy=without_tag(text(found, "MobilityPolicy")),
        principal_name=text(found, "UserPrincipalName"),
    )


def without_tag(name: str) -> str:
    """A policy's name without the `Tag:` of a per-user policy."""
    return name[4:] if name.lower().startswith("tag:") else name


def not_found(error: CmdletError) -> bool:
    """True where a cmdlet says that the object it was asked for does not exist.

    PowerShell files a cmdlet that the session does not have under ObjectNotFound too: that one says nothing of objects.
    """
    if "commandnotfound" in error.id.lower():
        return False
    return "management object not found" in error.message.lower() or "objectnotfound" in error.category.lower()


def site_of(pools: Iterable[Properties], pool: str) -> str:
    """The site of a pool as Get-CsPool names it, without `Site:`; empty where the pool is not among them."""
    found = find(pools, pool) or {}
    site = text(found, "Site")
    return site[5:] if site.lower().startswith("site:") else site
