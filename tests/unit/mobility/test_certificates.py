"""The judgement of certificates side by side: each name as it was presented, and what the Front End has assigned."""

from typing import Any

import msgspec
import pytest

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.assigned_certificates import Assigned, assigned_certificates, lacking
from checks.knowledge.pasted import NotUnderstood, understand
from checks.mobility import certificates
from checks.mobility.certificates import STEP, Facts
from checks.mobility.certificates_problems import Seen
from checks.mobility.phone_names import PhoneName
from checks.model import Finding, Reason, Status
from checks.probes import (
    Certificate,
    Cmdlet,
    CmdletError,
    Handshake,
    Hop,
    NoTls,
    Objects,
    Presented,
    Request,
    Response,
    Unanswered,
    Unreached,
)
from tests.unit.mobility.told import Told

DOMAIN, EMEA = "litwareinc.com", "emea.litwareinc.com"
POOL, WEB, WEB_INTERNAL = f"atl-cs-001.{DOMAIN}", f"lyncweb.{DOMAIN}", f"lyncweb-int.{DOMAIN}"
EXTERNAL, INTERNAL = f"lyncdiscover.{DOMAIN}", f"lyncdiscoverinternal.{DOMAIN}"
OUTSIDE, INSIDE, FRONT_END = Vantage.OUTSIDE, Vantage.INSIDE, Vantage.FRONT_END
NOW = "2026-01-10T12:00:00+00:00"
UNKNOWN_ISSUER: dict[str, Any] = {"verified": False, "rule": "unable to get local issuer certificate"}

NAMES: dict[str, PhoneName] = {
    WEB: PhoneName(host=WEB, role="web"),
    EXTERNAL: PhoneName(host=EXTERNAL, role="external-discovery", domain=DOMAIN),
    f"lyncdiscover.{EMEA}": PhoneName(host=f"lyncdiscover.{EMEA}", role="external-discovery", domain=EMEA),
    WEB_INTERNAL: PhoneName(host=WEB_INTERNAL, role="web-internal"),
    INTERNAL: PhoneName(host=INTERNAL, role="internal-discovery", domain=DOMAIN),
}
OF_SEAT = {OUTSIDE: (WEB, EXTERNAL), INSIDE: (WEB_INTERNAL, INTERNAL, WEB)}


def presented(*names: str, sent: int = 2, leaf: dict[str, Any] | None = None, **more: Any) -> Presented:
    """A certificate for these names that verifies, but for what is told otherwise."""
    own = Certificate(
        subject=f"CN={names[0] if names else 'nobody'}", issuer="CN=Issuing CA", names=names, not_before="2025-01-01T00:00:00+00:00",
        not_after="2027-01-01T00:00:00+00:00",
    )  # fmt: skip
    issuing = Certificate(
        subject="CN=Issuing CA", issuer="CN=Root CA", not_before="2020-01-01T00:00:00+00:00",
        not_after="2030-01-01T00:00:00+00:00",
    )  # fmt: skip
    known: dict[str, Any] = {"address": "192.0.2.1", "protocol": "TLSv1.2", "seen_at": NOW, "verified": True}
    chain = (msgspec.structs.replace(own, **(leaf or {})), issuing)[:sent]
    return Presented(**{**known, "chain": chain, **more})


OF_PROXY, OF_POOL = presented(WEB, EXTERNAL), presented(WEB_INTERNAL, INTERNAL, EXTERNAL)
HEALTHY = {WEB: OF_PROXY, EXTERNAL: OF_PROXY, WEB_INTERNAL: OF_POOL, INTERNAL: OF_POOL}
UNASKED = Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")
NAMELESS, SILENT = NoTls(kind="no-such-name", detail="no name."), NoTls(kind="timeout", detail="no answer.")


def redirect(url: str = "https:\\/\\/lyncweb.litwareinc.com\\/Autodiscover", status: int = 200) -> Response:
    body = f'{{"AccessLocation":"External","Root":{{"Links":[{{"href":"{url}","token":"Redirect"}}]}}}}'
    return Response(hops=(Hop(url=f"http://{EXTERNAL}/", address="192.0.2.1", status=status, body=body),))


