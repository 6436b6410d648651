"""How Lync authenticates an XMPP partner: the 18 combinations of its settings, and what they come to with a peer's offer.

Source: lync-server-2013-negotiation-settings-for-xmpp-federated-partners. Its first table lists TCP dialback for TLS
Required, SASL Optional, dialback True; its complete table does not, and TLS that is required leaves no room for it.
"""

from typing import Literal

from checks.model import Frozen

Setting = Literal["Required", "Optional", "NotSupported"]
"""A value of TlsNegotiation or SaslNegotiation."""
Method = Literal["SASL over TLS", "TLS dialback", "TCP dialback"]
Warned = Literal["", "dialback-idle", "sasl-without-tls", "depends-on-partner"]
Side = Literal["", "us", "partner", "both"]

_SASL: Method = "SASL over TLS"
_TLS_DIALBACK: Method = "TLS dialback"
_TCP_DIALBACK: Method = "TCP dialback"

REMARKS: dict[Warned, str] = {
    "dialback-idle": "With TLS and SASL both Required, dialback will not operate, though it is allowed.",
    "depends-on-partner": "Whether TLS is used depends on the partner.",
}
"""What the document says beside a row, as far as it is no fault by itself and the methods do not tell it: that a negotiation
may fail is seen elsewhere, and so is that SASL needs TLS."""


class Row(Frozen, frozen=True):
    """One combination of TlsNegotiation, SaslNegotiation and SupportDialbackNegotiation."""

    tls: Setting
    sasl: Setting
    dialback: bool
    methods: tuple[Method, ...]
    """What it can end in, best first; none in an invalid row."""
    warned: Warned = ""

    @property
    def valid(self) -> bool:
        """False where nothing is left to authenticate by: SASL has no TLS, and dialback is off."""
        return bool(self.methods)


def _row(tls: Setting, sasl: Setting, dialback: bool, *methods: Method, warned: Warned = "") -> Row:
    return Row(tls=tls, sasl=sasl, dialback=dialback, methods=methods, warned=warned)


MATRIX: tuple[Row, ...] = (
    _row("Required", "Required", True, _SASL, warned="dialback-idle"),
    _row("Required", "Required", False, _SASL),
    _row("Optional", "Required", True, _SASL, _TLS_DIALBACK, _TCP_DIALBACK, warned="sasl-without-tls"),
    _row("Optional", "Required", False, _SASL, warned="sasl-without-tls"),
    _row("NotSupported", "Required", True, _TCP_DIALBACK, warned="sasl-without-tls"),
    _row("NotSupported", "Required", False),
    _row("Required", "Optional", True, _SASL, _TLS_DIALBACK),
    _row("Required", "Optional", False, _SASL),
    _row("Optional", "Optional", True, _SASL, _TLS_DIALBACK, _TCP_DIALBACK, warned="sasl-without-tls"),
    _row("Optional", "Optional", False, _SASL, warned="sasl-without-tls"),
    _row("NotSupported", "Optional", True, _TCP_DIALBACK, warned="sasl-without-tls"),
    _row("NotSupported", "Optional", False),
    _row("Required", "NotSupported", True, _TLS_DIALBACK),
    _row("Required", "NotSupported", False),
    _row("Optional", "NotSupported", True, _TLS_DIALBACK, _TCP_DIALBACK, warned="depends-on-partner"),
    _row("Optional", "NotSupported", False),
    _row("NotSupported", "NotSupported", True, _TCP_DIALBACK),
    _row("NotSupported", "NotSupported", False),
)

DEFAULTS = MATRIX[0]
"""What New-CsXmppAllowedPartner sets where it is told nothing else."""

_BY_SETTINGS: dict[tuple[str, str, bool], Row] = {(row.tls, row.sasl, row.dialback): row for row in MATRIX}


def row_of(tls: str, sasl: str, dialback: bool) -> Row | None:
    """The row of these settings, whatever the case of their letters; None where one of them is no known value."""
    known = {name.lower(): name for name in ("Required", "Optional", "NotSupported")}
    return _BY_SETTINGS.get((known.get(tls.lower(), ""), known.get(sasl.lower(), ""), dialback))


class Offer(Frozen, frozen=True):
    """What a peer was seen to offer. `unknown` is what could not be seen, and proves nothing."""

    tls: Literal["required", "offered", "absent", "broken", "unknown"]
    """`broken`: announced, but no handshake can be finished, with old protocols neither."""
    external: Literal["offered", "absent", "unknown"]
    """SASL EXTERNAL. Some peers offer it to a certificate that they accept alone, so what is not seen is `unknown`; others
    offer it to everybody and judge the certificate when it is used."""
    dialback: Literal["offered", "absent", "unknown"]


class Settlement(Frozen, frozen=True):
    """What our settings and a peer's offer come to."""

    method: Method | None
    """The best method that both sides were seen to have; None where there is none for sure."""
    possible: tuple[Method, ...] = ()
    """What may work, where something was not seen; best first. It has `method` in it."""
    act: Side = ""
    """Who has to change something, where nothing is possible."""
    sentence: str = ""

    @property
    def hopeless(self) -> bool:
        """True where the two sides share no method, whatever the unseen turns out to be."""
        return not self.possible


def settle(ours: Row, offer: Offer) -> Settlement:
    """The negotiation that our settings and the peer's offer end in."""
    verdicts = {method: _works(method, offer) for method in ours.methods}
    possible = tuple(method for method, works in verdicts.items() if works != "no")
    sure = next((method for method in possible if verdicts[method] == "yes"), None)
    if not possible:
        act, sentence = _obstacle(ours, offer)
        return Settlement(method=None, act=act, sentence=sentence)
    if sure is not None:
        return Settlement(method=sure, possible=possible, sentence=f"Both sides can use {sure}.")
    listed = " or ".join(possible)
    return Settlement(method=None, possible=possible, sentence=f"It may end in {listed}: not all could be seen.")


def _works(method: Method, offer: Offer) -> Literal["yes", "no", "maybe"]:
    """Whether the offer has room for a method."""
    if method == _TCP_DIALBACK:
        channel = {"required": "no", "unknown": "maybe"}.get(offer.tls, "yes")
    else:
        channel = {"absent": "no", "broken": "no", "unknown": "maybe"}.get(offer.tls, "yes")
    proof = offer.external if method == _SASL else offer.dialback
    if channel == "no" or proof == "absent":
        return "no"
    return "yes" if channel == "yes" and proof == "offered" else "maybe"


def _obstacle(ours: Row, offer: Offer) -> tuple[Side, str]:
    """Who has to act, and why nothing is possible."""
    if not ours.valid:
        return "us", "Our own settings leave nothing to authenticate by: SASL has no TLS, and dialback is off."
    if offer.tls == "broken" and ours.tls != "NotSupported":
        return "partner", "The partner announces TLS, and no handshake can be finished with it."
    if offer.tls == "required" and ours.tls == "NotSupported":
        return "us", "The partner requires TLS, and our settings for this partner have it NotSupported."
    if offer.tls == "absent" and _TCP_DIALBACK not in ours.methods:
        return "both", "The partner offers no TLS, and our settings for this partner need it."
    if ours.methods == (_SASL,):
        return "both", "Our settings allow SASL alone, and the partner does not offer SASL EXTERNAL."
    if _SASL not in ours.methods:
        return "both", "Our settings allow dialback alone, and the partner does not do dialback."
    return "partner", "The partner offers neither SASL EXTERNAL nor dialback."
