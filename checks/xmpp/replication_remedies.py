"""What brings the configuration to a computer that does not have it."""

from checks.model import Remedy


def replicate(fqdn: str) -> Remedy:
    """Asks the store to send it again; to everybody where no name is given."""
    return Remedy(
        cmdlet="Invoke-CsManagementStoreReplication",
        parameters={"ReplicaFqdn": fqdn} if fqdn else {},
        who="member of RTCUniversalServerAdmins",
        risk="none: it sends what should be there already",
        verify="after some minutes check again (r)",
    )


def open_way(edge: str) -> Remedy:
    """For an Edge that the copy does not reach."""
    return Remedy(
        action=f"If it stays so, see that the Front End with the Central Management store reaches {edge} on TCP 4443, that the "
        "clocks of both agree, that the Edge's internal certificate is valid there, and that the replicator (REPLICA) runs "
        "on the Edge. The Lync Server event log there says more.",
        who="local Administrator on the Edge, and whoever runs the inner firewall",
        risk="none: it looks; a port that is opened leads to the Edge alone",
        verify="after some minutes check again (r)",
    )
