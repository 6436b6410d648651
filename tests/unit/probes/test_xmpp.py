"""The server-to-server probe against servers that do well, badly, or nothing at all."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import NoTls, Presented, Records, Unanswered, trust
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.xmpp import XmppProbe
from checks.probes.xmpp_attempt import XmppDeadlines
from checks.probes.xmpp_facts import Attempt, Stream, StreamFacts
from tests.unit.probes.conftest import Authority, NameServer, Serve
from tests.unit.probes.xmpp_peers import (
    ANY_FEATURES,
    DIALBACK,
    EXTERNAL,
    FAILURE,
    HEADER,
    LEGACY,
    STARTTLS,
    Peer,
    Zone,
    answering,
    by_hand,
    client_certificate,
    stream_error,
)

DOMAIN, OURS, HOST = "contoso.com", "litwareinc.com", "xmpp.contoso.com"
QUESTION = Stream(domain=DOMAIN, from_domain=OURS, view="outside")
PLAIN, DIRECT = f"_xmpp-server._tcp.{DOMAIN}", f"_xmpps-server._tcp.{DOMAIN}"
NO_TLS = ANY_FEATURES.format("")

NameServers = Callable[..., Awaitable[NameServer]]
Ask = Callable[..., Awaitable[StreamFacts]]


@pytest.fixture
def deadlines() -> XmppDeadlines:
    """Deadlines that a test can wait for; what runs out is always the one meant."""
    return XmppDeadlines(connect=0.5, reply=0.6, place=8.0, whole=10.0)


@pytest.fixture
def asked(name_server: NameServers, deadlines: XmppDeadlines) -> Ask:
    """What the probe tells of contoso.com with these records."""

    async def ask(zone: Zone, failing: tuple[str, ...] = (), silent: tuple[str, ...] = (), **options: Any) -> Any:
        server = await name_server(answering(zone, failing, silent))
        rules = options.pop("connect_to", ())
        sources = Sources(dns_outside=server.address, connect_to=rules)
        resolver = DnsProbe(sources, "outside", deadline=1.0, patience=0.4)
        options.setdefault("deadlines", deadlines)
        return await XmppProbe(resolver, Network(sources, resolver, "outside"), **options).ask(QUESTION)

    return ask


@pytest.fixture
def one(asked: Ask, serve: Serve, authority: Authority) -> Callable[..., Awaitable[Attempt]]:
    """What is seen of one server that an SRV record names."""

    async def see(peer: Any, *, direct: bool = False, context: ssl.SSLContext | None = None, **options: Any) -> Attempt:
        port = await serve(peer, context)
        zone: Zone = {(DIRECT if direct else PLAIN, "SRV"): [f"5 0 {port} {HOST}."], (HOST, "A"): ["127.0.0.1"]}
        options.setdefault("ca_file", authority.ca_file)
        facts = await asked(zone, **options)
        assert facts.way == "records"
        (attempt,) = facts.attempts
        assert (attempt.target.host, attempt.address, attempt.port) == (HOST, "127.0.0.1", port)
        assert msgspec.json.decode(msgspec.json.encode(facts), type=StreamFacts) == facts
        assert all(line.isprintable() for line in facts.lines())
        return attempt

    return see


One = Callable[..., Awaitable[Attempt]]


async def test_a_good_server_is_seen_whole(one: One, authority: Authority) -> None:
    peer = Peer(context=authority.server(DOMAIN, HOST))
    seen = await one(peer)
    assert seen.stopped is None
    assert seen.plain is not None
    assert seen.plain.header is not None
    header = seen.plain.header
    assert (header.id, header.sender, header.version, header.namespace) == (
        "417GAF25",
        DOMAIN,
        "1.0",
        "jabber:server",
    )
    assert header.declares_dialback
    assert seen.plain.features is not None
    assert (seen.plain.features.starttls, seen.plain.features.dialback) == ("required", False)
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert (seen.secured.tls.verified, seen.secured.tls.rule, seen.secured.tls.only_old) == (True, "", False)
    assert seen.secured.names.hosts == (DOMAIN, HOST)
    assert seen.secured.speaks_for(DOMAIN)
    assert seen.secured.opening is not None
    assert seen.secured.opening.features is not None
    assert seen.secured.opening.features.dialback
    assert seen.verified is not None
    assert (seen.verified.outcome, seen.verified.over_tls) == ("invalid", True)
    assert [phase.stage for phase in seen.phases] == [
        "connect", "features", "starttls", "tls", "secured features", "dialback",
    ]  # fmt: skip
    assert (seen.offer.tls, seen.offer.external, seen.offer.dialback) == ("required", "unknown", "offered")
    assert len([request for request in peer.heard if "<stream:stream" in request]) == 2


async def test_what_is_sent_is_a_stream_between_servers(one: One, authority: Authority) -> None:
    peer = Peer(context=authority.server(DOMAIN))
    await one(peer)
    async with asyncio.timeout(10):
        await peer.ended.wait()
    opening, starttls, again, verify, end = peer.heard
    for words in ("xmlns='jabber:server'", "xmlns:db='jabber:server:dialback'", f'from="{OURS}"', f'to="{DOMAIN}"'):
        assert words in opening
    assert again == opening
    assert starttls == "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    assert verify.startswith(f'<db:verify from="{OURS}" to="{DOMAIN}" id=')
    assert end == "</stream:stream>"


@pytest.mark.parametrize(
    ("names", "options", "code"),
    [
        ([DOMAIN], {"days": (-30, -1)}, 10),
        ([DOMAIN], {"chain": False}, 20),
        ([DOMAIN], {"self_signed": True}, 18),
    ],
)
async def test_a_certificate_is_shown_though_it_does_not_verify(
    one: One, authority: Authority, names: list[str], options: dict[str, Any], code: int
) -> None:
    seen = await one(Peer(context=authority.server(*names, **options)))
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert (seen.secured.tls.verified, seen.secured.names.hosts) == (False, tuple(names))
    assert seen.secured.tls.rule.endswith(f"(code {code})")
    assert seen.verified is not None
    assert seen.verified.answers


async def test_a_wrong_name_is_a_matter_of_xmpps_own_rules(one: One, authority: Authority) -> None:
    seen = await one(Peer(context=authority.server(HOST, "*.contoso.com")))
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert (seen.secured.tls.verified, seen.secured.speaks_for(DOMAIN)) == (True, False)


async def test_names_that_only_xmpp_knows_are_seen(one: One, authority: Authority) -> None:
    address = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5"), b"\x0c\x0bcontoso.com")
    extension = x509.SubjectAlternativeName([address, x509.DNSName(HOST)])
    seen = await one(Peer(context=authority.server(HOST, extension=extension)))
    assert seen.secured is not None
    assert seen.secured.names.xmpp == (DOMAIN,)
    assert seen.secured.speaks_for(DOMAIN)


async def test_a_server_without_tls_is_asked_in_the_clear(one: One) -> None:
    seen = await one(Peer(features=ANY_FEATURES.format(DIALBACK)))
    assert (seen.secured, seen.stopped) == (None, None)
    assert seen.verified is not None
    assert (seen.verified.outcome, seen.verified.over_tls) == ("invalid", False)
    assert (seen.offer.tls, seen.offer.dialback) == ("absent", "offered")


async def test_a_server_from_before_version_1_is_asked_by_dialback_at_once(one: One) -> None:
    seen = await one(Peer(header=LEGACY, features=""))
    assert seen.plain is not None
    assert seen.plain.header is not None
    assert (seen.plain.header.version, seen.plain.features, seen.plain.stopped) == ("", None, None)
    assert seen.verified is not None
    assert seen.verified.outcome == "invalid"
    assert (seen.offer.tls, seen.offer.dialback) == ("absent", "offered")


async def test_a_server_that_never_offers_anything_may_still_speak_dialback(one: One) -> None:
    seen = await one(Peer(features=""))
    assert seen.plain is not None
    assert seen.plain.stopped is not None
    assert (seen.plain.stopped.stage, seen.plain.stopped.kind) == ("features", "silence")
    assert seen.verified is not None
    assert seen.verified.outcome == "invalid"
    assert seen.offer.tls == "unknown"


@pytest.mark.parametrize("piece", [1, 7])
async def test_an_answer_in_pieces_is_the_same_answer(one: One, authority: Authority, piece: int) -> None:
    context = authority.server(DOMAIN)
    whole, pieces = await one(Peer(context=context)), await one(Peer(context=context, piece=piece))
    assert told(pieces) == told(whole)
    refusing = Peer(features=stream_error("host-unknown", "This host does not serve contoso.com"))
    refused = await one(refusing)
    refusing.piece = piece
    assert told(await one(refusing)) == told(refused)


def told(seen: Attempt) -> Any:
    """An attempt without what differs from one time to the next."""
    tls = seen.secured.tls if seen.secured else None
    fixed = msgspec.structs.replace(tls, seen_at="") if isinstance(tls, Presented) else tls
    secured = msgspec.structs.replace(seen.secured, tls=fixed) if seen.secured and fixed else None
    phases = tuple(msgspec.structs.replace(phase, took_ms=0) for phase in seen.phases)
    target = msgspec.structs.replace(seen.target, port=0, records=None)
    return msgspec.structs.replace(seen, secured=secured, phases=phases, target=target, port=0)


@pytest.mark.parametrize(
    ("peer", "stage", "kind"),
    [
        (
            Peer(features=stream_error("host-unknown", "This host does not serve contoso.com")),
            "features",
            "stream-error",
        ),
        (Peer(features="</stream:stream>"), "features", "ended"),
        (Peer(header="<html><body>", features=""), "stream", "not-xmpp"),
        (Peer(header="HTTP/1.1 400 Bad Request\r\n\r\n", features="\x1b[31m"), "stream", "not-xml"),
        (Peer(header="\x15\x03\x01\x00\x02\x02", features=""), "stream", "tls-spoken"),
        (Peer(header="", features=""), "stream", "silence"),
        (Peer(header=HEADER[:60], features=""), "stream", "drip"),
        (Peer(header="<!DOCTYPE a [<!ENTITY b 'b'>]>" + HEADER), "stream", "not-xml"),
        (Peer(features="<stream:features>&b;"), "features", "not-xml"),
        (Peer(features="<a/>" * 2000), "features", "too-much"),
        (Peer(features=" " * 70_000), "features", "too-much"),
    ],
)
async def test_where_a_stream_stops(one: One, peer: Peer, stage: str, kind: str) -> None:
    seen = await one(peer)
    assert seen.last_word is not None
    assert (seen.last_word.stage, seen.last_word.kind) == (stage, kind)
    assert seen.last_word.detail.isprintable()
    assert (seen.secured, seen.offer.tls) == (None, "unknown")
    if kind == "stream-error":
        assert seen.error is not None
        assert (seen.error.condition, seen.error.text) == ("host-unknown", "This host does not serve contoso.com")


async def test_an_error_of_a_server_from_before_version_1_is_found_too(one: One) -> None:
    seen = await one(Peer(header=LEGACY, features=stream_error("host-unknown")))
    assert seen.error is not None
    assert seen.error.condition == "host-unknown"


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def hang_up_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the connection and nothing else."""


