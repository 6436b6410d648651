"""What came back for each path that a reverse proxy publishes, and who said it: Lync, or something before it."""

from typing import Literal
from urllib.parse import urlsplit

from checks.knowledge.autodiscover import ROOT_PATH, document, host_of
from checks.knowledge.challenges import schemes
from checks.mobility.strangers import is_http_sys, is_login_form, lync_of, stopped_on_the_way
from checks.model import Frozen
from checks.probes import Hop, Response, Unanswered, Unreached

Reply = Response | Unreached | Unanswered

MCX = "/mcx/mcxservice.svc"
UCWA = "/ucwa/v1/applications"
WEB_TICKET = "/WebTicket/WebTicketService.svc"
MOBILITY_PATHS = (
    MCX,
    UCWA,
    WEB_TICKET,
    ROOT_PATH,
    "/CertProv/CertProvisioningService.svc",
    "/Reach/sip.svc",
)
OTHER_PATHS = ("/meet", "/dialin", "/abs", "/GroupExpansion/service.svc")
"""What phones can do without. The documents say what each answers, so they tell a proxy that is down from one that
leaves a path out."""

_OPEN = frozenset({ROOT_PATH, "/meet", "/dialin"})
"""Lync asks nobody for a sign-in there."""
_NOT_EVERYWHERE = frozenset({MCX, UCWA})
"""Paths that some versions do not have."""
_POST_REFUSED = frozenset({405, 411, 413, 501})
"""How a proxy turns a POST down, beside 403 and 404. A service may answer 400, 415 or 500 to an empty one itself; and 405
to a GET, where it shows no page."""
_EXTERNAL_PORTS = frozenset({4443, 8080})

Heard = Literal[
    "lync",
    "unsigned",
    "sign-in",
    "missing",
    "refused",
    "gateway",
    "own-page",
    "away",
    "silent",
    "fails",
    "stopped",
    "other-host",
    "unreached",
    "unasked",
]
"""`unsigned`: an answer that may well be Lync's and does not say so. `stopped`: HTTP.sys alone answered."""


class Asked(Frozen, frozen=True):
    """One path at the external web FQDN."""

    path: str
    reply: Reply
    method: Literal["GET", "POST"] = "GET"
    upstream: Reply | None = None
    """What the pool's own external web site answers to the same; None where it was not asked."""
    past_certificate: bool = False
    """True where the certificate was refused, and the answer is what stands behind it."""


def heard(one: Asked, reply: Reply, internal: tuple[str, ...] = ()) -> Heard:
    """Who said what. `internal` are the names of the inside, which no answer to a client outside should lead to."""
    if isinstance(reply, Unanswered):
        return "unasked"
    if isinstance(reply, Unreached):
        return "silent" if reply.phase == "reply" else "unreached"
    last = reply.last
    if stopped_on_the_way(last):
        return "unasked"
    if reply.stopped:
        return _of_redirect(reply, internal)
    if lync_of(last):
        return "lync"
    if is_login_form(last):
        return "sign-in"
    return _unsigned(one, last)


def _of_redirect(reply: Response, internal: tuple[str, ...]) -> Heard:
    target = host_of(reply.location)
    own = host_of(reply.hops[0].url)
    if reply.stopped != "stranger":
        return "unsigned" if lync_of(reply.last) else "away"
    if target in internal or (target == own and _port(reply.location) in _EXTERNAL_PORTS):
        return "other-host"
    if lync_of(reply.last) or (target and target.partition(".")[2] == own.partition(".")[2]):
        # Simple URLs have names of their own.
        return "unsigned"
    return "away"


def _unsigned(one: Asked, last: Hop) -> Heard:
    """An answer without the name of a Lync server, by its status."""
    match last.status:
        case 401:
            offered = set(schemes(last.headers))
            foreign = bool(offered) and not offered & {"negotiate", "ntlm", "bearer", "msrtcoauth"}
            return "sign-in" if one.path in _OPEN or foreign else "unsigned"
        case 403:
            return "refused"
        case 404:
            return "missing"
        case 503 if is_http_sys(last):
            return "stopped"
        case 502 | 503 | 504:
            return "gateway"
        case status if status >= 500 and one.method == "GET":
            return "fails"
        case 200 if one.path == ROOT_PATH and document(last.body) is None:
            return "own-page"
        case 200 | 301 | 302:
            return "unsigned"
    return "refused" if one.method == "POST" and last.status in _POST_REFUSED else "unsigned"


def is_proxys(one: Asked, said: Heard, lync_software: frozenset[str], internal: tuple[str, ...]) -> bool:
    """True where a bad answer is the proxy's own, and not that of the site behind it.

    The site itself, asked from inside, settles it. Without it the software settles it that signs the answer, unless no
    other answer is known to be Lync's; of a path that every version has nothing else may be missing.
    """
    if one.upstream is not None:
        behind = heard(one, one.upstream, internal)
        if _redirects(one.reply) and _redirects(one.upstream):
            # Seen from another name, the same redirect may be another: to a stranger, or in a circle.
            return False
        if behind not in {"unreached", "unasked"}:
            return behind != said
    if said in {"stopped", "fails"}:
        return False
    if said in {"sign-in", "gateway", "away"}:
        return True
    if one.path not in _NOT_EVERYWHERE:
        return True
    return bool(lync_software) and isinstance(one.reply, Response) and software(one.reply.last) not in lync_software


def _redirects(reply: Reply) -> bool:
    return isinstance(reply, Response) and bool(reply.stopped)


def software(hop: Hop) -> str:
    """What signs an answer, without its version."""
    return hop.header("Server").partition("/")[0].strip().lower()


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        return None
