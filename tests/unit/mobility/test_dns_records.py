"""The judgement of names in two views of DNS, and what is asked to reach it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.dns_views import Sight, control_of
from checks.knowledge.web_services import WebNames
from checks.mobility import dns_records
from checks.mobility.dns_records import Facts
from checks.mobility.dns_records_problems import Names
from checks.model import Finding, Reason, Status
from checks.probes import Cmdlet, Lookup, Objects, Question, Record, Records, Unanswered, View

DOMAIN, OTHER = "litwareinc.com", "fabrikam.com"
POOL, WEB, WEB_INTERNAL = "atl-cs-001.litwareinc.com", "lyncweb.litwareinc.com", "lyncweb-int.litwareinc.com"
INTERNAL, EXTERNAL, CONTROL = f"lyncdiscoverinternal.{DOMAIN}", f"lyncdiscover.{DOMAIN}", control_of(DOMAIN)
PROXY, OF_POOL, ELSEWHERE = "131.107.155.10", "192.168.21.120", "131.107.155.99"

Told = Records | Unanswered
MISSING = Records(outcome="no-such-name", server="192.0.2.53")
NO_ADDRESS = Records(outcome="no-such-record", server="192.0.2.53")
FAILS = Records(outcome="server-failure", server="192.0.2.53")
SILENT = Unanswered(reason=Reason.TIMEOUT, detail="The name server 192.0.2.53 did not answer in time.", command="look")
CLOSED = Unanswered(reason=Reason.MISSING_INPUT, detail="No name server gives that view.", command="look there")


def at(*addresses: str, alias: str = "", outcome: Any = "found") -> Records:
    aliases = [Record(name="x", kind="CNAME", value=alias)] if alias else []
    records = [Record(name="x", kind="AAAA" if ":" in one else "A", value=one) for one in addresses]
    return Records(outcome=outcome, records=(*aliases, *records), server="192.0.2.53")


HEALTHY: Mapping[tuple[str, View], Told] = {
    (INTERNAL, "inside"): at(OF_POOL),
    (INTERNAL, "outside"): MISSING,
    (EXTERNAL, "inside"): MISSING,
    (EXTERNAL, "outside"): at(PROXY),
    (CONTROL, "inside"): MISSING,
    (CONTROL, "outside"): MISSING,
    (WEB, "inside"): at(PROXY),
    (WEB, "outside"): at(PROXY),
    (WEB_INTERNAL, "inside"): at(OF_POOL),
    (WEB_INTERNAL, "outside"): MISSING,
    (POOL, "inside"): at(OF_POOL),
}
NAMES = Names(
    own_view="inside", domains=(DOMAIN,), pool=POOL, web=WEB, web_internal=WEB_INTERNAL,
)  # fmt: skip


def judged(*changes: tuple[str, View, Told], **names: Any) -> Finding:
    """The finding of the healthy deployment, but for these answers and names."""
    told = {**HEALTHY, **{(name, view): answer for name, view, answer in changes}}
    sights = tuple(Sight(name=name, view=view, answer=answer) for (name, view), answer in told.items())
    return dns_records.judge(Facts(names=msgspec.structs.replace(NAMES, **names), sights=sights))


WILD = at(ELSEWHERE)
TABLE: list[tuple[str, list[tuple[str, View, Told]]]] = [
    ("resolves", []),
    ("resolves", [(EXTERNAL, "inside", at(PROXY))]),
    ("resolves", [(EXTERNAL, "outside", at("2001:db8::10"))]),
    ("resolves", [(EXTERNAL, "outside", at(PROXY, alias=WEB))]),
    ("resolves", [(EXTERNAL, "outside", at(PROXY, alias=WEB.upper() + "."))]),
    ("resolves", [(INTERNAL, "inside", at(OF_POOL, alias=WEB_INTERNAL))]),
    ("resolves", [(CONTROL, "outside", WILD)]),
    ("external-missing", [(EXTERNAL, "outside", MISSING)]),
    ("external-missing", [(EXTERNAL, "outside", NO_ADDRESS)]),
    ("external-missing", [(EXTERNAL, "outside", at(alias=f"gone.{DOMAIN}", outcome="no-such-name"))]),
    ("external-missing", [(EXTERNAL, "outside", at(alias=f"gone.{OTHER}", outcome="loop"))]),
    ("external-missing", [(EXTERNAL, "outside", MISSING), (INTERNAL, "inside", MISSING)]),
    ("web-missing", [(WEB, "outside", MISSING)]),
    ("none-inside", [(INTERNAL, "inside", MISSING)]),
    ("internal-missing", [(INTERNAL, "inside", MISSING), (EXTERNAL, "inside", at(PROXY))]),
    ("internal-missing", [(INTERNAL, "inside", MISSING), (EXTERNAL, "inside", FAILS)]),
    ("internal-public", [(INTERNAL, "outside", at(PROXY))]),
    ("internal-public", [(INTERNAL, "outside", at(PROXY)), (CONTROL, "outside", WILD)]),
    ("wildcard", [(INTERNAL, "outside", WILD), (CONTROL, "outside", WILD)]),
    ("wildcard", [(EXTERNAL, "outside", WILD), (CONTROL, "outside", WILD)]),
    ("wildcard", [(EXTERNAL, "inside", WILD), (CONTROL, "inside", WILD)]),
    ("alias-elsewhere", [(EXTERNAL, "outside", at(PROXY, alias="lyncweb.contoso.net"))]),
    ("alias-elsewhere", [(EXTERNAL, "outside", at(alias="lyncweb.contoso.net", outcome="server-failure"))]),
    ("alias-elsewhere", [(EXTERNAL, "outside", at(PROXY, alias=f"not{DOMAIN}"))]),
    ("alias-elsewhere", [(INTERNAL, "inside", at(OF_POOL, alias="pool.litware.local"))]),
    ("alias-online", [(EXTERNAL, "outside", at(ELSEWHERE, alias="webdir.online.lync.com"))]),
    ("web-internal-missing", [(WEB_INTERNAL, "inside", MISSING)]),
    ("web-internal-public", [(WEB_INTERNAL, "outside", at(PROXY))]),
    ("web-internal-address", [(WEB, "inside", at(OF_POOL))]),
    ("web-internal-address", [(WEB, "inside", at(PROXY, OF_POOL)), (WEB_INTERNAL, "inside", SILENT)]),
    ("external-internal-address", [(EXTERNAL, "outside", at(OF_POOL))]),
    ("external-internal-address", [(WEB, "outside", at("10.1.2.3"))]),
    ("external-internal-address", [(WEB, "outside", at("fd00::1"))]),
    ("not-seen", [(EXTERNAL, "outside", FAILS)]),
    ("not-seen", [(INTERNAL, "inside", CLOSED)]),
    ("not-seen", [(CONTROL, "outside", SILENT)]),
    ("internal-public", [(INTERNAL, "outside", at(PROXY)), (EXTERNAL, "outside", SILENT)]),
]


@pytest.mark.parametrize(("answer", "changes"), TABLE)
def test_each_answer(answer: str, changes: list[tuple[str, View, Told]]) -> None:
    finding = judged(*changes)
    assert finding.answer == answer, finding.headline
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is None) == (finding.status is not Status.UNKNOWN)
    assert all(remedy.verify and remedy.risk and remedy.who for remedy in finding.remedies)


EVERYWHERE = ((WEB, "inside", MISSING), (WEB, "outside", MISSING))
NOWHERE = [(name, view, MISSING) for name, view in HEALTHY if view == "inside"] + [
    (name, view, CLOSED) for name, view in HEALTHY if view == "outside"
]
EMEA = f"emea.{DOMAIN}"
BY_NAMES: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("external-leads-inside", [(WEB, "outside", at(OF_POOL))], {"own_view": "outside"}),
    ("external-leads-inside", [(EXTERNAL, "outside", at("10.1.2.3"))], {"own_view": "outside"}),
    ("external-internal-address", [(EXTERNAL, "outside", at("10.1.2.3"))], {"own_view": "outside", "edge": True}),
    # At home nothing of the inside has an address; the pool, or a shell that answered, shows that it is not home.
    ("not-inside", [*NOWHERE], {}),
    ("not-inside", [*NOWHERE], {"pool": "", "web": "", "web_internal": ""}),
    ("web-missing", [*NOWHERE, (INTERNAL, "inside", at(OF_POOL))], {}),
    ("web-missing", [*NOWHERE], {"own_view": "outside"}),
    ("none-inside", [*NOWHERE, (POOL, "inside", at(OF_POOL))], {"web": ""}),
    ("none-inside", [*NOWHERE, (POOL, "inside", FAILS)], {"web": ""}),
    ("none-inside", [*NOWHERE], {"web": "", "web_internal": "", "web_services": (WebNames(pool=POOL),)}),
    ("web-missing", list(EVERYWHERE), {}),
    ("web-missing", [(WEB, "inside", MISSING)], {}),
    ("web-missing", [(WEB, "inside", MISSING)], {"own_view": "outside"}),
    ("web-missing", list(EVERYWHERE), {"own_view": "outside"}),
    ("web-internal-missing", [(WEB_INTERNAL, "inside", MISSING)], {"own_view": "outside"}),
    ("same-names", [], {"web_internal": WEB}),
    ("same-names", [], {"web_services": (WebNames(pool=POOL, external=WEB, internal=WEB),)}),
    # The topology knows better than what was typed; what it does not show says nothing.
    ("resolves", [], {"web_internal": WEB, "web_services": (WebNames(pool=POOL, external=WEB, internal="other.x.y"),)}),
    ("resolves", [], {"web_services": (WebNames(pool=POOL),)}),
    ("resolves", [], {"web_services": (WebNames(pool="director.x.y", external=WEB, internal=WEB),)}),
    ("other-domain-missing", [(f"lyncdiscover.{EMEA}", "outside", MISSING)], {"other_domains": (EMEA,)}),
    ("resolves", [(f"lyncdiscover.{EMEA}", "outside", at(PROXY))], {"other_domains": (EMEA,)}),
    ("not-seen", [(f"lyncdiscover.{EMEA}", "outside", FAILS)], {"other_domains": (EMEA,)}),
    ("external-missing", [(f"lyncdiscover.{OTHER}", "outside", MISSING)], {"domains": (DOMAIN, OTHER)}),
    ("other-web-missing", [("dir.litwareinc.com", "outside", MISSING)],
     {"web_services": (WebNames(pool="director.x.y", external="dir.litwareinc.com"),)}),
    ("resolves", [], {"web": "", "web_internal": ""}),
    ("not-seen", [], {"domains": ()}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "changes", "names"), BY_NAMES)
def test_each_answer_that_hangs_on_the_names(answer: str, changes: list[Any], names: dict[str, Any]) -> None:
    finding = judged(*changes, **names)
    assert finding.answer == answer, finding.headline


@pytest.mark.parametrize("names", [{}, {"pool": "", "web": "", "web_internal": ""}])
def test_what_is_run_where_nothing_resolves_is_what_was_asked_and_has_no_gap(names: dict[str, Any]) -> None:
    assert judged(*NOWHERE, **names).command == f"Resolve-DnsName {INTERNAL}"


@pytest.mark.parametrize("own", ["inside", "outside"])
def test_a_view_that_cannot_be_seen_from_here_is_told_and_no_fault(own: View) -> None:
    closed = [(name, view, CLOSED) for name, view in HEALTHY if view != own]
    finding = judged(*closed, own_view=own)
    assert finding.answer == "resolves"
    assert any("No name server gives that view" in line for line in finding.detail)
    assert finding.headline.endswith(f"must, {own}.")


PUBLIC = "-ComputerName '<public name server>'"


def test_every_name_that_is_missing_is_told_with_its_remedy() -> None:
    """One fault is the answer; another domain's like fault, and another kind of fault, stand beside it."""
    also = f"lyncdiscover.{OTHER}"
    finding = judged(
        (EXTERNAL, "outside", MISSING),
        (also, "outside", MISSING),
        (INTERNAL, "outside", at(PROXY)),
        domains=(DOMAIN, OTHER),
    )
    assert finding.answer == "external-missing"
    assert any(also in line for line in finding.detail)
    assert any(INTERNAL in line for line in finding.detail)
    assert [remedy.command() for remedy in finding.remedies] == [
        f"Add-DnsServerResourceRecordCName {PUBLIC} -ZoneName {DOMAIN} -Name lyncdiscover -HostNameAlias {WEB}",
        # An alias into another domain would be the next fault.
        f"Add-DnsServerResourceRecordA {PUBLIC} -ZoneName {OTHER} -Name lyncdiscover -IPv4Address '{PROXY}'",
    ]


