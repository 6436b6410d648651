"""The judgement of `xmpp.route`: which site leads XMPP where, and what a part of the answer does not prove."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.deployment import Vantage
from checks.knowledge.pasted import understand
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.sites import EdgePool, Site, edge_pools, find_site, sites
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects
from checks.xmpp.route import STEP, Facts, judge
from tests.unit.mobility.told import deployment, gathered

EDGE, OTHER = "atl-edge-001.litwareinc.com", "atl-edge-002.litwareinc.com"
KEN, POOL = "sip:kenmyer@litwareinc.com", "atl-cs-001.litwareinc.com"
REDMOND = Site(name="Redmond", central=True, xmpp_route=EDGE)
CHICAGO = Site(name="Chicago", central=True, xmpp_route="")
HIDDEN = Site(name="Dublin", central=True)
BRANCH = Site(name="Portland", central=False, parent="Chicago", xmpp_route="")
OURS = EdgePool(fqdn=EDGE, inside=EDGE, has_xmpp=True)
THEIRS = EdgePool(fqdn=OTHER, inside=OTHER, has_xmpp=True)
OF_2019 = EdgePool(fqdn=OTHER, inside="", has_xmpp=False)
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-CsSite")


def facts(*known: Site, edges: tuple[EdgePool, ...] | None = (OURS,), site: str = "Redmond", **more: Any) -> Facts:
    return Facts(**{"sites": known, "edges": edges, "site": site, "whose": KEN, "edge": EDGE, **more})


def led_to(fqdn: str, site: Site = REDMOND) -> Site:
    return replace(site, xmpp_route=fqdn)


TABLE: list[tuple[str, Facts]] = [
    ("set", facts(REDMOND)),
    ("set", facts(REDMOND, edges=None)),
    ("set", facts(REDMOND, edges=(replace(OURS, has_xmpp=None),))),
    ("set", facts(REDMOND, site="", edge="", whose="")),
    ("set", facts(REDMOND, CHICAGO)),
    ("set", facts(REDMOND, HIDDEN)),
    ("set", facts(REDMOND, CHICAGO, site="", whose="")),
    ("set", facts(REDMOND, CHICAGO, site="Paris")),
    ("set", facts(REDMOND, HIDDEN, site="Dublin")),
    ("set", facts(REDMOND, led_to(OTHER, CHICAGO), edges=(OURS, THEIRS))),
    ("set", facts(REDMOND, led_to("gone.litwareinc.com", CHICAGO))),
    ("set", facts(led_to("atl-edge-0"))),
    ("set", facts(replace(REDMOND, central=None))),
    ("set", facts(REDMOND, replace(BRANCH, parent="Redmond"), site="Portland")),
    ("no-route", facts(CHICAGO)),
    ("no-route", facts(CHICAGO, site="")),
    ("no-route", facts(CHICAGO, BRANCH, site="Portland")),
    ("no-route", facts(led_to(""), CHICAGO, edges=None)),
    ("edge-unknown", facts(led_to("gone.litwareinc.com"))),
    ("edge-unknown", facts(led_to("gone.litwareinc.com"), CHICAGO)),
    ("edge-unknown", facts(REDMOND, led_to("gone.litwareinc.com", CHICAGO), site="Chicago")),
    ("edge-unknown", facts(REDMOND, led_to("gone.litwareinc.com", CHICAGO), site="")),
    ("edge-without-xmpp", facts(led_to(OTHER), edges=(OURS, OF_2019))),
    ("edge-without-xmpp", facts(REDMOND, edges=(replace(OURS, has_xmpp=False),))),
    ("leads-elsewhere", facts(led_to(OTHER), edges=(OURS, THEIRS))),
    ("site-without-route", facts(REDMOND, CHICAGO, site="Chicago")),
    ("site-without-route", facts(REDMOND, CHICAGO, BRANCH, site="Portland")),
    ("site-without-route", facts(REDMOND, CHICAGO, site="chicago", edges=None)),
    ("not-for-this-seat", facts(unseen=replace(DENIED, seat_has_no_shell=True))),
    ("not-seen", facts(unseen=DENIED)),
    ("not-seen", facts()),
    ("not-seen", facts(HIDDEN)),
    ("not-seen", facts(CHICAGO, HIDDEN)),
    ("not-seen", facts(CHICAGO, partial=True)),
    ("not-seen", facts(BRANCH)),
]


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    finding = judge(seen)
    assert finding.answer == answer, finding
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_the_command_names_the_site_and_the_only_edge() -> None:
    finding = judge(facts(CHICAGO, edge="", site=""))
    assert finding.remedies[0].command() == f"Set-CsSite -Identity Chicago -XmppFederationRoute EdgeServer:{EDGE}"


def test_no_command_guesses_between_two_edges_or_two_sites() -> None:
    two_edges = judge(facts(CHICAGO, edge="", edges=(OURS, THEIRS)))
    two_sites = judge(facts(CHICAGO, led_to(""), site=""))
    assert [one.cmdlet for finding in (two_edges, two_sites) for one in finding.remedies] == ["", ""]


def test_a_route_to_an_edge_without_ports_leads_to_the_one_that_has_them() -> None:
    finding = judge(facts(led_to(OTHER), edges=(OURS, OF_2019)))
    assert finding.remedies[0].parameters == {"Identity": "Redmond", "XmppFederationRoute": f"EdgeServer:{EDGE}"}


def test_what_else_follows_is_said_beside_it() -> None:
    lines = judge(facts(led_to("gone.litwareinc.com"), CHICAGO, site="Chicago")).detail
    assert any("Chicago, the site of" in line for line in lines)


PRINTED = """
Identity                  : Site:LyncLab
SiteId                    : 1
Services                  : {UserServer:lync.server.telligent.com,
                            Registrar:lync.server.telligent.com,
                            UserDatabase:lync.server.telligent.com,
                            FileStore:lync.server.telligent.com...}
