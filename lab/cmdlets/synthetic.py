"""The tests that the product brings along: Test-CsMcx* up to 2015, Test-CsUcwaConference since 2013, Test-CsRegistration, Test-CsIM.

They look at what they look at in reality: the account behind the password, the web ticket service and the Mobility
service of the pool's internal site, the users in the pool's database, the port of the registrar.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from psrpcore.types import PSDuration

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError, Credential
from lab.listening import SIP, ports_of
from lab.model import LYNC_2010, MCX, UCWA, WEB_TICKET, Model, User, WebServer
from lab.signin import Refused

_RESULT = clixml.enumeration_of("Microsoft.Rtc.SyntheticTransactions.TaskResult", {"Success": 0, "Failure": 1})
_COMMON = ("TargetFqdn", "Authentication", "RegistrarPort", "OutLoggerVariable", "OutVerboseVariable", "Force")
_NOT_RESPONDING = (
    "A connection attempt failed because the connected party did not properly respond after a period of time, or "
    "established connection failed because connected host has failed to respond"
)
_REFUSED = "No connection could be made because the target machine actively refused it"


class Failed(Exception):
    """A test that ends with Result Failure: what it says of it, and the diagnosis."""

    def __init__(self, error: str, diagnosis: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.diagnosis = diagnosis


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
        people = [_signed_in(model, arguments, user, site) for user in users]
        _require_directory(site, MCX)
        reach_registrar(model, site)
        for person in people:
            _require_user(model, person)
        _require_answer(model)

    return run


def _conference(*users: str) -> Run:
    """Tickets for the users, then a conference of UCWA, which needs no port of SIP from outside the server."""

    def run(model: Model, arguments: Arguments) -> None:
        site = site_of(model, arguments)
        for user in users:
            person = _signed_in(model, arguments, user, site)
            _require_user(model, person)
        _require_directory(site, UCWA)
        _require_answer(model)

    return run


def _registration(*users: str) -> Run:
    """The users register, as a client on a computer does. With two of them a message follows."""

    def run(model: Model, arguments: Arguments) -> None:
        site = site_of(model, arguments)
        reach_registrar(model, site)
        for user in users:
            register(model, arguments, user, site)
        if len(users) > 1 and not model.transactions.messages:
            raise Failed("504, Server time-out", _diagnosis(2, site.fqdn, "See response code and reason phrase."))

    return run


def site_of(model: Model, arguments: Arguments) -> WebServer:
    """The internal web site of the pool that is tested, of its first computer."""
    target = str(arguments["targetfqdn"]).lower()
    if not model.transactions.resolves:
        raise Failed("11004, The requested name is valid, but no data of the requested type was found")
    sites = model.web_servers_of(target, "internal") if model.transactions.knows_pool else []
    if not sites:
        raise Failed(
            "Failed to read Registrar port number for the given fully qualified domain name (FQDN). Exception: "
            "System.InvalidOperationException: No matching cluster found in topology. at Microsoft.Rtc.Management."
            "SyntheticTransactions.SipSyntheticTransaction.TryRetrieveRegistrarPortFromTopology(Int32& "
            "registrarPortNumber)"
        )
    return sites[0]


def _signed_in(model: Model, arguments: Arguments, user: str, site: WebServer) -> User | None:
    """The user, with a ticket. Without a password it is the server itself that vouches for him."""
    person = person_of(model, str(arguments[user.lower()]))
    credential = arguments.get(user.lower().replace("sipaddress", "credential"))
    if not isinstance(credential, Credential):
        return person
    directory = site.directories.get(WEB_TICKET) if model.transactions.reaches_web else None
    standing = "W3SVC" in model.computer(site.fqdn).standing_still
    if directory is None or standing or directory.hangs or directory.page.status >= 500 or site.https != "tls":
        raise Failed("No response received for Web-Ticket service.")
    offered = directory.challenges or []
    if "NTLM" not in offered:
        raise _unauthorized(site, offered)
    account = _account(model, credential)
    if account is None:
        raise _unauthorized(site, offered)
    if person is None or account.rpartition("\\")[2] != person.sam:
        raise Failed(
            "The SIP URI in the claim type requirements of the web ticket request does not match the SIP URI "
            "associated with the presented credentials."
        )
    return person


def register(model: Model, arguments: Arguments, user: str, site: WebServer) -> None:
    """A user registers, with a password or as somebody whom the server vouches for."""
    sip = str(arguments[user.lower()])
    credential = arguments.get(user.lower().replace("sipaddress", "credential"))
    trouble = model.transactions.registrar
    if trouble == "time-out":
        raise Failed("504, Server time-out", _diagnosis(2, site.fqdn, "See response code and reason phrase."))
    if trouble == "failing":
        raise Failed("500, Server Internal Error", "")
    person = person_of(model, sip)
    if person is None:
        raise Failed("404, Not Found", _diagnosis(1003, site.fqdn, "User does not exist"))
    if isinstance(credential, Credential) and (trouble == "kerberos-only" or _account(model, credential) is None):
        raise Failed(
            "The log on was denied. Check that the proper credentials are being used and the account is active. "
            "Inner Exception:NegotiateSecurityAssociation failed, error: - 2146893044"
        )
    _require_known(model, person)


def _account(model: Model, credential: Credential) -> str | None:
    """The account that a password belongs to; None where it is refused."""
    sign_in = model.transactions.sign_in
    named = credential.user.lower()
    person = next((each for each in model.users if named in (each.upn.lower(), f"litwareinc\\{each.sam}")), None)
    # An account is known by its short name, whatever the principal name has become.
    name = f"litwareinc\\{person.sam}" if person else named
    changed = person is not None and person.sam in model.transactions.password_changed
    try:
        return sign_in(name, "" if changed else credential.password) if sign_in else None
    except Refused:
        return None


def person_of(model: Model, sip: str) -> User | None:
    """The user of a SIP address, with `sip:` or without; None where there is none."""
    wanted = sip.lower() if sip.lower().startswith("sip:") else f"sip:{sip.lower()}"
    return next((each for each in model.users if each.sip.lower() == wanted), None)


def _require_user(model: Model, person: User | None) -> None:
    """The user is in the pool's database, and mobility is allowed to him."""
    person = _require_known(model, person)
    policy = model.effective_mobility_policy(person)
    identity = policy if policy == "Global" or policy.startswith("Site:") else f"Tag:{policy}"
    if not model.mobility_policy(identity).enable_mobility:
        raise Failed("403, Forbidden")