@pytest.mark.parametrize(
    ("public", "kind"), [(at(PROXY), "A"), (at("2001:db8::10"), "AAAA"), (at(PROXY, alias=WEB), "CNAME")]
)
def test_the_remedy_takes_away_the_record_that_there_is(public: Records, kind: str) -> None:
    (remedy,) = judged((INTERNAL, "outside", public)).remedies
    assert remedy.command() == (
        f"Remove-DnsServerResourceRecord {PUBLIC} -ZoneName {DOMAIN} -Name lyncdiscoverinternal -RRType {kind}"
    )


def test_an_alias_that_leads_nowhere_is_mended_and_no_second_record_made() -> None:
    finding = judged((EXTERNAL, "outside", at(alias=f"gone.{DOMAIN}", outcome="no-such-name")))
    assert [remedy.cmdlet for remedy in finding.remedies] == [""]
    assert f"gone.{DOMAIN}" in finding.remedies[0].action


def test_what_the_system_resolved_is_judged_by_the_alias_that_was_asked_for() -> None:
    by_system = at(PROXY)
    alias = Records(outcome="found", records=(Record(name=EXTERNAL, kind="CNAME", value="lyncweb.contoso.net"),))
    sights = tuple(
        Sight(
            name=name,
            view=view,
            answer=by_system if name == EXTERNAL else answer,
            alias=alias if name == EXTERNAL else None,
        )
        for (name, view), answer in HEALTHY.items()
    )
    assert dns_records.judge(Facts(names=NAMES, sights=sights)).answer == "alias-elsewhere"


