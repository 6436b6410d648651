"""Sound XMPP deployments that are not the lab's: nothing of them is a fault, and what was not seen is none either."""

import asyncio
import gc
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Concluded, Journal, now
from checks.knowledge.pasted import understand
from checks.knowledge.xmpp.names import PresentedNames
from checks.model import Finding, Reason, Status, Step, Verdict
from checks.probes import (
    Cmdlet,
    Lookup,
    Objects,
    Question,
    Records,
    Socket,
    Sockets,
    SocketTable,
    Stream,
    StreamFacts,
    Unanswered,
)
from checks.probes.xmpp_facts import Attempt, Features, Header, Opening, Secured
from checks.walk import Walk, verdict_of
from checks.xmpp.runbook import XMPP
from tests.unit.xmpp import names
from tests.unit.xmpp.peers import (
    EDGE,
    HEADER,
    OURS,
    OVER_TLS,
    PARTNER,
    SERVER,
    attempt,
    presented,
    secured,
    seen,
    unreached,
)

USER, POOL, INNER = f"sip:kenmyer@{OURS}", f"atl-cs-001.{OURS}", f"atl-edge-001.{OURS}"
STEPS = [pytest.param(stage.step, id=stage.step.id) for stage in XMPP.stages]
SEATS = tuple(Vantage)
EVERYTHING: dict[str, Any] = {
    "domains": (OURS,), "pool": POOL, "edge": INNER, "users": (USER,), "partners": (PARTNER,),
    "receiver": f"adelany@{PARTNER}",
}  # fmt: skip


class World:
    """Answers cmdlets, names and streams by name or domain; whatever else is asked, nobody here can tell."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers = answers or {}
        self.asked: list[Question] = []

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        match question:
            case Lookup(name=known, kind="ADDRESS") if f"A {known}" in self.answers:
                return self.answers[f"A {known}"]
            case Cmdlet(name=known) | Lookup(name=known) | Stream(domain=known) if known in self.answers:
                return self.answers[known]
            case Sockets() if "sockets" in self.answers:
                return self.answers["sockets"]
            case Lookup(view="outside"):
                return Records(outcome="no-such-name", server="192.0.2.53")
        return Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.", command=question.typed())

    dns: Any = property(lambda self: self)
    http = tls = host = shell = ports = series = phone = xmpp = dns

    def forget(self) -> None: ...

    def reset(self, *_: Any) -> None: ...

    async def close(self) -> None: ...


class Mute(World):
    """A world in which no question ever ends by itself."""

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        return await asyncio.Event().wait()


def journal_of(place: Deployment) -> Journal:
    return Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now()))


async def walked(place: Deployment, answers: Mapping[str, Any]) -> tuple[Verdict, dict[str, Finding]]:
    """A whole walk in such a world: the verdict, and what each step concluded."""
    journal = journal_of(place)
    walk = Walk(XMPP, place, Asking(World(answers), journal), journal)
    verdict = await walk.run_all()
    return verdict, {step: concluded.finding for step, concluded in journal.concluded.items()}


# Time, and what is left over when it ends.


@pytest.fixture
def little_to_collect() -> Iterator[None]:
    """What the session holds already is not looked through again by each collection of garbage."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("little_to_collect")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("vantage", SEATS)
async def test_a_gather_that_is_cancelled_leaves_no_question_unawaited(step: Step[Any], vantage: Vantage) -> None:
    place = Deployment(vantage=vantage, **EVERYTHING)
    asking = Asking(World(), journal_of(place))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for rounds in range(12):
            task = asyncio.ensure_future(step.gather(Context(place, asking, may_act=True)))
            for _ in range(rounds):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            del task
        await asking.close()
        gc.collect()
    assert not [str(one.message) for one in warned if "never awaited" in str(one.message)]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("vantage", SEATS)
async def test_where_nothing_ever_answers_nothing_is_a_fault(step: Step[Any], vantage: Vantage) -> None:
    place = Deployment(vantage=vantage, **EVERYTHING)
    asking = Asking(Mute(), journal_of(place))
    facts = await asyncio.wait_for(step.gather(Context(place, asking, may_act=True).bounded(0.02)), 20)
    finding = step.judge(facts)
    assert finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}, finding.headline
    await asking.close()