@pytest.mark.parametrize("handler", [hang_up, hang_up_at_once])
async def test_a_connection_that_is_closed_instead_of_an_answer(one: One, handler: Any) -> None:
    seen = await one(handler)
    assert seen.last_word is not None
    assert (seen.last_word.stage, seen.last_word.kind) == ("stream", "closed")


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEADER.encode())
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def test_a_server_that_is_late_is_waited_for(one: One, authority: Authority) -> None:
    context = authority.server(DOMAIN)
    assert told(await one(Peer(context=context, late=0.15))) == told(await one(Peer(context=context)))


async def test_a_drip_is_cut_by_the_deadline(one: One) -> None:
    seen = await one(drip)
    assert seen.last_word is not None
    assert (seen.last_word.stage, seen.last_word.kind) == ("features", "drip")


async def test_tls_that_is_announced_and_refused(one: One) -> None:
    seen = await one(Peer(starttls=FAILURE))
    assert seen.stopped is not None
    assert (seen.stopped.stage, seen.stopped.kind) == ("starttls", "failure")
    assert (seen.offer.tls, seen.verified) == ("broken", None)


async def test_tls_that_is_announced_and_never_begun(one: One) -> None:
    seen = await one(Peer(starttls=""))
    assert seen.stopped is not None
    assert (seen.stopped.stage, seen.stopped.kind) == ("starttls", "silence")