def facts(vantage: Vantage, *changes: tuple[str, Any], http: Any = None, **more: Any) -> Facts:
    told = {**HEALTHY, **dict(changes)}
    hosts = dict.fromkeys((*OF_SEAT[INSIDE if vantage is FRONT_END else vantage], *(host for host, _ in changes)))
    seen = tuple(Seen(name=NAMES[host], answer=told[host], http=http if host == EXTERNAL else None) for host in hosts)
    return Facts(vantage=vantage, domains=(DOMAIN,), seen=seen, **more)


def of_proxy(**leaf: Any) -> Presented:
    return presented(WEB, EXTERNAL, leaf=leaf, **UNKNOWN_ISSUER)


BOTH = (WEB, EXTERNAL)
ENDED: dict[str, Any] = {"not_after": "2026-01-10T11:59:59+00:00"}
NOT_BEGUN: dict[str, Any] = {"not_before": "2026-01-10T12:00:01+00:00"}
PRIVATE = presented(WEB_INTERNAL, INTERNAL, **UNKNOWN_ISSUER)
ALONE = presented(WEB_INTERNAL, INTERNAL, sent=1, **UNKNOWN_ISSUER)


def all_of(seen: Any, *hosts: str) -> list[tuple[str, Any]]:
    return [(host, seen) for host in hosts]


