"""A phone's sign-in at the practice deployment: real TLS, Negotiate and NTLM, real tickets, and no Lync shell."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.deployment import Sources, parse_connect_to
from checks.model import Reason
from checks.probes import Exchange, Login, PhoneSession, PhoneSignIn, Unanswered, Unreached
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.phone import PhoneProbe
from checks.secret import Secret
from lab.client import Connection
from lab.deployment import Deployment
from lab.model import (
    AUTODISCOVER,
    LYNC_2010,
    OAUTH,
    OTHER_POOL,
    WEB,
    WEB_TICKET,
    Directory,
    MobilityPolicy,
    Model,
    Page,
    WebServiceConfiguration,
)
from lab.pools import director, two_front_ends
from lab.scenarios import Change
from lab.web_tickets import refuse
from tests.servers.browsing import PASSWORDS, served

pytestmark = pytest.mark.lab

SIP = "sip:kenmyer@litwareinc.com"
UPN = "kenmyer@litwareinc.com"
KEN = "litwareinc\\kenmyer"
ROOT = f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root"


@dataclass
class Lab:
    """A lab, a probe that knows Ken's password, and the model that both are about."""

    where: Connection
    deployment: Deployment
    model: Model
    probe: PhoneProbe

    async def sign_in(self, user: str = UPN, web: str = WEB, probe: PhoneProbe | None = None) -> PhoneSession:
        answer = await (probe or self.probe).ask(question(user, web))
        assert isinstance(answer, PhoneSession), answer
        return answer

    @property
    def sign_ins(self) -> dict[str, dict[str, int]]:
        return self.deployment.sign_ins.report()

    def asked(self, path: str) -> int:
        """How often any site was asked for a path."""
        sites = self.deployment.requests()
        return sum(site.get(path, 0) for host, site in sites.items() if host != "reverse-proxy")


@asynccontextmanager
async def lab_with(tmp_path: Path, *changes: Change) -> AsyncIterator[Lab]:
    models: list[Model] = []
    async with served(tmp_path, *changes, models.append) as (where, deployment):
        yield Lab(where, deployment, models[0], probe_in(where))


def probe_in(where: Connection, password: str = PASSWORDS["kenmyer"]) -> PhoneProbe:
    rules = tuple(parse_connect_to(rule) for rule in where.connect_to)
    sources = Sources(dns_inside=where.dns_inside, dns_outside=where.dns_outside, connect_to=rules)
    network = Network(sources, DnsProbe(sources, "inside"))
    return PhoneProbe(network, {"sender": Secret(password)}, ca_file=where.ca_file)


def question(user: str = UPN, web: str = WEB) -> PhoneSignIn:
    return PhoneSignIn(login=Login(account="sender", user=user), sip=SIP, web=web, view="inside")


def seen(exchange: Exchange | None) -> tuple[Any, ...]:
    """What an exchange is judged by."""
    return () if exchange is None else (exchange.status, exchange.error, exchange.code, exchange.credentials)


GOOD = (200, "", 0, True)


@pytest.mark.parametrize("user", [UPN, KEN, "LITWAREINC\\KenMyer"])
async def test_all_of_it_works(tmp_path: Path, user: str) -> None:
    async with lab_with(tmp_path) as lab:
        session = await lab.sign_in(user)
        assert seen(session.root) == seen(session.metadata) == seen(session.document) == (200, "", 0, False)
        assert seen(session.ticket) == seen(session.token) == GOOD
        assert session.has_ticket
        assert session.has_token
        assert not session.refused
        assert [seen(each)[0] for each in (session.unauthenticated, session.challenge)] == [401, 401]
        assert session.ticket_url == f"https://{WEB}/WebTicket/WebTicketService.svc"
        assert session.token_url == f"https://{WEB}/WebTicket/oauthtoken"
        assert session.grants == ("urn:microsoft.rtc:windows", "urn:microsoft.rtc:anonmeeting", "password")
        assert session.metadata_ports[0] == "WebTicketServiceWinNegotiate"
        links = {link.token: link.href for link in session.links}
        assert links["Ucwa"] == f"https://{WEB}/ucwa/v1/applications"
        assert links["Internal/Mcx"] == links["External/Mcx"] == f"https://{WEB}/Mcx/McxService.svc"
        assert {one.token: one.href for one in session.sip_access}[
            "SipClientExternalAccess"
        ] == "sip.litwareinc.com:443"
        assert session.access_location == "External", "the web FQDN leads to the reverse proxy"
        assert (seen(session.application)[0], seen(session.deleted)[0]) == (201, 204)
        assert lab.model.phones.ucwa.open == {}, "what was created is gone"
        assert session.application is not None
        assert session.application.server == "atl-cs-001.litwareinc.com"
        assert lab.sign_ins == {"accepted": {KEN: 2}, "refused": {}}