async def test_a_server_that_lets_tls_begin_and_shakes_no_hands(one: One) -> None:
    seen = await one(Peer(context=None))
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, NoTls)
    assert (seen.secured.tls.kind, seen.secured.opening, seen.verified) == ("silence", None, None)
    assert seen.offer.tls == "broken"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_a_server_that_speaks_tls_1_0_alone(one: One, authority: Authority) -> None:
    context = authority.server(DOMAIN)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    seen = await one(Peer(context=context))
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert (seen.secured.tls.protocol, seen.secured.tls.only_old) == ("TLSv1", True)
    assert seen.secured.names.hosts == (DOMAIN,)
    assert seen.verified is not None
    assert seen.verified.answers
    assert seen.offer.tls == "unknown"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_a_machine_that_cannot_speak_old_protocols_says_so(
    one: One, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "can_speak_old_protocols", lambda: False)
    context = authority.server(DOMAIN)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    seen = await one(Peer(context=context))
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, NoTls)
    assert (seen.secured.tls.old_protocols_tried, seen.offer.tls) == (False, "unknown")


async def test_external_is_offered_to_a_certificate_alone(one: One, authority: Authority) -> None:
    context = authority.server(DOMAIN)
    context.load_verify_locations(authority.ca_file)
    context.verify_mode = ssl.CERT_OPTIONAL
    own = client_certificate(OURS, authority.issuing, authority.issuing_key, authority.folder)
    peer = Peer(context=context, external_for_certificates=True)
    without = await one(peer)
    assert (without.certified, without.offer.external) == (None, "unknown")
    seen = await one(peer, client_certificate=own)
    assert seen.certified is not None
    assert seen.certified_features is not None
    assert seen.certified_features.mechanisms == ("EXTERNAL",)
    assert seen.offer.external == "offered"
    peer.external_for_certificates = False
    assert (await one(peer, client_certificate=own)).offer.external == "absent"


