"""What brings the services of a pool and its configuration back."""

from checks.model import Remedy

_SERVER_ADMINISTRATOR = "member of RTCUniversalServerAdmins"
_RERUN = "check again (r)"
_WAITING = "a Front End that starts waits for others of its pool (event 32174): never restart several at a time"


def start(service: str, computer: str) -> Remedy:
    """Starts one service."""
    risk = "none, unless it was stopped on purpose"
    return Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"Name": service, "ComputerName": computer},
        who=_SERVER_ADMINISTRATOR,
        risk=f"{risk}; {_WAITING}" if service == "RTCSRV" else risk,
        verify=f"{_RERUN}; if it stops again, the System and Lync Server logs of {computer} tell why",
    )


def put_back(computer: str) -> tuple[Remedy, Remedy]:
    """For a Front End that was stopped as a whole: first whether it was meant, then the start."""
    risk = f"none, unless it was stopped on purpose; {_WAITING}"
    ask = Remedy(
        action=f"Ask whoever answers for the pool whether {computer} is in maintenance. If it is, see that the load balancer "
        "leaves it out. If it should run, start its services there: Start-CsWindowsService.",
        who=_SERVER_ADMINISTRATOR,
        risk=risk,
        verify=_RERUN,
    )
    start_all = Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={"ComputerName": computer},
        who=_SERVER_ADMINISTRATOR,
        risk=risk,
        verify=_RERUN,
    )
    return ask, start_all


def wait_for_placement(computer: str) -> Remedy:
    """What a Front End needs that has been starting for long."""
    return Remedy(
        action=f"On {computer}, look in the event log “Lync Server” for 32174: the Front End waits until enough others "
        "of its pool run. Start those that stand still, one after another, and restart none that runs.",
        who=_SERVER_ADMINISTRATOR,
        risk="none",
        verify=_RERUN,
    )


def reset_quorum(pool: str) -> Remedy:
    """The last resort for a pool whose Front Ends wait for each other for good."""
    return Remedy(
        cmdlet="Reset-CsPoolRegistrarState",
        parameters={"PoolFqdn": pool, "ResetType": "QuorumLossRecovery"},
        who=f"{_SERVER_ADMINISTRATOR}, after asking whoever answers for the pool",
        risk="destructive: only where its computers are all up and it still does not start",
        verify=_RERUN,
    )


def replicate(computer: str) -> Remedy:
    """Sends the configuration to one computer anew."""
    return Remedy(
        cmdlet="Invoke-CsManagementStoreReplication",
        parameters={"ReplicaFqdn": computer},
        who=_SERVER_ADMINISTRATOR,
        risk="none; it takes some minutes",
        verify=f"{_RERUN} after five minutes",
    )


def use_pool(pool: str) -> Remedy:
    """For a walk that was begun with the name of a computer."""
    return Remedy(
        action=f"Walk again with {pool} as the pool.",
        who="you",
        risk="none",
        verify="that walk says running",
    )


def name_a_pool(pools: tuple[str, ...]) -> Remedy:
    """For a walk that was begun with a name that no pool has."""
    known = f": {', '.join(pools)}" if pools else " that Get-CsPool lists"
    return Remedy(
        action=f"Correct the name, and walk again with a pool of the topology{known}. A pool that should be there and "
        "is not has to be published with Topology Builder.",
        who="you",
        risk="none",
        verify="that walk says running",
    )