def test_a_domain_that_does_not_exist_is_first_asked_for_its_spelling() -> None:
    unknown = judged((EXTERNAL, "outside", MISSING), (DOMAIN, "outside", MISSING))
    assert unknown.answer == "external-missing"
    assert f"{DOMAIN} does not exist" in unknown.headline
    assert unknown.detail[0] == f"Is {DOMAIN} spelt right?"
    assert not unknown.remedies[0].cmdlet
    for known in (NO_ADDRESS, at(PROXY)):
        finding = judged((EXTERNAL, "outside", MISSING), (DOMAIN, "outside", known))
        assert EXTERNAL in finding.headline
        assert not any("spelt" in line for line in finding.detail)


@pytest.mark.parametrize(
    ("server", "told"), [("10.1.1.1", True), ("127.0.0.53", True), ("9.9.9.9", False), ("10.1.1.1:5353", False)]
)
def test_a_name_server_of_this_network_is_named_where_the_public_dns_is_meant(server: str, told: bool) -> None:
    missing = msgspec.structs.replace(MISSING, server=server)
    finding = judged((EXTERNAL, "outside", missing), own_view="outside")
    assert any(line.startswith(server) and "--dns-outside 9.9.9.9" in line for line in finding.detail) is told


told = st.sampled_from(
    [MISSING, NO_ADDRESS, FAILS, SILENT, CLOSED, WILD, at(PROXY), at(OF_POOL), at(PROXY, alias="a.contoso.net"),
     at(alias=f"gone.{DOMAIN}", outcome="loop"), at(OF_POOL, alias="webdir.online.lync.com")]
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(HEALTHY, told)), st.sampled_from(["inside", "outside"]))
def test_whatever_is_told_only_what_was_seen_is_a_fault(answers: dict[tuple[str, View], Told], own: View) -> None:
    finding = judged(*((name, view, answer) for (name, view), answer in answers.items()), own_view=own)
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    unseen = {place for place, answer in answers.items() if isinstance(answer, Unanswered) or answer == FAILS}
    if finding.status is Status.OK:
        # Nothing that this seat should have seen is passed over.
        assert all(answers[place] is CLOSED and place[1] != own for place in unseen)
    if unseen == set(answers):
        assert finding.status in {Status.OK, Status.UNKNOWN}
    missing_outside = answers[EXTERNAL, "outside"]
    if finding.answer == "external-missing":
        assert isinstance(missing_outside, Records)
        assert missing_outside.outcome in {"no-such-name", "no-such-record", "loop"}


