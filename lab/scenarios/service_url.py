"""What can be wrong between a client and the Mobility service: names, ports, certificates, answers."""

from lab.model import DOMAIN, MCX, VIEWS, WEB, Directory, Middlebox, Model, Name, Page
from lab.scenarios import Enter, scenario

_STEP = "mobility.service-url"
_UNAVAILABLE = "Phones say that the server might be unavailable."
_CERTIFICATE = "Phones say that they cannot verify the certificate from the server."
_NEVER_ENDS = "Signing in on the phone turns its wheel for a minute, then gives up."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"{_STEP}/{answer}")


def _harmless(name: str, title: str, symptom: str) -> Enter:
    return scenario(name, "mobility", title, symptom, None)


def _mcx(model: Model) -> Directory:
    return model.external_web.directories[MCX]


def _plain(status: int, title: str, server: str = "Microsoft-IIS/8.5") -> Page:
    return Page(
        status,
        f"<html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>",
        [("Server", server)],
        from_lync=False,
    )


@_fault("name-not-found", "The web services FQDN has no DNS record", _UNAVAILABLE, "name-not-found")
def name_not_found(model: Model) -> None:
    for view in VIEWS:
        model.names[view].pop(WEB, None)


@_fault("alias-loop", "The aliases of the web services FQDN go in a circle", _UNAVAILABLE, "name-not-found")
def alias_loop(model: Model) -> None:
    for view in VIEWS:
        model.names[view][WEB] = Name(alias=f"lync.{DOMAIN}")
        model.names[view][f"lync.{DOMAIN}"] = Name(alias=WEB)


@_fault("unreachable", "A firewall drops every packet to the reverse proxy", _NEVER_ENDS, "unreachable")
def unreachable(model: Model) -> None:
    model.external_web.https = model.external_web.http = "drop"


@_fault("refused", "Nothing listens on port 443 of the reverse proxy", _UNAVAILABLE, "refused")
def refused(model: Model) -> None:
    model.external_web.https = model.external_web.http = "closed"


@_fault("tls-wrong-name", "The certificate does not hold the web services FQDN", _CERTIFICATE, "tls-wrong-name")
def tls_wrong_name(model: Model) -> None:
    model.external_web.certificate.names.remove(WEB)


@_fault("tls-self-signed", "The certificate is self-signed", _CERTIFICATE, "tls-untrusted")
def tls_self_signed(model: Model) -> None:
    model.external_web.certificate.issuer = "self"


