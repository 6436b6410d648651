"""Names, ports, certificates and web paths of sound deployments that are not the lab's: nothing of them is a fault.

And where there is one, the machine that has it is named.
"""

import asyncio
import gc
import warnings
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from checks.context import Asking, Context
from checks.deployment import Deployment, Product, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.assigned_certificates import Assigned
from checks.knowledge.autodiscover import ROOT_PATH
from checks.knowledge.dns_views import Sight, control_of
from checks.knowledge.hosting import Provider
from checks.knowledge.web_services import WebNames
from checks.mobility import (
    autodiscover,
    certificates,
    dns_records,
    hairpin,
    hybrid,
    ports,
    reverse_proxy,
    service_url,
)
from checks.mobility.autodiscover_places import Names, Place
from checks.mobility.certificates_problems import Seen
from checks.mobility.dns_records_problems import Names as DnsNames
from checks.mobility.phone_names import PhoneName
from checks.mobility.reverse_proxy_paths import MOBILITY_PATHS, OTHER_PATHS, WEB_TICKET, Asked
from checks.mobility.two_seats import Seen as SeenInside
from checks.model import Finding, Reason, Status
from checks.probes import (
    Certificate,
    Cmdlet,
    NoTls,
    Objects,
    Open,
    Port,
    Presented,
    Record,
    Records,
    Unanswered,
    Unreached,
)
from tests.unit.mobility.web_answers import (
    DOMAIN,
    EXTERNAL,
    IIS,
    INTERNAL,
    LYNC,
    OF_POOL,
    POOL,
    PROXY,
    WEB,
    WEB_INTERNAL,
    World,
    answered,
    at,
    gathered,
    unreached,
)

FE1, FE2 = f"fe01.{DOMAIN}", f"fe02.{DOMAIN}"
INSIDE, OUTSIDE, FRONT_END = Vantage.INSIDE, Vantage.OUTSIDE, Vantage.FRONT_END


def words(finding: Finding) -> str:
    """All that is told of it, as one text."""
    told = [finding.headline, *finding.detail]
    for remedy in finding.remedies:
        told += [remedy.action, remedy.cmdlet, str(remedy.parameters), remedy.who, remedy.verify]
    return "\n".join(told)


# Ports.

REFUSED = Unreached(phase="connect", kind="refused", detail="It refuses.", address=PROXY)
SILENT = Unreached(phase="connect", kind="timeout", detail="It does not answer.", address=PROXY)


class Listening(World):
    """A network whose ports are open, but for those that are named as `host:port`."""

    def __init__(self, closed: dict[str, Any], **cmdlets: Objects) -> None:
        super().__init__({name.replace("_", "-"): answer for name, answer in cmdlets.items()})
        self.closed = closed

    async def ask(self, question: Any) -> Any:
        if not isinstance(question, Port):
            return await super().ask(question)
        self.asked.append(question)
        return self.closed.get(f"{question.host}:{question.port}", Open(address=PROXY))


def services(**more: Any) -> Objects:
    return Objects(objects=({"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": WEB_INTERNAL, **more},))


def pool_of(*computers: str) -> Objects:
    roles = ["Registrar:x", "UserServer:x", "WebServer:x"]
    return Objects(objects=({"Identity": POOL, "Fqdn": POOL, "Services": roles, "Computers": list(computers)},))


async def of_ports(vantage: Vantage, closed: dict[str, Any], **cmdlets: Objects) -> Finding:
    place = Deployment(vantage=vantage, domains=(DOMAIN,), pool=POOL, web=WEB, product=Product.LYNC_2013)
    facts = await gathered(ports.STEP, Listening(closed, **{"Get_CsService": services(), **cmdlets}), place)
    return ports.judge(facts)


async def test_where_the_web_services_have_a_name_of_their_own_the_pools_takes_sip_alone() -> None:
    """DNS load balancing for SIP and a hardware load balancer for the web: clients ask the pool's name for no page."""
    assert (await of_ports(INSIDE, {f"{POOL}:443": SILENT, f"{POOL}:80": SILENT})).status is Status.OK


