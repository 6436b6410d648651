"""The TLS probe against servers with good, bad, old and no TLS."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cryptography import x509

from checks.deployment import Sources
from checks.model import Reason
from checks.probes import Handshake, NoTls, Presented, Unanswered, trust
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.tls import MOST_CERTIFICATES, TlsProbe
from checks.probes.wire import Deadlines

WEB = "lyncweb.litwareinc.com"
Serve = Callable[..., Awaitable[int]]
ToPort = Callable[[int], Network]
QUESTION = Handshake(host=WEB, port=443, view="inside")


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def says(data: bytes) -> Any:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(data)
        await writer.drain()

    return handler


def record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2, "big") + content


def message(kind: int, content: bytes) -> bytes:
    return record(22, bytes([kind]) + len(content).to_bytes(3, "big") + content)


async def presented(port: int, network: ToPort, authority: Any) -> Presented:
    found = await TlsProbe(network(port), ca_file=authority.ca_file).ask(QUESTION)
    assert isinstance(found, Presented)
    return found


async def test_a_chain_that_verifies(serve: Serve, network: ToPort, authority: Any) -> None:
    found = await presented(await serve(greet, authority.server(WEB, "meet.litwareinc.com")), network, authority)
    assert (found.verified, found.rule, found.only_old, found.address) == (True, "", False, "127.0.0.1")
    assert found.protocol == "TLSv1.3"
    assert [certificate.subject for certificate in found.chain] == [f"CN={WEB}", "CN=Litware Issuing"]
    leaf = found.chain[0]
    assert leaf.names == (WEB, "meet.litwareinc.com")
    assert leaf.purposes == ("serverAuth",)
    assert leaf.not_before < found.seen_at < leaf.not_after
    assert leaf.problem == ""


@pytest.mark.parametrize(
    ("names", "options", "code", "sent"),
    [
        (["other.litwareinc.com"], {}, 62, 2),
        ([WEB], {"days": (-30, -1)}, 10, 2),
        ([WEB], {"days": (1, 30)}, 9, 2),
        ([WEB], {"chain": False}, 20, 1),
        ([WEB], {"self_signed": True}, 18, 1),
    ],
)
async def test_a_chain_is_shown_though_it_does_not_verify(
    serve: Serve, network: ToPort, authority: Any, names: list[str], options: dict[str, Any], code: int, sent: int
) -> None:
    found = await presented(await serve(greet, authority.server(*names, **options)), network, authority)
    assert (found.verified, len(found.chain), found.chain[0].names) == (False, sent, tuple(names))
    assert found.rule.endswith(f"(code {code})")


async def test_an_authority_that_the_system_does_not_know(serve: Serve, network: ToPort, authority: Any) -> None:
    found = await TlsProbe(network(await serve(greet, authority.server(WEB)))).ask(QUESTION)
    assert isinstance(found, Presented)
    assert (found.verified, bool(found.rule)) == (False, True)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
async def test_a_server_that_speaks_an_old_protocol_only(
    serve: Serve, network: ToPort, authority: Any, version: ssl.TLSVersion
) -> None:
    context = authority.server(WEB)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    found = await presented(await serve(greet, context), network, authority)
    assert (found.only_old, found.verified) == (True, False)
    assert found.protocol == {ssl.TLSVersion.TLSv1: "TLSv1", ssl.TLSVersion.TLSv1_1: "TLSv1.1"}[version]
    assert found.chain[0].names == (WEB,)


async def test_a_machine_that_cannot_speak_old_protocols_says_so(
    serve: Serve, network: ToPort, authority: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "can_speak_old_protocols", lambda: False)
    found = await TlsProbe(network(await serve(says(record(21, b"\x02\x46"))))).ask(QUESTION)
    assert isinstance(found, NoTls)
    assert (found.kind, found.old_protocols_tried) == ("alert", False)


async def close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (silent, "silence"),
        (says(record(22, b"\x02")[:-1]), "reset"),
        (close_at_once, "reset"),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n\x1b[31m"), "not-tls"),
        (says(b"220 mail.litwareinc.com ESMTP\r\n"), "not-tls"),
        (says(record(21, b"\x02\x28")), "alert"),
        (says(record(22, b"\xff" * 300)), "alert"),
    ],
)
async def test_a_peer_that_finishes_no_handshake(
    serve: Serve, network: ToPort, short: Deadlines, handler: Any, kind: str
) -> None:
    found = await TlsProbe(network(await serve(handler)), deadlines=short).ask(QUESTION)
    assert isinstance(found, NoTls)
    assert (found.kind, found.address, found.old_protocols_tried) == (kind, "127.0.0.1", True)
    assert found.detail.isprintable()


async def test_a_drip_is_cut_by_the_deadline(serve: Serve, network: ToPort, short: Deadlines) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x03\xff\xff")
        while not reader.at_eof():
            writer.write(b"\x02")
            await writer.drain()
            await asyncio.sleep(0.01)

    found = await TlsProbe(network(await serve(drip)), deadlines=short).ask(QUESTION)
    assert isinstance(found, NoTls)


async def test_a_certificate_that_is_none(serve: Serve, network: ToPort, short: Deadlines) -> None:
    secure_renegotiation = b"\x00\x05\xff\x01\x00\x01\x00"
    hello = message(2, b"\x03\x03" + b"\x01" * 32 + b"\x00" + b"\xc0\x2b" + b"\x00" + secure_renegotiation)
    garbage = b"\x30\x03\x02\x01\x05"
    entry = len(garbage).to_bytes(3, "big") + garbage
    sent = message(11, len(entry).to_bytes(3, "big") + entry)
    found = await TlsProbe(network(await serve(says(hello + sent))), deadlines=short).ask(QUESTION)
    assert isinstance(found, Presented), found
    assert (found.verified, found.only_old) == (False, False)
    assert found.rule == found.chain[0].problem == "OpenSSL cannot read the certificate."


async def test_a_certificate_with_a_field_that_does_not_parse(serve: Serve, network: ToPort, authority: Any) -> None:
    names = x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, b"\x30\x04\x82\x02\xff\xfe")
    found = await presented(await serve(greet, authority.server(WEB, extension=names)), network, authority)
    assert found.verified is False
    assert found.chain[0].subject == f"CN={WEB}"
    assert "the names cannot be read" in found.chain[0].problem


async def test_a_chain_without_end_is_bounded(serve: Serve, network: ToPort, authority: Any, tmp_path: Any) -> None:
    context = authority.server(WEB)
    long = tmp_path / "long.pem"
    pem = next(authority.folder.glob("[0-9]*.pem")).read_text()
    first, *_ = pem.partition("-----BEGIN PRIVATE KEY-----")
    certificate = first.split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    key = pem[pem.index("-----BEGIN PRIVATE KEY-----") :]
    long.write_text(certificate + certificate * 30 + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(long)
    found = await presented(await serve(greet, context), network, authority)
    assert len(found.chain) == MOST_CERTIFICATES


async def test_a_server_that_breaks_off_the_second_handshake(serve: Serve, network: ToPort, authority: Any) -> None:
    port = await serve(greet, authority.server(WEB))
    count = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        if count > 1:
            return
        upstream, onward = await asyncio.open_connection("127.0.0.1", port)

        async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
            sink.close()

        await asyncio.gather(pipe(reader, onward), pipe(upstream, writer))

    found = await TlsProbe(network(await serve(once)), ca_file=authority.ca_file).ask(QUESTION)
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.UNREACHABLE


async def test_no_connection(network: ToPort, refusing: int, black_hole: int, short: Deadlines) -> None:
    for port, kind in ((refusing, "refused"), (black_hole, "timeout")):
        found = await TlsProbe(network(port), deadlines=short).ask(QUESTION)
        assert isinstance(found, NoTls)
        assert (found.kind, found.address) == (kind, "127.0.0.1")


async def test_a_view_without_name_server_and_a_proxy_leave_it_open(network: ToPort) -> None:
    plain = Network(Sources(), DnsProbe(Sources(), "outside"), "outside")
    for probe in (
        TlsProbe(plain),
        TlsProbe(network(1), proxy="http://127.0.0.1:1"),
        TlsProbe(network(1), ca_file="/nonexistent.pem"),
    ):
        assert isinstance(await probe.ask(QUESTION), Unanswered)


async def test_cancelling_closes_the_connection(serve: Serve, network: ToPort) -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def waiting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        arrived.set()
        await reader.read()
        left.set()

    task = asyncio.create_task(TlsProbe(network(await serve(waiting))).ask(QUESTION))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await left.wait()
