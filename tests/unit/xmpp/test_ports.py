"""The judgement of `xmpp.ports` and `xmpp.partner-ports`: which ports take connections, and whose closed port is judged."""

import msgspec
import pytest

from checks.deployment import Vantage
from checks.knowledge.edge_interfaces import EdgeInterface
from checks.knowledge.topology_objects import Pool
from checks.model import Reason, Status
from checks.probes import Open, StreamFacts, Unanswered, Unreached, UnreachedKind
from checks.probes.xmpp_facts import Attempt, Opening, Stopped, Way
from checks.xmpp import partner_ports, ports
from checks.xmpp.connections import Reached, reached
from checks.xmpp.ports_tried import Facts, Look, Purpose, places
from checks.xmpp.streams import Seen
from tests.unit.judgement import assert_whole
from tests.unit.xmpp.names import attempt, streams

DOMAIN, SIP, EDGE = "litwareinc.com", "sip.litwareinc.com", "atl-edge-001.litwareinc.com"
PARTNER, SERVER = "fabrikam.com", "xmpp.fabrikam.com"
ONE, OTHER, V6 = "131.107.1.5", "131.107.1.6", "2001:db8::5"
NOBODY = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")
PROXIED = Unanswered(
    reason=Reason.NOT_POSSIBLE_HERE, detail="Streams of XMPP are not opened through a proxy for the web."
)
PORTS: dict[Purpose, int] = {"gateway": 23456, "sip": 5061, "replication": 4443}


def way(*attempts: Attempt, kind: Way = "records", domain: str = DOMAIN, seat: str = "outside") -> Reached:
    return reached([Seen(domain=domain, facts=streams(*attempts, way=kind), seat=seat)])[0]


def unseen(why: Unanswered, domain: str = DOMAIN) -> Reached:
    return reached([Seen(domain=domain, facts=why)])[0]


def outside(*domains: Reached) -> Facts:
    return Facts(vantage=Vantage.OUTSIDE, live=True, outside=domains)


def closed(kind: UnreachedKind, phase: str = "connect") -> Unreached:
    return Unreached(phase="name" if phase == "name" else "connect", kind=kind, detail="It failed.")


def inside(*domains: Reached, vantage: Vantage = Vantage.FRONT_END, **answers: Open | Unreached | Unanswered) -> Facts:
    known = {
        "gateway": Open(address="10.1.0.5"),
        "sip": Open(address="10.1.0.5"),
        "replication": Open(address="10.1.0.5"),
    }
    looks = tuple(
        Look(host=EDGE, port=PORTS[purpose], purpose=purpose, answer={**known, **answers}[purpose]) for purpose in PORTS
    )
    return Facts(vantage=vantage, outside=domains or (unseen(NOBODY),), inside=looks)


def late(facts: Facts) -> Facts:
    return msgspec.structs.replace(facts, late=(EDGE,))


OPEN = way(attempt(SIP, ONE))
SILENT = msgspec.structs.replace(
    attempt(SIP, ONE), plain=Opening(stopped=Stopped(stage="stream", kind="silence", detail="It says nothing."))
)