class World:
    """Answers lookups by view and name, and cmdlets by name; writes down what was asked."""

    def __init__(self, answers: Mapping[Any, Any], server: str = "192.0.2.53") -> None:
        self.answers = answers
        self.server = server
        self.asked: list[Question] = []

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        if isinstance(question, Cmdlet):
            return self.answers.get(question.name, Unanswered(reason=Reason.MISSING_INPUT, detail="No shell."))
        assert isinstance(question, Lookup)
        if question.kind == "CNAME":
            return NO_ADDRESS
        found = self.answers.get((question.name, question.view), MISSING)
        return msgspec.structs.replace(found, server=self.server)

    dns: Any = property(lambda self: self)
    http = tls = host = shell = ports = series = phone = xmpp = dns

    def forget(self) -> None: ...

    def reset(self, *_: Any) -> None: ...

    async def close(self) -> None: ...


async def gathered(world: World, deployment: Deployment) -> Facts:
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now()))
    asking = Asking(world, journal)
    try:
        return await dns_records.gather(Context(deployment, asking))
    finally:
        await asking.close()


SERVICES = Objects(
    objects=(
        {"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": WEB_INTERNAL},
        {"PoolFqdn": "atl-cs-002.litwareinc.com", "ExternalFqdn": "lyncweb-002.litwareinc.com"},
    )
)
DOMAINS = Objects(objects=({"Name": DOMAIN}, {"Identity": EMEA}, {"Name": "no domain"}, {"Name": DOMAIN.upper()}))


