"""The judgement of Autodiscover, address by address, and what is asked to reach it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Deployment, Vantage
from checks.knowledge.autodiscover import HAL_TYPE, ROOT_PATH, XML_TYPE
from checks.mobility import autodiscover
from checks.mobility.autodiscover import OUTCOMES, STEP, Facts, judge
from checks.mobility.autodiscover_places import Attempt, Names, Place, Reply
from checks.mobility.proxy_way import Address
from checks.model import Finding, Reason, Status
from checks.probes import Objects, Unanswered
from tests.unit.mobility.web_answers import (
    ADDRESSES,
    DOMAIN,
    EXTERNAL,
    FORM,
    HTTP_SYS,
    IIS,
    INTERNAL,
    LYNC,
    NGINX,
    NOT_ASKED,
    OF_POOL,
    POOL,
    PROXY,
    SERVICES,
    WEB,
    WEB_INTERNAL,
    World,
    answered,
    at,
    gathered,
    unreached,
)

ROOT = f"https://{WEB}{ROOT_PATH}"


def body(location: str = "External", **links: str) -> str:
    held = [{"href": href, "token": token} for token, href in links.items()]
    return json.dumps({"AccessLocation": location, "Root": {"Links": held}})


def links_to(host: str, location: str = "External") -> str:
    root = f"https://{host}{ROOT_PATH}"
    return body(location, Domain=f"{root}/domain", User=f"{root}/user")


RIGHT, WITHIN = answered(200, LYNC, body=links_to(WEB)), answered(200, LYNC, body=links_to(WEB_INTERNAL, "Internal"))
LEADS_ON = answered(200, LYNC, body=body(Redirect=ROOT))
GONE = unreached("name", "no-such-name")
OUTSIDE = Names(view="outside", domains=(DOMAIN,), external=(WEB,), internal=(WEB_INTERNAL, POOL), told=True)
WAY = (Address(name=WEB, address=PROXY), Address(name=POOL, address=OF_POOL))
INSIDE = msgspec.structs.replace(OUTSIDE, view="inside", addresses=WAY)


def place(kind: Any, secure: Reply, plain: Reply = LEADS_ON, **more: Any) -> Place:
    host = {"internal": INTERNAL, "external": EXTERNAL, "published": WEB}[kind]
    path, domain = (ROOT_PATH, "") if kind == "published" else ("/", DOMAIN)
    return Place(kind=kind, host=host, path=path, domain=domain, secure=secure, plain=plain, **more)


def judged(secure: Reply, plain: Reply = LEADS_ON, names: Names = OUTSIDE, **more: Any) -> Finding:
    """What follows from lyncdiscover alone."""
    return judge(Facts(names=names, places=(place("external", secure, plain, **more),)))


def redirect_to(address: str) -> Reply:
    return answered(200, LYNC, body=body(Redirect=address))


def told(**changes: Any) -> Names:
    return msgspec.structs.replace(OUTSIDE, **changes)


def moved(location: str, **more: Any) -> Reply:
    return answered(302, stopped="stranger", location=location, **more)


TABLE: list[tuple[str, Reply, dict[str, Any]]] = [
    ("answers", RIGHT, {}),
    ("answers", answered(200, body=links_to(WEB)), {}),
    ("answers", RIGHT, {"plain": unreached("connect", "refused")}),
    ("answers", RIGHT, {"plain": answered(404, IIS)}),
    ("answers", RIGHT, {"names": told(external=(WEB, "dir.litwareinc.com"))}),
    ("answers", answered(200, LYNC, body=links_to("dir.litwareinc.com")),
     {"names": told(external=(WEB, "dir.litwareinc.com"))}),
    ("answers", redirect_to(ROOT), {"onward": (Attempt(url=ROOT, reply=RIGHT),)}),
    # A certificate that lacks the name is left to HTTP, as documented.
    ("answers", unreached("tls", "certificate"), {"onward": (Attempt(url=ROOT, reply=RIGHT),)}),
    ("answers", redirect_to(f"https://webdir.online.lync.com{ROOT_PATH}"), {"names": told(homed_online=True)}),
    ("answers", RIGHT, {"shapes": (Attempt(url="x", reply=RIGHT, accept=HAL_TYPE), Attempt(url="x", reply=NOT_ASKED))}),
    ("internal-site", WITHIN, {}),
    ("internal-site", answered(200, LYNC, body=links_to(WEB, "Internal")), {}),
    ("internal-site", answered(200, LYNC, body=links_to(WEB_INTERNAL)), {}),
    ("sent-away", moved("https://login.contoso.com/start"), {}),
    ("sent-away", answered(302, stopped="bad-location", location="::"), {}),
    ("sent-away", moved("https://evil-litwareinc.com/"), {}),
    ("redirected", moved(f"https://{WEB}/x"), {}),
    ("redirected", moved(f"https://other.{DOMAIN}/x"), {}),
    ("pre-authentication", answered(200, body=FORM), {}),
    ("pre-authentication", answered(401, NGINX, ("WWW-Authenticate", "Basic")), {}),
    ("pre-authentication", answered(403, body=FORM), {}),
    ("forbidden", answered(403, NGINX), {}),
    ("forbidden", answered(403, LYNC), {}),
    ("forbidden", answered(401, LYNC), {}),
    ("not-found", answered(404, NGINX), {}),
    ("not-found", answered(404, LYNC), {}),
    ("not-lync", answered(200, IIS, body="<html><title>IIS Windows Server</title></html>"), {}),
    ("not-lync", answered(200), {}),
    ("not-understood", answered(200, LYNC, body="<html><title>Service</title></html>"), {}),
    ("pool-unreached", answered(502, NGINX), {}),
    ("pool-unreached", answered(503, NGINX), {}),
    ("pool-unreached", answered(504), {}),
    ("server-error", answered(503, HTTP_SYS), {}),
    ("server-error", answered(500, LYNC), {}),
    ("server-error", answered(503, LYNC), {}),
    ("server-error", answered(500), {}),
    ("silent", unreached("reply", "silence"), {}),
    ("silent", unreached("reply", "not-http"), {}),
    ("silent", redirect_to(ROOT), {"onward": (Attempt(url=ROOT, reply=unreached("reply", "reset")),)}),
    ("loop", answered(302, stopped="loop", location=ROOT), {}),
    ("loop", redirect_to(ROOT), {}),
    ("incomplete", answered(200, LYNC, body=body(Domain=ROOT)), {}),
    ("incomplete", answered(200, LYNC, body='{"_links":{"self":{"href":"x"}}}'), {}),
    ("wrong-host", answered(200, LYNC, body=links_to("old.litwareinc.com")), {}),
    ("online", redirect_to(f"https://webdir.online.lync.com{ROOT_PATH}"), {}),
    ("redirect-elsewhere", redirect_to("https://lyncweb.contoso.com/root"), {}),
    ("redirect-elsewhere", redirect_to("https://notlync.com.contoso.net/root"), {}),
    ("redirect-elsewhere", redirect_to("file:///x"), {}),
    ("unexpected-status", answered(400, LYNC), {}),
    ("shape-refused", RIGHT, {"shapes": (Attempt(url="x", reply=answered(406, LYNC), accept=XML_TYPE),)}),
    ("host-not-known", answered(200, LYNC, body=links_to("old.litwareinc.com")), {"names": told(told=False)}),
    ("answers", answered(200, LYNC, body=links_to("old.litwareinc.com")), {"names": told(told=False, external=())}),
    ("answers", redirect_to("https://other.litwareinc.com/root"),
     {"names": told(told=False), "onward": (Attempt(url="https://other.litwareinc.com/root",
      reply=answered(200, LYNC, body=links_to("other.litwareinc.com"))),)}),
    ("not-reached", unreached("connect", "refused"), {"plain": unreached("connect", "refused")}),
    ("not-reached", unreached("tls", "certificate"), {"plain": answered(404, IIS)}),
    ("not-reached", GONE, {"plain": GONE}),
    ("not-reached", redirect_to(ROOT), {"onward": (Attempt(url=ROOT, reply=unreached("connect", "timeout")),)}),
    ("not-seen", NOT_ASKED, {}),
    ("not-seen", answered(407), {}),
    ("not-seen", answered(511, body=FORM), {}),
    ("not-seen", answered(200, LYNC, body=links_to(WEB)[:70] + "…"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "secure", "more"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)])
def test_from_outside(answer: str, secure: Reply, more: dict[str, Any]) -> None:
    finding = judged(secure, **more)
    assert finding.answer == answer, finding.headline
    assert finding.headline.endswith(".")
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is None) == (finding.status is not Status.UNKNOWN)
    if finding.status is Status.UNKNOWN:
        assert finding.command


def test_a_page_in_place_of_the_document_is_not_called_an_incomplete_document() -> None:
    finding = judged(answered(200, LYNC, body="<html><title>Service</title></html>"))
    (remedy,) = finding.remedies
    assert "If no document comes there either" in remedy.action
    assert f"https://{LYNC[1]}{ROOT_PATH}" in remedy.action
    assert any("“Reverse proxy”" in line for line in finding.detail)


def test_every_answer_is_in_a_table() -> None:
    assert {answer.name for answer in OUTCOMES.answers} == {row[0] for row in TABLE} | {"fallback"}


FROM_INSIDE: list[tuple[str, list[Place], dict[str, Any]]] = [
    # Either site may answer inside, and clients never ask lyncdiscover there if the first name answers.
    ("answers", [place("internal", WITHIN)], {}),
    ("answers", [place("internal", RIGHT), place("external", GONE, GONE)], {}),
    ("answers", [place("internal", GONE, GONE), place("external", RIGHT)], {}),
    ("answers", [place("internal", GONE, GONE), place("external", WITHIN)], {}),
    ("answers", [place("internal", WITHIN), place("external", answered(404, NGINX))], {}),
    ("answers", [place("internal", WITHIN), place("published", GONE, GONE)], {}),
    ("answers", [place("internal", WITHIN), place("published", NOT_ASKED, NOT_ASKED)], {}),
    ("fallback", [place("internal", answered(500, LYNC)), place("external", RIGHT)], {}),
    ("server-error", [place("internal", answered(500, LYNC)), place("external", GONE, GONE)], {}),
    ("server-error", [place("internal", answered(500, LYNC)), place("external", answered(404))], {}),
    ("not-reached", [place("internal", GONE, GONE), place("external", GONE, GONE), place("published", RIGHT)], {}),
    # By the way through the proxy the external site has to answer, by any other way either may.
    ("internal-site", [place("internal", WITHIN), place("published", WITHIN)], {}),
    ("answers", [place("internal", WITHIN), place("published", answered(200, LYNC, body=links_to(WEB, "Internal"),
                                                                        address=OF_POOL))], {}),
    ("answers", [place("internal", WITHIN), place("published", WITHIN)], {"told": False}),
    ("answers", [place("internal", WITHIN), place("published", WITHIN)], {"addresses": ()}),
    ("answers", [place("internal", WITHIN), place("published", WITHIN)], {"addresses": WAY[:1]}),
    ("answers", [place("internal", WITHIN), place("published", WITHIN)],
     {"addresses": (*WAY, Address(name=WEB, address=OF_POOL))}),
    ("wrong-host", [place("internal", answered(200, LYNC, body=links_to("old.litwareinc.com", "Internal")))], {}),
    ("answers", [place("internal", answered(200, LYNC, body=links_to("fe.litware.local", "Internal")))], {"told": False}),
    ("pool-unreached", [place("internal", WITHIN), place("published", answered(502, NGINX))], {}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "places", "changes"), FROM_INSIDE)
def test_from_inside(answer: str, places: list[Place], changes: dict[str, Any]) -> None:
    finding = judge(Facts(names=msgspec.structs.replace(INSIDE, **changes), places=tuple(places)))
    assert finding.answer == answer, finding.headline


def test_nothing_to_ask_is_missing_input() -> None:
    finding = judge(Facts(names=Names(view="inside")))
    assert (finding.answer, finding.reason) == ("not-seen", Reason.MISSING_INPUT)


def test_two_domains_are_both_told() -> None:
    other = msgspec.structs.replace(place("external", answered(404, NGINX)), host="lyncdiscover.b.com", domain="b.com")
    finding = judge(Facts(names=OUTSIDE, places=(place("external", RIGHT), other)))
    assert finding.answer == "not-found"
    assert "lyncdiscover.b.com" in finding.headline
    assert any(EXTERNAL in line for line in finding.detail)


def test_facts_survive_the_journal() -> None:
    facts = Facts(names=INSIDE, places=(place("internal", WITHIN), place("published", unreached("tls", "certificate"))))
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts


replies = st.sampled_from([row[1] for row in TABLE])


@given(st.lists(st.tuples(st.sampled_from(["internal", "external", "published"]), replies, replies), min_size=1,
                max_size=4), st.booleans(), st.sampled_from([INSIDE, OUTSIDE]))  # fmt: skip
def test_whatever_is_answered_only_what_was_seen_is_a_fault(drawn: list[Any], knows: bool, names: Names) -> None:
    places = tuple(place(kind, secure, plain) for kind, secure, plain in drawn)
    finding = judge(Facts(names=msgspec.structs.replace(names, told=knows), places=places))
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    seen = [one for _, secure, plain in drawn for one in (secure, plain) if not isinstance(one, Unanswered)]
    if not seen:
        assert finding.status is Status.UNKNOWN
    if not knows:
        assert finding.answer != "wrong-host"


def addresses_of(world: World) -> set[str]:
    return {url for url in world.urls if not url.startswith("http://")}


USER = f"sip:ken&myer@{DOMAIN}"
ASKED = f"/?sipuri=sip:ken%26myer@{DOMAIN}"


async def test_outside_lyncdiscover_alone_is_asked_in_every_shape() -> None:
    url = f"https://{EXTERNAL}{ASKED}"
    world = World({url: RIGHT})
    place_ = Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), users=(USER,), web=WEB, pool=POOL)
    facts = await gathered(STEP, world, place_)
    assert sorted(world.urls) == sorted([url, url, url, f"http://{EXTERNAL}{ASKED}"])
    assert [one.accept for one in facts.places[0].shapes] == [HAL_TYPE, XML_TYPE]
    assert judge(facts).answer == "answers"


async def test_inside_both_names_and_the_published_path_are_asked() -> None:
    published = answered(200, LYNC, body=links_to(WEB, "Internal"), url=ROOT)
    world = World({f"https://{INTERNAL}/": WITHIN, ROOT: published, "Get-CsService": SERVICES, **ADDRESSES})
    facts = await gathered(STEP, world, Deployment(domains=(DOMAIN,), pool=POOL))
    assert addresses_of(world) == {f"https://{INTERNAL}/", f"https://{EXTERNAL}/", ROOT}
    assert judge(facts).answer == "internal-site"


async def test_a_document_that_leads_on_is_followed_within_the_deployment() -> None:
    there = f"https://lyncweb-002.{DOMAIN}{ROOT_PATH}"
    onward = answered(200, LYNC, body=links_to(f"lyncweb-002.{DOMAIN}"))
    world = World({f"https://{EXTERNAL}{ASKED}": redirect_to(there), f"{there}{ASKED[1:]}": onward})
    outside = Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), users=(USER,), web=WEB)
    assert judge(await gathered(STEP, world, outside)).answer == "answers"


@pytest.mark.parametrize(
    "address",
    ["https://webdir.online.lync.com/root", "https://lyncweb.contoso.com/root", f"https://a:b@{WEB}/root",
     f"https://{WEB}:22/root", f"https://{WEB}:99999/root", "https://[::1", f"ftp://{WEB}/root", f"https://{EXTERNAL}/"],
)  # fmt: skip
async def test_nobody_elses_host_is_asked(address: str) -> None:
    world = World({f"https://{EXTERNAL}/": redirect_to(address)})
    facts = await gathered(STEP, world, Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), web=WEB))
    assert set(world.urls) == {f"https://{EXTERNAL}/", f"http://{EXTERNAL}/"}
    assert judge(facts).answer in {"online", "redirect-elsewhere", "loop"}


async def test_a_chain_without_end_is_cut() -> None:
    hops = {f"https://{EXTERNAL}/": redirect_to(f"https://{WEB}/0")}
    hops |= {f"https://{WEB}/{n}": redirect_to(f"https://{WEB}/{n + 1}") for n in range(50)}
    world = World(hops)
    facts = await gathered(STEP, world, Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), web=WEB))
    assert len(world.urls) < 6
    assert judge(facts).answer == "loop"


@pytest.mark.parametrize(
    ("pool", "provider", "answer"), [("", "sipfed.online.lync.com", "answers"), (POOL, "SRV:", "online")]
)
async def test_who_is_homed_online_is_led_there(pool: str, provider: str, answer: str) -> None:
    user = {
        "SipAddress": USER,
        "Enabled": True,
        "RegistrarPool": pool,
        "HostingProvider": provider,
        "MobilityPolicy": "",
    }
    online = redirect_to("https://webdir.online.lync.com/root")
    world = World({f"https://{INTERNAL}{ASKED}": online, "Get-CsUser": Objects(objects=(user,))})
    facts = await gathered(STEP, world, Deployment(domains=(DOMAIN,), users=(USER,)))
    assert judge(facts).answer == answer


async def test_black_holed_nothing_more_is_asked() -> None:
    world = World({})
    facts = await gathered(STEP, world, Deployment(domains=(DOMAIN,), web=WEB, pool=POOL))
    assert len(world.urls) == 6
    assert judge(facts).answer == "not-reached"


async def test_without_a_name_nothing_is_asked() -> None:
    world = World({})
    assert judge(await gathered(STEP, world, Deployment())).answer == "not-seen"
    assert not world.urls


def test_the_step_tells_how_to_do_it_by_hand() -> None:
    lines = autodiscover.by_hand(Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), web=WEB))
    assert not any("lyncdiscoverinternal" in line for line in lines)
    assert at().outcome == "no-such-name"