class WithoutNames(World):
    """All but the name servers answer."""

    async def ask(self, question: Any) -> Any:
        if isinstance(question, Lookup):
            await asyncio.Event().wait()
        return await super().ask(question)


async def test_sockets_are_judged_although_no_name_server_ever_answers() -> None:
    sockets = SocketTable(
        sockets=tuple(Socket(address="10.45.16.10", port=port, state="LISTEN") for port in (5269, 23456))
    )
    domains = tuple(f"d{number}.{OURS}" for number in range(8))
    place = Deployment(vantage=Vantage.EDGE, domains=domains, edge=INNER)
    asking = Asking(WithoutNames({"sockets": sockets}), journal_of(place))
    step = XMPP.stage("xmpp.listening").step
    facts = await step.gather(Context(place, asking).bounded(0.05))
    assert step.judge(facts).answer == "listening"
    await asking.close()


# Anybody's server of XMPP, seen from outside, with no Lync at all.


def found(*attempts: Attempt, **more: Any) -> StreamFacts:
    facts = seen(*attempts, **more).facts
    assert isinstance(facts, StreamFacts)
    return facts


def record(domain: str, *targets: tuple[str, str]) -> dict[str, Any]:
    """The answers of DNS for a domain: each target of the SRV record with its address."""
    answers: dict[str, Any] = {f"_xmpp-server._tcp.{domain}": names.srv(*((host, 5269) for host, _ in targets))}
    return answers | {host: names.sight(host, address).answer for host, address in targets}


ANYWHERE = Deployment(vantage=Vantage.OUTSIDE, partners=(PARTNER,))
ONE = "131.107.1.1"
FIVE = tuple((f"s2s{number}.{PARTNER}", f"131.107.1.{number}") for number in range(1, 6))


def tls(*held: str, **more: Any) -> Attempt:
    return attempt(SERVER, ONE, secured=secured(presented(*held, **more)))


GOOD = presented(SERVER, PARTNER)
OF_OLD = attempt(
    SERVER, ONE, secured=Secured(tls=presented(), names=PresentedNames(common=(PARTNER,)), opening=OVER_TLS)
)
BEFORE_1_0 = Opening(header=Header(id="s1"))
FOR_ALL = Opening(header=HEADER, features=Features(mechanisms=("EXTERNAL",), dialback=True))
SELF_SIGNED_TLS = presented(
    SERVER, PARTNER, sent=1, leaf={"self_signed": True}, verified=False, rule="self-signed certificate"
)
SELF_SIGNED = attempt(SERVER, ONE, secured=secured(SELF_SIGNED_TLS))
OF_ANYBODY: dict[str, tuple[dict[str, Any], str | None]] = {
    "a sound server": (record(PARTNER, (SERVER, ONE)) | {PARTNER: found(tls(SERVER, PARTNER))}, None),
    "a big hoster of whose five servers one is down": (
        record(PARTNER, *FIVE)
        | {PARTNER: found(unreached(*FIVE[0]), *(attempt(host, address) for host, address in FIVE[1:]))},
        "xmpp.partner-ports/some-closed",
    ),
    "a server with IPv6, seen from where there is none": (
        record(PARTNER, (SERVER, ONE))
        | {PARTNER: found(unreached(SERVER, "2001:db8::1", "no-route"), tls(SERVER, PARTNER))},
        None,
    ),
    "a wildcard that does not stand for the domain itself": (
        record(PARTNER, (SERVER, ONE)) | {PARTNER: found(tls(SERVER, f"*.{PARTNER}"))},
        "xmpp.partner-certificate/wrong-name",
    ),
    "a certificate of old, with the domain as its common name alone": (
        record(PARTNER, (SERVER, ONE)) | {PARTNER: found(OF_OLD)},
        "xmpp.partner-certificate/common-name",
    ),
    "a server from before XMPP 1.0": (
        record(PARTNER, (SERVER, ONE)) | {PARTNER: found(attempt(SERVER, ONE, plain=BEFORE_1_0, secured=None))},
        None,
    ),
    "a server that offers SASL EXTERNAL to everybody": (
        record(PARTNER, (SERVER, ONE)) | {PARTNER: found(attempt(SERVER, ONE, secured=secured(GOOD, FOR_ALL)))},
        None,
    ),
    "no record, and a server at the domain's own address": (
        {f"A {PARTNER}": names.sight(PARTNER, ONE).answer}
        | {PARTNER: found(attempt(PARTNER, ONE), way="no-record", services=names.NO_NAME)},
        "xmpp.partner-dns/no-record",
    ),
}