TABLE: list[tuple[str, Facts]] = [
    ("open", outside(OPEN)),
    ("open", outside(way(attempt(DOMAIN, ONE), kind="no-record"))),
    ("open", outside(way(attempt(SIP, V6, "timeout"), attempt(SIP, ONE)))),
    ("open", outside(way(attempt(SIP, V6, "refused"), attempt(SIP, ONE)))),
    ("open", outside(way(attempt(SIP, V6, "no-route"), attempt(SIP, ONE)))),
    ("open", outside(way(attempt(SIP, ONE), attempt(SIP, OTHER, "no-time")))),
    ("open", outside(way(SILENT))),
    ("open", inside()),
    ("open", inside(OPEN)),
    ("open", inside(vantage=Vantage.INSIDE)),
    ("open", Facts(vantage=Vantage.EDGE, outside=(OPEN,))),
    ("refused", outside(way(attempt(SIP, ONE, "refused")))),
    ("unreachable", outside(way(attempt(SIP, ONE, "timeout"), attempt(SIP, OTHER, "refused")))),
    ("unreachable", outside(way(attempt(SIP, V6, "refused"), attempt(SIP, ONE, "timeout")))),
    ("refused", outside(way(attempt(SIP, V6, "timeout"), attempt(SIP, ONE, "refused")))),
    ("refused", outside(OPEN, way(attempt("sip.other.com", OTHER, "refused"), domain="other.com"))),
    ("refused", inside(way(attempt(SIP, ONE, "refused")))),
    ("unreachable", outside(way(attempt(SIP, ONE, "timeout")))),
    ("unreachable", outside(way(attempt(SIP, V6, "timeout"), attempt(SIP, ONE, "timeout")))),
    ("gateway-refused", inside(gateway=closed("refused"))),
    ("gateway-refused", inside(gateway=closed("refused"), sip=closed("refused"), replication=closed("timeout"))),
    ("gateway-unreachable", inside(gateway=closed("timeout"))),
    ("some-closed", outside(way(attempt(SIP, ONE), attempt(SIP, OTHER, "refused")))),
    ("some-closed", outside(way(attempt(SIP, ONE), attempt("sip2.litwareinc.com", V6, "timeout")))),
    ("sip-closed", inside(sip=closed("refused"))),
    ("gateway-refused", late(inside(replication=closed("timeout"), gateway=closed("refused")))),
    ("open", inside(replication=closed("timeout"))),
    ("open", late(inside(replication=closed("timeout")))),
    ("no-domain", outside()),
    ("no-domain", Facts(vantage=Vantage.EDGE)),
    ("seen-from-outside", Facts(vantage=Vantage.EDGE, outside=(unseen(NOBODY),))),
    ("seen-from-outside", Facts(vantage=Vantage.INSIDE, outside=(unseen(NOBODY),))),
    ("seen-from-front-end", inside(vantage=Vantage.INSIDE, gateway=closed("refused"))),
    ("seen-from-front-end", inside(vantage=Vantage.INSIDE, gateway=closed("timeout"), sip=closed("timeout"))),
    ("nothing-to-try", outside(way())),
    ("nothing-to-try", outside(way(attempt(DOMAIN, ONE, "refused"), kind="no-record"))),
    ("nothing-to-try", outside(way(attempt(SIP, "10.1.0.5", "timeout")))),
    ("not-seen", outside(unseen(NOBODY))),
    ("not-seen", outside(unseen(PROXIED))),
    ("not-seen", outside(way(attempt(SIP, ONE, "no-route")))),
    ("not-seen", outside(way(attempt(SIP, ONE, "no-time")))),
    ("not-seen", inside(gateway=NOBODY)),
    ("not-seen", inside(gateway=closed("no-address", "name"))),
    ("not-seen", inside(gateway=closed("no-route"))),
    ("not-seen", Facts(vantage=Vantage.FRONT_END)),
    ("not-seen", Facts(vantage=Vantage.FRONT_END, outside=(unseen(NOBODY),))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "known"), TABLE)
def test_judgement(answer: str, known: Facts) -> None:
    assert_whole(ports.judge(known), answer)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in ports.STEP.answers} == {row[0] for row in TABLE}


def partner(facts: StreamFacts | Unanswered, seat: str = "edge", vantage: Vantage | None = None) -> partner_ports.Facts:
    stands = vantage or Vantage(seat)
    return partner_ports.Facts(
        vantage=stands,
        live=stands in {Vantage.EDGE, Vantage.OUTSIDE},
        reached=reached([Seen(domain=PARTNER, facts=facts, seat=seat)])[0],
    )


OF_PARTNER: list[tuple[str, partner_ports.Facts]] = [
    ("open", partner(streams(attempt(SERVER, ONE)))),
    ("open", partner(streams(attempt(SERVER, V6, "timeout"), attempt(SERVER, ONE)))),
    ("open", partner(streams(attempt(PARTNER, ONE), way="no-record"))),
    ("open", partner(streams(attempt(SERVER, ONE)), vantage=Vantage.FRONT_END)),
    ("refused", partner(streams(attempt(SERVER, ONE, "refused")))),
    ("refused", partner(streams(attempt(PARTNER, ONE, "refused"), way="no-record"), "outside")),
    ("unreachable", partner(streams(attempt(SERVER, ONE, "timeout")))),
    ("unreachable", partner(streams(attempt(SERVER, ONE, "timeout")), "outside")),
    ("some-closed", partner(streams(attempt(SERVER, ONE), attempt("b.fabrikam.com", OTHER, "timeout")))),
    ("no-partner", partner_ports.Facts(vantage=Vantage.EDGE, live=True)),
    ("seen-from-edge", partner(NOBODY, vantage=Vantage.FRONT_END)),
    ("not-seen", partner(NOBODY)),
    ("not-seen", partner(PROXIED, "outside")),
    ("not-seen", partner(streams(attempt(PARTNER, ONE, "refused"), way="no-answer"))),
    ("open", partner(streams(attempt(PARTNER, ONE), way="no-answer"))),
    ("not-seen", partner(streams())),
    ("not-seen", partner(streams(attempt(SERVER, ONE, "no-route")))),
    ("not-seen", partner(streams(attempt(SERVER, ONE, "no-time")))),
]


