"""What can be wrong with the users, their mobility policies and the sign-in that the web services offer."""

from lab.model import (
    OTHER_POOL,
    POOL,
    SITE,
    WEB_TICKET,
    Directory,
    MobilityPolicy,
    Model,
    Page,
    WebServiceConfiguration,
)
from lab.scenarios import Enter, scenario

_ONE_USER = "Ken Myer cannot sign in on his phone. Everybody else can."
_REFUSED_SIGN_IN = "Phones say: please check your account information and try again."


def _fault(name: str, title: str, symptom: str, cause: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.{cause}")


def _harmless(name: str, title: str, symptom: str) -> Enter:
    return scenario(name, "mobility", title, symptom, None)


@_fault("user-not-enabled", "A user's Lync account is disabled", _ONE_USER, "user-enabled/not-enabled")
def user_not_enabled(model: Model) -> None:
    model.user("kenmyer").enabled = False


@_fault(
    "no-such-user",
    "A user has no Lync account",
    "Pilar Ackerman cannot sign in on her phone. Ken Myer can.",
    "user-enabled/no-such-user",
)
def no_such_user(model: Model) -> None:
    model.users.remove(model.user("pilar"))


@_fault(
    "user-on-other-pool",
    "A user is homed on another pool",
    "Pilar Ackerman's phone is slow to sign in.",
    "user-enabled/other-pool",
)
def user_on_other_pool(model: Model) -> None:
    model.user("pilar").pool = OTHER_POOL


@_fault("user-without-pool", "A user has no registrar pool", _ONE_USER, "user-enabled/no-registrar-pool")
def user_without_pool(model: Model) -> None:
    model.user("kenmyer").pool = None


@_fault("user-homed-online", "A user is homed in the cloud", _ONE_USER, "user-enabled/homed-online")
def user_homed_online(model: Model) -> None:
    user = model.user("kenmyer")
    user.pool, user.hosting_provider = None, "sipfed.online.lync.com"


@_fault(
    "upn-differs",
    "A user's UPN is not the SIP address",
    "Ken Myer signs in only if he also fills in a user name.",
    "user-enabled/upn-differs",
)
def upn_differs(model: Model) -> None:
    model.user("kenmyer").upn = "kmyer@corp.litwareinc.com"
    model.transactions.typed["sip:kenmyer@litwareinc.com"] = "litwareinc\\kenmyer"


@_fault("policy-disabled-for-user", "A user's own policy forbids mobility", _ONE_USER, "policy/disabled-for-user")
def policy_disabled_for_user(model: Model) -> None:
    model.mobility_policy("Tag:RedmondMobilityPolicy").enable_mobility = False


@_fault(
    "policy-disabled-for-site",
    "The site's policy forbids mobility",
    "Nobody in Redmond without a policy of their own signs in on a phone.",
    "policy/disabled-for-site",
)
def policy_disabled_for_site(model: Model) -> None:
    model.mobility_policies.append(MobilityPolicy(f"Site:{SITE}", enable_mobility=False))


@_fault(
    "policy-disabled-globally",
    "The global policy forbids mobility",
    "Hardly anybody signs in on a phone; Ken Myer does.",
    "policy/disabled-globally",
)
def policy_disabled_globally(model: Model) -> None:
    model.mobility_policy("Global").enable_mobility = False


@_fault(
    "policy-missing",
    "A user's policy was deleted while still assigned",
    "What was set up for Ken Myer's phone alone is gone since last week's clean-up.",
    "policy/policy-missing",
)
def policy_missing(model: Model) -> None:
    model.mobility_policies.remove(model.mobility_policy("Tag:RedmondMobilityPolicy"))


@_fault("sign-in-nothing-enabled", "No way to sign in is enabled", _REFUSED_SIGN_IN, "windows-auth/nothing-enabled")
def sign_in_nothing_enabled(model: Model) -> None:
    model.web_service_configurations = [
        WebServiceConfiguration(
            "Global",
            use_windows_auth="None",
            use_certificate_auth=False,
            use_pin_auth=False,
            use_ws_fed_passive_auth=False,
            allow_external_authentication=False,
        )
    ]
    _challenge(model, [])


@_fault(
    "ntlm-missing",
    "IIS does not offer NTLM",
    "Phones outside cannot sign in; computers of the domain can.",
    "windows-auth/ntlm-missing",
)
def ntlm_missing(model: Model) -> None:
    _challenge(model, ["Negotiate"])


@_fault(
    "negotiate-missing",
    "IIS does not offer Negotiate",
    "Some computers are asked for a password that were never asked before; phones sign in.",
    "windows-auth/negotiate-missing",
)
def negotiate_missing(model: Model) -> None:
    _challenge(model, ["NTLM"])


@_fault(
    "no-challenge",
    "Windows authentication is off on the external web site",
    "iPhones fail to sign in, Android phones do not.",
    "windows-auth/no-challenge",
)
def no_challenge(model: Model) -> None:
    _challenge(model, [])


@_fault(
    "sign-in-not-asked", "The Web Ticket service asks nobody to sign in", _REFUSED_SIGN_IN, "windows-auth/not-asked"
)
def sign_in_not_asked(model: Model) -> None:
    _web_ticket(model).challenges = None


@_fault(
    "web-ticket-silent",
    "The Web Ticket service never answers",
    "Signing in on the phone turns its wheel for a minute, then gives up.",
    "windows-auth/service-silent",
)
def web_ticket_silent(model: Model) -> None:
    _web_ticket(model).hangs = True


@_fault("web-ticket-stopped", "The Web Ticket service is stopped", _REFUSED_SIGN_IN, "windows-auth/service-error")
def web_ticket_stopped(model: Model) -> None:
    model.external_site.directories[WEB_TICKET] = Directory(
        Page(
            503,
            "<html><body><h2>Service Unavailable</h2></body></html>",
            [("Server", "Microsoft-HTTPAPI/2.0")],
            from_lync=False,
        )
    )


@_harmless(
    "healthy-windows-auth-off",
    "Windows authentication is off on purpose",
    "Nobody complains: everybody signs in by certificate.",
)
def healthy_windows_auth_off(model: Model) -> None:
    model.web_service_configurations = [WebServiceConfiguration("Global", use_windows_auth="None")]
    _challenge(model, ['Bearer trusted_issuers="", client_id="00000004-0000-0ff1-ce00-000000000000"'])


@_harmless(
    "healthy-service-scope",
    "The pool's own settings win over the global ones",
    "Nobody complains, though the global settings look bad.",
)
def healthy_service_scope(model: Model) -> None:
    sign_in_nothing_enabled(model)
    model.web_service_configurations.append(WebServiceConfiguration(f"Service:WebServer:{POOL}"))
    _challenge(model, ["Negotiate", "NTLM"])


@_fault(
    "sign-in-nothing-enabled-for-pool",
    "No way to sign in is enabled in the pool's own settings, and the global ones are well",
    "Since this morning nobody of this pool signs in on a phone. Colleagues of the other pool do.",
    "windows-auth/nothing-enabled",
)
def sign_in_nothing_enabled_for_pool(model: Model) -> None:
    [as_installed] = model.web_service_configurations
    sign_in_nothing_enabled(model)
    [nothing_enabled] = model.web_service_configurations
    nothing_enabled.identity = f"Service:WebServer:{POOL}"
    model.web_service_configurations = [as_installed, nothing_enabled]


def _web_ticket(model: Model) -> Directory:
    return model.external_site.directories[WEB_TICKET]


def _challenge(model: Model, challenges: list[str]) -> None:
    for server in model.web_servers:
        server.directories[WEB_TICKET].challenges = list(challenges)
