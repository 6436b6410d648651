"""The lab's XMPP servers: the server-to-server probe sees of each what the model says of it."""

import asyncio
import contextlib
import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lab.client
from checks.deployment import Sources, parse_connect_to
from checks.knowledge.xmpp.negotiation import Offer
from checks.probes import NoTls, Presented
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.xmpp import XmppProbe
from checks.probes.xmpp_attempt import XmppDeadlines
from checks.probes.xmpp_facts import Attempt, Secured, Stream, StreamFacts
from lab import xmpp_conversation
from lab.client import Connection
from lab.model import (
    DOMAIN,
    PARTNER,
    PARTNER_SERVER,
    SKYPE_2019,
    Certificate,
    EdgeListener,
    Model,
    Name,
    PortState,
    Service,
    XmppServer,
)
from lab.scenarios import Change, healthy
from lab.xmpp_reader import End, Event, Reader, Root
from tests.servers.browsing import served

pytestmark = pytest.mark.lab

DEADLINES = XmppDeadlines(connect=0.5, reply=0.6, place=8.0, whole=10.0)
"""Deadlines that a test can wait for; what runs out is always the one meant."""
UNKNOWN = Offer(tls="unknown", external="unknown", dialback="unknown")
OFFERED = Offer(tls="offered", external="offered", dialback="offered")


async def asked(where: Connection, domain: str = PARTNER, *, ours: str = DOMAIN, client: str = "") -> StreamFacts:
    """What the probe tells of a domain of the lab, from outside."""
    sources = Sources(dns_outside=where.dns_outside, connect_to=tuple(map(parse_connect_to, where.connect_to)))
    resolver = DnsProbe(sources, "outside")
    probe = XmppProbe(
        resolver,
        Network(sources, resolver, "outside"),
        ca_file=where.ca_file,
        client_certificate=client,
        deadlines=DEADLINES,
    )
    facts = await probe.ask(Stream(domain=domain, from_domain=ours, view="outside"))
    assert isinstance(facts, StreamFacts)
    return facts


def in_file(certificate: dict[str, str], directory: Path) -> str:
    """A client's certificate as the probe takes it."""
    file = directory / "client.pem"
    file.write_text(certificate["chain"] + certificate["key"])
    return str(file)


async def seen(directory: Path, change: Change, domain: str = PARTNER) -> StreamFacts:
    """What the Edge sees of the partner, with its own certificate; or the partner of the Edge."""
    async with served(directory, change) as (where, deployment):
        host, ours = ("edge-external", DOMAIN) if domain == PARTNER else ("partner", PARTNER)
        client = in_file(deployment.certificate(host), directory)
        return await asked(where, domain, ours=ours, client=client)


@dataclass(frozen=True)
class Seen:
    """What is looked at of an attempt."""

    offer: Offer = OFFERED
    stopped: tuple[str, str] | None = None
    """At which stage, and how."""
    error: str = ""
    """The stream error, also one that only `db:verify` ended in."""
    version: str | None = "1.0"
    """None where no stream was opened."""
    has_id: bool = True
    starttls: str = "offered"
    dialback_before_tls: bool = True
    tls: str = "TLSv1.3"
    """The protocol, or why there is none."""
    verifies: bool = True
    speaks: bool = True
    verified: str = "invalid"
    over_tls: bool = True


def told(attempt: Attempt) -> Seen:
    header = attempt.plain.header if attempt.plain else None
    features = attempt.plain.features if attempt.plain else None
    secured = attempt.secured
    errors = [word.error for word in (attempt.last_word, attempt.verified) if word and word.error]
    error = errors[0] if errors else None
    return Seen(
        offer=attempt.offer,
        stopped=(attempt.last_word.stage, attempt.last_word.kind) if attempt.last_word else None,
        error=f"{error.condition} {error.text}".strip() if error else "",
        version=header.version if header else None,
        has_id=bool(header and header.id),
        starttls=features.starttls if features else "",
        dialback_before_tls=bool(features and features.dialback),
        tls=spoken(secured),
        verifies=bool(secured and isinstance(secured.tls, Presented) and secured.tls.verified),
        speaks=bool(secured and secured.speaks_for(attempt.target.host.partition(".")[2])),
        verified=attempt.verified.outcome if attempt.verified else "",
        over_tls=bool(attempt.verified and attempt.verified.over_tls),
    )


def spoken(secured: Secured | None) -> str:
    match secured:
        case Secured(tls=Presented(protocol=protocol)):
            return protocol
        case Secured(tls=NoTls(kind=kind)):
            return kind
    return ""


HEALTHY = Seen()
NO_TLS = replace(HEALTHY, tls="", verifies=False, speaks=False, over_tls=False)
NOT_ASKED = replace(NO_TLS, starttls="", dialback_before_tls=False, verified="", offer=UNKNOWN)
NOTHING = replace(NOT_ASKED, version=None, has_id=False)


