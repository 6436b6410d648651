"""The judgement of `xmpp.partner`: who is allowed, and whether the settings can work. Partners as cmdlets show them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.xmpp.negotiation import MATRIX, Offer, Row, settle
from checks.knowledge.xmpp.partner_settings import AllowedPartner, advised, is_hopeless, partner_for, partners_in
from checks.model import Finding, Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects
from checks.xmpp.partner import STEP, Facts, judge
from tests.unit.mobility.told import deployment, gathered

FABRIKAM, CHAT = "fabrikam.com", "chat.fabrikam.com"
CMDLET = "Get-CsXmppAllowedPartner"


def shown(domain: str = FABRIKAM, **more: Any) -> dict[str, Any]:
    """A partner as the cmdlet shows it, with the settings of a healthy deployment."""
    return {
        "Identity": domain, "Domain": domain, "AdditionalDomains": [], "ConnectionLimit": None, "EnableKeepAlive": True,
        "PartnerType": "Federated", "ProxyFqdn": None, "TlsNegotiation": "Optional", "SaslNegotiation": "Optional",
        "SupportDialbackNegotiation": True, **more,
    }  # fmt: skip


def settings(tls: str | None, sasl: str | None, dialback: bool | None, domain: str = FABRIKAM) -> dict[str, Any]:
    return shown(domain, TlsNegotiation=tls, SaslNegotiation=sasl, SupportDialbackNegotiation=dialback)


def judged(*partners: dict[str, Any], partner: str = FABRIKAM, **more: Any) -> Finding:
    return judge(Facts(partner=partner, partners=partners_in(partners), **more))


def without(name: str) -> dict[str, Any]:
    return {key: held for key, held in shown().items() if key != name}


@pytest.mark.parametrize("row", MATRIX)
def test_what_is_fine_does_not_say_that_it_may_fail(row: Row) -> None:
    finding = judged(settings(row.tls, row.sasl, row.dialback))
    said = " ".join((finding.headline, *finding.detail))
    assert ("fail" in said) == (finding.answer == "sasl-without-tls"), said


TABLE: list[tuple[str, Finding]] = [
    ("allowed", judged(shown())),
    ("allowed", judged(shown("FABRIKAM.com"))),
    ("allowed", judged(shown("contoso.com"), shown())),
    ("allowed", judged(shown("contoso.com", AdditionalDomains=["example.net", "Fabrikam.COM"]))),
    ("allowed", judged(shown("contoso.com", AdditionalDomains="{example.net, fabrikam.com}"))),
    ("allowed", judged(shown(), partner="")),
    ("allowed", judged(shown("Bücher.example"), partner="xn--bcher-kva.example")),
    ("not-allowed", judged(shown("bücher..example"), partner="xn--bcher-kva.example")),
    ("allowed", judged(shown(), partial=True)),
    # The defaults: dialback does not operate, which is a fault only where the partner has nothing else.
    ("allowed", judged(settings("Required", "Required", True))),
    ("allowed", judged(settings("NotSupported", "NotSupported", True))),
    # As Windows PowerShell 3.0 writes enums into JSON: no name, no verdict from the numbers.
    ("allowed", judged(settings("2", "2", True))),
    # Whatever was not shown, dialback leaves a way.
    ("allowed", judged(settings(None, None, True))),
    ("allowed", judged(shown(PartnerType="PublicUnverified"))),
    # Another partner's fault has no part in this walk.
    ("allowed", judged(shown(), settings("NotSupported", "Required", False, "contoso.com"))),
    ("allowed", judged(shown(), shown("gmail.com"))),
    ("none-allowed", judged()),
    ("none-allowed", judged(partner="")),
    ("not-seen", judged(partial=True)),
    ("not-seen", judged(partial=True, partner="")),
    ("not-allowed", judged(shown("contoso.com"))),
    # A domain does not cover what lies above it, nor what merely ends alike.
    ("not-allowed", judged(shown(CHAT))),
    ("not-allowed", judged(shown("rikam.com"))),
    ("not-allowed", judged(shown("fabrikam.co"))),
    ("parent-only", judged(shown(), partner=CHAT)),
    ("parent-only", judged(shown("contoso.com", AdditionalDomains=[FABRIKAM]), partner=f"a.{CHAT}")),
    ("allowed", judged(shown(AdditionalDomains=[CHAT]), partner=CHAT)),
    # What was not shown may be just that domain.
    ("not-seen", judged(shown("contoso.com"), partial=True)),
    ("not-seen", judged(shown("contoso.com", AdditionalDomains=["a.example", "b.example..."]))),
    ("not-seen", judged({key: held for key, held in shown("contoso.com").items() if key != "AdditionalDomains"})),
    ("not-seen", judged(shown("fabri..."))),
    ("not-seen", judged({"TlsNegotiation": "Required"})),
    ("invalid", judged(settings("NotSupported", "Required", False))),
    ("invalid", judged(settings("notsupported", "optional", False))),
    ("invalid", judged(settings("Required", "NotSupported", False))),
    # Decided by what was shown, whatever the rest is.
    ("invalid", judged(settings(None, "NotSupported", False))),
    ("invalid", judged(settings("NotSupported", None, False))),
    ("invalid", judged(shown(), settings("NotSupported", "Optional", False, "contoso.com"), partner="")),
    ("not-seen", judged(settings("Required", None, False))),
    ("not-seen", judged(without("SupportDialbackNegotiation") | {"SaslNegotiation": "NotSupported"})),
    ("sasl-without-tls", judged(settings("Optional", "Required", True))),
    ("sasl-without-tls", judged(settings("NotSupported", "Required", True))),
    ("sasl-without-tls", judged(settings("Optional", "Required", False))),
    # Whether TLS is required was not shown.
    ("allowed", judged(settings(None, "Required", True))),
    ("limit-zero", judged(shown(ConnectionLimit=0))),
    ("limit-zero", judged(shown(ConnectionLimit="0"))),
    ("allowed", judged(shown(ConnectionLimit=1))),
    ("allowed", judged(shown(ConnectionLimit="nothing"))),
    ("gone", judged(shown("gmail.com"), partner="gmail.com")),
    ("gone", judged(shown("gmail.com", AdditionalDomains=["googlemail.com"]), partner="googlemail.com")),
    ("gone", judged(shown(), partner="googlemail.com")),
    ("gone", judged(shown(), shown("gmail.com"), partner="")),
    ("not-for-this-seat", judged(unseen=Unseen(reason=Reason.MISSING_INPUT, detail="None.", seat_has_no_shell=True))),
    ("not-seen", judged(unseen=Unseen(reason=Reason.DENIED, detail="Access is denied."))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "finding"), TABLE)
def test_each_list_of_partners(answer: str, finding: Finding) -> None:
    assert finding.answer == answer, finding.headline
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)


def test_the_table_has_every_answer() -> None:
    assert {answer for answer, _ in TABLE} == {answer.name for answer in STEP.answers}


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.tls} {row.sasl} {row.dialback}")
def test_a_combination_fails_exactly_where_the_document_calls_it_invalid(row: Any) -> None:
    finding = judged(settings(row.tls, row.sasl, row.dialback))
    assert (finding.status is Status.FAILED) == (not row.valid)
    if row.valid and finding.answer == "allowed":
        assert all(method in " ".join(finding.detail) for method in row.methods)


def test_what_mends_invalid_settings_is_valid() -> None:
    (remedy,) = judged(settings("NotSupported", "Required", False)).remedies
    changed = shown() | remedy.parameters
    assert judged(changed).status is Status.OK


@pytest.mark.parametrize("dialback", [True, False])
def test_what_gives_sasl_its_tls_does_not_fall_into_the_trap_of_the_defaults(dialback: bool) -> None:
    before = settings("Optional", "Required", dialback)
    (remedy,) = judged(before).remedies
    (after,) = partners_in([before | remedy.parameters])
    assert judged(before | remedy.parameters).answer == "allowed"
    assert after.rows[0].warned == ""


def test_the_defaults_are_named_where_they_are_set() -> None:
    said = " ".join(judged(settings("Required", "Required", True)).detail)
    assert "dialback will not operate" in said
    assert "defaults of New-CsXmppAllowedPartner" in said


def test_one_way_presence_is_explained_and_no_fault() -> None:
    finding = judged(shown(PartnerType="PublicUnverified"))
    assert finding.status is Status.OK
    assert any("only after he has added them" in line for line in finding.detail)


def test_a_domain_below_is_added_to_its_parent() -> None:
    (remedy,) = judged(shown(), partner=CHAT).remedies
    assert remedy.command() == (
        "Set-CsXmppAllowedPartner -Identity fabrikam.com -AdditionalDomains @{Add='chat.fabrikam.com'}"
    )


def test_on_the_edge_the_list_itself_is_looked_at_first() -> None:
    finding = judged(shown("contoso.com"), told_by="edge")
    assert finding.answer == "not-allowed"
    assert not finding.remedies[0].cmdlet
    assert "Replication" in finding.remedies[0].action


async def test_a_front_end_asks_the_store_and_an_edge_its_own_copy_too() -> None:
    says = {CMDLET: Objects(objects=(shown(),))}
    facts, asked = await gathered(STEP, says, deployment(partners=(FABRIKAM,)))
    assert facts.told_by == "deployment"
    assert asked == [Cmdlet(name=CMDLET)]
    facts, asked = await gathered(STEP, says, deployment(Vantage.EDGE, partners=(FABRIKAM,)))
    assert Cmdlet(name=CMDLET, parameters=(("LocalStore", True),), on="edge") in asked
    assert judge(facts).answer == "allowed"


async def test_nothing_at_all_is_unknown_at_a_front_end_and_on_the_edge_and_nothing_for_the_outside() -> None:
    for seat, answer in (
        (Vantage.FRONT_END, "not-seen"),
        (Vantage.EDGE, "not-seen"),
        (Vantage.OUTSIDE, "not-for-this-seat"),
    ):
        facts, _ = await gathered(STEP, {}, deployment(seat, partners=(FABRIKAM,)))
        assert judge(facts).answer == answer, seat


async def test_an_empty_list_is_one_only_where_nothing_went_wrong() -> None:
    refused = Objects(errors=(CmdletError(message="Access is denied.", id="UnauthorizedAccess"),))
    facts, _ = await gathered(STEP, {CMDLET: refused}, deployment(partners=(FABRIKAM,)))
    assert judge(facts).answer == "not-seen"
    facts, _ = await gathered(STEP, {CMDLET: Objects()}, deployment(partners=(FABRIKAM,)))
    assert judge(facts).answer == "none-allowed"


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)  # fmt: skip


@given(
    st.lists(st.dictionaries(st.sampled_from([*shown(), "identity", "x"]), HOSTILE, max_size=8), max_size=4),
    st.sampled_from(["", FABRIKAM, CHAT, "gmail.com"]),
)
def test_whatever_comes_is_judged(objects: list[dict[str, Any]], partner: str) -> None:
    finding = judged(*objects, partner=partner)
    assert finding.answer in {answer.name for answer in STEP.answers}
    assert "\x1b" not in f"{finding.headline}{finding.detail}"


def test_hostile_names_reach_no_screen() -> None:
    finding = judged(shown("\x1b[2Jcontoso.com\u202e"))
    assert "\x1b" not in f"{finding.headline}{finding.detail}"
    assert "\u202e" not in f"{finding.headline}{finding.detail}"


def test_its_own_name_goes_before_a_place_among_further_domains() -> None:
    own, other = AllowedPartner(domain=CHAT), AllowedPartner(domain=FABRIKAM, additional=(CHAT,))
    assert partner_for([other, own], CHAT) is own
    assert partner_for([other], CHAT) is other


OFFERS = [
    Offer(tls=tls, external=external, dialback=dialback)
    for tls in ("required", "offered", "absent", "broken", "unknown")
    for external in ("offered", "absent", "unknown")
    for dialback in ("offered", "absent", "unknown")
]  # fmt: skip


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: f"{offer.tls}-{offer.external}-{offer.dialback}")
def test_what_is_advised_fits_and_nothing_is_advised_only_where_nothing_fits(offer: Offer) -> None:
    found = advised(offer)
    assert (found is None) == is_hopeless(offer)
    if found is not None:
        row, method = found
        assert method in settle(row, offer).possible
        # Encryption is not given up where the partner has it.
        assert (method == "TCP dialback") <= (offer.tls in {"absent", "broken"})