@pytest.mark.parametrize(("answers", "cause"), OF_ANYBODY.values(), ids=OF_ANYBODY)
async def test_any_server_of_xmpp_is_judged_by_its_domain_alone(answers: dict[str, Any], cause: str | None) -> None:
    verdict, concluded = await walked(ANYWHERE, answers)
    assert verdict.cause == cause, verdict.headline
    assert verdict.unknown == ()
    of_lync = [
        finding.status for step, finding in concluded.items() if "partner-" not in step and step != "xmpp.negotiation"
    ]
    assert set(of_lync) <= {Status.NOT_APPLICABLE, Status.SKIPPED}


@pytest.mark.parametrize(
    ("sasl", "dialback", "offers", "answer"),
    [
        ("NotSupported", True, True, "dialback-alone"),
        ("Optional", True, True, "dialback-instead"),
        ("Optional", False, True, "untrusted"),
        ("Required", True, True, "dialback-instead"),
        ("Optional", True, False, "untrusted"),
    ],
)
async def test_where_our_settings_go_by_dialback_a_self_signed_certificate_is_no_fault_of_the_partner(
    sasl: str, dialback: bool, offers: bool, answer: str
) -> None:
    without = Opening(header=HEADER, features=Features(starttls="offered"))
    server = (
        SELF_SIGNED
        if offers
        else msgspec.structs.replace(
            SELF_SIGNED, plain=without, secured=secured(SELF_SIGNED_TLS, Opening(header=HEADER, features=Features()))
        )
    )
    allowed = {
        "Identity": PARTNER, "AdditionalDomains": [], "TlsNegotiation": "Optional", "SaslNegotiation": sasl,
        "SupportDialbackNegotiation": dialback, "PartnerType": "Federated",
    }  # fmt: skip
    told = record(PARTNER, (SERVER, ONE)) | {PARTNER: found(server)}
    at_edge = Deployment(vantage=Vantage.EDGE, partners=(PARTNER,))
    _, concluded = await walked(at_edge, told | {"Get-CsXmppAllowedPartner": Objects(objects=(allowed,))})
    assert concluded["xmpp.partner-certificate"].answer == answer, concluded["xmpp.partner-certificate"].headline


# What a person pasted, and nothing else: the rest is unknown, and never a fault of the server.

NETSTAT = {
    "German": """
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    10.45.16.10:5269       0.0.0.0:0              ABHÖREN          2148
  TCP    192.168.218.10:23456   0.0.0.0:0              ABHÖREN          2148
  TCP    192.168.218.10:23456   192.168.21.120:51234   HERGESTELLT      2148
""",
    "French": """
Connexions actives

  Proto  Adresse locale         Adresse distante       État
  TCP    10.45.16.10:5269       0.0.0.0:0              LISTENING       2148
  TCP    192.168.218.10:23456   0.0.0.0:0              LISTENING       2148
""",
}


@pytest.mark.parametrize("text", NETSTAT.values(), ids=NETSTAT)
async def test_an_edge_behind_nat_of_which_only_netstat_was_pasted(text: str) -> None:
    """It listens on addresses that are not the ones of DNS."""
    place = Deployment(vantage=Vantage.EDGE, domains=(OURS,), edge=INNER, partners=(PARTNER,))
    pasted = understand(Sockets(ports=(5269, 23456), on="edge"), text)
    assert isinstance(pasted, SocketTable)
    sound = (
        record(OURS, (EDGE, "131.107.155.10")) | record(PARTNER, (SERVER, ONE)) | {PARTNER: found(tls(SERVER, PARTNER))}
    )
    verdict, concluded = await walked(place, sound | {"sockets": pasted})
    assert verdict.cause is None, verdict.headline
    assert concluded["xmpp.listening"].answer == "listening"
    assert {"xmpp.services", "xmpp.federation", "xmpp.partner"} <= set(verdict.unknown)
    assert not {"xmpp.route", "xmpp.policy", "xmpp.replication"} & set(verdict.unknown)


