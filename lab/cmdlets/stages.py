"""What a test of the server goes through at a pool: its name, a web ticket, the registrar, the users in the pool's database."""

from email.utils import format_datetime

from lab.cmdlets.binding import Arguments, Credential
from lab.listening import SIP, ports_of
from lab.model import WEB_TICKET, Model, User, WebServer
from lab.signin import Refused

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


def signed_in(model: Model, arguments: Arguments, user: str, site: WebServer) -> User | None:
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
        raise _unauthorized(model, site, offered)
    account = _account(model, credential)
    if account is None:
        raise _unauthorized(model, site, offered)
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
        raise Failed("504, Server time-out", diagnosis_of(2, site.fqdn, "See response code and reason phrase."))
    if trouble == "failing":
        raise Failed("500, Server Internal Error", "")
    person = person_of(model, sip)
    if person is None:
        raise Failed("404, Not Found", diagnosis_of(1003, site.fqdn, "User does not exist"))
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


def require_user(model: Model, person: User | None) -> None:
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
            diagnosis_of(4005, model.pools[0], "Destination URI either not enabled for SIP or does not exist."),
        )
    return person


def require_directory(site: WebServer, path: str) -> None:
    directory = site.directories.get(path)
    status = directory.page.status if directory else 404
    # 401 is how UCWA begins.
    if status >= 400 and status != 401:
        raise Failed(f"The remote server returned an error: ({status}).")


def require_answer(model: Model) -> None:
    if not model.transactions.answers_in_time:
        raise Failed("504, Server time-out", diagnosis_of(2, model.pools[0], "See response code and reason phrase."))


def reach_registrar(model: Model, site: WebServer) -> None:
    """Connects to the port of SIP."""
    state = ports_of(model, site.host).get(SIP, "closed")
    endpoint = f"{model.addresses.get(site.host, '192.0.2.1')}:{SIP}"
    if state == "drop":
        raise Failed(f"10060, {_NOT_RESPONDING} {endpoint}", "")
    if state == "closed":
        raise Failed(f"10061, {_REFUSED} {endpoint}", "")


def _unauthorized(model: Model, site: WebServer, offered: list[str]) -> Failed:
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
        "Date": format_datetime(model.last_evening, usegmt=True),
        "Content-Length": "6305",
    }
    return Failed(error, "\n".join(f"{name} : {value}" for name, value in headers.items()))


def diagnosis_of(code: int, source: str, reason: str) -> str:
    return f"ErrorCode={code},Source={source},Reason={reason}"