async def test_the_topology_tells_the_names_that_nobody_gave() -> None:
    world = World({**HEALTHY, "Get-CsService": SERVICES, "Get-CsSipDomain": DOMAINS})
    facts = await gathered(world, Deployment(domains=(DOMAIN,), pool=POOL))
    assert (facts.names.web, facts.names.web_internal, facts.names.other_domains) == (WEB, WEB_INTERNAL, (EMEA,))
    asked = {(one.name, one.view) for one in world.asked if isinstance(one, Lookup)}
    assert set(HEALTHY) <= asked
    assert asked - set(HEALTHY) == {(f"lyncdiscover.{EMEA}", "outside"), ("lyncweb-002.litwareinc.com", "outside")}
    assert len(world.asked) == len(set(world.asked))
    assert dns_records.judge(facts).answer == "other-domain-missing"


async def test_without_a_shell_the_names_that_were_given_are_looked_up() -> None:
    world = World(HEALTHY)
    place = Deployment(vantage=Vantage.OUTSIDE, domains=(DOMAIN,), pool=POOL, web=WEB, web_internal=WEB_INTERNAL)
    facts = await gathered(world, place)
    assert facts.names.own_view == "outside"
    assert {(sight.name, sight.view) for sight in facts.sights} == set(HEALTHY)
    assert dns_records.judge(facts).answer == "resolves"


async def test_without_any_name_nothing_is_looked_up() -> None:
    world = World({})
    assert dns_records.judge(await gathered(world, Deployment())).answer == "not-seen"
    assert not [one for one in world.asked if isinstance(one, Lookup)]


async def test_an_alias_is_asked_for_where_the_system_told_addresses_alone() -> None:
    world = World(HEALTHY, server="")
    await gathered(world, Deployment(domains=(DOMAIN,)))
    aliases = {(one.name, one.view) for one in world.asked if isinstance(one, Lookup) and one.kind == "CNAME"}
    assert aliases == {(INTERNAL, "inside"), (EXTERNAL, "outside")}
