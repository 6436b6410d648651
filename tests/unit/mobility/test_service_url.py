"""The judgement of `mobility.service-url`, as a table: what was seen, and what it means."""

from typing import Any

import msgspec
import pytest

from checks.deployment import Product, Vantage
from checks.mobility.service_url import STEP, Facts, judge
from checks.model import Reason, Status
from checks.probes import Certificate, Hop, NoTls, Presented, Response, Unanswered, Unreached

HOST = "lyncweb.litwareinc.com"
URL = f"https://{HOST}/mcx/mcxservice.svc"
LYNC = ("X-MS-Server-Fqdn", "atl-cs-001.litwareinc.com")
LOGIN = '<html><title>Guest Wi-Fi</title><form action="/login"><input TYPE="password" name="p"></form>'
NOW = "2026-01-10T12:00:00+00:00"


def facts(reply: Any, **more: Any) -> Facts:
    known = {"host": HOST, "url": URL, "vantage": Vantage.INSIDE, "domain": "litwareinc.com", "external": True}
    return Facts(**{**known, "known_hosts": (HOST, "atl-cs-001.litwareinc.com"), "reply": reply, **more})


def answered(status: int, *headers: tuple[str, str], body: str = "", **more: Any) -> Response:
    return Response(hops=(Hop(url=URL, address="192.0.2.1", status=status, headers=headers, body=body),), **more)


def unreached(phase: Any, kind: Any) -> Unreached:
    return Unreached(phase=phase, kind=kind, detail="as it was seen.", address="192.0.2.1")


def presented(**more: Any) -> Presented:
    leaf = Certificate(
        subject="CN=lyncweb", issuer="CN=Issuing CA", names=(HOST,), not_before="2025-01-01T00:00:00+00:00",
        not_after="2027-01-01T00:00:00+00:00",
    )  # fmt: skip
    issuing = Certificate(
        subject="CN=Issuing CA", issuer="CN=Root CA", not_before="2020-01-01T00:00:00+00:00",
        not_after="2030-01-01T00:00:00+00:00",
    )  # fmt: skip
    leaf = msgspec.structs.replace(leaf, **more.pop("leaf", {}))
    known: dict[str, Any] = {"address": "192.0.2.1", "protocol": "TLSv1.2", "chain": (leaf, issuing), "seen_at": NOW}
    known |= {"verified": False, "rule": "unable to get local issuer certificate"}
    seen = Presented(**known)
    return msgspec.structs.replace(seen, chain=seen.chain[: more.pop("sent", 2)], **more)


