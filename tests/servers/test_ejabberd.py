"""ejabberd, as other people built it: the probe reports what the server was configured to do."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from checks.knowledge.xmpp.negotiation import DEFAULTS, Offer, row_of, settle
from checks.knowledge.xmpp.stream_errors import meaning
from checks.probes import Presented, trust
from lab.certificates import Authorities
from lab.web_servers import Certificate
from tests.servers.ejabberd_node import Node, node, of
from tests.servers.xmpp_servers import HOST, OURS, seen
from tests.unit.probes.xmpp_peers import client_certificate

# One process serves all these tests.
pytestmark = pytest.mark.xdist_group("ejabberd")

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
OLD = ["no_tlsv1_1", "no_tlsv1_2", "no_tlsv1_3"]

Tls = Literal["required", "offered", "absent", "broken", "unknown"]
Found = Literal["offered", "absent", "unknown"]

HOSTS: dict[str, dict[str, Any]] = {
    "required": {},
    "optional": {"s2s_use_starttls": "optional"},
    "off": {"s2s_use_starttls": False},
    "external": {"modules": {}},
    "nothing": {"s2s_use_starttls": False, "modules": {}},
    "denied": {"s2s_access": "none"},
    "older": {"s2s_protocol_options": ["no_tlsv1_3"]},
    "oldest": {"s2s_protocol_options": OLD, "s2s_ciphers": "ALL:@SECLEVEL=0"},
}
"""What each domain is configured to do, beside TLS that is required and dialback that is on."""
CERTIFICATES = {
    "expired": Certificate(names=[of("expired")], begins=-60, ends=-2),
    "self-signed": Certificate(names=[of("self-signed")], issuer="self"),
    "stranger": Certificate(names=[of("stranger")], issuer="stranger"),
}
"""The domains of the same server that have no good certificate."""


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


@pytest.fixture(scope="module")
def ejabberd(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Serves HOSTS and CERTIFICATES."""
    hosts = {name: Certificate(names=[of(name)]) for name in HOSTS} | CERTIFICATES
    each = {of(name): options for name, options in HOSTS.items() if options}
    folder = tmp_path_factory.mktemp("ejabberd")
    with node(folder, authorities, hosts, s2s_use_starttls="required", host_config=each) as started:
        yield started