TABLE: list[tuple[str, Vantage, list[tuple[str, Any]], dict[str, Any]]] = [
    ("accepted", OUTSIDE, [], {}),
    ("accepted", INSIDE, [], {}),
    ("accepted", INSIDE, [(EXTERNAL, NAMELESS)], {}),
    ("accepted", INSIDE, [(WEB, SILENT)], {}),
    ("accepted", OUTSIDE, all_of(presented(f"*.{DOMAIN}"), *BOTH), {}),
    ("accepted", OUTSIDE, all_of(presented(WEB.upper(), EXTERNAL), *BOTH), {}),
    ("expired", OUTSIDE, all_of(of_proxy(**ENDED), *BOTH), {}),
    ("expired", OUTSIDE, [(EXTERNAL, of_proxy(**ENDED))], {}),
    ("expired", INSIDE, [(INTERNAL, presented(INTERNAL, leaf=ENDED, **UNKNOWN_ISSUER))], {}),
    ("expired", OUTSIDE, [(WEB, presented(leaf=ENDED, **UNKNOWN_ISSUER))], {}),
    ("not-yet-valid", OUTSIDE, all_of(of_proxy(**NOT_BEGUN), *BOTH), {}),
    ("wrong-name", OUTSIDE, [(WEB, presented(EXTERNAL, **UNKNOWN_ISSUER))], {}),
    ("wrong-name", OUTSIDE, [(WEB, presented(EXTERNAL))], {}),
    ("wrong-name", OUTSIDE, [(WEB, presented())], {}),
    ("wrong-name", OUTSIDE, [(WEB, presented(leaf={"subject": f"CN=*.{DOMAIN}"}))], {}),
    ("wrong-name", OUTSIDE, [(WEB, presented("*.com"))], {}),
    ("wrong-name", OUTSIDE, [(f"lyncdiscover.{EMEA}", presented(f"*.{DOMAIN}"))], {}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented(WEB))], {}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented(WEB))], {"http": redirect(status=404)}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented(WEB))], {"http": redirect("http:\\/\\/lyncweb.litwareinc.com\\/")}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented(WEB))],
     {"http": Unreached(phase="connect", kind="refused", detail="It refuses.")}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented(WEB))],
     {"http": Response(hops=(Hop(url="http://x/", address="", status=200, body="<html>redirect</html>"),))}),
    ("wrong-name", INSIDE, [(INTERNAL, presented(WEB_INTERNAL))], {}),
    ("name-missing-http-used", OUTSIDE, [(EXTERNAL, presented(WEB))], {"http": redirect()}),
    ("wrong-name", OUTSIDE, [(EXTERNAL, presented("x.y.z")), (WEB, presented("x.y.z"))], {"http": redirect()}),
    ("untrusted", OUTSIDE, all_of(of_proxy(), *BOTH), {}),
    ("untrusted", OUTSIDE, [(WEB, presented(WEB, sent=1, leaf={"self_signed": True}, **UNKNOWN_ISSUER))], {}),
    ("untrusted", INSIDE, [(WEB_INTERNAL, presented(WEB_INTERNAL, sent=1, leaf={"self_signed": True}, **UNKNOWN_ISSUER))], {}),
    ("incomplete-chain", OUTSIDE, [(WEB, presented(WEB, EXTERNAL, sent=1, **UNKNOWN_ISSUER))], {}),
    ("incomplete-chain", INSIDE, [(WEB, presented(WEB, sent=1, **UNKNOWN_ISSUER))], {}),
    ("incomplete-chain", OUTSIDE, [(WEB, of_proxy(issuer="CN=Other CA"))], {}),
    ("private-authority", INSIDE, all_of(PRIVATE, WEB_INTERNAL, INTERNAL), {}),
    ("private-authority", INSIDE, all_of(ALONE, WEB_INTERNAL, INTERNAL), {}),
    ("private-authority", INSIDE, all_of(presented(WEB_INTERNAL, INTERNAL, EXTERNAL, **UNKNOWN_ISSUER), WEB_INTERNAL, INTERNAL, EXTERNAL), {}),
    ("untrusted", INSIDE, [*all_of(PRIVATE, WEB_INTERNAL, INTERNAL), (WEB, of_proxy())], {}),
    ("weak", OUTSIDE, [(WEB, presented(WEB, verified=False, rule="EE certificate key too weak"))], {}),
    ("old-protocol", OUTSIDE, [(WEB, presented(WEB, only_old=True, protocol="TLSv1", verified=False))], {}),
    ("old-protocol", OUTSIDE, [(WEB, presented(WEB, only_old=True, protocol="TLSv1", leaf=ENDED, verified=False))], {}),
    ("tls-failed", OUTSIDE, [(WEB, NoTls(kind="not-tls", detail="plain text."))], {}),
    ("tls-failed", OUTSIDE, [(WEB, NoTls(kind="silence", detail="It took the connection."))], {}),
    ("tls-failed", OUTSIDE, [(WEB, NoTls(kind="reset", detail="It closed."))], {}),
    ("tls-failed", OUTSIDE, [(WEB, presented(WEB, leaf={"subject": "", "problem": "no DER"}, verified=False))], {}),
    ("old-protocol-untested", OUTSIDE, [(WEB, NoTls(kind="alert", detail="handshake failure", old_protocols_tried=False))], {}),
    ("not-seen", OUTSIDE, all_of(UNASKED, *BOTH), {}),
    ("not-seen", OUTSIDE, [(EXTERNAL, UNASKED)], {}),
    ("not-seen", OUTSIDE, all_of(SILENT, *BOTH), {}),
    ("not-seen", OUTSIDE, all_of(NAMELESS, *BOTH), {}),
    # Nothing in it explains the refusal: the clocks may differ.
    ("not-seen", OUTSIDE, [(WEB, presented(WEB, verified=False, rule="certificate has expired (code 10)"))], {}),
    ("expired", OUTSIDE, [(WEB, of_proxy(**ENDED)), (EXTERNAL, UNASKED)], {}),
    ("assigned-expired", FRONT_END, [], {"assigned": (Assigned(use="WebServicesExternal", not_after="2026-01-09T23:00:00Z"),)}),
    ("accepted", FRONT_END, [], {"assigned": (Assigned(use="WebServicesExternal", not_after="2026-01-10T03:00:00Z"),)}),
    ("accepted", FRONT_END, [], {"assigned": (Assigned(use="Default", not_after=""),)}),
    ("assigned-name-missing", FRONT_END, [], {"assigned": tuple(Assigned(use=use, names=(INTERNAL,)) for use in ("Default", "WebServicesInternal", "WebServicesExternal"))}),
    ("accepted", FRONT_END, [], {"assigned": tuple(Assigned(use=use, names=(INTERNAL,)) for use in ("Default", "WebServicesInternal"))}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "vantage", "changes", "more"), TABLE)
