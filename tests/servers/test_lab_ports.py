"""The lab's plain ports: what the product has open is open, and a scenario's changes are seen."""

import asyncio
from pathlib import Path

import pytest

from lab.client import Connection
from lab.listening import STANDARD, ports_of
from lab.model import LYNC_2010, POOL, SKYPE_2015, SKYPE_2019, EdgeListener, Model, PortState, Product
from lab.pools import director
from tests.servers.browsing import served

pytestmark = pytest.mark.lab

WEB_PORTS = {443, 80, 4443, 8080}
OF_THE_EDGE = {5269, 23456}


async def state(where: Connection, host: str, port: int) -> PortState:
    """How a port takes a connection. What is dropped is given up on."""
    try:
        opening = asyncio.open_connection(where.addresses[host], where.ports[str(port)])
        _, writer = await asyncio.wait_for(opening, 0.5)
    except ConnectionRefusedError:
        return "closed"
    except TimeoutError:
        return "drop"
    writer.close()
    return "open"


async def opened(where: Connection, host: str) -> set[int]:
    return {port for port in STANDARD if await state(where, host, port) == "open"}


@pytest.mark.parametrize(
    ("product", "ports"),
    [
        (LYNC_2010, {5061, 5086, 5087}),
        (SKYPE_2015, {5061, 5086, 5087, 5088, 5089}),
        (SKYPE_2019, {5061, 5088, 5089}),
    ],
)
async def test_a_front_end_has_the_ports_of_its_product(product: Product, ports: set[int], tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.product = product

    async with served(tmp_path, change) as (where, _):
        assert await opened(where, "pool") == ports | WEB_PORTS


async def test_each_machine_has_its_own_ports(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        director(model)

    async with served(tmp_path, change) as (where, _):
        assert await opened(where, "director") == {5061} | WEB_PORTS
        assert await opened(where, "reverse-proxy") == {443, 80}
        assert await opened(where, "edge-external") == {443, 5061, 5269}
        # Its WinRM stands at 443 and 80, replication at 4443.
        assert await opened(where, "edge-internal") == {443, 80, 4443, 5061, 23456}
        assert await opened(where, "partner") == {5269}
        assert await opened(where, "partner-2") == await opened(where, "edge-external-2") == set()


async def test_without_xmpp_in_the_product_the_edge_has_no_port_for_it(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.product = SKYPE_2019

    async with served(tmp_path, change) as (where, _):
        assert await opened(where, "edge-external") == {443, 5061}
        assert await opened(where, "edge-internal") == {443, 80, 4443, 5061}


@pytest.mark.parametrize(
    ("listeners", "external", "internal"),
    [
        ([EdgeListener(5269, "edge-external")], {5269}, set()),
        ([EdgeListener(23456, "edge-internal")], set(), {23456}),
        ([EdgeListener(5269, "loopback"), EdgeListener(23456, "loopback")], set(), set()),
        ([], set(), set()),
    ],
    ids=["external", "internal", "loopback", "none"],
)
def test_the_ports_of_the_gateway_follow_its_process(
    listeners: list[EdgeListener], external: set[int], internal: set[int]
) -> None:
    model = Model(edge_listeners=listeners)
    assert ports_of(model, "edge-external").keys() & {5269} == external
    assert ports_of(model, "edge-internal").keys() & {23456} == internal


async def test_what_a_scenario_says_of_a_port_is_seen(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.listening["pool"] = {5061: "drop", 5086: "closed"}
        model.web_server("pool", "external").https = "drop"

    async with served(tmp_path, change) as (where, _):
        found = [await state(where, "pool", port) for port in (5061, 5086, 5087, 4443, 8080)]
        assert found == ["drop", "closed", "open", "drop", "open"]


@pytest.mark.parametrize(("service", "closed"), [("RTCSRV", {5061}), ("W3SVC", {*WEB_PORTS, 5086, 5087, 5088, 5089})])
async def test_a_service_that_stands_still_closes_its_ports(service: str, closed: set[int], tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.computer(POOL).standing_still[service] = "Stopped"

    async with served(tmp_path, change) as (where, _):
        assert await opened(where, "pool") == set(STANDARD) - OF_THE_EDGE - closed


async def test_an_open_port_holds_what_it_took_and_says_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, deployment):
        reader, writer = await asyncio.open_connection(where.addresses["pool"], where.ports["5061"])
        writer.write(b"OPTIONS sip:x SIP/2.0\r\n\r\n")
        await writer.drain()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        await deployment.close()
        assert await asyncio.wait_for(reader.read(1), 5) == b""
        writer.close()


async def test_the_standard_ports_are_all_mapped(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        assert {int(port) for port in where.ports} == set(STANDARD)
        assert len(set(where.ports.values())) == len(STANDARD)
        assert where.connect_to == tuple(f":{port}::{where.ports[str(port)]}" for port in STANDARD)
