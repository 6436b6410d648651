"""The judgement of the step about the two services of XMPP, and what is gathered for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product, Vantage
from checks.knowledge.products import release
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.topology_objects import Service
from checks.model import Reason, Status
from checks.pool_services import Computer
from checks.probes import CmdletError, Objects, Unanswered
from checks.xmpp import services
from checks.xmpp.gateway_services import GATEWAY, FrontEnds
from checks.xmpp.proxy_services import ProxyService, is_gateway, is_proxy, proxy_services
from checks.xmpp.services import Facts
from tests.unit.mobility.told import deployment, gathered

POOL, EDGE = "atl-cs-001.litwareinc.com", "atl-edge-001.litwareinc.com"
FIRST, SECOND = "fe01.litwareinc.com", "fe02.litwareinc.com"
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", command="Get-Service", seat_has_no_shell=True)
SLOW = Unseen(reason=Reason.TIMEOUT, detail="It took too long.")
LATER = release(Product.SKYPE_2019)
OTHERS = {"RTCSRV": "Running", "W3SVC": "Running", "REPLICA": "Running"}
TITLE = "Lync Server XMPP Translating Gateway"


def proxy(status: str = "Running", start: str = "Automatic", title: str = f"{TITLE} Proxy") -> ProxyService:
    return ProxyService(name="RTCXMPPTGWPX", display_name=title, status=status, start_type=start)


def computer(fqdn: str = POOL, gateway: str = "Running", **changed: str) -> Computer:
    shown = {**OTHERS, GATEWAY: gateway, **changed}
    return Computer(
        fqdn=fqdn, services=tuple(Service(name=name, status=status) for name, status in shown.items() if status)
    )


def facts(*computers: Computer, **more: Any) -> Facts:
    """`pool`, `whole`, `without_xmpp` and `pool_unseen` are of the Front Ends."""
    known = more.pop("computers", computers or (computer(),))
    front_ends = FrontEnds(
        pool=more.pop("pool", POOL),
        computers=known,
        whole=more.pop("whole", tuple(one.fqdn for one in known)),
        without_xmpp=more.pop("without_xmpp", ()),
        unseen=more.pop("pool_unseen", None),
    )
    return Facts(**{"edge": EDGE, "proxies": (proxy(),), "front_ends": front_ends, **more})


RESTING = dict.fromkeys(("RTCSRV", "W3SVC", "REPLICA"), "Stopped")
JUDGED: list[tuple[str, Facts]] = [
    ("running", facts()),
    ("running", facts(pool_unseen=AWAY, pool="")),
    ("running", facts(edge_unseen=AWAY, proxies=())),
    ("running", facts(proxies=(proxy(start=""),))),
    ("running", facts(proxies=(proxy(start="Disabled"),))),
    ("running", facts(computer(FIRST), computer(SECOND, "Stopped", **RESTING))),
    ("proxy-absent", facts(proxies=())),
    ("proxy-absent", facts(proxies=(), pool_unseen=SLOW)),
    ("proxy-disabled", facts(proxies=(proxy("Stopped", "Disabled"),))),
    ("proxy-stopped", facts(proxies=(proxy("Stopped"),))),
    ("proxy-stopped", facts(proxies=(proxy("Stopped", ""),), pool_unseen=AWAY)),
    ("proxy-stopped", facts(proxies=(proxy("Paused", "Manual"),))),
    ("proxy-stopped", facts(computer(gateway="Stopped"), proxies=(proxy("Stopped"),))),
    ("proxy-starting", facts(proxies=(proxy("StartPending"),))),
    ("gateway-absent", facts(computer(gateway=""))),
    ("gateway-absent", facts(computer(FIRST, ""), computer(SECOND, "Stopped"))),
    ("gateway-stopped", facts(computer(gateway="Stopped"))),
    ("gateway-stopped", facts(computer(FIRST), computer(SECOND, "Stopped"))),
    ("gateway-stopped", facts(computer(FIRST, "StartPending"), computer(SECOND, "Stopped"))),
    ("gateway-starting", facts(computer(gateway="StartPending"))),
    # What was not shown is not absent: a list cut short, a list of one service, the wrong computer's list.
    ("not-seen", facts(computer(gateway=""), whole=())),
    ("not-seen", facts(computer(gateway="", REPLICA=""))),
    ("not-seen", facts(Computer(fqdn=POOL, unseen=SLOW))),
    ("not-seen", facts(proxies=(proxy(title=TITLE),))),
    ("not-seen", facts(proxies=(proxy(title="Passerelle de traduction XMPP"),))),
    ("not-seen", facts(proxies=(proxy(""),))),
    ("not-seen", facts(proxies=(), edge_unseen=SLOW)),
    ("not-seen", facts(pool_unseen=SLOW)),
    ("not-seen", Facts(edge_unseen=AWAY, front_ends=FrontEnds(pools=(POOL, FIRST)))),
    ("not-seen", Facts(edge_unseen=AWAY, front_ends=FrontEnds(pool=POOL))),
    ("not-for-this-seat", Facts(edge_unseen=AWAY, front_ends=FrontEnds(unseen=AWAY))),
    # A later version has neither, and stands beside one that has both.
    ("running", facts(proxies=(), edge_release=LATER)),
    ("running", facts(computers=(), without_xmpp=(POOL,))),
    ("running", facts(computer(FIRST), without_xmpp=(SECOND,))),
    ("not-on-this-version", facts(proxies=(), edge_release=LATER, computers=(), without_xmpp=(POOL,))),
]


@pytest.mark.parametrize(("answer", "seen"), JUDGED)
def test_services(answer: str, seen: Facts) -> None:
    finding = services.judge(seen)
    assert finding.answer == answer
    assert bool(finding.remedies) is (finding.status is Status.FAILED)
    assert (finding.reason is not None) is (finding.status is Status.UNKNOWN)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in services.STEP.answers} == {row[0] for row in JUDGED}


def test_what_else_is_wrong_stands_beside_the_gravest() -> None:
    finding = services.judge(facts(computer(gateway="Stopped"), proxies=(proxy("Stopped"),)))
    assert any(POOL in line for line in finding.detail)
    assert EDGE in finding.headline


def test_a_service_that_runs_and_is_disabled_is_told() -> None:
    assert any("Disabled" in line for line in services.judge(facts(proxies=(proxy(start="Disabled"),))).detail)


def test_what_the_seat_cannot_see_is_said() -> None:
    assert any("Front End" in line for line in services.judge(facts(pool_unseen=AWAY)).detail)
    assert any("Edge" in line for line in services.judge(facts(edge_unseen=AWAY)).detail)


def test_a_disabled_service_is_allowed_to_start_before_it_is_started() -> None:
    commands = [one.command() for one in services.judge(facts(proxies=(proxy("Stopped", "Disabled"),))).remedies]
    assert commands == [
        "Set-Service -Name RTCXMPPTGWPX -StartupType Automatic",
        "Start-Service -DisplayName '*XMPP Translating Gateway Proxy*'",
    ]


def test_a_service_without_a_short_name_is_set_by_hand() -> None:
    nameless = ProxyService(name="", display_name=f"{TITLE} Proxy", status="Stopped", start_type="Disabled")
    allow, _ = services.judge(facts(proxies=(nameless,))).remedies
    assert TITLE in allow.action


@given(
    st.lists(st.builds(proxy, st.sampled_from(["Running", "Stopped", "StartPending", ""]), st.sampled_from(["", "Disabled"]))),
    st.lists(st.builds(computer, st.sampled_from([FIRST, SECOND]), st.sampled_from(["Running", "Stopped", ""]))),
    st.none() | st.sampled_from([AWAY, SLOW]),
    st.none() | st.sampled_from([AWAY, SLOW]),
    st.booleans(),
)  # fmt: skip
def test_it_is_judged_whatever_was_seen(
    proxies: list[ProxyService], computers: list[Computer], edge: Unseen | None, pool: Unseen | None, whole: bool
) -> None:
    seen = Facts(
        proxies=tuple(proxies),
        edge_unseen=edge,
        front_ends=FrontEnds(
            pool=POOL, computers=tuple(computers), whole=(FIRST, SECOND) if whole else (), unseen=pool
        ),
    )
    finding = services.judge(seen)
    assert finding.answer in {one.name for one in services.STEP.answers}
    if finding.answer == "proxy-absent":
        assert edge is None
        assert not proxies


# What is read.


def test_services_are_found_by_their_display_names_and_numbers_are_words() -> None:
    told = Objects(
        objects=(
            {"Name": "a", "DisplayName": "Skype for Business Server XMPP Translating Gateway Proxy", "Status": 4, "StartType": 4},
            {"ServiceName": "b", "DisplayName": "Lync Server XMPP Translating Gateway", "Status": "Stopped"},
            {"Name": "c", "DisplayName": "Openfire XMPP Server", "Status": "Running"},
            {"Name": "d"},
        )
    )  # fmt: skip
    first, second, third = proxy_services(told)
    assert (first.name, first.status, first.start_type, is_proxy(first)) == ("a", "Running", "Disabled", True)
    assert (second.name, second.status, second.start_type, is_proxy(second)) == ("b", "Stopped", "", False)
    assert [is_gateway(one) for one in (first, second, third)] == [False, True, False]
    assert not is_proxy(third)


POOLS = Objects(objects=({"Identity": POOL, "Fqdn": POOL, "Computers": [POOL], "Services": [f"UserServer:{POOL}"]},))
LISTED = Objects(
    objects=tuple({"Name": name, "Status": "Running"} for name in (*OTHERS, GATEWAY)),
)
CUT = Objects(objects=LISTED.objects[:3], warnings=("lyncdoctor left out a part of this answer: it was too large.",))
PROXIES = Objects(objects=({"Name": "x", "DisplayName": f"{TITLE} Proxy", "Status": "Running"},))
LATER_BUILD = Objects(objects=({"ReplicaFqdn": POOL, "ProductVersion": "7.0.2046.0"},))
DENIED = CmdletError(message="El acceso fue denegado.", id="System.UnauthorizedAccessException,Get-Service")


@pytest.mark.parametrize(
    ("answer", "says", "vantage"),
    [
        ("running", {"Get-Service": PROXIES, "Get-CsPool": POOLS, "Get-CsWindowsService": LISTED}, Vantage.FRONT_END),
        ("running", {"Get-CsPool": POOLS, "Get-CsWindowsService": LISTED}, Vantage.FRONT_END),
        ("running", {"Get-Service": PROXIES}, Vantage.EDGE),
        # The Edge's own shell reaches no Central Management store.
        ("running", {"Get-Service": PROXIES, "Get-CsPool": Objects(errors=(CmdletError(message="no xds"),))}, Vantage.EDGE),
        (
            "not-for-this-seat",
            {"Get-CsPool": POOLS, "Get-CsWindowsService": CUT, "Get-CsManagementStoreReplicationStatus": LATER_BUILD},
            Vantage.FRONT_END,
        ),
        ("not-seen", {"Get-CsPool": POOLS, "Get-CsWindowsService": CUT}, Vantage.FRONT_END),
        ("not-seen", {"Get-Service": Objects(errors=(DENIED,))}, Vantage.EDGE),
        ("not-seen", {}, Vantage.EDGE),
        ("not-seen", {}, Vantage.FRONT_END),
        # As in the table that Get-Service prints by itself, where the name is cut.
        ("not-seen", {"Get-Service": Objects(objects=({"Status": "Stopped", "Name": "RTCXMPPTGWPX"},))}, Vantage.EDGE),
        ("proxy-absent", {"Get-Service": Objects()}, Vantage.EDGE),
        ("not-for-this-seat", {}, Vantage.OUTSIDE),
    ],
)  # fmt: skip
async def test_gathered(answer: str, says: dict[str, Objects | Unanswered], vantage: Vantage) -> None:
    found, _ = await gathered(services.STEP, says, deployment(vantage, edge=EDGE))
    assert services.judge(found).answer == answer