CARRIED = {f"{POOL}:{port}": SILENT for port in (4443, 8080, 5086, 5087)}


async def test_a_load_balancer_that_has_the_pools_name_need_not_carry_every_port() -> None:
    finding = await of_ports(FRONT_END, CARRIED, Get_CsPool=pool_of(FE1, FE2))
    assert finding.status is Status.OK, finding.headline
    assert "load balancer" in words(finding)


async def test_without_a_shell_a_load_balancer_with_the_pools_name_is_not_held_against_the_front_end() -> None:
    finding = await of_ports(FRONT_END, {**CARRIED, f"{POOL}:5061": SILENT})
    assert finding.status is Status.UNKNOWN, finding.headline
    assert finding.command


async def test_front_ends_that_nobody_could_ask_are_named_and_not_blamed() -> None:
    unasked = Unanswered(reason=Reason.MISSING_INPUT, detail="The evidence does not tell it.")
    closed = {f"{POOL}:4443": SILENT, f"{FE1}:4443": unasked, f"{FE2}:4443": unasked}
    finding = await of_ports(FRONT_END, closed, Get_CsPool=pool_of(FE1, FE2))
    assert finding.status is Status.UNKNOWN, finding.headline
    assert finding.command == f"Test-NetConnection {FE1} -Port 4443"


async def test_behind_a_load_balancer_the_front_end_that_does_not_listen_is_named() -> None:
    finding = await of_ports(FRONT_END, {**CARRIED, f"{FE2}:4443": REFUSED}, Get_CsPool=pool_of(FE1, FE2))
    assert finding.answer == "external-site-closed"
    assert finding.headline.startswith(f"{FE2} takes no connection on 4443")
    assert FE1 not in finding.headline


async def test_discovery_over_http_alone_is_a_documented_way() -> None:
    for vantage, name in ((OUTSIDE, EXTERNAL), (INSIDE, INTERNAL)):
        finding = await of_ports(vantage, {f"{name}:443": REFUSED})
        assert finding.answer == "discovery-http-only", finding.headline
        assert finding.status is Status.WARNING
    both = {f"{EXTERNAL}:443": REFUSED, f"{EXTERNAL}:80": REFUSED}
    assert (await of_ports(OUTSIDE, both)).answer == "discovery-closed"


async def test_what_refuses_outside_is_no_front_end() -> None:
    finding = await of_ports(OUTSIDE, {f"{WEB}:443": REFUSED})
    assert finding.answer == "web-refused"
    assert not any(remedy.cmdlet for remedy in finding.remedies), "Start-Service is not for a reverse proxy"
    assert "reverse proxy" in words(finding)


async def test_ports_that_were_changed_are_those_that_the_remedy_names() -> None:
    changed = services(ExternalHttpsPort=5443, ExternalHttpPort=9080)
    finding = await of_ports(FRONT_END, {f"{POOL}:5443": REFUSED}, Get_CsService=changed, Get_CsPool=pool_of(POOL))
    assert finding.answer == "external-site-closed"
    assert "5443" in words(finding)
    assert "4443" not in words(finding)
    over_http = await of_ports(FRONT_END, {f"{POOL}:9080": REFUSED}, Get_CsService=changed, Get_CsPool=pool_of(POOL))
    assert over_http.answer == "external-http-closed"
    assert over_http.remedies[0].verify.startswith(f"Test-NetConnection {POOL} -Port 9080,")
    # HTTPS of the site is open, so nothing is to be done there.
    assert "5443" not in over_http.remedies[0].action


# Certificates.

ROLES: dict[str, Any] = {
    WEB: {"role": "web"},
    EXTERNAL: {"role": "external-discovery", "domain": DOMAIN},
    INTERNAL: {"role": "internal-discovery", "domain": DOMAIN},
    WEB_INTERNAL: {"role": "web-internal"},
}
UNTRUSTED: dict[str, Any] = {"verified": False, "rule": "unable to get local issuer certificate"}