def offer(**changes: Any) -> Offer:
    """A healthy one, but for these."""
    return msgspec.structs.replace(OFFERED, **changes)


CASES: dict[str, tuple[dict[str, Any], Seen]] = {
    "healthy": ({}, HEALTHY),
    "closed": ({"port": "closed"}, replace(NOTHING, stopped=("connect", "refused"))),
    "drop": ({"port": "drop"}, replace(NOTHING, stopped=("connect", "timeout"))),
    "hangs": ({"conduct": "hangs"}, replace(NOTHING, stopped=("stream", "silence"))),
    "closes": ({"conduct": "closes"}, replace(NOTHING, stopped=("stream", "closed"))),
    "not-xmpp": ({"conduct": "not-xmpp"}, replace(NOTHING, stopped=("stream", "not-xml"))),
    "tls-first": ({"conduct": "tls-first"}, replace(NOTHING, stopped=("stream", "tls-spoken"))),
    "version": (
        {"version": ""},
        replace(NOT_ASKED, version="", verified="invalid", offer=offer(tls="absent", external="unknown")),
    ),
    "old-version": (
        {"version": "0.9"},
        replace(NOT_ASKED, version="0.9", verified="invalid", offer=offer(tls="absent", external="unknown")),
    ),
    "id": ({"has_id": False}, replace(HEALTHY, has_id=False)),
    "required": (
        {"starttls": "required"},
        replace(HEALTHY, starttls="required", dialback_before_tls=False, offer=offer(tls="required")),
    ),
    "absent": (
        {"starttls": "absent"},
        replace(NO_TLS, starttls="absent", offer=offer(tls="absent", external="unknown")),
    ),
    "failure": (
        {"starttls_answer": "failure"},
        replace(NO_TLS, stopped=("starttls", "failure"), verified="", offer=offer(tls="broken", external="unknown")),
    ),
    "broken": (
        {"starttls_answer": "broken"},
        replace(NO_TLS, tls="alert", verified="", offer=offer(tls="broken", external="unknown")),
    ),
    "tls-1.0": ({"newest_tls": "1.0"}, replace(HEALTHY, tls="TLSv1", verifies=False, offer=offer(tls="unknown"))),
    "tls-1.2": ({"newest_tls": "1.2"}, replace(HEALTHY, tls="TLSv1.2")),
    "external": ({"external": False}, replace(HEALTHY, offer=offer(external="absent"))),
    "dialback": (
        {"dialback": False},
        replace(
            HEALTHY,
            dialback_before_tls=False,
            verified="stream-error",
            error="unsupported-stanza-type",
            offer=offer(dialback="absent"),
        ),
    ),
    "verify-error": ({"verify": "error"}, replace(HEALTHY, verified="error")),
    "verify-silence": ({"verify": "silence"}, replace(HEALTHY, verified="silence")),
    "domains": (
        {"domains": ["contoso.com"]},
        replace(NOT_ASKED, stopped=("features", "stream-error"), error="host-unknown"),
    ),
    "error": (
        {"error": "policy-violation", "error_text": "You are <blocked> & gone"},
        replace(NOT_ASKED, stopped=("features", "stream-error"), error="policy-violation You are <blocked> & gone"),
    ),
    "expired": ({"certificate": Certificate([PARTNER], begins=-90, ends=-2)}, replace(HEALTHY, verifies=False)),
    "not-yet": ({"certificate": Certificate([PARTNER], begins=2)}, replace(HEALTHY, verifies=False)),
    "self-signed": ({"certificate": Certificate([PARTNER], issuer="self")}, replace(HEALTHY, verifies=False)),
    "stranger": ({"certificate": Certificate([PARTNER], issuer="stranger")}, replace(HEALTHY, verifies=False)),
    "no-intermediate": ({"certificate": Certificate([PARTNER], sends="leaf")}, replace(HEALTHY, verifies=False)),
    "weak": ({"certificate": Certificate([PARTNER], weak=True)}, replace(HEALTHY, verifies=False)),
    "other-name": ({"certificate": Certificate([PARTNER_SERVER])}, replace(HEALTHY, speaks=False)),
}


@pytest.mark.parametrize(("knobs", "expected"), CASES.values(), ids=CASES)
async def test_what_the_model_says_of_the_partner_is_seen(
    knobs: dict[str, Any], expected: Seen, tmp_path: Path
) -> None:
    def change(model: Model) -> None:
        for name, value in knobs.items():
            setattr(model.xmpp.partner, name, value)

    facts = await seen(tmp_path, change)
    (attempt,) = facts.attempts
    assert told(attempt) == expected


