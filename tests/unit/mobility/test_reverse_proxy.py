"""The judgement of what comes through the reverse proxy, path by path, and what is asked to reach it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Deployment, Vantage
from checks.knowledge.autodiscover import ROOT_PATH
from checks.knowledge.proxy_vendors import pitfalls
from checks.mobility.reverse_proxy import OUTCOMES, STEP, Facts, judge
from checks.mobility.reverse_proxy_paths import MCX, MOBILITY_PATHS, OTHER_PATHS, UCWA, WEB_TICKET, Asked, Reply
from checks.model import Finding, Reason, Status
from checks.probes import Hop, Request, Unanswered
from tests.unit.mobility.web_answers import (
    ADDRESSES,
    DOMAIN,
    FORM,
    HTTP_SYS,
    IIS,
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
    gathered,
    unreached,
)

UPSTREAM = f"{POOL}:4443"
BY_LYNC, PAGE = answered(401, LYNC, IIS), answered(200, LYNC, IIS, body="<html><title>Service</title></html>")
NTLM, BASIC = ("WWW-Authenticate", "NTLM"), ("WWW-Authenticate", 'Basic realm="proxy"')
POST = f"POST {WEB_TICKET}"
DROPPED = unreached("connect", "timeout")


def judged(changes: dict[str, Reply], behind: dict[str, Reply] | None = None, **more: Any) -> Finding:
    """The finding of a proxy that hands everything on, but for these paths; `behind` is the site behind it."""
    rest = changes.get("*", BY_LYNC)
    asked = [
        Asked(path=path, reply=changes.get(path, rest), upstream=(behind or {}).get(path))
        for path in (*MOBILITY_PATHS, *OTHER_PATHS)
    ]
    asked.append(
        Asked(path=WEB_TICKET, method="POST", reply=changes.get(POST, rest), upstream=(behind or {}).get(POST))
    )
    names = (WEB_INTERNAL, POOL)
    return judge(Facts(host=WEB, view="outside", asked=tuple(asked), internal=names, upstream=UPSTREAM, **more))


def to(location: str, *headers: tuple[str, str]) -> Reply:
    return answered(302, *headers, stopped="stranger", location=location)


OWN, FORBIDDEN = answered(404, NGINX), answered(403, NGINX)
LIKE_IIS, STOPPED = answered(404, IIS), answered(503, HTTP_SYS)
TABLE: list[tuple[str, dict[str, Reply], dict[str, Reply]]] = [
    ("publishes", {}, {}),
    ("publishes", {MCX: answered(500, LYNC), UCWA: answered(404, LYNC), POST: answered(405, LYNC)}, {}),
    ("publishes", {"/abs": answered(401, NTLM), "/meet": answered(200), "/dialin": answered(200)}, {}),
    ("publishes", {"/meet": to(f"https://meet.{DOMAIN}/")}, {}),
    # What the site behind does itself is not the proxy's.
    ("publishes", {UCWA: OWN}, {UCWA: OWN}),
    ("publishes", {MCX: FORBIDDEN}, {MCX: FORBIDDEN}),
    ("publishes", {MCX: unreached("reply", "silence")}, {MCX: unreached("reply", "silence")}),
    ("publishes", {MCX: STOPPED}, {}),
    ("publishes", {MCX: answered(500, IIS)}, {}),
    # A version may lack these two, and IIS itself says so in the same way.
    ("publishes", {MCX: LIKE_IIS}, {}),
    ("publishes", {UCWA: LIKE_IIS}, {UCWA: DROPPED}),
    ("publishes", {MCX: unreached("reply", "reset")}, {}),
    # A proxy may hide the header: what answers as Lync does is not held against it.
    ("publishes", {"*": answered(401, NTLM), ROOT_PATH: answered(200, body='{"Root":{"Links":[]}}'),
                   "/meet": answered(200), "/dialin": answered(200)}, {}),
    ("publishes", {MCX: answered(302, stopped="loop", location=f"https://{WEB}/x")}, {MCX: to(f"https://{WEB}/x")}),
    ("not-published", {UCWA: OWN}, {}),
    ("not-published", {UCWA: OWN}, {UCWA: BY_LYNC}),
    ("not-published", {MCX: LIKE_IIS}, {MCX: PAGE}),
    ("not-published", {MCX: STOPPED}, {MCX: PAGE}),
    ("not-published", {MCX: FORBIDDEN}, {}),
    ("not-published", {"/Reach/sip.svc": LIKE_IIS}, {}),
    ("not-published", {UCWA: OWN, "/meet": OWN}, {}),
    ("pre-authentication", {WEB_TICKET: answered(401, BASIC)}, {}),
    ("pre-authentication", {UCWA: answered(200, body=FORM)}, {}),
    ("pre-authentication", {UCWA: answered(403, body=FORM), MCX: OWN}, {}),
    ("pre-authentication", {ROOT_PATH: answered(401, NTLM)}, {}),
    ("pool-unreached", {"*": answered(502, NGINX)}, {}),
    ("pool-unreached", {UCWA: answered(504, NGINX)}, {}),
    ("pool-unreached", {UCWA: answered(503, NGINX)}, {UCWA: BY_LYNC}),
    ("pool-unreached", {WEB_TICKET: unreached("reply", "silence")}, {}),
    ("answers-itself", {UCWA: to("https://sts.contoso.com/adfs")}, {}),
    ("answers-itself", {ROOT_PATH: answered(200, body="<html>It works!</html>")}, {}),
    ("answers-itself", {UCWA: answered(302, stopped="loop", location=f"https://{WEB}/x")}, {}),
    ("post-refused", {POST: answered(405, NGINX)}, {}),
    ("post-refused", {POST: answered(413, NGINX)}, {}),
    ("post-refused", {POST: unreached("reply", "reset")}, {}),
    ("host-header-lost", {"/meet": to(f"https://{POOL}:4443/meet/", LYNC)}, {}),
    ("host-header-lost", {"/dialin": to(f"https://{WEB_INTERNAL}/dialin/")}, {}),
    ("other-path-missing", {"/meet": OWN}, {}),
    ("other-path-missing", {"/meet": to("https://www.contoso.com/"), "/abs": answered(403)}, {}),
    ("not-reached", {"*": DROPPED}, {}),
    ("not-seen", {"*": NOT_ASKED}, {}),
    ("not-seen", {"*": answered(511)}, {}),
    ("not-seen", {UCWA: NOT_ASKED}, {}),
    ("not-seen", {UCWA: DROPPED}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "changes", "behind"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)])
def test_judgement(answer: str, changes: dict[str, Reply], behind: dict[str, Reply]) -> None:
    finding = judged(changes, behind)
    assert finding.answer == answer, finding.headline
    assert finding.headline.endswith(".")
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is None) == (finding.status is not Status.UNKNOWN)
    assert "/mcx" not in finding.headline or MCX in changes or "*" in changes


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in OUTCOMES.answers} == {row[0] for row in TABLE} | {"not-through-proxy"}


def test_where_no_proxy_is_on_the_way_nothing_is_judged() -> None:
    assert judged({"*": OWN}, straight=True).answer == "not-through-proxy"
    inside = Facts(host=WEB, view="inside", asked=(Asked(path=MCX, reply=DROPPED),))
    assert judge(inside).answer == "not-through-proxy"
    assert judge(msgspec.structs.replace(inside, view="outside")).answer == "not-reached"
    nothing = judge(Facts(host="", view="inside"))
    assert (nothing.answer, nothing.reason) == ("not-seen", Reason.MISSING_INPUT)


def test_a_path_that_is_left_out_is_told_from_a_proxy_that_is_down() -> None:
    finding = judged({UCWA: OWN})
    assert finding.headline == f"{WEB} does not let /ucwa through (HTTP 404)."
    assert any("/meet" in line and "the proxy itself works" in line for line in finding.detail)
    assert any("nginx" in line for line in finding.detail)
    assert not any("the proxy itself works" in line for line in judged({"*": OWN}).detail)


def test_facts_survive_the_journal() -> None:
    facts = Facts(host=WEB, view="inside", asked=(Asked(path=MCX, reply=OWN, upstream=DROPPED),), internal=(POOL,))
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts


replies = st.sampled_from([reply for row in TABLE for reply in (*row[1].values(), *row[2].values())])
paths = st.sampled_from([*MOBILITY_PATHS, *OTHER_PATHS, POST])


@given(st.dictionaries(paths, replies), st.dictionaries(paths, replies), st.booleans())
def test_whatever_is_answered_only_what_was_seen_is_a_fault(
    changes: dict[str, Reply], behind: dict[str, Reply], straight: bool
) -> None:
    finding = judged(changes, behind, straight=straight)
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert not straight or finding.status in {Status.NOT_APPLICABLE, Status.UNKNOWN}
    mobility = [changes[path] for path in changes if path not in OTHER_PATHS]
    if finding.status is Status.FAILED:
        assert mobility, "a path that phones do without is no failure"


@given(st.dictionaries(paths, replies, min_size=1))
def test_what_the_site_behind_does_as_well_is_never_the_proxys(changes: dict[str, Reply]) -> None:
    alike = judged(changes, changes)
    assert alike.status is not Status.FAILED
    assert alike.answer != "other-path-missing"


def url(path: str, host: str = WEB) -> str:
    return f"https://{host}{path}"


async def test_inside_what_fails_is_asked_at_the_site_behind() -> None:
    everything = {url(path): BY_LYNC for path in (*MOBILITY_PATHS, *OTHER_PATHS)} | {f"POST {url(WEB_TICKET)}": BY_LYNC}
    world = World(
        {**everything, url(UCWA): LIKE_IIS, url(UCWA, UPSTREAM): BY_LYNC, "Get-CsService": SERVICES, **ADDRESSES}
    )
    facts = await gathered(STEP, world, Deployment(pool=POOL, web=WEB))
    assert [one for one in world.urls if UPSTREAM in one] == [url(UCWA, UPSTREAM)]
    assert len(world.urls) == len(MOBILITY_PATHS) + len(OTHER_PATHS) + 2
    assert judge(facts).answer == "not-published"


class _Expired(World):
    """The certificate is refused; who looks past it hears what stands behind."""

    async def ask(self, question: Any) -> Any:
        answer = await super().ask(question)
        if isinstance(question, Request) and not question.trusting:
            return unreached("tls", "certificate")
        return answer


async def test_behind_a_certificate_that_is_refused_the_proxy_is_judged_as_it_answers() -> None:
    world = _Expired({"Get-CsService": SERVICES, **ADDRESSES}, otherwise=BY_LYNC)
    finding = judge(await gathered(STEP, world, Deployment(pool=POOL, web=WEB)))
    assert finding.answer == "publishes"
    assert any("“Certificates” judges that" in line for line in finding.detail)
    nobody_looks = judge(
        Facts(host=WEB, view="inside", asked=(Asked(path=MCX, reply=unreached("tls", "certificate")),))
    )
    assert "the certificate of" in nobody_looks.headline
    assert "is not reached" not in nobody_looks.headline


def test_what_was_not_seen_names_the_reason_and_calls_no_path_missing() -> None:
    lookup = f"Resolve-DnsName {WEB}"
    silent = Unanswered(
        reason=Reason.TIMEOUT, detail="The name server 192.0.2.53 did not answer in time.", command=lookup
    )
    every, one = judged({"*": silent}), judged({UCWA: silent})
    for finding in (every, one):
        assert (finding.answer, finding.command) == ("not-seen", lookup)
        assert "did not answer in time" in finding.headline
        assert "missing" not in finding.headline
    assert ["/ucwa" in finding.headline for finding in (every, one)] == [False, True]


async def test_outside_the_site_behind_is_not_asked() -> None:
    world = World({}, otherwise=LIKE_IIS)
    facts = await gathered(STEP, world, Deployment(vantage=Vantage.OUTSIDE, web=WEB, pool=POOL))
    assert not [one for one in world.urls if UPSTREAM in one]
    assert judge(facts).answer == "not-published"


async def test_a_name_that_leads_to_the_pool_is_no_proxy() -> None:
    world = World(
        {"Get-CsService": SERVICES, **ADDRESSES, WEB: ADDRESSES[POOL]}, otherwise=answered(404, address=OF_POOL)
    )
    assert judge(await gathered(STEP, world, Deployment(pool=POOL, web=WEB))).answer == "not-through-proxy"


async def test_the_topology_tells_the_name_and_the_port_behind() -> None:
    own = {**SERVICES.objects[0], "ExternalHttpsPort": "4444"}
    services = msgspec.structs.replace(SERVICES, objects=(own,))
    world = World({"Get-CsService": services, **ADDRESSES}, otherwise=answered(404, address=PROXY))
    facts = await gathered(STEP, world, Deployment(pool=POOL))
    assert (facts.host, facts.upstream) == (WEB, f"{POOL}:4444")


@pytest.mark.parametrize(
    ("headers", "words"),
    [((NGINX,), "nginx"), ((("Set-Cookie", "BIGipServerpool=…"),), "OneConnect"), ((("X-Powered-By", "ARR/3.0"),), "Routing"),
     ((IIS, ("X-Powered-By", "ASP.NET")), "")],
)  # fmt: skip
def test_what_is_known_of_a_product_is_told_once(headers: tuple[tuple[str, str], ...], words: str) -> None:
    hop = Hop(url=url(MCX), address=PROXY, status=200, headers=headers)
    lines = pitfalls([hop, hop])
    assert len(lines) == (1 if words else 0)
    assert all(words in line for line in lines)
