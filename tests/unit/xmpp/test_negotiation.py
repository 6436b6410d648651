"""The judgement of `xmpp.negotiation`: our settings for a partner against what its servers were seen to offer."""

from typing import Any

import pytest

from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.xmpp.negotiation import MATRIX, Offer, settle
from checks.knowledge.xmpp.partner_settings import AllowedPartner
from checks.model import Finding, Reason, Status
from checks.probes import Objects, Unanswered
from checks.probes.xmpp_facts import Attempt, Features, Header, Opening, Secured, StreamError, Verified
from checks.xmpp.negotiation import STEP, Facts, judge
from checks.xmpp.negotiation_wording import offered
from checks.xmpp.streams import NOBODY, Seen
from tests.unit.mobility.told import deployment, gathered
from tests.unit.xmpp.peers import PARTNER, SERVER, attempt, presented, secured, seen, unreached

QUIET = Header(id="s1", sender=PARTNER, version="1.0", namespace="jabber:server")
ANSWERS = Verified(outcome="invalid", over_tls=True)
REFUSES = Verified(outcome="stream-error", over_tls=True, error=StreamError(condition="unsupported-stanza-type"))
SILENT = Verified(outcome="silence", over_tls=True)
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="There is no shell.", seat_has_no_shell=True)
NOBODY_LOOKED = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")


def offering(
    tls: str = "offered", external: str = "unknown", dialback: str = "offered", address: str = "192.0.2.1", **more: Any
) -> Attempt:
    """A server that was seen to offer this."""
    announced = dialback == "offered"
    plain = None if tls == "unknown" else Features(starttls=tls, dialback=announced)  # type: ignore[arg-type]
    over = Features(dialback=announced, mechanisms=("EXTERNAL",) if external == "offered" else ())
    shown = secured(presented(SERVER, PARTNER), Opening(header=QUIET, features=over))
    with_tls: Secured | None = None if tls == "absent" else shown
    known: dict[str, Any] = {
        "plain": Opening(header=QUIET, features=plain),
        "secured": with_tls,
        "certified": shown if external == "absent" else None,
        "verified": {"offered": ANSWERS, "absent": REFUSES, "unknown": None}[dialback],
    }
    return attempt(address=address, **{**known, **more})


def test_the_servers_of_these_tests_offer_what_they_say() -> None:
    for tls in ("required", "offered", "absent"):
        for dialback in ("offered", "absent", "unknown"):
            for external in ("absent", "unknown") if tls == "absent" else ("offered", "absent", "unknown"):
                found = offering(tls, external, dialback).offer
                assert (found.tls, found.external, found.dialback) == (tls, external, dialback)


def ours(tls: str = "Optional", sasl: str = "Optional", dialback: bool = True) -> AllowedPartner:
    return AllowedPartner(domain=PARTNER, additional=(), tls=tls, sasl=sasl, dialback=dialback)


def judged(*attempts: Attempt, **more: Any) -> Finding:
    known: dict[str, Any] = {
        "partner": PARTNER,
        "speaker": "litwareinc.com",
        "seen": (seen(*attempts),),
        "settings": ours(),
    }
    return judge(Facts(**{**known, **more}))


