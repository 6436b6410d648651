"""The judgement of TCP ports from each seat, and which ports are asked to reach it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking, Context
from checks.deployment import Deployment, Product, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.web_ports import WebPorts, branch_appliances, web_ports
from checks.mobility import ports
from checks.mobility.ports import STEP
from checks.mobility.ports_tried import Facts, Look, Purpose
from checks.model import Finding, Reason, Status
from checks.probes import Objects, Open, Port, Unanswered, Unreached
from tests.unit.mobility.told import Told

DOMAIN = "litwareinc.com"
POOL, WEB, WEB_INTERNAL = f"atl-cs-001.{DOMAIN}", f"lyncweb.{DOMAIN}", f"lyncweb-int.{DOMAIN}"
EXTERNAL, INTERNAL = f"lyncdiscover.{DOMAIN}", f"lyncdiscoverinternal.{DOMAIN}"
OUTSIDE, INSIDE, FRONT_END = Vantage.OUTSIDE, Vantage.INSIDE, Vantage.FRONT_END

OPEN = Open(address="192.0.2.10")
REFUSED = Unreached(
    phase="connect", kind="refused", detail="192.0.2.10:1 refuses the connection.", address="192.0.2.10"
)
SILENT = Unreached(phase="connect", kind="timeout", detail="192.0.2.10:1 does not answer.", address="192.0.2.10")
NO_ROUTE = Unreached(phase="connect", kind="no-route", detail="There is no route.", address="192.0.2.10")
NAMELESS = Unreached(phase="name", kind="no-such-name", detail="It has no address.")
UNASKED = Unanswered(reason=Reason.TIMEOUT, detail="The name server 192.0.2.53 did not answer in time.")

PLACES: dict[Vantage, tuple[tuple[str, int, Purpose], ...]] = {
    OUTSIDE: ((WEB, 443, "web"), (EXTERNAL, 443, "discovery"), (EXTERNAL, 80, "http")),
    INSIDE: (
        (INTERNAL, 443, "discovery"), (WEB_INTERNAL, 443, "internal"), (WEB_INTERNAL, 80, "http"),
        (POOL, 4443, "external-site"), (POOL, 8080, "external-http"), (POOL, 5061, "registrar"),
        (POOL, 5086, "mcx"), (POOL, 5087, "mcx"), (POOL, 5088, "ucwa"), (POOL, 5089, "ucwa"),
    ),
}  # fmt: skip
PLACES |= {FRONT_END: PLACES[INSIDE], Vantage.EDGE: PLACES[OUTSIDE]}

Change = tuple[str, int, Any]


def facts(vantage: Vantage, *changes: Change, **more: Any) -> Facts:
    """Every port of the seat open, but for these."""
    told = {(host, port): answer for host, port, answer in changes}
    looks = tuple(
        Look(host=host, port=port, purpose=purpose, answer=told.get((host, port), OPEN))
        for host, port, purpose in PLACES[vantage]
    )
    assert set(told) <= {(host, port) for host, port, _ in PLACES[vantage]}
    known: dict[str, Any] = {
        "pool": POOL,
        "product": Product.LYNC_2013,
        "told": True,
        "looks": looks,
        "computers": (POOL,),
    }
    return Facts(vantage=vantage, **{**known, **more})


TABLE: list[tuple[str, Vantage, list[Change]]] = [
    ("open", OUTSIDE, []),
    ("open", INSIDE, []),
    ("open", FRONT_END, []),
    ("open", Vantage.EDGE, []),
    ("web-refused", OUTSIDE, [(WEB, 443, REFUSED)]),
    ("web-refused", OUTSIDE, [(WEB, 443, REFUSED), (EXTERNAL, 443, REFUSED)]),
    ("web-unreachable", OUTSIDE, [(WEB, 443, SILENT)]),
    ("web-unreachable", Vantage.EDGE, [(WEB, 443, NO_ROUTE), (EXTERNAL, 443, UNASKED)]),
    ("discovery-closed", OUTSIDE, [(EXTERNAL, 443, REFUSED), (EXTERNAL, 80, SILENT)]),
    ("discovery-http-only", OUTSIDE, [(EXTERNAL, 443, REFUSED)]),
    ("discovery-closed", INSIDE, [(INTERNAL, 443, SILENT)]),
    ("internal-refused", INSIDE, [(WEB_INTERNAL, 443, REFUSED)]),
    ("internal-refused", INSIDE, [(WEB_INTERNAL, 443, REFUSED), (INTERNAL, 443, REFUSED)]),
    ("internal-unreachable", INSIDE, [(WEB_INTERNAL, 443, SILENT)]),
    ("internal-unreachable", FRONT_END, [(WEB_INTERNAL, 443, NO_ROUTE)]),
    ("external-site-closed", FRONT_END, [(POOL, 4443, REFUSED)]),
    ("external-site-closed", FRONT_END, [(POOL, 4443, SILENT), (POOL, 8080, SILENT), (POOL, 5061, SILENT)]),
    ("registrar-closed", FRONT_END, [(POOL, 5061, REFUSED)]),
    ("external-http-closed", FRONT_END, [(POOL, 8080, REFUSED)]),
    ("mobility-ports-closed", FRONT_END, [(POOL, 5086, REFUSED)]),
    ("mobility-ports-closed", FRONT_END, [(POOL, 5087, SILENT), (POOL, 5089, SILENT)]),
    ("branch-ports-closed", FRONT_END, [(POOL, 5088, REFUSED)]),
    # Port 80 is never a fault, nor what a firewall may rightly keep from a client.
    ("open", OUTSIDE, [(EXTERNAL, 80, REFUSED)]),
    ("open", INSIDE, [(WEB_INTERNAL, 80, SILENT)]),
    ("open", INSIDE, [(POOL, port, SILENT) for port in (4443, 8080, 5061, 5086, 5087, 5088, 5089)]),
    ("open", INSIDE, [(POOL, 5061, UNASKED)]),
    # What has no address was not tried; “DNS records” judges that.
    ("open", OUTSIDE, [(EXTERNAL, 443, NAMELESS)]),
    ("open", INSIDE, [(INTERNAL, 443, NAMELESS)]),
    ("not-seen", OUTSIDE, [(WEB, 443, NAMELESS), (EXTERNAL, 443, NAMELESS), (EXTERNAL, 80, NAMELESS)]),
    ("not-seen", OUTSIDE, [(WEB, 443, UNASKED), (EXTERNAL, 443, UNASKED)]),
    ("partly", OUTSIDE, [(EXTERNAL, 443, UNASKED)]),
    ("partly", FRONT_END, [(POOL, 5061, UNASKED)]),
    ("discovery-closed", INSIDE, [(INTERNAL, 443, REFUSED), (WEB_INTERNAL, 443, UNASKED)]),
]  # fmt: skip


def test_where_the_front_ends_are_not_known_a_load_balancer_may_keep_their_ports() -> None:
    for port in (4443, 8080, 5061, 5086, 5088):
        finding = ports.judge(facts(FRONT_END, (POOL, port, REFUSED), computers=()))
        check(finding, "closed-by-pool-name")
        assert finding.command == f"Test-NetConnection (Get-CsPool -Identity {POOL}).Computers[0] -Port {port}"
    assert (
        ports.judge(facts(FRONT_END, (POOL, 5061, REFUSED), (INTERNAL, 443, SILENT), computers=())).answer
        == "discovery-closed"
    )


@pytest.mark.parametrize(("answer", "vantage", "changes"), TABLE)
def test_judgement(answer: str, vantage: Vantage, changes: list[Change]) -> None:
    check(ports.judge(facts(vantage, *changes)), answer)


def check(finding: Finding, answer: str) -> None:
    assert finding.answer == answer, finding.headline
    assert finding.headline.endswith(".")
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is None) == (finding.status is not Status.UNKNOWN)
    assert bool(finding.command) == (finding.status is Status.UNKNOWN)
    assert all(remedy.verify and remedy.risk and remedy.who for remedy in finding.remedies)


@pytest.mark.parametrize(
    ("product", "brand"),
    [(None, "Lync Server"), (Product.LYNC_2013, "Lync Server"), (Product.SKYPE_2015, "Skype for Business Server")],
)
def test_a_web_site_is_started_by_the_name_that_the_product_gave_it(product: Product | None, brand: str) -> None:
    """The service may run while the site is stopped, so starting the service would change nothing."""
    inside = msgspec.structs.replace(facts(INSIDE, (WEB_INTERNAL, 443, REFUSED)), product=product)
    service, site = ports.judge(inside).remedies
    assert service.command() == "Start-Service -Name W3SVC"
    assert site.command() == f"Start-Website -Name '{brand} Internal Web Site'"
    external = msgspec.structs.replace(facts(FRONT_END, (POOL, 4443, REFUSED)), product=product)
    assert ports.judge(external).remedies[0].command() == f"Start-Website -Name '{brand} External Web Site'"


def test_every_answer_of_the_step_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE} | {"closed-by-pool-name"}


def test_no_names_at_all_is_missing_input() -> None:
    finding = ports.judge(Facts(vantage=OUTSIDE))
    check(finding, "not-seen")
    assert finding.reason is Reason.MISSING_INPUT


def test_an_unknown_product_may_be_one_without_mcx() -> None:
    assert ports.judge(facts(FRONT_END, (POOL, 5086, REFUSED), product=None)).answer == "open"


def test_what_is_closed_and_no_fault_is_told() -> None:
    finding = ports.judge(facts(INSIDE, (POOL, 5061, SILENT), (WEB_INTERNAL, 80, REFUSED)))
    assert any("5061" in line and "firewall" in line for line in finding.detail)
    assert any("Port 80" in line for line in finding.detail)
    assert any("5223" in line for line in finding.detail)
    assert not any("5223" in line for line in ports.judge(facts(INSIDE, product=Product.SKYPE_2019)).detail)


def test_an_independent_fault_is_named_beside_the_gravest() -> None:
    finding = ports.judge(facts(FRONT_END, (POOL, 4443, REFUSED), (POOL, 5061, REFUSED)))
    assert any("5061" in line for line in finding.detail)


@given(
    st.sampled_from([OUTSIDE, INSIDE, FRONT_END]),
    st.lists(st.sampled_from([OPEN, REFUSED, SILENT, NAMELESS, UNASKED]), min_size=10, max_size=10),
)
def test_any_mixture_is_judged_and_ok_only_where_nothing_needed_is_closed(vantage: Vantage, answers: list[Any]) -> None:
    changes = [(host, port, answer) for (host, port, _), answer in zip(PLACES[vantage], answers, strict=False)]
    seen = facts(vantage, *changes)
    finding = ports.judge(seen)
    needed = [look for look in seen.looks if look.purpose in {"web", "discovery", "internal"}]
    closed = any(look.closed for look in needed)
    assert (finding.status in {Status.FAILED, Status.WARNING}) or not closed
    if finding.answer == "discovery-http-only":
        assert any(look.purpose == "http" and look.answer == OPEN for look in seen.looks)
    if finding.status is Status.OK:
        assert not any(isinstance(look.answer, Unanswered) for look in needed)


def test_facts_survive_the_journal() -> None:
    before = facts(FRONT_END, (POOL, 4443, REFUSED), (POOL, 5061, UNASKED))
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(before)), Facts) == before


class World(Told):
    """Answers cmdlets as told; every port is open, and each that was asked is written down."""

    def __init__(self, **says: Any) -> None:
        super().__init__({name.replace("_", "-"): answer for name, answer in says.items()})
        self.asked: list[tuple[str, int]] = []

    async def ask(self, question: Any) -> Any:
        if isinstance(question, Port):
            self.asked.append((question.host, question.port))
            return OPEN
        return await super().ask(question)

    ports: Any = property(lambda self: self)


async def gathered(world: World, place: Deployment) -> Facts:
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    return await STEP.gather(Context(place, Asking(world, record)))


NAMED: dict[str, Any] = {"domains": (DOMAIN,), "pool": POOL, "web": WEB, "web_internal": WEB_INTERNAL}
SERVICE = {"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": WEB_INTERNAL}


def pools(**services: str) -> Objects:
    return Objects(
        objects=tuple({"Identity": name, "Fqdn": name, "Services": roles.split()} for name, roles in services.items())
    )


async def test_outside_asks_what_phones_ask_and_nothing_of_the_pool() -> None:
    world = World()
    await gathered(world, Deployment(vantage=OUTSIDE, **NAMED))
    assert sorted(world.asked) == sorted([(WEB, 443), (EXTERNAL, 443), (EXTERNAL, 80)])


async def test_inside_leaves_the_external_name_to_the_hairpin() -> None:
    world = World()
    seen = await gathered(world, Deployment(vantage=INSIDE, product=Product.LYNC_2013, **NAMED))
    assert set(world.asked) == {(host, port) for host, port, purpose in PLACES[INSIDE] if purpose != "ucwa"}
    assert len(world.asked) == len(set(world.asked))
    assert ports.judge(seen).answer == "open"


async def test_inside_asks_the_external_name_where_no_other_is_known() -> None:
    world = World()
    await gathered(world, Deployment(vantage=INSIDE, web=WEB))
    assert world.asked == [(WEB, 443)]


async def test_the_topology_tells_names_and_ports() -> None:
    told = {
        "PoolFqdn": POOL,
        "ExternalFqdn": WEB,
        "ExternalHttpsPort": 4444,
        "PrimaryHttpsPort": "8443",
        "McxSipPrimaryListeningPort": 6086,
    }
    world = World(Get_CsService=Objects(objects=(told,)), Get_CsSipDomain=Objects(objects=({"Name": "fabrikam.com"},)))
    seen = await gathered(world, Deployment(vantage=FRONT_END, pool=POOL, domains=(DOMAIN,), product=Product.LYNC_2013))
    assert {(POOL, 4444), (POOL, 8443), (POOL, 6086), ("lyncdiscoverinternal.fabrikam.com", 443)} <= set(world.asked)
    assert not {(POOL, 4443), (POOL, 443), (POOL, 5086)} & {(look.host, look.port) for look in seen.looks}


@pytest.mark.parametrize("product", [Product.SKYPE_2019, Product.SUBSCRIPTION_EDITION, Product.LYNC_2010])
async def test_no_port_of_mcx_where_it_is_not_known_to_be(product: Product) -> None:
    world = World()
    await gathered(world, Deployment(vantage=FRONT_END, product=product, **NAMED))
    assert not {5086, 5087} & {port for _, port in world.asked}


async def test_the_ports_of_branch_appliances_are_asked_where_there_are_any() -> None:
    world = World(
        Get_CsPool=pools(
            **{
                POOL: f"Registrar:{POOL} UserServer:{POOL} WebServer:{POOL}",
                "sba.contoso.com": "Registrar:sba.contoso.com MediationServer:sba.contoso.com",
            }
        )
    )
    seen = await gathered(world, Deployment(vantage=FRONT_END, product=Product.LYNC_2013, **NAMED))
    assert seen.appliances == ("sba.contoso.com",)
    assert {(POOL, 5088), (POOL, 5089)} <= set(world.asked)


@pytest.mark.parametrize(
    "roles",
    ["Registrar:a WebServer:a", "Registrar:a UserServer:a WebServer:a", "EdgeServer:a", "", "MediationServer:a"],
)
def test_other_pools_are_no_branch_appliances(roles: str) -> None:
    assert branch_appliances(pools(a=roles)) == ()


def test_a_pool_whose_services_were_not_shown_is_no_branch_appliance() -> None:
    assert branch_appliances(Objects(objects=({"Identity": "a"}, {"Identity": "b", "Services": "Registrar:b"}))) == ()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({}, WebPorts(told=True)),
        ({"ExternalHttpsPort": "4444"}, WebPorts(told=True, external_https=4444)),
        ({"ExternalHttpsPort": None}, WebPorts(told=True)),
        ({"ExternalHttpsPort": "99999"}, WebPorts(told=True)),
        ({"McxSipPrimaryListeningPort": None, "McxSipExternalListeningPort": None}, WebPorts(told=True, mcx=())),
        ({"McxSipPrimaryListeningPort": 5086}, WebPorts(told=True, mcx=(5086,))),
        ({"UcwaSipExternalListeningPort": 5088, "UcwaSipPrimaryListeningPort": 0}, WebPorts(told=True, ucwa=(5088,))),
    ],
)  # fmt: skip
def test_ports_as_told_or_as_documented(shown: dict[str, Any], expected: WebPorts) -> None:
    answer = Objects(
        objects=({"PoolFqdn": "other.contoso.com", "ExternalHttpsPort": 1}, {"PoolFqdn": POOL.upper(), **shown})
    )
    assert web_ports(answer, POOL) == expected
    assert web_ports(answer, "gone.contoso.com") == WebPorts()