def shown(*names: str, address: str = PROXY, issuer: str = "CN=Public CA", **more: Any) -> Presented:
    own = Certificate(
        subject=f"CN={names[0]}", issuer=issuer, names=names, not_before="2025-01-01T00:00:00+00:00",
        not_after="2030-01-01T00:00:00+00:00",
    )  # fmt: skip
    known: dict[str, Any] = {
        "address": address,
        "protocol": "TLSv1.2",
        "seen_at": "2026-01-10T12:00:00+00:00",
        "verified": True,
    }
    above = Certificate(subject=issuer, issuer="CN=Root", not_after="2040-01-01T00:00:00+00:00")
    return Presented(**{**known, "chain": (own, above), **more})


def of_certificates(vantage: Vantage, seen: dict[str, Any], http: Any = None) -> Finding:
    looks = tuple(
        Seen(name=PhoneName(host=host, **ROLES[host]), answer=answer, http=http if host == EXTERNAL else None)
        for host, answer in seen.items()
    )
    return certificates.judge(certificates.Facts(vantage=vantage, domains=(DOMAIN,), seen=looks))


OF_PROXY = shown(WEB, EXTERNAL)
INNER = shown(WEB_INTERNAL, INTERNAL, address=OF_POOL, issuer="CN=Inside CA")
BY_HTTP = answered(
    200,
    LYNC,
    body=f'{{"AccessLocation":"External","Root":{{"Links":[{{"href":"https://{WEB}/","token":"Redirect"}}]}}}}',
)


def test_a_public_wildcard_outside_and_an_inner_authority_inside() -> None:
    seen = {WEB_INTERNAL: INNER, INTERNAL: INNER, WEB: shown(f"*.{DOMAIN}"), EXTERNAL: shown(f"*.{DOMAIN}")}
    assert of_certificates(INSIDE, seen).status is Status.OK


@pytest.mark.parametrize("kind", ["alert", "reset"])
async def test_a_proxy_that_closes_on_a_name_it_does_not_publish_over_https(kind: Any) -> None:
    """Discovery over HTTP alone, at a proxy that goes by the name in the handshake."""
    seen = {WEB: shown(WEB), EXTERNAL: NoTls(kind=kind, detail="It closes.", address=PROXY)}
    assert of_certificates(OUTSIDE, seen, BY_HTTP).answer == "name-missing-http-used"
    assert of_certificates(OUTSIDE, seen, answered(404)).answer == "tls-failed"


class Presenting(World):
    async def ask(self, question: Any) -> Any:
        host = getattr(question, "host", "")
        return self.answers[host] if host else await super().ask(question)


async def test_what_port_80_answers_is_asked_where_no_handshake_comes_about() -> None:
    world = Presenting(
        {WEB: shown(WEB), EXTERNAL: NoTls(kind="reset", detail="It closes."), f"http://{EXTERNAL}/": BY_HTTP}
    )
    facts = await gathered(certificates.STEP, world, Deployment(vantage=OUTSIDE, domains=(DOMAIN,), web=WEB))
    assert certificates.judge(facts).answer == "name-missing-http-used"


def test_an_external_name_that_leads_to_the_pool_shows_the_pools_certificate() -> None:
    finding = of_certificates(INSIDE, {WEB_INTERNAL: INNER, INTERNAL: INNER, WEB: INNER})
    assert finding.answer == "wrong-name"
    assert "the reverse proxy does not hold" not in finding.headline
    assert "the Front End" in finding.headline
    assert "Request-CsCertificate" not in words(finding), "DNS is to be mended, not the certificate"


def test_an_inner_name_that_leads_to_the_proxy_shows_the_proxys_certificate() -> None:
    finding = of_certificates(INSIDE, {WEB_INTERNAL: INNER, INTERNAL: shown(WEB, EXTERNAL), WEB: OF_PROXY})
    assert finding.answer == "wrong-name"
    assert "the reverse proxy" in finding.headline
    assert "the Front End does not hold" not in finding.headline