async def test_nobody_is_made_available(tmp_path: Path) -> None:
    async with lab_with(tmp_path) as lab:
        await lab.sign_in()
        paths = {path for site in lab.deployment.requests().values() for path in site}
        assert not [path for path in paths if "makemeavailable" in path]


async def test_inside_the_links_lead_to_the_external_name_as_documented(tmp_path: Path) -> None:
    async with lab_with(tmp_path) as lab:
        session = await lab.sign_in(web="lyncweb-int.litwareinc.com")
        assert session.root is not None
        assert session.root.url.startswith("https://lyncweb-int.litwareinc.com/")
        assert session.access_location == "External"
        assert seen(session.deleted)[0] == 204


async def test_a_wrong_password_is_refused_once(tmp_path: Path) -> None:
    async with lab_with(tmp_path) as lab:
        probe = probe_in(lab.where, "wrong")
        session = await lab.sign_in(probe=probe)
        assert seen(session.ticket) == (401, "", 0, True)
        assert session.refused
        assert session.token is None, "the same password is not tried a second time"
        assert (session.has_ticket, session.document, session.application) == (False, None, None)
        again = await probe.ask(question(KEN))
        assert isinstance(again, Unanswered)
        assert (again.reason, again.password_wanted, again.account) == (Reason.DENIED, True, "sender")
        assert lab.sign_ins == {"accepted": {}, "refused": {KEN: 1}}
        probe.reset("sender", Secret(PASSWORDS["kenmyer"]))
        assert (await lab.sign_in(probe=probe)).has_token


async def test_oauth_refuses_what_windows_accepts(tmp_path: Path) -> None:
    def only_oauth(model: Model) -> None:
        model.phones.web_tickets.refuses.add("kenmyer")

    async with lab_with(tmp_path, only_oauth) as lab:
        session = await lab.sign_in()
        assert session.has_ticket
        assert seen(session.token) == (400, "invalid_grant", 28020, True)
        assert session.token is not None
        assert session.token.message == "No valid security token."
        assert session.refused
        assert seen(session.document)[0] == 200, "the ticket is good for it"
        assert session.application is None
        assert isinstance(await lab.probe.ask(question()), Unanswered)


def account_of_another(model: Model) -> None:
    model.phones.web_tickets.belongs["kenmyer"] = "sip:other@litwareinc.com"


def windows_off(model: Model) -> None:
    model.web_service_configurations = [WebServiceConfiguration("Global", use_windows_auth="None")]


def passive(model: Model) -> None:
    model.web_service_configurations = [WebServiceConfiguration("Global", use_ws_fed_passive_auth=True)]


def trouble(kind: str) -> Change:
    def change(model: Model) -> None:
        model.phones.web_tickets.trouble = kind  # type: ignore[assignment]

    return change


def negotiate_only(model: Model) -> None:
    for site in model.web_servers:
        site.directories[WEB_TICKET].challenges = ["Negotiate"]


def no_challenge(model: Model) -> None:
    for site in model.web_servers:
        site.directories[WEB_TICKET].challenges = []


def no_metadata(model: Model) -> None:
    for site in model.web_servers:
        site.directories[f"{WEB_TICKET}/mex"] = Directory(Page(404, from_lync=False))


