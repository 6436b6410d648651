"""What can be wrong in IIS on a Front End, whatever stands in front of it."""

from lab.model import (
    AUTODISCOVER,
    POOL,
    REACH,
    SKYPE_2019,
    UCWA,
    UCWA_OAUTH,
    Directory,
    Middlebox,
    Model,
    Name,
    Page,
    WebServer,
)
from lab.pools import two_front_ends
from lab.scenarios import Enter, scenario

_SOMETIMES = "Phones sign in at the second or third attempt."
_UNAVAILABLE = "Phones say E_UcwaUnavailable (E2-3-48)."
_HTTP_SYS = "Microsoft-HTTPAPI/2.0"
_OF_UCWA = (UCWA, UCWA_OAUTH)


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.web-applications/{answer}")


def _answers(status: int, words: str, *, server: str = "", from_lync: bool = True) -> Directory:
    body = f"<html><head><title>{words}</title></head><body><h2>{words}</h2></body></html>"
    headers = [("Server", server)] if server else []
    return Directory(Page(status, body, headers, from_lync=from_lync), below=True)


def _stopped() -> Directory:
    return _answers(503, "Service Unavailable", server=_HTTP_SYS, from_lync=False)


def _sites(model: Model, *hosts: str) -> list[WebServer]:
    return [each for each in model.web_servers if each.host in hosts]


def _put(sites: list[WebServer], directory: Directory, *paths: str) -> None:
    for site in sites:
        for path in paths:
            site.directories[path] = directory


@_fault(
    "one-front-end-down",
    "UCWA answers 503 on one of two Front Ends",
    _SOMETIMES,
    "one-front-end-down",
)
def one_front_end_down(model: Model) -> None:
    _two_front_ends(model)
    _put(_sites(model, "front-end-2"), _answers(503, "Service Unavailable"), *_OF_UCWA)


@_fault(
    "ucwa-pool-stopped",
    "The application pool LyncUcwa is stopped",
    _UNAVAILABLE,
    "application-pool-stopped",
)
def ucwa_pool_stopped(model: Model) -> None:
    _put(_sites(model, "pool"), _stopped(), *_OF_UCWA)


@_fault("ucwa-overloaded", "UCWA has more requests than it takes", _UNAVAILABLE, "overloaded")
def ucwa_overloaded(model: Model) -> None:
    _put(_sites(model, "pool"), _answers(503, "503 - Service Unavailable"), *_OF_UCWA)


@_fault(
    "ucwa-configuration-locked",
    "Since the update a section of the configuration of UCWA is locked",
    "Since the update of last night no phone signs in.",
    "web-config",
)
def ucwa_configuration_locked(model: Model) -> None:
    page = _answers(500, "HTTP Error 500.19 - Internal Server Error (0x80070021)")
    _put(_sites(model, "pool"), page, *_OF_UCWA)


@_fault("ucwa-crashes", "UCWA crashes on every request", _UNAVAILABLE, "server-error")
def ucwa_crashes(model: Model) -> None:
    _put(_sites(model, "pool"), _answers(500, "500 - Internal server error."), *_OF_UCWA)


@_fault("front-end-forbids", "A filter of IIS on one Front End forbids Autodiscover", _SOMETIMES, "forbidden")
def front_end_forbids(model: Model) -> None:
    _two_front_ends(model)
    model.web_server("front-end-2").directories[AUTODISCOVER] = _answers(403, "403 - Forbidden: Access is denied.")


@_fault(
    "update-missing-on-one",
    "The update that brings UCWA was never installed on one Front End",
    _SOMETIMES,
    "ucwa-missing",
)
def update_missing_on_one(model: Model) -> None:
    _two_front_ends(model)
    for site in _sites(model, "front-end-2"):
        for path in _OF_UCWA:
            del site.directories[path]


@_fault(
    "autodiscover-missing-on-one",
    "The internal site of one Front End has no Autodiscover",
    _SOMETIMES,
    "application-missing",
)
def autodiscover_missing_on_one(model: Model) -> None:
    _two_front_ends(model)
    del model.web_server("front-end-2").directories[AUTODISCOVER]


@_fault(
    "other-program-on-443",
    "Windows Admin Center has port 443 of one Front End",
    _SOMETIMES,
    "stranger",
)
def other_program_on_443(model: Model) -> None:
    model.product = SKYPE_2019
    _two_front_ends(model)
    _without_mcx(model)
    page = Page(body="<html><head><title>Windows Admin Center</title></head></html>", from_lync=False)
    page.headers.append(("Server", _HTTP_SYS))
    model.web_server("front-end-2").middlebox = Middlebox("answer", page)
    # The management shell is on 443 too: whom the pool's name leads to there would find none every other time.
    model.names["inside"][POOL] = Name(hosts=["front-end-1"])


@_fault(
    "front-end-filtered",
    "A firewall drops what goes to one Front End itself",
    "The monitoring says that a server is down; phones work.",
    "front-end-unreachable",
)
def front_end_filtered(model: Model) -> None:
    _two_front_ends(model)
    model.web_server("front-end-2").https = "drop"


@_fault(
    "windows-too-new",
    "Lync Server 2013 on a Windows that came after it",
    "It has worked in the test; now some phones do not sign in.",
    "iis-unsupported",
)
def windows_too_new(model: Model) -> None:
    for site in _sites(model, "pool"):
        site.software = "Microsoft-IIS/10.0"


@_fault(
    "front-ends-differ",
    "The two Front Ends of the pool run on different versions of Windows",
    _SOMETIMES,
    "versions-differ",
)
def front_ends_differ(model: Model) -> None:
    _two_front_ends(model)
    for site in _sites(model, "front-end-2"):
        site.software = "Microsoft-IIS/8.0"


@_fault(
    "reach-stopped",
    "Reach is stopped on one Front End",
    "The app of the Windows Store does not sign in; phones do.",
    "reach-fails",
)
def reach_stopped(model: Model) -> None:
    _two_front_ends(model)
    _put(_sites(model, "front-end-2"), _stopped(), REACH)


def _two_front_ends(model: Model) -> None:
    """Two Front Ends of which a client keeps to the first: whoever does not ask the second by its name meets no fault."""
    two_front_ends(model)
    model.load_balancer("external").affinity = "source"


def _without_mcx(model: Model) -> None:
    for site in model.web_servers:
        for path in [path for path in site.directories if path.startswith("/mcx")]:
            del site.directories[path]
