"""The negotiation matrix, row for row, and what it comes to with a peer's offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.xmpp.negotiation import DEFAULTS, MATRIX, Offer, Row, row_of, settle

TABLE = """
Required     Required     True  | SASL over TLS                              | dialback-idle
Required     Required     False | SASL over TLS                              |
Optional     Required     True  | SASL over TLS, TLS dialback, TCP dialback  | sasl-without-tls
Optional     Required     False | SASL over TLS                              | sasl-without-tls
NotSupported Required     True  | TCP dialback                               | sasl-without-tls
NotSupported Required     False | invalid                                    |
Required     Optional     True  | SASL over TLS, TLS dialback                |
Required     Optional     False | SASL over TLS                              |
Optional     Optional     True  | SASL over TLS, TLS dialback, TCP dialback  | sasl-without-tls
Optional     Optional     False | SASL over TLS                              | sasl-without-tls
NotSupported Optional     True  | TCP dialback                               | sasl-without-tls
NotSupported Optional     False | invalid                                    |
Required     NotSupported True  | TLS dialback                               |
Required     NotSupported False | invalid                                    |
Optional     NotSupported True  | TLS dialback, TCP dialback                 | depends-on-partner
Optional     NotSupported False | invalid                                    |
NotSupported NotSupported True  | TCP dialback                               |
NotSupported NotSupported False | invalid                                    |
"""
"""As Microsoft's page has it."""
ROWS = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("line", ROWS, ids=[row[0] for row in ROWS])
def test_each_row_is_the_documents(line: list[str]) -> None:
    settings, methods, warned = line
    tls, sasl, dialback = settings.split()
    row = row_of(tls, sasl, dialback == "True")
    assert row is not None
    assert (", ".join(row.methods) or "invalid") == methods
    assert (row.warned, row.valid) == (warned, methods != "invalid")


def test_the_matrix_is_complete_and_has_five_invalid_rows() -> None:
    assert len({(row.tls, row.sasl, row.dialback) for row in MATRIX}) == len(MATRIX) == len(ROWS) == 18
    assert sum(not row.valid for row in MATRIX) == 5
    assert (DEFAULTS.tls, DEFAULTS.sasl, DEFAULTS.dialback) == ("Required", "Required", True)
    assert not any("dialback" in method for method in DEFAULTS.methods)


@pytest.mark.parametrize("values", [("", "Required"), ("Required", "always"), ("0", "1")])
def test_a_value_that_nobody_knows_has_no_row(values: tuple[str, str]) -> None:
    assert row_of(*values, True) is None


def test_the_case_of_a_value_does_not_matter() -> None:
    assert row_of("notsupported", "OPTIONAL", True) == row_of("NotSupported", "Optional", True)


def ours(tls: str, sasl: str, dialback: bool) -> Row:
    row = row_of(tls, sasl, dialback)
    assert row is not None
    return row


DIALBACK_ONLY = Offer(tls="absent", external="absent", dialback="offered")
TLS_DIALBACK = Offer(tls="offered", external="absent", dialback="offered")
STRICT = Offer(tls="required", external="offered", dialback="absent")
UNSEEN = Offer(tls="required", external="unknown", dialback="offered")


@pytest.mark.parametrize(
    ("row", "offer", "method", "act"),
    [
        (DEFAULTS, STRICT, "SASL over TLS", ""),
        (DEFAULTS, TLS_DIALBACK, None, "both"),
        (DEFAULTS, DIALBACK_ONLY, None, "both"),
        (ours("Required", "Optional", True), TLS_DIALBACK, "TLS dialback", ""),
        (ours("Required", "Optional", True), DIALBACK_ONLY, None, "both"),
        (ours("Optional", "Optional", True), DIALBACK_ONLY, "TCP dialback", ""),
        (ours("Optional", "Optional", True), STRICT, "SASL over TLS", ""),
        (ours("NotSupported", "NotSupported", True), DIALBACK_ONLY, "TCP dialback", ""),
        (ours("NotSupported", "NotSupported", True), STRICT, None, "us"),
        (ours("Required", "NotSupported", True), STRICT, None, "both"),
        (ours("NotSupported", "Required", False), STRICT, None, "us"),
        (DEFAULTS, Offer(tls="broken", external="unknown", dialback="unknown"), None, "partner"),
        (
            ours("Optional", "Optional", True),
            Offer(tls="offered", external="absent", dialback="absent"),
            None,
            "partner",
        ),
    ],
)
def test_what_settings_and_offer_come_to(row: Row, offer: Offer, method: str | None, act: str) -> None:
    settled = settle(row, offer)
    assert (settled.method, settled.act, settled.hopeless) == (method, act, method is None)
    assert settled.sentence.endswith(".")


def test_what_was_not_seen_is_neither_yes_nor_no() -> None:
    settled = settle(DEFAULTS, UNSEEN)
    assert (settled.method, settled.possible, settled.act) == (None, ("SASL over TLS",), "")
    assert settle(ours("Required", "Optional", True), UNSEEN).method == "TLS dialback"


OFFERS = st.builds(
    Offer,
    tls=st.sampled_from(["required", "offered", "absent", "broken", "unknown"]),
    external=st.sampled_from(["offered", "absent", "unknown"]),
    dialback=st.sampled_from(["offered", "absent", "unknown"]),
)


@given(st.sampled_from(MATRIX), OFFERS)
def test_a_settlement_is_always_one_that_the_row_allows(row: Row, offer: Offer) -> None:
    settled = settle(row, offer)
    assert set(settled.possible) <= set(row.methods)
    assert settled.method is None or settled.method in settled.possible
    assert settled.hopeless == bool(settled.act)
    if not row.valid:
        assert settled.act == "us"
    if settled.hopeless and row.valid:
        # Somebody was seen to lack something: the unseen alone never makes it hopeless.
        assert "absent" in {offer.tls, offer.external, offer.dialback} or offer.tls in {"broken", "required"}