def by_windows_alone(model: Model) -> None:
    model.phones.web_tickets.grants = ["urn:microsoft.rtc:windows"]
    for site in model.web_servers:
        site.directories[OAUTH].challenges = ["Negotiate", "NTLM"]


MISMATCH = "wst:InvalidRequest"


@pytest.mark.parametrize(
    ("change", "metadata", "ticket", "token"),
    [
        (account_of_another, 200, (500, MISMATCH, 0, True), GOOD),
        (windows_off, 200, (), (400, "unsupported_grant_type", 28029, True)),
        (passive, 200, (), (400, "invalid_grant", 28020, False)),
        (trouble("stopped"), 503, (), ()),
        (trouble("error"), 200, (500, "", 0, True), (500, "", 0, True)),
        (trouble("fault"), 200, (500, "a:InternalServiceFault", 0, True), (400, "server_error", 0, True)),
        (trouble("no-ticket"), 200, GOOD, GOOD),
        (negotiate_only, 200, GOOD, GOOD),
        (no_challenge, 200, (401, "", 0, False), GOOD),
        (no_metadata, 404, GOOD, GOOD),
        (lambda model: refuse(model, "kenmyer"), 200, (401, "", 0, True), ()),
    ],
)
async def test_what_the_ticket_service_may_answer(
    tmp_path: Path, change: Change, metadata: int, ticket: tuple[Any, ...], token: tuple[Any, ...]
) -> None:
    async with lab_with(tmp_path, change) as lab:
        session = await lab.sign_in()
        assert seen(session.metadata)[0] == metadata
        assert seen(session.ticket) == ticket
        assert seen(session.token) == token


async def test_what_brings_nothing_says_so(tmp_path: Path) -> None:
    async with lab_with(tmp_path, trouble("no-ticket")) as lab:
        session = await lab.sign_in()
        assert (session.has_ticket, session.has_token, session.refused) == (False, False, False)
        assert session.ticket is not None
        assert session.token is not None
        assert (session.ticket.failure, session.token.failure) == ("It brought no ticket.", "It brought no token.")
        assert session.document is None


async def test_where_a_browser_signs_in_is_told_without_a_password(tmp_path: Path) -> None:
    async with lab_with(tmp_path, passive) as lab:
        session = await lab.sign_in()
        assert session.passive_url == f"https://{WEB}/PassiveAuth/PassiveAuth.aspx"
        assert not session.refused
        assert lab.sign_ins == {"accepted": {}, "refused": {}}


async def test_a_token_by_windows_sign_in_where_no_other_is_offered(tmp_path: Path) -> None:
    async with lab_with(tmp_path, by_windows_alone) as lab:
        session = await lab.sign_in()
        assert seen(session.token) == GOOD
        assert session.has_token
        assert seen(session.deleted)[0] == 204


def without(*tokens: str) -> Change:
    return lambda model: model.phones.user_documents.without.update(tokens)


async def test_a_document_without_ucwa_ends_there(tmp_path: Path) -> None:
    async with lab_with(tmp_path, without("Ucwa", "SipClientExternalAccess")) as lab:
        session = await lab.sign_in()
        assert [one.token for one in session.sip_access] == ["SipClientInternalAccess"]
        assert session.has_token
        assert session.application is None


async def test_a_user_whom_the_server_does_not_know(tmp_path: Path) -> None:
    async with lab_with(tmp_path, lambda model: model.phones.user_documents.unknown.add(SIP)) as lab:
        session = await lab.sign_in()
        assert session.has_ticket
        assert seen(session.document) == (404, "", 0, False)
        assert (session.links, session.application) == ((), None)


async def test_a_token_opens_the_document_where_no_ticket_is_had(tmp_path: Path) -> None:
    def only_oauth(model: Model) -> None:
        model.phones.web_tickets.ports = ["WebTicketServiceCert"]

    async with lab_with(tmp_path, only_oauth) as lab:
        session = await lab.sign_in()
        assert (session.ticket, session.has_token) == (None, True)
        assert session.document is not None
        assert session.document.url.partition("?")[0] == f"{ROOT}/oauth/user"
        assert {link.token for link in session.links} == {"self", "applications", "xframe"}
        assert seen(session.deleted)[0] == 204