Pools                     : {lync.server.telligent.com}
FederationRoute           :
XmppFederationRoute       :
DefaultPersistentChatPool :
Description               : Lync Site
DisplayName               : LyncLab
SiteType                  : CentralSite
ParentSite                :
"""


def shown(text: str) -> Objects:
    answer = understand(Cmdlet(name="Get-CsSite"), text)
    assert isinstance(answer, Objects), answer
    return answer


async def test_a_site_as_it_is_printed_has_no_route() -> None:
    place = deployment(Vantage.FRONT_END, edge=EDGE)
    seen, _ = await gathered(STEP, {"Get-CsSite": shown(PRINTED)}, place)
    finding = judge(seen)
    assert (finding.answer, finding.status) == ("no-route", Status.FAILED)
    assert "LyncLab" in finding.headline


async def test_a_site_as_it_is_printed_has_a_route() -> None:
    text = PRINTED.replace("XmppFederationRoute       :", f"XmppFederationRoute       : EdgeServer:{EDGE}")
    seen, _ = await gathered(STEP, {"Get-CsSite": shown(text)}, deployment(Vantage.FRONT_END))
    assert judge(seen).answer == "set"


TOPOLOGY = Objects(objects=({"Identity": f"EdgeServer:{EDGE}", "PoolFqdn": EDGE, "InternalInterfaceFqdn": EDGE},))
SITES = Objects(objects=({"Identity": "Site:Redmond", "XmppFederationRoute": f"EdgeServer:{EDGE}"},))
POOLS = Objects(
    objects=(
        {"Identity": POOL, "Site": "Site:Redmond"},
        {"Identity": EDGE, "Site": "Site:Redmond", "Computers": ["node1.litwareinc.com"]},
    )
)


async def test_an_edge_that_is_named_by_its_computer_is_found() -> None:
    says = {"Get-CsSite": SITES, "Get-CsService": TOPOLOGY, "Get-CsPool": POOLS}
    seen, _ = await gathered(STEP, says, deployment(edge="node1.litwareinc.com", pool=POOL))
    assert (seen.edge, seen.whose, seen.site) == (EDGE, POOL, "Redmond")
    assert judge(seen).answer == "set"


async def test_an_edge_that_nobody_knows_is_not_compared() -> None:
    says = {"Get-CsSite": SITES, "Get-CsService": TOPOLOGY, "Get-CsPool": POOLS}
    seen, _ = await gathered(STEP, says, deployment(edge="elsewhere.litwareinc.com"))
    assert seen.edge == ""
    assert judge(seen).answer == "set"


async def test_edges_that_were_shown_in_part_prove_nothing_of_the_others() -> None:
    error = CmdletError(message="The pipeline was stopped.")
    says = {"Get-CsSite": SITES, "Get-CsService": Objects(objects=(), errors=(error,)), "Get-CsPool": POOLS}
    seen, _ = await gathered(STEP, says, deployment())
    assert seen.edges is None
    assert judge(seen).answer == "set"


@pytest.mark.parametrize(
    ("vantage", "status"), [(Vantage.FRONT_END, Status.UNKNOWN), (Vantage.EDGE, Status.NOT_APPLICABLE)]
)
async def test_without_a_shell_nothing_is_claimed(vantage: Vantage, status: Status) -> None:
    seen, _ = await gathered(STEP, {}, deployment(vantage, edge=EDGE))
    assert judge(seen).status is status


@pytest.mark.parametrize(
    ("properties", "site"),
    [
        ({"Identity": "Site:R", "SiteType": "CentralSite"}, Site(name="R", central=True)),
        ({"Identity": "R", "ParentSite": None}, Site(name="R", central=True)),
        ({"Identity": "site:R"}, Site(name="R")),
        ({"Identity": "R", "ParentSite": "Site:Q"}, Site(name="R", central=False, parent="Q")),
        ({"Identity": "R", "SiteType": "BranchSite"}, Site(name="R", central=False)),
        ({"Identity": "R", "XmppFederationRoute": "EdgeServer: DC.fabrikam.com"}, Site(name="R", xmpp_route="dc.fabrikam.com")),
        ({"Identity": "R", "XmppFederationRoute": {"Name": f"EdgeServer:{EDGE}"}}, Site(name="R", xmpp_route=EDGE)),
    ],
)  # fmt: skip
def test_a_site_is_read_in_every_form(properties: dict[str, Any], site: Site) -> None:
    assert sites([properties]) == (site,)
    assert find_site([site], f"site:{site.name}") == site


@pytest.mark.parametrize(
    ("ports", "has_xmpp"),
    [((5269, 23456), True), (("5269", ""), True), ((None, None), False), (("", "0"), False), ((), None)],
)
def test_ports_that_were_not_shown_are_not_missing(ports: tuple[Any, ...], has_xmpp: bool | None) -> None:
    properties = {"PoolFqdn": EDGE, **dict(zip(("XmppListeningPort", "XmppInternalPort"), ports, strict=False))}
    assert edge_pools([properties])[0].has_xmpp is has_xmpp


names = st.sampled_from(["", EDGE, OTHER, "gone.litwareinc.com", "atl-edge-00", "\x1b[2J", "x" * 400])
some_sites = st.builds(
    Site,
    name=st.sampled_from(["Redmond", "Chicago", "\x1b[31m"]),
    central=st.none() | st.booleans(),
    parent=st.sampled_from(["", "Redmond", "Chicago", "nowhere"]),
    xmpp_route=st.none() | names,
)


@given(
    st.lists(some_sites, max_size=4),
    st.none() | st.lists(st.sampled_from([OURS, THEIRS, OF_2019]), min_size=1, max_size=3),
    names,
    st.sampled_from(["", "Redmond", "Chicago", "Paris"]),
    st.booleans(),
)
def test_every_topology_is_judged_and_no_escape_reaches_a_screen(
    known: list[Site], edges: list[EdgePool] | None, edge: str, site: str, partial: bool
) -> None:
    ours = None if edges is None else tuple(edges)
    finding = judge(Facts(sites=tuple(known), edges=ours, edge=edge and EDGE, site=site, partial=partial))
    assert not any("\x1b" in line for line in (finding.headline, *finding.detail))
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
