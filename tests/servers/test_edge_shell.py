"""The Edge's WinRM endpoint: over http with every message encrypted, over https, and as an Edge refuses."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest

from checks.deployment import Sources, parse_connect_to, parse_edge_shell
from checks.model import Reason
from checks.probes import Cmdlet, Sockets, SocketTable
from checks.probes.shell import open_edge_shell
from checks.probes.shell.sockets import sockets_by
from checks.secret import Secret
from tests.servers.opened_shell import Opened, brought, nothing_runs, opened, unanswered, until

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("edge")]

SOCKETS = Cmdlet(name="Get-NetTCPConnection", on="edge")
PROCESSES = Cmdlet(name="Get-Process", on="edge")
VERSION = Cmdlet(name="Get-CsServerVersion", on="edge")
WRONG = "canary-40e1b2"

Seen = set[tuple[str, int, str, int, str]]


class Relay:
    """Passes bytes on between the shell and an endpoint, and keeps what came from either side."""

    def __init__(self, address: str, port: int) -> None:
        self.heard = bytearray()
        self.asked: list[bytes] = []
        self._to = (address, port)
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self, *, as_proxy: bool = False) -> AsyncIterator[int]:
        """The port that is listened on; as a proxy, each connection begins with a CONNECT."""

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if as_proxy:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            far_reader, far_writer = await asyncio.open_connection(*self._to)
            for one, other in ((reader, far_writer), (far_reader, writer)):
                task = asyncio.create_task(self._pass(one, other))
                self._tasks.add(task)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                self.heard += data
                writer.write(data)
                await writer.drain()
        writer.close()


def by_psutil(shell: Opened) -> Seen:
    """Address, port, state, owner's number and name of the sockets that the lab's Edge has."""
    return {
        (socket.laddr.ip, socket.laddr.port, socket.status, child.pid, child.name())
        for child in psutil.Process(shell.running.pid).children()
        for socket in child.net_connections(kind="tcp")
    }


async def by_shell(shell: Opened) -> Seen:
    sockets = brought(await shell.ask(SOCKETS)).objects
    names = {one["Id"]: one["ProcessName"] for one in brought(await shell.ask(PROCESSES)).objects}
    states = {"Listen": "LISTEN", "Established": "ESTABLISHED"}
    return {
        (
            one["LocalAddress"],
            one["LocalPort"],
            states[one["State"]],
            one["OwningProcess"],
            f"{names[one['OwningProcess']]}.exe",
        )
        for one in sockets
    }


@pytest.mark.parametrize(
    "scenario",
    ["healthy", "healthy-sessions", "edge-only-external", "edge-only-internal", "edge-other-process"],
)
async def test_the_shell_tells_the_same_sockets_as_the_machine_itself(scenario: str) -> None:
    async with opened(scenario, edge=True) as shell:
        told = await by_shell(shell)
        assert told
        assert told == by_psutil(shell)


async def test_the_sockets_of_two_ports_come_back_joined_with_their_owners() -> None:
    async with opened("healthy-sessions", edge=True) as shell:
        table = await sockets_by(shell, Sockets(ports=(5269, 23456), on="edge"))
        assert isinstance(table, SocketTable), table
        seen = {(one.address, one.port, one.state, one.pid, f"{one.process}.exe") for one in table.sockets}
        assert seen == by_psutil(shell)
        assert await sockets_by(shell, Sockets(ports=(5061,), on="edge")) == SocketTable()


async def test_that_nothing_listens_is_an_error_record_of_its_own() -> None:
    async with opened("edge-not-listening", edge=True) as shell:
        answer = brought(await shell.ask(SOCKETS))
    [error] = answer.errors
    assert not answer.objects
    assert error.id.startswith("CmdletizationQuery_NotFound")
    assert error.category == "ObjectNotFound"


async def test_over_https_it_is_the_same() -> None:
    async with opened(edge=True) as shell:
        connection = shell.running.connection
        secret = Opened(
            shell.running,
            connection.edge_shell_password,
            shell._deadlines,
            edge=True,
            shell=parse_edge_shell(f"https://{connection.edge}:{connection.https_port}/wsman"),
        )
        assert brought(await secret.ask(SOCKETS)).objects == brought(await shell.ask(SOCKETS)).objects
        await secret.close()


async def test_it_is_opened_from_what_the_command_line_names() -> None:
    async with opened(edge=True) as shell:
        connection = shell.running.connection
        sources = Sources(edge_shell=parse_edge_shell(connection.edge_shell_url), edge_user=connection.edge_shell_user)
        named = open_edge_shell(sources, shell.network, Secret(connection.edge_shell_password), "inside")
        [version] = brought(await named.ask(VERSION)).objects
        await named.close()
    assert version["Value"].startswith("Microsoft Lync Server 2013")


async def test_over_http_nothing_is_said_that_anybody_could_read() -> None:
    async with opened(edge=True) as shell:
        connection = shell.running.connection
        relay = Relay(connection.addresses["edge-internal"], connection.http_port)
        async with relay.listening() as port:
            through = parse_connect_to(f"{connection.edge}:{connection.http_port}:127.0.0.1:{port}")
            heard = Opened(
                shell.running, connection.edge_shell_password, shell._deadlines, edge=True, connect_to=(through,)
            )
            assert brought(await heard.ask(SOCKETS)).objects
            await heard.close()
    assert b"POST /wsman" in relay.heard
    assert b"HTTP-SPNEGO-session-encrypted" in relay.heard
    for word in (b"Envelope", b"rsp:", b"NetTCP", b"XmppProxy", connection.edge_shell_password.encode()):
        assert word not in relay.heard, word


async def test_a_proxy_is_asked_for_a_tunnel() -> None:
    async with opened(edge=True) as shell:
        connection = shell.running.connection
        relay = Relay(connection.addresses["edge-internal"], connection.http_port)
        async with relay.listening(as_proxy=True) as port:
            tunnelled = Opened(
                shell.running,
                connection.edge_shell_password,
                shell._deadlines,
                edge=True,
                connect_to=(),
                proxy=f"http://127.0.0.1:{port}",
            )
            assert brought(await tunnelled.ask(VERSION)).objects
            await tunnelled.close()
    assert relay.asked[0].startswith(f"CONNECT {connection.edge}:{connection.http_port} ".encode())
    assert b"Get-Cs" not in relay.heard


async def test_an_http_endpoint_is_not_asked_through_an_https_proxy() -> None:
    async with opened(edge=True, proxy="https://127.0.0.1:9") as shell:
        answer = unanswered(await shell.ask(VERSION))
    assert answer.reason is Reason.NOT_POSSIBLE_HERE


async def test_three_pipelines_at_most_here_too() -> None:
    async with opened(edge=True, delay_ms=30) as shell:
        answers = await asyncio.gather(*(shell.ask(VERSION) for _ in range(15)))
        assert all(brought(answer).objects for answer in answers)
        ran = await shell.pipelines()
        assert (ran["most"], ran["running"], ran["scripts"]) == (3, 0, 0)
        assert await shell.sign_ins() == (3, 0)


async def test_a_drop_in_mid_pipeline_signs_in_anew_and_asks_once_more() -> None:
    async with opened("edge-shell-drops", edge=True) as shell:
        assert brought(await shell.ask(SOCKETS)).objects
        assert (await shell.pipelines())["asked"] == {"Get-NetTCPConnection": 2}
        await until(lambda: nothing_runs(shell))
        await shell.close()
        assert (await shell.pipelines())["sessions"] == 0


async def test_a_session_that_the_edge_has_lost_is_opened_again_once() -> None:
    async with opened(edge=True) as shell:
        brought(await shell.ask(VERSION))
        await shell.running.control("change", scenarios=["healthy"])
        assert brought(await shell.ask(VERSION)).objects


async def test_a_wrong_password_is_refused_once() -> None:
    async with opened(edge=True, password=WRONG) as shell:
        answers = await asyncio.gather(*(shell.ask(VERSION) for _ in range(5)))
        assert {unanswered(answer).reason for answer in answers} == {Reason.DENIED}
        assert await shell.sign_ins() == (0, 1)
        assert WRONG not in repr(answers)


async def test_an_edge_knows_its_own_accounts_alone() -> None:
    async with opened(edge=True) as shell:
        connection = shell.running.connection
        stranger = Opened(
            shell.running, connection.shell_password, shell._deadlines, edge=True, shell_user=connection.shell_user
        )
        assert unanswered(await stranger.ask(VERSION)).reason is Reason.DENIED
        assert await stranger.sign_ins() == (0, 1)
        await stranger.close()


@pytest.mark.parametrize(
    ("scenario", "reason", "words"),
    [
        ("edge-shell-closed", Reason.UNREACHABLE, "Enable-PSRemoting -Force"),
        ("edge-shell-denied", Reason.DENIED, r"net localgroup 'Remote Management Users' atl-edge-001\administrator"),
        ("edge-shell-basic", Reason.UNREACHABLE, "takes Basic alone, which would show the password"),
    ],
)
async def test_why_no_session_opens(scenario: str, reason: Reason, words: str) -> None:
    async with opened(scenario, edge=True) as shell:
        answer = unanswered(await shell.ask(VERSION))
        assert await shell.sign_ins() in {(0, 0), (1, 0)}
    assert answer.reason is reason
    assert words in answer.detail


async def test_an_edge_without_the_lync_module_still_tells_its_sockets() -> None:
    async with opened("edge-shell-bare", edge=True) as shell:
        assert [error.id for error in brought(await shell.ask(VERSION)).errors] == ["CommandNotFoundException"]
        assert brought(await shell.ask(SOCKETS)).objects
