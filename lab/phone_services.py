"""How the services that only phones and other clients of UCWA use behave, beside what users and policies say."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Ticket:
    """Who a web ticket or a token of OAuth is of, and the pool that made it: at no other is it worth anything."""

    account: str
    """As `domain\\user`."""
    sip: str
    pool: str


@dataclass
class WebTickets:
    """The web ticket service with its OAuth form."""

    trouble: Literal["", "stopped", "error", "fault", "no-ticket"] = ""
    """`stopped`: 503 to everything; `error`: 500 without a word; `fault`: 500 with a fault of SOAP or OAuth;
    `no-ticket`: 200 that brings none. Each after the challenge, which is IIS's."""
    refuses: set[str] = field(default_factory=set)
    """Users, by their name in Windows, whose password OAuth takes for wrong. For Windows sign-in see
    `Directory.refuses`."""
    belongs: dict[str, str] = field(default_factory=dict)
    """The SIP address that a user's account is of, by the name in Windows, where it is not the user's own."""
    grants: list[str] | None = None
    """The grant types that OAuth offers, where they are others than the settings give."""
    ports: list[str] | None = None
    """The ports in the metadata, where they are others than the settings give."""
    issued: dict[str, Ticket] = field(default_factory=dict, repr=False)
    """What was handed out, by the ticket or token itself."""


@dataclass
class UserDocuments:
    """The user's own Autodiscover document."""

    without: set[str] = field(default_factory=set)
    """Tokens and accesses that it lacks: `Ucwa`, `SipClientExternalAccess`."""
    links: dict[str, str] = field(default_factory=dict)
    """The address under a token, where it is another one than it should be."""
    sends_to: str = ""
    """The one address that it sends everybody to."""
    unknown: set[str] = field(default_factory=set)
    """SIP addresses whose home server it does not know, though the topology does."""


@dataclass
class Ucwa:
    """The applications of UCWA."""

    refuses: int = 0
    """The status that creating one is answered with; 0: it is created."""
    subcode: str = ""
    """What the body of that answer says why; empty: IIS's own page."""
    keeps: bool = False
    """Whether what was created cannot be deleted."""
    open: dict[str, Ticket] = field(default_factory=dict)
    """What was created and not deleted, by its number."""


@dataclass
class PhoneServices:
    """All of them."""

    web_tickets: WebTickets = field(default_factory=WebTickets)
    user_documents: UserDocuments = field(default_factory=UserDocuments)
    ucwa: Ucwa = field(default_factory=Ucwa)