def test_judgement(answer: str, vantage: Vantage, changes: list[tuple[str, Any]], more: dict[str, Any]) -> None:
    check(certificates.judge(facts(vantage, *changes, **more)), answer)


def check(finding: Finding, answer: str) -> None:
    assert finding.answer == answer, finding.headline
    assert finding.headline.endswith(".")
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
    assert (finding.reason is None) == (finding.status is not Status.UNKNOWN)
    assert bool(finding.command) == (finding.status is Status.UNKNOWN)
    assert all(remedy.verify and remedy.risk and remedy.who for remedy in finding.remedies)


def test_every_answer_of_the_step_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_no_names_at_all_is_missing_input() -> None:
    check(certificates.judge(Facts(vantage=OUTSIDE)), "not-seen")


def test_one_certificate_is_one_fault_however_many_names_present_it() -> None:
    finding = certificates.judge(facts(OUTSIDE, *all_of(of_proxy(**ENDED), *BOTH)))
    assert WEB in finding.headline
    assert EXTERNAL in finding.headline
    assert "the reverse proxy" in finding.headline
    assert not any("ended" in line for line in finding.detail)


def test_two_certificates_with_faults_are_both_named() -> None:
    seen = facts(INSIDE, (WEB, of_proxy(**ENDED)), (INTERNAL, presented(WEB_INTERNAL)))
    finding = certificates.judge(seen)
    assert finding.answer == "expired"
    assert any(INTERNAL in line and "the Front End" in line for line in finding.detail)


def test_a_missing_name_tells_whose_phones_it_keeps_out() -> None:
    finding = certificates.judge(facts(OUTSIDE, (f"lyncdiscover.{EMEA}", OF_PROXY)))
    assert f"lyncdiscover.{EMEA}" in finding.headline
    assert any(line.endswith(f"in {EMEA} look for that name.") for line in finding.detail)


def test_all_broken_rules_are_told_the_decisive_one_first() -> None:
    finding = certificates.judge(facts(OUTSIDE, (WEB, presented("other.example", leaf=ENDED, **UNKNOWN_ISSUER))))
    assert finding.answer == "expired"
    assert any("other.example" in line for line in finding.detail)


def test_a_new_certificate_keeps_the_names_that_are_ours() -> None:
    seen = presented(WEB, EXTERNAL, f"meet.{DOMAIN}", "shop.fabrikam.com", leaf=ENDED, **UNKNOWN_ISSUER)
    request, bring = certificates.judge(facts(OUTSIDE, *all_of(seen, *BOTH))).remedies
    assert request.cmdlet == "Request-CsCertificate"
    assert request.parameters["DomainName"].split(",") == [WEB, EXTERNAL, f"meet.{DOMAIN}"]
    assert request.parameters["Type"] == "WebServicesExternal"
    assert bring.cmdlet == "Import-CsCertificate"
    inside = presented(WEB_INTERNAL, INTERNAL, leaf=ENDED, **UNKNOWN_ISSUER)
    finding = certificates.judge(facts(INSIDE, *all_of(inside, WEB_INTERNAL, INTERNAL)))
    assert finding.remedies[0].parameters["Type"] == ("Default", "WebServicesInternal", "WebServicesExternal")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (presented(f"*.{DOMAIN}"), "Lync Phone Edition"),
        (presented(WEB, EXTERNAL, sent=1), "Android"),
        (OF_PROXY, ""),
    ],
)
def test_what_some_clients_refuse_is_told_though_it_is_right(seen: Presented, said: str) -> None:
    finding = certificates.judge(facts(OUTSIDE, *all_of(seen, *BOTH)))
    assert finding.answer == "accepted"
    told = " ".join(finding.detail)
    assert said in told if said else "Android" not in told and "Lync Phone Edition" not in told


