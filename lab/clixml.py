"""How objects of Lync look on the wire: types with full names, enums, references that print as their name."""

from collections.abc import Iterable, Mapping
from typing import Any

from psrpcore.types import PSEnumBase, PSNoteProperty, PSObject, PSType

_MANAGEMENT = "Microsoft.Rtc.Management"


def lync_object(kind: str, properties: Mapping[str, Any], text: str = "") -> PSObject:
    """An object of a type below Microsoft.Rtc.Management, with these properties in order.

    `text` is what it prints as; without it the type's name.
    """
    return object_of(f"{_MANAGEMENT}.{kind}", properties, text)


def object_of(kind: str, properties: Mapping[str, Any], text: str = "") -> PSObject:
    """The same of any type, by its full name."""
    built = PSObject()
    meta = built.PSObject
    meta.type_names = [kind, "System.Object"]
    meta.to_string = text or kind
    meta.adapted_properties = [PSNoteProperty(name, value=value) for name, value in properties.items()]
    return built


def reference(name: str | None, kind: str = "ADConnect.Schema.PolicyReference") -> PSObject | None:
    """A policy or pool as Get-CsUser refers to it: scripts read its FriendlyName. None where nothing is assigned."""
    return lync_object(kind, {"FriendlyName": name}, name) if name else None


def identity(text: str) -> PSObject:
    """An XdsIdentity: prints as its text, and knows its scope and name."""
    scope, _, name = text.partition(":")
    return lync_object("Xds.XdsIdentity", {"Scope": scope, "Name": name or scope}, text)


def directory_identity(distinguished_name: str) -> PSObject:
    """An identity in Active Directory: prints as its distinguished name."""
    name = distinguished_name.partition(",")[0].removeprefix("CN=")
    properties = {"Name": name, "DistinguishedName": distinguished_name}
    return lync_object("ADConnect.Core.ADObjectId", properties, distinguished_name)


def internals(identity_text: str, element: str) -> dict[str, Any]:
    """The members that a local view hides and that remoting brings along."""
    scope = identity_text.partition(":")[0]
    anchor = lync_object("ScopeFramework.ScopeAnchor", {"Scope": scope})
    return {
        "XsAnyElements": [],
        "XsAnyAttributes": None,
        "Element": f'<{element} xmlns="urn:schema:{_MANAGEMENT}" />',
        "Anchor": anchor,
    }


def enumeration(kind: str, members: Iterable[str]) -> Any:
    """An enum type below Microsoft.Rtc.Management, its members counted from 0 and found by `[name]`."""
    return enumeration_of(f"{_MANAGEMENT}.{kind}", {member: number for number, member in enumerate(members)})


def enumeration_of(kind: str, members: Mapping[str, int]) -> Any:
    """An enum type by its full name, its members found by `[name]`."""
    # Called as a function, because no class body can have a member named None; the type checker knows no such call.
    make: Any = PSEnumBase
    return PSType([kind])(make(kind.rpartition(".")[2], dict(members)))


USE_WINDOWS_AUTH = enumeration("WritableConfig.Settings.Web.UseWindowsAuth", ("None", "Negotiate", "NTLM"))
EXCHANGE_ARCHIVING = enumeration(
    "ADConnect.Schema.ExchangeArchivingPolicyOptionsEnum",
    ("Uninitialized", "UseLyncArchivingPolicy", "NoArchiving", "ArchivingToExchange"),
)
SITE_TYPE = enumeration("Deploy.SiteType", ("CentralSite", "BranchSite"))
