"""Pools, computers, services and replicas as the cmdlets of the topology show them."""

from collections.abc import Iterable
from typing import Any

from checks.knowledge.lync_objects import Properties, flag, has, text, value
from checks.model import Frozen

MOST_COMPUTERS = 20
"""More than a pool of any version may have."""
_MOST_SERVICES = 200
_NUMBERED = {
    "1": "Stopped",
    "2": "StartPending",
    "3": "StopPending",
    "4": "Running",
    "5": "ContinuePending",
    "6": "PausePending",
    "7": "Paused",
}
"""System.ServiceProcess.ServiceControllerStatus, which JSON writes as a number."""
_STATUSES = {name.lower(): name for name in _NUMBERED.values()}


class Pool(Frozen, frozen=True):
    """A pool and its computers, all names in lower case."""

    fqdn: str
    computers: tuple[str, ...] | None = None
    """None: not shown, or not all of them."""


class Service(Frozen, frozen=True):
    """A Windows service by its short name, which no language and no version changes."""

    name: str
    status: str
    """`Running`, `Stopped`, `StartPending` and so on; empty where it was not shown."""


class Replica(Frozen, frozen=True):
    """A computer's copy of the configuration."""

    fqdn: str
    up_to_date: bool | None
    """None: not shown."""


def pools(objects: Iterable[Properties]) -> tuple[Pool, ...]:
    """The pools in an answer of Get-CsPool."""
    found = []
    for one in objects:
        fqdn = (text(one, "Fqdn") or text(one, "Identity")).lower()
        if fqdn:
            found.append(Pool(fqdn=fqdn, computers=_names(value(one, "Computers")) if has(one, "Computers") else None))
    return tuple(found)


def find_pool(pools: Iterable[Pool], name: str) -> Pool | None:
    """The pool of that name, else the one that has a computer of that name; None where there is neither."""
    known = list(pools)
    own = next((one for one in known if one.fqdn == name.lower()), None)
    return own or next((one for one in known if name.lower() in (one.computers or ())), None)


def pools_of_services(objects: Iterable[Properties]) -> frozenset[str]:
    """The pools in lower case that have the services in an answer of Get-CsService."""
    named = (text(one, "PoolFqdn") or text(one, "Identity").rpartition(":")[2] for one in objects)
    return frozenset(name.lower() for name in named if name)


def computers_of(objects: Iterable[Properties], pool: str) -> tuple[str, ...]:
    """The computers of a pool in an answer of Get-CsComputer, in lower case."""
    named = (
        (text(one, "Fqdn") or text(one, "Identity")).lower() for one in objects if text(one, "Pool").lower() == pool
    )
    return tuple(dict.fromkeys(filter(None, named)))[:MOST_COMPUTERS]


def services(objects: Iterable[Properties]) -> tuple[Service, ...]:
    """The services in an answer of Get-CsWindowsService."""
    return tuple(
        Service(name=text(one, "Name"), status=service_status(text(one, "Status")))
        for one in list(objects)[:_MOST_SERVICES]
        if text(one, "Name")
    )


def replicas(objects: Iterable[Properties]) -> tuple[Replica, ...]:
    """The replicas in an answer of Get-CsManagementStoreReplicationStatus."""
    return tuple(
        Replica(fqdn=text(one, "ReplicaFqdn").lower(), up_to_date=flag(one, "UpToDate"))
        for one in objects
        if text(one, "ReplicaFqdn")
    )


def _names(found: Any) -> tuple[str, ...] | None:
    items = found if isinstance(found, list | tuple) else [found]
    names = tuple(dict.fromkeys(str(item).strip().lower() for item in items if isinstance(item, str) and item.strip()))
    return names[:MOST_COMPUTERS] or None


def service_status(shown: str) -> str:
    """`Running`, `Stopped` and so on, from the word or its number; empty for anything else."""
    return _NUMBERED.get(shown) or _STATUSES.get(shown.lower(), "")