async def test_a_server_that_wants_a_certificate_breaks_off_after_the_handshake(one: One, authority: Authority) -> None:
    context = authority.server(DOMAIN)
    context.load_verify_locations(authority.ca_file)
    context.verify_mode = ssl.CERT_REQUIRED
    seen = await one(by_hand(context), direct=True)
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert seen.last_word is not None
    assert (seen.last_word.stage, seen.last_word.kind) == ("secured stream", "alert")
    assert "CERTIFICATE_REQUIRED" in seen.last_word.detail.upper().replace(" ", "_")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), ("", "does not hold"), ("-----BEGIN", "does not hold")]
)
async def test_a_client_certificate_that_is_none(asked: Ask, tmp_path: Path, content: str | None, words: str) -> None:
    file = tmp_path / "edge.pem"
    if content is not None:
        file.write_text(content)
    answer: Any = await asked({}, client_certificate=str(file))
    assert isinstance(answer, Unanswered)
    assert (answer.reason, words in answer.detail) == (Reason.MISSING_INPUT, True)


async def test_direct_tls_is_spoken_from_the_first_byte(one: One, authority: Authority) -> None:
    context = authority.server(DOMAIN)
    context.set_alpn_protocols(["xmpp-server"])
    peer = Peer(direct=True)
    seen = await one(peer, direct=True, context=context)
    assert (seen.target.direct, seen.plain) == (True, None)
    assert seen.secured is not None
    assert isinstance(seen.secured.tls, Presented)
    assert seen.secured.tls.verified
    assert seen.verified is not None
    assert seen.verified.answers
    assert not any("<starttls" in request for request in peer.heard)


