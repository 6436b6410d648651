"""The judgement of the step about the times that connections and sessions live."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product, Vantage
from checks.knowledge.shell_answers import Unseen
from checks.mobility import timeouts
from checks.mobility.timeouts import LONG, MCX, PENDING, SHORT, WEB, Facts, Times, judge
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects
from tests.unit.mobility.told import deployment, gathered

POOL = "atl-cs-001.litwareinc.com"
SILENT = Unseen(reason=Reason.UNREACHABLE, detail="The shell does not answer.")
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="There is no shell.", command=WEB, seat_has_no_shell=True)


def web(minutes: int | None = 15, identity: str = "Global") -> Times:
    return Times(identity=identity, shown={PENDING: minutes})


def mcx(long: int | None = 259200, short: int | None = 3600, identity: str = "Global") -> Times:
    return Times(identity=identity, shown={LONG: long, SHORT: short})


def facts(*, product: Product | None = Product.SKYPE_2015, **more: Any) -> Facts:
    return Facts(product=product, **{"pool": POOL, "site": "Redmond", "web": (web(),), "mcx": (mcx(),), **more})


SITE = "Site:Redmond"
JUDGED: list[tuple[str, Facts]] = [
    ("documented", facts()),
    ("documented", facts(web=(web(5),))),
    ("documented", facts(product=Product.LYNC_2013, web=())),
    ("documented", facts(product=Product.SKYPE_2019, mcx=(mcx(1, 2),))),
    ("documented", facts(web=(web(1), web(10, SITE)))),
    ("documented", facts(mcx=(mcx(121, 120),))),
    ("pending-get-out-of-range", facts(web=(web(4),))),
    ("pending-get-out-of-range", facts(web=(web(16),))),
    ("pending-get-out-of-range", facts(web=(web(), web(0, f"Service:WebServer:{POOL}")))),
    ("pending-get-out-of-range", facts(product=None, web=(web(60),))),
    ("sessions-inverted", facts(mcx=(mcx(3600, 259200),))),
    ("sessions-inverted", facts(mcx=(mcx(3600, 3600),), web=(web(1),))),
    ("sessions-inverted", facts(product=Product.LYNC_2010, mcx=(mcx(10, 20),))),
    ("sessions-too-short", facts(mcx=(mcx(259200, 60),))),
    ("sessions-too-short", facts(mcx=(mcx(None, 60),))),
    ("not-seen", facts(web=(web(None),))),
    ("not-seen", facts(web=(Times(identity="Global"),))),
    ("not-seen", facts(product=None, web=(Times(identity="Global"),))),
    ("not-seen", facts(mcx=(mcx(None),))),
    ("not-seen", facts(mcx=())),
    ("not-seen", facts(site="", web=(web(), web(1, SITE)))),
    ("not-seen", facts(unseen={WEB: SILENT})),
    ("not-seen", facts(unseen={MCX: SILENT})),
    ("not-for-this-seat", facts(unseen={WEB: AWAY, MCX: AWAY})),
]


@pytest.mark.parametrize(("answer", "known"), JUDGED)
def test_timeouts(answer: str, known: Facts) -> None:
    finding = judge(known)
    assert finding.answer == answer, finding.headline
    assert (finding.status in {Status.FAILED, Status.WARNING}) == bool(finding.remedies)
    if finding.reason is Reason.MISSING_INPUT:
        assert finding.command


def test_what_only_a_person_can_compare_is_told_once() -> None:
    fine = judge(facts())
    assert fine.answer == "documented"
    assert any("By hand" in line for line in fine.detail)
    assert not any("1800" in line for line in fine.detail)
    assert any("1800" in line for line in timeouts.by_hand(deployment()))


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in timeouts.STEP.answers} == {row[0] for row in JUDGED}


def test_the_commands_are_for_the_scope_that_applies() -> None:
    finding = judge(facts(web=(web(), web(60, SITE)), mcx=(mcx(60, 60, SITE),)))
    assert [remedy.command() for remedy in finding.remedies] == [
        f"{MCX.replace('Get', 'Set')} -Identity Site:Redmond -{LONG} 259200 -{SHORT} 3600",
        f"{WEB.replace('Get', 'Set')} -Identity Site:Redmond -{PENDING} 15",
    ]


@given(st.dictionaries(st.sampled_from([PENDING, LONG, SHORT, "Identity"]), st.none() | st.text() | st.integers()))
def test_any_properties_are_read(properties: dict[str, Any]) -> None:
    times = Times.of(properties, PENDING, LONG, SHORT)
    assert judge(facts(web=(times,), mcx=(times,))).answer


def told(**changed: Objects) -> dict[str, Objects]:
    known = {
        "Get-CsServerVersion": Objects(objects=({"Value": "Skype for Business Server 2015 (6.0.9319.0)"},)),
        "Get-CsPool": Objects(objects=({"Identity": POOL, "Site": "Site:Redmond"},)),
        WEB: Objects(objects=({"Identity": "Global", PENDING: 15},)),
        MCX: Objects(objects=({"Identity": "Global", LONG: "259200", SHORT: 3600},)),
    }
    return known | {name.replace("_", "-"): answer for name, answer in changed.items()}


async def test_what_is_asked() -> None:
    found, _ = await gathered(timeouts.STEP, told(), deployment(pool=POOL))
    assert judge(found).answer == "documented"


@pytest.mark.parametrize(("product", "missing"), [(Product.LYNC_2013, WEB), (Product.SKYPE_2019, MCX)])
async def test_what_the_product_does_not_have_is_not_asked(product: Product, missing: str) -> None:
    found, asked = await gathered(timeouts.STEP, told(), deployment(pool=POOL, product=product))
    assert missing not in [one.name for one in asked if isinstance(one, Cmdlet)]
    assert judge(found).answer == "documented"


async def test_a_part_of_an_answer_is_no_answer() -> None:
    cut = Objects(objects=({"Identity": "Global", PENDING: 99},), errors=(CmdletError(message="The line broke."),))
    found, _ = await gathered(timeouts.STEP, told(Get_CsWebServiceConfiguration=cut), deployment(pool=POOL))
    assert judge(found).answer == "not-seen"


async def test_outside_there_is_no_shell() -> None:
    found, _ = await gathered(timeouts.STEP, {}, deployment(Vantage.OUTSIDE))
    assert judge(found).answer == "not-for-this-seat"
