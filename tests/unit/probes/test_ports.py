"""TCP ports on loopback that take connections, refuse them, or keep silent; and names that lead nowhere."""

import asyncio
from collections.abc import Awaitable, Callable

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Open, Port, Unanswered, Unreached
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.ports import PortProbe
from checks.probes.wire import Deadlines
from tests.unit.probes.conftest import WEB, NameServer, Serve

HTTPS = Port(host=WEB, port=443, view="inside")
NameServers = Callable[..., Awaitable[NameServer]]


async def test_a_port_that_listens_is_open_and_nothing_is_said_on_it(
    serve: Serve, network: Callable[[int], Network], short: Deadlines
) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.put_nowait(await reader.read(100))

    answer = await PortProbe(network(await serve(listen)), short).ask(HTTPS)
    assert answer == Open(address="127.0.0.1")
    assert await heard.get() == b""


async def test_a_port_that_nobody_listens_on_is_refused(
    refusing: int, network: Callable[[int], Network], short: Deadlines
) -> None:
    answer = await PortProbe(network(refusing), short).ask(HTTPS)
    assert isinstance(answer, Unreached)
    assert (answer.phase, answer.kind, answer.address) == ("connect", "refused", "127.0.0.1")
    assert answer.detail


async def test_a_port_behind_a_firewall_that_drops_is_a_timeout(
    black_hole: int, network: Callable[[int], Network], short: Deadlines
) -> None:
    answer = await PortProbe(network(black_hole), short).ask(HTTPS)
    assert isinstance(answer, Unreached)
    assert (answer.phase, answer.kind) == ("connect", "timeout")


@pytest.mark.parametrize(("rcode", "kind"), [(dns.rcode.NXDOMAIN, "no-such-name"), (dns.rcode.NOERROR, "no-address")])
async def test_a_name_without_an_address_is_told_apart_from_a_closed_port(
    rcode: dns.rcode.Rcode, kind: str, name_server: NameServers, short: Deadlines
) -> None:
    answer = await _asked_of(await name_server(lambda query: _says(query, rcode)), short)
    assert isinstance(answer, Unreached)
    assert (answer.phase, answer.kind) == ("name", kind)


async def test_where_the_name_server_fails_nothing_follows_for_the_port(
    name_server: NameServers, short: Deadlines
) -> None:
    answer = await _asked_of(await name_server(lambda query: _says(query, dns.rcode.SERVFAIL)), short)
    assert isinstance(answer, Unanswered)
    assert answer.reason is Reason.UNREACHABLE


async def test_of_two_addresses_the_one_that_listens_counts(
    serve: Serve, name_server: NameServers, short: Deadlines
) -> None:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    port = await serve(listen, host="127.0.0.2")

    def both(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        name = query.question[0].name
        if query.question[0].rdtype == dns.rdatatype.A:
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "127.0.0.3", "127.0.0.2"))
        return response

    server = await name_server(both)
    rules = (ConnectTo(port=443, to_port=port),)
    sources = Sources(dns_inside=server.address, connect_to=rules)
    answer = await PortProbe(Network(sources, DnsProbe(sources, "inside")), short).ask(HTTPS)
    assert answer == Open(address="127.0.0.2")


async def _asked_of(server: NameServer, short: Deadlines) -> Open | Unreached | Unanswered:
    sources = Sources(dns_inside=server.address)
    return await PortProbe(Network(sources, DnsProbe(sources, "inside")), short).ask(HTTPS)


def _says(query: dns.message.Message, rcode: dns.rcode.Rcode) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.set_rcode(rcode)
    return response
