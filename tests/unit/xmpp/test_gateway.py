"""The judgement of `xmpp.gateway`: limits, times, the phrase and the log. Settings as the cmdlet shows them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.model import Finding, Reason, Status
from checks.probes import Cmdlet, Objects
from checks.xmpp.gateway import FEWEST_CONNECTIONS, SHORTEST_KEEP_ALIVE, SHORTEST_OPENING, STEP, Facts, Gateway, judge
from tests.unit.mobility.told import deployment, gathered

EDGE = "edge.litwareinc.com"
TWO = ("edge01.litwareinc.com", "edge02.litwareinc.com")
PHRASE = "wintergreen-7731"
CMDLET = "Get-CsXmppGatewayConfiguration"


def shown(**more: Any) -> dict[str, Any]:
    """The configuration with the documented defaults, and a phrase."""
    return {
        "Identity": "Global", "ConnectionLimit": 1000, "PartnerConnectionLimit": 20, "KeepAliveInterval": 300,
        "StreamEstablishmentTimeout": 60, "StreamInactivityTimeout": 600, "SubscriptionRefreshInterval": 28800,
        "DialbackPassphrase": "(set)", "EnableLoggingAllMessageBodies": False, **more,
    }  # fmt: skip


def judged(properties: dict[str, Any] | None, **more: Any) -> Finding:
    return judge(Facts(gateway=None if properties is None else Gateway.of(properties), **more))


TABLE: list[tuple[str, Finding]] = [
    ("fine", judged(shown())),
    ("fine", judged({name: str(held) for name, held in shown().items()})),
    # The default is null; with one Edge server nobody else would have to know it.
    ("fine", judged(shown(DialbackPassphrase=None))),
    ("fine", judged(shown(DialbackPassphrase=None), edge_servers=(EDGE,))),
    ("fine", judged(shown(), edge_servers=TWO)),
    # What was not shown is neither null nor false.
    ("fine", judged({"ConnectionLimit": 1000}, edge_servers=TWO)),
    ("fine", judged({"KeepAliveInterval": 900})),
    # What 0 means as a time is not documented.
    ("fine", judged(shown(KeepAliveInterval=0))),
    ("fine", judged(shown(StreamInactivityTimeout=0))),
    ("fine", judged(shown(StreamEstablishmentTimeout=0))),
    ("fine", judged(shown(PartnerConnectionLimit=FEWEST_CONNECTIONS))),
    ("fine", judged(shown(StreamEstablishmentTimeout=SHORTEST_OPENING, KeepAliveInterval=SHORTEST_KEEP_ALIVE))),
    ("fine", judged(shown(KeepAliveInterval=599))),
    ("fine", judged(shown(ConnectionLimit="many"))),
    ("limit-low", judged(shown(ConnectionLimit=0))),
    ("limit-low", judged(shown(PartnerConnectionLimit=1))),
    ("limit-low", judged(shown(PartnerConnectionLimit=0, ConnectionLimit=1, EnableLoggingAllMessageBodies=True))),
    ("times-short", judged(shown(StreamEstablishmentTimeout=SHORTEST_OPENING - 1))),
    ("times-short", judged(shown(KeepAliveInterval=5))),
    ("times-short", judged(shown(KeepAliveInterval=5, StreamEstablishmentTimeout=1))),
    ("keep-alive-late", judged(shown(KeepAliveInterval=600))),
    ("keep-alive-late", judged(shown(StreamInactivityTimeout=60))),
    ("no-phrase", judged(shown(DialbackPassphrase=None), edge_servers=TWO)),
    ("no-phrase", judged(shown(DialbackPassphrase=""), edge_servers=TWO)),
    ("bodies-logged", judged(shown(EnableLoggingAllMessageBodies=True))),
    ("bodies-logged", judged(shown(EnableLoggingAllMessageBodies="True"))),
    ("not-seen", judged(None)),
    ("not-seen", judged({"Identity": "Global"})),
    ("not-seen", judged(None, unseen=Unseen(reason=Reason.TIMEOUT, detail="The shell is silent."))),
    (
        "not-for-this-seat",
        judged(None, unseen=Unseen(reason=Reason.MISSING_INPUT, detail="None.", seat_has_no_shell=True)),
    ),
]


@pytest.mark.parametrize(("answer", "finding"), TABLE)
def test_each_configuration(answer: str, finding: Finding) -> None:
    assert finding.answer == answer, finding.headline
    assert bool(finding.remedies) == (finding.status is Status.WARNING)
    assert (finding.reason is not None) == (finding.status is Status.UNKNOWN)


def test_the_table_has_every_answer() -> None:
    assert {answer for answer, _ in TABLE} == {answer.name for answer in STEP.answers}


@pytest.mark.parametrize(
    "bad",
    [
        {"ConnectionLimit": 1, "PartnerConnectionLimit": 0},
        {"KeepAliveInterval": 5, "StreamEstablishmentTimeout": 2},
        {"KeepAliveInterval": 900},
        {"EnableLoggingAllMessageBodies": True},
        {"DialbackPassphrase": None},
    ],
)
def test_its_remedies_mend_it(bad: dict[str, Any]) -> None:
    finding = judged(shown(**bad), edge_servers=TWO)
    assert finding.status is Status.WARNING
    changed = shown(**bad)
    for remedy in finding.remedies:
        assert remedy.cmdlet == "Set-CsXmppGatewayConfiguration"
        changed |= remedy.parameters
    assert judged(changed, edge_servers=TWO).answer == "fine"


async def test_the_phrase_gets_nowhere() -> None:
    says = {CMDLET: Objects(objects=(shown(DialbackPassphrase=PHRASE),))}
    facts, asked = await gathered(STEP, says, deployment())
    assert Cmdlet(name=CMDLET) in asked
    assert facts.gateway.has_phrase is True
    assert PHRASE not in f"{facts}{judge(facts)}"
    assert "DialbackPassphrase" not in judged(None).command


async def test_the_edge_servers_are_those_of_the_pool_that_is_meant() -> None:
    says = {
        CMDLET: Objects(objects=(shown(DialbackPassphrase=None),)),
        "Get-CsPool": Objects(
            objects=(
                {"Identity": EDGE, "Computers": list(TWO)},
                {"Identity": "fe.litwareinc.com", "Computers": ["fe1.litwareinc.com", "fe2.litwareinc.com"]},
            )
        ),
        "Get-CsService": Objects(objects=({"Identity": f"EdgeServer:{EDGE}", "PoolFqdn": EDGE},)),
    }
    for named in (EDGE, ""):
        facts, _ = await gathered(STEP, says, deployment(edge=named))
        assert facts.edge_servers == TWO
        assert judge(facts).answer == "no-phrase"


@pytest.mark.parametrize(("other", "answer"), [({}, "fine"), ({"ConnectionLimit": 0}, "not-seen")])
async def test_two_that_differ_show_nothing(other: dict[str, Any], answer: str) -> None:
    says = {CMDLET: Objects(objects=(shown(), shown(**other)))}
    facts, _ = await gathered(STEP, says, deployment())
    assert judge(facts).answer == answer


async def test_outside_it_is_not_asked_for() -> None:
    facts, _ = await gathered(STEP, {}, deployment(Vantage.OUTSIDE))
    assert judge(facts).answer == "not-for-this-seat"


@given(
    st.dictionaries(
        st.sampled_from([*shown(), "x"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.integers(), max_size=2),
        max_size=9,
    )
)
def test_whatever_comes_is_judged(properties: dict[str, Any]) -> None:
    assert judged(properties, edge_servers=TWO).answer in {answer.name for answer in STEP.answers}
