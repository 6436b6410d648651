"""The judgement of `mobility.user-document`: what comes, where its links lead, and by whose names that is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product
from checks.knowledge.web_services import WebNames
from checks.mobility.user_document import STEP, Exposed, Facts, judge
from checks.model import Reason, Status
from checks.probes import DocumentLink, PhoneSession, Unanswered, Unreached
from tests.unit.mobility.phone_sessions import (
    ASKED,
    COMPLETE,
    POOL,
    SIP,
    USER_LINK,
    WEB,
    WEB_INTERNAL,
    attempt,
    complete,
    exchange,
    links,
    nothing,
)

KNOWN = (WebNames(pool=POOL, external=WEB, internal=WEB_INTERNAL),)
OTHER = "lyncweb2.litwareinc.com"


def facts(reply: Any, **changed: Any) -> Facts:
    names: dict[str, Any] = {
        "outside": False, "web": WEB, "web_internal": WEB_INTERNAL, "edge": "atl-edge-001.litwareinc.com", "pool": POOL,
        "product": Product.LYNC_2013, "known": KNOWN, "exposed": Exposed(identity="Global", web_url="External"),
    }  # fmt: skip
    return Facts(attempt=attempt(reply), **(names | changed))


def document(status: int, **fields: Any) -> PhoneSession:
    """One that did not come."""
    return complete(document=exchange(status, USER_LINK, **fields), links=(), sip_access=())


def linked(*given: DocumentLink) -> PhoneSession:
    return complete(links=given)


ROUND = f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root"
NO_UCWA, NO_MCX = links(Ucwa=""), links(External_Mcx="", Internal_Mcx="")
OAUTH_FORM = (DocumentLink(token="applications", href="/ucwa/oauth/v1/applications"),)

TABLE: list[tuple[str, Any, dict[str, Any]]] = [
    ("complete", COMPLETE, {}),
    ("complete", COMPLETE, {"known": (), "product": None, "exposed": None}),
    ("complete", COMPLETE, {"outside": True}),
    ("complete", complete(redirects=(f"https://{OTHER}/",), links=links(OTHER)), {"known": ()}),
    ("complete", complete(access_location="Internal"), {}),
    ("complete", complete(sip_access=()), {}),
    ("complete", linked(*NO_MCX), {"product": Product.SKYPE_2019}),
    ("complete", linked(*NO_MCX), {"product": None}),
    ("complete", linked(*NO_UCWA), {"product": Product.LYNC_2010}),
    ("complete", linked(*OAUTH_FORM), {}),
    ("complete", complete(unauthenticated=nothing("timeout")), {}),
    ("user-unknown", document(404), {}),
    ("redirect-loop", complete(links=(), redirects=(ROUND, f"https://{OTHER}/", ROUND)), {}),
    ("redirect-loop", complete(links=(DocumentLink(token="Redirect", href=ROUND),), redirects=(ROUND, ROUND)), {}),
    ("ticket-not-accepted", document(500, code=28032), {}),
    ("ticket-not-accepted", document(403, code=28055), {}),
    ("ticket-not-accepted", document(401), {}),
    ("document-error", document(500), {}),
    ("document-error", document(404, server=""), {}),
    ("document-error", complete(document=nothing("reset", USER_LINK)), {}),
    ("document-error", complete(links=()), {}),
    ("access-location-internal", complete(access_location="Internal"), {"outside": True}),
    ("ucwa-missing", linked(*NO_UCWA), {}),
    ("ucwa-missing", linked(*NO_UCWA), {"product": Product.SUBSCRIPTION_EDITION}),
    ("internal-link", linked(*links(Internal_Mcx=WEB_INTERNAL)), {}),
    ("internal-link", linked(*links(Ucwa=POOL)), {"known": (), "exposed": None}),
    ("internal-link", linked(*links(WEB_INTERNAL)), {"exposed": Exposed(identity="Site:Redmond", web_url="Internal")}),
    ("other-host", linked(*links(Ucwa=OTHER)), {}),
    ("unknown-host", linked(*links(Ucwa=OTHER)), {"known": ()}),
    ("mcx-missing", linked(*NO_MCX, DocumentLink(token="External/AuthBroker", href=f"https://{WEB}/Reach/sip.svc")), {}),
    ("not-asked", complete(unauthenticated=exchange(200, USER_LINK)), {}),
    ("no-external-access", complete(sip_access=(DocumentLink(token="SipClientInternalAccess", href=f"{POOL}:443"),)), {}),
    ("version-needed", linked(*NO_UCWA), {"product": None}),
    ("not-seen", ASKED, {}),
    ("not-seen", Unanswered(reason=Reason.MISSING_INPUT, detail="no password", password_wanted=True), {}),
    ("not-seen", Unreached(phase="connect", kind="refused", detail="refused"), {}),
    ("not-seen", complete(document=None), {}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reply", "changed"), TABLE)
def test_judgement(answer: str, reply: Any, changed: dict[str, Any]) -> None:
    finding = judge(facts(reply, **changed))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


def test_every_answer_is_in_the_table() -> None:
    assert {one.name for one in STEP.answers} == {row[0] for row in TABLE}


def test_an_internal_link_is_mended_at_the_setting_that_applies() -> None:
    exposed = Exposed(identity="Site:Redmond", web_url="Internal")
    finding = judge(facts(linked(*links(WEB_INTERNAL)), exposed=exposed))
    assert finding.remedies[0].cmdlet == "Set-CsMcxConfiguration"
    assert finding.remedies[0].parameters == {"Identity": "Site:Redmond", "ExposedWebURL": "External"}
    assert finding.headline.startswith("Ucwa in the user's document is lyncweb-int")


def test_an_internal_link_although_the_setting_is_right_is_the_topology() -> None:
    assert "Topology Builder" in judge(facts(linked(*links(WEB_INTERNAL)))).remedies[0].action


def test_the_home_pool_is_the_users_own() -> None:
    """Not the one that was named: its external name is right, though the walk began at another."""
    other_pool = "atl-cs-002.litwareinc.com"
    known = (*KNOWN, WebNames(pool=other_pool, external=OTHER, internal=other_pool))
    assert judge(facts(linked(*links(OTHER)), known=known, pool=other_pool)).answer == "complete"
    assert judge(facts(COMPLETE, known=known, pool=other_pool)).answer == "other-host"


def test_several_faults_are_all_named() -> None:
    finding = judge(facts(linked(*links(Ucwa=OTHER, Internal_Mcx=WEB_INTERNAL))))
    assert finding.answer == "internal-link"
    assert any("lyncweb2" in line for line in finding.detail)


HREFS = st.sampled_from([f"https://{WEB}/ucwa/v1/applications", f"https://{OTHER}/", "https://[", "", "/relative"])
TOKENS = st.sampled_from(["Ucwa", "External/Mcx", "Internal/Mcx", "applications", "Self", "", "External/AuthBroker"])


@given(
    st.lists(st.builds(DocumentLink, token=TOKENS, href=HREFS), max_size=5),
    st.sampled_from([200, 204, 302, 401, 403, 404, 500]),
    st.sampled_from([None, *Product]),
    st.booleans(),
)
def test_every_document_is_judged(given: list[DocumentLink], status: int, product: Any, outside: bool) -> None:
    session = complete(document=exchange(status, USER_LINK), links=tuple(given))
    finding = judge(facts(session, product=product, outside=outside))
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)
    assert finding.answer != "complete" or status == 200
    assert SIP in judge(facts(COMPLETE)).headline
