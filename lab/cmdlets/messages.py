"""Test-CsXmppIM, which writes to a partner's user, and the test users that a pool has of its own."""

from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError
from lab.cmdlets.stages import Failed, person_of, reach_registrar, register, site_of
from lab.cmdlets.synthetic import transaction
from lab.cmdlets.users import effective_external_access_policy
from lab.listening import XMPP_PORT, ports_of
from lab.model import Model, User

_TEST = "Test-CsXmppIM"
_SENDER = "UserSipAddress"
_TIME_OUT = "504, Server time-out"
_NOT_FOUND = "404, Not Found"


def _write_to_partner(model: Model, arguments: Arguments) -> None:
    """The user registers, and a message goes by the XMPP gateway and the Edge to the partner's server."""
    if name := model.xmpp.test.refused_parameter:
        raise CmdletError(
            f"Cannot validate argument on parameter '{name}'. The value is not one that this test takes.",
            f"ParameterArgumentValidationError,Microsoft.Rtc.Management.SyntheticTransactions.{_TEST.replace('-', '')}Cmdlet",
            category="InvalidData",
            exception="System.Management.Automation.ParameterBindingException",
            activity=_TEST,
            terminates=True,
        )
    site = site_of(model, arguments)
    reach_registrar(model, site)
    register(model, arguments, _SENDER, site)
    sender = person_of(model, str(arguments[_SENDER.lower()]))
    domain = str(arguments["receiver"]).rpartition("@")[2].lower()
    error = model.xmpp.test.error or _refusal(model, sender, domain) or _break_on_the_way(model, domain)
    if error:
        raise Failed(error)


def _refusal(model: Model, sender: User | None, domain: str) -> str:
    """What the deployment itself says to the message; empty where it lets it pass. The product's own words are not known."""
    name = effective_external_access_policy(model, sender) if sender else "Global"
    policies = {policy.identity.removeprefix("Tag:"): policy for policy in model.calling.external_access_policies}
    policy = policies[name]
    allowed = policy.enable_federation_access and policy.enable_xmpp_access
    if not allowed or not model.federation.access_edge.allow_federated_users:
        return "403, Forbidden"
    known = {name for one in model.xmpp.allowed_partners for name in (one.domain, *one.additional_domains)}
    return "" if domain in known else _NOT_FOUND


def _break_on_the_way(model: Model, domain: str) -> str:
    """Where the message is lost between the Front End and the partner; empty where it arrives."""
    xmpp = model.xmpp
    if not any(xmpp.routes.values()):
        return _NOT_FOUND
    if xmpp.gateway_service in {"Stopped", "absent"} or xmpp.edge_service != "Running":
        return _TIME_OUT
    servers = [server for server in xmpp.servers if domain in server.domains]
    reached = any(ports_of(model, server.host).get(XMPP_PORT) == "open" for server in servers)
    return "" if reached else _TIME_OUT


def get_health_monitoring(model: Model, arguments: Arguments) -> list[Any]:
    """The test users of all pools."""
    return [_monitoring(model, pool, users) for pool, users in model.transactions.test_users.items()]


def _monitoring(model: Model, pool: str, users: tuple[str, str]) -> Any:
    first, second = users
    properties = {
        "Identity": pool,
        "FirstTestUserSipUri": first,
        "FirstTestSamAccountName": _account(model, first),
        "SecondTestUserSipUri": second,
        "SecondTestSamAccountName": _account(model, second),
        "TargetFqdn": pool,
    }
    return clixml.lync_object("WritableConfig.Settings.HealthMonitoring.HealthMonitoringSettings", properties, pool)


def _account(model: Model, sip: str) -> str | None:
    person = person_of(model, sip)
    return f"LITWAREINC\\{person.sam}" if person else None


CMDLETS = (
    transaction(_TEST, (_SENDER,), _write_to_partner, demands=("Receiver",), without_users=True),
    Cmdlet("Get-CsHealthMonitoringConfiguration", ("Identity", "Filter"), get_health_monitoring),
)
