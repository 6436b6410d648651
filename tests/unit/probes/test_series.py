"""The series probe against servers that count their connections, set cookies, or stop answering."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from checks.model import Reason
from checks.probes import Samples, Series, Unanswered, Unreached
from checks.probes.addresses import Network
from checks.probes.series import MOST_REQUESTS, SeriesProbe
from checks.probes.wire import Deadlines

WEB = "lyncweb.litwareinc.com"
URL = f"http://{WEB}/autodiscover/autodiscoverservice.svc/root"
CANARY = "canary-in-a-cookie"
Serve = Callable[..., Awaitable[int]]
ToPort = Callable[[int], Network]


class Farm:
    """A server that answers as the next of its machines. `heard` holds the requests of each connection."""

    def __init__(self, *machines: str, headers: tuple[str, ...] = (), body: bytes = b"{}", answers: int = 99) -> None:
        self.machines = machines
        self.headers = headers
        self.body = body
        self.answers = answers
        self.heard: list[list[bytes]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        machine = self.machines[len(self.heard) % len(self.machines)]
        heard: list[bytes] = []
        self.heard.append(heard)
        while sum(map(len, self.heard)) < self.answers:
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            lines = [
                "HTTP/1.1 200 OK",
                f"Content-Length: {len(self.body)}",
                f"X-MS-Server-Fqdn: {machine}",
                *self.headers,
            ]
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + self.body)
            await writer.drain()


def ask(times: int = 4, **more: Any) -> Series:
    return Series(url=more.pop("url", URL), view="inside", times=times, **more)


async def asked(network: Network, question: Series, **more: Any) -> Samples:
    found = await SeriesProbe(network, **more).ask(question)
    assert isinstance(found, Samples), found
    return found


async def test_each_request_has_a_connection_of_its_own(serve: Serve, network: ToPort) -> None:
    farm = Farm("FE01.litwareinc.com", "fe02.litwareinc.com")
    found = await asked(network(await serve(farm)), ask(4))
    assert [one.server for one in found.samples] == ["fe01.litwareinc.com", "fe02.litwareinc.com"] * 2
    assert [len(heard) for heard in farm.heard] == [1, 1, 1, 1]
    assert [one.connection for one in found.samples] == [1, 2, 3, 4]
    assert {(one.status, one.address) for one in found.samples} == {(200, "127.0.0.1")}
    assert found.lost == 0


async def test_a_kept_connection_is_one_for_all(serve: Serve, network: ToPort) -> None:
    farm = Farm("fe01.litwareinc.com", "fe02.litwareinc.com")
    found = await asked(network(await serve(farm)), ask(5, connection="kept"))
    assert [len(heard) for heard in farm.heard] == [5]
    assert {(one.server, one.connection) for one in found.samples} == {("fe01.litwareinc.com", 1)}


async def test_a_kept_connection_over_tls(serve: Serve, network: ToPort, authority: Any) -> None:
    farm = Farm("fe01.litwareinc.com")
    port = await serve(farm, authority.server(WEB))
    url = URL.replace("http:", "https:")
    found = await asked(network(port), ask(3, connection="kept", url=url), ca_file=authority.ca_file)
    assert len(found.samples) == 3
    assert len(farm.heard) == 1


async def test_cookies_are_sent_back_or_not_and_never_told(serve: Serve, network: ToPort) -> None:
    headers = (f"Set-Cookie: MS-WSMAN={CANARY}; path=/", f"Set-Cookie: other={CANARY}; Max-Age=60; HttpOnly")
    for cookies in (True, False):
        farm = Farm("fe01.litwareinc.com", headers=headers)
        found = await asked(network(await serve(farm)), ask(3, cookies=cookies))
        first, *others = [heard[0] for heard in farm.heard]
        assert b"ookie:" not in first
        assert all((b"MS-WSMAN=" in request) is cookies for request in others)
        assert [one.cookies for one in found.samples] == [("MS-WSMAN", "other")] * 3
        assert [one.http_only for one in found.samples] == [("other",)] * 3
        assert [one.ending for one in found.samples] == [("other",)] * 3
        assert CANARY not in repr(found)


async def test_a_cookie_that_cannot_be_sent_is_forgotten(serve: Serve, network: ToPort) -> None:
    farm = Farm("fe01.litwareinc.com", headers=("Set-Cookie: a=\xff\x7f", "Set-Cookie: b=fine"))
    found = await asked(network(await serve(farm)), ask(3, cookies=True))
    assert len(found.samples) == 3
    assert b"b=fine" in farm.heard[-1][0]


async def test_at_most_thirty_are_asked(serve: Serve, network: ToPort) -> None:
    farm = Farm("fe01.litwareinc.com")
    found = await asked(network(await serve(farm)), ask(1000))
    assert len(found.samples) == len(farm.heard) == MOST_REQUESTS


async def test_what_is_lost_in_between_is_counted(serve: Serve, network: ToPort) -> None:
    turn = iter(range(100))

    async def every_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if next(turn) % 2:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    found = await asked(network(await serve(every_second)), ask(6))
    assert (len(found.samples), found.lost) == (3, 3), "also where the very first one is lost"


async def test_silence_in_between_is_lost_and_what_was_not_asked_is_not(
    serve: Serve, network: ToPort, short: Deadlines
) -> None:
    farm = Farm("fe01.litwareinc.com")
    silent = 0

    async def then_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal silent
        if len(farm.heard) < 2:
            await farm(reader, writer)
            return
        silent += 1
        await reader.read()

    found = await asked(network(await serve(then_silent)), ask(30), deadlines=short)
    assert len(found.samples) == 2
    assert found.lost == silent <= 2, "twice the time of one request has no room for more"


async def test_a_body_without_end_costs_its_connection_alone(serve: Serve, network: ToPort, short: Deadlines) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX-MS-Server-Fqdn: fe01\r\nContent-Length: 99999999\r\n\r\n")
        while True:
            writer.write(b" " * 65536)
            await writer.drain()

    found = await asked(network(await serve(endless)), ask(2, connection="kept"), deadlines=short)
    assert [(one.server, one.connection) for one in found.samples] == [("fe01", 1), ("fe01", 2)]


async def test_a_redirect_is_an_answer_and_not_followed(serve: Serve, network: ToPort) -> None:
    farm = Farm("fe01.litwareinc.com", headers=("Location: http://login.contoso.com/",))
    found = await asked(network(await serve(farm)), ask(2))
    assert len(found.samples) == 2


@pytest.mark.parametrize("kind", ["refused", "timeout"])
async def test_a_server_that_is_not_there(
    kind: str, network: ToPort, short: Deadlines, refusing: int, black_hole: int
) -> None:
    port = refusing if kind == "refused" else black_hole
    found = await SeriesProbe(network(port), deadlines=short).ask(ask(3))
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("connect", kind)


async def test_a_certificate_that_does_not_verify(serve: Serve, network: ToPort, authority: Any) -> None:
    farm = Farm("fe01.litwareinc.com")
    port = await serve(farm, authority.server("other.litwareinc.com"))
    question = ask(3, url=URL.replace("http:", "https:"))
    found = await SeriesProbe(network(port), ca_file=authority.ca_file).ask(question)
    assert isinstance(found, Unreached)
    assert (found.phase, found.kind) == ("tls", "certificate")
    assert farm.heard == []


@pytest.mark.parametrize(
    "url", ["", "ftp://x.litwareinc.com/", "https://", "https://a b.com/", f"https://{WEB}:0/", f"https://{WEB}/ä"]
)
async def test_what_is_no_web_address_is_not_asked(url: str, network: ToPort, refusing: int) -> None:
    found = await SeriesProbe(network(refusing)).ask(ask(url=url))
    assert isinstance(found, Unanswered)
    assert found.reason is Reason.MISSING_INPUT


async def test_hostile_headers_are_harmless_text(serve: Serve, network: ToPort) -> None:
    farm = Farm("\x1b[31mfe01\u202e".encode().decode("latin-1"), headers=("Set-Cookie: ;;;=", "Set-Cookie: \x9b2J=1"))
    found = await asked(network(await serve(farm)), ask(1))
    assert "\x1b" not in repr(found.samples[0].server)
    assert all("\x9b" not in line for line in found.lines())


async def test_a_cancelled_series_closes_its_connection(serve: Serve, network: ToPort) -> None:
    arrived, ended = asyncio.Event(), asyncio.Event()

    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        ended.set()

    probe = SeriesProbe(network(await serve(waits)))
    task = asyncio.create_task(probe.ask(ask(3)))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(ended.wait(), 5)