async def test_another_pool_makes_its_own_tickets(tmp_path: Path) -> None:
    def moved(model: Model) -> None:
        model.user("kenmyer").pool = OTHER_POOL

    async with lab_with(tmp_path, moved) as lab:
        session = await lab.sign_in()
        elsewhere = f"https://{OTHER_POOL}/Autodiscover/AutodiscoverService.svc/root"
        assert session.redirects == (elsewhere,)
        assert session.ticket_url.startswith(f"https://{OTHER_POOL}/")
        assert seen(session.document)[0] == 200
        assert seen(session.deleted)[0] == 204
        assert {ticket.pool for ticket in lab.model.phones.web_tickets.issued.values()} == {OTHER_POOL}


async def test_a_document_that_sends_on_gets_new_tickets(tmp_path: Path) -> None:
    """What a user's document alone knows: the ticket of the first pool would be worth nothing at the second."""
    once: list[str] = [f"https://{OTHER_POOL}/Autodiscover/AutodiscoverService.svc/root"]

    def moving(model: Model) -> None:
        model.phones.user_documents.sends_to = once[0]

    async with lab_with(tmp_path, moving) as lab:
        session = await lab.sign_in()
        assert session.redirects[0] == once[0]
        assert {ticket.pool for ticket in lab.model.phones.web_tickets.issued.values()} == {
            "atl-cs-001.litwareinc.com"
        }, "and that pool's root sends the user back at once"
        assert len(session.redirects) <= 3
        assert session.application is None


async def test_a_circle_is_left(tmp_path: Path) -> None:
    def circle(model: Model) -> None:
        model.phones.user_documents.sends_to = ROOT

    async with lab_with(tmp_path, circle) as lab:
        session = await lab.sign_in()
        assert session.redirects == (ROOT, ROOT)
        assert session.application is None
        assert lab.sign_ins["refused"] == {}


async def test_a_ticket_of_another_pool_is_worth_nothing(tmp_path: Path) -> None:
    async with lab_with(tmp_path) as lab:
        await lab.sign_in()
        issued = lab.model.phones.web_tickets.issued
        assert len(issued) == 2
        for secret, ticket in issued.items():
            issued[secret] = type(ticket)(ticket.account, ticket.sip, OTHER_POOL)
        lab.model.phones.web_tickets.issued = _Frozen(issued)
        session = await lab.sign_in()
        assert seen(session.document) == (500, "", 28032, False)


class _Frozen(dict[str, Any]):
    """Tickets that all become another pool's."""

    def __setitem__(self, secret: str, ticket: Any) -> None:
        super().__setitem__(secret, type(ticket)(ticket.account, ticket.sip, OTHER_POOL))


def mobility_off(model: Model) -> None:
    model.mobility_policies = [MobilityPolicy("Global", enable_mobility=False)]


def ucwa(**wishes: Any) -> Change:
    def change(model: Model) -> None:
        for name, value in wishes.items():
            setattr(model.phones.ucwa, name, value)

    return change


@pytest.mark.parametrize(
    ("change", "created", "deleted"),
    [
        (mobility_off, (403, "MobileApplicationNoLongerAllowed", 0, False), ()),
        (ucwa(refuses=503), (503, "", 0, False), ()),
        (ucwa(refuses=500, subcode="CallbackChannelError"), (500, "CallbackChannelError", 0, False), ()),
        (ucwa(keeps=True), (201, "", 0, False), (500, "ServiceFailure", 0, False)),
    ],
)
async def test_what_ucwa_may_answer(
    tmp_path: Path, change: Change, created: tuple[Any, ...], deleted: tuple[Any, ...]
) -> None:
    async with lab_with(tmp_path, change) as lab:
        session = await lab.sign_in()
        assert (seen(session.application), seen(session.deleted)) == (created, deleted)


