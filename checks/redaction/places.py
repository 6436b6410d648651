"""Where names stand in a journal: by the key that a value has, whoever wrote it."""

from collections.abc import Mapping
from typing import Any, Literal

Place = Literal["host", "user", "person", "site", "policy", "identity", "file", "phone", "serial", "remark", "message"]

LITERALS = frozenset(
    {
        "kind",
        "type",
        "status",
        "reason",
        "outcome",
        "phase",
        "stage",
        "starttls",
        "stopped",
        "method",
        "view",
        "vantage",
        "seen_from",
        "product",
        "on",
    }
)
"""Keys of our own values whose words are few and known: nothing else can be read back from there."""

FEW: Mapping[str, frozenset[str]] = {
    "account": frozenset({"sender", "receiver"}),
    "way": frozenset({"configured", "direct", "system", "records", "no-record", "no-answer", "disabled"}),
    "connection": frozenset({"new", "kept"}),
}
"""The same for keys that others use as well: only these words of ours stay."""

_KEYS: Mapping[Place, str] = {
    "host": "host pool web web_internal edge domain domains from_domain sender hosts common partners known_hosts names server to_host fqdn poolfqdn "
    "registrarpool targetregistrarpool backuppoolfqdn computers pools externalfqdn internalfqdn originatingserver "
    "proxyfqdn targetfqdn internalinterfacefqdn accessedgeexternalfqdn dataedgeexternalfqdn avedgeexternalfqdn "
    "externalmrasfqdn target computername pscomputername machinename x-ms-server-fqdn x-feserver x-beserver",
    "user": "sip user receiver users sender_user receiver_user sipaddress userprincipalname principal_name samaccountname "
    "windowsemailaddress mail shell_user edge_user username account alias proxyaddresses "
    "firsttestusersipuri secondtestusersipuri firsttestsamaccountname secondtestsamaccountname",
    "person": "firstname lastname givenname surname",
    "site": "site siteid parentsite",
    "policy": "policy effective policyname dialplan locationprofile",
    "identity": "identity dependentservicelist services registrar userserver webserver edgeserver filestore "
    "federationroute xmppfederationroute distinguishedname homeserver targetserverifmoving objectcategory",
    "file": "ca_file source",
    "phone": "lineuri privateline lineserveruri telephonenumber phone mobile officephone",
    "serial": "serialnumber thumbprint",
    "remark": "description comment company department office city street streetaddress title info",
    "message": "message warnings",
}
_PLACES = {key: place for place, keys in _KEYS.items() for key in keys.split()}

_HARMLESS_HEADERS = """
date server www-authenticate proxy-authenticate location content-type content-length content-encoding
transfer-encoding cache-control connection x-aspnet-version x-aspnetmvc-version x-powered-by allow retry-after vary
pragma expires last-modified strict-transport-security x-content-type-options x-frame-options accept-ranges
"""
_KEPT_HEADERS = frozenset(_HARMLESS_HEADERS.split())
"""Headers whose value is no secret once the names in it are replaced. Others may hold a machine's name in any form."""


def place_of(key: str, beside: Mapping[str, Any]) -> Place | None:
    """What kind of name stands under a key; `beside` is the object that has it. None: text like any other."""
    key = key.casefold()
    if key in {"name", "displayname"}:
        return _place_of_name(beside)
    if key == "value":
        return "host" if "ttl" in beside else None
    if key.endswith("policy"):
        return "policy"
    return _PLACES.get(key)


def is_kept_header(name: str) -> bool:
    """True where a header's value stays, with its names replaced."""
    name = name.casefold()
    return name in _KEPT_HEADERS or name.startswith(("x-ms-", "ms-diagnostics"))


def _place_of_name(beside: Mapping[str, Any]) -> Place | None:
    """A name is a person's in an object that has what only a user has, and a host's in one of DNS."""
    keys = {key.casefold() for key in beside}
    if keys & {"sip", "sipaddress", "samaccountname", "userprincipalname", "firstname", "lastname"}:
        return "person"
    return "host" if "ttl" in keys or beside.get("type") == "dns" else None
