"""The lab's name server, asked by dnspython."""

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.rdatatype
import dns.resolver
import pytest

from lab.dns import NameServer
from lab.model import HOSTS, WEB, Model, Name
from tests import in_process

pytestmark = pytest.mark.lab


def resolver(server: str) -> dns.asyncresolver.Resolver:
    address, _, port = server.partition(":")
    made = dns.asyncresolver.Resolver(configure=False)
    made.nameservers = [address]
    made.port = int(port)
    made.lifetime = 2.0
    return made


async def addresses(server: str, name: str, *, tcp: bool = False) -> list[str]:
    answer = await resolver(server).resolve(name, "A", tcp=tcp)
    return [record.to_text() for record in answer]


@pytest.fixture
def model() -> Model:
    return Model(addresses={host: f"127.99.0.{number}" for number, host in enumerate(HOSTS, 1)})


async def test_each_view_gives_its_own_names() -> None:
    async with in_process.start() as running:
        where = running.connection
        for tcp in (False, True):
            assert await addresses(where.dns_inside, where.web, tcp=tcp) == [where.addresses["reverse-proxy"]]
            assert await addresses(where.dns_outside, where.web, tcp=tcp) == [where.addresses["reverse-proxy"]]
        assert await addresses(where.dns_inside, where.pool.upper()) == [where.addresses["pool"]]
        assert await addresses(where.dns_inside, where.edge) == [where.addresses["edge-internal"]]
        assert await addresses(where.dns_outside, "sip.litwareinc.com") == [where.addresses["edge-external"]]
        for server, name in ((where.dns_outside, where.pool), (where.dns_inside, "sip.litwareinc.com")):
            with pytest.raises(dns.resolver.NXDOMAIN):
                await addresses(server, name)


async def test_no_such_name_and_no_such_record_are_told_apart() -> None:
    async with in_process.start() as running:
        asks = resolver(running.connection.dns_outside)
        with pytest.raises(dns.resolver.NoAnswer):
            await asks.resolve(WEB, "AAAA")
        with pytest.raises(dns.resolver.NXDOMAIN):
            await asks.resolve("nobody.litwareinc.com", "A")
        with pytest.raises(dns.resolver.NoAnswer):
            await asks.resolve("_tcp.litwareinc.com", "A")
        for query in (dns.message.make_query(WEB, "AAAA"), dns.message.make_query("nobody.litwareinc.com", "A")):
            reply = await dns.asyncquery.udp(query, str(asks.nameservers[0]), 2, asks.port)
            assert reply.authority[0].rdtype == dns.rdatatype.SOA
        with pytest.raises(dns.resolver.NoNameservers, match="REFUSED"):
            await asks.resolve("contoso.com", "A")


async def test_the_xmpp_service_leads_to_the_access_edge() -> None:
    async with in_process.start() as running:
        answer = await resolver(running.connection.dns_outside).resolve("_xmpp-server._tcp.litwareinc.com", "SRV")
        assert [record.to_text() for record in answer] == ["0 0 5269 sip.litwareinc.com."]


async def test_a_name_without_record_is_a_scenario() -> None:
    async with in_process.start("name-not-found") as running:
        for server in (running.connection.dns_inside, running.connection.dns_outside):
            with pytest.raises(dns.resolver.NXDOMAIN):
                await addresses(server, WEB)


async def test_the_model_makes_a_name_fail_be_silent_or_loop(model: Model) -> None:
    names = model.names["inside"]
    names["fails.litwareinc.com"] = Name(fault="server-failure")
    names["silent.litwareinc.com"] = Name(fault="drop")
    names["a.litwareinc.com"] = Name(alias="b.litwareinc.com")
    names["b.litwareinc.com"] = Name(alias="a.litwareinc.com")
    names["alias.litwareinc.com"] = Name(alias=WEB)
    server = NameServer(model, "inside")
    port = await server.open("127.98.7.6")
    asks = resolver(f"127.98.7.6:{port}")
    try:
        with pytest.raises(dns.resolver.NoNameservers, match="SERVFAIL"):
            await asks.resolve("fails.litwareinc.com", "A")
        with pytest.raises(dns.exception.Timeout):
            await asks.resolve("silent.litwareinc.com", "A", lifetime=0.3)
        loop = await dns.asyncquery.udp(dns.message.make_query("a.litwareinc.com", "A"), "127.98.7.6", 2, port)
        assert [each.to_text().split()[0::4] for each in loop.answer] == [
            ["a.litwareinc.com.", "b.litwareinc.com."],
            ["b.litwareinc.com.", "a.litwareinc.com."],
        ]
        answer = await asks.resolve("alias.litwareinc.com", "A")
        assert [record.to_text() for record in answer] == [model.addresses["reverse-proxy"]]
        assert answer.canonical_name.to_text() == f"{WEB}."
    finally:
        await server.close()


async def test_an_answer_too_long_for_udp_is_truncated_there_and_whole_over_tcp(model: Model) -> None:
    model.addresses |= {f"host-{number}": f"127.97.0.{number}" for number in range(1, 200)}
    model.names["inside"][WEB].hosts = [host for host in model.addresses if host.startswith("host-")]
    server = NameServer(model, "inside")
    port = await server.open("127.98.7.6")
    try:
        assert len(await addresses(f"127.98.7.6:{port}", WEB)) == 199
        query = dns.message.make_query(WEB, "A")
        reply = await dns.asyncquery.udp(query, "127.98.7.6", port=port, timeout=2)
        assert reply.flags & dns.flags.TC
    finally:
        await server.close()
