"""Allowed XMPP partners as Get-CsXmppAllowedPartner shows them, and which settings fit what a partner offers."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from checks.knowledge.lync_objects import Properties, flag, has, text, value
from checks.knowledge.xmpp.negotiation import MATRIX, Method, Offer, Row, row_of, settle
from checks.model import Frozen

MOST_ADDITIONAL = 500
"""Further domains of one partner that are read."""
GONE = frozenset({"gmail.com", "googlemail.com"})
"""Domains of the published example whose provider ended federation with XMPP servers. On which day is not confirmed."""
_SETTINGS = {name.lower(): name for name in ("Required", "Optional", "NotSupported")}
_ELLIPSES = ("...", "\N{HORIZONTAL ELLIPSIS}")


class AllowedPartner(Frozen, frozen=True):
    """A partner that the deployment allows. Domains are in lower case."""

    domain: str
    additional: tuple[str, ...] | None = None
    """Further domains of it; None: not shown, or not all of them."""
    tls: str = ""
    """`Required`, `Optional` or `NotSupported`; empty: not shown."""
    sasl: str = ""
    dialback: bool | None = None
    kind: str = ""
    """PartnerType; empty: not shown."""
    keep_alive: bool | None = None
    proxy: str = ""
    """ProxyFqdn in lower case."""
    limit: int | None = None
    """ConnectionLimit; None: not set, or not shown."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            domain=(text(properties, "Identity") or text(properties, "Domain")).strip().lower(),
            additional=_domains(value(properties, "AdditionalDomains")) if has(properties, "AdditionalDomains") else None,
            tls=_SETTINGS.get(text(properties, "TlsNegotiation").lower(), ""),
            sasl=_SETTINGS.get(text(properties, "SaslNegotiation").lower(), ""),
            dialback=flag(properties, "SupportDialbackNegotiation"),
            kind=text(properties, "PartnerType"),
            keep_alive=flag(properties, "EnableKeepAlive"),
            proxy=text(properties, "ProxyFqdn").strip().rstrip(".").lower(),
            limit=number(properties, "ConnectionLimit"),
        )  # fmt: skip

    @property
    def rows(self) -> tuple[Row, ...]:
        """The combinations that its settings can be: one alone where all three were shown."""
        return tuple(
            row
            for row in MATRIX
            if self.tls in {"", row.tls} and self.sasl in {"", row.sasl} and self.dialback in {None, row.dialback}
        )

    def is_for(self, domain: str) -> bool:
        """True where it covers that very domain, in its ASCII form. A domain does not cover those below it."""
        return domain in self._own

    def is_above(self, domain: str) -> bool:
        """True where the domain lies below one of its domains."""
        return any(domain.endswith(f".{own}") for own in self._own if own)

    @property
    def _own(self) -> tuple[str, ...]:
        return tuple(map(_ascii, (self.domain, *(self.additional or ()))))

    def may_hide(self, domain: str) -> bool:
        """True where it may cover the domain by what was not shown of it."""
        return self.additional is None or not self.domain or _is_beginning(self.domain, domain)


def partners_in(objects: Iterable[Properties]) -> tuple[AllowedPartner, ...]:
    """The partners in an answer of Get-CsXmppAllowedPartner."""
    return tuple(map(AllowedPartner.of, objects))


def partner_for(partners: Iterable[AllowedPartner], domain: str) -> AllowedPartner | None:
    """The one that covers a domain: by its own name, else among its further domains; None where none does."""
    known = [one for one in partners if one.is_for(domain)]
    return next((one for one in known if _ascii(one.domain) == domain), known[0] if known else None)


def number(properties: Properties, name: str) -> int | None:
    """A property as a whole number of 32 bits; None where it is null, missing or none."""
    shown = text(properties, name).strip()
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= 10 else None


def _domains(shown: Any) -> tuple[str, ...] | None:
    """The members of a collection, however it travelled; None where not all of them are there."""
    if isinstance(shown, str):
        shown = shown.strip().strip("{}").split(",")
    items = shown if isinstance(shown, list | tuple) else [] if shown is None else [shown]
    named = [_name(item) for item in items[: MOST_ADDITIONAL + 1]]
    if len(named) > MOST_ADDITIONAL or any(name.endswith(_ELLIPSES) for name in named):
        return None
    return tuple(dict.fromkeys(filter(None, named)))


def _name(item: Any) -> str:
    if isinstance(item, Mapping):
        item = next((item[key] for key in ("Domain", "Identity", "Name", "Value") if item.get(key)), "")
    return str(item).strip().rstrip(".").lower() if not str(item).endswith(_ELLIPSES) else str(item)


def _ascii(name: str) -> str:
    """An international domain as DNS has it; as it is where it cannot be one."""
    try:
        return name if name.isascii() or len(name) > 253 else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _is_beginning(shown: str, whole: str) -> bool:
    """True where a table cut the name, and what is left may be the beginning of that one."""
    return shown.endswith(_ELLIPSES) and whole.startswith(shown.rstrip(".\N{HORIZONTAL ELLIPSIS}"))


_ADVISED = tuple(
    row
    for row in (
        row_of("Required", "Optional", True),
        row_of("NotSupported", "NotSupported", True),
    )
    if row is not None
)
"""Settings in the order that they are advised in: TLS and both proofs before anything weaker. None goes without TLS where
the partner has it, and none needs what the document warns of."""


def advised(offer: Offer) -> tuple[Row, Method] | None:
    """The best settings for what a partner offers, with what they end in; None where none fit.

    Where nothing is sure, those of which something may work.
    """
    settled = [(row, settle(row, offer)) for row in _ADVISED]
    sure = next(((row, one.method) for row, one in settled if one.method is not None), None)
    return sure or next(((row, one.possible[0]) for row, one in settled if one.possible), None)


def is_hopeless(offer: Offer) -> bool:
    """True where no settings at all fit what a partner offers."""
    return all(settle(row, offer).hopeless for row in MATRIX)