def test_facts_survive_the_journal() -> None:
    before = facts(
        FRONT_END, (EXTERNAL, presented(WEB)), http=redirect(), assigned=(Assigned(use="Default", names=("x",)),)
    )
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(before)), Facts) == before


# What the Front End has assigned.


def test_a_certificate_that_is_assigned_anew_loses_no_name_of_ours() -> None:
    held = (INTERNAL, WEB_INTERNAL, f"meet.{DOMAIN}", "shop.fabrikam.com")
    assigned = tuple(Assigned(use=use, names=held) for use in ("Default", "WebServicesInternal", "WebServicesExternal"))
    finding = certificates.judge(facts(FRONT_END, assigned=assigned))
    assert finding.answer == "assigned-name-missing"
    request, _ = finding.remedies
    assert set(request.parameters["DomainName"].split(",")) == {EXTERNAL, INTERNAL, WEB_INTERNAL, f"meet.{DOMAIN}"}


SHOWN = """
Issuer           : CN=FabrikamCA
NotAfter         : 12/28/2015 3:35:41 PM
NotBefore        : 1/2/2014 12:49:37 PM
SerialNumber     : 611BB01200000000000C
Subject          : CN=LYNC-SE.fabrikam.com
AlternativeNames : {sip.fabrikam.com, LYNC-SE.fabrikam.com,
                   meet.fabrikam.com, admin.fabrikam.com...}
Thumbprint       : A9D51A2911C74FABFF7F2A8A994B20857D399107
Use              : Default

"""
TABLE_SHOWN = """
Use                SerialNumber         NotAfter
---                ------------         --------
Default            611BB01200000000000C 12/28/2015 3:35:41 PM
WebServicesInteral 32980AA20BBB20000191 02/15/2016 2:16:12 PM
"""


def pasted(text: str) -> tuple[Assigned, ...]:
    answer = understand(Cmdlet(name="Get-CsCertificate"), text)
    assert isinstance(answer, Objects), answer
    return assigned_certificates(answer)


def test_names_that_were_cut_are_not_judged() -> None:
    (one,) = pasted(SHOWN)
    assert (one.use, one.names, one.not_after) == ("Default", None, "2015-12-28")
    assert [each.use for each in pasted(TABLE_SHOWN)] == ["Default", "WebServicesInternal"]
    assert lacking([one], ["x.y"]) == ()


@pytest.mark.parametrize(
    ("shown", "ended"),
    [
        ("2026-01-09T23:59:59Z", True),
        ("2026-01-10T00:00:00+00:00", False),
        ("12/28/2015 3:35:41 PM", True),
        ("28.12.2015 15:35:41", True),
        ("28/12/2015 15:35:41", True),
        ("2015-12-28 15:35:41", True),
        ("2015. 12. 28. 오후 3:35:41", True),
        # The third of December or the twelfth of March: one of the two has not come yet.
        ("03/12/2025 15:35:41", True),
        ("01/12/2026 15:35:41", False),
        ("12/01/2026 15:35:41", False),
        # Other calendars, two digits, no date at all.
        ("28/12/2569 15:35:41", False),
        ("07/10/1394 15:35:41", False),
        ("28/12/15 15:35:41", False),
        ("13/13/2015", False),
        ("", False),
        ("yesterday", False),
    ],
)
def test_a_date_has_ended_only_where_it_has_in_whatever_order_it_was_written(shown: str, ended: bool) -> None:
    (one,) = assigned_certificates(Objects(objects=({"Use": "Default", "NotAfter": shown},)))
    assert one.ended_before(NOW) is ended


