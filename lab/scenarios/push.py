"""What can keep push notifications from the phones that need them."""

from lab.federation import ImFilterConfiguration
from lab.model import DOMAIN, SITE, Model
from lab.scenarios import Enter, scenario

_NO_NOTIFICATION = "Windows Phones sign in, but show no message that comes while Lync is closed."
_TIMED_OUT = "Whoever writes to a colleague on a Windows Phone is told: 504, server time-out."


def _fault(name: str, title: str, symptom: str, cause: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.push/{cause}")


@_fault("push-proxy-changed", "Push notifications are sent elsewhere", _NO_NOTIFICATION, "proxy-changed")
def push_proxy_changed(model: Model) -> None:
    model.mcx_configurations[0].push_notification_proxy_uri = "sip:push@push.litwareinc.com"


@_fault("push-federation-off", "Federation is off, and push notifications need it", _TIMED_OUT, "federation-off")
def push_federation_off(model: Model) -> None:
    model.federation.access_edge.allow_federated_users = False


@_fault("push-provider-missing", "No hosting provider leads to the push service", _TIMED_OUT, "provider-missing")
def push_provider_missing(model: Model) -> None:
    providers = model.federation.hosting_providers
    providers[:] = [one for one in providers if one.identity != "LyncOnline"]


@_fault("push-provider-disabled", "The hosting provider of push is disabled", _TIMED_OUT, "provider-disabled")
def push_provider_disabled(model: Model) -> None:
    for one in model.federation.hosting_providers:
        one.enabled = one.identity != "LyncOnline"


@_fault("push-domain-not-allowed", "Federation with push.lync.com is not allowed", _TIMED_OUT, "domain-not-allowed")
def push_domain_not_allowed(model: Model) -> None:
    model.federation.allowed_domains.remove("push.lync.com")


@_fault(
    "push-domain-left-to-discovery",
    "push.lync.com is left to partner discovery",
    "Messages reach Windows Phones late, or not at all.",
    "domain-left-to-discovery",
)
def push_domain_left_to_discovery(model: Model) -> None:
    push_domain_not_allowed(model)
    model.federation.access_edge.enable_partner_discovery = True


@_fault("push-record-missing", "The record of federation is not in public DNS", _TIMED_OUT, "srv-missing")
def push_record_missing(model: Model) -> None:
    del model.names["outside"][f"_sipfederationtls._tcp.{DOMAIN}"]


@_fault("push-links-blocked", "The URL filter blocks push notifications", _NO_NOTIFICATION, "filter-blocks")
def push_links_blocked(model: Model) -> None:
    model.im_filter_configurations.append(
        ImFilterConfiguration(f"Site:{SITE}", action="Block", prefixes=["ftp:", "http:", "https:", "www*"])
    )


@scenario(
    "healthy-push-off",
    "mobility",
    "Push notifications were never switched on",
    "Nobody complains: all phones run Lync 2013.",
    None,
)
def healthy_push_off(model: Model) -> None:
    push_domain_not_allowed(model)
    push_provider_missing(model)
    for one in model.push_configurations:
        one.apple = one.microsoft = False
