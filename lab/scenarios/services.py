"""What can be wrong with the pool itself: its services, its configuration, its name, and the account that looks."""

from lab.model import DOMAIN, OTHER_POOL, POOL, Model, Name, Trouble
from lab.pools import two_front_ends
from lab.scenarios import Enter, scenario

_NOBODY = "Nobody signs in any more, neither on a phone nor at a desk."
_SOMETIMES = "Phones sign in at the second or third attempt."
_UNAVAILABLE = "Phones say that the server might be unavailable."
_BLIND = "Phones cannot sign in, and hardly a command says why."
_FOR_READERS = frozenset(
    {"get-csuser", "get-cssite", "get-cspool", "get-csadminrole", "get-csadminroleassignment", "get-csserverversion"}
)
"""What the group RTCUniversalReadOnlyAdmins may ask."""
_ENTERPRISE_POOL = f"pool01.{DOMAIN}"


def _fault(name: str, title: str, symptom: str, cause: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.{cause}")


@_fault("web-server-stopped", "IIS is stopped on the only server of the pool", _UNAVAILABLE, "services/no-web-server")
def web_server_stopped(model: Model) -> None:
    model.computer(POOL).standing_still["W3SVC"] = "Stopped"
    # Remote PowerShell lives in IIS too, so it is opened at the other pool.
    model.shell_pool = OTHER_POOL


@_fault(
    "web-server-stopped-on-one", "IIS is stopped on one of two Front Ends", _SOMETIMES, "services/web-server-stopped"
)
def web_server_stopped_on_one(model: Model) -> None:
    first, _ = two_front_ends(model)
    first.standing_still["W3SVC"] = "Stopped"


@_fault("front-end-stopped", "The Front End service is stopped", _NOBODY, "services/front-end-stopped")
def front_end_stopped(model: Model) -> None:
    model.computer(POOL).standing_still["RTCSRV"] = "Stopped"


@_fault("front-end-starting", "A Front End waits for the others of its pool", _SOMETIMES, "services/front-end-starting")
def front_end_starting(model: Model) -> None:
    _, second = two_front_ends(model)
    second.standing_still["RTCSRV"] = "StartPending"


@_fault(
    "front-end-out-of-service",
    "One of two Front Ends is in maintenance",
    "One Front End gets its updates today, and some phones seem slow.",
    "services/out-of-service",
)
def front_end_out_of_service(model: Model) -> None:
    _, second = two_front_ends(model)
    second.standing_still |= dict.fromkeys(("RTCSRV", "W3SVC", "REPLICA"), "Stopped")


@_fault(
    "replica-stopped",
    "The replicator is stopped on the server",
    "Since the policy was changed, phones still go by the old one.",
    "services/replica-stopped",
)
def replica_stopped(model: Model) -> None:
    model.computer(POOL).standing_still["REPLICA"] = "Stopped"


@_fault(
    "replication-late",
    "The server has not yet received the configuration of today",
    "Since the policy was changed, phones still go by the old one.",
    "services/replication-late",
)
def replication_late(model: Model) -> None:
    model.computer(POOL).up_to_date = False


@_fault(
    "im-conferencing-stopped",
    "The IM Conferencing service is stopped",
    "On phones a conversation of two works, and one of three does not.",
    "services/other-stopped",
)
def im_conferencing_stopped(model: Model) -> None:
    model.computer(POOL).standing_still["RTCIMMCU"] = "Stopped"


@_fault(
    "computer-for-a-pool",
    "The name that is taken for the pool is that of a computer in it",
    "The documented test ends with: No matching cluster found in topology.",
    "services/no-such-pool",
)
def computer_for_a_pool(model: Model) -> None:
    model.pools[0] = model.computer(POOL).pool = _ENTERPRISE_POOL
    model.names["inside"][_ENTERPRISE_POOL] = Name(hosts=["pool"])
    model.web_server("pool").certificate.names.append(_ENTERPRISE_POOL)
    for user in model.users:
        user.pool = _ENTERPRISE_POOL


@_fault(
    "role-too-small",
    "The account's only role manages users, and knows no server",
    _BLIND,
    "permissions/not-offered",
)
def role_too_small(model: Model) -> None:
    model.shell.roles = ["CsUserAdministrator"]


@_fault(
    "account-without-rights", "The account may read users, and nothing of the servers", _BLIND, "permissions/no-rights"
)
def account_without_rights(model: Model) -> None:
    # Not above: whoever lists the scenarios has no use for the libraries of PowerShell.
    from lab.cmdlets import names

    store = Trouble(refusal='Cannot open database "xds" requested by the login. The login failed.')
    model.shell.trouble |= {name.lower(): store for name in names() if name.lower() not in _FOR_READERS}
    model.shell.trouble["get-cswindowsservice"] = Trouble(refusal="Requested registry access is not allowed.")
