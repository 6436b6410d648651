"""What the Mobility service (Mcx) may answer at its address, and what may answer in its place there."""

from lab.model import MCX, WEB, Directory, Middlebox, Model, Page
from lab.scenarios import Enter, scenario

_STEP, _AUTODISCOVER = "mobility.service-url", "mobility.autodiscover"
_UNAVAILABLE = "Phones say that the server might be unavailable."
_ON_WI_FI = "It works on 3G and fails on the guest Wi-Fi."
_NEVER_ENDS = "Signing in on the phone turns its wheel for a minute, then gives up."


def _fault(name: str, title: str, symptom: str, answer: str, step: str = _STEP) -> Enter:
    return scenario(name, "mobility", title, symptom, f"{step}/{answer}")


def _harmless(name: str, title: str, symptom: str) -> Enter:
    return scenario(name, "mobility", title, symptom, None)


def _mcx(model: Model) -> Directory:
    return model.external_site.directories[MCX]


def _plain(status: int, title: str, server: str = "Microsoft-IIS/8.5") -> Page:
    return Page(
        status,
        f"<html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>",
        [("Server", server)],
        from_lync=False,
    )


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


@_fault("silent", "Mcx takes requests and never answers", _NEVER_ENDS, "silent")
def silent(model: Model) -> None:
    _mcx(model).hangs = True


@_fault("drip", "Every answer comes one byte a second", _NEVER_ENDS, "silent", _AUTODISCOVER)
def drip(model: Model) -> None:
    model.external_web.middlebox = Middlebox("drip")


_FORM = (
    '<html><head><title>{title}</title></head><body><form method="post" action="/login">'
    '<input type="text" name="user"><input type="password" name="password"></form></body></html>'
)


@_fault(
    "mcx-login-form",
    "IIS shows a sign-in page of its own before Mcx",
    "Lync 2010 Mobile asks for the password again and again.",
    "not-lync",
)
def mcx_login_form(model: Model) -> None:
    _mcx(model).page = Page(body=_FORM.format(title="Sign in"), from_lync=False)


@_fault(
    "mcx-redirected",
    "IIS redirects Mcx to another organisation's host",
    "Lync 2010 Mobile fails at once.",
    "not-lync",
)
def mcx_redirected(model: Model) -> None:
    _mcx(model).page = Page(302, headers=[("Location", "https://login.contoso.com/start")], from_lync=False)


@_fault(
    "captive-portal",
    "A captive portal answers in the server's place",
    _ON_WI_FI,
    "pre-authentication",
    _AUTODISCOVER,
)
def captive_portal(model: Model) -> None:
    page = Page(body=_FORM.format(title="Guest network"), headers=[("Server", "nginx")], from_lync=False)
    model.external_web.middlebox = Middlebox("answer", page)


@_fault(
    "redirect-to-stranger",
    "Every request is redirected to another organisation's host",
    _ON_WI_FI,
    "sent-away",
    _AUTODISCOVER,
)
def redirect_to_stranger(model: Model) -> None:
    location = ("Location", "https://login.contoso.com/start?from=lyncweb")
    model.external_web.middlebox = Middlebox("answer", Page(302, headers=[location], from_lync=False))


@_fault("redirect-loop", "The web service redirects to itself for ever", _UNAVAILABLE, "redirect-loop")
def redirect_loop(model: Model) -> None:
    directories = model.external_site.directories
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


@_fault("not-http", "Something inside TLS speaks another protocol than HTTP", _UNAVAILABLE, "silent", _AUTODISCOVER)
def not_http(model: Model) -> None:
    model.external_web.middlebox = Middlebox("noise")


@_fault(
    "hostile-answer",
    "A forbidding answer full of terminal escapes and markup",
    "Lync 2010 Mobile fails at once, and the page that a browser shows is full of odd signs.",
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