async def test_a_port_that_may_have_been_changed_is_said_to_be_the_usual_one() -> None:
    half = SocketTable(sockets=(Socket(address="10.45.16.10", port=5269, state="LISTEN"),))
    ports = {"PoolFqdn": INNER, "XmppListeningPort": 5269, "XmppInternalPort": 23456}
    for told, guessed in (({}, True), ({"Get-CsService": Objects(objects=(ports,))}, False)):
        _, concluded = await walked(Deployment(vantage=Vantage.EDGE, edge=INNER), told | {"sockets": half})
        finding = concluded["xmpp.listening"]
        assert finding.answer == "only-external"
        assert any("the usual ones" in line for line in finding.detail) is guessed


def replica(fqdn: str, up_to_date: str = "True") -> dict[str, Any]:
    return {"ReplicaFqdn": fqdn, "UpToDate": up_to_date, "LastStatusReport": "28.12.2015 15:35:41"}


async def test_a_front_end_whose_copy_was_not_shown_is_not_said_to_have_it() -> None:
    first, second = f"fe01.{OURS}", f"fe02.{OURS}"
    told = {
        "Get-CsPool": Objects(
            objects=({"Identity": POOL, "Fqdn": POOL, "Computers": [first, second], "Services": []},)
        ),
        "Get-CsManagementStoreReplicationStatus": Objects(objects=(replica(INNER), replica(first))),
    }
    _, concluded = await walked(Deployment(vantage=Vantage.FRONT_END, pool=POOL, edge=INNER), told)
    finding = concluded["xmpp.replication"]
    assert finding.answer == "up-to-date"
    assert first in finding.headline
    assert second not in finding.headline


@pytest.mark.parametrize(("named", "answer"), [((), "other-domain-missing"), ((OURS, f"emea.{OURS}"), "missing")])
async def test_of_domains_that_nobody_named_one_without_a_record_may_be_meant_so(
    named: tuple[str, ...], answer: str
) -> None:
    domains = Objects(objects=({"Identity": OURS, "Name": OURS}, {"Identity": f"emea.{OURS}", "Name": f"emea.{OURS}"}))
    told = record(OURS, (EDGE, "131.107.155.10")) | {"Get-CsSipDomain": domains}
    _, concluded = await walked(Deployment(vantage=Vantage.FRONT_END, domains=named), told)
    assert concluded["xmpp.dns"].answer == answer, concluded["xmpp.dns"].headline


# What a fault explains, and what it does not.


@pytest.mark.parametrize(
    ("service", "route", "cause"),
    [
        ("proxy-absent", "no-route", "xmpp.route/no-route"),
        ("proxy-absent", "leads-elsewhere", "xmpp.route/leads-elsewhere"),
        ("proxy-stopped", "edge-unknown", "xmpp.route/edge-unknown"),
        ("gateway-absent", "leads-elsewhere", "xmpp.services/gateway-absent"),
        ("gateway-stopped", "leads-elsewhere", "xmpp.services/gateway-stopped"),
        ("gateway-stopped", "no-route", "xmpp.services/gateway-stopped"),
        ("proxy-absent", "site-without-route", "xmpp.services/proxy-absent"),
    ],
)
def test_a_route_to_another_edge_explains_why_this_one_has_nothing_and_no_more(
    service: str, route: str, cause: str
) -> None:
    journal = journal_of(Deployment(vantage=Vantage.FRONT_END))
    for step, answer in (("xmpp.services", service), ("xmpp.route", route)):
        finding = XMPP.stage(step).step.outcomes.finding(answer, answer)
        journal.add(Concluded(step=step, finding=finding, at=now()))
    assert verdict_of(XMPP, journal).cause == cause


def test_what_follows_from_another_fault_is_not_said_to_follow_from_the_cause() -> None:
    journal = journal_of(Deployment(vantage=Vantage.FRONT_END))
    told = (("xmpp.product", "branch-appliance"), ("xmpp.services", "proxy-absent"), ("xmpp.route", "no-route"))
    for step, answer in told:
        finding = XMPP.stage(step).step.outcomes.finding(answer, answer)
        journal.add(Concluded(step=step, finding=finding, at=now()))
    verdict = verdict_of(XMPP, journal)
    assert verdict.cause == "xmpp.product/branch-appliance"
    assert set(verdict.also) == {"xmpp.services/proxy-absent", "xmpp.route/no-route"}
    assert not verdict.consequences
