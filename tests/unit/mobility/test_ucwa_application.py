"""The judgement of `mobility.ucwa`: created, forbidden, not there, or broken, and by which Front End."""

from typing import Any

import pytest

from checks.deployment import Product
from checks.mobility.ucwa_application import STEP, Facts, judge
from checks.model import Reason, Status
from checks.probes import PhoneSession, Unanswered, Unreached
from tests.unit.mobility.phone_sessions import APPLICATIONS, COMPLETE, POOL, attempt, complete, exchange, nothing


def application(status: int, **fields: Any) -> PhoneSession:
    return complete(application=exchange(status, APPLICATIONS, **fields), deleted=None)


def deleted(status: int) -> PhoneSession:
    return complete(deleted=exchange(status, f"{APPLICATIONS}/1"))


TABLE: list[tuple[str, Any, Product | None]] = [
    ("created", COMPLETE, None),
    ("created", deleted(404), None),
    ("created", deleted(410), None),
    ("not-deleted", deleted(405), None),
    ("not-deleted", deleted(500), None),
    ("not-deleted", complete(deleted=nothing("reset", APPLICATIONS)), None),
    ("not-deleted", complete(deleted=None), None),
    ("mobility-not-allowed", application(403, error="MobileApplicationNoLongerAllowed"), None),
    ("mobility-not-allowed", application(403, error="Forbidden", message="MobileApplicationNoLongerAllowed"), None),
    ("refused", application(403, error="Forbidden"), None),
    ("refused", application(401, code=28055), None),
    ("not-installed", application(404), None),
    ("server-error", application(500, error="ServiceFailure"), None),
    ("server-error", application(503), None),
    ("silent", complete(application=nothing("silence", APPLICATIONS), deleted=None), None),
    ("unexpected", application(409, error="TooManyApplications"), None),
    ("unexpected", application(200), None),
    ("not-on-this-version", complete(application=None), Product.LYNC_2010),
    ("no-token", complete(application=None, token=None, has_token=False), Product.LYNC_2013),
    ("not-seen", complete(application=None, document=None), None),
    ("not-seen", PhoneSession(), None),
    ("not-seen", Unreached(phase="connect", kind="refused", detail="refused"), None),
    ("not-seen", Unanswered(reason=Reason.MISSING_INPUT, detail="no password", password_wanted=True), None),
]


@pytest.mark.parametrize(("answer", "reply", "product"), TABLE)
def test_judgement(answer: str, reply: Any, product: Product | None) -> None:
    finding = judge(Facts(attempt=attempt(reply), product=product))
    assert finding.answer == answer
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)


def test_every_answer_is_in_the_table() -> None:
    assert {one.name for one in STEP.answers} == {row[0] for row in TABLE}


def test_the_front_end_that_failed_is_named() -> None:
    """One of several may be the broken one."""
    finding = judge(Facts(attempt=attempt(application(503, server="fe02.litwareinc.com"))))
    assert "fe02.litwareinc.com" in " ".join(finding.detail)
    assert "fe02.litwareinc.com" in finding.remedies[0].action
    assert POOL not in " ".join(finding.detail)
