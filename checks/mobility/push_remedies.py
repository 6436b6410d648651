"""What mends a fault of push notifications and of the federation that carries them."""

from typing import Any

from checks.model import Remedy

PROXY_URI = "sip:push@push.lync.com"
PROVIDER = "sipfed.online.lync.com"
DOMAIN = "push.lync.com"

_SERVER_ADMINISTRATOR = "member of RTCUniversalServerAdmins, or CsAdministrator"
_VERIFY = "check again (r); then run Test-CsMcxPushNotification as under By hand"


def _command(cmdlet: str, parameters: dict[str, Any], risk: str) -> Remedy:
    return Remedy(cmdlet=cmdlet, parameters=parameters, who=_SERVER_ADMINISTRATOR, risk=risk, verify=_VERIFY)


def send_to_the_push_service(identity: str) -> Remedy:
    """For the Mcx configuration of that identity."""
    return _command(
        "Set-CsMcxConfiguration",
        {"Identity": identity, "PushNotificationProxyUri": PROXY_URI},
        "none beyond push notifications",
    )


def allow_federation() -> Remedy:
    return _command(
        "Set-CsAccessEdgeConfiguration",
        {"AllowFederatedUsers": True},
        "opens federation with every allowed domain, not with the push service alone: ask first whether it is off on "
        "purpose",
    )


def add_provider() -> Remedy:
    return _command(
        "New-CsHostingProvider",
        {
            "Identity": "LyncOnline",
            "ProxyFqdn": PROVIDER,
            "Enabled": True,
            "VerificationLevel": "UseSourceVerification",
        },
        "federates with whom Microsoft hosts there, as far as the allowed domains and partner discovery let it",
    )


def enable_provider(identity: str) -> Remedy:
    return _command(
        "Set-CsHostingProvider",
        {"Identity": identity, "Enabled": True},
        "federates with whom Microsoft hosts there: ask first whether it was disabled on purpose",
    )


def allow_domain() -> Remedy:
    return _command("New-CsAllowedDomain", {"Identity": DOMAIN}, "none beyond push notifications")


def publish_record(domain: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS of {domain}, add the SRV record _sipfederationtls._tcp.{domain} with port 5061 and, as "
        "its target, the external name of the Access Edge service.",
        who="whoever runs the public DNS",
        risk="federated partners find this deployment by the same record",
        verify=f"Resolve-DnsName _sipfederationtls._tcp.{domain} -Type SRV, asked outside; then check again (r)",
    )


def let_links_through(identity: str, prefixes: tuple[str, ...]) -> Remedy:
    """Takes the prefixes that block push notifications out of the filter of that identity."""
    return _command(
        "Set-CsImFilterConfiguration",
        {"Identity": identity, "Prefixes": {"Remove": list(prefixes)}},
        "people can send each other such links again",
    )
