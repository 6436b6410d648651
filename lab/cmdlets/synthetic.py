"""The tests that the product brings along: Test-CsMcx* up to 2015, Test-CsUcwaConference since 2013, Test-CsRegistration, Test-CsIM.

They look at what they look at in reality: the account behind the password, the web ticket service and the Mobility
service of the pool's internal site, the users in the pool's database, the port of the registrar.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from psrpcore.types import PSDuration

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError
from lab.cmdlets.stages import (
    Failed,
    diagnosis_of,
    reach_registrar,
    register,
    require_answer,
    require_directory,
    require_user,
    signed_in,
    site_of,
)
from lab.model import LYNC_2010, MCX, UCWA, Model

_RESULT = clixml.enumeration_of("Microsoft.Rtc.SyntheticTransactions.TaskResult", {"Success": 0, "Failure": 1})
_COMMON = ("TargetFqdn", "Authentication", "RegistrarPort", "OutLoggerVariable", "OutVerboseVariable", "Force")


Run = Callable[[Model, Arguments], None]
"""Does what a test does. Raises Failed."""


def transaction(
    name: str,
    users: tuple[str, ...],
    run: Run,
    path: str = "",
    *,
    demands: tuple[str, ...] = (),
    without_users: bool = False,
) -> Cmdlet:
    """A test of a pool. `demands`: parameters beside those of every test; `without_users`: the pool may have its own."""
    credentials = tuple(user.replace("SipAddress", "Credential") for user in users)

    def tested(model: Model, arguments: Arguments) -> list[Any]:
        target = str(arguments.get("targetfqdn", ""))
        if without_users and not any(user.lower() in arguments for user in users):
            own = model.transactions.test_users.get(target.lower())
            if own is None:
                raise _no_test_users(name, target)
            arguments = {**arguments, **dict(zip(map(str.lower, users), own, strict=False))}
        _require(name, arguments, "TargetFqdn", *demands, *_of_version(model, name, arguments), *users)
        try:
            run(model, arguments)
        except Failed as failed:
            return [_outcome(target, path, failed)]
        return [_outcome(target, path)]

    return Cmdlet(name, (*_COMMON, *demands, *users, *credentials), tested)


def _of_version(model: Model, name: str, arguments: Arguments) -> tuple[str, ...]:
    """What the tests of Mcx demand since 2013, and what 2010 does not know."""
    if "Mcx" not in name or model.product.year > LYNC_2010.year:
        return ("Authentication",) if "Mcx" in name else ()
    if "authentication" in arguments:
        raise CmdletError(
            "A parameter cannot be found that matches parameter name 'Authentication'.",
            "NamedParameterNotFound",
            category="InvalidArgument",
            exception="System.Management.Automation.ParameterBindingException",
            activity=name,
            terminates=True,
        )
    return ()


def test_push(model: Model, arguments: Arguments) -> list[Any]:
    """Test-CsMcxPushNotification: the lab's Edge always reaches the push service."""
    _require("Test-CsMcxPushNotification", arguments, "AccessEdgeFqdn")
    return [_outcome(str(arguments["accessedgefqdn"]))]


def _mobility(*users: str) -> Run:
    """Tickets for the users, then the Mobility service between them, which asks the registrar for them."""

    def run(model: Model, arguments: Arguments) -> None:
        site = site_of(model, arguments)
        people = [signed_in(model, arguments, user, site) for user in users]
        require_directory(site, MCX)
        reach_registrar(model, site)
        for person in people:
            require_user(model, person)
        require_answer(model)

    return run


def _conference(*users: str) -> Run:
    """Tickets for the users, then a conference of UCWA, which needs no port of SIP from outside the server."""

    def run(model: Model, arguments: Arguments) -> None:
        site = site_of(model, arguments)
        for user in users:
            person = signed_in(model, arguments, user, site)
            require_user(model, person)
        require_directory(site, UCWA)
        require_answer(model)

    return run


def _registration(*users: str) -> Run:
    """The users register, as a client on a computer does. With two of them a message follows."""

    def run(model: Model, arguments: Arguments) -> None:
        site = site_of(model, arguments)
        reach_registrar(model, site)
        for user in users:
            register(model, arguments, user, site)
        if len(users) > 1 and not model.transactions.messages:
            raise Failed("504, Server time-out", diagnosis_of(2, site.fqdn, "See response code and reason phrase."))

    return run


def _outcome(target: str, path: str = "", failed: Failed | None = None) -> Any:
    properties = {
        "TargetFqdn": target,
        "TargetUri": f"https://{target}:443{path}" if path else None,
        "Result": _RESULT["Failure" if failed else "Success"],
        "Latency": PSDuration() if failed else PSDuration(timedelta(seconds=6, microseconds=161691)),
        "Error": failed.error if failed else None,
        "Diagnosis": (failed.diagnosis or None) if failed else None,
    }
    return clixml.object_of("Microsoft.Rtc.SyntheticTransactions.TaskOutput", properties)


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


def _no_test_users(cmdlet: str, pool: str) -> CmdletError:
    noun = cmdlet.removeprefix("Test-Cs")
    return CmdletError(
        f"There is no test user assigned for [{pool}]. Verify test user configuration.",
        f"NotFoundTestUsers,Microsoft.Rtc.Management.SyntheticTransactions.Test{noun}Cmdlet",
        category="ResourceUnavailable",
        exception="System.InvalidOperationException",
        activity=cmdlet,
        terminates=True,
    )


_PAIR = ("SenderSipAddress", "ReceiverSipAddress")
_THREE = ("OrganizerSipAddress", "UserSipAddress", "User2SipAddress")
_HOSTS = ("OrganizerSipAddress", "ParticipantSipAddress")

CMDLETS = (
    transaction("Test-CsMcxP2PIM", _PAIR, _mobility(*_PAIR), "/mcx"),
    transaction("Test-CsMcxConference", _THREE, _mobility(*_THREE), "/mcx"),
    Cmdlet("Test-CsMcxPushNotification", ("AccessEdgeFqdn", "Certificate"), test_push),
    transaction("Test-CsUcwaConference", _HOSTS, _conference(*_HOSTS), "/ucwa", without_users=True),
    transaction("Test-CsRegistration", ("UserSipAddress",), _registration("UserSipAddress"), without_users=True),
    transaction("Test-CsIM", _PAIR, _registration(*_PAIR), without_users=True),
)
UNTIL_2015 = frozenset(cmdlet.name.lower() for cmdlet in CMDLETS if "Mcx" in cmdlet.name)
SINCE_2013 = frozenset({"test-csucwaconference"})
