"""The judgement of the step about the load balancer, and what is asked for it."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking, Context
from checks.deployment import Deployment, Product, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.mobility import affinity
from checks.mobility.affinity import TIMES, Facts, judge
from checks.mobility.affinity_seen import COOKIE, Look
from checks.model import Reason, Status
from checks.probes import Objects, Sample, Samples, Series, Unanswered, Unreached
from tests.unit.mobility.told import Told, deployment

POOL, WEB, INTERNAL = "pool01.litwareinc.com", "lyncweb.litwareinc.com", "lyncweb-int.litwareinc.com"
FE1, FE2 = "fe01.litwareinc.com", "fe02.litwareinc.com"
NOWHERE = Unreached(phase="connect", kind="timeout", detail="10.0.0.1:443 does not answer.")
NOT_ASKED = Unanswered(reason=Reason.MISSING_INPUT, detail="No file tells it.")


def series(servers: Sequence[str], *, lost: int = 0, kept: bool = False, status: int = 200, **cookies: Any) -> Samples:
    samples = tuple(
        Sample(status=status, server=name, address="10.0.0.1", connection=1 if kept else number, **cookies)
        for number, name in enumerate(servers, 1)
    )
    return Samples(samples=samples, lost=lost)


ONE, BOTH = series([FE1] * 12), series([FE1, FE2] * 6)
PINNED, SPREAD = series([FE1] * 12, kept=True), series([FE1, FE2] * 6, kept=True)
HALF_SICK = Samples(
    samples=tuple(Sample(status=code, server=name, address="10.0.0.1") for code, name in [(200, FE1), (503, FE2)] * 6)
)
STRANGER_IN_ROTATION = Samples(
    samples=tuple(Sample(status=code, server=name, address="10.0.0.1") for code, name in [(200, FE1), (404, "")] * 6)
)
ONE_FAILS = Samples(samples=(*ONE.samples, Sample(status=503, server=FE1, address="10.0.0.1")))
THROTTLED = Samples(samples=(*ONE.samples[:6], *(Sample(status=429, server="", address="10.0.0.1"),) * 6))
FIT = series([FE1] * 12, cookies=(COOKIE,))
UNFIT = series([FE1] * 12, cookies=(COOKIE,), http_only=(COOKIE,))
UNFIT_AND_BOTH = series([FE1, FE2] * 6, cookies=(COOKIE,), http_only=(COOKIE,))
OTHER_COOKIE = series([FE1] * 12, cookies=("BIGipServer",), http_only=("BIGipServer",), ending=("BIGipServer",))


def look(
    plain: Any = ONE, cookies: Any = None, kept: Any = None, side: Literal["internal", "external"] = "internal"
) -> Look:
    return Look(host=INTERNAL if side == "internal" else WEB, side=side, plain=plain, with_cookies=cookies, kept=kept)


def facts(*looks: Look, product: Product | None = Product.LYNC_2013, computers: tuple[str, ...] = (FE1, FE2)) -> Facts:
    return Facts(product=product, computers=computers, looks=looks)


JUDGED: list[tuple[str, Facts]] = [
    ("single-front-end", Facts(computers=(FE1,))),
    ("stable", facts(look())),
    ("stable", facts(look(), look(side="external"))),
    ("stable", facts(look(), computers=())),
    ("stable", facts(look(series([FE1] * 6 + [FE2] * 6)))),
    ("stable", facts(look(series([FE1] * 11, lost=1)))),
    ("stable", facts(look(ONE_FAILS))),
    ("stable", facts(look(FIT))),
    ("stable", facts(look(THROTTLED))),
    ("stable", facts(look(UNFIT), product=Product.SKYPE_2019)),
    ("not-seen", facts(look(Samples(samples=(Sample(status=429, server="", address="10.0.0.1"),) * 6)))),
    ("stable", facts(look(OTHER_COOKIE))),
    ("by-cookie", facts(look(BOTH, FIT, PINNED))),
    ("per-request", facts(look(), look(BOTH, BOTH, SPREAD, "external"))),
    ("per-request", facts(look(BOTH, BOTH, SPREAD, "external"), product=None)),
    ("no-affinity", facts(look(BOTH, BOTH, SPREAD))),
    ("no-affinity", facts(look(BOTH, BOTH, PINNED), look(side="external"))),
    ("no-affinity", facts(look(BOTH, NOWHERE, NOT_ASKED))),
    ("some-fail", facts(look(HALF_SICK))),
    ("some-fail", facts(look(HALF_SICK, side="external"))),
    ("some-fail", facts(look(STRANGER_IN_ROTATION))),
    ("some-fail", facts(look(series([FE1] * 6, lost=6)))),
    ("external-no-affinity", facts(look(), look(BOTH, BOTH, PINNED, "external"))),
    ("external-no-affinity", facts(look(BOTH, BOTH, NOT_ASKED, "external"))),
    ("external-no-affinity", facts(look(BOTH, BOTH, SPREAD, "external"), product=Product.LYNC_2010)),
    ("external-no-affinity", facts(look(BOTH, BOTH, series([FE1, FE2] * 6), "external"))),
    ("cookie-unfit", facts(look(UNFIT))),
    ("cookie-unfit", facts(look(UNFIT_AND_BOTH, UNFIT, PINNED))),
    ("no-affinity", facts(look(UNFIT_AND_BOTH, BOTH, PINNED))),
    ("unnamed", facts(look(series([""] * 12)))),
    ("not-seen", facts(look(NOWHERE))),
    ("not-seen", facts(look(series([FE1] * 3)))),
    ("not-seen", facts(look(NOT_ASKED), look(side="external"))),
    ("not-seen", facts(look(series([FE1] * 12, status=503)))),
    ("not-seen", facts()),
]


@pytest.mark.parametrize(("answer", "known"), JUDGED)
def test_affinity(answer: str, known: Facts) -> None:
    finding = judge(known)
    assert finding.answer == answer, finding.headline
    assert (finding.status in {Status.FAILED, Status.WARNING}) == bool(finding.remedies)
    assert (finding.status is Status.UNKNOWN) == bool(finding.reason)
    if finding.status is Status.UNKNOWN:
        assert finding.command


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in affinity.STEP.answers} == {row[0] for row in JUDGED}


def test_outside_the_two_pages_that_disagree_are_named_and_it_is_never_a_fault() -> None:
    finding = judge(facts(look(BOTH, BOTH, PINNED, "external")))
    assert finding.status is Status.WARNING
    assert "Technical requirements for mobility" in str(finding.detail)
    assert "Hardware load balancer requirements" in str(finding.detail)
    assert "OneConnect" in str(finding.remedies)


def test_a_front_end_that_was_never_seen_is_told_and_no_fault() -> None:
    third = "fe03.litwareinc.com"
    finding = judge(facts(look(BOTH, FIT, PINNED), computers=(FE1, FE2, third)))
    assert finding.status is Status.OK
    assert any(third in line for line in finding.detail)


def test_who_fails_and_who_answers_is_named() -> None:
    finding = judge(facts(look(HALF_SICK)))
    assert f"{FE2} with HTTP 503" in finding.detail[0]
    assert f"Answered: {FE1}" in finding.detail[0]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"http_only": (COOKIE,)}, "is HttpOnly;"),
        ({"ending": (COOKIE,)}, "has an expiry;"),
        ({"http_only": (COOKIE,), "ending": (COOKIE,)}, "is HttpOnly and has an expiry;"),
    ],
)
def test_what_makes_the_cookie_unfit_is_said(attributes: dict[str, Any], said: str) -> None:
    finding = judge(facts(look(series([FE1] * 12, cookies=(COOKIE,), **attributes))))
    assert finding.answer == "cookie-unfit"
    assert said in finding.headline


def test_by_hand_asks_each_web_name_that_is_judged() -> None:
    commands = "\n".join(affinity.by_hand(deployment(web=WEB, web_internal=INTERNAL)))
    assert WEB in commands
    assert INTERNAL in commands


SAMPLES = st.builds(
    Sample,
    status=st.sampled_from([200, 302, 401, 404, 503]),
    server=st.sampled_from(["", FE1, FE2]),
    address=st.just("10.0.0.1"),
    cookies=st.sampled_from([(), (COOKIE,)]),
    http_only=st.sampled_from([(), (COOKIE,)]),
    ending=st.sampled_from([(), (COOKIE,)]),
    connection=st.integers(1, 3),
)
SERIES = st.one_of(
    st.sampled_from([NOWHERE, NOT_ASKED]),
    st.builds(Samples, samples=st.lists(SAMPLES, max_size=8).map(tuple), lost=st.integers(0, 5)),
)


@given(SERIES, st.none() | SERIES, st.none() | SERIES, st.booleans(), st.sampled_from([None, *Product]))
def test_any_series_are_judged(plain: Any, cookies: Any, kept: Any, external: bool, product: Product | None) -> None:
    finding = judge(facts(look(plain, cookies, kept, "external" if external else "internal"), product=product))
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
    if external and finding.answer != "some-fail":
        assert finding.status is not Status.FAILED


# What is gathered.


class World(Told):
    """Cmdlets as told; each series as `answers` has it by host."""

    def __init__(self, says: dict[str, Objects], answers: dict[str, Any]) -> None:
        super().__init__(says)
        self._answers = answers
        self.asked: list[Series] = []

    async def ask(self, question: Any) -> Any:
        if not isinstance(question, Series):
            return await super().ask(question)
        self.asked.append(question)
        return self._answers[question.url.split("/")[2]]


def topology(*computers: str) -> dict[str, Objects]:
    return {
        "Get-CsPool": Objects(objects=({"Identity": POOL, "Fqdn": POOL, "Computers": list(computers)},)),
        "Get-CsService": Objects(objects=({"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": INTERNAL},)),
    }


async def gathered(place: Deployment, says: dict[str, Objects], answers: dict[str, Any]) -> tuple[Facts, list[Series]]:
    world = World(says, answers)
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    return await affinity.STEP.gather(Context(place, Asking(world, record))), world.asked


async def test_one_series_is_enough_where_the_server_stays() -> None:
    found, asked = await gathered(deployment(pool=POOL), topology(FE1, FE2), {WEB: ONE, INTERNAL: ONE})
    assert [(one.url.split("/")[2], one.times, one.cookies, one.connection) for one in asked] == [
        (INTERNAL, TIMES, False, "new"),
        (WEB, TIMES, False, "new"),
    ]
    assert judge(found).answer == "stable"


async def test_cookies_and_a_kept_connection_are_tried_where_it_changes() -> None:
    found, asked = await gathered(deployment(pool=POOL), topology(FE1, FE2), {WEB: ONE, INTERNAL: BOTH})
    assert {(one.cookies, one.connection) for one in asked if INTERNAL in one.url} == {
        (False, "new"), (True, "new"), (False, "kept"),
    }  # fmt: skip
    assert judge(found).answer == "no-affinity"


async def test_a_single_front_end_is_not_asked() -> None:
    found, asked = await gathered(deployment(pool=POOL), topology(FE1), {})
    assert (judge(found).answer, asked) == ("single-front-end", [])


async def test_from_outside_the_external_name_alone_is_asked() -> None:
    place = deployment(Vantage.OUTSIDE, web=WEB, web_internal=INTERNAL)
    found, asked = await gathered(place, {}, {WEB: ONE})
    assert {one.url.split("/")[2] for one in asked} == {WEB}
    assert {one.view for one in asked} == {"outside"}
    assert judge(found).answer == "stable"