SASL_ALONE = ours("Required", "Required", dialback=True)
DIALBACK_ALONE = ours("Required", "NotSupported", dialback=True)
AS_FOR_GOOGLE = ours("NotSupported", "NotSupported", dialback=True)
WITHOUT_DIALBACK_DIRECT = attempt(
    direct=True,
    secured=secured(presented(SERVER, PARTNER), Opening(header=QUIET, features=Features())),
    verified=REFUSES,
)
TABLE: list[tuple[str, Finding]] = [
    ("settles", judged(offering())),
    ("settles", judged(offering("required"))),
    ("settles", judged(offering("offered", "offered"), settings=SASL_ALONE)),
    ("settles", judged(offering("absent", "unknown"), settings=AS_FOR_GOOGLE)),
    ("settles", judged(offering(verified=SILENT))),
    ("settles", judged(offering(), unreached())),
    ("settles", judged(offering(), offering("offered", "unknown", "unknown", "192.0.2.2"))),
    # A server from before XMPP 1.0 has dialback alone, which its header declares and its answer shows.
    ("settles", judged(attempt(plain=Opening(header=Header(id="s1", declares_dialback=True)), secured=None, verified=ANSWERS))),
    # Direct TLS decides nothing where STARTTLS is there too.
    ("settles", judged(WITHOUT_DIALBACK_DIRECT, offering(), settings=DIALBACK_ALONE)),
    ("no-shared-proof", judged(WITHOUT_DIALBACK_DIRECT, settings=DIALBACK_ALONE)),
    # A missing EXTERNAL without our certificate proves nothing: the trap of the defaults stays open.
    ("untested", judged(offering(), settings=SASL_ALONE)),
    ("untested", judged(offering("offered", "unknown", "absent"))),
    ("untested", judged(offering("unknown", "unknown", "unknown"))),
    ("no-shared-proof", judged(offering("offered", "absent"), settings=SASL_ALONE)),
    ("no-shared-proof", judged(offering("offered", "unknown", "absent"), settings=DIALBACK_ALONE)),
    ("tls-missing", judged(offering("absent", "unknown"), settings=SASL_ALONE)),
    ("tls-missing", judged(offering("absent", "unknown"), settings=ours("Optional", "Optional", dialback=False))),
    ("tls-refused-by-us", judged(offering("required"), settings=AS_FOR_GOOGLE)),
    ("nothing-offered", judged(offering("absent", "unknown", "absent"))),
    ("nothing-offered", judged(offering("offered", "absent", "absent"), settings=None, unseen=AWAY)),
    ("some-servers", judged(offering(), offering("offered", "unknown", "absent", "192.0.2.2"), settings=DIALBACK_ALONE)),
    ("offered", judged(offering(), settings=None, unseen=AWAY)),
    ("offered", judged(offering("absent", "unknown"), settings=None, unseen=AWAY, speaker=NOBODY)),
    ("not-seen", judged(offering(), settings=None, unseen=Unseen(reason=Reason.TIMEOUT, detail="The shell is silent."))),
    ("not-seen", judged(offering(), settings=AllowedPartner(domain=PARTNER, tls="Required"))),
    ("not-seen", judged(unreached())),
    ("not-seen", judged()),
    ("not-seen", judged(seen=(Seen(domain=PARTNER, facts=NOBODY_LOOKED),))),
    ("not-from-here", judged(seen=(Seen(domain=PARTNER, facts=NOBODY_LOOKED),), live=False)),
    ("no-partner", judge(Facts())),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "finding"), TABLE)
def test_each_pair_of_sides(answer: str, finding: Finding) -> None:
    assert finding.answer == answer, finding.headline
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)


def test_the_table_has_every_answer() -> None:
    assert {answer for answer, _ in TABLE} == {answer.name for answer in STEP.answers}


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.tls} {row.sasl} {row.dialback}")
def test_it_fails_exactly_where_no_method_is_left(row: Any) -> None:
    for tls in ("required", "offered", "absent"):
        for external in ("offered", "absent", "unknown"):
            for dialback in ("offered", "absent", "unknown"):
                server = offering(tls, external, dialback)
                finding = judged(server, settings=ours(row.tls, row.sasl, row.dialback))
                settled = settle(row, server.offer)
                assert (finding.status is Status.FAILED) == settled.hopeless, (tls, external, dialback, finding.answer)
                assert (finding.status is Status.OK) == (settled.method is not None)
                if settled.method is not None:
                    assert settled.method in finding.headline


def proposed(finding: Finding) -> AllowedPartner | None:
    """Our settings after the remedy that changes them."""
    for remedy in finding.remedies:
        if remedy.cmdlet == "Set-CsXmppAllowedPartner":
            set_to = remedy.parameters
            return ours(set_to["TlsNegotiation"], set_to["SaslNegotiation"], set_to["SupportDialbackNegotiation"])
    return None


