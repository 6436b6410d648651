"""The products as recorded in tests/journals/versions: what differs between them, and that it is no fault.

Recorded on the lab, not on Windows; `python -m tests.journals.record_versions` does it anew.
"""

import asyncio
from collections.abc import Set
from typing import Any

import pytest

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Product, Sources
from checks.journal import Began, Journal, now
from checks.knowledge.products import product_in
from checks.model import Status
from checks.probes import Cmdlet, Objects, Response
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.report import report_of
from checks.runbooks import RUNBOOKS
from checks.runner import judge_again
from checks.walk import Walk
from lab import scenarios
from lab.cmdlets import CmdletError, Command, offered, run
from lab.model import LYNC_2010, Model
from tests.journals.record_versions import (
    EDGE_SERVICES,
    FOLDER,
    MCX_TEST,
    SCENARIOS,
    SERVER_VERSION,
    SITES,
    WEB_SERVICES,
    WINDOWS_SERVICES,
)
from tui.exit_codes import ExitCode
from tui.headless import code_of

WITH_MCX = ("2013", "2015")
WITHOUT_MCX = ("2019", "se")
WALKS = [(runbook, product) for runbook in RUNBOOKS for product in SCENARIOS]
_MOBILITY = {
    "mobility.permissions": "offered",
    "mobility.services": "running",
    "mobility.user-enabled": "enabled",
    "mobility.policy": "allowed",
    "mobility.dns": "resolves",
    "mobility.ports": "open",
    "mobility.certificates": "accepted",
    "mobility.autodiscover": "answers",
    "mobility.reverse-proxy": "publishes",
    "mobility.hairpin": "reachable",
    "mobility.windows-auth": "as-configured",
    "mobility.sign-in": "signed-in",
    "mobility.user-document": "complete",
    "mobility.service-url": "lync-answers",
    "mobility.web-applications": "all-answer",
    "mobility.test-transaction": "passed",
    "mobility.ucwa": "created",
    "mobility.affinity": "single-front-end",
    "mobility.timeouts": "documented",
    "mobility.registrar": "registered",
    "mobility.media": "allowed",
    "mobility.push": "on",
    "mobility.hybrid": "not-hybrid",
    "mobility.client": "not-blocked",
}
_XMPP = {
    "xmpp.permissions": "offered",
    "xmpp.product": "supported",
    "xmpp.services": "running",
    "xmpp.listening": "listening",
    "xmpp.route": "not-for-this-seat",
    "xmpp.replication": "not-for-this-seat",
    "xmpp.federation": "allowed",
    "xmpp.policy": "not-for-this-seat",
    "xmpp.partner": "allowed",
    "xmpp.gateway": "fine",
    "xmpp.dns": "resolves",
    "xmpp.partner-dns": "resolves",
    "xmpp.ports": "seen-from-outside",
    "xmpp.partner-ports": "open",
    "xmpp.stream": "not-from-here",
    "xmpp.partner-stream": "opens",
    "xmpp.certificate": "accepted",
    "xmpp.partner-certificate": "accepted",
    "xmpp.negotiation": "settles",
    "xmpp.events": "quiet",
    "xmpp.test-message": "not-for-this-seat",
}
"""At the Edge, with a partner."""
ANSWERS = {
    ("mobility", True): _MOBILITY,
    ("mobility", False): {
        **_MOBILITY,
        "mobility.service-url": "not-on-this-version",
        "mobility.push": "not-on-this-version",
    },
    ("xmpp", True): _XMPP,
    ("xmpp", False): {
        **dict.fromkeys(_XMPP, "skipped"),
        "xmpp.permissions": "offered",
        "xmpp.product": "not-on-this-version",
    },
}
KEN = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
POLICIES = Cmdlet(name="Get-CsMobilityPolicy")
WEB_SETTINGS = Cmdlet(name="Get-CsWebServiceConfiguration")


def recorded(runbook: str, product: str) -> Journal:
    return journals.read(FOLDER / f"{runbook}-{product}.jsonl")


def told(product: str, question: Cmdlet) -> Objects:
    answer = recorded("mobility", product).asked[question].answer
    assert isinstance(answer, Objects)
    return answer


def properties(product: str, question: Cmdlet) -> Set[str]:
    return told(product, question).objects[0].keys()