def test_the_certificate_of_the_proxy_is_assigned_to_no_front_end() -> None:
    finding = of_certificates(OUTSIDE, {WEB: shown("other.example"), EXTERNAL: OF_PROXY})
    assert finding.answer == "wrong-name"
    assert "Set-CsCertificate" not in words(finding)


def test_a_certificate_that_has_not_begun_is_not_asked_for_again() -> None:
    early = shown(WEB, EXTERNAL, seen_at="2024-12-01T00:00:00+00:00", **UNTRUSTED)
    finding = of_certificates(OUTSIDE, {WEB: early, EXTERNAL: early})
    assert finding.answer == "not-yet-valid"
    assert "Request-CsCertificate" not in words(finding)
    assert "clock" in words(finding)


def test_for_names_of_the_inside_no_public_certificate_is_asked() -> None:
    inner = shown(WEB_INTERNAL, INTERNAL, address=OF_POOL, issuer="CN=Inside CA", **UNTRUSTED)
    finding = of_certificates(INSIDE, {WEB_INTERNAL: inner, INTERNAL: inner})
    assert finding.answer == "private-authority"
    assert "public CA" not in words(finding)


def test_one_use_that_has_ended_takes_no_other_along() -> None:
    assigned = (
        Assigned(use="Default", not_after="2030-01-01T00:00:00Z"),
        Assigned(use="WebServicesExternal", not_after="2026-01-01T00:00:00Z"),
    )
    seen = (Seen(name=PhoneName(host=WEB_INTERNAL, role="web-internal"), answer=INNER),)
    finding = certificates.judge(certificates.Facts(vantage=FRONT_END, domains=(DOMAIN,), seen=seen, assigned=assigned))
    assert finding.answer == "assigned-expired"
    assert [remedy.parameters["Type"] for remedy in finding.remedies] == [("WebServicesExternal",)] * 2


# DNS.


def records(*addresses: str, alias: str = "") -> Records:
    aliases = (Record(name="x", kind="CNAME", value=alias),) if alias else ()
    told = tuple(Record(name="x", kind="AAAA" if ":" in one else "A", value=one) for one in addresses)
    return Records(outcome="found" if told else "no-such-name", records=(*aliases, *told), server="192.0.2.53")


def of_dns(told: dict[tuple[str, Any], Records], **names: Any) -> Finding:
    healthy: dict[tuple[str, Any], Records] = {
        (INTERNAL, "inside"): records(OF_POOL), (INTERNAL, "outside"): records(), (EXTERNAL, "inside"): records(),
        (EXTERNAL, "outside"): records(PROXY), (WEB, "inside"): records(PROXY), (WEB, "outside"): records(PROXY),
        (control_of(DOMAIN), "inside"): records(), (control_of(DOMAIN), "outside"): records(),
    }  # fmt: skip
    sights = tuple(Sight(name=name, view=view, answer=answer) for (name, view), answer in {**healthy, **told}.items())
    known: dict[str, Any] = {"own_view": "inside", "domains": (DOMAIN,), "pool": POOL, "web": WEB, **names}
    return dns_records.judge(dns_records.Facts(names=DnsNames(**known), sights=sights))


LOCAL = "pool01.litware.local"


@pytest.mark.parametrize(
    "names",
    [
        {"pool": LOCAL},
        {"web_internal": LOCAL},
        {"web_services": (WebNames(pool="dir01.litware.local", external=f"dir.{DOMAIN}", internal=LOCAL),)},
    ],
)
def test_inside_the_documented_alias_leads_into_the_domain_of_the_servers(names: dict[str, Any]) -> None:
    """The domain of the servers is often not the one of the users' addresses."""
    told = {(INTERNAL, "inside"): records(OF_POOL, alias=LOCAL), (f"dir.{DOMAIN}", "outside"): records(PROXY)}
    told |= {(LOCAL, "inside"): records(OF_POOL), (LOCAL, "outside"): records()}
    assert of_dns(told, **names).status is Status.OK


