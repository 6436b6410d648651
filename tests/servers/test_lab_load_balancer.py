"""The lab's load balancer: which Front End answers, by affinity and by connection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.client import Connection
from lab.model import MCX, POOL, WEB, WEB_INTERNAL, Model
from lab.names import FRONT_ENDS
from lab.pools import two_front_ends
from tests.servers.browsing import Browser, get, served

pytestmark = pytest.mark.lab

FIRST, SECOND = FRONT_ENDS


def balanced(**values: Any) -> Callable[[Model], None]:
    """Two Front Ends, whose balancer has these values for both sides."""

    def change(model: Model) -> None:
        two_front_ends(model)
        for balancer in model.load_balancers:
            for name, value in values.items():
                assert hasattr(balancer, name)
                setattr(balancer, name, value)

    return change


async def on_one_connection(where: Connection, host: str, machine: str, times: int = 4) -> list[str]:
    browser = await Browser.open(where, host, machine)
    answered = [(await browser.ask("GET", MCX)).all("x-ms-server-fqdn")[0] for _ in range(times)]
    await browser.close()
    return answered


async def on_new_connections(where: Connection, host: str, machine: str, times: int = 4) -> list[str]:
    return [(await get(where, host, MCX, machine=machine)).all("x-ms-server-fqdn")[0] for _ in range(times)]


@pytest.mark.parametrize(("host", "machine"), [(WEB_INTERNAL, "balancer"), (WEB, "reverse-proxy")])
@pytest.mark.parametrize(
    ("values", "kept", "new"),
    [
        ({"affinity": "source"}, 1, 1),
        ({"affinity": "none"}, 2, 2),
        ({"affinity": "none", "per": "connection"}, 1, 2),
        ({"affinity": "cookie"}, 2, 2),
        ({"affinity": "none", "nodes": ["front-end-2"]}, 1, 1),
    ],
)
async def test_affinity_decides_who_answers(
    values: dict[str, Any], kept: int, new: int, host: str, machine: str, tmp_path: Path
) -> None:
    async with served(tmp_path, balanced(**values)) as (where, _):
        assert len(set(await on_one_connection(where, host, machine))) == kept
        assert len(set(await on_new_connections(where, host, machine))) == new


async def test_as_documented_the_inside_has_affinity_and_the_outside_none(tmp_path: Path) -> None:
    async with served(tmp_path, balanced()) as (where, deployment):
        assert len(set(await on_new_connections(where, WEB_INTERNAL, "balancer"))) == 1
        assert set(await on_new_connections(where, WEB, "reverse-proxy")) == {FIRST, SECOND}
        asked = deployment.requests()
        assert asked["balancer"] == asked["balancer-external"] == {MCX: 4}


async def test_a_cookie_brings_back_to_the_same_front_end(tmp_path: Path) -> None:
    change = balanced(affinity="cookie", cookie_attributes="path=/; HttpOnly")
    async with served(tmp_path, change) as (where, _):
        first = await get(where, WEB_INTERNAL, MCX, machine="balancer")
        (cookie,) = first.all("set-cookie")
        assert cookie.startswith("MS-WSMAN=")
        assert cookie.endswith("; path=/; HttpOnly")
        for _ in range(3):
            browser = await Browser.open(where, WEB_INTERNAL, "balancer")
            again = await browser.ask("GET", MCX, [("Cookie", f"x=y; {cookie.partition(';')[0]}")])
            assert again.all("x-ms-server-fqdn") == first.all("x-ms-server-fqdn")
            assert again.all("set-cookie") == []
            await browser.close()


async def test_a_front_end_whose_5061_is_closed_gets_nothing(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        balanced(affinity="none")(model)
        model.computer(FIRST).standing_still["RTCSRV"] = "Stopped"

    async with served(tmp_path, change) as (where, _):
        assert set(await on_new_connections(where, WEB_INTERNAL, "balancer")) == {SECOND}


async def test_a_front_end_without_iis_is_not_noticed(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        balanced(affinity="none")(model)
        model.computer(FIRST).standing_still["W3SVC"] = "Stopped"

    async with served(tmp_path, change) as (where, _):
        replies = [await get(where, WEB_INTERNAL, MCX, machine="balancer") for _ in range(2)]
        assert sorted(reply.status for reply in replies) == [200, 503]


async def test_without_a_front_end_it_answers_itself(tmp_path: Path) -> None:
    async with served(tmp_path, balanced(nodes=[])) as (where, _):
        reply = await get(where, WEB_INTERNAL, MCX, machine="balancer")
        assert (reply.status, reply.all("x-ms-server-fqdn")) == (503, [])
        assert (await get(where, POOL, MCX, machine="front-end-1")).status == 200
