"""The tests of the Mobility service that Lync brings along, up to Skype for Business Server 2015: Test-CsMcx*."""

from datetime import timedelta
from typing import Any

from psrpcore.types import PSDuration

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError
from lab.model import MCX, Model

_RESULT = clixml.enumeration_of("Microsoft.Rtc.SyntheticTransactions.TaskResult", {"Success": 0, "Failure": 1})
_COMMON = ("TargetFqdn", "Authentication", "RegistrarPort", "OutLoggerVariable", "OutVerboseVariable", "Force")
_USERS = {
    "Test-CsMcxP2PIM": ("SenderSipAddress", "ReceiverSipAddress"),
    "Test-CsMcxConference": ("OrganizerSipAddress", "UserSipAddress", "User2SipAddress"),
}


def _test(name: str) -> Cmdlet:
    users = _USERS[name]
    credentials = tuple(user.replace("SipAddress", "Credential") for user in users)

    def run(model: Model, arguments: Arguments) -> list[Any]:
        _require(name, arguments, "TargetFqdn", *users)
        problem = _problem(model, [str(arguments[user.lower()]) for user in users])
        return [_outcome(str(arguments["targetfqdn"]), problem, path="/mcx")]

    return Cmdlet(name, (*_COMMON, *users, *credentials), run)


def test_push(model: Model, arguments: Arguments) -> list[Any]:
    """Test-CsMcxPushNotification: the lab's Edge always reaches the push service."""
    _require("Test-CsMcxPushNotification", arguments, "AccessEdgeFqdn")
    return [_outcome(str(arguments["accessedgefqdn"]), "")]


def _require(cmdlet: str, arguments: Arguments, *names: str) -> None:
    missing = [name for name in names if name.lower() not in arguments]
    if missing:
        raise CmdletError(
            f"Cannot process command because of one or more missing mandatory parameters: {' '.join(missing)}.",
            "MissingMandatoryParameter",
            category="InvalidArgument",
            exception="System.Management.Automation.ParameterBindingException",
            activity=cmdlet,
            terminates=True,
        )


def _problem(model: Model, users: list[str]) -> str:
    """What keeps these users from each other, as the server's own web site sees it; empty where nothing does."""
    directory = model.web_server("pool").directories.get(MCX)
    status = directory.page.status if directory else 404
    if status >= 400:
        return f"The remote server returned an error: ({status})."
    for sip in users:
        user = next((each for each in model.users if each.sip.lower() == sip.lower()), None)
        if user is None or not user.enabled:
            return "404, Not Found"
        policy = model.effective_mobility_policy(user)
        identity = policy if policy == "Global" or policy.startswith("Site:") else f"Tag:{policy}"
        if not model.mobility_policy(identity).enable_mobility:
            return "403, Forbidden"
    return ""


def _outcome(target: str, problem: str, path: str = "") -> Any:
    properties = {
        "TargetFqdn": target,
        "TargetUri": f"https://{target}:443{path}" if path else None,
        "Result": _RESULT["Failure" if problem else "Success"],
        "Latency": PSDuration() if problem else PSDuration(timedelta(seconds=6, microseconds=161691)),
        "Error": problem or None,
        "Diagnosis": None,
    }
    return clixml.object_of("Microsoft.Rtc.SyntheticTransactions.TaskOutput", properties)


CMDLETS = (
    _test("Test-CsMcxP2PIM"),
    _test("Test-CsMcxConference"),
    Cmdlet("Test-CsMcxPushNotification", ("AccessEdgeFqdn", "Certificate"), test_push),
)