def test_a_domain_that_no_public_zone_can_hold_is_not_missed_outside() -> None:
    for domain in ("litware.local", "corp.internal"):
        told = {(f"lyncdiscover.{domain}", "outside"): records()}
        assert of_dns(told, other_domains=(domain,)).status is Status.OK
    told = {(f"lyncdiscover.emea.{DOMAIN}", "outside"): records()}
    assert of_dns(told, other_domains=(f"emea.{DOMAIN}",)).answer == "other-domain-missing"


def test_only_addresses_of_version_6() -> None:
    six = {(EXTERNAL, "outside"): records("2001:db8::10"), (WEB, "outside"): records("2001:db8::10")}
    six |= {(WEB, "inside"): records("2001:db8::10"), (INTERNAL, "inside"): records("fd00::20")}
    assert of_dns(six).status is Status.OK


def test_an_edge_may_ask_the_name_servers_of_the_inside() -> None:
    told = {(EXTERNAL, "outside"): records()}
    finding = of_dns(told, own_view="outside", edge=True)
    assert "name servers of the inside" in words(finding)


def test_what_is_mended_outside_is_verified_outside() -> None:
    gone = of_dns({(WEB, "outside"): records()})
    assert all("-Server <public name server>" in remedy.verify for remedy in gone.remedies)
    inside = of_dns({(WEB, "inside"): records()})
    assert not any("public" in remedy.verify for remedy in inside.remedies)


def test_a_provider_that_answers_for_any_name_is_thought_of_before_the_zone() -> None:
    wild = records("198.51.100.7")
    told = {(INTERNAL, "outside"): wild, (control_of(DOMAIN), "outside"): wild}
    finding = of_dns(told, own_view="outside")
    assert finding.answer == "wildcard"
    assert "providers' name servers" in words(finding)


# Autodiscover.

NAMES = Names(view="outside", domains=(DOMAIN,), external=(WEB,), internal=(WEB_INTERNAL, POOL), told=True, pool=POOL)


def of_autodiscover(secure: Any, plain: Any = None, **names: Any) -> Finding:
    place = Place(kind="external", host=EXTERNAL, path="/", domain=DOMAIN, secure=secure, plain=plain or BY_HTTP)
    return autodiscover.judge(autodiscover.Facts(names=msgspec.structs.replace(NAMES, **names), places=(place,)))


def hal(**links: str) -> Any:
    held = ",".join(f'"{name}":{{"href":"{href}"}}' for name, href in links.items())
    return answered(200, LYNC, body=f'{{"_links":{{{held}}}}}')


def test_the_link_of_a_document_to_itself_leads_nobody_anywhere() -> None:
    there = f"https://{WEB}{ROOT_PATH}/oauth/user"
    assert of_autodiscover(hal(self=f"https://{EXTERNAL}/?originalDomain={DOMAIN}", user=there)).status is Status.OK
    strange = of_autodiscover(hal(self=f"https://{EXTERNAL}/", user="https://old.litwareinc.com/user"))
    assert strange.answer == "wrong-host"
    assert EXTERNAL not in strange.headline.partition("leads phones to")[2]


def test_an_error_that_nobody_signed_is_not_laid_to_the_pool() -> None:
    for reply in (answered(500), answered(500, IIS), answered(503, ("Server", "Microsoft-HTTPAPI/2.0"))):
        finding = of_autodiscover(reply)
        assert finding.answer == "server-error"
        assert f"https://{POOL}:4443{ROOT_PATH}" in words(finding), "which of the two it is, is found out first"
    assert f"on {POOL} fails" in of_autodiscover(answered(500, LYNC)).headline