def test_a_missing_module_is_no_fault() -> None:
    text = "Get-CsCertificate : The term 'Get-CsCertificate' is not recognized as the name of a cmdlet\n    + FullyQualifiedErrorId : CommandNotFoundException\n"
    answer = understand(Cmdlet(name="Get-CsCertificate"), text)
    assert (
        isinstance(answer, NotUnderstood)
        or assigned_certificates(answer if isinstance(answer, Objects) else Objects()) == ()
    )


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ((EXTERNAL, INTERNAL), ()),
        ((f"*.{DOMAIN}",), ()),
        ((EXTERNAL,), (INTERNAL,)),
        ((), (EXTERNAL, INTERNAL)),
    ],
)
def test_a_name_may_stand_in_any_of_the_three(held: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assigned = [
        Assigned(use="Default", names=held),
        Assigned(use="WebServicesInternal", names=("x",)),
        Assigned(use="WebServicesExternal", names=()),
    ]
    assert lacking(assigned, (EXTERNAL, INTERNAL)) == missing
    assert lacking([*assigned, Assigned(use="Default", names=None)], (EXTERNAL, INTERNAL)) == ()


# What is asked.


class World(Told):
    """Answers cmdlets as told, handshakes by host, and writes down what was asked of the network."""

    def __init__(self, shown: dict[str, Any], **says: Any) -> None:
        super().__init__({name.replace("_", "-"): answer for name, answer in says.items()})
        self.asked: list[Any] = []
        self._shown = shown

    async def ask(self, question: Any) -> Any:
        if isinstance(question, Cmdlet):
            return await super().ask(question)
        self.asked.append(question)
        return self._shown.get(question.host, NAMELESS) if isinstance(question, Handshake) else redirect()


async def gathered(world: World, place: Deployment) -> Facts:
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    return await STEP.gather(Context(place, Asking(world, record)))


NAMED: dict[str, Any] = {"domains": (DOMAIN,), "pool": POOL, "web": WEB, "web_internal": WEB_INTERNAL}


@pytest.mark.parametrize(
    ("vantage", "hosts"),
    [
        (OUTSIDE, {WEB, EXTERNAL}),
        (Vantage.EDGE, {WEB, EXTERNAL}),
        (INSIDE, {WEB_INTERNAL, INTERNAL, WEB, EXTERNAL}),
        (FRONT_END, {WEB_INTERNAL, INTERNAL, WEB, EXTERNAL}),
    ],
)
async def test_each_name_is_looked_at_once_and_healthy_is_accepted(vantage: Vantage, hosts: set[str]) -> None:
    world = World(dict(HEALTHY))
    finding = certificates.judge(await gathered(world, Deployment(vantage=vantage, **NAMED)))
    assert sorted(one.host for one in world.asked) == sorted(hosts)
    assert finding.answer == "accepted"


async def test_port_80_is_asked_where_a_discovery_name_is_missing_alone() -> None:
    world = World({WEB: OF_PROXY, EXTERNAL: presented(WEB)})
    finding = certificates.judge(await gathered(world, Deployment(vantage=OUTSIDE, **NAMED)))
    assert [one.url for one in world.asked if isinstance(one, Request)] == [f"http://{EXTERNAL}/"]
    assert finding.answer == "name-missing-http-used"


async def test_every_sip_domain_of_the_topology_is_looked_at() -> None:
    told = Objects(objects=({"Name": DOMAIN}, {"Name": EMEA}))
    world = World({WEB: OF_PROXY, EXTERNAL: OF_PROXY, f"lyncdiscover.{EMEA}": OF_PROXY}, Get_CsSipDomain=told)
    finding = certificates.judge(await gathered(world, Deployment(vantage=OUTSIDE, web=WEB)))
    assert EMEA in finding.headline


async def test_a_shell_without_the_cmdlet_leaves_the_handshakes_to_tell() -> None:
    denied = Objects(errors=(CmdletError(message="not recognized", id="CommandNotFoundException"),))
    world = World(dict(HEALTHY), Get_CsCertificate=denied)
    assert certificates.judge(await gathered(world, Deployment(vantage=FRONT_END, **NAMED))).answer == "accepted"