@pytest.mark.parametrize(
    ("verify", "outcome", "answers"),
    [
        ("<db:verify type='valid'/>", "valid", True),
        ("<db:verify type='error'><error type='cancel'><item-not-found/></error></db:verify>", "error", True),
        ("<db:verify/>", "other", False),
        (stream_error("unsupported-stanza-type"), "stream-error", False),
        ("</stream:stream>", "closed", False),
        ("", "silence", False),
        ("<db:", "silence", False),
        ("</db:verify>", "other", False),
    ],
)
async def test_what_a_server_answers_about_a_key(one: One, verify: str, outcome: str, answers: bool) -> None:
    seen = await one(Peer(features=NO_TLS, verify=verify))
    assert seen.verified is not None
    assert (seen.verified.outcome, seen.verified.answers) == (outcome, answers)


UNDECLARED = HEADER.replace("xmlns:db='jabber:server:dialback' ", "")


@pytest.mark.parametrize(
    ("header", "features", "verify", "dialback", "is_error"),
    [
        (UNDECLARED, "", "not-authorized", "absent", True),
        (UNDECLARED, "", "unsupported-stanza-type", "absent", False),
        (UNDECLARED, "", "policy-violation", "absent", True),
        (UNDECLARED, "", "", "unknown", False),
        # ejabberd declares the namespace whatever it does.
        (HEADER, "", "unsupported-stanza-type", "absent", False),
        (HEADER, EXTERNAL, "not-authorized", "absent", False),
        (HEADER, EXTERNAL, "policy-violation", "unknown", True),
        (HEADER, EXTERNAL, "", "unknown", False),
        # A server that offers nothing at all may turn down us, and not the question.
        (HEADER, "", "not-authorized", "unknown", True),
        (HEADER, EXTERNAL + DIALBACK, "not-authorized", "offered", True),
    ],
)
async def test_a_stream_that_ends_over_dialback_tells_whether_there_is_none(
    one: One, header: str, features: str, verify: str, dialback: str, is_error: bool
) -> None:
    answer = stream_error(verify) if verify else ""
    seen = await one(Peer(header=header, features=ANY_FEATURES.format(features), verify=answer))
    assert seen.offer.dialback == dialback
    assert (seen.error is not None) == is_error


async def test_a_server_that_takes_one_connection_alone(one: One, authority: Authority) -> None:
    peer = Peer(context=authority.server(DOMAIN, days=(-30, -1)))

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not peer.heard:
            await peer(reader, writer)

    seen = await one(once)
    assert seen.secured is None
    assert seen.stopped is not None
    assert (seen.stopped.stage, seen.stopped.kind) == ("tls", "closed")
    assert "code 10" in seen.stopped.detail
    assert seen.plain is not None
    assert seen.plain.features is not None


async def test_marks_that_reorder_text_are_made_harmless(one: One) -> None:
    mark = "\u202e"
    header = HEADER.replace("417GAF25", mark * 3).replace("from='contoso.com'", f"from='{mark}'")
    features = ANY_FEATURES.format(EXTERNAL.replace("EXTERNAL", mark) + f"<a xmlns='{mark}'/>")
    for peer in (
        Peer(header=header, features=features),
        Peer(header=header, features=stream_error("conflict", mark)),
        Peer(features=NO_TLS, verify=f"<db:verify type='{mark}'/>"),
        Peer(header=f"<{'a' * 5000} xmlns='{mark}'>"),
    ):
        seen = await one(peer)
        assert mark not in msgspec.json.encode(seen).decode()
        assert len(msgspec.json.encode(seen)) < 4_000


async def test_mechanisms_before_tls_are_kept_as_they_are_written(one: One) -> None:
    listed = EXTERNAL.replace("EXTERNAL", " external\n")
    seen = await one(Peer(features=ANY_FEATURES.format(listed + STARTTLS.format("")), starttls=FAILURE))
    assert seen.plain is not None
    assert seen.plain.features is not None
    assert (seen.plain.features.mechanisms, seen.plain.features.starttls) == (("external",), "offered")
    assert seen.offer.external == "offered"


