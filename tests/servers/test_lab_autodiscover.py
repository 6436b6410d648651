"""The lab's Autodiscover: three forms of one document, and where it sends those whom it does not serve."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from lab.model import DOMAIN, LYNC_2010, OTHER_POOL, POOL, WEB, WEB_INTERNAL, Model, WebNames
from lab.names import DIRECTOR, DIRECTOR_WEB, FRONT_ENDS
from lab.pools import director, two_front_ends
from tests.servers.browsing import get, served

pytestmark = pytest.mark.lab

XML = "application/vnd.microsoft.rtc.autodiscover+xml;v=1"
ROOT = "/Autodiscover/AutodiscoverService.svc/root"
DISCOVER = f"lyncdiscover.{DOMAIN}"
INSIDE = f"lyncdiscoverinternal.{DOMAIN}"
TOKENS = {"Domain": f"{ROOT}/domain", "User": f"{ROOT}/user", "OAuth": f"{ROOT}/oauth/user"}


def links(body: bytes) -> dict[str, str]:
    document: dict[str, Any] = json.loads(body)
    return {link["token"]: link["href"] for link in document["Root"]["Links"]}


@pytest.mark.parametrize(
    ("host", "machine", "location"), [(DISCOVER, "reverse-proxy", "External"), (INSIDE, "pool", "Internal")]
)
@pytest.mark.parametrize("path", ["/", ROOT, ROOT.lower(), f"/?sipuri=kenmyer@{DOMAIN}", f"{ROOT}?originalDomain=x.y"])
async def test_the_root_names_the_site_that_answers(
    path: str, host: str, machine: str, location: str, tmp_path: Path
) -> None:
    async with served(tmp_path) as (where, _):
        reply = await get(where, host, path, machine=machine)
        assert reply.status == 200
        assert reply.all("x-ms-server-fqdn") == [POOL]
        assert json.loads(reply.body)["AccessLocation"] == location
        assert links(reply.body) == {token: f"https://{WEB}{each}" for token, each in TOKENS.items()}
        assert rb"https:\/\/" in reply.body


async def test_the_accept_header_chooses_the_form(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        hal = await get(where, DISCOVER, accept="application/json")
        told = json.loads(hal.body)["_links"]
        assert {name: link["href"] for name, link in told.items()} == {
            "self": f"https://{WEB}{ROOT}?originalDomain={DOMAIN}",
            "user": f"https://{WEB}{ROOT}/oauth/user?originalDomain={DOMAIN}",
            "xframe": f"https://{WEB}/Autodiscover/XFrame/XFrame.html",
        }
        xml = await get(where, DISCOVER, accept=XML)
        assert xml.all("content-type")[0].startswith("application/vnd.microsoft.rtc.autodiscover+xml")
        root = ElementTree.fromstring(xml.body)
        assert root.attrib["AccessLocation"] == "External"
        assert {each.attrib["token"]: each.attrib["href"] for each in root.iter("Link")} == {
            token: f"https://{WEB}{each}" for token, each in TOKENS.items()
        }


@pytest.mark.parametrize("accept", ["", "application/json", XML])
async def test_plain_http_sends_to_https_in_the_body(accept: str, tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        for host, machine, port in ((DISCOVER, "reverse-proxy", "80"), (INSIDE, "pool", "80"), (WEB, "pool", "8080")):
            reply = await get(where, host, machine=machine, port=port, accept=accept)
            body = reply.body.replace(b"\\/", b"/").lower()
            assert reply.status == 200
            assert b"redirect" in body
            assert body.count(b"href") == 1
            assert f"https://{WEB}{ROOT}".lower().encode() in body


async def test_a_user_of_another_pool_is_sent_there(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.user("pilar").pool = OTHER_POOL
        model.web_names[OTHER_POOL] = WebNames(f"lyncweb-002.{DOMAIN}", OTHER_POOL)

    async with served(tmp_path, change) as (where, _):
        here = await get(where, DISCOVER, f"/?sipuri=sip:kenmyer@{DOMAIN}")
        assert set(links(here.body)) == set(TOKENS)
        elsewhere = await get(where, DISCOVER, f"/?sipuri=pilar@{DOMAIN}")
        assert links(elsewhere.body) == {"Redirect": f"https://lyncweb-002.{DOMAIN}{ROOT}"}


async def test_documents_of_users_want_a_ticket(tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        user = await get(where, WEB, TOKENS["User"])
        assert (user.status, user.all("www-authenticate")) == (401, [])
        assert user.all("x-ms-webticketurl") == [f"https://{WEB}/WebTicket/WebTicketService.svc"]
        oauth = await get(where, WEB, TOKENS["OAuth"])
        assert oauth.status == 401
        assert [each.partition(" ")[0] for each in oauth.all("www-authenticate")] == ["Bearer", "MsRtcOAuth"]
        domain = json.loads((await get(where, WEB, TOKENS["Domain"])).body)["Domain"]
        assert domain["SipClientExternalAccess"] == {"fqdn": "sip.litwareinc.com", "port": "443"}


async def test_lync_2010_knows_no_oauth_and_no_ucwa(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.product = LYNC_2010

    async with served(tmp_path, change) as (where, _):
        for accept in ("", "application/json"):
            assert set(links((await get(where, DISCOVER, accept=accept)).body)) == {"Domain", "User"}
        for path in (TOKENS["OAuth"], "/ucwa/v1/applications", "/ucwa/oauth/v1/applications"):
            assert (await get(where, WEB, path)).status == 404


@pytest.mark.parametrize(
    ("path", "status", "schemes"),
    [
        ("/ucwa/v1/applications", 401, []),
        ("/ucwa/oauth/v1/applications", 401, ["Bearer", "MsRtcOAuth"]),
        ("/ucwa/oauth/v1/applications/1/events?ack=1", 401, ["Bearer", "MsRtcOAuth"]),
        ("/Reach/Sip.svc", 200, []),
        ("/CertProv/CertProvisioningService.svc", 200, []),
        ("/Abs", 401, ["Negotiate", "NTLM"]),
        ("/abs/handler", 401, ["Negotiate", "NTLM"]),
        ("/GroupExpansion/service.svc", 401, ["Negotiate", "NTLM"]),
        ("/Autodiscover/XFrame/XFrame.html", 200, []),
        ("/meet/", 200, []),
        ("/meet/kenmyer/ABC123", 200, []),
        ("/dialin/", 200, []),
        ("/Mcx/McxService.svc/below", 404, []),
    ],
)
async def test_both_sites_have_every_path(path: str, status: int, schemes: list[str], tmp_path: Path) -> None:
    async with served(tmp_path) as (where, _):
        for host, machine in ((WEB, "reverse-proxy"), (WEB_INTERNAL, "pool")):
            reply = await get(where, host, path, machine=machine)
            assert reply.status == status
            assert [each.partition(" ")[0] for each in reply.all("www-authenticate")] == schemes
            assert bool(reply.all("x-ms-server-fqdn")) == (status != 404)


async def test_a_director_tells_of_itself_and_sends_users_to_their_pool(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        director(model)

    async with served(tmp_path, change) as (where, _):
        for host, machine, location in ((DISCOVER, "reverse-proxy", "External"), (INSIDE, "director", "Internal")):
            reply = await get(where, host, machine=machine)
            assert reply.all("x-ms-server-fqdn") == [DIRECTOR]
            assert json.loads(reply.body)["AccessLocation"] == location
            assert links(reply.body)["User"] == f"https://{DIRECTOR_WEB}{ROOT}/user"
            sent = await get(where, host, f"/?sipuri=kenmyer@{DOMAIN}", machine=machine)
            assert links(sent.body) == {"Redirect": f"https://{WEB}{ROOT}"}
        for path in ("/mcx/mcxservice.svc", "/ucwa/v1/applications"):
            assert (await get(where, DIRECTOR_WEB, path)).status == 404
            assert (await get(where, WEB, path)).status in {200, 401}


async def test_each_front_end_of_a_pool_has_both_sites_and_the_names_of_the_pool(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        two_front_ends(model)

    async with served(tmp_path, change) as (where, _):
        for machine, fqdn in zip(("front-end-1", "front-end-2"), FRONT_ENDS, strict=True):
            for host, port, location in ((POOL, "443", "Internal"), (fqdn, "4443", "External")):
                reply = await get(where, host, machine=machine, port=port)
                assert reply.all("x-ms-server-fqdn") == [fqdn]
                assert json.loads(reply.body)["AccessLocation"] == location
                assert links(reply.body)["User"] == f"https://{WEB}{ROOT}/user"
