"""Hostile servers: each ends in a clear finding, and nothing of theirs reaches the terminal as anything but text."""

import asyncio
import json
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from checks import journal as journals
from checks.report import FORMATS
from checks.report.nagios import CODES
from tests.end_to_end.command import lyncdoctor

pytestmark = pytest.mark.lab
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def assert_harmless(text: str) -> None:
    escapes = {character for character in text if character != "\n" and unicodedata.category(character) == "Cc"}
    assert not escapes
    assert "\u202e" not in text, "nothing is reordered"


@pytest.mark.parametrize("form", FORMATS)
async def test_escapes_and_markup_in_headers_and_body_stay_text(form: str, tmp_path: Path) -> None:
    journal = tmp_path / "walk.jsonl"
    ended = await lyncdoctor("run", "mobility", "--lab", "hostile-answer", "--format", form, "--record", str(journal))
    assert ended.code == (CODES["CRITICAL"] if form == "nagios" else 1)
    assert "service-url/forbidden" in ended.stdout
    assert_harmless(ended.stdout)
    for asked in journals.read(journal).asked.values():
        assert_harmless("\n".join(asked.answer.lines()))


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[int]:
    """A server on 127.0.0.1 that talks so to each who connects; its port."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def certificates(port: int) -> tuple[str, str]:
    """The answer and the headline about the certificates, where 443 leads to that port."""
    ended = await lyncdoctor(
        "run", "mobility", "--web", "localhost.localdomain", "--connect-to", f":443:127.0.0.1:{port}",
        "--only", "mobility.certificates", "--format", "json",
    )  # fmt: skip
    step = json.loads(ended.stdout)["steps"][0]
    assert_harmless(step["headline"])
    return step["answer"], step["headline"]


def tls_record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2, "big") + content


def handshake_message(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + len(content).to_bytes(3, "big") + content


async def test_a_certificate_that_does_not_parse() -> None:
    garbage = b"\x30\x03\x02\x01\x05"
    entry = len(garbage).to_bytes(3, "big") + garbage
    hello = handshake_message(2, b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00")
    certificate = handshake_message(11, len(entry).to_bytes(3, "big") + entry)

    async def present(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(tls_record(22, hello) + tls_record(22, certificate))
        await writer.drain()
        await reader.read(4096)

    async with serving(present) as port:
        answer, headline = await certificates(port)
    assert answer == "tls-failed"
    assert "cannot be read as a certificate" in headline


@pytest.mark.parametrize(("said", "answer"), [
    (b"220 mail.contoso.com ESMTP\r\n", "tls-failed"),
    (b"\x1b]0;owned\x07\x1b[2J", "tls-failed"),
    (b"\x15\x03\x03\x00\x02\x02\x28", "tls-failed"),
    (b"", "tls-failed"),
    (b"A" * 200_000, "tls-failed"),
], ids=["another protocol", "escapes", "an alert", "nothing", "a flood"])  # fmt: skip
async def test_what_speaks_no_tls(said: bytes, answer: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        await writer.drain()

    async with serving(talk) as port:
        assert (await certificates(port))[0] == answer
