"""Servers on loopback that answer well, badly or not at all, and certificates for them."""

import asyncio
import contextlib
import datetime
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.message
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from checks.deployment import ConnectTo, Sources
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.wire import Deadlines

WEB = "lyncweb.litwareinc.com"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[..., Awaitable[int]]


@pytest.fixture
def short() -> Deadlines:
    """Deadlines that a test can wait for; what runs out is always the one meant."""
    return Deadlines(connect=0.3, connecting=0.5, whole=1.0, body=0.2)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts TCP servers: `await serve(handler, context, host)` gives the port. All are gone after the test."""
    tasks: set[asyncio.Task[None]] = set()
    async with contextlib.AsyncExitStack() as stack:

        async def start(handler: Handler, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> int:
            async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.current_task()
                assert task is not None
                tasks.add(task)
                with contextlib.suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
                    await handler(reader, writer)
                writer.close()

            server = await asyncio.start_server(one, host, 0, ssl=context)
            stack.callback(server.close)
            port: int = server.sockets[0].getsockname()[1]
            return port

        yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def black_hole() -> Iterator[int]:
    """The port of a listener whose backlog is full: connecting to it takes for ever."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.fixture
def refusing() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def network() -> Callable[[int], Network]:
    """A network in which every connection to port 80 or 443 goes to this port of 127.0.0.1."""

    def to(port: int) -> Network:
        rules = tuple(ConnectTo(port=known, to_host="127.0.0.1", to_port=port) for known in (80, 443))
        sources = Sources(connect_to=rules)
        return Network(sources, DnsProbe(sources, "inside"))

    return to


class NameServer(asyncio.DatagramProtocol):
    """A name server over UDP and TCP. `answer` gives the response; None keeps silent, bytes go as they are."""

    def __init__(self, answer: Callable[[dns.message.Message], dns.message.Message | bytes | None]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []
        self.address = ""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, peer: Any) -> None:
        if (response := self._response("udp", data)) is not None:
            self._transport.sendto(response, peer)

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2), "big")
        response = self._response("tcp", await reader.readexactly(length))
        if response is not None:
            writer.write(len(response).to_bytes(2, "big") + response)
        writer.close()

    def _response(self, transport: str, data: bytes) -> bytes | None:
        query = dns.message.from_wire(data)
        self.asked.append((transport, query.question[0].to_text()))
        response = self.answer(query)
        if response is None or isinstance(response, bytes):
            return response
        if transport == "udp":
            return response.to_wire(max_size=65535)
        response.flags &= ~dns.flags.TC
        return response.to_wire(max_size=65535)


@pytest.fixture
async def name_server() -> AsyncIterator[Callable[..., Awaitable[NameServer]]]:
    async with contextlib.AsyncExitStack() as stack:

        async def start(answer: Callable[[dns.message.Message], dns.message.Message | bytes | None]) -> NameServer:
            server = NameServer(answer)
            streams = await asyncio.start_server(server.stream, "127.0.0.1", 0)
            stack.callback(streams.close)
            port = streams.sockets[0].getsockname()[1]
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", port))
            stack.callback(transport.close)
            server.address = f"127.0.0.1:{port}"
            return server

        yield start


@dataclass
class Authority:
    """A root and an issuing certificate authority, with a folder for what they issue."""

    folder: Path
    root: x509.Certificate
    root_key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey

    @property
    def ca_file(self) -> str:
        path = self.folder / "root.pem"
        path.write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        return str(path)

    def server(
        self,
        *names: str,
        days: tuple[int, int] = (-1, 30),
        chain: bool = True,
        self_signed: bool = False,
        extension: x509.ExtensionType | None = None,
    ) -> ssl.SSLContext:
        """A server's context with a certificate for these names, valid between the two days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(names[0], key, days)
        issuer, issuer_key = (None, key) if self_signed else (self.issuing, self.issuing_key)
        if extension is None:
            extension = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(extension, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.issuer_name(
            issuer.subject if issuer else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        )
        leaf = builder.sign(issuer_key, hashes.SHA256())
        sent = [leaf, self.issuing] if chain and not self_signed else [leaf]
        path = self.folder / f"{leaf.serial_number}.pem"
        pem = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in sent)
        path.write_bytes(
            pem
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    basic = x509.BasicConstraints(ca=True, path_length=None)
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Litware Root")])
    root = (
        _builder("Litware Root", root_key, (-2, 60))
        .issuer_name(root_name)
        .add_extension(basic, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuing = (
        _builder("Litware Issuing", issuing_key, (-2, 60))
        .issuer_name(root_name)
        .add_extension(basic, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(tmp_path_factory.mktemp("certificates"), root, root_key, issuing, issuing_key)


def _builder(name: str, key: ec.EllipticCurvePrivateKey, days: tuple[int, int]) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
    )
