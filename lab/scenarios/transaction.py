"""What the server's own tests meet: they run on the server itself, so none of this is seen from elsewhere."""

from lab import scenarios
from lab.listening import SIP
from lab.model import WEB_TICKET, Model
from lab.scenarios import Enter, scenario

_ONE_USER = "Pilar Ackerman cannot sign in on her phone. Ken Myer can."
_BY_HAND = "Phones fail now and then; the administrator's own test fails every time."


def _fault(name: str, title: str, symptom: str, cause: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.{cause}")


def _test(name: str, title: str, symptom: str, answer: str) -> Enter:
    return _fault(name, title, symptom, f"test-transaction/{answer}")


def _registrar(name: str, title: str, symptom: str, answer: str) -> Enter:
    return _fault(name, title, symptom, f"registrar/{answer}")


@_test("test-other-account", "An account is typed that belongs to another SIP address", _ONE_USER, "other-account")
def test_other_account(model: Model) -> None:
    model.transactions.typed[model.user("pilar").sip] = "litwareinc\\kenmyer"


@_test("test-password-changed", "The second user's password is no longer what it was", _ONE_USER, "credentials")
def test_password_changed(model: Model) -> None:
    model.transactions.password_changed.add("pilar")


@_test("test-negotiate-alone", "Inside the pool the web ticket service offers no NTLM", _BY_HAND, "schemes-differ")
def test_negotiate_alone(model: Model) -> None:
    model.web_server("pool").directories[WEB_TICKET].challenges = ["Negotiate"]


@_test("test-ticket-silent", "The server does not reach its own web ticket service", _BY_HAND, "web-ticket-silent")
def test_ticket_silent(model: Model) -> None:
    model.transactions.reaches_web = False


@_test("test-user-not-replicated", "The pool does not know a new user yet", _ONE_USER, "user-not-enabled")
def test_user_not_replicated(model: Model) -> None:
    model.transactions.not_replicated.add("pilar")


@_test("test-name-missing", "The server itself finds no address for its pool", _BY_HAND, "dns-missing")
def test_name_missing(model: Model) -> None:
    model.transactions.resolves = False


@_test(
    "test-registrar-dropped", "A firewall drops what goes to the registrar's port", _BY_HAND, "registrar-unreachable"
)
def test_registrar_dropped(model: Model) -> None:
    model.listening["pool"] = {SIP: "drop"}


@_test("test-time-out", "The Mobility service waits in vain for another server", _BY_HAND, "failed-otherwise")
def test_time_out(model: Model) -> None:
    model.transactions.answers_in_time = False


@_test("test-pool-unknown", "The server's copy of the topology lacks the pool", _BY_HAND, "wrong-target")
def test_pool_unknown(model: Model) -> None:
    model.transactions.knows_pool = False


@_registrar("registrar-kerberos-alone", "The registrar takes Kerberos alone", _BY_HAND, "refused")
def registrar_kerberos_alone(model: Model) -> None:
    model.transactions.registrar = "kerberos-only"


@_registrar("registrar-closed-2019", "On 2019 nothing listens on the registrar's port", _BY_HAND, "unreachable")
def registrar_closed_2019(model: Model) -> None:
    scenarios.get("healthy-2019").change(model)
    model.listening["pool"] = {SIP: "closed"}


@_registrar("registrar-time-out", "The registrar waits in vain for another server", _BY_HAND, "time-out")
def registrar_time_out(model: Model) -> None:
    model.transactions.registrar = "time-out"


@_registrar("registrar-failing", "The registrar answers everybody with an error", _BY_HAND, "failed-otherwise")
def registrar_failing(model: Model) -> None:
    model.transactions.registrar = "failing"


@_registrar("registrar-message-lost", "Users register, and no message passes between them", _BY_HAND, "message-lost")
def registrar_message_lost(model: Model) -> None:
    model.transactions.messages = False
