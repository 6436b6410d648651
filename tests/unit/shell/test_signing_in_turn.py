"""Lanes of a remote shell connect side by side; what the first sign-in comes to is known before another one begins."""

import asyncio
import base64
import contextlib
import threading
from collections.abc import AsyncIterator

import pytest

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Cmdlet, Unanswered
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell.remote import Deadlines, RemoteShell
from checks.probes.shell.turn import Turn
from checks.secret import Secret
from tests.unit.shell.test_hostile_plain_endpoint import BARE, FLAGS, challenge

HOST = "atl-edge-001.litwareinc.com"
QUESTIONS = [
    Cmdlet(name=name, on="edge") for name in ("Get-Service", "Get-Process", "Get-NetTCPConnection", "Get-Date")
]
PROOF = b"NTLMSSP\x00\x03"


class Endpoint:
    """Takes every connection, and decides on a proof of the password only when it may."""

    def __init__(self, decision: bytes) -> None:
        self.met: list[str] = []
        """What came, in its order: `connection`, `question`, `token` and `proof`."""
        self.changed = asyncio.Condition()
        self.may_decide = asyncio.Event()
        self._decision = decision

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._note("connection")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                await reader.readexactly(length)
                writer.write(await self._answer(head))
                await writer.drain()
        writer.close()

    async def _answer(self, head: bytes) -> bytes:
        token = base64.b64decode(head.partition(b"Authorization: NTLM ")[2].split(b"\r\n")[0])
        if PROOF in token:
            await self._note("proof")
            await self.may_decide.wait()
            return self._decision
        await self._note("token" if token else "question")
        return challenge(FLAGS) if token else BARE

    async def _note(self, what: str) -> None:
        async with self.changed:
            self.met.append(what)
            self.changed.notify_all()

    async def has_met(self, **times: int) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: all(self.met.count(what) >= least for what, least in times.items()))


@contextlib.asynccontextmanager
async def shell_at(endpoint: Endpoint, scheme: str = "http", opening: float = 10.0) -> AsyncIterator[RemoteShell]:
    server = await asyncio.start_server(endpoint.converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sources = Sources(connect_to=(ConnectTo(to_host="127.0.0.1", to_port=port),))
    network = Network(sources, DnsProbe(sources, "inside"))
    deadlines = Deadlines(opening=opening, stopping=1)
    address = f"{scheme}://{HOST}/wsman"
    shell = RemoteShell(address, r"atl-edge-001\admin", Secret("canary-3e7a"), network, "inside", deadlines=deadlines)
    async with server:
        try:
            yield shell
        finally:
            endpoint.may_decide.set()
            await shell.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("remote-shell")]


FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("decision", [BARE, FORBIDDEN], ids=["refused", "forbidden"])
async def test_nobody_signs_in_beside_the_first_one_nor_after_it_was_turned_away(decision: bytes) -> None:
    endpoint = Endpoint(decision)
    async with shell_at(endpoint) as shell:
        asking = [asyncio.create_task(shell.ask(question)) for question in QUESTIONS]
        await endpoint.has_met(question=3, proof=1)
        endpoint.may_decide.set()
        answers = await asyncio.gather(*asking)
    assert {answer.reason for answer in answers if isinstance(answer, Unanswered)} == {Reason.DENIED}
    assert [endpoint.met.count(what) for what in ("connection", "question", "token", "proof")] == [3, 3, 1, 1]


async def test_where_the_first_one_gets_no_answer_nobody_else_knocks() -> None:
    class Silent(Endpoint):
        async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._note("connection")
            await reader.read()
            writer.close()

    endpoint = Silent(BARE)
    async with shell_at(endpoint, "https", opening=0.3) as shell:
        answers = await asyncio.gather(*map(shell.ask, QUESTIONS))
    assert {answer.reason for answer in answers if isinstance(answer, Unanswered)} == {Reason.TIMEOUT}
    assert endpoint.met == ["connection"]


def test_a_turn_is_of_one_and_is_left_by_him_alone() -> None:
    turn = Turn()
    assert turn.take("first", lambda: False)
    assert turn.take("first", lambda: False)
    assert not turn.take("second", lambda: True)
    turn.leave("second")
    waiting = threading.Event()
    taken: list[bool] = []

    def still_wanted() -> bool:
        waiting.set()
        return False

    second = threading.Thread(target=lambda: taken.append(turn.take("second", still_wanted)))
    second.start()
    assert waiting.wait(10)
    assert not taken
    turn.leave("first")
    second.join(10)
    assert taken == [True]
    assert not turn.take("first", lambda: True)
