"""The judgement of streams between servers: to our Edge, and to a partner."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.model import Reason, Status
from checks.probes import NoTls, Unanswered
from checks.probes.xmpp_facts import Attempt, Features, Header, Opening
from checks.xmpp import partner_stream, stream
from checks.xmpp.stream_judging import OUTCOMES, Facts, judge_side
from checks.xmpp.streams import NOBODY, Seen, Side
from tests.unit.xmpp.peers import (
    EDGE,
    HEADER,
    OURS,
    OVER_TLS,
    PARTNER,
    SERVER,
    attempt,
    presented,
    secured,
    seen,
    stopped,
    unreached,
)

NO_ID, LEGACY = Header(version="1.0"), Header(id="s1")
TLS = presented(SERVER, PARTNER)
REFUSED = NoTls(kind="alert", detail="The handshake was refused: HANDSHAKE_FAILURE.")


def facts(*attempts: Attempt, side: Side = "partner", **more: Any) -> Facts:
    known: dict[str, Any] = {"seen": (seen(*attempts, domain=OURS if side == "ours" else PARTNER),)}
    speaker = PARTNER if side == "ours" else OURS
    return Facts(**{"side": side, "vantage": Vantage.OUTSIDE, "speaker": speaker, **known, **more})


def plain(stage: Any, kind: Any, *error: str) -> Attempt:
    return attempt(plain=Opening(header=None, stopped=stopped(stage, kind, *error)), secured=None)


def over_tls(stage: Any, kind: Any, *error: str, **more: Any) -> Attempt:
    return attempt(secured=secured(TLS, Opening(stopped=stopped(stage, kind, *error))), **more)


GOOD = attempt()
SILENT = plain("stream", "silence")
OLD = attempt(secured=secured(presented(SERVER, PARTNER, only_old=True, protocol="TLSv1", verified=False)))
TABLE: list[tuple[str, Facts]] = [
    ("opens", facts(GOOD)),
    ("opens", facts(GOOD, side="ours")),
    ("opens", facts(GOOD, unreached())),
    ("opens", facts(attempt(plain=Opening(header=HEADER, features=Features(dialback=True)), secured=None))),
    # Direct TLS decides nothing where STARTTLS is there too.
    ("opens", facts(GOOD, attempt(direct=True, secured=secured(REFUSED)))),
    ("opens", facts(attempt(direct=True))),
    ("before-1-0", facts(attempt(plain=Opening(header=LEGACY), secured=None))),
    ("not-xmpp", facts(plain("stream", "not-xml"))),
    ("not-xmpp", facts(plain("stream", "not-xmpp"))),
    ("not-xmpp", facts(plain("stream", "too-much"))),
    ("not-xmpp", facts(attempt(plain=Opening(header=Header(id="s1", version="1.0", namespace="jabber:client"))))),
    ("tls-at-once", facts(plain("stream", "tls-spoken"))),
    ("tls-at-once", facts(plain("stream", "tls-spoken"), attempt(direct=True))),
    ("silent", facts(SILENT)),
    ("silent", facts(plain("stream", "drip"))),
    ("silent", facts(attempt(plain=Opening(header=HEADER, stopped=stopped("features", "silence")), secured=None))),
    ("silent", facts(over_tls("secured stream", "silence"))),
    ("closed", facts(plain("stream", "closed"))),
    ("closed", facts(plain("features", "ended"))),
    ("closed", facts(plain("stream", "closed"), side="ours")),
    ("host-unknown", facts(plain("features", "stream-error", "host-unknown"))),
    ("host-unknown", facts(plain("features", "stream-error", "host-unknown"), side="ours")),
    ("host-unknown", facts(plain("features", "stream-error", "host-gone"))),
    ("host-unknown", facts(plain("features", "stream-error", "host-unknown"), speaker=NOBODY)),
    ("stream-error", facts(plain("features", "stream-error", "host-unknown", "Server-to-server communication is disabled"))),
    ("stream-error", facts(plain("features", "stream-error", "policy-violation"))),
    ("stream-error", facts(plain("features", "stream-error", "it-is-tuesday"))),
    ("stream-error", facts(over_tls("secured features", "stream-error", "unsupported-feature"))),
    ("busy", facts(plain("features", "stream-error", "resource-constraint"))),
    ("busy", facts(plain("features", "stream-error", "system-shutdown"), speaker=NOBODY)),
    ("tls-refused", facts(attempt(secured=None, stopped=stopped("starttls", "failure")))),
    ("tls-refused", facts(attempt(secured=None, stopped=stopped("starttls", "closed")))),
    ("stream-error", facts(attempt(secured=None, stopped=stopped("starttls", "stream-error", "policy-violation")))),
    ("handshake-fails", facts(attempt(secured=secured(REFUSED)))),
    ("handshake-fails", facts(attempt(secured=secured(NoTls(kind="silence", detail="It did not finish."))))),
    ("handshake-fails", facts(attempt(direct=True, secured=secured(REFUSED)))),
    ("old-tls-untested", facts(attempt(secured=secured(NoTls(kind="alert", detail="refused.", old_protocols_tried=False))))),
    ("only-old", facts(OLD)),
    ("no-id", facts(attempt(plain=Opening(header=NO_ID, features=Features(starttls="offered"))))),
    ("no-id", facts(attempt(plain=Opening(header=Header()), secured=None))),
    ("some-fail", facts(GOOD, SILENT)),
    ("some-fail", facts(SILENT, GOOD)),
    ("some-fail", facts(SILENT, OLD)),
    ("silent", facts(SILENT, plain("stream", "closed"))),
    # A server that was not reached is the matter of the ports.
    ("silent", facts(SILENT, unreached())),
    ("only-old", facts(GOOD, OLD)),
    ("not-reached", facts(unreached())),
    ("not-reached", facts()),
    # What proves little: a stranger, and somebody who showed no certificate.
    ("stranger-refused", facts(plain("features", "stream-error", "host-unknown"), side="ours", speaker=NOBODY)),
    ("stranger-refused", facts(plain("features", "stream-error", "policy-violation"), speaker=NOBODY)),
    ("stranger-refused", facts(plain("features", "stream-error", "not-authorized"), side="ours", speaker=NOBODY)),
    ("proof-wanted", facts(over_tls("secured features", "stream-error", "not-authorized"))),
    ("proof-wanted", facts(over_tls("secured stream", "alert"))),
    ("proof-wanted", facts(over_tls("secured stream", "closed"))),
    ("proof-wanted", facts(attempt(secured=secured(NoTls(kind="alert", detail="CERTIFICATE_REQUIRED"))))),
    ("proof-wanted", facts(plain("features", "stream-error", "policy-violation", "Your server's certificate is not trusted"))),
    ("opens", facts(over_tls("secured stream", "alert", certified=secured(TLS, OVER_TLS)))),
    ("closed", facts(over_tls("secured stream", "alert", certified=secured(TLS, Opening(stopped=stopped("secured stream", "alert")))))),
    ("stream-error", facts(over_tls("secured features", "stream-error", "not-authorized", certified=secured(TLS, Opening())))),
    ("not-seen", facts(attempt(secured=None, stopped=stopped("tls", "closed")))),
    ("no-partner", Facts(side="partner", vantage=Vantage.OUTSIDE)),
    ("no-domain", Facts(side="ours", vantage=Vantage.OUTSIDE)),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "told"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_the_answer(answer: str, told: Facts) -> None:
    found = judge_side(told)
    assert found.answer == answer, found.headline
    assert (found.reason is None) == (found.status is not Status.UNKNOWN)
    if found.status in {Status.FAILED, Status.WARNING}:
        assert found.remedies
        assert all("{" not in remedy.action for remedy in found.remedies)


def test_every_answer_is_in_the_table_and_each_side_declares_what_it_may_conclude() -> None:
    told = {(told.side, answer) for answer, told in TABLE}
    for side, away in (("ours", "no-partner"), ("partner", "no-domain")):
        names = {answer.name for answer in OUTCOMES[side].answers}  # type: ignore[index]
        assert away not in names
    declared = {answer.name for outcomes in OUTCOMES.values() for answer in outcomes.answers}
    assert declared - {"not-from-here"} <= {answer for _, answer in told}
    assert (stream.STEP.judge, partner_stream.STEP.judge) == (stream.judge, partner_stream.judge)


NOBODY_LOOKED = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")


@pytest.mark.parametrize(
    ("live", "answer", "reason"),
    [
        (False, NOBODY_LOOKED, "not-from-here"),
        (True, NOBODY_LOOKED, "not-seen"),
        (False, Unanswered(reason=Reason.TIMEOUT, detail="It took too long."), "not-seen"),
        (True, Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail="Not through a proxy."), "not-seen"),
    ],
)
def test_what_this_seat_cannot_see_is_not_what_it_did_not_see(live: bool, answer: Unanswered, reason: str) -> None:
    told = Facts(side="ours", vantage=Vantage.EDGE, seen=(Seen(domain=OURS, facts=answer),), speaker=PARTNER, live=live)
    found = judge_side(told)
    assert found.answer == reason
    assert found.command


def test_of_several_domains_the_gravest_stands_and_the_others_are_told() -> None:
    domains = (seen(attempt(EDGE), domain=OURS), seen(SILENT, domain="emea.litwareinc.com"))
    found = judge_side(facts(side="ours", seen=domains))
    assert found.answer == "silent"
    assert "emea.litwareinc.com" in found.headline
    assert any(OURS in line for line in found.detail)
    both = (seen(attempt(EDGE), domain=OURS), seen(attempt(EDGE), domain="emea.litwareinc.com"))
    assert judge_side(facts(side="ours", seen=both)).answer == "opens"


def test_what_the_partner_has_to_do_is_a_message_with_the_partners_own_names() -> None:
    [remedy] = judge_side(facts(plain("features", "stream-error", "policy-violation", "You are blocked"))).remedies
    for word in (SERVER, PARTNER, OURS, "policy-violation: You are blocked"):
        assert word in remedy.action
    assert PARTNER in remedy.who


def test_a_stranger_is_told_how_to_ask_in_a_name() -> None:
    found = judge_side(facts(plain("features", "stream-error", "policy-violation"), speaker=NOBODY))
    assert any("--from" in line for line in found.detail)


STAGES = st.sampled_from(["stream", "features", "starttls", "tls", "secured stream", "secured features"])
KINDS = st.sampled_from(
    ["silence", "drip", "closed", "ended", "tls-spoken", "not-xml", "not-xmpp", "too-much", "alert", "stream-error",
     "failure", "no-time"]
)  # fmt: skip


@given(
    st.booleans(), STAGES, KINDS, st.text(max_size=30), st.text(max_size=60), st.sampled_from(["plain", "tls", "way"])
)
def test_whatever_a_server_says_there_is_a_finding(
    ours: bool, stage: Any, kind: Any, condition: str, text: str, where: str
) -> None:
    end = stopped(stage, kind, condition, text)
    opening = Opening(stopped=end)
    one = {
        "plain": attempt(plain=opening, secured=None),
        "tls": attempt(secured=secured(TLS, opening)),
        "way": attempt(secured=None, stopped=end),
    }[where]
    found = judge_side(facts(one, side="ours" if ours else "partner"))
    assert found.answer not in {"opens", "before-1-0"}
    assert found.headline.endswith(".")