@pytest.mark.parametrize("finding", [finding for _, finding in TABLE if finding.status is Status.FAILED])
def test_every_failure_says_whose_side_acts(finding: Finding) -> None:
    to_partner = [remedy for remedy in finding.remedies if PARTNER in remedy.action]
    assert proposed(finding) is not None or to_partner
    if finding.answer == "tls-refused-by-us":
        assert not to_partner
    if finding.answer == "nothing-offered":
        assert proposed(finding) is None


def test_our_new_settings_meet_the_offer() -> None:
    for row in MATRIX:
        for tls in ("required", "offered", "absent"):
            for dialback in ("offered", "absent"):
                server = offering(tls, "unknown", dialback)
                finding = judged(server, settings=ours(row.tls, row.sasl, row.dialback))
                changed = proposed(finding)
                if changed is not None:
                    assert judged(server, settings=changed).status is not Status.FAILED


def test_encryption_is_given_up_last_and_said_aloud() -> None:
    first, second = judged(offering("absent", "unknown"), settings=SASL_ALONE).remedies
    assert "STARTTLS" in first.action
    assert second.parameters["TlsNegotiation"] == "NotSupported"
    assert "unencrypted" in second.risk


def test_the_trap_of_the_defaults_is_named() -> None:
    for finding in (
        judged(offering(), settings=SASL_ALONE),
        judged(offering("offered", "absent"), settings=SASL_ALONE),
    ):
        assert any("dialback does not operate" in line for line in finding.detail), finding.answer


def test_the_settings_are_those_of_the_entry_that_covers_the_partner() -> None:
    entry = AllowedPartner(
        domain="contoso.com", additional=(PARTNER,), tls="NotSupported", sasl="NotSupported", dialback=True
    )
    (remedy,) = judged(offering("required"), settings=entry).remedies
    assert remedy.parameters["Identity"] == "contoso.com"


def test_a_server_that_keeps_silent_about_keys_is_no_fault() -> None:
    assert any("did not answer a question about a key" in line for line in judged(offering(verified=SILENT)).detail)


def test_without_lync_it_says_what_would_fit() -> None:
    finding = judged(offering("absent", "unknown"), settings=None, unseen=AWAY)
    assert finding.status is Status.OK
    assert any("TLS NotSupported, SASL NotSupported, dialback True" in line for line in finding.detail)
    assert Offer(tls="absent", external="unknown", dialback="offered") == offering("absent", "unknown").offer


async def test_without_a_partner_nothing_is_asked() -> None:
    facts, asked = await gathered(STEP, {}, deployment(Vantage.EDGE))
    assert (judge(facts).answer, asked) == ("no-partner", [])


async def test_a_front_end_knows_the_settings_and_not_the_offer() -> None:
    shown = {"Identity": PARTNER, "AdditionalDomains": [], "TlsNegotiation": "Required"}
    says = {"Get-CsXmppAllowedPartner": Objects(objects=(shown,))}
    facts, _ = await gathered(STEP, says, deployment(partners=(PARTNER,)))
    assert facts.settings is not None
    assert judge(facts).answer == "not-from-here"


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (("offered", "unknown", "offered"), "TLS and dialback"),
        (("absent", "unknown", "offered"), "dialback, but no TLS"),
        (("offered", "offered", "absent"), "TLS and SASL EXTERNAL, but no dialback"),
        (("absent", "unknown", "absent"), "no TLS and no dialback"),
        (("required", "absent", "unknown"), "TLS (required) and perhaps dialback, but no SASL EXTERNAL"),
    ],
)
def test_an_offer_reads_without_doubt(offer: Any, said: str) -> None:
    tls, external, dialback = offer
    assert offered(Offer(tls=tls, external=external, dialback=dialback)) == said
