"""The judgement of the step about the web applications of each Front End, and what is asked of them."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking, Context
from checks.deployment import Deployment, Product, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.iis import APPLICATIONS
from checks.mobility import web_applications
from checks.mobility.front_ends import Machine
from checks.mobility.web_applications import Facts, judge
from checks.mobility.web_applications_seen import Reply, Site
from checks.model import Reason, Status
from checks.probes import Hop, Objects, Request, Response, Unanswered, Unreached, UnreachedKind
from tests.unit.mobility.told import Told, deployment

POOL = "pool01.litwareinc.com"
FE1, FE2, DIRECTOR = "fe01.litwareinc.com", "fe02.litwareinc.com", "dir01.litwareinc.com"
Answered = Response | Unreached | Unanswered

NOT_ASKED = Unanswered(reason=Reason.MISSING_INPUT, detail="No file tells it.")


def machine(fqdn: str = FE1, **more: Any) -> Machine:
    return Machine(fqdn=fqdn, pool=more.pop("pool", POOL), **more)


def http(
    status: int, *, fqdn: str = FE1, server: str = "Microsoft-IIS/8.5", lync: bool = True, body: str = ""
) -> Response:
    headers = [("Server", server)] if server else []
    headers += [("X-MS-Server-Fqdn", fqdn)] if lync else []
    return Response(hops=(Hop(url="https://x/", address="10.0.0.1", status=status, headers=tuple(headers), body=body),))


def gone(kind: UnreachedKind) -> Unreached:
    return Unreached(phase="connect", kind=kind, detail="10.0.0.1:443 does not answer.", address="10.0.0.1")


STOPPED = http(503, server="Microsoft-HTTPAPI/2.0", lync=False)
BUSY = http(503)
PORTAL = http(200, server="Microsoft-HTTPAPI/2.0", lync=False)
HEALTHY: dict[str, Answered] = {
    "WebTicket": http(401),
    "Autodiscover": http(200),
    "Ucwa": http(401),
    "Mcx": http(200),
    "Reach": http(200),
}


def site(fqdn: str = FE1, *, external: bool = False, **changed: Answered) -> Site:
    return answering({**HEALTHY, **changed}, fqdn, external=external)


def answering(replies: dict[str, Answered], fqdn: str = FE1, *, external: bool = False) -> Site:
    made = tuple(Reply(application=name, answer=answer) for name, answer in replies.items())
    return Site(machine=machine(fqdn), external=external, replies=made)


def closed(answer: Answered, fqdn: str = FE1, *, external: bool = False) -> Site:
    return answering({"WebTicket": answer}, fqdn, external=external)


def everywhere(answer: Answered, fqdn: str = FE1) -> Site:
    return answering(dict.fromkeys(HEALTHY, answer), fqdn)


def signed(server: str, fqdn: str = FE1) -> Site:
    return answering({**dict.fromkeys(HEALTHY, http(200, server="")), "WebTicket": http(401, server=server)}, fqdn)


def facts(*sites: Site, product: Product | None = Product.LYNC_2013, by_topology: bool = True) -> Facts:
    return Facts(sites=sites or (site(), site(external=True)), product=product, by_topology=by_topology)


OUT = site(external=True)
JUDGED: list[tuple[str, Facts]] = [
    ("all-answer", facts()),
    ("all-answer", facts(site(), site(FE2), OUT, site(FE2, external=True))),
    ("all-answer", facts(site(), by_topology=False, product=None)),
    ("all-answer", facts(site(Reach=http(404)), OUT)),
    ("all-answer", facts(site(Reach=http(403)), OUT)),
    ("all-answer", facts(site(Autodiscover=http(400)), OUT)),
    ("all-answer", facts(site(Mcx=http(404)), OUT)),
    ("all-answer", facts(site(Mcx=http(404)), site(external=True, Mcx=http(404)), product=None)),
    ("all-answer", facts(site(), closed(gone("timeout"), external=True))),
    ("all-answer", facts(site(), closed(gone("no-route"), external=True))),
    ("all-answer", facts(signed("Microsoft-IIS/10.0"), product=Product.SKYPE_2019)),
    ("all-answer", facts(signed("Microsoft-IIS/7.5"), product=Product.LYNC_2010)),
    ("all-answer", facts(signed("Microsoft-IIS/10.0"), product=None)),
    ("all-answer", facts(signed(""))),
    ("all-answer", facts(everywhere(http(200, lync=False)))),
    ("stranger", facts(everywhere(PORTAL), OUT)),
    ("stranger", facts(everywhere(http(404, lync=False)), OUT)),
    ("stranger", facts(site(), everywhere(http(200, server="Kestrel", lync=False), FE2))),
    ("one-front-end-down", facts(site(), site(FE2, Ucwa=STOPPED))),
    ("one-front-end-down", facts(site(), site(FE2, Ucwa=BUSY))),
    ("one-front-end-down", facts(site(), everywhere(STOPPED, FE2))),
    ("one-front-end-down", facts(site(), closed(gone("refused"), FE2))),
    ("one-front-end-down", facts(site(), closed(gone("silence"), FE2))),
    ("one-front-end-down", facts(site(), closed(gone("reset"), FE2))),
    ("one-front-end-down", facts(site(), site(FE2), OUT, closed(gone("refused"), FE2, external=True))),
    ("application-pool-stopped", facts(site(Ucwa=STOPPED), site(external=True, Ucwa=STOPPED))),
    ("application-pool-stopped", facts(site(Mcx=STOPPED), OUT)),
    ("application-pool-stopped", facts(site(Ucwa=STOPPED), site(FE2, Ucwa=STOPPED))),
    ("application-pool-stopped", facts(everywhere(STOPPED))),
    ("overloaded", facts(site(Ucwa=BUSY), OUT)),
    ("overloaded", facts(site(Ucwa=BUSY), site(FE2, Ucwa=BUSY))),
    ("overloaded", facts(site(Ucwa=gone("silence")), OUT)),
    ("one-front-end-down", facts(site(), site(FE2, Ucwa=gone("silence")))),
    ("stranger", facts(answering({**dict.fromkeys(HEALTHY, PORTAL), "Mcx": gone("silence")}), OUT)),
    ("all-answer", facts(site(), site(external=True, Mcx=gone("silence")))),
    ("not-seen", facts(site(Autodiscover=gone("reset")), OUT)),
    ("web-config", facts(site(Ucwa=http(500, body="HTTP Error 500.19")), OUT)),
    ("server-error", facts(site(Ucwa=http(500)), OUT)),
    ("server-error", facts(site(), site(FE2, WebTicket=http(500)))),
    ("forbidden", facts(site(Autodiscover=http(403)), OUT)),
    ("ucwa-missing", facts(site(Ucwa=http(404)), OUT)),
    ("ucwa-missing", facts(site(), site(FE2, Ucwa=http(404, lync=False)), product=Product.SUBSCRIPTION_EDITION)),
    ("application-missing", facts(site(Autodiscover=http(404)), OUT)),
    ("application-missing", facts(OUT, site(FE2, external=True, Mcx=http(404)))),
    ("all-answer", facts(site(), site(external=True, Mcx=http(404)))),
    ("all-answer", facts(site(Mcx=STOPPED), site(external=True, Mcx=STOPPED))),
    ("front-end-unreachable", facts(site(), closed(gone("timeout"), FE2))),
    ("front-end-unreachable", facts(site(), closed(gone("no-such-name"), FE2))),
    ("front-end-unreachable", facts(site(), OUT, closed(gone("refused"), FE2), closed(gone("refused"), FE2, external=True))),
    ("front-end-unreachable", facts(site(), OUT, closed(gone("refused"), FE2), closed(gone("timeout"), FE2, external=True))),
    ("one-front-end-down", facts(site(), OUT, closed(gone("refused"), FE2), site(FE2, external=True))),
    ("front-end-unreachable", facts(closed(gone("refused")))),
    ("front-end-unreachable", facts(site(), closed(gone("refused"), external=True))),
    ("iis-unsupported", facts(signed("Microsoft-IIS/10.0"))),
    ("iis-unsupported", facts(signed("Microsoft-IIS/8.5"), product=Product.SKYPE_2019)),
    ("versions-differ", facts(signed("Microsoft-IIS/8.0"), signed("Microsoft-IIS/8.5", FE2))),
    ("reach-fails", facts(site(Reach=STOPPED), OUT)),
    ("reach-fails", facts(site(Reach=http(500)), OUT)),
    ("version-needed", facts(site(Ucwa=http(404)), product=None)),
    ("not-seen", facts(closed(gone("timeout")), closed(gone("timeout"), external=True))),
    ("not-seen", facts(closed(gone("timeout")), closed(gone("no-route"), FE2))),
    ("not-seen", facts(closed(gone("refused")), by_topology=False)),
    ("not-seen", facts(closed(NOT_ASKED))),
    ("not-seen", facts(everywhere(http(502, server="squid", lync=False)))),
    ("not-seen", facts(site(Ucwa=http(407, server="squid", lync=False)), OUT)),
    ("not-seen", Facts(sites=())),
    ("not-for-this-seat", Facts(inside=False)),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "known"), JUDGED)
def test_web_applications(answer: str, known: Facts) -> None:
    finding = judge(known)
    assert finding.answer == answer, finding.headline
    assert (finding.status in {Status.FAILED, Status.WARNING}) == bool(finding.remedies)
    assert (finding.status is Status.UNKNOWN) == bool(finding.reason)
    if finding.status is Status.UNKNOWN:
        assert finding.command


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in web_applications.STEP.answers} == {row[0] for row in JUDGED}


def test_the_machine_and_the_application_are_named_with_their_command() -> None:
    finding = judge(facts(site(Mcx=STOPPED), site(external=True, Ucwa=STOPPED)))
    assert [remedy.command() for remedy in finding.remedies if remedy.cmdlet] == [
        "Start-WebAppPool -Name LyncUcwa",
        "Start-WebAppPool -Name CSIntMcxAppPool",
    ]
    assert FE1 in finding.headline
    assert any("Mcx" in line for line in finding.detail), "the other one is told too"


def test_mcx_that_fails_everywhere_is_the_matter_of_the_step_before() -> None:
    finding = judge(facts(site(Mcx=http(404)), site(external=True, Mcx=http(404))))
    assert finding.headline.startswith("Every web application but Mcx answers")
    assert any("Service URL" in line for line in finding.detail)
    both = judge(facts(site(Ucwa=STOPPED), site(external=True, Mcx=STOPPED, Ucwa=STOPPED)))
    assert (both.answer, "Mcx" in both.headline) == ("application-pool-stopped", False)


def test_the_settings_of_the_ucwa_pool_are_a_guided_line() -> None:
    finding = judge(facts(site(), site(FE2, Ucwa=BUSY)))
    guided = next(remedy.action for remedy in finding.remedies if remedy.action)
    assert "appcmd list apppool LyncUcwa /config" in guided
    assert "AlwaysRunning" in guided
    assert finding.remedies[0].command() == "iisreset"
    assert FE2 in finding.headline


def test_the_gravest_comes_first_and_the_others_are_told() -> None:
    finding = judge(facts(everywhere(PORTAL), site(FE2, Ucwa=http(404)), product=Product.SKYPE_2019))
    assert finding.answer == "stranger"
    assert "Windows Admin Center" in str(finding.remedies)
    assert any("UCWA" in line for line in finding.detail)


ANSWERS = [
    *HEALTHY.values(),
    STOPPED,
    BUSY,
    PORTAL,
    http(404),
    http(500),
    http(302),
    gone("timeout"),
    gone("refused"),
    NOT_ASKED,
]


@given(
    st.lists(
        st.tuples(st.sampled_from([FE1, FE2]), st.booleans(), st.lists(st.sampled_from(ANSWERS), max_size=5)),
        max_size=4,
    ),
    st.sampled_from([None, *Product]),
    st.booleans(),
)
def test_any_answers_are_judged(
    sites: list[tuple[str, bool, list[Answered]]], product: Product | None, by_topology: bool
) -> None:
    made = tuple(
        Site(
            machine=machine(fqdn),
            external=external,
            replies=tuple(
                Reply(application=one.name, answer=answer) for one, answer in zip(APPLICATIONS, answers, strict=False)
            ),
        )
        for fqdn, external, answers in sites
    )
    finding = judge(Facts(sites=made, product=product, by_topology=by_topology))
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


# What is gathered.


class World(Told):
    """Cmdlets as told; web addresses as `web` says by their beginning, Lync itself otherwise."""

    def __init__(self, says: dict[str, Objects], web: dict[str, Answered]) -> None:
        super().__init__(says)
        self._web = web
        self.urls: list[str] = []

    async def ask(self, question: Any) -> Any:
        if not isinstance(question, Request):
            return await super().ask(question)
        assert question.trusting, "the certificate is not judged here"
        self.urls.append(question.url)
        return next((answer for start, answer in self._web.items() if question.url.startswith(start)), http(200))


def roles(*names: str, pool: str = POOL) -> list[str]:
    return [f"{name}:{pool}" for name in names]


TOPOLOGY = Objects(
    objects=(
        {"Identity": POOL, "Fqdn": POOL, "Computers": [FE1, FE2], "Services": roles("Registrar", "UserServer", "WebServer")},
        {"Identity": "dirpool.litwareinc.com", "Fqdn": "dirpool.litwareinc.com", "Computers": [DIRECTOR], "Services": roles("Registrar", "WebServer")},
        {"Identity": "other.litwareinc.com", "Fqdn": "other.litwareinc.com", "Computers": ["other.litwareinc.com"], "Services": roles("Registrar", "UserServer", "WebServer")},
        {"Identity": "sba.litwareinc.com", "Fqdn": "sba.litwareinc.com", "Computers": ["sba.litwareinc.com"], "Services": roles("Registrar", "MediationServer")},
    )
)  # fmt: skip
SERVICES = Objects(objects=({"PoolFqdn": POOL, "PrimaryHttpsPort": 443, "ExternalHttpsPort": 4444},))
VERSION_2013 = Objects(objects=({"Value": "Microsoft Lync Server 2013 (5.0.8308.0)"},))
TOLD = {"Get-CsPool": TOPOLOGY, "Get-CsService": SERVICES, "Get-CsServerVersion": VERSION_2013}


async def gathered(
    place: Deployment, says: dict[str, Objects] | None = None, web: dict[str, Answered] | None = None
) -> tuple[Facts, list[str]]:
    world = World(TOLD if says is None else says, web or {})
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    found = await web_applications.STEP.gather(Context(place, Asking(world, record)))
    return found, world.urls


async def test_each_front_end_and_director_is_asked_by_its_own_name_on_both_sites() -> None:
    found, urls = await gathered(deployment(pool=POOL))
    assert {(one.machine.fqdn, one.port, len(one.replies)) for one in found.sites} == {
        (FE1, 443, 5), (FE1, 4444, 5), (FE2, 443, 5), (FE2, 4444, 5), (DIRECTOR, 443, 2), (DIRECTOR, 4443, 2),
    }  # fmt: skip
    assert f"https://{FE2}:4444/ucwa/v1/applications" in urls
    assert judge(found).answer == "all-answer"


async def test_the_users_own_pool_counts() -> None:
    user = Objects(objects=({"SipAddress": "sip:kenmyer@litwareinc.com", "RegistrarPool": "other.litwareinc.com"},))
    place = deployment(pool=POOL, users=("sip:kenmyer@litwareinc.com",))
    found, _ = await gathered(place, {**TOLD, "Get-CsUser": user})
    assert {one.machine.fqdn for one in found.sites} == {"other.litwareinc.com", DIRECTOR}


async def test_what_the_product_does_not_have_is_not_asked() -> None:
    for product, missing in ((Product.LYNC_2010, "ucwa"), (Product.SKYPE_2019, "mcx")):
        _, urls = await gathered(deployment(pool=POOL, product=product))
        assert not [url for url in urls if f"/{missing}/" in url]


async def test_a_site_that_is_not_reached_is_asked_once() -> None:
    found, urls = await gathered(deployment(pool=POOL), web={f"https://{FE2}": gone("timeout")})
    assert len([url for url in urls if FE2 in url]) == 2
    assert judge(found).answer == "front-end-unreachable"


class Hanging(World):
    """Takes every request to a web site and never answers."""

    async def ask(self, question: Any) -> Any:
        return await (asyncio.Event().wait() if isinstance(question, Request) else super().ask(question))


async def test_the_step_ends_in_its_time_though_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert web_applications.STEP.limit <= 27, "a walk ends within 30 seconds when every address swallows packets"
    monkeypatch.setattr(web_applications, "_TIME_TO_ASK", 0.2)
    place = deployment(pool=POOL)
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    found = await web_applications.STEP.gather(Context(place, Asking(Hanging(TOLD, {}), record)))
    finding = judge(found)
    assert (finding.answer, finding.reason) == ("not-seen", Reason.TIMEOUT)


async def test_without_a_shell_the_one_name_that_is_known_is_asked() -> None:
    found, urls = await gathered(deployment(Vantage.INSIDE, web_internal="lyncweb-int.litwareinc.com"), {})
    assert {url.split("/")[2] for url in urls} == {"lyncweb-int.litwareinc.com"}
    assert judge(found).answer == "all-answer"


async def test_from_outside_nothing_is_asked() -> None:
    for seat in (Vantage.OUTSIDE, Vantage.EDGE):
        found, urls = await gathered(deployment(seat, pool=POOL))
        assert (judge(found).answer, urls) == ("not-for-this-seat", [])


async def test_a_name_that_is_no_host_name_is_not_asked() -> None:
    hostile = {
        "Identity": POOL,
        "Fqdn": POOL,
        "Computers": ["fe01.litwareinc.com/../@evil.example", "x y"],
        "Services": [],
    }
    found, urls = await gathered(deployment(pool=POOL), {**TOLD, "Get-CsPool": Objects(objects=(hostile,))})
    assert {url.split("/")[2] for url in urls} == {POOL}
    assert not found.by_topology
