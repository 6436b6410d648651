"""The remote shell against endpoints that are wrong, broken or hostile, over real sockets and TLS on loopback."""

import asyncio
import base64
import contextlib
import datetime
import ssl
import struct
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Cmdlet, Unanswered
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell import open_shell
from checks.probes.shell.remote import Deadlines, RemoteShell
from checks.secret import Secret

POOL = "pool01.litwareinc.com"
QUESTION = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
PASSWORD = "canary-77c1"
ADMIN = r"litwareinc\admin"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the pool and its key in one file; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, POOL)])
    now = datetime.datetime.now(datetime.UTC)
    issued = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(POOL)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("endpoint") / "pool.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + issued.public_bytes(serialization.Encoding.PEM))
    return path


class Endpoint:
    """A server on loopback, and the shell that is pointed at it."""

    def __init__(self, certificate: Path) -> None:
        self.requests: list[bytes] = []
        self._certificate = certificate
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack = contextlib.AsyncExitStack()

    async def serve(self, handler: Handler, *, tls: bool = True) -> int:
        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await handler(reader, writer)
            writer.close()

        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
        server = await asyncio.start_server(hold, "127.0.0.1", 0, ssl=context)
        self._stack.callback(server.close)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def answers(self, *answers: bytes) -> int:
        """Gives each request the next answer, the last one for ever."""

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                self.requests.append(await read_request(reader))
                writer.write(answers[min(len(self.requests), len(answers)) - 1])
                await writer.drain()
                if b"Connection: close" in answers[min(len(self.requests), len(answers)) - 1]:
                    return

        return await self.serve(converse)

    def shell(self, port: int, *, proxy: str = "", ca_file: str | None = None, **seconds: float) -> RemoteShell:
        deadlines = Deadlines(**({"opening": 5.0, "call": 6.0, "stopping": 1.0} | seconds))
        sources = Sources(  # noqa: S604 - an address
            shell=f"https://{POOL}/OcsPowershell",
            shell_user=ADMIN,
            connect_to=(ConnectTo(to_host="127.0.0.1", to_port=port),),
            ca_file=str(self._certificate) if ca_file is None else ca_file,
            proxy=proxy,
        )
        network = Network(sources, DnsProbe(sources, "inside"))
        shell = RemoteShell(
            sources.shell, ADMIN, Secret(PASSWORD), network, "inside", sources.ca_file, proxy, deadlines
        )
        self._stack.push_async_callback(shell.close)
        return shell

    async def close(self) -> None:
        await self._stack.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def endpoint(certificate: Path) -> AsyncIterator[Endpoint]:
    served = Endpoint(certificate)
    yield served
    await served.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("remote-shell")]


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.partition(b":")[2]) for line in head.splitlines() if line.lower().startswith(b"content-length:")), 0
    )
    return head + await reader.readexactly(length)


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def fault(code: int, words: str) -> bytes:
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Detail>'
        f'<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}">'
        f"<f:Message>{words}</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>"
    )
    return answer("500 Internal Server Error", body.encode())


def challenge() -> bytes:
    """The smallest NTLM CHALLENGE message that a client goes on with."""
    flags = 0xE28A8235 & ~0x00000010
    information = struct.pack("<HH", 2, 4) + "L".encode("utf-16-le") * 2 + struct.pack("<HH", 0, 0)
    head = (
        b"NTLMSSP\x00" + struct.pack("<I", 2) + struct.pack("<HHI", 0, 0, 56) + struct.pack("<I", flags) + b"\x01" * 8
    )
    return head + b"\x00" * 8 + struct.pack("<HHI", len(information), len(information), 56) + b"\x00" * 8 + information


CHALLENGE = base64.b64encode(challenge()).decode()


async def told(shell: RemoteShell) -> Unanswered:
    found = await shell.ask(QUESTION)
    assert isinstance(found, Unanswered), found
    assert PASSWORD not in repr(found)
    assert found.command == QUESTION.typed()
    return found


XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Not here.</body></html>'


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (answer("404 Not Found", b"<html><p>unclosed"), Reason.UNREACHABLE, "There is no PowerShell endpoint at"),
        (answer("404 Not Found", XHTML), Reason.UNREACHABLE, "There is no PowerShell endpoint at"),
        (answer("403 Forbidden", XHTML), Reason.DENIED, "may not use PowerShell"),
        (answer("503 Service Unavailable"), Reason.UNREACHABLE, "HTTP 503: its application pool"),
        (answer("418 I'm a teapot"), Reason.UNREACHABLE, "HTTP 418"),
        (answer("200 OK", b"<html>a login form"), Reason.UNREACHABLE, "not PowerShell remoting"),
        (answer("200 OK"), Reason.UNREACHABLE, "not PowerShell remoting"),
        (fault(5, "Access is denied."), Reason.DENIED, "needs a Lync role"),
        (fault(2150858811, "x"), Reason.UNREACHABLE, "There is no PowerShell endpoint at"),
        (fault(2150858793, "x"), Reason.TIMEOUT, "did not answer it in time"),
        (fault(-2144108102, "x"), Reason.UNREACHABLE, ".NET Framework 4.5.2"),
        (fault(2150859194, "x"), Reason.UNREACHABLE, ".NET Framework 4.5.2"),
        (fault(2150859173, "x"), Reason.DENIED, "as many PowerShell sessions open"),
        (fault(2150859174, "x"), Reason.DENIED, "as many PowerShell sessions open"),
        (fault(1726, "Call \u202efailed"), Reason.UNREACHABLE, "“Call \N{REPLACEMENT CHARACTER}failed”"),
        (
            answer("401 Unauthorized", b"", 'WWW-Authenticate: Digest realm="x"'),
            Reason.UNREACHABLE,
            "neither Negotiate",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<", Reason.UNREACHABLE, "was lost"),
        (b"220 mail.litwareinc.com ready\r\n" * 9, Reason.UNREACHABLE, "was lost"),
    ],
)
async def test_what_is_not_an_open_session_is_told_apart(
    endpoint: Endpoint, reply: bytes, reason: Reason, words: str
) -> None:
    found = await told(endpoint.shell(await endpoint.answers(reply)))
    assert found.reason is reason
    assert words in found.detail


async def test_a_redirect_is_not_followed(endpoint: Endpoint) -> None:
    moved = answer("302 Found", b"", "Location: https://stranger.example/OcsPowershell", "WWW-Authenticate: NTLM")
    found = await told(endpoint.shell(await endpoint.answers(moved)))
    assert "redirects elsewhere" in found.detail
    assert len(endpoint.requests) == 1


async def test_a_connection_that_is_not_kept_during_the_sign_in_is_no_refusal(endpoint: Endpoint) -> None:
    port = await endpoint.answers(
        answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM"),
        answer("401 Unauthorized", b"no", f"WWW-Authenticate: NTLM {CHALLENGE}", "Connection: close"),
        answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM"),
    )
    found = await told(endpoint.shell(port))
    assert found.reason is Reason.UNREACHABLE
    assert "closes the connection during the sign-in" in found.detail
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize("last", ["", " bm90IGEgdG9rZW4="], ids=["plainly", "with-garbage"])
async def test_a_refused_proof_is_never_sent_again(endpoint: Endpoint, last: str) -> None:
    port = await endpoint.answers(
        answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM"),
        answer("401 Unauthorized", b"no", f"WWW-Authenticate: NTLM {CHALLENGE}"),
        answer("401 Unauthorized", b"no", f"WWW-Authenticate: NTLM{last}"),
    )
    shell = endpoint.shell(port)
    found = [await told(shell)]
    shell.forget()
    found += [await told(shell) for _ in range(3)]
    assert {one.reason for one in found} == {Reason.DENIED}
    assert len(endpoint.requests) == 3


async def test_a_sign_in_that_breaks_off_before_the_proof_was_sent_is_no_refusal(endpoint: Endpoint) -> None:
    port = await endpoint.answers(
        answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM"),
        answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM bm90IGEgdG9rZW4="),
    )
    found = await told(endpoint.shell(port))
    assert found.reason is Reason.UNREACHABLE
    assert "broke off before it was decided" in found.detail
    assert len(endpoint.requests) == 2


