"""The judgement of `xmpp.dns`: by which records partners find the Edge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.knowledge.dns_views import Sight
from checks.knowledge.edge_interfaces import EdgeInterface, edge_interfaces
from checks.model import Reason, Status
from checks.probes import Record, Records
from checks.probes.xmpp_facts import Attempt, Way
from checks.xmpp.connections import Reached, reached
from checks.xmpp.dns import STEP, judge
from checks.xmpp.dns_problems import Facts
from checks.xmpp.service_records import ServiceRecords
from checks.xmpp.streams import Seen
from tests.unit.judgement import assert_asks, assert_whole
from tests.unit.xmpp.names import (
    CIRCLE,
    FAILURE,
    NO_DATA,
    NO_NAME,
    NO_VIEW,
    SILENCE,
    attempt,
    records,
    sight,
    srv,
    streams,
)

DOMAIN, SIP, EDGE = "litwareinc.com", "sip.litwareinc.com", "atl-edge-001.litwareinc.com"
PUBLIC, PRIVATE, V6 = "131.107.1.5", "10.1.0.5", "2001:db8::5"
TOPOLOGY = (EdgeInterface(pool=EDGE, inside=EDGE, access=SIP, listening_port=5269, internal_port=23456),)
TWO_POOLS = (*TOPOLOGY, EdgeInterface(pool="edge2.litwareinc.com", access="sip2.litwareinc.com"))
ACCESS = (sight(SIP, PUBLIC),)
RIGHT = records(DOMAIN, srv((SIP, 5269)), sight(SIP, PUBLIC))


def facts(*domains: ServiceRecords, **more: Any) -> Facts:
    return Facts(**{"vantage": Vantage.OUTSIDE, "domains": domains, **more})


def at_edge(*domains: ServiceRecords, **more: Any) -> Facts:
    return facts(*domains, **{"vantage": Vantage.EDGE, "edges": TOPOLOGY, "access": ACCESS, "edge": EDGE, **more})


def seen(*attempts: Attempt, way: Way = "records") -> tuple[Reached, ...]:
    return reached([Seen(domain=DOMAIN, facts=streams(*attempts, way=way), seat="outside")])


def one(target: str, *sights: Sight, port: int = 5269) -> ServiceRecords:
    return records(DOMAIN, srv((target, port)), *sights)


def two(second: tuple[str, int, int], *sights: Sight) -> ServiceRecords:
    return records(DOMAIN, srv((SIP, 5269, 0), second), sight(SIP, PUBLIC), *sights)


TABLE: list[tuple[str, Facts]] = [
    ("resolves", facts(RIGHT)),
    ("resolves", at_edge(RIGHT)),
    ("resolves", facts(RIGHT, records("emea.litwareinc.com", srv((SIP, 5269)), sight(SIP, PUBLIC)))),
    ("resolves", at_edge(one("xmpp.litwareinc.com", sight("xmpp.litwareinc.com", PUBLIC)))),
    ("resolves", facts(two(("sip2.litwareinc.com", 5269, 10), sight("sip2.litwareinc.com", "131.107.2.5")))),
    ("missing", facts(records(DOMAIN, NO_NAME, sight(DOMAIN)))),
    ("missing", facts(records(DOMAIN, NO_DATA, sight(DOMAIN, "131.107.9.9")))),
    ("missing", facts(records(DOMAIN, CIRCLE, sight(DOMAIN)))),
    ("missing", facts(RIGHT, records("emea.litwareinc.com", NO_NAME, sight("emea.litwareinc.com")))),
    ("missing", facts(records(DOMAIN, NO_NAME, Sight(name=DOMAIN, view="outside", answer=FAILURE)))),
    ("missing", facts(records(DOMAIN, NO_NAME, sight(DOMAIN)), records("other.com", SILENCE))),
    ("missing", at_edge(records(DOMAIN, Records(outcome="no-such-name", server="131.107.1.1:53"), sight(DOMAIN)))),
    ("missing-here", at_edge(records(DOMAIN, Records(outcome="no-such-name", server="10.0.0.53:53"), sight(DOMAIN)))),
    (
        "missing-here",
        at_edge(records(DOMAIN, Records(outcome="no-such-record", server="[fd00::53]:53"), sight(DOMAIN))),
    ),
    ("missing-here", at_edge(records(DOMAIN, Records(outcome="no-such-name"), sight(DOMAIN)))),
    ("disabled", facts(records(DOMAIN, srv((".", 0))))),
    ("dangling", facts(one(SIP, sight(SIP)))),
    ("dangling", facts(one(SIP, Sight(name=SIP, view="outside", answer=CIRCLE)))),
    ("leads-inside", facts(one(SIP, sight(SIP, PRIVATE)))),
    ("leads-inside", facts(one(SIP, sight(SIP, "127.9.9.1")), inner=(sight(EDGE, "127.9.9.1", view="inside"),))),
    ("leads-inside", facts(one(SIP, sight(SIP, PRIVATE)), reached=seen(attempt(SIP, PRIVATE, "timeout")))),
    ("wrong-port", facts(one(SIP, sight(SIP, PUBLIC), port=5061))),
    ("wrong-port", at_edge(one(SIP, sight(SIP, PUBLIC), port=5222))),
    ("only-fallback", at_edge(records(DOMAIN, NO_NAME, sight(DOMAIN, PUBLIC)))),
    (
        "only-fallback",
        facts(records(DOMAIN, NO_NAME, sight(DOMAIN, PUBLIC)), reached=seen(attempt(DOMAIN, PUBLIC), way="no-record")),
    ),
    ("direct-only", facts(records(DOMAIN, NO_NAME, sight(DOMAIN), direct=srv((SIP, 5269))))),
    ("direct-only", facts(records(DOMAIN, srv((".", 0)), direct=srv((SIP, 5269))))),
    ("some-dangling", facts(two(("sip2.litwareinc.com", 5269, 10), sight("sip2.litwareinc.com")))),
    ("some-wrong-port", facts(two((SIP, 5222, 10)))),
    ("inside-address", at_edge(one(SIP, sight(SIP, PRIVATE)), access=())),
    ("inside-address", facts(one(SIP, sight(SIP, PRIVATE, PUBLIC)))),
    ("inside-address", facts(one(SIP, sight(SIP, PRIVATE)), reached=seen(attempt(SIP, PRIVATE)))),
    ("other-address", at_edge(one("chat.litwareinc.com", sight("chat.litwareinc.com", "131.107.9.9")))),
    ("alias", facts(one("xmpp.litwareinc.com", sight("xmpp.litwareinc.com", PUBLIC, alias=SIP)))),
    ("address-target", facts(one(PUBLIC))),
    (
        "ipv6-dead",
        facts(one(SIP, sight(SIP, PUBLIC, V6)), reached=seen(attempt(SIP, V6, "refused"), attempt(SIP, PUBLIC))),
    ),
    ("same-priority", facts(two(("sip2.litwareinc.com", 5269, 0), sight("sip2.litwareinc.com", "131.107.2.5")))),
    (
        "same-priority",
        at_edge(two(("sip2.litwareinc.com", 5269, 0), sight("sip2.litwareinc.com", "131.107.2.5")), edges=TWO_POOLS),
    ),
    ("other-domain-missing", at_edge(RIGHT, others=(records("emea.litwareinc.com", NO_DATA),))),
    ("no-domain", facts()),
    ("seen-from-outside", facts(records(DOMAIN, NO_VIEW, inside=True), vantage=Vantage.INSIDE)),
    ("not-seen", facts(records(DOMAIN, SILENCE))),
    ("not-seen", facts(records(DOMAIN, FAILURE))),
    ("not-seen", facts(records(DOMAIN, NO_VIEW))),
    ("not-seen", facts(one(SIP, Sight(name=SIP, view="outside", answer=SILENCE)))),
    ("not-seen", facts(records(DOMAIN, FAILURE, inside=True), vantage=Vantage.FRONT_END)),
]


@pytest.mark.parametrize(("answer", "known"), TABLE)
def test_judgement(answer: str, known: Facts) -> None:
    finding = judge(known)
    assert_whole(finding, answer)
    assert_asks(finding)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


HARMLESS = [
    ("a port that opens a stream is right", facts(one(SIP, sight(SIP, PUBLIC), port=5270), reached=seen(attempt(SIP, PUBLIC, port=5270)))),
    ("so is the one of the topology", at_edge(one(SIP, sight(SIP, PUBLIC), port=5270), edges=(EdgeInterface(pool=EDGE, access=SIP, listening_port=5270),))),
    ("another address that opens a stream is NAT", at_edge(one("chat.litwareinc.com", sight("chat.litwareinc.com", "131.107.9.9")), reached=seen(attempt("chat.litwareinc.com", "131.107.9.9")))),
    ("no route for IPv6 is this computer's own lack of it", facts(one(SIP, sight(SIP, PUBLIC, V6)), reached=seen(attempt(SIP, V6, "no-route"), attempt(SIP, PUBLIC)))),
    ("two records for one Edge pool are not two pools", at_edge(two(("sip2.litwareinc.com", 5269, 0), sight("sip2.litwareinc.com", "131.107.2.5")))),
    ("an Edge named by its outside name has no inside address outside", facts(one(SIP, sight(SIP, PUBLIC)), inner=(sight(SIP, PUBLIC, view="inside"),))),
    ("nobody outside looks for a domain of the inside", at_edge(RIGHT, others=(records("litware.local", NO_NAME),))),
    ("another domain that says it has no XMPP means it", at_edge(RIGHT, others=(records("emea.litwareinc.com", srv((".", 0))),))),
    ("an inside view that nobody has is no fault", facts(RIGHT, inner=(Sight(name=EDGE, view="inside", answer=NO_VIEW),))),
    ("a split DNS that has the Access Edge's inside address compares nothing", at_edge(one("xmpp.litwareinc.com", sight("xmpp.litwareinc.com", PUBLIC)), access=(sight(SIP, PRIVATE),))),
    ("direct TLS beside the record", facts(records(DOMAIN, srv((SIP, 5269)), sight(SIP, PUBLIC), direct=srv((SIP, 5270))))),
    ("names are the same in capital letters, with a dot", at_edge(one("SIP.Litwareinc.COM.", sight(SIP, PUBLIC)))),
]  # fmt: skip


@pytest.mark.parametrize(("why", "known"), HARMLESS, ids=[row[0] for row in HARMLESS])
def test_it_does_not_cry_wolf(why: str, known: Facts) -> None:
    assert judge(known).answer == "resolves", why


def test_the_name_server_decides_between_a_missing_name_and_a_missing_record() -> None:
    website = sight(DOMAIN, "131.107.9.9")
    nothing, empty = (judge(facts(records(DOMAIN, told, website))) for told in (NO_NAME, NO_DATA))
    assert "does not exist" in nothing.detail[0]
    assert "without an SRV record" in empty.detail[0]


def test_a_name_server_that_fails_is_never_a_missing_record() -> None:
    for told in (SILENCE, FAILURE):
        finding = judge(facts(records(DOMAIN, told)))
        assert finding.status is Status.UNKNOWN
        assert "missing" not in finding.headline
    assert judge(facts(records(DOMAIN, SILENCE))).reason is Reason.TIMEOUT
    assert judge(facts(records(DOMAIN, FAILURE))).reason is Reason.UNREACHABLE


def test_an_edge_that_asks_inside_name_servers_is_warned_of_them() -> None:
    lost = records(DOMAIN, NO_NAME, sight(DOMAIN))
    told = [any("--dns-outside" in line for line in judge(known).detail) for known in (at_edge(lost), facts(lost))]
    assert told == [True, False]


@pytest.mark.parametrize("server", ["10.0.0.53", "192.168.1.1", "127.0.0.53", "fe80::1", "fd00::53"])
def test_a_name_server_of_this_network_is_named_and_a_public_one_asked_for(server: str) -> None:
    finding = judge(
        facts(records(DOMAIN, Records(outcome="no-such-name", server=server), sight(DOMAIN, "131.107.9.9")))
    )
    assert finding.answer == "missing"
    assert server in finding.headline
    assert "public DNS" not in finding.headline
    assert any("--dns-outside 9.9.9.9" in line for line in finding.detail)


@pytest.mark.parametrize("server", ["9.9.9.9", "131.107.1.1", "127.20.1.53:5353", "10.0.0.53:5353", ""])
def test_a_public_name_server_or_one_that_was_named_is_taken_at_its_word(server: str) -> None:
    finding = judge(
        facts(records(DOMAIN, Records(outcome="no-such-name", server=server), sight(DOMAIN, "131.107.9.9")))
    )
    assert finding.headline.startswith("The public DNS has no record")
    assert not any("--dns-outside" in line for line in finding.detail)


def test_a_domain_that_does_not_exist_is_first_asked_for_its_spelling() -> None:
    unknown = judge(facts(records(DOMAIN, NO_NAME, sight(DOMAIN))))
    assert f"{DOMAIN} does not exist" in unknown.headline
    assert unknown.detail[0] == f"Is {DOMAIN} spelt right?"
    assert "Compare" in unknown.remedies[0].action
    assert not unknown.remedies[0].cmdlet
    empty = Sight(name=DOMAIN, view="outside", answer=NO_DATA)
    assert "spelt" not in " ".join(judge(facts(records(DOMAIN, NO_NAME, empty))).detail)


def test_the_record_to_enter_names_the_access_edge_where_it_is_known() -> None:
    known = judge(at_edge(records(DOMAIN, NO_NAME, sight(DOMAIN))))
    assert known.remedies[-1].command() == (
        "Add-DnsServerResourceRecord -Srv -ComputerName '<public name server>' -ZoneName litwareinc.com -Name _xmpp-server._tcp "
        "-DomainName sip.litwareinc.com -Priority 0 -Weight 0 -Port 5269"
    )
    several = judge(at_edge(records(DOMAIN, NO_NAME, sight(DOMAIN)), edges=TWO_POOLS, edge=""))
    assert not several.remedies[-1].cmdlet


def test_the_gravest_is_told_first_and_the_others_beside_it() -> None:
    finding = judge(facts(one(SIP, sight(SIP), port=5061)))
    assert finding.answer == "dangling"
    assert any("5061" in line for line in finding.detail)


def test_what_the_documents_say_of_the_target_is_told() -> None:
    finding = judge(at_edge(one("xmpp.litwareinc.com", sight("xmpp.litwareinc.com", PUBLIC))))
    assert any("Either is right" in line for line in finding.detail)


def test_each_edge_pool_has_its_own_answer_in_the_topology() -> None:
    shown: list[dict[str, Any]] = [
        {
            "Identity": "EdgeServer:Edge.contoso.com",
            "AccessEdgeExternalFqdn": "sip.contoso.com",
            "XmppListeningPort": 5269,
        },
        {
            "PoolFqdn": "edge2.contoso.com",
            "XmppListeningPort": "",
            "XmppInternalPort": "70000",
            "InternalInterfaceFqdn": "a b",
        },
        {"Identity": "EdgeServer: edge3.contoso.com", "XmppListeningPort": "٥٢٦٩"},
        {"AccessEdgeExternalFqdn": "sip.nowhere.com"},
    ]
    edges = edge_interfaces(shown)
    assert [one.pool for one in edges] == ["edge.contoso.com", "edge2.contoso.com", "edge3.contoso.com"]
    assert [(one.listening_port, one.internal_port) for one in edges] == [(5269, 0), (0, 0), (0, 0)]


_NAMES = st.text(max_size=40) | st.sampled_from([SIP, ".", "", PUBLIC, "::1", "a\x1b[2Jb"])


@given(
    targets=st.lists(st.tuples(_NAMES, st.integers(0, 65535), st.integers(0, 65535)), max_size=8),
    found=st.lists(st.tuples(_NAMES, _NAMES), max_size=6),
    vantage=st.sampled_from(Vantage),
)
def test_whatever_a_name_server_says_is_judged(
    targets: list[tuple[str, int, int]], found: list[tuple[str, str]], vantage: Vantage
) -> None:
    sights = [
        Sight(
            name=name,
            view="outside",
            answer=Records(outcome="found", records=(Record(name=name, kind="A", value=value),)),
        )
        for name, value in found
    ]
    finding = judge(at_edge(records(DOMAIN, srv(*targets), *sights), vantage=vantage))
    assert "\x1b" not in finding.headline
    assert finding.status is not Status.SKIPPED
