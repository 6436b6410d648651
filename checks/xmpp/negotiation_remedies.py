"""What brings two servers to terms that share no way: our settings, a message to the partner, or both."""

from checks.knowledge.xmpp.negotiation import Offer, Row, Side
from checks.knowledge.xmpp.partner_settings import advised
from checks.model import Remedy, another_way
from checks.xmpp.negotiation_wording import offered
from checks.xmpp.partner_lines import ask_partner
from checks.xmpp.partner_remedies import set_to

_IN_THE_CLEAR = "messages with this partner go through the Internet unencrypted: ask first whether that is allowed"
_ELSE = "sessions with this partner are set up anew"


def for_obstacle(listed: str, partner: str, server: str, ours: Row, offer: Offer, act: Side) -> tuple[Remedy, ...]:
    """What mends it, on our side first where both can act. `listed` is the Identity under which the partner is allowed."""
    asked = ask_partner(partner, _letter(server, ours, offer))
    found = advised(offer)
    if found is None or act == "partner":
        return (asked,)
    row, method = found
    own = set_to(listed, row, risk=_IN_THE_CLEAR if method == "TCP dialback" else _ELSE)
    # Where a partner lacks TLS it should rather get it than we give it up.
    if method == "TCP dialback":
        return asked, another_way(own)
    return (own,) if act == "us" else (own, another_way(asked))


def ask_for_a_way(partner: str, server: str, offer: Offer) -> Remedy:
    """For a partner with whom no settings at all would do."""
    return ask_partner(
        partner,
        (
            f"Your server {server} offers {offered(offer)}.",
            "Please offer STARTTLS, and dialback (XEP-0220) or SASL EXTERNAL over it.",
        ),
    )


def _letter(server: str, ours: Row, offer: Offer) -> tuple[str, ...]:
    return (
        f"Your server {server} offers {offered(offer)}.",
        f"Our server can use {_usable(ours)}.",
        _wish(ours, offer),
    )


def _wish(ours: Row, offer: Offer) -> str:
    if offer.tls in {"absent", "broken"} and ours.tls != "NotSupported":
        return "Please offer STARTTLS with a certificate for your domain."
    if ours.sasl == "NotSupported" or "SASL over TLS" not in ours.methods:
        return "Please allow dialback (XEP-0220) between servers."
    if offer.external == "absent":
        return "Please offer SASL EXTERNAL to our certificate: its authority may be missing from your trusted ones."
    return "Please offer one of them."


def _usable(ours: Row) -> str:
    return " or ".join(ours.methods) or "none of SASL and dialback yet"