def model_of(product: str) -> Model:
    model = Model()
    scenarios.get(SCENARIOS[product]).change(model)
    return model


def brought(model: Model, question: Cmdlet) -> list[Any]:
    """What the lab answers today."""
    return asyncio.run(run(model, [Command(question.name, tuple(question.parameters))]))


@pytest.mark.parametrize(("runbook", "product"), WALKS)
def test_the_findings_are_made_again_from_their_facts(runbook: str, product: str) -> None:
    journal, book = recorded(runbook, product), RUNBOOKS[runbook]
    assert list(journal.concluded) == list(book.step_ids)
    for step_id, one in journal.concluded.items():
        if one.finding.status is Status.SKIPPED:
            continue
        assert one.facts is not None
        assert judge_again(book.stage(step_id).step, one.facts) == one.finding, "record it anew"


@pytest.mark.parametrize(("runbook", "product"), WALKS)
async def test_what_a_product_does_not_have_is_no_fault(runbook: str, product: str) -> None:
    evidence, book = recorded(runbook, product), RUNBOOKS[runbook]
    deployment = evidence.began.deployment
    journal = Journal(Began(version=journals.VERSION, runbook=runbook, deployment=deployment, at=now()))
    asking = Asking(LiveProbes(deployment, Sources(offline=True), {}), journal, Evidence([evidence]))
    walk = Walk(book, deployment, asking, journal)
    walk.agree()
    verdict = await walk.run_all()
    await asking.close()
    answers = {step_id: one.finding.answer for step_id, one in journal.concluded.items()}
    assert answers == ANSWERS[runbook, product in WITH_MCX]
    seen = {one.finding.status for one in journal.concluded.values()}
    hidden = {one.finding.because for one in journal.concluded.values()} - {""}
    assert hidden <= {f"{runbook}.product/not-on-this-version"}
    assert seen <= {Status.OK, Status.NOT_APPLICABLE, Status.SKIPPED}
    assert verdict.cause is None
    assert code_of(report_of(journal, RUNBOOKS[runbook])) is ExitCode.FINE
    assert verdict.status is (Status.NOT_APPLICABLE if hidden else Status.OK)


VERSIONS = {
    "2013": ("Microsoft Lync Server 2013 (5.0.8308.0)", Product.LYNC_2013),
    "2015": ("Skype for Business Server 2015 (6.0.9319.0)", Product.SKYPE_2015),
    "2019": ("Skype for Business Server 2019 (7.0.2046.0)", Product.SKYPE_2019),
    "se": ("Skype for Business Server Subscription Edition (7.0.2046.0)", Product.SUBSCRIPTION_EDITION),
}


@pytest.mark.parametrize("product", SCENARIOS)
def test_each_says_which_it_is(product: str) -> None:
    answer = told(product, SERVER_VERSION)
    words, named = VERSIONS[product]
    assert str(answer.objects[0]["Value"]).startswith(words)
    assert product_in(answer) is named
    assert named.has_mcx_and_xmpp == (product in WITH_MCX)


@pytest.mark.parametrize("product", SCENARIOS)
def test_the_cmdlets_of_mcx_went_with_2019(product: str) -> None:
    answer = told(product, MCX_TEST)
    names = {"test-csmcxp2pim", "test-csmcxconference", "test-csmcxpushnotification"}
    assert (names & offered(model_of(product)).keys()) == (names if product in WITH_MCX else set())
    if product in WITH_MCX:
        assert answer.objects[0]["Result"] == "Success"
        assert not answer.errors
    else:
        assert not answer.objects
        assert [error.id for error in answer.errors] == ["CommandNotFoundException"]


def test_effective_policies_came_with_2013() -> None:
    assert "get-cseffectivepolicy" not in offered(Model(product=LYNC_2010))
    for product in SCENARIOS:
        assert "get-cseffectivepolicy" in offered(model_of(product))


@pytest.mark.parametrize("product", SCENARIOS)
def test_the_address_of_mcx_answers_404_where_it_is_gone(product: str) -> None:
    replies = [
        one.answer.last.status
        for question, one in recorded("mobility", product).asked.items()
        if isinstance(one.answer, Response) and "/mcx/" in question.typed()
    ]
    assert set(replies) == {200 if product in WITH_MCX else 404}