async def test_a_port_that_refuses_and_one_that_drops(
    asked: Ask, refusing: int, black_hole: int, deadlines: XmppDeadlines
) -> None:
    zone: Zone = {
        (PLAIN, "SRV"): [f"5 0 {refusing} {HOST}.", f"6 0 {black_hole} {HOST}."],
        (HOST, "A"): ["127.0.0.1"],
    }
    facts = await asked(zone)
    assert [attempt.stopped.kind for attempt in facts.attempts if attempt.stopped] == ["refused", "timeout"]
    assert facts.usable is None


async def test_each_family_of_each_target_is_tried_in_order(asked: Ask, serve: Serve) -> None:
    ports = [await serve(Peer(features=NO_TLS), None, host) for host in ("127.0.0.1", "::1", "127.0.0.2")]
    zone: Zone = {
        (PLAIN, "SRV"): [f"20 0 {ports[2]} far.contoso.com.", f"10 0 {ports[0]} {HOST}."],
        (HOST, "A"): ["127.0.0.1"],
        (HOST, "AAAA"): ["::1"],
        ("far.contoso.com", "A"): ["127.0.0.2"],
    }
    facts = await asked(zone)
    assert [(attempt.target.host, attempt.address, attempt.opened) for attempt in facts.attempts] == [
        (HOST, "::1", False),  # nobody listens there on that port
        (HOST, "127.0.0.1", True),
        ("far.contoso.com", "127.0.0.2", True),
    ]
    assert facts.usable == facts.attempts[1]


async def test_without_a_record_the_domain_itself_is_tried(asked: Ask, serve: Serve) -> None:
    port = await serve(Peer(features=NO_TLS))
    rules = (ConnectTo(port=5269, to_port=port),)
    facts = await asked({(DOMAIN, "A"): ["127.0.0.1"]}, connect_to=rules)
    assert (facts.way, [target.host for target in facts.targets]) == ("no-record", [DOMAIN])
    assert facts.usable is not None


async def test_no_time_is_left_for_the_last(asked: Ask, black_hole: int, deadlines: XmppDeadlines) -> None:
    zone: Zone = {(PLAIN, "SRV"): [f"5 0 {black_hole} {HOST}."], (HOST, "A"): ["127.0.0.1"]}
    facts = await asked(zone, deadlines=msgspec.structs.replace(deadlines, whole=0.0))
    assert [attempt.stopped.kind for attempt in facts.attempts if attempt.stopped] == ["no-time"]


async def test_through_a_proxy_nothing_is_asked(asked: Ask) -> None:
    answer: Any = await asked({}, proxy="http://proxy.litwareinc.com:8080")
    assert isinstance(answer, Unanswered)
    assert answer.reason is Reason.NOT_POSSIBLE_HERE


async def test_a_file_of_authorities_that_is_none(asked: Ask, tmp_path: Path) -> None:
    answer: Any = await asked({}, ca_file=str(tmp_path / "none.pem"))
    assert isinstance(answer, Unanswered)
    assert answer.reason is Reason.MISSING_INPUT


async def test_a_domain_that_nobody_can_look_up(asked: Ask) -> None:
    answer: Any = await asked({}, silent=(PLAIN, DIRECT, DOMAIN))
    assert isinstance(answer, Unanswered)
    assert answer.reason is Reason.TIMEOUT


async def test_a_target_without_an_address_is_told_and_not_tried(asked: Ask) -> None:
    facts = await asked({(PLAIN, "SRV"): [f"5 0 5269 {HOST}."]})
    assert facts.attempts == ()
    (target,) = facts.targets
    assert isinstance(target.records, Records)
    assert target.records.outcome == "no-such-name"


async def test_a_question_can_be_cancelled(name_server: NameServers, serve: Serve) -> None:
    heard = asyncio.Event()
    closed = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b">")
        heard.set()
        await reader.read()
        closed.set()

    port = await serve(hang)
    zone: Zone = {(PLAIN, "SRV"): [f"5 0 {port} {HOST}."], (HOST, "A"): ["127.0.0.1"]}
    sources = Sources(dns_outside=(await name_server(answering(zone))).address)
    resolver = DnsProbe(sources, "outside")
    asking = asyncio.create_task(XmppProbe(resolver, Network(sources, resolver, "outside")).ask(QUESTION))
    async with asyncio.timeout(10):
        await heard.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await closed.wait()