@pytest.mark.parametrize(("answer", "known"), OF_PARTNER)
def test_judgement_of_the_partner(answer: str, known: partner_ports.Facts) -> None:
    assert_whole(partner_ports.judge(known), answer)


def test_every_answer_of_the_partner_is_in_the_table() -> None:
    assert {answer.name for answer in partner_ports.STEP.answers} == {row[0] for row in OF_PARTNER}


def test_from_the_edge_our_own_firewall_comes_first_and_from_outside_it_is_theirs() -> None:
    dropped = streams(attempt(SERVER, ONE, "timeout"))
    ours, theirs = (partner_ports.judge(partner(dropped, seat)).remedies for seat in ("edge", "outside"))
    assert ours[0].who == "firewall administrator"
    assert [remedy.who for remedy in theirs] == [ours[1].who]
    assert PARTNER in ours[1].who


def test_refused_and_silent_are_mended_by_different_people() -> None:
    mending = [ports.judge(outside(way(attempt(SIP, ONE, kind)))).remedies[0].who for kind in ("refused", "timeout")]
    assert mending == ["local Administrator on the Edge", "firewall administrator"]


def test_what_a_closed_port_inside_does_not_mean_is_told() -> None:
    finding = ports.judge(inside(sip=closed("refused")))
    assert finding.status is Status.WARNING
    assert any("XMPP does not use it" in line for line in finding.detail)


def test_the_port_of_the_record_is_named_and_not_where_it_was_mapped_to() -> None:
    mapped = msgspec.structs.replace(attempt(SIP, ONE, "refused"), port=40404)
    finding = ports.judge(outside(way(mapped)))
    assert "5269" in finding.headline
    assert "40404" not in str(finding)


NODES = ("edge01.litwareinc.com", "edge02.litwareinc.com")
POOL = EdgeInterface(pool=EDGE, inside="edge-int.litwareinc.com", internal_port=23457)
OTHER_POOL = EdgeInterface(pool="edge9.litwareinc.com")


@pytest.mark.parametrize(
    ("named", "edges", "pools", "gateways"),
    [
        (EDGE, (POOL,), (Pool(fqdn=EDGE, computers=NODES),), {NODES[0]: 23457, NODES[1]: 23457}),
        ("", (POOL, OTHER_POOL), (), {"edge-int.litwareinc.com": 23457, "edge9.litwareinc.com": 23456}),
        (EDGE, (POOL, OTHER_POOL), (), {"edge-int.litwareinc.com": 23457}),
        (NODES[1], (POOL,), (Pool(fqdn=EDGE, computers=NODES),), {NODES[1]: 23457}),
        (EDGE, (), (), {EDGE: 23456}),
        ("", (), (), {}),
    ],
)
def test_each_server_of_an_edge_pool_is_tried_by_its_own_name(
    named: str, edges: tuple[EdgeInterface, ...], pools: tuple[Pool, ...], gateways: dict[str, int]
) -> None:
    tried = list(places(named, edges, pools))
    assert {host: port for host, port, purpose in tried if purpose == "gateway"} == gateways
    assert len(tried) == 3 * len(gateways)


def test_replication_is_the_matter_of_its_own_step() -> None:
    other, own = (
        ports.judge(known).detail
        for known in (inside(replication=closed("timeout")), late(inside(replication=closed("timeout"))))
    )
    assert any("Only the server" in line for line in other)
    assert any("“Replication”" in line for line in own)


def test_the_command_has_no_gap_where_the_server_is_known_or_can_be_looked_up() -> None:
    partner_dns = "(Resolve-DnsName _xmpp-server._tcp.fabrikam.com -Type SRV)[0].NameTarget"
    away = partner_ports.judge(partner_ports.Facts(vantage=Vantage.FRONT_END, reached=unseen(NOBODY, PARTNER)))
    assert away.answer == "seen-from-edge"
    assert away.command == f"Test-NetConnection {partner_dns} -Port 5269"
    no_route = attempt(SERVER, ONE, "no-route")
    tried = partner_ports.Facts(vantage=Vantage.EDGE, live=True, reached=way(no_route, domain=PARTNER))
    assert partner_ports.judge(tried).command == f"Test-NetConnection {SERVER} -Port 5269"
