"""What can be wrong with the times that the servers keep connections and sessions for."""

from lab.federation import McxConfiguration
from lab.model import POOL, SITE, SKYPE_2015, Model, WebServiceConfiguration
from lab.scenarios import Enter, scenario

_RECONNECTING = "Phones say “Reconnecting” every few minutes."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.timeouts/{answer}")


@_fault(
    "pending-get-too-long",
    "The site lets phones wait for an hour, longer than any device on the way",
    _RECONNECTING,
    "pending-get-out-of-range",
)
def pending_get_too_long(model: Model) -> None:
    model.product = SKYPE_2015
    configuration = WebServiceConfiguration(f"Site:{SITE}", pending_get_minutes=60)
    model.web_service_configurations.append(configuration)


@_fault(
    "sessions-inverted",
    "The long session of Mcx is shorter than the short one",
    "Phones of Lync 2010 sign in again and again.",
    "sessions-inverted",
)
def sessions_inverted(model: Model) -> None:
    configuration = model.mcx_configurations[0]
    configuration.session_expiration, configuration.session_short_expiration = 3600, 259200


@_fault(
    "sessions-too-short",
    "The pool ends sessions of Mcx after a minute",
    _RECONNECTING,
    "sessions-too-short",
)
def sessions_too_short(model: Model) -> None:
    configuration = McxConfiguration(f"Service:WebServer:{POOL}", session_short_expiration=60)
    model.mcx_configurations.append(configuration)
