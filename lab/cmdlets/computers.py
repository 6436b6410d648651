"""Get-CsComputer and Get-CsManagementStoreReplicationStatus: the computers, and the configuration that reached them."""

from datetime import timedelta
from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.computers import Computer
from lab.model import Model


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
    changed = model.last_evening
    last_week = changed - timedelta(days=7)
    properties = {
        "UpToDate": not late,
        "ReplicaFqdn": computer.fqdn,
        "LastStatusReport": (last_week if late else changed) if computer.reported else None,
        "LastUpdateCreation": changed,
        "ProductVersion": computer.version or model.product.version,
    }
    return clixml.lync_object("Xds.ReplicaState", properties)


CMDLETS = (
    Cmdlet("Get-CsComputer", ("Identity", "Filter", "Pool", "Local"), get_computer),
    Cmdlet("Get-CsManagementStoreReplicationStatus", ("ReplicaFqdn",), get_replication_status),
)
