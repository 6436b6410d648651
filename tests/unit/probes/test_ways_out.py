"""The ways that a web request leaves this computer: as configured, directly, and as the system is set to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from checks.model import Reason
from checks.probes import Request, Response, Unanswered, Way
from checks.probes.addresses import Network
from checks.probes.http import HttpProbe
from checks.probes.system_proxy import proxy_for

WEB = "lyncweb.litwareinc.com"
Serve = Callable[..., Awaitable[int]]
ToPort = Callable[[int], Network]
VARIABLES = [name for word in ("http", "https", "all", "no") for name in (f"{word}_proxy", f"{word.upper()}_PROXY")]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no proxy."""
    for name in (*VARIABLES, "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)


def saying(status: str, heard: list[str] | None = None) -> Any:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request.decode())
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return handler


def ask(way: Way, scheme: str = "https", accept: str = "") -> Request:
    return Request(method="GET", url=f"{scheme}://{WEB}/", view="inside", way=way, accept=accept)


async def test_a_sign_in_that_the_systems_proxy_wants(
    serve: Serve, network: ToPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    port = await serve(saying("407 Proxy Authentication Required", heard))
    monkeypatch.setenv("https_proxy", f"http://kenmyer:canary@127.0.0.1:{port}")
    found = await HttpProbe(network(1)).ask(ask("system"))
    assert isinstance(found, Unanswered)
    assert found.reason is Reason.DENIED
    assert "407" in found.detail
    assert "--proxy" not in found.detail, "it is not the one that was chosen there"
    (request,) = heard
    assert request.startswith(f"CONNECT {WEB}:443 ")
    # The account in the variable is neither told nor used: Lync clients have none either.
    assert "canary" not in found.detail
    assert "authorization" not in request.lower()


async def test_over_http_the_proxys_own_answer_is_the_answer(
    serve: Serve, network: ToPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"127.0.0.1:{await serve(saying('407 Proxy Authentication Required'))}")
    found = await HttpProbe(network(1)).ask(ask("system", "http"))
    assert isinstance(found, Response)
    assert found.last.status == 407


async def test_the_direct_way_passes_every_proxy(
    serve: Serve, network: ToPort, refusing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{refusing}")
    probe = HttpProbe(network(await serve(saying("200 OK"))), proxy=f"http://127.0.0.1:{refusing}")
    assert isinstance(await probe.ask(ask("direct", "http")), Response)
    assert isinstance(await probe.ask(ask("configured", "http")), Unanswered)
    assert isinstance(await probe.ask(ask("system", "http")), Unanswered)


async def test_what_stands_for_the_systems_proxy_is_taken_instead_of_it(
    serve: Serve, network: ToPort, refusing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{refusing}")
    port = await serve(saying("200 OK"))
    assert isinstance(
        await HttpProbe(network(1), system_proxy=f"http://127.0.0.1:{port}").ask(ask("system", "http")), Response
    )
    none = await HttpProbe(network(port), system_proxy="none").ask(ask("system", "http"))
    assert isinstance(none, Unanswered)
    assert none.reason is Reason.NOT_POSSIBLE_HERE


async def test_the_type_that_is_wanted_is_asked_for(serve: Serve, network: ToPort) -> None:
    heard: list[str] = []
    probe = HttpProbe(network(await serve(saying("200 OK", heard))))
    await probe.ask(ask("direct", "http", accept="application/json"))
    await probe.ask(ask("direct", "http"))
    wanted = [line for request in heard for line in request.splitlines() if line.lower().startswith("accept:")]
    assert [line.partition(" ")[2] for line in wanted] == ["application/json", "*/*"]


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({"https_proxy": "http://proxy.contoso.com:8080"}, "http://proxy.contoso.com:8080"),
        ({"HTTPS_PROXY": "proxy.contoso.com:8080"}, "http://proxy.contoso.com:8080"),
        ({"https_proxy": "http://proxy.contoso.com/"}, "http://proxy.contoso.com:80"),
        ({"https_proxy": "HTTP://[2001:db8::1]:3128"}, "http://[2001:db8::1]:3128"),
        ({"all_proxy": "http://proxy.contoso.com:8080"}, "http://proxy.contoso.com:8080"),
        ({"https_proxy": "http://proxy.contoso.com:8080", "no_proxy": "fabrikam.com"}, "http://proxy.contoso.com:8080"),
    ],
)
async def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxy: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert await proxy_for(f"https://{WEB}/") == proxy


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({}, "no HTTP proxy"),
        ({"http_proxy": "http://proxy.contoso.com:8080"}, "no HTTP proxy"),
        ({"https_proxy": "http://proxy.contoso.com:8080", "no_proxy": "litwareinc.com"}, "exempt"),
        ({"https_proxy": "http://proxy.contoso.com:8080", "NO_PROXY": "*"}, "exempt"),
        ({"https_proxy": "socks5://kenmyer:canary@proxy.contoso.com"}, "no plain HTTP proxy"),
        ({"https_proxy": "https://proxy.contoso.com"}, "no plain HTTP proxy"),
        ({"https_proxy": "http://canary:1:2:3"}, "no plain HTTP proxy"),
        ({"https_proxy": "http://[canary"}, "no plain HTTP proxy"),
    ],
)
async def test_where_no_proxy_is_asked_it_is_said_why(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], why: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = await proxy_for(f"https://{WEB}/")
    assert isinstance(found, Unanswered)
    assert found.reason is Reason.NOT_POSSIBLE_HERE
    assert why in found.detail
    assert "canary" not in found.detail
