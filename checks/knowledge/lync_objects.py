"""What Lync cmdlets bring back, read without trusting its form: property case, identity forms and nulls vary."""

import re
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
    voice_policy: str = ""
    external_access_policy: str = ""
    """Assigned to the user himself, as `policy` is."""
    unseen: tuple[str, ...] = ()
    """What decides and was not shown: a paste may lack it, and a view may hide it. That is not the same as null."""

    @property
    def homed_online(self) -> bool:
        """True where a hosting provider serves him: `SRV:` is the deployment itself."""
        return not self.pool and self.hosting_provider.lower() not in {"", "srv:"}


_DECIDING = ("Enabled", "RegistrarPool", "HostingProvider", "MobilityPolicy", "VoicePolicy", "ExternalAccessPolicy")
_QUOTED = re.compile('["«„“]([^"«»„“”]{1,400})["»“”]')
_PARTS_LEFT_OUT = ("left out a part", "part of the clixml was left out")


def has(properties: Properties, name: str) -> bool:
    """True where the object came with that property, be it null."""
    return name in properties or name.lower() in map(str.lower, properties)


def value(properties: Properties, name: str) -> Any:
    """A property by its name in any case; None where it is missing."""
    if name in properties:
        return properties[name]
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
    """The object with that Identity, in any case; none has the empty one."""
    if not identity:
        return None
    return next((one for one in objects if text(one, "Identity").lower() == identity.lower()), None)


def is_cut(shown: str, whole: str) -> bool:
    """True where a name is only the beginning of the expected one: so ends what was not copied to its end."""
    return bool(shown) and shown.lower() != whole.lower() and whole.lower().startswith(shown.lower())


def is_partial(answer: Objects) -> bool:
    """True where the collection may lack members: an error came beside them, or a part of it was left out."""
    failed = any(not not_found(error) for error in answer.errors)
    return failed or any(words in warning.lower() for warning in answer.warnings for words in _PARTS_LEFT_OUT)


def user(answer: Objects, sip: str) -> User | None:
    """The user in an answer of Get-CsUser; None where it says that there is no such user.

    Where it shows somebody else, several without their addresses, or nothing at all, everything is unseen.
    """
    found = _of_user(answer.objects, sip)
    if found is None:
        denied = not answer.objects and any(not_found(error, sip) for error in answer.errors)
        return None if denied else User(sip=sip, unseen=_DECIDING)
    return User(
        sip=sip,
        name=text(found, "DisplayName"),
        enabled=flag(found, "Enabled"),
        pool=_unbroken(text(found, "RegistrarPool")).lower(),
        hosting_provider=text(found, "HostingProvider"),
        policy=without_tag(text(found, "MobilityPolicy")),
        principal_name=_unbroken(text(found, "UserPrincipalName")),
        voice_policy=without_tag(text(found, "VoicePolicy")),
        external_access_policy=without_tag(text(found, "ExternalAccessPolicy")),
        unseen=tuple(name for name in _DECIDING if not _is_shown(found, name)),
    )


def _of_user(objects: Iterable[Properties], sip: str) -> Properties | None:
    """The one object of that user. One without an address is his where it is alone: it was asked for by name."""
    held = list(objects)
    named = [one for one in held if text(one, "SipAddress")]
    found = [one for one in named if _unbroken(text(one, "SipAddress")).lower() == sip.lower()] if named else held
    return found[0] if found and all(one == found[0] for one in found) else None


def _unbroken(name: str) -> str:
    """A name that has no blanks, as it was before a narrow console broke it."""
    return "".join(name.split())


def _is_shown(properties: Properties, name: str) -> bool:
    """False where it is missing, or came as an object without its name."""
    return has(properties, name) and not (isinstance(value(properties, name), Mapping) and not text(properties, name))


def without_tag(name: str) -> str:
    """A policy's name without the `Tag:` of a per-user policy."""
    return name[4:] if name.lower().startswith("tag:") else name


def not_found(error: CmdletError, sip: str = "") -> bool:
    """True where a cmdlet says that the object it was asked for, or the user with this address, does not exist.

    PowerShell files under ObjectNotFound too what says nothing of objects: a cmdlet that the session does not have, a
    file, a drive.
    """
    if any(word in error.id.lower() for word in ("commandnotfound", "pathnotfound", "drivenotfound")):
        return False
    message = error.message.lower()
    if "management object not found" not in message and "objectnotfound" not in error.category.lower():
        return False
    # A console breaks names too, so blanks do not count.
    quoted = {"".join(name.split()) for name in _QUOTED.findall(message)}
    return not sip or not quoted or bool(quoted & {sip.lower(), sip.lower().removeprefix("sip:")})


def site_of(pools: Iterable[Properties], pool: str) -> str:
    """The site of a pool as Get-CsPool names it, without `Site:`; empty where the pool is not among them."""
    found = find(pools, pool) or {}
    site = text(found, "Site")
    return site[5:] if site.lower().startswith("site:") else site
