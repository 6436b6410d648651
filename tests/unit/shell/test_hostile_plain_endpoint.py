"""The remote shell over http against endpoints that do not encrypt: nothing is asked of them, nothing believed."""

import asyncio
import base64
import contextlib
import struct
from collections.abc import AsyncIterator, Sequence

import pytest

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Cmdlet, Unanswered
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell.remote import Deadlines, RemoteShell
from checks.secret import Secret

EDGE = "atl-edge-001.litwareinc.com"
QUESTION = Cmdlet(name="Get-NetTCPConnection", on="edge")
PASSWORD = "canary-9d02"
SIGN, SEAL = 0x10, 0x20
FLAGS = 0xE28A8235

BARE = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
SIGNED_IN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def challenge(flags: int) -> bytes:
    """A 401 with an NTLM CHALLENGE message of these flags."""
    information = struct.pack("<HH", 2, 2) + "L".encode("utf-16-le") + struct.pack("<HH", 0, 0)
    message = (
        b"NTLMSSP\x00" + struct.pack("<IHHII", 2, 0, 0, 56, flags) + b"\x01" * 8 + b"\x00" * 8
        + struct.pack("<HHI", len(information), len(information), 56) + b"\x00" * 8 + information
    )  # fmt: skip
    token = base64.b64encode(message)
    return b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM " + token + b"\r\nContent-Length: 0\r\n\r\n"


def plain(body: bytes, status: str = "200 OK", content_type: str = "application/soap+xml;charset=UTF-8") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Endpoint:
    """Gives each request the next answer, the last one for ever; keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    @contextlib.asynccontextmanager
    async def answering(self, answers: Sequence[bytes]) -> AsyncIterator[RemoteShell]:
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                    self.requests.append(head + await reader.readexactly(length))
                    writer.write(answers[min(len(self.requests), len(answers)) - 1])
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(converse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sources = Sources(connect_to=(ConnectTo(to_host="127.0.0.1", to_port=port),))
        shell = RemoteShell(
            f"http://{EDGE}:5985/wsman",
            r"atl-edge-001\administrator",
            Secret(PASSWORD),
            Network(sources, DnsProbe(sources, "inside")),
            "inside",
            deadlines=Deadlines(opening=5.0, call=6.0, stopping=1.0),
        )
        try:
            yield shell
        finally:
            await shell.close()
            server.close()


async def asked(*answers: bytes) -> tuple[Unanswered, list[bytes]]:
    """What the shell made of these answers, and the requests that it sent."""
    endpoint = Endpoint()
    async with endpoint.answering(answers) as shell:
        found = await shell.ask(QUESTION)
    assert isinstance(found, Unanswered), found
    assert PASSWORD not in repr(found)
    return found, endpoint.requests


async def test_an_endpoint_that_asks_nobody_to_sign_in_is_told_nothing() -> None:
    found, requests = await asked(SIGNED_IN)
    assert "does not encrypt its messages" in found.detail
    assert f"https://{EDGE}:5986/wsman" in found.detail
    assert [request.partition(b"\r\n\r\n")[2] for request in requests] == [b""]


@pytest.mark.parametrize("missing", [SIGN | SEAL, SEAL], ids=["neither-signs-nor-seals", "does-not-seal"])
async def test_a_sign_in_talked_out_of_encryption_is_told_nothing(missing: int) -> None:
    found, requests = await asked(BARE, challenge(FLAGS & ~missing), SIGNED_IN)
    assert found.reason is Reason.UNREACHABLE
    assert len(requests) == 3
    assert not any(request.partition(b"\r\n\r\n")[2] for request in requests)


@pytest.mark.parametrize(
    "reply",
    [plain(b"<s:Envelope/>"), plain(b"<s:Envelope/>", "500 Internal Server Error"), plain(b"<x/>", "200 OK", "a/b")],
)
async def test_an_answer_that_is_not_encrypted_is_not_believed(reply: bytes) -> None:
    found, requests = await asked(BARE, challenge(FLAGS | SIGN | SEAL), SIGNED_IN, reply)
    assert "does not encrypt its messages" in found.detail
    assert b"multipart/encrypted" in requests[3]
    assert b"Envelope" not in b"".join(requests)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--Encrypted Boundary\r\n",
        b"--Encrypted Boundary\r\nLength=9\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n",
        b"--Encrypted Boundary\r\n\tOriginalContent: type=x;Length=1\r\n--Encrypted Boundary\r\n"
        b"\tContent-Type: application/octet-stream\r\n\x10\x00\x00\x00" + b"\x01" * 40 + b"--Encrypted Boundary--\r\n",
    ],
)
async def test_an_answer_that_does_not_decrypt_is_a_sentence(body: bytes) -> None:
    sealed = plain(body, "200 OK", 'multipart/encrypted;protocol="x";boundary="Encrypted Boundary"')
    found, _ = await asked(BARE, challenge(FLAGS | SIGN | SEAL), SIGNED_IN, sealed)
    assert found.reason is Reason.UNREACHABLE
    assert "not PowerShell remoting" in found.detail


@pytest.mark.parametrize("offer", ["Basic realm=x", "Digest realm=x", "Kerberos, Basic realm=x"])
async def test_no_password_is_ever_sent_in_the_clear(offer: str) -> None:
    refusal = f"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {offer}\r\nContent-Length: 0\r\n\r\n"
    _, requests = await asked(refusal.encode())
    assert not any(b"authorization:" in request.lower() for request in requests)


async def test_an_encrypted_message_is_not_sent_along_with_a_second_sign_in() -> None:
    full = challenge(FLAGS | SIGN | SEAL)
    found, requests = await asked(BARE, full, SIGNED_IN, BARE)
    assert "was lost" in found.detail
    # The first session and the one that was tried instead: neither signs in with a message in hand.
    assert not any(b"Authorization:" in one and b"Encrypted Boundary" in one for one in requests)


@pytest.mark.parametrize(
    ("status", "words"), [("404 Not Found", "Enable-PSRemoting"), ("503 Service Unavailable", "Restart-Service WinRM")]
)
async def test_the_pages_of_the_web_server_are_told_apart(status: str, words: str) -> None:
    found, _ = await asked(plain(b"<!DOCTYPE html><html></html>", status, "text/html"))
    assert words in found.detail
