"""The judgement of certificates between XMPP servers: presented by either side, and assigned on our Edge."""

from typing import Any

import pytest

from checks.deployment import Vantage
from checks.knowledge.assigned_certificates import OF_EDGE, Assigned, assigned_certificates
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.xmpp.names import PresentedNames
from checks.knowledge.xmpp.negotiation import row_of
from checks.model import Reason, Status
from checks.probes import Objects, Unanswered
from checks.probes.xmpp_facts import Attempt, Features, Header, Opening, Secured, Target
from checks.xmpp import certificate, partner_certificate
from checks.xmpp.certificate_answers import OUTCOMES, Facts
from checks.xmpp.certificate_judging import judge_side
from checks.xmpp.streams import Seen, Side
from tests.unit.mobility.told import deployment, gathered
from tests.unit.xmpp.peers import (
    EDGE,
    HEADER,
    NOW,
    OFFERED,
    OURS,
    OVER_TLS,
    PARTNER,
    SERVER,
    UNKNOWN_ISSUER,
    attempt,
    presented,
    secured,
    seen,
    stopped,
    unreached,
)

EMEA = f"emea.{OURS}"
ENDED: dict[str, Any] = {"not_after": "2026-01-10T11:59:59+00:00"}
NOT_BEGUN: dict[str, Any] = {"not_before": "2026-01-10T12:00:01+00:00"}
SERVERS_ONLY: dict[str, Any] = {"purposes": ("serverAuth",)}
ASSIGNED = Assigned(
    use="AccessEdgeExternal", subject=f"CN={EDGE}", names=(EDGE, OURS), not_after="2027-01-01", thumbprint="A9D5"
)


def of_edge(*names: str, host: str = EDGE, address: str = "192.0.2.1", **more: Any) -> Attempt:
    return attempt(host, address, secured=secured(presented(*(names or (EDGE, OURS)), **more)))


def of_partner(
    *names: str, address: str = "192.0.2.2", plain: Opening = OFFERED, over: Opening = OVER_TLS, **more: Any
) -> Attempt:
    return attempt(
        SERVER, address, plain=plain, secured=secured(presented(*(names or (SERVER, PARTNER)), **more), over)
    )


def ours(*attempts: Attempt, **more: Any) -> Facts:
    known: dict[str, Any] = {"seen": (seen(*attempts, domain=OURS),), "vantage": Vantage.OUTSIDE}
    return Facts(**{"side": "ours", **known, **more})


def partners(*attempts: Attempt, **more: Any) -> Facts:
    return Facts(**{"side": "partner", "vantage": Vantage.OUTSIDE, "seen": (seen(*attempts),), **more})