TABLE: list[tuple[str, Any, dict[str, Any]]] = [
    ("lync-answers", answered(401, LYNC), {}),
    ("lync-answers", answered(200, LYNC), {}),
    ("lync-answers", answered(200, ("x-ms-server-fqdn", "fe")), {}),
    ("no-lync-header", answered(200), {}),
    ("no-lync-header", answered(401, ("WWW-Authenticate", "NTLM")), {}),
    ("not-lync", answered(200, body=LOGIN), {}),
    ("lync-answers", answered(200, LYNC, body=LOGIN), {}),
    ("not-lync", answered(302, stopped="stranger", location="https://portal.example/login"), {}),
    ("unexpected-status", answered(302, stopped="stranger", location="https://atl-cs-001.litwareinc.com/x"), {}),
    ("unexpected-status", answered(302, stopped="bad-location", location="::"), {}),
    ("redirect-loop", answered(302, stopped="loop", location=URL), {}),
    ("redirect-loop", answered(302, stopped="too-many", location=URL), {}),
    ("forbidden", answered(403, LYNC), {}),
    ("forbidden", answered(403), {}),
    ("not-installed", answered(404, LYNC), {"product": Product.LYNC_2013}),
    ("not-installed", answered(404), {"product": Product.SKYPE_2015}),
    ("not-on-this-version", answered(404), {"product": Product.SKYPE_2019}),
    ("not-on-this-version", answered(404, LYNC), {"product": Product.SUBSCRIPTION_EDITION}),
    ("version-needed", answered(404), {}),
    ("server-error", answered(500, LYNC), {}),
    ("server-error", answered(503), {}),
    ("unexpected-status", answered(418), {}),
    ("name-not-found", unreached("name", "no-such-name"), {}),
    ("name-not-found", unreached("name", "no-address"), {}),
    ("unreachable", unreached("connect", "timeout"), {}),
    ("unreachable", unreached("connect", "no-route"), {}),
    ("refused", unreached("connect", "refused"), {}),
    ("silent", unreached("reply", "silence"), {}),
    ("silent", unreached("reply", "drip"), {}),
    ("silent", unreached("tls", "silence"), {}),
    ("silent", unreached("reply", "reset"), {}),
    ("not-http", unreached("reply", "not-http"), {}),
    ("tls-failed", unreached("tls", "handshake"), {}),
    ("tls-failed", unreached("tls", "handshake"), {"certificate": NoTls(kind="not-tls", detail="plain text.")}),
    ("old-protocol-untested", unreached("tls", "handshake"),
     {"certificate": NoTls(kind="alert", detail="handshake failure", old_protocols_tried=False)}),
    ("tls-untrusted", unreached("tls", "certificate"), {"certificate": presented()}),
    ("tls-untrusted", unreached("tls", "certificate"), {"certificate": presented(leaf={"self_signed": True}, sent=1)}),
    ("tls-incomplete-chain", unreached("tls", "certificate"), {"certificate": presented(sent=1)}),
    ("tls-incomplete-chain", unreached("tls", "certificate"), {"certificate": presented(leaf={"issuer": "CN=Other CA"})}),
    ("tls-wrong-name", unreached("tls", "certificate"),
     {"certificate": presented(leaf={"names": ("mail.litwareinc.com",)}, rule="Hostname mismatch")}),
    ("tls-wrong-name", unreached("tls", "certificate"), {"certificate": presented(leaf={"names": ()})}),
    ("tls-expired", unreached("tls", "certificate"), {"certificate": presented(leaf={"not_after": "2026-01-10T11:59:59+00:00"})}),
    ("tls-not-yet-valid", unreached("tls", "certificate"),
     {"certificate": presented(leaf={"not_before": "2026-01-10T12:00:01+00:00"})}),
    ("tls-weak", unreached("tls", "certificate"), {"certificate": presented(rule="EE certificate key too weak")}),
    ("tls-old-protocol", unreached("tls", "handshake"),
     {"certificate": presented(verified=True, rule="", only_old=True, protocol="TLSv1")}),
    ("tls-failed", unreached("tls", "handshake"), {"certificate": presented(verified=True, rule="")}),
    ("tls-failed", unreached("tls", "handshake"), {"certificate": msgspec.structs.replace(presented(), chain=(Certificate(problem="no DER"),))}),
    ("tls-old-protocol", unreached("tls", "handshake"), {"certificate": presented(only_old=True, protocol="TLSv1")}),
    ("not-seen", Unanswered(reason=Reason.TIMEOUT, detail="the name server does not answer."), {}),
    ("not-seen", answered(511, body=LOGIN), {}),
    ("not-seen", answered(407), {}),
    ("not-seen", unreached("tls", "certificate"), {"certificate": Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody asked.")}),
    ("not-seen", unreached("tls", "handshake"), {"certificate": NoTls(kind="timeout", detail="no answer")}),
    ("not-seen", unreached("tls", "handshake"), {"certificate": NoTls(kind="no-such-name", detail="no name")}),
    ("not-seen", unreached("tls", "certificate"), {"certificate": presented(verified=True, rule="")}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reply", "more"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)])
def test_judgement(answer: str, reply: Any, more: dict[str, Any]) -> None:
    finding = judge(facts(reply, **more))
    assert finding.answer == answer
    assert finding.headline.endswith(".")
    assert finding.link.startswith("https://")
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies, "a fault comes with what to do"
    assert (finding.status is Status.UNKNOWN) == (finding.reason is not None)


def test_every_answer_of_the_step_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_a_wildcard_covers_one_label() -> None:
    seen = presented(leaf={"names": ("*.litwareinc.com",)}, verified=True, rule="")
    assert judge(facts(unreached("tls", "handshake"), certificate=seen)).answer == "tls-failed"
    seen = presented(leaf={"names": ("*.com",)})
    assert judge(facts(unreached("tls", "certificate"), certificate=seen)).answer == "tls-wrong-name"


def test_all_broken_rules_are_told_the_decisive_one_first() -> None:
    seen = presented(leaf={"not_after": "2020-01-01T00:00:00+00:00", "names": ("other.example",)})
    finding = judge(facts(unreached("tls", "certificate"), certificate=seen))
    assert finding.answer == "tls-expired"
    assert any("other.example" in line for line in finding.detail)


def test_facts_survive_the_journal() -> None:
    before = facts(unreached("tls", "certificate"), certificate=presented())
    after = msgspec.convert(msgspec.json.decode(msgspec.json.encode(before)), Facts)
    assert after == before
