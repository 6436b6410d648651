"""The web applications of a Lync web site that make their page anew for every request, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lab.model import Model
from lab.web_servers import Page, Side, WebServer

if TYPE_CHECKING:
    import h11

    from lab.callers import Caller
    from lab.signin import SignIns


@dataclass(frozen=True)
class WebRequest:
    """What an application is asked."""

    method: str
    path: str
    """As it was sent, without the query."""
    query: Mapping[str, str]
    """By name in lower case; the first where one comes twice."""
    headers: Mapping[str, str]
    """By name in lower case; the last where one comes twice."""
    body: bytes
    secure: bool
    """Whether it came over HTTPS."""
    account: str = ""
    """Who signed in by the directory's own challenges, as `domain\\user`; empty: nobody."""

    @property
    def host(self) -> str:
        """The name that was asked for, without a port."""
        return self.headers.get("host", "").partition(":")[0].lower()


class Place(NamedTuple):
    """Where an application runs: on one web site of one computer."""

    model: Model
    site: WebServer
    sign_ins: "SignIns"
    authority: str
    """Whose accounts may sign in, in lower case."""

    @property
    def side(self) -> Side:
        return self.site.side

    @property
    def pool(self) -> str:
        """The pool that the computer belongs to."""
        return self.model.pool_of(self.site)

    @property
    def web(self) -> str:
        """The pool's external web services FQDN; the internal one where it has none."""
        return web_of(self.model, self.pool)

    def address(self, path: str) -> str:
        """A path of the pool's web services as clients are told it."""
        return f"https://{self.web}{path}"

    def account(self, user: str, password: str) -> str:
        """The account that a user name and password are of; counted. Raises `lab.signin.Refused`, counted too."""
        from lab.signin import Gate

        return self.sign_ins.by_password(user, password, Gate(self.authority))


Application = Callable[[WebRequest, Place], Page]

_APPLICATIONS: dict[str, Application] = {}


def application(name: str) -> Callable[[Application], Application]:
    """Enters the decorated function under the name that `Directory.serves` tells."""

    def enter(function: Application) -> Application:
        _APPLICATIONS[name] = function
        return function

    return enter


def run(name: str, request: WebRequest, place: Place) -> Page:
    """The page that an application makes. KeyError where there is none of that name."""
    _load()
    return _APPLICATIONS[name](request, place)


def request_of(caller: "Caller", head: "h11.Request", body: bytes) -> WebRequest:
    """A request as an application sees it."""
    target = urlsplit(head.target.decode("ascii", "replace"))
    query = dict(reversed([(key.lower(), value) for key, value in parse_qsl(target.query, keep_blank_values=True)]))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return WebRequest(head.method.decode(), target.path, query, headers, body, caller.secure, caller.account)


def web_of(model: Model, pool: str) -> str:
    """The FQDN of a pool's web services as clients are told it."""
    names = model.web_names_of(pool)
    return names.external or names.internal


def _load() -> None:
    from lab import autodiscover, unauthenticated, user_documents, web_tickets  # noqa: F401 - entering is their effect