async def test_the_sign_in_is_bound_to_the_certificate(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import spnego
    from spnego.channel_bindings import GssChannelBindings

    bound: list[GssChannelBindings | None] = []
    client = spnego.client

    def noting(*arguments: str, **options: object) -> object:
        bound.append(options["channel_bindings"])  # type: ignore[arg-type]
        assert options["hostname"] == POOL
        assert options["service"] == "http"
        return client(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(spnego, "client", noting)
    port = await endpoint.answers(answer("401 Unauthorized", b"no", "WWW-Authenticate: NTLM"))
    assert (await told(endpoint.shell(port))).reason is Reason.DENIED
    [binding] = bound
    assert binding is not None
    assert (binding.application_data or b"").startswith(b"tls-server-end-point:")


async def test_more_than_an_answer_may_have_is_not_read(endpoint: Endpoint) -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"<" * 1_000_000)
            await writer.drain()

    found = await told(endpoint.shell(await endpoint.serve(flood), opening=30, call=40))
    assert "sent more than 16 MB" in found.detail


@pytest.mark.parametrize("tls", [True, False], ids=["in-http", "in-tls"])
async def test_drip_feeding_does_not_outlast_the_deadline(endpoint: Endpoint, tls: bool) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " if tls else b"\x16\x03\x03\x40\x00":
            writer.write(bytes([byte]))
        while True:
            writer.write(b"x" if tls else b"\x00")
            await writer.drain()
            await asyncio.sleep(0.05)

    found = await told(endpoint.shell(await endpoint.serve(drip, tls=tls), opening=0.5))
    assert found.reason is Reason.TIMEOUT
    assert "did not open a session within 0.5 seconds" in found.detail


async def test_what_speaks_no_tls_is_told(endpoint: Endpoint) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.litwareinc.com ready\r\n")
        await writer.drain()

    found = await told(endpoint.shell(await endpoint.serve(greet, tls=False)))
    assert found.reason is Reason.UNREACHABLE
    assert "No TLS connection with" in found.detail


async def test_a_proxy_is_used_where_one_is_named(endpoint: Endpoint) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    port = await endpoint.serve(refuse, tls=False)
    found = await told(endpoint.shell(port, proxy=f"http://127.0.0.1:{port}"))
    assert asked[0].startswith(f"CONNECT {POOL}:443 ".encode())
    assert "407" in found.detail


async def test_no_proxy_is_taken_from_the_environment(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    found = await told(endpoint.shell(await endpoint.answers(answer("404 Not Found"))))
    assert "There is no PowerShell endpoint at" in found.detail


async def test_only_the_system_and_the_named_file_are_trusted(
    endpoint: Endpoint, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    port = await endpoint.answers(answer("404 Not Found"))
    found = await told(endpoint.shell(port, ca_file=""))
    assert "does not verify" in found.detail


async def test_nothing_hostile_is_warned_of_on_the_screen(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    port = await endpoint.answers(b"HTTP/1.1 200 OK\r\nBroken header\r\nConnection: close\r\n\r\n<x")
    with warnings.catch_warnings(record=True) as warned:
        await told(endpoint.shell(port))
    assert not [one for one in warned if "pypsrp" in str(one.filename)]
    assert not caplog.records


async def test_a_missing_file_of_authorities_is_named(endpoint: Endpoint, tmp_path: Path) -> None:
    sources = Sources(  # noqa: S604 - an address
        shell=f"https://{POOL}/OcsPowershell",
        shell_user=ADMIN,
        ca_file=str(tmp_path / "none.pem"),
        connect_to=(ConnectTo(to_host="127.0.0.1", to_port=9),),
    )
    shell = open_shell(sources, Network(sources, DnsProbe(sources, "inside")), Secret(PASSWORD), "inside")
    found = await shell.ask(QUESTION)
    await shell.close()
    assert isinstance(found, Unanswered)
    assert found.reason is Reason.MISSING_INPUT
    assert "none.pem" in found.detail


async def test_where_no_shell_was_named_the_command_is_given() -> None:
    sources = Sources()
    shell = open_shell(sources, Network(sources, DnsProbe(sources, "inside")), None, "inside")
    found = await shell.ask(QUESTION)
    assert isinstance(found, Unanswered)
    assert (found.reason, found.command) == (Reason.MISSING_INPUT, QUESTION.typed())
    await shell.close()
