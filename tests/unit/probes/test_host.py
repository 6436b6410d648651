"""The host probe against this machine's own sockets."""

import os
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from checks.model import Reason
from checks.probes import Sockets, SocketTable, Unanswered
from checks.probes.host import MOST_SOCKETS, HostProbe


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


async def table(*ports: int) -> SocketTable:
    found = await HostProbe().ask(Sockets(ports=ports))
    assert isinstance(found, SocketTable)
    return found


async def test_a_listener_and_its_process(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    # An earlier connection's end may still wait with the same number, or another address have it.
    (found,) = (one for one in (await table(port)).sockets if (one.address, one.state) == ("127.0.0.1", "LISTEN"))
    assert (found.address, found.port, found.state, found.pid) == ("127.0.0.1", port, "LISTEN", os.getpid())
    assert (found.remote_address, found.remote_port) == ("", 0)
    assert found.process == psutil.Process().name()


async def test_a_session_is_seen_from_both_ends(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection(listener.getsockname()), listener.accept()[0]:
        found = [one for one in (await table(port)).sockets if one.address == "127.0.0.1" and one.state != "TIME_WAIT"]
    states = [(one.state, one.port == port, one.remote_port == port) for one in found]
    assert states[0] == ("LISTEN", True, False)
    assert sorted(states[1:]) == [("ESTABLISHED", False, True), ("ESTABLISHED", True, False)]


async def test_a_port_is_compared_as_a_number(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert port not in {found.port for found in (await table(port // 10, port % 10000)).sockets}


async def test_the_system_is_told_beside_the_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform, on_windows in (("linux", False), ("win32", True)):
        monkeypatch.setattr("checks.probes.host.sys", SimpleNamespace(platform=platform))
        told = await table()
        assert (told.on_windows, told.of((5269,)).on_windows) == (on_windows, on_windows)


async def test_no_socket_is_an_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert (await table(port)).sockets == ()


def connection(**fields: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"laddr": ("10.0.0.1", 5269), "raddr": (), "status": "LISTEN", "pid": None} | fields)


async def test_an_owner_that_cannot_be_seen_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(pid: int) -> None:
        raise psutil.AccessDenied(pid) if pid == 4 else psutil.NoSuchProcess(pid)

    monkeypatch.setattr(psutil, "net_connections", lambda kind: [connection(), connection(pid=4), connection(pid=5)])
    monkeypatch.setattr(psutil, "Process", denied)
    assert [(found.pid, found.process) for found in (await table(5269)).sockets] == [(None, ""), (4, ""), (5, "")]


async def test_a_flood_of_clients_does_not_push_the_listener_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [connection(raddr=("10.0.0.2", 1024 + number), status="ESTABLISHED") for number in range(2000)]
    monkeypatch.setattr(psutil, "net_connections", lambda kind: [*clients, connection()])
    sockets = (await table(5269)).sockets
    assert (len(sockets), sockets[0].state) == (MOST_SOCKETS, "LISTEN")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (psutil.AccessDenied(), Reason.DENIED),
        (PermissionError(13, "denied"), Reason.DENIED),
        (FileNotFoundError(2, "no /proc/net"), Reason.NOT_POSSIBLE_HERE),
        (psutil.Error("odd"), Reason.NOT_POSSIBLE_HERE),
    ],
)
async def test_a_system_that_does_not_show_its_sockets(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: Reason
) -> None:
    def fail(kind: str) -> None:
        raise error

    monkeypatch.setattr(psutil, "net_connections", fail)
    found = await HostProbe().ask(Sockets(ports=(5269,)))
    assert isinstance(found, Unanswered)
    assert found.reason == reason
