"""The judgement of the step about the version, and what is gathered for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product, Vantage
from checks.knowledge.products import Release, release, release_of
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import Objects, Unanswered
from checks.xmpp import product
from checks.xmpp.product import Facts, Home, Place
from tests.unit.mobility.told import deployment, gathered

KEN = "sip:kenmyer@litwareinc.com"
OLD_POOL, NEW_POOL, EDGE, BRANCH = "pool13.a.com", "pool19.a.com", "edge.a.com", "branch.a.com"
LYNC, SKYPE = release(Product.LYNC_2013), release(Product.SKYPE_2015)
LATER = Release(name="Skype for Business Server 2019 or Subscription Edition", has_xmpp=False)
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)
NOT_TOLD = Unseen(reason=Reason.MISSING_INPUT, detail="Nobody told.", command="Get-CsServerVersion")


def edge(of: Release | None = LYNC, ports: tuple[str, str] | None = ("5269", "23456"), fqdn: str = EDGE) -> Place:
    return Place(fqdn=fqdn, release=of, ports=ports)


def facts(**more: Any) -> Facts:
    told = {
        "asked": LYNC,
        "edges": (edge(),),
        "pools": (Place(fqdn=OLD_POOL, release=LYNC), Place(fqdn=NEW_POOL, release=LATER)),
        "home": Home(sip=KEN, pool=OLD_POOL),
    }
    return Facts(**{**told, **more})


ONLY_NEW = (Place(fqdn=NEW_POOL, release=LATER),)
JUDGED: list[tuple[str, Facts]] = [
    ("supported", facts()),
    ("supported", facts(asked=LATER)),
    ("supported", facts(asked=SKYPE, edges=(), pools=(), home=None)),
    ("supported", facts(edges=(edge(LATER), edge(SKYPE, fqdn="edge2.a.com")))),
    ("supported", facts(edges=(edge(ports=("", "")),))),
    ("supported", facts(edges=(edge(ports=None),))),
    # What is not known is not blamed.
    ("supported", facts(edges=(edge(LATER), edge(None, fqdn="edge2.a.com")))),
    ("supported", facts(home=Home(sip=KEN))),
    ("supported", facts(home=Home(sip=KEN, pool="elsewhere.a.com"))),
    ("supported", facts(pools=(Place(fqdn=OLD_POOL),))),
    ("pool-without-xmpp", facts(home=Home(sip=KEN, pool=NEW_POOL))),
    ("pool-without-xmpp", facts(home=Home(sip=KEN, pool=NEW_POOL), edges=(edge(LATER),))),
    ("branch-appliance", facts(home=Home(sip=KEN, pool=BRANCH), appliances=(BRANCH,))),
    ("edge-without-xmpp", facts(edges=(edge(LATER),))),
    ("not-on-this-version", facts(asked=LATER, edges=(edge(LATER),), pools=ONLY_NEW)),
    ("not-on-this-version", facts(asked=release(Product.SUBSCRIPTION_EDITION), edges=(), pools=(), home=None)),
    ("not-on-this-version", facts(asked=release(Product.LYNC_2010), edges=(edge(None),), pools=())),
    ("not-seen", Facts(unseen=NOT_TOLD)),
    ("not-seen", Facts()),
    ("not-for-this-seat", Facts(unseen=AWAY)),
]


@pytest.mark.parametrize(("answer", "seen"), JUDGED)
def test_product(answer: str, seen: Facts) -> None:
    finding = product.judge(seen)
    assert finding.answer == answer
    assert bool(finding.remedies) is (finding.status is Status.FAILED)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in product.STEP.answers} == {row[0] for row in JUDGED}


PLACES = st.builds(Place, st.sampled_from([OLD_POOL, NEW_POOL, EDGE]), st.sampled_from([None, LYNC, SKYPE, LATER]))


@given(
    st.sampled_from([None, LYNC, LATER]),
    st.lists(PLACES, max_size=4).map(tuple),
    st.lists(PLACES, max_size=4).map(tuple),
    st.sampled_from([None, Home(sip=KEN), Home(sip=KEN, pool=OLD_POOL), Home(sip=KEN, pool=NEW_POOL)]),
)
def test_nobody_is_blamed_for_what_was_not_seen(
    asked: Release | None, edges: tuple[Place, ...], pools: tuple[Place, ...], home: Home | None
) -> None:
    finding = product.judge(Facts(asked=asked, edges=edges, pools=pools, home=home))
    seen = [one for one in (asked, *(place.release for place in (*edges, *pools))) if one]
    if not seen:
        assert finding.status is Status.UNKNOWN
    if finding.status is Status.FAILED:
        assert any(one.has_xmpp for one in seen)
        assert any(not one.has_xmpp for one in seen)
    if all(one.has_xmpp for one in seen) and seen:
        assert finding.answer == "supported"


def test_2010_is_not_told_that_it_was_removed() -> None:
    assert (
        "any more" not in product.judge(facts(asked=release(Product.LYNC_2010), edges=(), pools=(), home=None)).headline
    )


@pytest.mark.parametrize(
    ("pools", "command"),
    [
        ((Place(fqdn=OLD_POOL, release=LYNC), *ONLY_NEW), f"Move-CsUser -Identity {KEN} -Target {OLD_POOL}"),
        (ONLY_NEW, ""),
    ],
)
def test_a_user_is_moved_to_a_pool_that_has_xmpp(pools: tuple[Place, ...], command: str) -> None:
    finding = product.judge(facts(pools=pools, home=Home(sip=KEN, pool=NEW_POOL)))
    assert finding.remedies[0].command() == command


def test_an_edge_without_ports_is_told_and_not_blamed() -> None:
    assert any("without ports" in line for line in product.judge(facts(edges=(edge(ports=("", "")),))).detail)
    assert not any("ports" in line for line in product.judge(facts(edges=(edge(ports=None),))).detail)


@pytest.mark.parametrize(("partner", "word"), [("gmail.com", "ended"), ("fabrikam.com", "vendor")])
def test_who_supports_the_partner_is_told(partner: str, word: str) -> None:
    assert word in product.judge(facts(partner=partner)).detail[-1]


@pytest.mark.parametrize(
    ("build", "has_xmpp"),
    [
        ("4.0.7577.0", False), ("5.0.8308.0", True), ("6.0.9319.0", True), ("7.0.2046.0", False), ("7.0.2046.252", False),
        ("", None), ("x", None), ("15.0.1", None), ("5.0", None), ("9.0.8308.0", None), ("5.0.8308.0 " * 500, None),
    ],
)  # fmt: skip
def test_a_build_tells_whether_there_is_xmpp(build: str, has_xmpp: bool | None) -> None:
    found = release_of(build)
    assert (found.has_xmpp if found else None) is has_xmpp


@given(st.text())
def test_no_build_is_too_strange(build: str) -> None:
    assert isinstance(release_of(build), Release | None)


# What is gathered.


def pool(fqdn: str, *roles: str) -> dict[str, Any]:
    return {"Identity": fqdn, "Fqdn": fqdn, "Computers": [fqdn], "Services": [f"{role}:{fqdn}" for role in roles]}


POOLS = Objects(
    objects=(
        pool(OLD_POOL, "Registrar", "UserServer", "WebServer"), pool(NEW_POOL, "Registrar", "UserServer", "WebServer"),
        pool(EDGE, "EdgeServer"), pool(BRANCH, "Registrar", "MediationServer"),
    )
)  # fmt: skip
EDGES = Objects(objects=({"PoolFqdn": EDGE, "Version": 8, "XmppListeningPort": 5269, "XmppInternalPort": 23456},))


def replicas(**builds: str) -> Objects:
    names = {"old": OLD_POOL, "new": NEW_POOL, "edge": EDGE}
    return Objects(
        objects=tuple({"ReplicaFqdn": names[name], "ProductVersion": build} for name, build in builds.items())
    )


def home(fqdn: str) -> Objects:
    return Objects(objects=({"SipAddress": KEN, "Enabled": True, "RegistrarPool": fqdn},))


def version(name: str) -> Objects:
    return Objects(objects=({"Value": f"Microsoft {name}: Volume license key installed."},))


MIXED = replicas(old="6.0.9319.0", new="7.0.2046.0", edge="6.0.9319.0")
SEEN: dict[str, Objects | Unanswered] = {
    "Get-CsServerVersion": version("Skype for Business Server 2015 (6.0.9319.0)"),
    "Get-CsPool": POOLS,
    "Get-CsService": EDGES,
    "Get-CsManagementStoreReplicationStatus": MIXED,
    "Get-CsUser": home(OLD_POOL),
}


@pytest.mark.parametrize(
    ("answer", "changed"),
    [
        ("supported", {}),
        ("supported", {"Get-CsManagementStoreReplicationStatus": Objects()}),
        ("pool-without-xmpp", {"Get-CsUser": home(NEW_POOL)}),
        ("branch-appliance", {"Get-CsUser": home(BRANCH)}),
        ("edge-without-xmpp", {"Get-CsManagementStoreReplicationStatus": replicas(old="5.0.8308.0", edge="7.0.2046.0")}),
        (
            "not-on-this-version",
            {
                "Get-CsServerVersion": version("Skype for Business Server 2019 (7.0.2046.0)"),
                "Get-CsManagementStoreReplicationStatus": replicas(old="7.0.2046.0", new="7.0.2046.0"),
            },
        ),
    ],
)  # fmt: skip
async def test_gathered_at_a_front_end(answer: str, changed: dict[str, Objects | Unanswered]) -> None:
    found, _ = await gathered(product.STEP, SEEN | changed, deployment(users=(KEN,)))
    assert product.judge(found).answer == answer


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("supported", "Lync Server 2013 (5.0.8308.0)"),
        ("not-on-this-version", "Skype for Business Server 2019 (7.0.2046.0)"),
    ],
)
async def test_on_the_edge_its_own_version_tells(answer: str, name: str) -> None:
    says: dict[str, Objects | Unanswered] = {"Get-CsServerVersion": version(name), "Get-CsService": EDGES}
    found, _ = await gathered(product.STEP, says, deployment(Vantage.EDGE, users=(KEN,)))
    assert product.judge(found).answer == answer


@pytest.mark.parametrize(
    ("answer", "vantage"),
    [("not-seen", Vantage.EDGE), ("not-seen", Vantage.FRONT_END), ("not-for-this-seat", Vantage.OUTSIDE)],
)
async def test_without_a_shell_nothing_is_claimed(answer: str, vantage: Vantage) -> None:
    found, _ = await gathered(product.STEP, {}, deployment(vantage, users=(KEN,)))
    assert product.judge(found).answer == answer
