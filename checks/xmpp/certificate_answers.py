"""What the two steps about certificates may conclude, and what they rest on."""

from checks.deployment import Vantage
from checks.knowledge import links
from checks.knowledge.assigned_certificates import Assigned
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.xmpp.negotiation import Row
from checks.model import Answer, Frozen, Outcomes, Status
from checks.xmpp.streams import Seen, Side

_FAULTS = (
    Answer(name="expired", status=Status.FAILED, meaning="the certificate, or one of its chain, has ended"),
    Answer(name="not-yet-valid", status=Status.FAILED, meaning="the certificate has not begun"),
    Answer(name="incomplete-chain", status=Status.FAILED, meaning="the issuer's certificate is not sent and not known here"),
    Answer(name="untrusted", status=Status.FAILED, meaning="self-signed, or from a CA that is not trusted here"),
    Answer(name="wrong-name", status=Status.FAILED, meaning="the certificate does not hold the bare domain"),
    Answer(name="not-everywhere", status=Status.WARNING, meaning="some servers of the domain present a bad certificate"),
    Answer(name="common-name", status=Status.WARNING, meaning="the domain is its common name alone, which few servers look at"),
    Answer(name="weak", status=Status.WARNING, meaning="the key has fewer than 2048 bits, or is refused here as too weak"),
)  # fmt: skip
_OF_OURS = (
    Answer(name="no-client-purpose", status=Status.WARNING, meaning="it is for servers alone, which strict partners refuse"),
    Answer(name="differs", status=Status.WARNING, meaning="Edges behind one name present different certificates"),
    Answer(name="assigned-differs", status=Status.WARNING, meaning="another certificate is assigned than is presented"),
    Answer(name="not-assigned", status=Status.WARNING, meaning="the Edge shows no certificate for its external interface"),
)  # fmt: skip
_OF_PARTNER = (
    Answer(name="dialback-instead", status=Status.WARNING, meaning="it proves nothing, and dialback may do so in its place"),
    Answer(name="dialback-alone", status=Status.OK, meaning="it proves nothing, and need not: our settings go by dialback"),
)  # fmt: skip
_REST = (
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no certificate could be looked at"),
    Answer(name="accepted", status=Status.OK, meaning="the certificate holds the domain, is trusted and in its time"),
    Answer(name="no-tls", status=Status.NOT_APPLICABLE, meaning="no TLS is offered, so there is no certificate"),
    Answer(name="not-from-here", status=Status.NOT_APPLICABLE, meaning="it cannot be seen from this seat"),
)
OUTCOMES: dict[Side, Outcomes] = {
    "ours": Outcomes(
        links.XMPP_SETUP,
        *_FAULTS,
        *_OF_OURS,
        *_REST,
        Answer(name="no-domain", status=Status.NOT_APPLICABLE, meaning="no SIP domain was named"),
    ),
    "partner": Outcomes(
        links.XMPP_SETUP,
        *_FAULTS,
        *_OF_PARTNER,
        *_REST,
        Answer(name="no-partner", status=Status.NOT_APPLICABLE, meaning="no partner was named"),
    ),
}
GRAVITY = tuple(answer.name for answer in (*_FAULTS, *_OF_OURS, *_OF_PARTNER, *_REST))
"""The gravest first."""


class Facts(Frozen, frozen=True):
    """What the servers of one side present, and what our Edge has assigned."""

    side: Side
    vantage: Vantage
    seen: tuple[Seen, ...] = ()
    live: bool = True
    """Whether this seat opens such streams itself."""
    assigned: tuple[Assigned, ...] = ()
    unseen: Unseen | None = None
    """Why the Edge did not tell what it has assigned; None where it did, or was not asked."""
    settings: Row | None = None
    """Our settings for the partner whose certificate it is; None: not seen."""
    clock: str = ""
    """ISO 8601: when the latest handshake was seen, else when the Edge answered, by which what is assigned is judged."""