@pytest.mark.parametrize("grown", [two_front_ends, director])
async def test_larger_deployments(tmp_path: Path, grown: Callable[[Model], Any]) -> None:
    def change(model: Model) -> None:
        grown(model)

    async with lab_with(tmp_path, change) as lab:
        session = await lab.sign_in()
        assert (seen(session.document)[0], seen(session.deleted)[0]) == (200, 204)


async def test_through_the_director(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        director(model)

    async with lab_with(tmp_path, change) as lab:
        session = await lab.sign_in(web="lyncdiscoverinternal.litwareinc.com")
        assert session.redirects == (ROOT,)
        assert seen(session.deleted)[0] == 204


async def test_lync_2010_has_tickets_and_no_oauth(tmp_path: Path) -> None:
    def old(model: Model) -> None:
        model.product = LYNC_2010

    async with lab_with(tmp_path, old) as lab:
        session = await lab.sign_in()
        assert (session.has_ticket, session.challenge, session.token) == (True, None, None)
        assert seen(session.document)[0] == 200
        assert "Ucwa" not in {link.token for link in session.links}


async def test_what_is_no_lync_is_told_and_nobody_signs_in(tmp_path: Path) -> None:
    def portal(model: Model) -> None:
        for path in ("/", AUTODISCOVER):
            model.external_site.directories[path] = Directory(Page(body="<html>Welcome</html>", from_lync=False))

    async with lab_with(tmp_path, portal) as lab:
        session = await lab.sign_in()
        assert session.root is not None
        assert (session.root.status, session.root.server) == (200, "")
        assert session.root.failure == "This is no Autodiscover document."
        assert (session.ticket, session.token) == (None, None)
        assert lab.asked(WEB_TICKET) == 0


@pytest.mark.parametrize(
    ("web", "phase", "kind"),
    [("nowhere.litwareinc.com", "name", "no-such-name"), ("sip.litwareinc.com", "", "")],
)
async def test_a_host_that_is_not_reached(tmp_path: Path, web: str, phase: str, kind: str) -> None:
    async with lab_with(tmp_path, lambda model: setattr(model.reverse_proxy, "https", "closed")) as lab:
        answer = await lab.probe.ask(question(web=web if phase else WEB))
        assert isinstance(answer, Unreached)
        assert (answer.phase, answer.kind) == ((phase, kind) if phase else ("connect", "refused"))


async def test_a_certificate_that_does_not_verify_gets_no_password(tmp_path: Path) -> None:
    def stranger(model: Model) -> None:
        model.reverse_proxy.certificate.issuer = "stranger"

    async with lab_with(tmp_path, stranger) as lab:
        answer = await lab.probe.ask(question())
        assert isinstance(answer, Unreached)
        assert answer.kind == "certificate"
        assert lab.sign_ins == {"accepted": {}, "refused": {}}


async def test_without_a_password_nothing_is_sent(tmp_path: Path) -> None:
    async with lab_with(tmp_path) as lab:
        other = PhoneSignIn(login=Login(account="receiver", user="pilar"), sip=SIP, web=WEB, view="inside")
        answer = await lab.probe.ask(other)
        assert isinstance(answer, Unanswered)
        assert (answer.reason, answer.password_wanted, answer.account) == (Reason.MISSING_INPUT, True, "receiver")
        assert lab.deployment.requests() == {host: {} for host in lab.deployment.requests()}


async def test_no_secret_is_left_in_what_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with lab_with(tmp_path) as lab:
        session = await lab.sign_in()
        kept = "\n".join((msgspec.json.encode(session).decode(), repr(session), *session.lines(), caplog.text))
        issued = list(lab.model.phones.web_tickets.issued)
        assert len(issued) == 2
        for canary in (PASSWORDS["kenmyer"], "Assertion", "cwt", "TlRMTVNT", *(secret[:40] for secret in issued)):
            assert canary not in kept, canary
        assert "***" not in kept, "nothing had to be taken out"
