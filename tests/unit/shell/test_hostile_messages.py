"""What a real endpoint says, damaged on the way: the shell ends in an answer or in a sentence, never in a crash."""

import asyncio
import base64
import contextlib
import re
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypsrp.messages import MessageType
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Cmdlet, Objects, Unanswered
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell.failure import Failure
from checks.probes.shell.lane import Lane
from checks.probes.shell.line import Line
from checks.probes.shell.remote import Deadlines, RemoteShell
from checks.probes.shell.target import Account, parse_target
from lab.certificates import Authorities
from lab.model import POOL, Certificate, Model
from lab.powershell import Endpoint
from tests.unit.shell.damage import Damage, damages

QUESTION = Cmdlet(name="Get-CsUser")
_STREAM = re.compile(r"(<rsp:Stream [^>]*>)([^<]*)(</rsp:Stream>)")


class Damaged:
    """The lab's endpoint, whom anybody may ask, with one of its replies damaged."""

    def __init__(self, directory: Path) -> None:
        authorities = Authorities()
        self.context = authorities.issue(Certificate([POOL])).context(directory)
        self.ca_file = directory / "root.pem"
        self.ca_file.write_bytes(authorities.trusted_pem)
        self.said: list[str] = []

    async def ask(self, number: int, damage: Damage, *, inside: bool) -> Objects | Unanswered:
        """What the shell makes of it when reply `number` is damaged; `inside`: in the fragments that it carries."""
        endpoint = Endpoint(Model(), POOL)
        self.said.clear()

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    status, envelope = await endpoint.answer("litwareinc\\admin", await _body(reader))
                    self.said.append(envelope)
                    content = envelope.encode()
                    if len(self.said) == number + 1:
                        content = _inside(envelope, damage) if inside else damage.of(content)
                    kind = b"Content-Type: application/soap+xml;charset=UTF-8"
                    head = b"HTTP/1.1 %d X\r\n%s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(content))
                    writer.write(head + content)
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(converse, "127.0.0.1", 0, ssl=self.context)
        port = server.sockets[0].getsockname()[1]
        sources = Sources(connect_to=(ConnectTo(to_host="127.0.0.1", to_port=port),), ca_file=str(self.ca_file))
        shell = RemoteShell(
            f"https://{POOL}/OcsPowershell",
            "",
            None,
            Network(sources, DnsProbe(sources, "inside")),
            "inside",
            sources.ca_file,
            deadlines=Deadlines(opening=1.0, call=1.5, stopping=0.5),
        )
        try:
            return await shell.ask(QUESTION)
        finally:
            await shell.close()
            server.close()
            await endpoint.close()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0))


def _inside(envelope: str, damage: Damage) -> bytes:
    """The envelope with the fragments in its stream damaged; as it is where it carries none."""

    def damaged(match: re.Match[str]) -> str:
        return f"{match[1]}{base64.b64encode(damage.of(base64.b64decode(match[2]))).decode()}{match[3]}"

    return _STREAM.sub(damaged, envelope).encode()


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Damaged:
    return Damaged(tmp_path_factory.mktemp("endpoint"))


def judged(found: Objects | Unanswered) -> None:
    assert isinstance(found, Objects) or found.reason in {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.DENIED}, found
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("remote-shell")]


async def test_undamaged_the_endpoint_answers(endpoint: Damaged) -> None:
    found = await endpoint.ask(-1, Damage("cut", 0, 0, b""), inside=False)
    assert isinstance(found, Objects)
    assert len(found.objects) == 2


@given(number=st.integers(0, 6), damage=damages())
@settings(max_examples=60, deadline=None)
def test_damaged_envelopes_end_in_an_answer(endpoint: Damaged, number: int, damage: Damage) -> None:
    judged(asyncio.run(endpoint.ask(number, damage, inside=False)))


@given(number=st.integers(1, 5), damage=damages())
@settings(max_examples=30, deadline=None)
def test_damaged_fragments_end_in_an_answer(endpoint: Damaged, number: int, damage: Damage) -> None:
    judged(asyncio.run(endpoint.ask(number, damage, inside=True)))


@pytest.mark.parametrize(
    "envelope",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><s:Envelope>&a;&a;</s:Envelope>',
        '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
        b"<a>" * 200_000,
        b"<a>" * 200_000 + b"</a>" * 200_000,
    ],
    ids=["entities", "utf-16", "deep-and-open", "deep"],
)
async def test_envelopes_that_are_traps(endpoint: Damaged, envelope: bytes) -> None:
    found = await endpoint.ask(0, Damage("replace", 0, 0, envelope), inside=False)
    assert isinstance(found, Unanswered)
    assert "not PowerShell remoting" in found.detail


@pytest.fixture(scope="module")
def said(endpoint: Damaged) -> list[bytes]:
    """The PSRP fragments with which the endpoint answers a question."""
    asyncio.run(endpoint.ask(-1, Damage("cut", 0, 0, b""), inside=False))
    streams = [base64.b64decode(match[2]) for text in endpoint.said for match in _STREAM.finditer(text)]
    assert len(streams) >= 2
    return streams


@given(st.data())
@settings(max_examples=500, deadline=None)
def test_damaged_messages_end_in_a_sentence(said: list[bytes], data: st.DataObject) -> None:
    fragments = data.draw(st.sampled_from(said))
    damaged = data.draw(damages()).of(fragments)
    outcome = _lane()._guarded(lambda: _decoded(damaged))
    assert not isinstance(outcome, Failure) or outcome.answer.reason is Reason.UNREACHABLE
    if isinstance(outcome, Failure):
        assert outcome.answer.detail.isprintable()
        assert not outcome.refused


@given(st.binary(max_size=2000))
@settings(max_examples=500, deadline=None)
def test_any_bytes_as_fragments_end_in_a_sentence(data: bytes) -> None:
    outcome = _lane()._guarded(lambda: _decoded(data))
    assert not isinstance(outcome, Failure) or outcome.answer.reason is Reason.UNREACHABLE


def _lane() -> Lane:
    target = parse_target(f"https://{POOL}/OcsPowershell", "")
    return Lane(target, Account("", None), Line([], connect=1, connecting=1), "", Accounts())


def _decoded(data: bytes) -> Objects:
    """What the session reads in fragments that a server sent for its pipeline."""
    from checks.probes.shell.session import _objects

    pool = RunspacePool(WSMan(POOL))
    powershell = PowerShell(pool)
    for kind, message in pool._parse_responses(data, powershell):
        if kind == MessageType.PIPELINE_OUTPUT:
            powershell.output.append(message.data.data)
    return _objects(powershell)
