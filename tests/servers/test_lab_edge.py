"""The lab's Edge, seen by psutil as an administrator sees it with netstat."""

import psutil
import pytest

from lab.client import Running
from tests import in_process

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("edge")]

Seen = set[tuple[str, int, str]]


def seen(running: Running, state: str = "LISTEN") -> Seen:
    """Address, port and process name of the sockets that the lab's Edge has in a state."""
    found: Seen = set()
    for child in psutil.Process(running.pid).children():
        for socket in child.net_connections(kind="tcp"):
            if socket.status == state:
                found.add((socket.laddr.ip, socket.laddr.port, child.name()))
    return found


async def test_the_gateway_listens_on_both_ports_under_its_own_name() -> None:
    async with in_process.start() as running:
        own = running.connection.addresses
        assert seen(running) == {
            (own["edge-external"], 5269, "XmppProxy.exe"),
            (own["edge-internal"], 23456, "XmppProxy.exe"),
        }
        assert seen(running, "ESTABLISHED") == set()


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("edge-only-external", {("edge-external", 5269, "XmppProxy.exe")}),
        ("edge-only-internal", {("edge-internal", 23456, "XmppProxy.exe")}),
        ("edge-not-listening", set()),
        (
            "edge-other-process",
            {("edge-external", 5269, "openfire-service.exe"), ("edge-internal", 23456, "openfire-service.exe")},
        ),
        ("edge-loopback-only", {("127.0.0.1", 5269, "XmppProxy.exe"), ("127.0.0.1", 23456, "XmppProxy.exe")}),
    ],
)
async def test_scenarios_change_who_listens_where(scenario: str, expected: Seen) -> None:
    async with in_process.start(scenario) as running:
        own = running.connection.addresses
        assert seen(running) == {(own.get(where, where), port, name) for where, port, name in expected}


async def test_a_partner_and_a_front_end_can_be_connected() -> None:
    async with in_process.start("healthy-sessions") as running:
        own = running.connection.addresses
        assert seen(running, "ESTABLISHED") == {
            (own["edge-external"], 5269, "XmppProxy.exe"),
            (own["edge-internal"], 23456, "XmppProxy.exe"),
        }
