"""A phone's sign-in as a question, and how far it came."""

from collections.abc import Iterator

from checks.model import Frozen
from checks.probes.basics import Login, UnreachedKind, View

NO_VALID_TOKEN = 28020
"""The number of X-Ms-diagnostics where user name or password was wrong."""


class PhoneSignIn(Frozen, frozen=True, tag="phone"):
    """Can this user sign in as a phone does? Acts: asked only with the user's consent.

    In one go, because a token never leaves the probe: the ticket service's metadata, a web ticket by Windows sign-in,
    an OAuth token, the user's own Autodiscover document, an application of UCWA that is created and deleted again.
    """

    login: Login
    sip: str
    web: str
    """The host whose Autodiscover root is asked first."""
    view: View

    def typed(self) -> str:
        return f"# sign in at https://{self.web}/ as {self.login.user} for {self.sip}"


class Exchange(Frozen, frozen=True):
    """One request of a sign-in and its answer, without the ticket or token that was in either."""

    url: str
    status: int = 0
    """0 where no answer came; `failure` says why."""
    failure: str = ""
    """Why there is no answer, or why what came is of no use."""
    kind: UnreachedKind | None = None
    """The same of an answer that did not come, where it is one of the usual ways."""
    server: str = ""
    """X-MS-Server-Fqdn."""
    software: str = ""
    """`Server`: of what answered where X-MS-Server-Fqdn is missing."""
    schemes: tuple[str, ...] = ()
    """The ways of signing in that a 401 offers, in lower case."""
    credentials: bool = False
    """True where the proof of the user's password went with it: a 401 then refuses the user."""
    error: str = ""
    """The `error` of OAuth, the fault code of SOAP, the subcode or code of UCWA."""
    code: int = 0
    """The number of X-Ms-diagnostics, or of the fault; 0 where there is none."""
    message: str = ""
    """What the answer says in words."""

    def line(self) -> str:
        """The exchange on one line."""
        told = " ".join(filter(None, (self.error, str(self.code or ""), self.message, self.failure)))
        return f"{f'HTTP {self.status}' if self.status else 'no answer'}  {self.url}  {self.server}  {told}".rstrip()


class DocumentLink(Frozen, frozen=True):
    """One link of an Autodiscover document."""

    token: str
    href: str


class PhoneSession(Frozen, frozen=True, tag="phone-session"):
    """How far a phone's sign-in came. What was not tried is None; nothing in it is a secret.

    Where a document sent the phone on, everything but `redirects` is of the last place.
    """

    root: Exchange | None = None
    """The root of Autodiscover: 200 is right."""
    unauthenticated: Exchange | None = None
    """The user document without a ticket: 401 is right."""
    ticket_url: str = ""
    """X-MS-WebTicketURL of that 401."""
    challenge: Exchange | None = None
    """The user document's OAuth form without a token: 401 is right. None where the root has no such link."""
    token_url: str = ""
    """Where the MsRtcOAuth challenge of that 401 has tokens made."""
    grants: tuple[str, ...] = ()
    """The grant types that it names."""
    metadata: Exchange | None = None
    metadata_ports: tuple[str, ...] = ()
    """The names of the ports in the ticket service's metadata."""
    ticket: Exchange | None = None
    """The request for a web ticket, by Windows sign-in."""
    has_ticket: bool = False
    token: Exchange | None = None
    """The request for an OAuth token. Not made once the ticket service has refused the user."""
    has_token: bool = False
    passive_url: str = ""
    """ms_rtc_passiveauthuri: where a browser would sign in instead."""
    document: Exchange | None = None
    """The user document with a ticket or token."""
    access_location: str = ""
    """`Internal` or `External`, as the user document says."""
    links: tuple[DocumentLink, ...] = ()
    sip_access: tuple[DocumentLink, ...] = ()
    """SipClientInternalAccess and the like as `token`, `host:port` as `href`."""
    redirects: tuple[str, ...] = ()
    """Where documents sent the phone, in order. The last one was not followed where it comes twice or is one too many."""
    application: Exchange | None = None
    """POST to the applications of UCWA: 201 is right."""
    deleted: Exchange | None = None
    """DELETE of that application: 204 is right."""

    @property
    def refused(self) -> bool:
        """True where the server turned the user's password down."""
        return any(is_refusal(exchange) for exchange in (self.ticket, self.token))

    def lines(self) -> Iterator[str]:
        tried = {
            "Autodiscover": self.root,
            "user document, unauthenticated": self.unauthenticated,
            "user document for OAuth, unauthenticated": self.challenge,
            "metadata": self.metadata,
            "web ticket": self.ticket,
            "OAuth token": self.token,
            "user document": self.document,
            "UCWA application": self.application,
            "UCWA application deleted": self.deleted,
        }
        yield from (f"{what}: {exchange.line()}" for what, exchange in tried.items() if exchange)
        yield from (f"sent on to {address}" for address in self.redirects)
        yield from (f"{link.token}  {link.href}" for link in (*self.sip_access, *self.links))


def is_refusal(exchange: Exchange | None) -> bool:
    """True where the password went with the request and was turned down. A 401 that only begins a sign-in is none."""
    if exchange is None or not exchange.credentials:
        return False
    return exchange.status == 401 or exchange.error == "invalid_grant" or exchange.code == NO_VALID_TOKEN