def test_what_answers_over_http_alone_is_judged_where_nothing_listens_for_https() -> None:
    assert of_autodiscover(REFUSED, answered(200, IIS, body="<html><title>Shop</title></html>")).answer == "not-lync"
    assert of_autodiscover(REFUSED, answered(404, IIS)).answer == "not-found"
    assert of_autodiscover(unreached("tls", "certificate"), answered(404, IIS)).answer == "not-reached"
    assert of_autodiscover(REFUSED, REFUSED).answer == "not-reached"


def test_silence_outside_does_not_restart_a_front_end() -> None:
    silent = unreached("reply", "silence")
    assert "Restart-Service" not in words(of_autodiscover(silent))
    assert f"{POOL} -Port 4443" in words(of_autodiscover(silent))
    assert "Restart-Service" in words(of_autodiscover(silent, view="inside"))


# The reverse proxy.


def of_proxy(**changes: Any) -> Finding:
    """Through a proxy that takes Lync's own header off all answers."""
    rest = answered(401, ("WWW-Authenticate", "NTLM"))
    plain: dict[str, Any] = {"/meet": answered(200), "/dialin": answered(200)}
    plain[ROOT_PATH] = answered(200, body='{"Root":{"Links":[]}}')
    told = {**plain, **{f"/{name}": answer for name, answer in changes.items()}}
    asked = tuple(
        Asked(path=path, reply=next((told[key] for key in told if path.startswith(key)), rest))
        for path in (*MOBILITY_PATHS, *OTHER_PATHS)
    )
    post = Asked(path=WEB_TICKET, method="POST", reply=changes.get("POST", rest))
    return reverse_proxy.judge(reverse_proxy.Facts(host=WEB, view="outside", asked=(*asked, post), internal=(POOL,)))


@pytest.mark.parametrize("status", [200, 202, 400, 401, 415, 500])
def test_what_the_ticket_service_says_to_an_empty_request_is_no_refusal_of_the_proxy(status: int) -> None:
    assert of_proxy(POST=answered(status, IIS)).status is Status.OK


@pytest.mark.parametrize("status", [400, 405])
def test_a_web_service_that_shows_no_page_is_no_path_left_out(status: int) -> None:
    assert of_proxy(Reach=answered(status, IIS), CertProv=answered(status, IIS)).status is Status.OK


@pytest.mark.parametrize("status", [403, 404, 405, 411, 413, 501])
def test_a_proxy_that_refuses_post_is_told(status: int) -> None:
    assert of_proxy(POST=answered(status)).answer == "post-refused"


def test_a_redirect_to_the_inner_port_keeps_the_name() -> None:
    inner = answered(302, stopped="stranger", location=f"https://{WEB}:4443/meet/")
    finding = of_proxy(meet=inner)
    assert finding.answer == "host-header-lost"
    assert "a name of the inside" not in finding.headline
    assert "4443" in finding.headline


@pytest.mark.parametrize("vantage", [INSIDE, OUTSIDE])
async def test_a_proxy_that_hides_the_header_from_all_answers_is_no_stranger(vantage: Vantage) -> None:
    mcx, root = f"https://{WEB}{service_url.PATH}", f"https://{WEB}{ROOT_PATH}"
    hidden = answered(200, IIS, body='{"AccessLocation":"External","Root":{"Links":[]}}')
    for autodiscovers, answer in (
        (hidden, "lync-answers"),
        (BY_HTTP, "no-lync-header"),
        (answered(404), "no-lync-header"),
    ):
        world = World({mcx: answered(200, IIS), root: autodiscovers})
        facts = await gathered(service_url.STEP, world, Deployment(vantage=vantage, web=WEB))
        assert service_url.judge(facts).answer == answer


async def test_an_application_pool_that_is_stopped_is_started_and_not_restarted() -> None:
    stopped = answered(503, ("Server", "Microsoft-HTTPAPI/2.0"))
    for reply, cmdlet in ((stopped, "Start-WebAppPool"), (answered(500, LYNC), "Restart-WebAppPool")):
        world = World({f"https://{WEB}{service_url.PATH}": reply})
        finding = service_url.judge(await gathered(service_url.STEP, world, Deployment(web=WEB)))
        assert [remedy.cmdlet for remedy in finding.remedies] == [cmdlet]