def on_edge(**more: Any) -> Facts:
    nobody = Seen(domain=OURS, facts=Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked."))
    known: dict[str, Any] = {"assigned": (ASSIGNED,), "clock": NOW, "live": False, "seen": (nobody,)}
    return Facts(**{"side": "ours", "vantage": Vantage.EDGE, **known, **more})


def assigned(**more: Any) -> tuple[Assigned, ...]:
    known: dict[str, Any] = {"use": ASSIGNED.use, "subject": ASSIGNED.subject, "names": ASSIGNED.names}
    return (Assigned(**{**known, "not_after": ASSIGNED.not_after, "thumbprint": "A9D5", **more}),)


NO_DIALBACK = Opening(header=HEADER, features=Features(starttls="offered"))
PLAIN = attempt(EDGE, plain=Opening(header=HEADER, features=Features(dialback=True)), secured=None)
LEGACY = attempt(plain=Opening(header=Header(id="s1")), secured=None)
NO_SHELL = Unseen(reason=Reason.MISSING_INPUT, detail="No shell.", seat_has_no_shell=True)
LOST = Unseen(reason=Reason.TIMEOUT, detail="The shell is silent.")
UNREADABLE = presented(leaf={"subject": "", "problem": "no DER"}, verified=False)
BY_ADDRESS = Secured(tls=presented(EDGE), names=PresentedNames(xmpp=(OURS,)))

TABLE: list[tuple[str, Facts]] = [
    ("accepted", ours(of_edge())),
    ("accepted", ours(of_edge(EDGE, OURS.upper(), f"*.{OURS}", f"xmpp.{OURS}"))),
    ("accepted", ours(attempt(EDGE, secured=BY_ADDRESS))),
    ("accepted", ours(of_edge(leaf={"purposes": ()}))),
    ("accepted", ours(of_edge(leaf={"key": "EC secp256r1, SHA256"}))),
    # Over an old protocol nothing is verified, so neither trust nor distrust follows.
    ("not-seen", ours(of_edge(only_old=True, verified=False, protocol="TLSv1"))),
    ("untrusted", ours(of_edge(only_old=True, verified=False, protocol="TLSv1", sent=1, leaf={"self_signed": True}))),
    ("wrong-name", ours(of_edge(EDGE, only_old=True, verified=False, protocol="TLSv1"))),
    ("expired", ours(of_edge(only_old=True, verified=False, protocol="TLSv1", leaf=ENDED))),
    ("accepted", ours(of_edge(), unreached())),
    ("accepted", partners(of_partner())),
    ("accepted", partners(of_partner(leaf=SERVERS_ONLY))),
    # A partner's servers may each have their own.
    ("accepted", partners(of_partner(), of_partner(leaf={"subject": "CN=other"}))),
    # So may Edge pools; computers of one pool may not.
    ("accepted", ours(of_edge(), of_edge(host=f"sip2.{OURS}", leaf={"subject": "CN=other"}))),
    ("differs", ours(of_edge(), of_edge(leaf={"subject": "CN=other"}))),
    ("differs", ours(of_edge(), of_edge(host=EDGE.upper(), leaf={"not_after": "2027-02-01T00:00:00+00:00"}))),
    ("expired", ours(of_edge(leaf=ENDED, **UNKNOWN_ISSUER))),
    ("expired", ours(of_edge(OURS, leaf=ENDED, only_old=True, verified=False))),
    ("expired", partners(of_partner(leaf=ENDED, **UNKNOWN_ISSUER))),
    ("expired", ours(of_edge(EDGE, leaf={**ENDED, "self_signed": True}, sent=1, **UNKNOWN_ISSUER))),
    ("not-yet-valid", ours(of_edge(leaf=NOT_BEGUN, **UNKNOWN_ISSUER))),
    ("expired", partners(of_partner(leaf=ENDED, **UNKNOWN_ISSUER), settings=row_of("Required", "Required", True))),
    ("expired", partners(of_partner(leaf=ENDED, plain=NO_DIALBACK, over=NO_DIALBACK, **UNKNOWN_ISSUER), settings=row_of("Optional", "Optional", True))),
    ("common-name", ours(attempt(EDGE, secured=Secured(tls=presented(), names=PresentedNames(common=(OURS,)))))),
    ("common-name", partners(attempt(secured=Secured(tls=presented(), names=PresentedNames(common=(PARTNER,)))))),
    ("common-name", on_edge(assigned=assigned(names=(), subject=f"CN={OURS}, O=Litware"))),
    ("wrong-name", on_edge(assigned=assigned(names=(), subject=f"CN={EDGE}, O={OURS}"))),
    ("wrong-name", partners(attempt(secured=Secured(tls=presented(), names=PresentedNames(hosts=(SERVER,), common=(PARTNER,)))))),
    ("weak", partners(of_partner(leaf={"key": "RSA 1024, SHA256"}), settings=row_of("Optional", "Optional", True))),
    ("dialback-instead", partners(of_partner(leaf=ENDED, **UNKNOWN_ISSUER), settings=row_of("Optional", "Optional", True))),
    ("dialback-instead", partners(of_partner(leaf=ENDED, **UNKNOWN_ISSUER), of_partner(), settings=row_of("Required", "Optional", True))),
    ("dialback-alone", partners(of_partner(SERVER), settings=row_of("Optional", "NotSupported", True))),
    ("not-yet-valid", partners(of_partner(leaf=NOT_BEGUN, **UNKNOWN_ISSUER))),
    ("untrusted", ours(of_edge(**UNKNOWN_ISSUER))),
    ("untrusted", ours(of_edge(EDGE, **UNKNOWN_ISSUER))),
    ("untrusted", partners(of_partner(sent=1, leaf={"self_signed": True}, **UNKNOWN_ISSUER))),
    ("untrusted", partners(of_partner(verified=False, rule="unsuitable certificate purpose (code 26)"))),
    ("incomplete-chain", ours(of_edge(sent=1, **UNKNOWN_ISSUER))),
    ("incomplete-chain", partners(of_partner(sent=1, **UNKNOWN_ISSUER))),
    ("wrong-name", ours(of_edge(EDGE))),
    ("wrong-name", ours(of_edge(f"xmpp.{OURS}", f"*.{OURS}"))),
    ("wrong-name", ours(of_edge(OURS), seen=(seen(of_edge(OURS), domain=OURS), seen(of_edge(OURS), domain=EMEA)))),
    ("wrong-name", ours(of_edge(EDGE, only_old=True, verified=False))),
    ("wrong-name", partners(of_partner(SERVER))),
    ("no-client-purpose", ours(of_edge(leaf=SERVERS_ONLY))),
    ("no-client-purpose", ours(of_edge(leaf={**SERVERS_ONLY, "key": "RSA 1024, SHA1"}))),
    ("weak", ours(of_edge(leaf={"key": "RSA 1024, SHA256"}))),
    ("weak", ours(of_edge(verified=False, rule="EE certificate key too weak (code 66)"))),
    ("weak", partners(of_partner(leaf={"key": "RSA 2047, SHA256"}))),
    ("not-everywhere", ours(of_edge(), of_edge(address="192.0.2.3", leaf=ENDED, **UNKNOWN_ISSUER))),
    ("not-everywhere", partners(of_partner(leaf=ENDED, **UNKNOWN_ISSUER), of_partner())),
    # All bad, each in its own way: the gravest.
    ("expired", partners(of_partner(SERVER), of_partner(leaf=ENDED, **UNKNOWN_ISSUER))),
    # Nothing in it explains the refusal: the clocks may differ.
    ("not-seen", ours(of_edge(verified=False, rule="certificate has expired (code 10)"))),
    ("not-seen", ours(attempt(EDGE, secured=secured(UNREADABLE)))),
    ("not-seen", ours(unreached())),
    ("not-seen", partners(attempt(secured=None, stopped=stopped("starttls", "failure")))),
    ("no-tls", ours(PLAIN)),
    ("no-tls", partners(LEGACY)),
    # On the Edge, by what it has assigned.
    ("accepted", on_edge()),
    ("accepted", on_edge(clock="")),
    ("accepted", on_edge(assigned=assigned(names=None))),
    ("expired", on_edge(assigned=assigned(not_after="2026-01-09"))),
    ("expired", on_edge(assigned=assigned(not_after="2026-01-09", names=(EDGE,)))),
    # Without a clock, and on its last day, it has not ended.
    ("accepted", on_edge(assigned=assigned(not_after="2026-01-09"), clock="")),
    ("accepted", on_edge(assigned=assigned(not_after="2026-01-10"))),
    ("wrong-name", on_edge(assigned=assigned(names=(EDGE, f"*.{OURS}")))),
    ("not-assigned", on_edge(assigned=())),
    ("not-from-here", on_edge(assigned=(), unseen=NO_SHELL, vantage=Vantage.INSIDE)),
    ("not-seen", on_edge(assigned=(), unseen=LOST)),
    # Both: what outside saw goes before, and what is assigned has to be the same.
    ("accepted", on_edge(seen=(seen(of_edge(), domain=OURS),))),
    ("accepted", on_edge(seen=(seen(of_edge(), domain=OURS),), assigned=(), unseen=LOST)),
    ("accepted", on_edge(seen=(seen(of_edge(), domain=OURS),), assigned=())),
    ("assigned-differs", on_edge(seen=(seen(of_edge(), domain=OURS),), assigned=assigned(not_after="2028-05-05"))),
    ("assigned-differs", on_edge(seen=(seen(of_edge(), domain=OURS),), assigned=assigned(names=(OURS,)))),
    ("expired", on_edge(seen=(seen(of_edge(leaf=ENDED), domain=OURS),), assigned=assigned(not_after="2028-05-05"))),
    # Of several Edge pools the one that was asked may be any; names that were cut tell nothing.
    ("accepted", on_edge(seen=(seen(of_edge(host="sip2.x", leaf=ENDED | {"not_after": "2030-01-01"}), of_edge(), domain=OURS),))),
    ("accepted", on_edge(seen=(seen(of_edge(), domain=OURS),), assigned=assigned(names=None))),
    ("no-domain", ours(seen=())),
    ("no-partner", partners(seen=())),
    ("not-from-here", partners(seen=(Seen(domain=PARTNER, facts=Unanswered(reason=Reason.MISSING_INPUT, detail="-")),), live=False)),
    ("not-seen", partners(seen=(Seen(domain=PARTNER, facts=Unanswered(reason=Reason.TIMEOUT, detail="-")),))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "told"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_the_answer(answer: str, told: Facts) -> None:
    found = judge_side(told)
    assert found.answer == answer, found.headline
    assert (found.reason is None) == (found.status is not Status.UNKNOWN)
    if found.status in {Status.FAILED, Status.WARNING}:
        assert found.remedies


@pytest.mark.parametrize("side", ["ours", "partner"])
def test_every_answer_is_in_the_table(side: Side) -> None:
    assert {one.name for one in OUTCOMES[side].answers} == {answer for answer, told in TABLE if told.side == side}
    assert {certificate.STEP.judge, partner_certificate.STEP.judge} == {certificate.judge, partner_certificate.judge}


def test_the_request_has_every_domain_and_loses_no_name() -> None:
    told = ours(
        seen=(seen(of_edge(EDGE, "webcon.x", "a,b c"), domain=OURS), seen(of_edge(EDGE, "webcon.x"), domain=EMEA))
    )
    request = judge_side(told).remedies[0]
    assert request.cmdlet == "Request-CsCertificate"
    assert set(request.parameters["DomainName"].split(",")) == {EDGE, f"sip.{EMEA}", OURS, EMEA, "webcon.x"}
    assert (request.parameters["KeySize"], request.parameters["PrivateKeyExportable"]) == (2048, True)
    assert [one.cmdlet for one in judge_side(told).remedies[1:]] == [
        "Import-CsCertificate",
        "Set-CsCertificate",
        "Stop-CsWindowsService",
        "Start-CsWindowsService",
    ]


def test_the_trap_between_the_two_documents_is_named() -> None:
    text = " ".join(judge_side(ours(of_edge(f"xmpp.{OURS}", f"*.{OURS}"))).detail)
    assert "2013" in text
    assert "2015" in text
    assert f"not for {OURS} itself" in text


def test_to_a_partner_goes_a_message_that_names_the_fault() -> None:
    [remedy] = judge_side(partners(of_partner(SERVER))).remedies
    assert PARTNER in remedy.action
    assert SERVER in remedy.action
    assert "subject alternative name" in remedy.action


@pytest.mark.parametrize(
    ("shown", "clock", "until"),
    [
        ("2026-12-11T08:00:00Z", NOW, ", valid until 2026-12-11, 335 days."),
        ("12/31/2026 9:59:59 AM", NOW, ", valid until 2026-12-31, 355 days."),
        ("2026-01-11", NOW, ", valid until 2026-01-11, 1 day."),
        ("2026-01-10", NOW, ", valid until 2026-01-10, 0 days."),
        ("05/06/2027", NOW, ", valid until 2027-06-05 at the latest."),
        ("2026-12-11", "", ", valid until 2026-12-11."),
        ("tomorrow", NOW, "; its last day was not shown."),
    ],
)
def test_how_long_what_is_assigned_is_good_for(shown: str, clock: str, until: str) -> None:
    properties = {"Use": "AccessEdgeExternal", "Subject": "CN=x", "AlternativeNames": [EDGE, OURS], "NotAfter": shown}
    finding = judge_side(on_edge(assigned=assigned_certificates(Objects(objects=(properties,)), OF_EDGE), clock=clock))
    assert finding.answer == "accepted"
    assert finding.headline.endswith(until), finding.headline


async def test_without_a_handshake_the_moment_of_the_answer_is_the_clock() -> None:
    ended = {"Use": "AccessEdgeExternal", "AlternativeNames": [EDGE, OURS], "NotAfter": "2020-12-31"}
    told = {"Get-CsCertificate": Objects(objects=(ended,))}
    facts, _ = await gathered(certificate.STEP, told, deployment(Vantage.FRONT_END, domains=(OURS,)))
    assert facts.clock
    assert judge_side(facts).answer == "expired"
    facts, _ = await gathered(certificate.STEP, {}, deployment(Vantage.FRONT_END, domains=(OURS,)))
    assert not facts.clock


def test_of_what_is_presented_the_days_that_are_left_are_told() -> None:
    finding = judge_side(ours(of_edge(leaf={"not_after": "2026-01-20T12:00:00+00:00"})))
    assert any("until 2026-01-20 (10 days)" in line for line in finding.detail)


def test_the_command_names_the_server_where_it_is_known() -> None:
    known = unreached(SERVER)
    target = Target(host=f"{SERVER}.", port=5270)
    finding = judge_side(
        partners(known, seen=(seen(known, targets=(Target(host="x.y", port=1, direct=True), target)),))
    )
    assert finding.answer == "not-seen"
    assert f"-connect {SERVER}:5270 " in finding.command
    looked_up = judge_side(partners(known)).command
    assert looked_up.startswith(f"$srv = (Resolve-DnsName _xmpp-server._tcp.{PARTNER} -Type SRV)[0]; openssl s_client")
    assert "<" not in looked_up


@pytest.mark.parametrize(
    ("last", "seen_until", "fits"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+00:00", True),
        ("2026-02-28", "2026-03-01T00:00:00+00:00", True),
        ("2025-12-31", "2026-01-01T00:00:00+00:00", True),
        # Month and day may have been printed the other way round.
        ("2026-04-03", "2026-03-04T00:00:00+00:00", True),
        ("2026-04-30", "2026-03-01T00:00:00+00:00", False),
        ("2027-03-01", "2026-03-01T00:00:00+00:00", False),
        ("", "2026-03-01T00:00:00+00:00", True),
        ("2026-03-01", "", True),
        ("2026-03-01", "no date", False),
    ],
)
def test_the_same_day_however_it_was_printed(last: str, seen_until: str, fits: bool) -> None:
    assert Assigned(use="AccessEdgeExternal", not_after=last).may_end_at(seen_until) is fits


SHOWN: dict[str, Any] = {
    "Issuer": "CN=FabrikamCA",
    "NotAfter": "12/28/2027 3:35:41 PM",
    "Subject": f"CN={EDGE}",
    "AlternativeNames": [EDGE, OURS],
    "Thumbprint": "A9D51A2911C74FABFF7F2A8A994B20857D399107",
}


async def test_the_edge_is_asked_what_it_has_assigned_and_not_the_front_end() -> None:
    says = {"Get-CsCertificate": Objects(objects=(SHOWN | {"Use": "Internal"}, SHOWN | {"Use": "AccessEdgeExternal"}))}
    facts, questions = await gathered(certificate.STEP, says, deployment(Vantage.EDGE, domains=(OURS,)))
    assert [one.use for one in facts.assigned] == ["AccessEdgeExternal"]
    assert {getattr(one, "on", "") for one in questions} == {"edge"}
    found = certificate.judge(facts)
    assert found.answer == "accepted"
    assert "2027-12-28" in found.headline


def test_of_the_edges_uses_only_the_one_that_partners_meet_counts() -> None:
    uses = ("Internal", "DataEdgeExternal", "AudioVideoAuthentication", "Default", "", "accessedgeexternal")
    answer = Objects(objects=tuple(SHOWN | {"Use": use} for use in uses))
    assert [one.use for one in assigned_certificates(answer, OF_EDGE)] == ["AccessEdgeExternal"]
