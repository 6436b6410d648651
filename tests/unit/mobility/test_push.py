"""The judgement of push notifications: a table over every answer, and what was not shown is never a fault."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.deployment import Deployment, Product
from checks.knowledge.pasted import understand
from checks.knowledge.push_objects import Federating, Filter, Mcx, Provider, Switches, lists_domain
from checks.knowledge.shell_answers import Unseen
from checks.mobility import push
from checks.mobility.push import Facts, Published
from checks.model import Reason, Status
from checks.probes import Cmdlet, Objects, Record, Records, Unanswered

POOL, DOMAIN = "atl-cs-001.litwareinc.com", "litwareinc.com"
NAME = f"_sipfederationtls._tcp.{DOMAIN}"
ON, OFF = (
    Switches(identity="Global", apple=True, microsoft=True),
    Switches(identity="Global", apple=False, microsoft=False),
)
SITE_ON, SITE_OFF = replace(ON, identity="Site:Redmond"), replace(OFF, identity="Site:Redmond")
PROVIDER = Provider(identity="LyncOnline", proxy="sipfed.online.lync.com", enabled=True)
OTHER = Provider(identity="Fabrikam.com", proxy="proxyserver.fabrikam.com", enabled=True)
FOUND = Records(outcome="found", records=(Record(name=NAME, kind="SRV", value="sip.litwareinc.com", port=5061),))
NO_SERVER = Unanswered(reason=Reason.MISSING_INPUT, detail="No name server.", command=f"Resolve-DnsName {NAME}")
LINKS = ("ftp:", "http:", "https:", "www*")
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-Something")
NO_SHELL = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)

OPEN = Facts(
    product=Product.LYNC_2013,
    pool=POOL,
    site="Redmond",
    switches=(ON,),
    mcx=(Mcx(identity="Global", proxy_uri="sip:push@push.lync.com"),),
    federating=Federating(allowed=True, discovery=False),
    providers=(OTHER, PROVIDER),
    domain_allowed=True,
    published=(Published(domain=DOMAIN, answer=FOUND),),
    filters=(Filter(identity="Global", enabled=True, action="Allow", prefixes=LINKS),),
)


def mcx(uri: str | None, identity: str = "Global") -> Mcx:
    return Mcx(identity=identity, proxy_uri=uri)


def filtering(action: str = "Block", enabled: bool | None = True, prefixes: tuple[str, ...] | None = LINKS) -> Filter:
    return Filter(identity="Global", enabled=enabled, action=action, prefixes=prefixes)


def published(answer: Records | Unanswered) -> tuple[Published, ...]:
    return (Published(domain=DOMAIN, answer=answer),)


ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("on", {}),
    ("on", {"product": None}),
    ("on", {"switches": (replace(ON, apple=False),)}),
    ("on", {"switches": (replace(ON, apple=None),)}),
    ("on", {"switches": (OFF, SITE_ON)}),
    ("on", {"mcx": (mcx("sip:other@litwareinc.com"), mcx("SIP:Push@push.lync.com", f"Service:WebServer:{POOL}"))}),
    ("on", {"providers": (replace(PROVIDER, identity="Anything", proxy="SIPFED.online.lync.com"),)}),
    ("on", {"federating": Federating(allowed=True, discovery=None)}),
    ("on", {"published": published(NO_SERVER)}),
    ("on", {"filters": (filtering(enabled=False),)}),
    ("on", {"filters": (filtering("Warn"),)}),
    ("on", {"filters": (filtering("Allow", prefixes=None),)}),
    ("on", {"filters": (filtering(prefixes=("ftp:", "sip:")),)}),
    ("on", {"filters": (filtering(), replace(filtering("Allow"), identity="Site:Redmond"))}),
    ("on", {"unseen": {"Get-CsHostingProvider": DENIED, "Get-CsAllowedDomain": DENIED}}),
    ("off", {"switches": (OFF,)}),
    ("off", {"switches": (OFF, SITE_OFF), "site": ""}),
    ("off", {"switches": (ON, SITE_OFF)}),
    ("off", {"switches": (OFF,), "federating": None, "providers": (), "domain_allowed": None}),
    ("proxy-changed", {"mcx": (mcx("sip:push@litwareinc.com"),)}),
    ("proxy-changed", {"mcx": (mcx(""),)}),
    ("proxy-changed", {"mcx": (mcx("sip:x@y"),), "providers": (), "published": published(Records(outcome="no-such-name"))}),
    ("federation-off", {"federating": Federating(allowed=False, discovery=False)}),
    ("federation-off", {"federating": Federating(allowed=False, discovery=True), "domain_allowed": False}),
    ("provider-missing", {"providers": (OTHER,)}),
    ("provider-missing", {"providers": ()}),
    ("provider-disabled", {"providers": (OTHER, replace(PROVIDER, enabled=False))}),
    ("domain-not-allowed", {"domain_allowed": False}),
    ("domain-left-to-discovery", {"domain_allowed": False, "federating": Federating(allowed=True, discovery=True)}),
    ("domain-left-to-discovery", {"domain_allowed": False, "federating": Federating(allowed=True, discovery=None)}),
    ("srv-missing", {"published": published(Records(outcome="no-such-name"))}),
    ("srv-missing", {"published": published(Records(outcome="no-such-record"))}),
    ("srv-missing", {"published": published(Records(outcome="found", records=(Record(name=NAME, kind="SRV", value="."),)))}),
    ("srv-missing", {"published": (*OPEN.published, Published(domain="contoso.com", answer=Records(outcome="no-such-name")))}),
    ("filter-blocks", {"filters": (filtering(),)}),
    ("filter-blocks", {"filters": (filtering("block", prefixes=("https:",)),)}),
    ("not-on-this-version", {"product": Product.SKYPE_2019}),
    ("not-on-this-version", {"product": Product.SUBSCRIPTION_EDITION, "unseen": {"Get-CsPushNotificationConfiguration": DENIED}}),
    ("not-for-this-seat", {"switches": (), "unseen": {"Get-CsPushNotificationConfiguration": NO_SHELL}}),
    ("not-seen", {"unseen": {"Get-CsPushNotificationConfiguration": DENIED}}),
    ("not-seen", {"switches": ()}),
    ("not-seen", {"switches": (replace(OFF, microsoft=None),)}),
    ("not-seen", {"switches": (OFF, SITE_ON), "site": ""}),
    ("not-seen", {"mcx": ()}),
    ("not-seen", {"mcx": (mcx(None),)}),
    ("not-seen", {"unseen": {"Get-CsMcxConfiguration": DENIED}}),
    ("not-seen", {"federating": None}),
    ("not-seen", {"federating": Federating(allowed=None, discovery=None)}),
    ("not-seen", {"providers": (OTHER,), "unseen": {"Get-CsHostingProvider": DENIED}}),
    ("not-seen", {"providers": (replace(OTHER, proxy=None),)}),
    ("not-seen", {"providers": (replace(PROVIDER, enabled=None),)}),
    ("not-seen", {"domain_allowed": None}),
    ("not-seen", {"domain_allowed": False, "unseen": {"Get-CsAllowedDomain": DENIED}}),
    ("not-seen", {"published": published(NO_SERVER), "sees_outside": True}),
    ("not-seen", {"published": published(Unanswered(reason=Reason.TIMEOUT, detail="silent"))}),
    ("not-seen", {"published": published(Records(outcome="server-failure"))}),
    ("not-seen", {"published": ()}),
    ("not-seen", {"filters": ()}),
    ("not-seen", {"filters": (filtering(prefixes=None),)}),
    ("not-seen", {"filters": (filtering(enabled=None),)}),
    ("not-seen", {"filters": (filtering("1"),)}),
    ("not-seen", {"filters": (filtering("Allow"),), "unseen": {"Get-CsImFilterConfiguration": DENIED}}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "other"), ANSWERS)
def test_the_table(answer: str, other: dict[str, Any]) -> None:
    finding = push.judge(replace(OPEN, **other))
    assert finding.answer == answer, finding
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
    if finding.status is Status.UNKNOWN:
        assert finding.reason is not None


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in push.STEP.answers} == {answer for answer, _ in ANSWERS}


REMEDIES = [
    ({"mcx": (mcx("sip:x@y", "Site:Redmond"),)},
     "Set-CsMcxConfiguration -Identity Site:Redmond -PushNotificationProxyUri sip:push@push.lync.com"),
    ({"federating": Federating(allowed=False, discovery=False)},
     "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $True"),
    ({"providers": ()},
     "New-CsHostingProvider -Identity LyncOnline -ProxyFqdn sipfed.online.lync.com -Enabled $True "
     "-VerificationLevel UseSourceVerification"),
    ({"providers": (replace(PROVIDER, identity="Lync Online", enabled=False),)},
     "Set-CsHostingProvider -Identity 'Lync Online' -Enabled $True"),
    ({"domain_allowed": False}, "New-CsAllowedDomain -Identity push.lync.com"),
    ({"filters": (filtering(),)},
     "Set-CsImFilterConfiguration -Identity Global -Prefixes @{Remove=@('http:', 'https:')}"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "command"), REMEDIES)
def test_the_remedy_is_the_documented_command(other: dict[str, Any], command: str) -> None:
    assert [one.command() for one in push.judge(replace(OPEN, **other)).remedies] == [command]


def test_two_faults_are_both_told_and_both_mended() -> None:
    finding = push.judge(replace(OPEN, providers=(), domain_allowed=False))
    assert finding.answer == "provider-missing"
    assert any("push.lync.com is not among" in line for line in finding.detail)
    assert [one.cmdlet for one in finding.remedies] == ["New-CsHostingProvider", "New-CsAllowedDomain"]


def test_beside_a_fault_it_says_what_was_not_seen() -> None:
    finding = push.judge(replace(OPEN, providers=(), unseen={"Get-CsAllowedDomain": DENIED}, domain_allowed=None))
    assert finding.answer == "provider-missing"
    assert any("push.lync.com is an allowed domain could not be seen: refused" in line for line in finding.detail)


def test_what_only_outside_shows_is_said_and_is_no_fault() -> None:
    finding = push.judge(replace(OPEN, published=published(NO_SERVER)))
    assert f"Not seen from here, only outside: the SRV record {NAME}." in finding.detail


@pytest.mark.parametrize("switches", [ON, OFF])
def test_it_says_which_phones_need_them(switches: Switches) -> None:
    finding = push.judge(replace(OPEN, switches=(switches,)))
    assert any("Windows Phone" in line and "Lync 2013 on Apple devices needs none" in line for line in finding.detail)


def test_without_the_site_the_pools_are_wanted() -> None:
    assert push.judge(replace(OPEN, switches=(OFF, SITE_ON), site="")).command == "Get-CsPool"


SHOWN = """
Identity           : Global
Prefixes           : {ftp:, http:, https:, www*...}
Enabled            : True
Action             : Block
"""


def test_a_collection_that_the_console_cut_is_asked_for_whole_and_then_read() -> None:
    question = Cmdlet(name="Get-CsImFilterConfiguration")
    cut = understand(question, SHOWN)
    assert isinstance(cut, Objects)
    finding = push.judge(replace(OPEN, filters=tuple(map(Filter.of, cut.objects))))
    assert finding.answer == "not-seen"
    whole = SHOWN.replace("www*...", "ldap:, www*")
    told = understand(question, f"PS C:\\> {finding.command}\n{whole}\nPS C:\\>")
    assert isinstance(told, Objects), told
    assert push.judge(replace(OPEN, filters=tuple(map(Filter.of, told.objects)))).answer == "filter-blocks"


def test_no_allowed_domain_at_all_is_an_answer() -> None:
    told = understand(Cmdlet(name="Get-CsAllowedDomain"), "PS C:\\> Get-CsAllowedDomain\nPS C:\\>")
    assert isinstance(told, Objects)
    assert lists_domain(told.objects, "push.lync.com") is False


@pytest.mark.parametrize(
    ("objects", "listed"),
    [
        ([{"Identity": "Push.Lync.com", "Domain": "Push.Lync.com"}], True),
        ([{"Domain": "push.lync.com"}], True),
        ([{"identity": "push.lync.com"}], True),
        ([{"Domain": "contoso.com"}], False),
        ([{"Domain": "contoso.com"}, {"Comment": "cut"}], None),
        ([{"Comment": "cut"}, {"Domain": "push.lync.com"}], True),
        ([], False),
    ],
)
def test_a_domain_may_hide_behind_a_name_that_was_cut(objects: list[dict[str, Any]], listed: bool | None) -> None:
    assert lists_domain(objects, "push.lync.com") is listed


PROPERTIES = st.dictionaries(
    st.sampled_from(["Identity", "Prefixes", "Enabled", "Action", "ProxyFqdn", "AllowFederatedUsers", "PushNotificationProxyUri"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=8), max_size=4) | st.just({"a": 1}),
)  # fmt: skip


@given(properties=PROPERTIES, site=st.sampled_from(["", "Redmond"]))
def test_whatever_the_objects_are_it_is_judged_and_judged_alike_again(properties: dict[str, Any], site: str) -> None:
    facts = replace(
        OPEN,
        site=site,
        switches=(ON, Switches.of(properties)),
        mcx=(Mcx.of(properties),),
        federating=Federating.of(properties),
        providers=(Provider.of(properties),),
        filters=(Filter.of(properties),),
    )
    finding = push.judge(facts)
    again = msgspec.json.decode(msgspec.json.encode(facts), type=Facts)
    assert push.judge(again) == finding
    assert finding.status in {Status.FAILED, Status.UNKNOWN}, (
        "nothing here allows federation or names the right address"
    )


def test_by_hand_names_the_deployment() -> None:
    lines = push.by_hand(Deployment(domains=(DOMAIN, "contoso.com"), edge="atl-edge-001.litwareinc.com"))
    assert f"Resolve-DnsName {NAME} -Type SRV" in lines
    assert "Resolve-DnsName _sipfederationtls._tcp.contoso.com -Type SRV" in lines
    assert "Test-CsMcxPushNotification -AccessEdgeFqdn atl-edge-001.litwareinc.com" in lines
    assert any("5223" in line for line in lines)