async def test_outside_the_pools_own_name_is_not_asked() -> None:
    world = World({})
    facts = await gathered(service_url.STEP, world, Deployment(vantage=OUTSIDE, pool=POOL))
    assert not world.urls
    assert "external web FQDN" in service_url.judge(facts).headline


# Hairpin and hybrid.


async def test_a_certificate_of_an_unknown_authority_shows_that_the_way_is_open() -> None:
    root = f"https://{WEB}{ROOT_PATH}"
    refused = unreached("tls", "certificate")

    class Private(World):
        async def ask(self, question: Any) -> Any:
            if getattr(question, "trusting", False):
                return answered(200, LYNC)
            return await super().ask(question)

    world = Private({root: refused, WEB: at(PROXY)})
    facts = await gathered(hairpin.STEP, world, Deployment(web=WEB))
    finding = hairpin.judge(facts)
    assert finding.status is Status.OK, finding.headline
    assert "certificate" in words(finding)
    assert hairpin.judge(hairpin.Facts(web=WEB, vantage=INSIDE, inside=SeenInside(reply=refused))).answer == "not-seen"


def test_another_cloud_of_microsoft_is_not_called_everybody_here() -> None:
    other = Provider(
        identity="Gov", proxy="sipfed.gov.example", enabled=True, shared=True, url="https://webdir.gov.example/"
    )
    finding = hybrid.judge(hybrid.Facts(domains=(DOMAIN,), providers=(other,)))
    assert finding.status is Status.OK
    assert "everybody is served here" not in finding.headline
    assert "Gov" in words(finding)


# Whose machine, which site, and how long.


def of_the_pool(*names: str) -> Presented:
    leaf = Certificate(subject=f"CN={POOL}", issuer="CN=Litware CA", names=names, not_after="2027-01-01T00:00:00+00:00")
    return Presented(
        address=OF_POOL,
        protocol="TLSv1.2",
        chain=(leaf, msgspec.structs.replace(leaf, subject="CN=Litware CA", names=())),
        seen_at="2026-01-10T12:00:00+00:00",
        verified=False,
        rule="hostname mismatch",
    )


def test_outside_the_pools_certificate_is_not_called_the_reverse_proxys() -> None:
    seen = (Seen(name=PhoneName(host=WEB, role="web"), answer=of_the_pool(POOL, WEB_INTERNAL)),)
    facts = certificates.Facts(vantage=OUTSIDE, domains=(DOMAIN,), seen=seen, inner=(POOL, WEB_INTERNAL))
    finding = certificates.judge(facts)
    assert finding.answer == "wrong-name"
    assert "reverse proxy" not in finding.headline
    assert not any(remedy.cmdlet for remedy in finding.remedies), "no certificate helps where DNS leads astray"
    assert "-Server <public name server>" in finding.remedies[0].verify


def test_a_reverse_proxys_own_certificate_without_the_name_stays_its_own() -> None:
    seen = (Seen(name=PhoneName(host=WEB, role="web"), answer=of_the_pool(EXTERNAL, f"lyncdiscoverinternal.{DOMAIN}")),)
    facts = certificates.Facts(vantage=OUTSIDE, domains=(DOMAIN,), seen=seen, inner=(POOL, WEB_INTERNAL))
    assert "reverse proxy" in certificates.judge(facts).headline


