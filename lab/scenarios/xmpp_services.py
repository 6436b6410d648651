"""What can be wrong with the version, the rights, the two services of XMPP, and in what they write into the event log."""

from lab.model import DOMAIN, EDGE, OTHER_POOL, POOL, LoggedEvent, Model, Trouble
from lab.pools import two_front_ends
from lab.scenarios import Enter, scenario

_NO_PRESENCE = "Contacts at fabrikam.com show no presence, and messages to them fail."
_MOVED = "Since his account was moved, Ken Myer has lost his contacts at fabrikam.com. Everybody else has them."
_BLIND = "Contacts at fabrikam.com show no presence, and hardly a command says why."
_NOW_AND_THEN = "Messages to fabrikam.com fail now and then. Nobody knows since when."
_SKYPE_2019 = "7.0.2046.0"
_APPLIANCE = f"branch01.{DOMAIN}"
_PROXY = "LS XMPP Translating Gateway Proxy"


def _fault(name: str, title: str, symptom: str, cause: str, seat: str = "") -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.{cause}", seat)


# Rights.


@_fault(
    "xmpp-role-too-small",
    "The account's only role manages users, and knows no server",
    _BLIND,
    "permissions/not-offered",
    "front-end",
)
def xmpp_role_too_small(model: Model) -> None:
    model.shell.roles = ["CsUserAdministrator"]


@_fault(
    "xmpp-account-without-rights",
    "The account may not read the Central Management store",
    _BLIND,
    "permissions/no-rights",
    "front-end",
)
def xmpp_account_without_rights(model: Model) -> None:
    store = Trouble(refusal='Cannot open database "xds" requested by the login. The login failed.')
    model.shell.trouble |= dict.fromkeys(("get-cssite", "get-csservice", "get-csaccessedgeconfiguration"), store)


@_fault(
    "xmpp-no-administrator-of-the-edge",
    "The account may sign in to the Edge, and is no administrator there",
    _BLIND,
    "permissions/edge-no-rights",
)
def xmpp_no_administrator_of_the_edge(model: Model) -> None:
    model.edge_shell.trouble["get-csservice"] = Trouble(refusal="Requested registry access is not allowed.")


# The version.


@_fault("xmpp-user-on-2019", "The user was moved to a pool of 2019", _MOVED, "product/pool-without-xmpp", "front-end")
def xmpp_user_on_2019(model: Model) -> None:
    model.computer(OTHER_POOL).version = _SKYPE_2019
    for user in model.users:
        user.pool = OTHER_POOL


@_fault(
    "xmpp-edge-on-2019",
    "The only Edge was replaced by one of 2019",
    "Since the weekend nobody reaches fabrikam.com.",
    "product/edge-without-xmpp",
    "front-end",
)
def xmpp_edge_on_2019(model: Model) -> None:
    model.computer(EDGE).version = _SKYPE_2019
    model.xmpp.edge_service = "absent"
    model.edge_listeners = []


@_fault(
    "xmpp-user-on-branch-appliance",
    "The user is homed on a branch appliance",
    _MOVED,
    "product/branch-appliance",
    "front-end",
)
def xmpp_user_on_branch_appliance(model: Model) -> None:
    model.branch_appliances.append(_APPLIANCE)
    for user in model.users:
        user.pool = _APPLIANCE


# The services.


@_fault("xmpp-proxy-stopped", "The XMPP proxy is stopped on the Edge", _NO_PRESENCE, "services/proxy-stopped")
def xmpp_proxy_stopped(model: Model) -> None:
    model.xmpp.edge_service = "Stopped"
    model.edge_listeners = []


@_fault("xmpp-proxy-disabled", "Somebody disabled the XMPP proxy", _NO_PRESENCE, "services/proxy-disabled")
def xmpp_proxy_disabled(model: Model) -> None:
    model.xmpp.edge_service = "disabled"
    model.edge_listeners = []


@_fault("xmpp-proxy-starting", "The XMPP proxy does not finish its start", _NO_PRESENCE, "services/proxy-starting")
def xmpp_proxy_starting(model: Model) -> None:
    model.xmpp.edge_service = "StartPending"
    model.edge_listeners = []


@_fault("xmpp-proxy-absent", "Setup was not run on the Edge", _NO_PRESENCE, "services/proxy-absent")
def xmpp_proxy_absent(model: Model) -> None:
    model.xmpp.edge_service = "absent"
    model.edge_listeners = []


@_fault(
    "xmpp-gateway-stopped",
    "The XMPP gateway is stopped on one of two Front Ends",
    "Some users reach fabrikam.com, and some do not.",
    "services/gateway-stopped",
    "front-end",
)
def xmpp_gateway_stopped(model: Model) -> None:
    _, second = two_front_ends(model)
    second.standing_still["RTCXMPPTGW"] = "Stopped"


@_fault(
    "xmpp-gateway-starting",
    "The XMPP gateway does not finish its start",
    _NO_PRESENCE,
    "services/gateway-starting",
    "front-end",
)
def xmpp_gateway_starting(model: Model) -> None:
    model.computer(POOL).standing_still["RTCXMPPTGW"] = "StartPending"


@_fault(
    "xmpp-gateway-absent",
    "Setup was not run on the Front Ends",
    _NO_PRESENCE,
    "services/gateway-absent",
    "front-end",
)
def xmpp_gateway_absent(model: Model) -> None:
    model.xmpp.gateway_service = "absent"


# The event log. Numbers and words are invented: no document has them.


@_fault("xmpp-event-with-a-hint", "The event log names a certificate", _NOW_AND_THEN, "events/errors-with-a-hint")
def xmpp_event_with_a_hint(model: Model) -> None:
    message = "A stream to fabrikam.com was closed. The certificate of the remote server could not be validated."
    model.xmpp.edge_events += [LoggedEvent(_PROXY, 2, message, 64001, hours) for hours in (0.5, 3.0)]


@_fault("xmpp-event-to-read", "The event log has an error that says little", _NOW_AND_THEN, "events/errors-to-read")
def xmpp_event_to_read(model: Model) -> None:
    model.xmpp.edge_events.append(LoggedEvent(_PROXY, 2, "An internal operation did not complete.", 64002, 2.0))


@scenario(
    "healthy-xmpp-harmless-events", "xmpp", "The event log has old errors and a warning", "Nobody complains.", None
)
def xmpp_harmless_events(model: Model) -> None:
    model.xmpp.edge_events += [
        LoggedEvent(_PROXY, 3, "A stream to fabrikam.com was closed by the remote server.", 64003, 1.0),
        LoggedEvent(_PROXY, 2, "The certificate could not be loaded.", 64004, 300.0),
        LoggedEvent("LS Protocol Stack", 2, "Over the past 15 minutes there were TLS failures.", 14428, 2.0),
    ]