@_fault(
    "tls-unknown-authority", "The certificate comes from an authority that nobody trusts", _CERTIFICATE, "tls-untrusted"
)
def tls_unknown_authority(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.issuer, certificate.sends = "stranger", "root"


@_fault(
    "tls-incomplete-chain",
    "The reverse proxy does not send the issuing authority's certificate",
    "Android phones cannot verify the certificate; Windows clients can.",
    "tls-incomplete-chain",
)
def tls_incomplete_chain(model: Model) -> None:
    model.external_web.certificate.sends = "leaf"


@_fault(
    "tls-expired",
    "The certificate has expired",
    "Since last month no phone signs in: the certificate cannot be verified.",
    "tls-expired",
)
def tls_expired(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.begins, certificate.ends = -400, -35


@_fault("tls-not-yet-valid", "The certificate is not valid yet", _CERTIFICATE, "tls-not-yet-valid")
def tls_not_yet_valid(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.begins, certificate.ends = 3, 368


@_fault(
    "tls-old-protocol",
    "The reverse proxy speaks TLS 1.0 alone",
    "Old phones sign in; those bought this year cannot connect.",
    "tls-old-protocol",
)
def tls_old_protocol(model: Model) -> None:
    model.external_web.https = "tls-1.0"


@_fault(
    "tls-weak-key",
    "The certificate has an RSA key of 1024 bits",
    "Old phones sign in; those bought this year cannot verify the certificate.",
    "tls-weak",
)
def tls_weak_key(model: Model) -> None:
    model.external_web.certificate.weak = True


@_fault("tls-plain-http", "Port 443 speaks HTTP without TLS", _UNAVAILABLE, "tls-failed")
def tls_plain_http(model: Model) -> None:
    model.external_web.https = "plain"


@_fault("tls-noise", "Port 443 leads to something that does not know TLS", _UNAVAILABLE, "tls-failed")
def tls_noise(model: Model) -> None:
    model.external_web.https = "noise"


@_fault("forbidden", "The reverse proxy forbids the path", "Signing in on the phone fails at once.", "forbidden")
def forbidden(model: Model) -> None:
    _mcx(model).page = _plain(403, "403 - Forbidden: Access is denied.")


@_fault(
    "mcx-not-installed",
    "The Mobility service was never installed",
    "No phone has ever signed in here.",
    "not-installed",
)
def mcx_not_installed(model: Model) -> None:
    for server in model.web_servers:
        del server.directories[MCX]


@_fault("application-pool-stopped", "The application pool of Mcx is stopped", _UNAVAILABLE, "server-error")
def application_pool_stopped(model: Model) -> None:
    _mcx(model).page = _plain(503, "Service Unavailable", server="Microsoft-HTTPAPI/2.0")


@_fault("application-pool-crashes", "Mcx crashes on every request", _UNAVAILABLE, "server-error")
def application_pool_crashes(model: Model) -> None:
    _mcx(model).page = _plain(500, "Server Error")


@_fault("silent", "The web service accepts and never answers", _NEVER_ENDS, "silent")
def silent(model: Model) -> None:
    model.external_web.middlebox = Middlebox("silence")


@_fault("drip", "The answer comes one byte a second", _NEVER_ENDS, "silent")
def drip(model: Model) -> None:
    model.external_web.middlebox = Middlebox("drip")


@_fault(
    "captive-portal",
    "A captive portal answers in the server's place",
    "It works on 3G and fails on the guest Wi-Fi.",
    "not-lync",
)
def captive_portal(model: Model) -> None:
    form = (
        '<html><head><title>Guest network</title></head><body><form method="post" action="/login">'
        '<input type="text" name="user"><input type="password" name="password"></form></body></html>'
    )
    model.external_web.middlebox = Middlebox("answer", Page(body=form, headers=[("Server", "nginx")], from_lync=False))


@_fault(
    "redirect-to-stranger",
    "The request is redirected to another organisation's host",
    "It works on 3G and fails on the guest Wi-Fi.",
    "not-lync",
)
def redirect_to_stranger(model: Model) -> None:
    location = ("Location", "https://login.contoso.com/start?from=lyncweb")
    model.external_web.middlebox = Middlebox("answer", Page(302, headers=[location], from_lync=False))


@_fault("redirect-loop", "The web service redirects to itself for ever", _UNAVAILABLE, "redirect-loop")
def redirect_loop(model: Model) -> None:
    directories = model.external_web.directories
    there = f"{MCX}/start"
    directories[MCX] = Directory(Page(302, headers=[("Location", f"https://{WEB}{there}")], from_lync=False))
    directories[there] = Directory(Page(302, headers=[("Location", MCX)], from_lync=False))


@_fault(
    "no-lync-header",
    "The answer does not tell which server gave it",
    "Some phones sign in, some do not.",
    "no-lync-header",
)
def no_lync_header(model: Model) -> None:
    _mcx(model).page.from_lync = False


@_fault("unexpected-status", "The answer is one that Lync never gives", _UNAVAILABLE, "unexpected-status")
def unexpected_status(model: Model) -> None:
    _mcx(model).page = _plain(400, "Bad Request")


@_fault("not-http", "Something inside TLS speaks another protocol than HTTP", _UNAVAILABLE, "not-http")
def not_http(model: Model) -> None:
    model.external_web.middlebox = Middlebox("noise")


@_fault(
    "hostile-answer",
    "A forbidding answer full of terminal escapes and markup",
    "The web service's page makes terminals ring.",
    "forbidden",
)
def hostile_answer(model: Model) -> None:
    trick = "\x1b]0;owned\x07\x1b[2J\x1b[31m[bold red]you[/] [@click=app.quit]must[/] [link=https://contoso.com]x[/]"
    page = _plain(403, trick, server=f"nginx {trick}")
    page.headers += [("X-Powered-By", trick), (f"X-{'a' * 200}", "b" * 4000)]
    page.body += "\x1b[8m<script>alert(1)</script>\x9b2J\r\x08\u202e" * 50
    _mcx(model).page = page


@_harmless("healthy-401", "Mcx asks for a sign-in first", "Nobody complains: a 401 from Lync itself is an answer.")
def healthy_401(model: Model) -> None:
    _mcx(model).challenges = ["Negotiate", "NTLM"]


@_harmless("healthy-endless-body", "A sound answer with a body of 100 MB", "Nobody complains; the page is just long.")
def healthy_endless_body(model: Model) -> None:
    _mcx(model).page.padding = 100_000_000
