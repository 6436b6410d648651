"""What mends one of the server's own tests that does not find its pool: the same in every runbook."""

from checks.model import Remedy


def replicate() -> Remedy:
    """For a server whose copy of the topology is old: to all of them."""
    return Remedy(
        cmdlet="Invoke-CsManagementStoreReplication",
        who="member of RTCUniversalServerAdmins",
        risk="none; it takes some minutes",
        verify="check again (r) after five minutes",
    )


def name_the_pool() -> Remedy:
    return Remedy(
        action="Name the pool as Get-CsPool shows it, not one of its computers. If that is what was named, the copy of the "
        "topology on this server is old: Invoke-CsManagementStoreReplication.",
        who="you; for the replication a member of RTCUniversalServerAdmins",
        risk="none",
        verify="check again (r)",
    )