def _require_known(model: Model, person: User | None) -> User:
    """The user is in the pool's database."""
    if person is None or not person.enabled or person.sam in model.transactions.not_replicated:
        raise Failed(
            "404, Not Found",
            _diagnosis(4005, model.pools[0], "Destination URI either not enabled for SIP or does not exist."),
        )
    return person


def _require_directory(site: WebServer, path: str) -> None:
    directory = site.directories.get(path)
    status = directory.page.status if directory else 404
    # 401 is how UCWA begins.
    if status >= 400 and status != 401:
        raise Failed(f"The remote server returned an error: ({status}).")


def _require_answer(model: Model) -> None:
    if not model.transactions.answers_in_time:
        raise Failed("504, Server time-out", _diagnosis(2, model.pools[0], "See response code and reason phrase."))


def reach_registrar(model: Model, site: WebServer) -> None:
    """Connects to the port of SIP."""
    state = ports_of(model, site.host).get(SIP, "closed")
    endpoint = f"{model.addresses.get(site.host, '192.0.2.1')}:{SIP}"
    if state == "drop":
        raise Failed(f"10060, {_NOT_RESPONDING} {endpoint}", "")
    if state == "closed":
        raise Failed(f"10061, {_REFUSED} {endpoint}", "")


def _unauthorized(site: WebServer, offered: list[str]) -> Failed:
    ways = ",".join(each.partition(" ")[0] for each in offered)
    error = (
        "No response received for Web-Ticket service. Inner Exception:The HTTP request is unauthorized with client "
        f"authentication scheme 'Ntlm'. The authentication header received from the server was '{ways}'. "
        "Inner Exception:The remote server returned an error: (401) Unauthorized."
    )
    headers = {
        "Inner Diagnosis:X-MS-Server-Fqdn": site.fqdn,
        "Cache-Control": "private",
        "Content-Type": "text/html; charset=utf-8",
        "Server": "Microsoft-IIS/8.5",
        "WWW-Authenticate": ways,
        "X-Powered-By": "ASP.NET",
        "X-Content-Type-Options": "nosniff",
        "Date": "Wed, 28 May 2014 19:16:05 GMT",
        "Content-Length": "6305",
    }
    return Failed(error, "\n".join(f"{name} : {value}" for name, value in headers.items()))


def _diagnosis(code: int, source: str, reason: str) -> str:
    return f"ErrorCode={code},Source={source},Reason={reason}"


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
