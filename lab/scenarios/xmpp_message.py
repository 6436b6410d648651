"""What Test-CsXmppIM comes to where every setting is right: most of it says nothing of XMPP."""

from lab.listening import SIP
from lab.model import Model
from lab.scenarios import Enter, scenario

_ALARM = "Monitoring reports that Test-CsXmppIM fails. Users do not complain."
_NO_MESSAGES = "What is written to fabrikam.com never arrives. Everything here looks right."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.test-message/{answer}", "front-end")


@_fault("xmpp-message-lost", "The partner's server is down, as seen from a Front End", _NO_MESSAGES, "not-delivered")
def xmpp_message_lost(model: Model) -> None:
    model.xmpp.partner.port = "closed"


@_fault(
    "xmpp-message-registrar-dropped",
    "A firewall drops what goes to the registrar's port",
    _ALARM,
    "registrar-unreachable",
)
def xmpp_message_registrar_dropped(model: Model) -> None:
    model.listening["pool"] = {SIP: "drop"}


@_fault("xmpp-message-registrar-refused", "Nothing listens at the registrar's port", _ALARM, "registrar-unreachable")
def xmpp_message_registrar_refused(model: Model) -> None:
    model.listening["pool"] = {SIP: "closed"}


@_fault("xmpp-message-pool-unknown", "The server's copy of the topology lacks the pool", _ALARM, "wrong-target")
def xmpp_message_pool_unknown(model: Model) -> None:
    model.transactions.knows_pool = False


@_fault("xmpp-message-name-missing", "The server itself finds no address for its pool", _ALARM, "name-missing")
def xmpp_message_name_missing(model: Model) -> None:
    model.transactions.resolves = False


@_fault("xmpp-message-parameter", "The test does not take one of its parameters", _ALARM, "bad-parameter")
def xmpp_message_parameter(model: Model) -> None:
    model.xmpp.test.refused_parameter = "UserSipAddress"


@_fault("xmpp-message-password-changed", "The test user's password is no longer what it was", _ALARM, "credentials")
def xmpp_message_password_changed(model: Model) -> None:
    model.transactions.password_changed.add("kenmyer")


@_fault(
    "xmpp-message-other-account", "An account is typed that belongs to another SIP address", _ALARM, "other-account"
)
def xmpp_message_other_account(model: Model) -> None:
    model.transactions.typed[model.user("kenmyer").sip] = "litwareinc\\pilar"


@_fault("xmpp-message-gateway-fails", "The XMPP gateway does not pass messages on", _NO_MESSAGES, "not-delivered")
def xmpp_message_gateway_fails(model: Model) -> None:
    model.xmpp.test.error = "500, Server Internal Error"