SINCE_2015 = [
    (KEN, {"CallViaWorkPolicy", "ThirdPartyVideoSystemPolicy"}),
    (
        POLICIES,
        {
            "AllowCustomerExperienceImprovementProgram", "RequireWiFiForSharing", "AllowSaveCallLogs",
            "AllowExchangeConnectivity", "AllowSaveIMHistory", "AllowSaveCredentials",
        },
    ),
    (
        WEB_SETTINGS,
        {"EnableStatisticsInResponse", "HstsMaxAgeInSeconds", "PendingGetWaitTimeOutInMinutes", "MobilePreferredAuthType"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "names"), SINCE_2015, ids=[one.name for one, _ in SINCE_2015])
def test_properties_that_came_with_2015(question: Cmdlet, names: set[str]) -> None:
    assert not names & properties("2013", question)
    for product in ("2015", "2019", "se"):
        assert properties(product, question) - properties("2013", question) == names


def test_properties_that_2013_has() -> None:
    assert {"EnableIPAudioVideo", "RequireWIFIForIPAudio", "RequireWIFIForIPVideo"} <= properties("2013", POLICIES)
    assert {"UseWsFedPassiveAuth", "AllowExternalAuthentication"} <= properties("2013", WEB_SETTINGS)


@pytest.mark.parametrize("product", SCENARIOS)
def test_services(product: str) -> None:
    with_mcx = product in WITH_MCX
    ports = {"McxSipPrimaryListeningPort", "McxSipExternalListeningPort"}
    assert ports & properties(product, WEB_SERVICES) == (ports if with_mcx else set())
    edge = told(product, EDGE_SERVICES).objects[0]
    assert (edge["XmppListeningPort"], edge["XmppInternalPort"]) == ((5269, 23456) if with_mcx else (None, None))
    assert ("SkypeSearchProxyPort" in edge) == (not with_mcx)
    assert edge["Version"] == (6 if product == "2013" else 8)
    assert bool(told(product, SITES).objects[0]["XmppFederationRoute"]) == with_mcx

    services = {one["Name"]: one["DisplayName"] for one in told(product, WINDOWS_SERVICES).objects}
    assert ("RTCXMPPTGW" in services) == with_mcx
    brand = "Lync Server" if product == "2013" else "Skype for Business Server"
    assert {name for name, title in services.items() if not title.startswith(brand)} == {"W3SVC", "FabricHostSvc"}
    assert not [name for name in services if "MCX" in name.upper()], "mobility has no service of its own"


QUESTIONS = [KEN, POLICIES, WEB_SETTINGS, SERVER_VERSION, WINDOWS_SERVICES, WEB_SERVICES, EDGE_SERVICES, SITES]


@pytest.mark.parametrize("product", SCENARIOS)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.typed())
def test_the_lab_tells_today_what_is_recorded(product: str, question: Cmdlet) -> None:
    """A cmdlet or a property that the lab forgets, or learns, is seen here."""
    now_told = brought(model_of(product), question)
    before = told(product, question).objects
    assert len(now_told) == len(before)
    if question is SERVER_VERSION:
        assert now_told == [before[0]["Value"]]
        return
    hidden = {"XsAnyElements", "XsAnyAttributes", "Element", "Anchor"}
    for live, kept in zip(now_told, before, strict=True):
        names = {one.name for one in live.PSObject.adapted_properties}
        assert names - hidden == kept.keys() - hidden


def test_a_test_of_mcx_fails_where_mobility_is_forbidden() -> None:
    def result(*names: str) -> str:
        model = Model()
        for name in names:
            scenarios.get(name).change(model)
        (outcome,) = brought(model, MCX_TEST)
        return str({one.name: one.get_value(outcome) for one in outcome.PSObject.adapted_properties}["Error"])

    assert result() == "None"
    assert result("policy-disabled-for-user").startswith("403")
    assert result("no-such-user").startswith("404")
    assert "(404)" in result("mcx-not-installed")
    with pytest.raises(CmdletError, match="SenderSipAddress"):
        brought(Model(), Cmdlet(name="Test-CsMcxP2PIM", parameters=MCX_TEST.parameters[:1]))
