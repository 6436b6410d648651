"""The DNS probe against name servers that answer well, in circles, wrongly or not at all."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Sources
from checks.model import Reason
from checks.probes import Lookup, RecordKind, Records, Unanswered, View
from checks.probes import dns as module
from checks.probes.dns import MOST_RECORDS, DnsProbe

WEB = "lyncweb.litwareinc.com"
Start = Callable[..., Awaitable[Any]]
Query = dns.message.Message


def zone(records: dict[tuple[str, str], Sequence[str]], rcode: str = "NOERROR") -> Callable[[Query], Query]:
    """An answer from a table of (name, type) to values, the chain of aliases with it."""

    def answer(query: Query) -> Query:
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.from_text(rcode))
        question = query.question[0]
        name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        for wanted in (kind, "CNAME"):
            for value in records.get((name, wanted), ()):
                response.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", wanted, value))
        return response

    return answer


def probe(server: Any, **options: Any) -> DnsProbe:
    return DnsProbe(Sources(dns_inside=server.address), "inside", **options)


def lookup(kind: RecordKind = "ADDRESS", name: str = WEB, view: View = "inside") -> Lookup:
    return Lookup(name=name, kind=kind, view=view)


async def test_addresses_come_from_the_named_server_behind_their_alias(name_server: Start) -> None:
    server = await name_server(
        zone(
            {
                (WEB, "CNAME"): ["proxy.litwareinc.com."],
                ("proxy.litwareinc.com", "A"): ["127.0.0.2", "127.0.0.3"],
                ("proxy.litwareinc.com", "AAAA"): ["::1"],
            }
        )
    )
    found = await probe(server).ask(lookup())
    assert isinstance(found, Records)
    assert [(record.kind, record.value, record.ttl) for record in found.records] == [
        ("CNAME", "proxy.litwareinc.com", 300),
        ("A", "127.0.0.2", 300),
        ("A", "127.0.0.3", 300),
        ("AAAA", "::1", 300),
    ]
    assert (found.outcome, found.server) == ("found", server.address)


async def test_a_service_record(name_server: Start) -> None:
    name = "_xmpp-server._tcp.litwareinc.com"
    server = await name_server(zone({(name, "SRV"): ["5 10 5269 sip.litwareinc.com."]}))
    found = await probe(server).ask(lookup("SRV", name))
    assert isinstance(found, Records)
    record = found.records[0]
    assert (record.priority, record.weight, record.port, record.value) == (5, 10, 5269, "sip.litwareinc.com")


async def test_an_alias_asked_for_itself_is_not_followed(name_server: Start) -> None:
    server = await name_server(zone({(WEB, "CNAME"): ["gone.litwareinc.com."]}))
    found = await probe(server).ask(lookup("CNAME"))
    assert isinstance(found, Records)
    assert (found.outcome, found.values("CNAME"), len(server.asked)) == ("found", ("gone.litwareinc.com",), 1)


@pytest.mark.parametrize(
    ("rcode", "outcome"),
    [
        ("NXDOMAIN", "no-such-name"),
        ("NOERROR", "no-such-record"),
        ("SERVFAIL", "server-failure"),
        ("REFUSED", "server-failure"),
        ("NOTIMP", "server-failure"),
    ],
)
async def test_answers_without_a_record_are_told_apart(name_server: Start, rcode: str, outcome: str) -> None:
    server = await name_server(zone({}, rcode))
    for kind in ("ADDRESS", "A", "SRV"):
        found = await probe(server).ask(lookup(kind))
        assert isinstance(found, Records)
        assert (found.outcome, found.records, found.server) == (outcome, (), server.address)


async def test_an_alias_that_leads_nowhere_is_shown(name_server: Start) -> None:
    def dangling(query: Query) -> Query:
        response = zone({(WEB, "CNAME"): ["gone.litwareinc.com."]}, "NXDOMAIN")(query)
        assert isinstance(response, Query)
        return response

    found = await probe(await name_server(dangling)).ask(lookup())
    assert isinstance(found, Records)
    assert (found.outcome, found.values("CNAME")) == ("no-such-name", ("gone.litwareinc.com",))


@pytest.mark.parametrize(
    "records",
    [
        {(WEB, "CNAME"): [f"{WEB}."]},
        {(WEB, "CNAME"): ["b.litwareinc.com."], ("b.litwareinc.com", "CNAME"): [f"{WEB}."]},
    ],
)
async def test_aliases_in_a_circle(name_server: Start, records: Any) -> None:
    server = await name_server(zone(records))
    found = await probe(server).ask(lookup())
    assert isinstance(found, Records)
    assert found.outcome == "loop"


@pytest.mark.parametrize("rcode", ["NOERROR", "SERVFAIL"])
async def test_a_circle_within_one_response(name_server: Start, rcode: str) -> None:
    """BIND calls it a failure, and shows it all the same."""

    def answer(query: Query) -> Query:
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.from_text(rcode))
        for name, target in ((WEB, "b.litwareinc.com"), ("b.litwareinc.com", WEB)):
            response.answer.append(dns.rrset.from_text(f"{name}.", 1, "IN", "CNAME", f"{target}."))
        return response

    found = await probe(await name_server(answer)).ask(lookup("A"))
    assert isinstance(found, Records)
    assert (found.outcome, len(found.records)) == ("loop", 2)


async def test_a_failure_behind_an_alias_is_a_failure(name_server: Start) -> None:
    failing = zone({(WEB, "CNAME"): ["b.litwareinc.com."]}, "SERVFAIL")
    found = await probe(await name_server(failing)).ask(lookup("A"))
    assert isinstance(found, Records)
    assert found.outcome == "server-failure"


async def test_aliases_without_end_are_given_up(name_server: Start) -> None:
    count = 0

    def answer(query: Query) -> Query:
        nonlocal count
        count += 1
        response = dns.message.make_response(query)
        name = query.question[0].name.to_text()
        response.answer.append(dns.rrset.from_text(name, 1, "IN", "CNAME", f"n{count}.litwareinc.com."))
        return response

    found = await probe(await name_server(answer)).ask(lookup("A"))
    assert isinstance(found, Records)
    assert (found.outcome, count) == ("loop", 8)


async def test_a_cut_answer_is_asked_again_over_tcp(name_server: Start) -> None:
    def answer(query: Query) -> Query:
        response = zone({(WEB, "A"): ["127.0.0.9"]})(query)
        response.flags |= dns.flags.TC
        return response

    server = await name_server(answer)
    found = await probe(server).ask(lookup("A"))
    assert isinstance(found, Records)
    assert found.addresses == ("127.0.0.9",)
    assert [transport for transport, _ in server.asked] == ["udp", "tcp"]


async def test_a_server_that_never_answers(name_server: Start) -> None:
    server = await name_server(lambda query: None)
    found = await probe(server, deadline=0.3, patience=0.1).ask(lookup())
    assert isinstance(found, Unanswered)
    assert (found.reason, server.address in found.detail) == (Reason.TIMEOUT, True)
    assert found.command == f"Resolve-DnsName {WEB}"
    assert len(server.asked) == 4  # A and AAAA, twice each: a datagram may get lost


async def test_a_server_that_keeps_silent_on_aaaa_has_answered(name_server: Start) -> None:
    def answer(query: Query) -> Query | None:
        return None if query.question[0].rdtype == dns.rdatatype.AAAA else zone({(WEB, "A"): ["127.0.0.9"]})(query)

    found = await probe(await name_server(answer), deadline=0.3, patience=0.1).ask(lookup())
    assert isinstance(found, Records)
    assert found.addresses == ("127.0.0.9",)


async def test_a_server_that_is_not_there() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = await DnsProbe(Sources(dns_inside=f"127.0.0.1:{port}"), "inside").ask(lookup())
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.UNREACHABLE


@pytest.mark.parametrize("garbage", [b"", b"\x00" * 12, b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4096])
async def test_a_server_that_answers_garbage(name_server: Start, garbage: bytes) -> None:
    def answer(query: Query) -> bytes:
        return query.to_wire()[:2] + b"\x81\x80" + garbage

    found = await probe(await name_server(answer), deadline=0.5, patience=0.2).ask(lookup("A"))
    assert isinstance(found, Records)
    assert found.outcome == "server-failure"


async def test_an_answer_to_another_question_is_not_taken(name_server: Start) -> None:
    def answer(query: Query) -> bytes:
        response = zone({(WEB, "A"): ["127.0.0.9"]})(query)
        response.id = query.id ^ 1
        return response.to_wire()

    found = await probe(await name_server(answer), deadline=0.3, patience=0.1).ask(lookup("A"))
    assert isinstance(found, Unanswered)


async def test_a_flood_of_records_is_bounded(name_server: Start) -> None:
    server = await name_server(zone({(WEB, "A"): [f"127.1.{n // 250}.{n % 250}" for n in range(1000)]}))
    found = await probe(server).ask(lookup("A"))
    assert isinstance(found, Records)
    assert len(found.records) == MOST_RECORDS


async def test_records_of_another_class_are_no_answer(name_server: Start) -> None:
    def answer(query: Query) -> Query:
        response = dns.message.make_response(query)
        response.answer.append(dns.rrset.from_text(f"{WEB}.", 60, "CLASS7", "A", "\\# 2 0102"))
        return response

    found = await probe(await name_server(answer)).ask(lookup("A"))
    assert isinstance(found, Records)
    assert found.outcome == "no-such-record"


@given(st.data())
def test_a_mutated_response_is_refused_or_read(data: st.DataObject) -> None:
    response = dns.message.make_response(dns.message.make_query(WEB, "SRV"))
    for kind, value in (("CNAME", "a.b."), ("SRV", "1 2 3 c.d."), ("A", "127.0.0.1"), ("TXT", '"text"')):
        response.answer.append(dns.rrset.from_text(f"{WEB}.", 60, "IN", kind, value))
    wire = bytearray(response.to_wire())
    for _ in range(data.draw(st.integers(1, 4))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    try:
        mutated = dns.message.from_wire(bytes(wire))
    except (dns.exception.DNSException, ValueError):
        return
    walk = module._Walk(mutated, WEB, "SRV", set())
    assert len(walk.records) <= MOST_RECORDS


async def test_names_from_a_server_are_harmless(name_server: Start) -> None:
    server = await name_server(zone({(WEB, "CNAME"): ["\\027[31m\\007evil.litwareinc.com."]}))
    found = await probe(server).ask(lookup("CNAME"))
    assert isinstance(found, Records)
    assert found.records[0].value.isprintable()
    assert "\x1b" not in "".join(found.lines())


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "..", "a..b", ".".join(["abcdefgh"] * 40)])
async def test_a_name_that_no_server_can_have(name_server: Start, name: str) -> None:
    server = await name_server(zone({}))
    found = await probe(server).ask(lookup("A", name))
    assert isinstance(found, Records)
    assert (found.outcome, server.asked) == ("no-such-name", [])


async def test_the_other_view_needs_a_server() -> None:
    found = await DnsProbe(Sources(), "inside").ask(lookup(view="outside"))
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.MISSING_INPUT
    assert "--dns-outside ADDRESS" in found.detail


async def test_each_view_asks_its_own_server(name_server: Start) -> None:
    inside = await name_server(zone({(WEB, "A"): ["127.0.0.1"]}))
    outside = await name_server(zone({(WEB, "A"): ["127.0.0.2"]}))
    split = DnsProbe(Sources(dns_inside=inside.address, dns_outside=outside.address), "inside")
    answers = [await split.ask(lookup("A", view=view)) for view in ("inside", "outside")]
    assert [answer.addresses for answer in answers if isinstance(answer, Records)] == [("127.0.0.1",), ("127.0.0.2",)]


async def test_the_own_view_counts_the_hosts_file() -> None:
    found = await DnsProbe(Sources(), "inside").ask(lookup(name="localhost"))
    assert isinstance(found, Records)
    assert set(found.addresses) <= {"127.0.0.1", "::1"}
    assert found.addresses
    assert found.server == ""


async def test_the_systems_servers_say_why_a_name_does_not_resolve(
    name_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await name_server(zone({}, "NXDOMAIN"))
    monkeypatch.setattr(module, "_by_getaddrinfo", lambda name: ())
    monkeypatch.setattr(module, "_system_servers", lambda: (module._endpoint(server.address),))
    found = await DnsProbe(Sources(), "inside").ask(lookup())
    assert isinstance(found, Records)
    assert (found.outcome, found.server) == ("no-such-name", server.address)


async def test_a_machine_without_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_by_getaddrinfo", lambda name: ())
    monkeypatch.setattr(module, "_system_servers", lambda: ())
    found = await DnsProbe(Sources(), "outside").ask(lookup(view="outside"))
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.UNREACHABLE


async def test_the_second_server_of_the_system_is_asked(name_server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    silent, failing = await name_server(lambda query: None), await name_server(zone({}, "SERVFAIL"))
    good = await name_server(zone({(WEB, "A"): ["127.0.0.9"]}))
    servers = tuple(module._endpoint(server.address) for server in (silent, failing, good))
    monkeypatch.setattr(module, "_system_servers", lambda: servers)
    found = await DnsProbe(Sources(), "inside", patience=0.1).ask(lookup("A"))
    assert isinstance(found, Records)
    assert (found.addresses, found.server) == (("127.0.0.9",), good.address)


async def test_cancelling_leaves_no_task(name_server: Start) -> None:
    arrived = asyncio.Event()

    def silent(query: Query) -> None:
        arrived.set()

    server = await name_server(silent)
    before = asyncio.all_tasks()
    task = asyncio.create_task(probe(server).ask(lookup()))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == before