@pytest.mark.parametrize(
    ("view", "kind", "host", "site"),
    [("inside", "internal", INTERNAL, "Internal"), ("outside", "external", EXTERNAL, "External")],
)
@pytest.mark.parametrize(("status", "first"), [(401, "Anonymous"), (403, "IP Address and Domain Restrictions")])
def test_the_site_that_refuses_and_the_setting_to_look_at_first_are_named(
    view: Any, kind: Any, host: str, site: str, status: int, first: str
) -> None:
    refusing = answered(status, LYNC, IIS, url=f"https://{host}/")
    place = Place(kind=kind, host=host, path="/", domain=DOMAIN, secure=refusing, plain=refusing)
    names = Names(view=view, domains=(DOMAIN,), external=(WEB,), internal=(WEB_INTERNAL, POOL), pool=POOL, told=True)
    finding = autodiscover.judge(autodiscover.Facts(names=names, places=(place,)))
    assert finding.answer == "forbidden"
    action = finding.remedies[0].action
    assert f"under the {site} Web Site" in action
    assert action.partition("Look first at ")[2].startswith(("Authentication: " if status == 401 else "") + first)


async def test_what_is_late_is_unanswered_and_what_was_seen_is_judged() -> None:
    """Every port of the second round swallows packets; the first round's fault is told all the same."""

    class Slow(Listening):
        async def ask(self, question: Any) -> Any:
            if isinstance(question, Port) and question.host == POOL:
                await asyncio.Event().wait()
            return await super().ask(question)

    place = Deployment(vantage=INSIDE, domains=(DOMAIN,), pool=POOL, web_internal=WEB_INTERNAL)
    world = Slow({f"{WEB_INTERNAL}:443": REFUSED})
    asking = Asking(world, Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now())))
    context = Context(place, asking)
    hurried = context.bounded(0.05)
    facts = await ports.STEP.gather(hurried)
    assert hurried.questions is context.questions
    assert ports.judge(facts).answer == "internal-refused"
    late = [look.answer for look in facts.looks if look.host == POOL]
    assert late
    assert all(isinstance(one, Unanswered) and one.reason is Reason.TIMEOUT for one in late)
    await asking.close()


@pytest.fixture
def little_to_collect() -> Iterator[None]:
    """What the session holds already is not looked through again by each collection of garbage."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("little_to_collect")
@pytest.mark.parametrize(
    "step", [autodiscover.STEP, certificates.STEP, dns_records.STEP, hairpin.STEP, reverse_proxy.STEP]
)
@pytest.mark.parametrize("rounds", range(30))
async def test_a_gather_that_is_cancelled_leaves_no_question_unawaited(step: Any, rounds: int) -> None:
    place = Deployment(vantage=INSIDE, domains=(DOMAIN,), pool=POOL, web=WEB, web_internal=WEB_INTERNAL)
    world = World({"Get-CsService": services()})
    asking = Asking(world, Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now())))
    task = asyncio.ensure_future(step.gather(Context(place, asking)))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(rounds):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asking.close()
        del task
        gc.collect()
    assert not [str(one.message) for one in warned if "never awaited" in str(one.message)]


class Mute(World):
    """A network that swallows every packet: no question to it ends by itself."""

    async def ask(self, question: Any) -> Any:
        if isinstance(question, Cmdlet):
            return await super().ask(question)
        self.asked.append(question)
        return await asyncio.Event().wait()


ROUNDS = (
    autodiscover.STEP,
    certificates.STEP,
    dns_records.STEP,
    hairpin.STEP,
    hybrid.STEP,
    ports.STEP,
    service_url.STEP,
)


@pytest.mark.parametrize("step", ROUNDS, ids=lambda step: step.id)
async def test_a_gather_ends_by_itself_where_nothing_answers(step: Any) -> None:
    place = Deployment(vantage=INSIDE, domains=(DOMAIN,), pool=POOL, web=WEB, web_internal=WEB_INTERNAL)
    world = Mute({"Get-CsService": services(), "Get-CsPool": pool_of(FE1, FE2)})
    asking = Asking(world, Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now())))
    facts = await step.gather(Context(place, asking).bounded(0.02))
    finding = step.judge(facts)
    assert finding.status in {Status.UNKNOWN, Status.OK, Status.NOT_APPLICABLE}, finding.headline
    assert finding.status is Status.UNKNOWN or not world.asked
    await asking.close()
