"""Internet Information Services on a Lync server: who said an answer, what its status means here, which versions are supported."""

import re
from collections.abc import Mapping
from typing import Literal

from checks.deployment import Product
from checks.model import Frozen
from checks.probes import Hop

Speaker = Literal["lync", "http.sys", "iis", "other"]
"""Lync's own code; the kernel in front of IIS; IIS without Lync's header; anything else."""
Reading = Literal[
    "answers", "missing", "forbidden", "stopped", "busy", "web-config", "server-error", "on-the-way", "unexplained"
]
"""What an answer to an unauthenticated GET says of the application."""

_SERVER_VERSION = re.compile(r"Microsoft-IIS/(\d{1,2}\.\d{1,2})", re.IGNORECASE)
_BROKEN_CONFIGURATION = ("500.19", "0x80070021", "0x8007000d")
"""How a page names a web.config that IIS cannot read: by its substatus, or by the reason (locked section, bad XML)."""


class Application(Frozen, frozen=True):
    """A web application that mobility uses."""

    name: str
    path: str
    purpose: str
    since: int = 0
    """The year of the first product that has it."""
    until: int = 9999
    """The year of the last."""
    on_directors: bool = False
    needed: bool = True
    """False where no phone's sign-in depends on it."""

    def is_in(self, product: Product | None) -> bool | None:
        """Whether a product has it; None where the product is not known and not all of them have it."""
        if product is None:
            return True if (self.since, self.until) == (0, 9999) else None
        return self.since <= _YEARS[product] <= self.until


_YEARS: Mapping[Product, int] = {
    Product.LYNC_2010: 2010,
    Product.LYNC_2013: 2013,
    Product.SKYPE_2015: 2015,
    Product.SKYPE_2019: 2019,
    Product.SUBSCRIPTION_EDITION: 2025,
}

WEB_TICKET = Application(
    name="WebTicket",
    path="/webticket/webticketservice.svc",
    purpose="gives phones their ticket",
    on_directors=True,
)
AUTODISCOVER = Application(
    name="Autodiscover",
    path="/autodiscover/autodiscoverservice.svc/root",
    purpose="tells phones where to go",
    on_directors=True,
)
UCWA = Application(
    name="Ucwa", path="/ucwa/v1/applications", purpose="serves Lync 2013 and Skype for Business phones", since=2013
)
MCX = Application(name="Mcx", path="/mcx/mcxservice.svc", purpose="serves Lync 2010 phones", until=2015)
REACH = Application(
    name="Reach", path="/reach/sip.svc", purpose="serves the app from the Windows Store", since=2013, needed=False
)
APPLICATIONS = (WEB_TICKET, AUTODISCOVER, UCWA, MCX, REACH)
"""The first is asked first: every version has it, on every server."""

SUPPORTED_IIS: Mapping[Product, tuple[str, ...]] = {
    Product.LYNC_2013: ("7.5", "8.0", "8.5"),
    # 10.0 comes with Windows Server 2016 and later. No page of ours confirms it for 2015, nor denies it.
    Product.SKYPE_2015: ("8.0", "8.5", "10.0"),
    Product.SKYPE_2019: ("10.0",),
    Product.SUBSCRIPTION_EDITION: ("10.0",),
}
"""As documented for 2013; for the others by the Windows versions that are documented. None is known for 2010."""

UCWA_POOL = "LyncUcwa"
UCWA_POOL_SETTINGS: Mapping[str, str] = {
    "startMode": "AlwaysRunning",
    "processModel.idleTimeout": "00:00:00",
    "processModel.shutdownTimeLimit": "00:00:30",
    "recycling.periodicRestart.time": "00:00:00",
    "recycling.disallowOverlappingRotation": "true",
}
"""What the application pool of UCWA should be set to."""
SHOW_UCWA_POOL = rf"%windir%\system32\inetsrv\appcmd list apppool {UCWA_POOL} /config"


def application_pool(application: str, *, external: bool) -> str:
    """The application pool of an application in one of the two web sites; empty where no page names it."""
    match application:
        case "Mcx":
            return "CSExtMcxAppPool" if external else "CSIntMcxAppPool"
        case "Ucwa":
            return UCWA_POOL
    return ""


def web_site(*, external: bool, product: Product | None = None) -> str:
    """What the site is called in IIS; of Lync Server 2013 where the product is not known."""
    brand = "Skype for Business Server" if product and _YEARS[product] >= 2015 else "Lync Server"
    return f"{brand} {'External' if external else 'Internal'} Web Site"


def speaker(hop: Hop) -> Speaker:
    """Who said this answer."""
    if hop.header("X-MS-Server-Fqdn"):
        return "lync"
    server = hop.header("Server").strip().lower()
    if server.startswith("microsoft-httpapi"):
        return "http.sys"
    return "iis" if server.startswith("microsoft-iis") else "other"


def iis_version(hop: Hop) -> str:
    """The version of IIS in the header Server, such as `8.5`; empty where the header is not there or hides it."""
    found = _SERVER_VERSION.match(hop.header("Server").strip())
    return found[1] if found else ""


def reading(hop: Hop) -> Reading:
    """What the answer says of the application behind it. Nothing is concluded from what another machine said."""
    who = speaker(hop)
    match hop.status:
        case 503 if who == "http.sys":
            return "stopped"
        case 503 if who in {"lync", "iis"}:
            return "busy"
        case 407 | 502 | 503 | 504 | 511 if who in {"http.sys", "iis", "other"}:
            return "on-the-way"
        case 404:
            return "missing"
        case 403:
            return "forbidden"
        case 500 if any(sign in hop.body.lower() for sign in _BROKEN_CONFIGURATION):
            return "web-config"
        case status if status >= 500:
            return "server-error"
        case 200 | 401 | 405:
            # A page, a challenge, or "not with GET": somebody is there and works.
            return "answers"
    return "unexplained"