@pytest.fixture(scope="module")
def strict(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Wants a good certificate of every server, and does not send the issuer of its own."""
    hosts = {"trusted": Certificate(names=[of("trusted")], sends="leaf")}
    folder = tmp_path_factory.mktemp("ejabberd-trusted")
    with node(folder, authorities, hosts, s2s_use_starttls="required_trusted") as started:
        yield started


@pytest.fixture
def misnamed(authorities: Authorities, tmp_path: Path) -> Iterator[Node]:
    """Has one certificate alone, so that no better one can be found for its domain."""
    hosts = {"misnamed": Certificate(names=[HOST, f"*.{of('misnamed')}"])}
    with node(tmp_path, authorities, hosts, s2s_use_starttls="required") as started:
        yield started


@pytest.fixture
def client(request: pytest.FixtureRequest, authorities: Authorities, tmp_path: Path) -> str:
    """A client's certificate; by parameter one of a stranger, one for another domain, or none."""
    whose = getattr(request, "param", "good")
    if whose == "none":
        return ""
    issued = authorities.issue(Certificate(names=[OURS], issuer="stranger" if whose == "stranger" else "lab"))
    issuer = issued.leaf.issuer
    assert issuer is not None
    name = "fabrikam.com" if whose == "wrong-name" else OURS
    return client_certificate(name, issuer.certificate, issuer.key, tmp_path)


@pytest.mark.parametrize(
    ("name", "tls", "dialback"),
    [
        ("required", "required", "offered"),
        ("optional", "offered", "offered"),
        ("external", "required", "absent"),
    ],
)
async def test_starttls_and_dialback(ejabberd: Node, name: str, tls: Tls, dialback: Found) -> None:
    attempt = await ejabberd.attempt(name)
    assert (attempt.last_word, attempt.error) == (None, None)
    assert attempt.offer == Offer(tls=tls, external="offered", dialback=dialback)
    assert attempt.plain is not None
    assert attempt.plain.features is not None
    assert attempt.plain.features.starttls == tls
    assert attempt.secured is not None
    assert isinstance(attempt.secured.tls, Presented)
    assert (attempt.secured.tls.verified, attempt.secured.speaks_for(of(name))) == (True, True)
    assert attempt.secured.opening is not None
    assert attempt.secured.opening.header is not None
    assert attempt.secured.opening.header.sender == of(name)
    assert attempt.verified is not None
    outcome = "invalid" if dialback == "offered" else "stream-error"
    assert (attempt.verified.outcome, attempt.verified.over_tls) == (outcome, True)


async def test_tls_that_is_off(ejabberd: Node) -> None:
    attempt = await ejabberd.attempt("off")
    assert (attempt.last_word, attempt.secured) == (None, None)
    assert attempt.offer == Offer(tls="absent", external="unknown", dialback="offered")
    assert attempt.verified is not None
    assert (attempt.verified.outcome, attempt.verified.over_tls) == ("invalid", False)


async def test_a_server_that_offers_nothing_may_have_turned_us_down(ejabberd: Node) -> None:
    attempt = await ejabberd.attempt("nothing")
    assert attempt.offer == Offer(tls="absent", external="unknown", dialback="unknown")
    assert attempt.error is not None
    assert attempt.error.condition == "not-authorized"


@pytest.mark.parametrize(
    ("name", "tls"), [("required", "required"), ("optional", "offered"), ("off", "absent"), ("external", "required")]
)
async def test_direct_tls_beside_starttls(ejabberd: Node, name: str, tls: Tls) -> None:
    by_starttls, direct = await ejabberd.attempts(name)
    assert (by_starttls.target.direct, direct.target.direct) == (False, True)
    assert by_starttls.offer.tls == tls
    assert direct.offer == Offer(
        tls="required", external="offered", dialback="absent" if name == "external" else "offered"
    )
    assert (direct.plain, direct.last_word) == (None, None)
    assert direct.secured is not None
    assert isinstance(direct.secured.tls, Presented)
    assert (direct.secured.tls.verified, direct.secured.speaks_for(of(name))) == (True, True)


@pytest.mark.parametrize("client", ["good", "stranger", "wrong-name"], indirect=True)
async def test_external_is_offered_to_everybody(ejabberd: Node, client: str) -> None:
    attempt = await ejabberd.attempt("required", client)
    assert attempt.secured is not None
    assert attempt.secured.opening is not None
    assert attempt.secured.opening.features is not None
    assert attempt.secured.opening.features.mechanisms == ("EXTERNAL",)
    assert attempt.certified_features is not None
    assert attempt.certified_features.mechanisms == ("EXTERNAL",)
    assert attempt.certified is not None
    assert isinstance(attempt.certified.tls, Presented)
    assert attempt.certified.tls.verified


@pytest.mark.parametrize("client", ["good", "stranger"], indirect=True)
async def test_where_a_trusted_certificate_is_required_there_is_no_dialback(strict: Node, client: str) -> None:
    attempt = await strict.attempt("trusted", client)
    assert (attempt.last_word, attempt.error) == (None, None)
    assert attempt.offer == Offer(tls="required", external="offered", dialback="absent")
    assert attempt.verified is not None
    assert attempt.verified.error is not None
    assert attempt.verified.error.condition == "not-authorized"


@pytest.mark.parametrize(
    ("name", "code"),
    [("expired", 10), ("self-signed", 18), ("stranger", 20)],
)
async def test_certificates_that_do_not_verify(ejabberd: Node, name: str, code: int) -> None:
    attempt = await ejabberd.attempt(name)
    assert attempt.secured is not None
    shown = attempt.secured.tls
    assert isinstance(shown, Presented)
    assert (shown.verified, attempt.secured.speaks_for(of(name))) == (False, True)
    assert shown.rule.endswith(f"(code {code})")
    assert shown.chain[0].names == tuple(CERTIFICATES[name].names)
    assert attempt.verified is not None
    assert attempt.verified.answers


async def test_a_certificate_for_another_name(misnamed: Node) -> None:
    for attempt in await misnamed.attempts("misnamed"):
        assert attempt.secured is not None
        shown = attempt.secured.tls
        assert isinstance(shown, Presented)
        assert (shown.verified, shown.rule, attempt.secured.speaks_for(of("misnamed"))) == (True, "", False)
        assert shown.chain[0].names == (HOST, f"*.{of('misnamed')}")
        assert (attempt.last_word, attempt.offer.dialback) == (None, "offered")


async def test_a_chain_without_its_intermediate(strict: Node) -> None:
    attempt = await strict.attempt("trusted")
    assert attempt.secured is not None
    shown = attempt.secured.tls
    assert isinstance(shown, Presented)
    assert (shown.verified, len(shown.chain)) == (False, 1)
    assert shown.rule.endswith("(code 20)")


@pytest.mark.parametrize(("name", "protocol"), [("required", "TLSv1.3"), ("older", "TLSv1.2")])
async def test_the_versions_of_tls_that_it_takes(ejabberd: Node, name: str, protocol: str) -> None:
    attempt = await ejabberd.attempt(name)
    assert attempt.secured is not None
    shown = attempt.secured.tls
    assert isinstance(shown, Presented)
    assert (shown.protocol, shown.verified, shown.only_old) == (protocol, True, False)
    assert attempt.offer.tls == "required"


async def test_a_port_for_direct_tls_has_its_own_versions(ejabberd: Node) -> None:
    by_starttls, direct = (await seen(of("required"), ejabberd.older, ejabberd.ca_file)).attempts
    shown = [attempt.secured.tls for attempt in (by_starttls, direct) if attempt.secured]
    assert [one.protocol for one in shown if isinstance(one, Presented)] == ["TLSv1.3", "TLSv1.2"]


@pytest.mark.skipif(not trust.can_speak_old_protocols(), reason="This OpenSSL has no TLS 1.0.")
async def test_tls_1_0_alone_is_seen_and_no_reason_to_call_tls_broken(ejabberd: Node) -> None:
    attempt = await ejabberd.attempt("oldest")
    assert attempt.secured is not None
    shown = attempt.secured.tls
    assert isinstance(shown, Presented)
    assert (shown.protocol, shown.only_old, shown.verified) == ("TLSv1", True, False)
    assert attempt.secured.speaks_for(of("oldest"))
    assert attempt.offer == Offer(tls="unknown", external="offered", dialback="offered")


async def test_a_domain_that_it_does_not_serve(ejabberd: Node) -> None:
    by_starttls, direct = await ejabberd.attempts("nobody")
    for attempt in (by_starttls, direct):
        assert attempt.error is not None
        assert attempt.error.condition == "host-unknown"
        assert "does not serve" in meaning(attempt.error.condition, attempt.error.text).sentence
        assert attempt.verified is None
    assert by_starttls.offer == Offer(tls="unknown", external="unknown", dialback="unknown")
    assert direct.offer == Offer(tls="required", external="unknown", dialback="unknown")


async def test_a_rule_against_our_domain_shows_to_nobody_who_has_not_signed_in(ejabberd: Node, client: str) -> None:
    open_to_us, denied = await ejabberd.attempt("required", client), await ejabberd.attempt("denied", client)
    assert (denied.last_word, denied.error) == (None, None)
    assert denied.offer == open_to_us.offer
    assert denied.verified is not None
    assert denied.verified.outcome == "invalid"
    condition, text = await ejabberd.refusal("denied", f"<db:result from='{OURS}' to='{of('denied')}'>key</db:result>")
    assert condition == "forbidden"
    assert meaning(condition, text).act == "partner"


@pytest.mark.parametrize(
    ("client", "words"),
    [("stranger", "who issued your certificate"), ("wrong-name", "bare domain"), ("none", "presented no certificate")],
    indirect=["client"],
)
async def test_its_words_over_our_certificate_are_understood(ejabberd: Node, client: str, words: str) -> None:
    name = base64.b64encode(OURS.encode()).decode()
    request = f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>{name}</auth>"
    condition, text = await ejabberd.refusal("required", request, client)
    assert condition == "not-authorized"
    assert words in meaning(condition, text).sentence
    assert meaning(condition, text).act == "certificate"


@pytest.mark.parametrize(
    ("name", "ours", "method", "act"),
    [
        ("required", ("Required", "Required", True), "SASL over TLS", ""),
        ("required", ("Required", "NotSupported", True), "TLS dialback", ""),
        ("required", ("NotSupported", "NotSupported", True), None, "us"),
        ("optional", ("NotSupported", "NotSupported", True), "TCP dialback", ""),
        ("off", ("Optional", "NotSupported", True), "TCP dialback", ""),
        ("off", ("Required", "Required", True), None, "both"),
        ("external", ("Required", "Optional", True), "SASL over TLS", ""),
        ("external", ("Required", "NotSupported", True), None, "both"),
    ],
)
async def test_what_it_and_our_settings_come_to(
    ejabberd: Node, name: str, ours: tuple[str, str, bool], method: str | None, act: str
) -> None:
    row = row_of(*ours)
    assert row is not None
    settlement = settle(row, (await ejabberd.attempt(name)).offer)
    assert (settlement.method, settlement.act) == (method, act)
    assert settlement.hopeless == (method is None)


async def test_nothing_is_settled_with_a_domain_that_is_not_served(ejabberd: Node) -> None:
    settlement = settle(DEFAULTS, (await ejabberd.attempt("nobody")).offer)
    assert (settlement.method, settlement.hopeless) == (None, False)
