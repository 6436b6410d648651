"""The HTTP probe against servers that answer well, badly and not at all."""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Request, Response, Unanswered, Unreached, View
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.http import MOST_REDIRECTS, HttpProbe, _next
from checks.probes.wire import Deadlines

WEB = "lyncweb.litwareinc.com"
MCX = f"https://{WEB}/mcx/mcxservice.svc"
Serve = Callable[..., Awaitable[int]]
ToPort = Callable[[int], Network]


def answer(status: str = "200 OK", *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def always(response: bytes, heard: list[bytes] | None = None) -> Any:
    """A handler that gives the same answer to everything and notes what it heard."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request)
        writer.write(response)
        await writer.drain()

    return handler


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


def ask(url: str = MCX, method: Any = "GET", *, view: View = "inside", trusting: bool = False) -> Request:
    return Request(method=method, url=url, view=view, trusting=trusting)


async def over_http(network: Network, deadlines: Deadlines, url: str = f"http://{WEB}/") -> Response | Unreached:
    found = await HttpProbe(network, deadlines=deadlines).ask(ask(url))
    assert not isinstance(found, Unanswered)
    return found


async def test_verifies_by_the_real_name_though_it_connects_to_an_address(
    serve: Serve, network: ToPort, authority: Any
) -> None:
    heard: list[bytes] = []
    port = await serve(
        always(answer("401 Unauthorized", "X-MS-Server-Fqdn: atl-cs-001.litwareinc.com"), heard), authority.server(WEB)
    )
    found = await HttpProbe(network(port), ca_file=authority.ca_file).ask(ask())
    assert isinstance(found, Response)
    assert (found.last.status, found.last.address, found.last.url) == (401, "127.0.0.1", MCX)
    assert found.last.header("x-ms-server-fqdn") == "atl-cs-001.litwareinc.com"
    assert f"Host: {WEB}\r\n".encode() in heard[0]


async def test_sends_the_name_for_sni(serve: Serve, network: ToPort, authority: Any) -> None:
    asked: list[str] = []
    context = authority.server(WEB)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    port = await serve(always(answer()), context)
    await HttpProbe(network(port), ca_file=authority.ca_file).ask(ask())
    assert asked == [WEB]


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        (["other.litwareinc.com"], {}, "hostname mismatch"),
        ([WEB], {"days": (-30, -1)}, "expired"),
        ([WEB], {"days": (1, 30)}, "not yet valid"),
        ([WEB], {"chain": False}, "unable to get local issuer"),
        ([WEB], {"self_signed": True}, "self-signed"),
    ],
)
async def test_a_certificate_that_does_not_verify(
    serve: Serve, network: ToPort, authority: Any, names: list[str], options: dict[str, Any], words: str
) -> None:
    port = await serve(always(answer()), authority.server(*names, **options))
    probe = HttpProbe(network(port), ca_file=authority.ca_file)
    found = await probe.ask(ask())
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind, found.address) == ("tls", "certificate", "127.0.0.1")
    assert words in found.detail.lower()
    assert isinstance(await probe.ask(ask(trusting=True)), Response)


async def test_an_empty_post(serve: Serve, network: ToPort) -> None:
    heard: list[bytes] = []
    port = await serve(always(answer("500 Internal Server Error"), heard))
    found = await HttpProbe(network(port)).ask(ask(f"http://{WEB}/x", "POST"))
    assert isinstance(found, Response)
    request = heard[0].lower()
    assert request.startswith(b"post /x http/1.1")
    assert b"content-type: text/xml" in request
    assert b"content-length: 0" in request


async def test_a_connect_that_times_out(network: ToPort, black_hole: int, short: Deadlines) -> None:
    found = await over_http(network(black_hole), short)
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind, found.address) == ("connect", "timeout", "127.0.0.1")


async def test_a_refused_connection(network: ToPort, refusing: int, short: Deadlines) -> None:
    found = await over_http(network(refusing), short)
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("connect", "refused")


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 2")
    await writer.drain()
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not reader.at_eof():
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (silent, "silence"),
        (drip, "drip"),
        (reset, "reset"),
        (always(b""), "reset"),
        (always(b"220 mail.litwareinc.com ESMTP\x1b[31m\r\n"), "not-http"),
        (always(b"HTTP/9 nonsense\r\n\r\n"), "not-http"),
        (always(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000), "not-http"),
    ],
)
async def test_answers_that_are_none(serve: Serve, network: ToPort, short: Deadlines, handler: Any, kind: str) -> None:
    found = await over_http(network(await serve(handler)), short)
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("reply", kind)
    assert "\x1b" not in found.detail


@pytest.mark.parametrize(
    ("handler", "kind"),
    [(silent, "silence"), (always(answer("400 Bad Request")), "handshake"), (always(b""), "handshake")],
)
async def test_a_peer_that_speaks_no_tls(
    serve: Serve, network: ToPort, short: Deadlines, handler: Any, kind: str
) -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if handler is silent:
            await silent(reader, writer)
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" if kind == "handshake" else b"")

    found = await HttpProbe(network(await serve(deaf)), deadlines=short).ask(ask())
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("tls", kind)


async def test_a_body_that_drips_is_no_failure(serve: Serve, network: ToPort) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK", length=1000) + b"begin")
        await silent(reader, writer)

    found = await over_http(network(await serve(handler)), Deadlines(body=0.2))
    assert isinstance(found, Response)
    assert (found.last.status, found.last.body) == (200, "begin")


async def test_a_flood_is_cut_and_the_connection_closed(serve: Serve, network: ToPort) -> None:
    sent, closed = 0, asyncio.Event()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(answer("200 OK", length=100_000_000))
        try:
            for _ in range(1600):
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536
        finally:
            closed.set()

    found = await over_http(network(await serve(flood)), Deadlines())
    await closed.wait()
    assert isinstance(found, Response)
    assert 4000 <= len(found.last.body) <= 4100
    assert sent < 20_000_000


async def test_redirects_stay_with_the_host(serve: Serve, network: ToPort) -> None:
    heard: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        heard.append(request)
        first = b"/first" in request.split(b"\r\n")[0]
        writer.write(answer("302 Found", "Location: second?q=1#part") if first else answer("204 No Content"))

    found = await over_http(network(await serve(handler)), Deadlines(), f"http://{WEB}/a/first")
    assert isinstance(found, Response)
    assert [(hop.status, hop.url) for hop in found.hops] == [
        (302, f"http://{WEB}/a/first"),
        (204, f"http://{WEB}/a/second?q=1"),
    ]
    assert found.stopped == ""


@pytest.mark.parametrize(
    ("location", "stopped"),
    [
        ("https://login.stranger.example/?[bold]", "stranger"),
        ("https://login.stranger.example/?x=\x1b[2J", "bad-location"),
        (f"https://{WEB}@stranger.example/", "stranger"),
        ("//stranger.example/", "stranger"),
        ("javascript:alert(1)", "bad-location"),
        ("ftp://lyncweb.litwareinc.com/", "bad-location"),
        ("http://[::1/", "bad-location"),
        (f"http://{WEB}:99999999/", "bad-location"),
        (f"http://{WEB}:0/", "bad-location"),
        (f"http://{WEB}/", "loop"),
        ("", ""),
    ],
)
async def test_redirects_that_are_not_followed(serve: Serve, network: ToPort, location: str, stopped: str) -> None:
    heard: list[bytes] = []
    port = await serve(always(answer("301 Moved Permanently", f"Location: {location}"), heard))
    found = await over_http(network(port), Deadlines())
    assert isinstance(found, Response)
    assert (found.stopped, found.last.status, len(heard)) == (stopped, 301, 1)
    assert "\x1b" not in "".join(found.lines())


async def test_redirects_for_ever(serve: Serve, network: ToPort) -> None:
    count = 0

    async def onward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer("302 Found", f"Location: /{count}"))

    found = await over_http(network(await serve(onward)), Deadlines())
    assert isinstance(found, Response)
    assert found.stopped == "too-many"
    assert len(found.hops) == count == MOST_REDIRECTS + 1


async def test_a_redirect_that_only_sets_a_cookie_is_no_loop(serve: Serve, network: ToPort) -> None:
    async def affinity(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        known = b"cookie: affinity=secret" in request.lower()
        writer.write(answer("200 OK") if known else answer("302 Found", "Location: /", "Set-Cookie: affinity=secret"))

    found = await over_http(network(await serve(affinity)), Deadlines())
    assert isinstance(found, Response)
    assert (found.stopped, [hop.status for hop in found.hops]) == ("", [302, 200])
    assert "secret" not in repr(found)


async def test_hostile_cookies_do_no_harm(serve: Serve, network: ToPort) -> None:
    cookies = ["a=1; path=/", "a=2; path=/x", "b=\xe9", "c=\x01", "=", "d", "e=" + "v" * 9000]

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        first = b"GET / " in request
        headers = [f"Set-Cookie: {cookie}" for cookie in cookies if "\x01" not in cookie]
        writer.write(answer("302 Found", "Location: /x/y", *headers) if first else answer("204 No Content"))

    found = await over_http(network(await serve(handler)), Deadlines())
    assert isinstance(found, Response)
    assert [hop.status for hop in found.hops] == [302, 204]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200\r\n\r\nbody until the end",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=punycode\r\n\r\n" + b"-a" * 30_000,
        b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset="hex\r\n\r\nzz',
        b"HTTP/1.1 999 \xff\r\nX: \xff\xfe\r\n folded\r\n\r\n",
        b"HTTP/1.1 099 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"\x00" * 1000,
        b"HTTP/1.1",
    ],
)
async def test_odd_answers_are_answers(serve: Serve, network: ToPort, raw: bytes) -> None:
    found = await over_http(network(await serve(always(raw))), Deadlines())
    assert isinstance(found, Response) or found.phase == "reply"
    assert "\x00" not in repr(found.lines())


@given(st.text(max_size=60) | st.from_regex(r"[a-z]{0,6}:?/{0,3}[^ ]{0,30}", fullmatch=True))
def test_any_location_is_judged(location: str) -> None:
    stopped, target = _next(httpx.URL(MCX), location)
    assert (target is None) == bool(stopped)
    assert target is None or target.host == WEB


async def test_a_post_becomes_a_get_as_browsers_have_it(serve: Serve, network: ToPort) -> None:
    heard: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        status = {1: "307 Temporary Redirect", 2: "302 Found"}.get(len(heard), "200 OK")
        writer.write(answer(status, f"Location: /{len(heard)}"))

    port = await serve(handler)
    await HttpProbe(network(port)).ask(ask(f"http://{WEB}/0", "POST"))
    assert [line.split()[:2] for line in heard] == [[b"POST", b"/0"], [b"POST", b"/1"], [b"GET", b"/2"]]


async def test_a_redirect_to_a_dead_end_says_so(serve: Serve, refusing: int) -> None:
    port = await serve(always(answer("302 Found", f"Location: http://{WEB}:{refusing}/")))
    sources = Sources(
        connect_to=(ConnectTo(port=80, to_host="127.0.0.1", to_port=port), ConnectTo(to_host="127.0.0.1"))
    )
    found = await over_http(Network(sources, DnsProbe(sources, "inside")), Deadlines())
    assert isinstance(found, Unreached)
    assert (found.kind, found.detail.startswith("After a redirect: ")) == ("refused", True)


async def test_hostile_headers_and_body(serve: Serve, network: ToPort) -> None:
    headers = [
        "Server: \x1b]0;title\x07[bold]IIS[/bold] \u202e".encode().decode("latin-1"),
        "Set-Cookie: id=secret; path=/",
        "WWW-Authenticate: Negotiate YIIsecret==, NTLM TlRMsecret==",
        'WWW-Authenticate: Basic realm="x"',
        "Authentication-Info: secret",
        *(f"X-{number}: {'v' * 1000}" for number in range(80)),
    ]
    body = "<b>\x1b[31m[red]\x00\u202etext</b>\r\nline".encode()
    found = await over_http(network(await serve(always(answer("401 No", *headers, body=body)))), Deadlines())
    assert isinstance(found, Response)
    text = "\n".join(found.lines()) + repr(found)
    assert not any(character in text for character in "\x1b\x07\x00\u202e")
    assert "secret" not in text
    assert tuple(value for name, value in found.last.headers if name.lower() == "www-authenticate") == (
        "Negotiate",
        "NTLM",
        'Basic realm="x"',
    )
    assert len(found.last.headers) == 64
    assert max(len(value) for _, value in found.last.headers) == 300
    assert found.last.body.endswith("</b>\nline")


async def test_a_compressed_body_is_opened_within_bounds(serve: Serve, network: ToPort) -> None:
    bomb = gzip.compress(b"login form " * 3_000_000)
    port = await serve(always(answer("200 OK", "Content-Encoding: gzip", body=bomb)))
    found = await over_http(network(port), Deadlines())
    assert isinstance(found, Response)
    assert found.last.body.startswith("login form login form")
    assert len(found.last.body) < 4200


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
async def test_an_ipv6_address(serve: Serve) -> None:
    heard: list[bytes] = []
    port = await serve(always(answer(), heard), host="::1")
    sources = Sources()
    found = await over_http(Network(sources, DnsProbe(sources, "inside")), Deadlines(), f"http://[::1]:{port}/")
    assert isinstance(found, Response)
    assert found.last.address == "::1"
    assert f"Host: [::1]:{port}\r\n".encode() in heard[0]


async def test_the_next_address_is_tried(serve: Serve, name_server: Any) -> None:
    import dns.message
    import dns.rrset

    def addresses(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        if "IN A " in query.question[0].to_text() + " ":
            response.answer.append(dns.rrset.from_text(f"{WEB}.", 60, "IN", "A", "127.9.9.9", "127.0.0.1"))
        return response

    server = await name_server(addresses)
    port = await serve(always(answer()))
    sources = Sources(dns_inside=server.address, connect_to=(ConnectTo(to_port=port),))
    found = await over_http(Network(sources, DnsProbe(sources, "inside")), Deadlines())
    assert isinstance(found, Response)
    assert found.last.address == "127.0.0.1"


@pytest.mark.parametrize(("rcode", "kind"), [(0, "no-address"), (3, "no-such-name"), (2, "")])
async def test_a_name_without_address(name_server: Any, rcode: int, kind: str) -> None:
    """A name server that fails says nothing of the name: that stays unanswered."""
    import dns.message

    def refuse(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.Rcode(rcode))
        return response

    server = await name_server(refuse)
    sources = Sources(dns_inside=server.address)
    found = await HttpProbe(Network(sources, DnsProbe(sources, "inside"))).ask(ask(f"http://{WEB}/"))
    if not kind:
        assert isinstance(found, Unanswered)
        return
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("name", kind)


async def test_a_view_without_name_server_is_no_fault_of_the_world() -> None:
    sources = Sources()
    probe = HttpProbe(Network(sources, DnsProbe(sources, "inside")))
    found = await probe.ask(ask(view="outside"))
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.MISSING_INPUT


@pytest.mark.parametrize(
    "url", ["ftp://lyncweb.litwareinc.com/", "https://", "http://[::1", "nonsense", "http://a.b:70000/"]
)
async def test_what_is_no_web_address(network: ToPort, url: str) -> None:
    found = await HttpProbe(network(1)).ask(ask(url))
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.MISSING_INPUT


@pytest.mark.parametrize(
    "content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
async def test_a_file_of_authorities_that_is_none(network: ToPort, tmp_path: Any, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    found = await HttpProbe(network(1), ca_file=str(path)).ask(ask())
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.MISSING_INPUT
    assert "ca.pem" in found.detail


async def test_through_a_proxy(serve: Serve, authority: Any) -> None:
    origin = await serve(always(answer("200 OK", "Via: origin")), authority.server(WEB))
    targets: list[bytes] = []

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        targets.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        upstream, onward = await asyncio.open_connection("127.0.0.1", origin)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pipe(reader, onward), pipe(upstream, writer))

    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    proxy = f"http://127.0.0.1:{await serve(tunnel)}"
    sources = Sources(proxy=proxy)
    probe = HttpProbe(Network(sources, DnsProbe(sources, "inside")), ca_file=authority.ca_file, proxy=proxy)
    found = await probe.ask(ask(view="outside"))
    assert isinstance(found, Response)
    assert (found.last.header("via"), targets) == ("origin", [f"{WEB}:443".encode()])


@pytest.mark.parametrize(
    ("status", "reason"),
    [("407 Proxy Authentication Required", Reason.DENIED), ("502 Bad Gateway", Reason.UNREACHABLE)],
)
async def test_a_proxy_that_does_not_connect(serve: Serve, network: ToPort, status: str, reason: Reason) -> None:
    proxy = f"http://127.0.0.1:{await serve(always(answer(status)))}"
    found = await HttpProbe(network(1), proxy=proxy).ask(ask())
    assert isinstance(found, Unanswered)
    assert found.reason == reason


async def test_a_proxy_that_is_not_there(network: ToPort, refusing: int, black_hole: int, short: Deadlines) -> None:
    for port in (refusing, black_hole):
        found = await HttpProbe(network(1), proxy=f"http://127.0.0.1:{port}", deadlines=short).ask(ask())
        assert isinstance(found, Unanswered)
        assert found.reason == Reason.UNREACHABLE


async def test_the_environment_names_no_proxy(
    serve: Serve, network: ToPort, refusing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{refusing}")
    assert isinstance(await over_http(network(await serve(always(answer()))), Deadlines()), Response)


async def test_cancelling_closes_the_connection(serve: Serve, network: ToPort, authority: Any) -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def waiting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        left.set()

    port = await serve(waiting, authority.server(WEB))
    before = len(asyncio.all_tasks())
    task = asyncio.create_task(HttpProbe(network(port), ca_file=authority.ca_file).ask(ask()))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await left.wait()
    assert len(asyncio.all_tasks()) <= before + 1  # the server's own handler


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_an_old_server_fails_in_the_handshake(serve: Serve, network: ToPort, authority: Any) -> None:
    context = authority.server(WEB)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    found = await HttpProbe(network(await serve(always(answer()), context)), ca_file=authority.ca_file).ask(ask())
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("tls", "handshake")
