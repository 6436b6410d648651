"""The lab's reverse proxy: what it publishes comes from the external web site, all else from itself."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import spnego

from lab.model import MCX, WEB, WEB_TICKET, Middlebox, Model, Page, Publication
from lab.pools import hairpin
from tests.servers.browsing import PASSWORDS, Browser, get, served

pytestmark = pytest.mark.lab

LYNC = "atl-cs-001.litwareinc.com"


def rule(**values: object) -> Callable[[Model], None]:
    """A change of the pool's publication."""

    def change(model: Model) -> None:
        for name, value in values.items():
            assert hasattr(model.reverse_proxy.publication, name)
            setattr(model.reverse_proxy.publication, name, value)

    return change


def site_closed(model: Model) -> None:
    model.external_site.https = "closed"


def site_drops(model: Model) -> None:
    model.external_site.https = "drop"


def site_silent(model: Model) -> None:
    model.external_site.middlebox = Middlebox("silence")


def iis_stopped(model: Model) -> None:
    model.computer(LYNC).standing_still["W3SVC"] = "Stopped"


def mcx_elsewhere(model: Model) -> None:
    model.reverse_proxy.publications.insert(0, Publication(paths=["/mcx"], way="refused"))


def for_another_name(model: Model) -> None:
    model.reverse_proxy.publication.names = ["meet.litwareinc.com"]
    model.reverse_proxy.unpublished = 403


@pytest.mark.parametrize(
    ("change", "path", "method", "status", "lync"),
    [
        (rule(), MCX, "GET", 200, True),
        (rule(), "/nothing", "GET", 404, False),
        (rule(way="refused"), MCX, "GET", 502, False),
        (rule(way="silent"), MCX, "GET", 504, False),
        (rule(paths=["/autodiscover", "/webticket"]), MCX, "GET", 404, False),
        (rule(paths=["/autodiscover", "/webticket"]), WEB_TICKET, "GET", 401, True),
        (rule(paths=["/web"]), WEB_TICKET, "GET", 404, False),
        (rule(pre_authentication="challenge"), MCX, "GET", 401, False),
        (rule(pre_authentication="form"), MCX, "GET", 200, False),
        (rule(refuses_post=True), WEB_TICKET, "POST", 405, False),
        (rule(refuses_post=True), WEB_TICKET, "GET", 401, True),
        (site_closed, MCX, "GET", 502, False),
        (site_drops, MCX, "GET", 504, False),
        (site_silent, MCX, "GET", 504, False),
        (iis_stopped, MCX, "GET", 502, False),
        (mcx_elsewhere, MCX, "GET", 502, False),
        (mcx_elsewhere, WEB_TICKET, "GET", 401, True),
        (for_another_name, MCX, "GET", 403, False),
    ],
)
async def test_each_rule_lets_through_or_answers_itself(
    change: Callable[[Model], None], path: str, method: str, status: int, lync: bool, tmp_path: Path
) -> None:
    async with served(tmp_path, change) as (where, _):
        reply = await get(where, WEB, path, method=method)
        assert (reply.status, reply.all("x-ms-server-fqdn") == [LYNC]) == (status, lync)


@pytest.mark.parametrize(("https_to", "location"), [(4443, b"External"), (443, b"Internal")])
async def test_the_port_it_leads_to_decides_which_site_answers(https_to: int, location: bytes, tmp_path: Path) -> None:
    async with served(tmp_path, rule(https_to=https_to)) as (where, deployment):
        assert b'"AccessLocation":"%s"' % location in (await get(where, WEB)).body
        asked = deployment.requests()
        assert asked["pool-external" if https_to == 4443 else "pool"] == {"/": 1}


@pytest.mark.parametrize(("http_to", "location"), [(8080, b"External"), (80, b"Internal")])
async def test_port_80_leads_to_a_site_too(http_to: int, location: bytes, tmp_path: Path) -> None:
    async with served(tmp_path, rule(http_to=http_to)) as (where, _):
        assert b'"AccessLocation":"%s"' % location in (await get(where, WEB, port="80")).body


async def test_a_proxy_without_port_80_refuses_it(tmp_path: Path) -> None:
    async with served(tmp_path, rule(http_to=None)) as (where, _):
        with pytest.raises(ConnectionRefusedError):
            await get(where, WEB, port="80")
        assert (await get(where, WEB, MCX)).status == 200


@pytest.mark.parametrize(("keeps", "host"), [(True, WEB), (False, f"{LYNC}:4443")])
async def test_the_name_that_the_site_hears_shows_in_where_it_sends_to(keeps: bool, host: str, tmp_path: Path) -> None:
    async with served(tmp_path, rule(keeps_host=keeps)) as (where, _):
        assert (await get(where, WEB, "/dialin")).all("location") == [f"https://{host}/dialin/"]
        assert (await get(where, WEB, "/dialin/")).status == 200


async def test_its_own_answers_tell_its_own_software(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.reverse_proxy.software = "nginx"
        model.reverse_proxy.publication.paths = ["/mcx"]

    async with served(tmp_path, change) as (where, _):
        assert (await get(where, WEB, "/ucwa/v1/applications")).all("server") == ["nginx"]
        assert (await get(where, WEB, MCX)).all("server") == ["Microsoft-IIS/8.5"]


async def test_what_stands_before_it_answers_in_its_place(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.reverse_proxy.middlebox = Middlebox("answer", Page(302, headers=[("Location", "https://contoso.com/")]))

    async with served(tmp_path, change) as (where, deployment):
        assert (await get(where, WEB, MCX)).status == 302
        assert deployment.requests()["pool-external"] == {}


async def test_a_windows_sign_in_goes_through_one_connection(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, deployment):
        browser = await Browser.open(where, WEB)
        client = spnego.client(
            "litwareinc\\kenmyer", PASSWORDS["kenmyer"], hostname=WEB, service="http", protocol="ntlm",
            options=spnego.NegotiateOptions.use_ntlm,
        )  # fmt: skip
        token = client.step()
        for _ in range(2):
            credentials = base64.b64encode(token or b"").decode()
            reply = await browser.ask("POST", WEB_TICKET, [("Authorization", f"NTLM {credentials}")])
            challenge = next((each for each in reply.all("www-authenticate") if each.startswith("NTLM ")), "")
            token = client.step(base64.b64decode(challenge.split()[1])) if challenge else None
        assert reply.status != 401
        await browser.close()
        assert deployment.sign_ins.report() == {"accepted": {"litwareinc\\kenmyer": 1}, "refused": {}}


async def test_a_hairpin_is_an_address_of_its_own(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        assert hairpin(model).host == "hairpin"
        model.reverse_proxies[1].https = "closed"
        assert model.names["inside"][WEB].hosts == ["hairpin"]
        assert model.names["outside"][WEB].hosts == ["reverse-proxy"]

    async with served(tmp_path, change) as (where, _):
        assert (await get(where, WEB, MCX)).status == 200
        with pytest.raises(ConnectionRefusedError):
            await get(where, WEB, MCX, machine="hairpin")
        assert (await get(where, WEB, machine="hairpin", port="80")).status == 200


async def test_a_request_that_is_none_is_answered_by_the_proxy(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        reader, writer = await asyncio.open_connection(where.addresses["reverse-proxy"], where.http_port)
        writer.write(b"nonsense\r\n\r\n")
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
        writer.close()
