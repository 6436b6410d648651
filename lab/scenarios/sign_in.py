"""What can be wrong once a phone has found the server: the sign-in, the user's own document, applications of UCWA."""

from lab import web_tickets
from lab.model import (
    AUTODISCOVER,
    DOMAIN,
    OTHER_POOL,
    UCWA_OAUTH,
    WEB,
    WEB_INTERNAL,
    WEB_TICKET,
    Directory,
    Model,
    Name,
    Page,
    Publication,
    WebNames,
)
from lab.scenarios import Enter, scenario

_ACCOUNT = "The phone says: please check your account information and try again."
_UNAVAILABLE = "The phone takes the password, and then says that the server might be unavailable."
_ONE_USER = "Ken Myer cannot sign in on his phone. Everybody else can."
_USER_LINKS = [f"{AUTODISCOVER}/user", f"{AUTODISCOVER}/oauth/user"]
_WEB_2 = f"lyncweb2.{DOMAIN}"


def _fault(step: str, name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.{step}/{answer}", seat)


@_fault("sign-in", "sign-in-refused", "The user's password has expired", _ONE_USER, "refused")
def sign_in_refused(model: Model) -> None:
    web_tickets.refuse(model, "kenmyer")


@_fault(
    "sign-in", "account-of-another-user", "The account belongs to another SIP address", _ONE_USER,
    "account-of-another-user",
)  # fmt: skip
def account_of_another_user(model: Model) -> None:
    model.phones.web_tickets.belongs["kenmyer"] = f"sip:packerman@{DOMAIN}"


@_fault("sign-in", "ticket-pool-stopped", "The web ticket service takes no requests", _ACCOUNT, "ticket-service-down")
def ticket_pool_stopped(model: Model) -> None:
    model.phones.web_tickets.trouble = "stopped"


@_fault("sign-in", "ticket-error", "The web ticket service crashes at each request", _ACCOUNT, "ticket-service-error")
def ticket_error(model: Model) -> None:
    model.phones.web_tickets.trouble = "error"


@_fault(
    "sign-in", "negotiate-alone", "The user's own pool offers Negotiate without NTLM", _ONE_USER, "negotiate-refused",
    seat="outside",
)  # fmt: skip
def negotiate_alone(model: Model) -> None:
    """The user's pool has a web name of its own, which only his document leads to."""
    model.user("kenmyer").pool = OTHER_POOL
    model.web_names[OTHER_POOL] = WebNames(_WEB_2, OTHER_POOL)
    model.names["outside"][_WEB_2] = Name(hosts=["reverse-proxy"])
    model.reverse_proxy.certificate.names.append(_WEB_2)
    model.reverse_proxy.publications.insert(0, Publication(to="other-pool", names=[_WEB_2]))
    for site in model.web_servers_of(OTHER_POOL, "external"):
        site.directories[WEB_TICKET].challenges = ["Negotiate"]
        site.directories[WEB_TICKET].refuses = True


@_fault("sign-in", "passwords-not-taken", "The web ticket service takes no passwords", _ACCOUNT, "method-disabled")
def passwords_not_taken(model: Model) -> None:
    model.phones.web_tickets.ports = ["WebTicketServiceCert"]
    model.phones.web_tickets.grants = ["urn:microsoft.rtc:anonmeeting"]


@_fault(
    "sign-in", "oauth-refused", "OAuth refuses a user whom the web ticket service lets in",
    "Lync 2010 Mobile signs in, and the newer app asks for the password again.", "one-way-only",
)  # fmt: skip
def oauth_refused(model: Model) -> None:
    model.phones.web_tickets.refuses.add("kenmyer")


@_fault(
    "sign-in", "no-way-named", "Something strips what the user link says about signing in", _ACCOUNT, "no-way-named"
)
def no_way_named(model: Model) -> None:
    for path in _USER_LINKS:
        model.external_site.directories[path] = Directory(Page(401))


@_fault(
    "user-document", "home-pool-unknown", "The server does not know where the user is homed", _ONE_USER, "user-unknown"
)
def home_pool_unknown(model: Model) -> None:
    model.phones.user_documents.unknown.add(model.user("kenmyer").sip)


@_fault("user-document", "sent-in-a-circle", "Autodiscover sends the phone in a circle", _UNAVAILABLE, "redirect-loop")
def sent_in_a_circle(model: Model) -> None:
    model.phones.user_documents.sends_to = f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root"


@_fault(
    "user-document", "ticket-of-another-pool", "The web ticket service of another pool is published", _UNAVAILABLE,
    "ticket-not-accepted",
)  # fmt: skip
def ticket_of_another_pool(model: Model) -> None:
    model.reverse_proxy.publications.insert(0, Publication(to="other-pool", paths=["/webticket"]))


@_fault("user-document", "document-empty", "The user's document names nothing", _UNAVAILABLE, "document-error")
def document_empty(model: Model) -> None:
    sides = ("Autodiscover", "AuthBroker", "WebScheduler", "Mcx", "Ucwa", "XFrame")
    model.phones.user_documents.without = {
        *("Self", "Ucwa", "XFrame", "SipClientInternalAccess", "SipClientExternalAccess"),
        *(f"{side}/{name}" for side in ("Internal", "External") for name in sides),
    }


@_fault(
    "user-document", "user-link-internal", "The rule for the user's document leads to the internal web site",
    "It works on Wi-Fi and fails on 3G.", "access-location-internal", seat="outside",
)  # fmt: skip
def user_link_internal(model: Model) -> None:
    model.reverse_proxy.publications.insert(0, Publication(paths=_USER_LINKS, https_to=443))


@_fault(
    "user-document", "document-without-ucwa", "UCWA is not installed for Autodiscover", _UNAVAILABLE, "ucwa-missing"
)
def document_without_ucwa(model: Model) -> None:
    model.phones.user_documents.without = {"Ucwa", "Internal/Ucwa", "External/Ucwa"}


@_fault("user-document", "mcx-link-internal", "A mobility link is the internal name", "It works on Wi-Fi and fails on 3G.",
        "internal-link")  # fmt: skip
def mcx_link_internal(model: Model) -> None:
    model.phones.user_documents.links["External/Mcx"] = f"https://{WEB_INTERNAL}/Mcx/McxService.svc"


@_fault("user-document", "ucwa-link-elsewhere", "The link to UCWA is another server's", _UNAVAILABLE, "other-host")
def ucwa_link_elsewhere(model: Model) -> None:
    model.phones.user_documents.links["Ucwa"] = f"https://{_WEB_2}/ucwa/v1/applications"


@_fault(
    "user-document", "ucwa-link-not-known", "The link to UCWA is another name than the one that is known", _UNAVAILABLE,
    "unknown-host", seat="outside",
)  # fmt: skip
def ucwa_link_not_known(model: Model) -> None:
    """It works all the same, so nothing but the name is odd."""
    model.names["outside"][_WEB_2] = Name(hosts=["reverse-proxy"])
    model.reverse_proxy.certificate.names.append(_WEB_2)
    model.phones.user_documents.links["Ucwa"] = f"https://{_WEB_2}/ucwa/v1/applications"


@_fault("user-document", "document-without-mcx", "The user's document does not name Mcx",
        "Lync 2010 Mobile cannot sign in; newer phones can.", "mcx-missing")  # fmt: skip
def document_without_mcx(model: Model) -> None:
    model.phones.user_documents.without = {"Internal/Mcx", "External/Mcx"}


@_fault("user-document", "user-link-open", "The user link answers without a sign-in", _ACCOUNT, "not-asked")
def user_link_open(model: Model) -> None:
    model.external_site.directories[_USER_LINKS[0]] = Directory(Page(body="<html><body>OK</body></html>"))


@_fault("user-document", "document-without-edge", "The user's document does not name the Access Edge",
        "Calls from outside fail; signing in works.", "no-external-access")  # fmt: skip
def document_without_edge(model: Model) -> None:
    model.phones.user_documents.without = {"SipClientExternalAccess"}


@_fault("ucwa", "ucwa-no-longer-allowed", "UCWA says that the user may not use mobile applications", _ONE_USER,
        "mobility-not-allowed")  # fmt: skip
def ucwa_no_longer_allowed(model: Model) -> None:
    model.phones.ucwa.refuses, model.phones.ucwa.subcode = 403, "MobileApplicationNoLongerAllowed"


@_fault("ucwa", "ucwa-refused", "UCWA refuses whoever has signed in", _UNAVAILABLE, "refused")
def ucwa_refused(model: Model) -> None:
    model.phones.ucwa.refuses, model.phones.ucwa.subcode = 403, "UserAgentNotAllowed"


@_fault("ucwa", "ucwa-not-installed", "There is no UCWA where the document leads", _UNAVAILABLE, "not-installed")
def ucwa_not_installed(model: Model) -> None:
    model.phones.ucwa.refuses = 404


@_fault("ucwa", "ucwa-failing", "UCWA fails to create applications", _UNAVAILABLE, "server-error")
def ucwa_failing(model: Model) -> None:
    model.phones.ucwa.refuses, model.phones.ucwa.subcode = 500, "ServiceFailure"


@_fault(
    "ucwa",
    "ucwa-silent",
    "UCWA never answers",
    "The phone takes the password, turns its wheel for a minute, then gives up.",
    "silent",
)
def ucwa_silent(model: Model) -> None:
    model.external_site.directories[UCWA_OAUTH].hangs = True


@_fault("ucwa", "ucwa-not-deleted", "Applications of UCWA cannot be deleted", "Phones that sign in and out often are refused after a while.",
        "not-deleted")  # fmt: skip
def ucwa_not_deleted(model: Model) -> None:
    model.phones.ucwa.keeps = True


@_fault("ucwa", "ucwa-too-many", "UCWA creates no further application", _ONE_USER, "unexpected")
def ucwa_too_many(model: Model) -> None:
    model.phones.ucwa.refuses, model.phones.ucwa.subcode = 409, "TooManyApplications"


@scenario(
    "healthy-passive",
    "mobility",
    "Users sign in through AD FS",
    "Nobody complains: the phone shows a sign-in page of the company.",
    None,
)
def healthy_passive(model: Model) -> None:
    for configuration in model.web_service_configurations:
        configuration.use_ws_fed_passive_auth = True