async def test_direct_tls_that_is_announced(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.xmpp.partner.conduct = "tls-first"
        model.names["outside"][f"_xmpps-server._tcp.{PARTNER}"] = Name(services=[Service(PARTNER_SERVER, 5269)])
        del model.names["outside"][f"_xmpp-server._tcp.{PARTNER}"]

    (attempt,) = (await seen(tmp_path, change)).attempts
    assert (attempt.target.direct, attempt.last_word) == (True, None)
    assert attempt.offer == offer(tls="required")


@pytest.mark.parametrize(
    ("certificate", "tls", "offered"),
    [
        (Certificate([DOMAIN], client=True), "TLSv1.3", ("EXTERNAL",)),
        (Certificate([DOMAIN], client=True, issuer="stranger"), "TLSv1.3", None),
        (Certificate([DOMAIN], client=False), "TLSv1.3", None),
        (Certificate([f"sip.{DOMAIN}"], client=True), "TLSv1.3", ()),
        (None, "", None),
    ],
    ids=["trusted", "stranger", "not-for-clients", "other-name", "none"],
)
async def test_external_is_for_a_client_whose_certificate_is_trusted(
    certificate: Certificate | None, tls: str, offered: tuple[str, ...] | None, tmp_path: Path
) -> None:
    def change(model: Model) -> None:
        if certificate:
            model.xmpp.edge.certificate = certificate

    async with served(tmp_path, change) as (where, deployment):
        client = in_file(deployment.certificate("edge-external"), tmp_path) if certificate else ""
        (attempt,) = (await asked(where, client=client)).attempts
    assert spoken(attempt.certified) == tls
    features = attempt.certified_features
    assert (features.mechanisms if features else None) == offered
    assert attempt.secured is not None
    assert attempt.secured.opening is not None
    assert attempt.secured.opening.features is not None
    assert attempt.secured.opening.features.mechanisms == ()


@pytest.mark.parametrize(
    ("listeners", "override", "expected"),
    [
        ([EdgeListener(5269, "edge-external")], None, HEALTHY),
        ([EdgeListener(23456, "edge-internal")], None, replace(NOTHING, stopped=("connect", "refused"))),
        ([EdgeListener(5269, "edge-external")], "drop", replace(NOTHING, stopped=("connect", "timeout"))),
    ],
)
async def test_the_edge_answers_while_its_gateway_listens(
    listeners: list[EdgeListener], override: PortState | None, expected: Seen, tmp_path: Path
) -> None:
    def change(model: Model) -> None:
        model.edge_listeners = listeners
        if override:
            model.listening["edge-external"] = {5269: override}

    (attempt,) = (await seen(tmp_path, change, DOMAIN)).attempts
    assert told(attempt) == expected


async def test_a_product_without_xmpp_answers_nobody(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.product = SKYPE_2019

    (attempt,) = (await seen(tmp_path, change, DOMAIN)).attempts
    assert told(attempt) == replace(NOTHING, stopped=("connect", "refused"))


async def test_more_servers_stand_on_hosts_of_their_own(tmp_path: Path) -> None:
    second = f"xmpp2.{PARTNER}"

    def change(model: Model) -> None:
        model.xmpp.more_servers.append(XmppServer("partner-2", ["contoso.com"], Certificate([PARTNER])))
        model.names["outside"][second] = Name(hosts=["partner-2"])
        model.names["outside"][f"_xmpp-server._tcp.{PARTNER}"].services.append(Service(second, 5269, priority=5))

    first, other = (await seen(tmp_path, change)).attempts
    assert told(first) == HEALTHY
    assert other.target.host == second
    assert other.error is not None
    assert other.error.condition == "host-unknown"


async def test_streams_are_counted_by_host_and_by_who_opened_them() -> None:
    async with lab.client.start() as running:
        assert await running.control("streams") == {"edge-external": {}, "partner": {}}
        assert all(attempt.opened for attempt in (await asked(running.connection)).attempts)
        assert all(attempt.opened for attempt in (await asked(running.connection, DOMAIN, ours=PARTNER)).attempts)
        # With TLS it is one stream all the same.
        assert await running.control("streams") == {"edge-external": {PARTNER: 1}, "partner": {DOMAIN: 1}}
        await running.control("change", scenarios=["edge-only-internal"])
        assert not any(attempt.opened for attempt in (await asked(running.connection, DOMAIN)).attempts)
        assert await running.control("streams") == {"edge-external": {}, "partner": {}}


def opening(attributes: str = f"from='{DOMAIN}' to='{PARTNER}' version='1.0'", content: str = "jabber:server") -> str:
    namespaces = f"xmlns='{content}' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback'"
    return f"<?xml version='1.0'?><stream:stream {namespaces} {attributes}>"


VERIFY = f"<db:verify from='{DOMAIN}' to='{{}}' id='x'>key</db:verify>"
RESULT = f"<db:result from='{DOMAIN}' to='{PARTNER}'>key</db:result>"
AUTH = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>"


async def said(directory: Path, *sent: str | bytes, change: Change = healthy, end: bool = False) -> str:
    """All that the partner answers to this, until it ends the connection; with `end` we end it first."""
    async with served(directory, change) as (where, _):
        reader, writer = await asyncio.open_connection(where.addresses["partner"], where.ports["5269"])
        for piece in sent:
            writer.write(piece if isinstance(piece, bytes) else piece.encode())
            # The server may have ended the stream already.
            with contextlib.suppress(OSError):
                await writer.drain()
        if end:
            writer.write_eof()
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
    return answer.decode()


@pytest.mark.parametrize(
    ("sent", "condition"),
    [
        (opening(content="jabber:client"), "invalid-namespace"),
        (opening().replace("etherx.jabber.org", "example.com"), "invalid-namespace"),
        (opening(f"from='{DOMAIN}' version='1.0'"), "improper-addressing"),
        (opening("to='contoso.com' version='1.0'"), "host-unknown"),
        (opening() + VERIFY.format("contoso.com"), "host-unknown"),
        (opening() + "<db:verify id='x'>key</db:verify>", "improper-addressing"),
        (opening() + RESULT, "remote-connection-failed"),
        (opening() + AUTH, "not-authorized"),
        (opening() + "<message to='a@fabrikam.com'><body>x</body></message>", "not-authorized"),
        (opening() + "<a></b>", "not-well-formed"),
        (opening() + "<a>&undefined;</a>", "not-well-formed"),
        (opening() + "<!-- x --><a/>", "restricted-xml"),
        (opening() + "<?x y?><a/>", "restricted-xml"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + opening()[21:], "restricted-xml"),
        (opening() + f"<a b='{'x' * 70_000}'/>", "policy-violation"),
        (opening() + "<a>" * 30_000, "policy-violation"),
        ("GET / HTTP/1.1\r\n\r\n", "not-well-formed"),
        (b"\x16\x03\x01\x00\xc4\x01", "not-well-formed"),
        (opening().encode("utf-16"), "not-well-formed"),
    ],
)
async def test_what_a_server_may_not_say_ends_in_the_error_that_fits(
    sent: str | bytes, condition: str, tmp_path: Path
) -> None:
    answer = await said(tmp_path, sent)
    assert answer.startswith("<?xml version='1.0'?><stream:stream ")
    assert f"<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>" in answer
    assert answer.endswith("</stream:error></stream:stream>")


async def test_a_stream_that_is_closed_is_closed_by_both(tmp_path: Path) -> None:
    answer = await said(tmp_path, opening(), "</stream:stream>")
    assert answer.endswith("</stream:features></stream:stream>")


async def test_where_tls_is_required_nothing_is_answered_before_it(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.xmpp.partner.starttls = "required"

    answer = await said(tmp_path, opening(), VERIFY.format(PARTNER), change=change)
    assert "<policy-violation " in answer


async def test_what_is_sent_before_tls_counts_for_nothing_in_it(tmp_path: Path) -> None:
    """Whoever is in the middle could put it there."""
    starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    answer = await said(tmp_path, opening() + starttls + opening() + VERIFY.format(PARTNER), end=True)
    assert "<proceed " in answer
    assert "verify" not in answer


async def test_what_came_before_a_fault_is_answered_first(tmp_path: Path) -> None:
    answer = await said(tmp_path, opening() + VERIFY.format(PARTNER) + "</stream:stream><a/>")
    assert answer.endswith("type='invalid'></db:verify></stream:stream>")


async def test_a_stream_that_falls_silent_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmpp_conversation, "_IDLE", 0.01)
    assert "<connection-timeout " in await said(tmp_path, opening())


async def test_closing_the_lab_ends_what_hangs(tmp_path: Path) -> None:
    def change(model: Model) -> None:
        model.xmpp.partner.conduct = "hangs"

    async with served(tmp_path, change) as (where, deployment):
        reader, writer = await asyncio.open_connection(where.addresses["partner"], where.ports["5269"])
        writer.write(opening().encode())
        await writer.drain()
        await deployment.close()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


WHOLE = (opening() + VERIFY.format(PARTNER) + "\n" + AUTH + " <a b='>'><c>text</c></a></stream:stream>").encode()


def events(pieces: list[bytes]) -> list[Event]:
    reader = Reader()
    for piece in pieces:
        reader.feed(piece)
    return list(reader.events)


@given(st.lists(st.integers(0, len(WHOLE)), max_size=20))
def test_how_a_stream_is_cut_makes_no_difference(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(WHOLE)]
    found = events([WHOLE[begin:end] for begin, end in itertools.pairwise(places)])
    assert found == events([WHOLE])
    assert [type(found[0]), type(found[-1])] == [Root, End]
    assert len(found) == 5
