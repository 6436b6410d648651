"""Get-CsComputer and Get-CsManagementStoreReplicationStatus: the computers, and the configuration that reached them."""

from datetime import UTC, datetime
from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.computers import Computer
from lab.model import Model

_CHANGED = datetime(2014, 5, 28, 19, 16, 5, tzinfo=UTC)
_LAST_WEEK = datetime(2014, 5, 21, 6, 2, 11, tzinfo=UTC)


def get_computer(model: Model, arguments: Arguments) -> list[Any]:
    """All computers, those of a pool, the one that -Identity names, or with -Local the one that is asked."""
    chosen = model.computers_of(model.pools[0])[:1] if arguments.get("local") else model.computers
    pool = str(arguments.get("pool") or "").lower()
    name = str(arguments.get("identity") or "").lower()
    found = [each for each in chosen if pool in {"", each.pool.lower()} and name in {"", each.fqdn.lower()}]
    if name and not found:
        message = f'Cannot find the item "{arguments["identity"]}" in the topology.'
        raise not_found("Get-CsComputer", message, name, "ItemNotFound,Microsoft.Rtc.Management.Xds.GetComputerCmdlet")
    return [_computer(each) for each in found]


def get_replication_status(model: Model, arguments: Arguments) -> list[Any]:
    """The replica of every computer, that of the Edge among them, or the one that -ReplicaFqdn names."""
    wanted = str(arguments.get("replicafqdn") or "").lower()
    return [_replica(model, each) for each in model.computers if wanted in {"", each.fqdn.lower()}]


def _computer(computer: Computer) -> Any:
    properties = {"Identity": computer.fqdn, "Pool": computer.pool, "Fqdn": computer.fqdn}
    return clixml.lync_object("Deploy.Internal.Machine", properties, computer.fqdn)


def _replica(model: Model, computer: Computer) -> Any:
    late = not computer.up_to_date or not computer.reported or "REPLICA" in computer.standing_still
    properties = {
        "UpToDate": not late,
        "ReplicaFqdn": computer.fqdn,
        "LastStatusReport": (_LAST_WEEK if late else _CHANGED) if computer.reported else None,
        "LastUpdateCreation": _CHANGED,
        "ProductVersion": computer.version or model.product.version,
    }
    return clixml.lync_object("Xds.ReplicaState", properties)


CMDLETS = (
    Cmdlet("Get-CsComputer", ("Identity", "Filter", "Pool", "Local"), get_computer),
    Cmdlet("Get-CsManagementStoreReplicationStatus", ("ReplicaFqdn",), get_replication_status),
)
