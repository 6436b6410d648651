"""What `openssl s_client` prints, of several versions, as the certificates that a server presents."""

import asyncio
import base64
import datetime
import functools
import shutil

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

import lab.client
from checks.deployment import ConnectTo, Sources
from checks.knowledge.certificate_rules import broken_rules
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.openssl_names import distinguished_name
from checks.knowledge.pasted.openssl_output import read, recognise
from checks.probes import Handshake, NoTls, Presented
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.tls import TlsProbe
from checks.text import clean

HOST = "lyncweb.litwareinc.com"
WEB = Handshake(host=HOST, port=443, view="outside")
NOW = "2026-06-01T12:00:00+00:00"


@functools.cache
def pem(subject: str = HOST, issuer: str = "Litware Issuing CA") -> str:
    start = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)

    def name(common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Litware, Inc."),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2028))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def shown(
    style: str = "3.0",
    *,
    showcerts: bool = False,
    code: str = "0 (ok)",
    protocol: str = "TLSv1.2",
    start: str = "    Start Time: 1780000000\n",
) -> str:
    """The whole output for a chain of two, as a version of OpenSSL prints it."""

    def dn(common: str) -> str:
        return {
            "1.0.2": f"/C=US/O=Litware, Inc./CN={common}",
            "3.0": f'C = US, O = "Litware, Inc.", CN = {common}',
            "3.2": rf"C=US, O=Litware\, Inc., CN={common}",
        }[style]

    dates = "   v:NotBefore: Jan  2 03:04:05 2024 GMT; NotAfter: Jan  2 03:04:05 2034 GMT\n" if style != "1.0.2" else ""
    leaf = pem() if showcerts else ""
    issuing = pem("Litware Issuing CA", "Litware Root CA") if showcerts else ""
    first = "Connecting to 203.0.113.10\n" if style == "3.2" else ""
    return (
        f"{first}CONNECTED(00000003)\n---\nCertificate chain\n"
        f" 0 s:{dn(HOST)}\n   i:{dn('Litware Issuing CA')}\n{leaf}"
        f" 1 s:{dn('Litware Issuing CA')}\n   i:{dn('Litware Root CA')}\n{dates}{issuing}"
        f"---\nServer certificate\n{'' if showcerts else pem()}subject={dn(HOST)}\n\nissuer={dn('Litware Issuing CA')}\n\n"
        "---\nNo client certificate CA names sent\n---\nSSL handshake has read 3000 bytes and written 400 bytes\n---\n"
        f"New, TLSv1/SSLv3, Cipher is ECDHE-RSA-AES256-GCM-SHA384\nSSL-Session:\n    Protocol  : {protocol}\n"
        f"{start}    Verify return code: {code}\n---\n"
    )


@pytest.mark.parametrize("showcerts", [True, False])
@pytest.mark.parametrize("style", ["1.0.2", "3.0", "3.2"])
def test_every_version_shows_the_same_chain(style: str, showcerts: bool) -> None:
    answer = read(WEB, shown(style, showcerts=showcerts))
    assert isinstance(answer, Presented)
    assert (answer.protocol, answer.verified, answer.rule, answer.only_old) == ("TLSv1.2", True, "", False)
    assert answer.seen_at == "2026-05-28T20:26:40+00:00"
    assert answer.address == ("203.0.113.10" if style == "3.2" else "")
    leaf, issuing = answer.chain
    assert leaf.names == (HOST,)
    assert (leaf.not_before, leaf.not_after) == ("2026-01-02T03:04:05+00:00", "2028-01-02T03:04:05+00:00")
    assert leaf.subject == rf"CN={HOST},O=Litware\, Inc.,C=US"
    assert issuing.subject == leaf.issuer == r"CN=Litware Issuing CA,O=Litware\, Inc.,C=US"
    assert issuing.issuer == r"CN=Litware Root CA,O=Litware\, Inc.,C=US"
    assert not broken_rules(answer, HOST)
    if not showcerts:
        assert issuing.names == ()
        assert issuing.not_after == ("" if style == "1.0.2" else "2034-01-02T03:04:05+00:00")


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("10 (certificate has expired)", ()),
        ("20 (unable to get local issuer certificate)", ("untrusted",)),
        ("66 (EE certificate key too weak)", ("weak",)),
    ],
)
def test_a_refusal_is_in_the_verifiers_words(code: str, rules: tuple[str, ...]) -> None:
    answer = read(WEB, shown(code=code))
    assert isinstance(answer, Presented)
    number, _, words = code.partition(" ")
    assert (answer.verified, answer.rule) == (False, f"{words[1:-1]} (code {number})")
    assert tuple(one.rule for one in broken_rules(answer, HOST)) == rules


def test_dates_are_judged_by_the_clock_of_the_text_or_by_the_one_given() -> None:
    expired = read(WEB, shown(code="10 (certificate has expired)", start="    Start Time: 1900000000\n"))
    assert isinstance(expired, Presented)
    assert [one.rule for one in broken_rules(expired, HOST)] == ["expired"]
    answer = read(WEB, shown(start=""), NOW)
    assert isinstance(answer, Presented)
    assert answer.seen_at == NOW
    now = read(WEB, shown(start=""))
    assert isinstance(now, Presented)
    assert datetime.datetime.fromisoformat(now.seen_at).utcoffset() == datetime.timedelta(0)


TYPED = f"PS C:\\> openssl s_client -connect {HOST}:443 -servername {HOST} -showcerts\n"
OLD_TYPED = f"PS C:\\> openssl s_client -connect {HOST}:443 -servername {HOST} -tls1 -cipher ALL:@SECLEVEL=0\n"
ALERT = """CONNECTED(00000003)
140735:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/record/rec_layer_s3.c:1584:SSL alert number 70
---
no peer certificate available
---
SSL handshake has read 7 bytes and written 300 bytes
---
New, (NONE), Cipher is (NONE)
Verify return code: 0 (ok)
---
"""


def test_an_old_protocol_is_the_only_one_where_today_was_offered() -> None:
    offered = read(WEB, shown(protocol="TLSv1"))
    assert isinstance(offered, Presented)
    assert (offered.protocol, offered.only_old) == ("TLSv1", True)
    asked_for = read(WEB, OLD_TYPED + shown(protocol="TLSv1"))
    assert isinstance(asked_for, Presented)
    assert not asked_for.only_old
    both = read(WEB, TYPED + ALERT + OLD_TYPED + shown(protocol="TLSv1"))
    assert isinstance(both, Presented)
    assert both.only_old
    newer = read(WEB, TYPED + shown() + OLD_TYPED + shown(protocol="TLSv1"))
    assert isinstance(newer, Presented)
    assert newer.protocol == "TLSv1.2"


NONE = "---\nno peer certificate available\n---\nSSL handshake has read 0 bytes and written 300 bytes\n---\n"
FAILURES = [
    ("connect:errno=111\n", "refused"),
    ("connect: Connection refused\nconnect:errno=10061\n", "refused"),
    ("80EB:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()\n"
     "connect:errno=111", "refused"),
    ("connect:errno=110", "timeout"),
    ("connect:errno=10060", "timeout"),
    ("connect:errno=113", "no-route"),
    ("80DB:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:Name or service not known\n"
     "connect:errno=0", "no-such-name"),
    ("CONNECTED(00000003)\n80EBD5FD7E0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:"
     f"../ssl/record/ssl3_record.c:350:\n{NONE}", "not-tls"),
    ("CONNECTED(00000003)\n140735:error:140770FC:SSL routines:SSL23_GET_SERVER_HELLO:unknown protocol:s23_clnt.c:794:\n"
     f"{NONE}", "not-tls"),
    (ALERT, "alert"),
    (f"CONNECTED(00000003)\nwrite:errno=104\n{NONE}", "reset"),
    (f"CONNECTED(00000003)\n{NONE}", "reset"),
    ("CONNECTED(00000003)\n4047:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:rec_layer_s3.c:303:\n"
     f"{NONE}", "reset"),
    ("CONNECTED(00000003)\n^C\n", "silence"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), FAILURES, ids=range(len(FAILURES)))
def test_no_certificate(text: str, kind: str) -> None:
    for whole in (text, TYPED + text):
        answer = read(WEB, whole)
        assert isinstance(answer, NoTls)
        assert answer.kind == kind
        # Whether the one who pasted could have spoken an old protocol is not in the text.
        assert answer.old_protocols_tried == (kind not in {"alert", "reset"})
        assert recognise(whole) == answer


def test_old_protocols_count_as_tried_where_they_were_typed() -> None:
    answer = read(WEB, TYPED + ALERT + OLD_TYPED + ALERT)
    assert isinstance(answer, NoTls)
    assert answer.old_protocols_tried


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It does not work.", "not the output of openssl"),
        (TYPED.replace(HOST, "meet.litwareinc.com") + shown(), "This is of meet.litwareinc.com:443"),
        (TYPED.replace(":443", ":5061") + shown(), f"asked was {HOST}:443"),
        (shown().replace("    Verify return code: 0 (ok)\n", ""), "Verify return code is missing"),
        ("CONNECTED(00000003)\n", "ends before the handshake"),
        (
            "80DB:error:10080002:BIO routines:BIO_lookup_ex:system lib::Temporary failure in name resolution\n",
            "name server",
        ),
        (shown().replace(pem(), ""), "names were not seen"),
    ],
)
def test_what_is_no_answer_is_said(text: str, sentence: str) -> None:
    answer = read(WEB, text)
    assert isinstance(answer, NotUnderstood)
    assert sentence in answer.sentence


def test_a_certificate_that_was_not_pasted_whole_is_not_the_servers_fault() -> None:
    lines = shown().splitlines()
    start = lines.index("-----BEGIN CERTIFICATE-----")
    for damaged in (lines[: start + 2] + lines[start + 3 :], lines[: start + 4]):
        answer = read(WEB, "\n".join(damaged))
        assert isinstance(answer, NotUnderstood)
        assert (answer.line, answer.text) == (start + 1, "-----BEGIN CERTIFICATE-----")
        assert recognise("\n".join(damaged)) is None


def test_a_certificate_that_is_whole_and_odd_is_the_servers() -> None:
    der = b"\x30\x03\x02\x01\x07"
    odd = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"
    answer = read(WEB, shown().replace(pem(), odd))
    assert isinstance(answer, Presented)
    assert [one.rule for one in broken_rules(answer, HOST)] == ["unreadable"]


def test_a_chain_without_the_certificate_is_recognised_and_not_blamed_for_its_names() -> None:
    answer = recognise(shown().replace(pem(), ""), NOW)
    assert isinstance(answer, Presented)
    assert answer.chain[0].problem
    assert not broken_rules(answer, HOST)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("/C=US/O=Litware, Inc./CN=a/b", r"CN=a/b,O=Litware\, Inc.,C=US"),
        ('C = US, O = "Litware, Inc.", CN = a', r"CN=a,O=Litware\, Inc.,C=US"),
        (r"C=US, O=Litware\, Inc., CN=a", r"CN=a,O=Litware\, Inc.,C=US"),
        ("CN = a", "CN=a"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_names(printed: str, name: str) -> None:
    assert distinguished_name(printed) == name


def test_a_paste_goes_this_way() -> None:
    assert isinstance(understand(WEB, shown()), Presented)


@pytest.mark.lab
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
async def test_real_openssl_shows_what_the_probe_sees() -> None:
    scenarios = ["healthy", "refused", "tls-wrong-name", "tls-self-signed", "tls-unknown-authority", "tls-expired",
                 "tls-incomplete-chain", "tls-weak-key", "tls-plain-http"]  # fmt: skip
    async with lab.client.start() as running:
        where = running.connection
        question = Handshake(host=where.web, port=443, view="inside")
        rule = ConnectTo(host="", port=443, to_host="", to_port=where.https_port)
        sources = Sources(
            dns_inside=where.dns_inside, dns_outside=where.dns_outside, connect_to=(rule,), ca_file=where.ca_file
        )
        probe = TlsProbe(Network(sources, DnsProbe(sources, "inside")), ca_file=where.ca_file)
        for scenario in scenarios:
            await running.control("change", scenarios=[scenario])
            live = await probe.ask(question)
            run = await asyncio.create_subprocess_exec(
                "openssl", "s_client", "-connect", f"{where.addresses['reverse-proxy']}:{where.https_port}",
                "-servername", where.web, "-showcerts", "-CAfile", where.ca_file,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            printed, _ = await asyncio.wait_for(run.communicate(), 20)
            pasted = read(question, printed.decode(errors="replace"))
            if isinstance(live, Presented):
                assert isinstance(pasted, Presented), scenario
                assert pasted.chain == live.chain
                at_once = msgspec.structs.replace(live, seen_at=pasted.seen_at)
                rules = [[one.rule for one in broken_rules(each, where.web)] for each in (pasted, at_once)]
                assert rules[0] == rules[1], scenario
            else:
                assert isinstance(pasted, NoTls), scenario
                assert isinstance(live, NoTls)
                assert pasted.kind == live.kind


def check(text: str) -> None:
    for answer in (read(WEB, text, NOW), recognise(text, NOW)):
        if isinstance(answer, Presented):
            assert answer.chain
            words = [answer.rule, *(f"{one.subject}{one.issuer}" for one in answer.chain)]
            assert words == [clean(one, 1000) for one in words]
        elif isinstance(answer, NoTls):
            assert answer.detail == clean(answer.detail)


@given(st.text(max_size=300))
def test_never_raises_on_any_text(text: str) -> None:
    check(text)
    assert distinguished_name(text) == clean(distinguished_name(text))


@settings(deadline=None)
@given(st.sampled_from([*range(4), *range(4, 4 + len(FAILURES))]), st.data())
def test_never_raises_on_a_mutated_sample(number: int, data: st.DataObject) -> None:
    samples = [shown("1.0.2"), shown("3.0", showcerts=True), shown("3.2"), TYPED + ALERT + OLD_TYPED + shown()]
    sample = [*samples, *(text for text, _ in FAILURES)][number]
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(sample)))
        cut = data.draw(st.integers(0, 40))
        sample = sample[:at] + data.draw(st.text(max_size=5)) + sample[at + cut :]
    check(sample)


PIECES = ["CONNECTED(\n", "-----BEGIN CERTIFICATE-----\n", " 0 s:CN=a\n   i:CN=b\n", '"', "AAAAAAAA:error:0A00010B:x:", "$ s_client\n",
          "Certificate chain\n 0 s:" + '"' * 2000 + "\n"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_four_megabytes_are_read_in_bounds(piece: str) -> None:
    answer = read(WEB, "CONNECTED(00000003)\n" + piece * (4_000_000 // len(piece)))
    assert not isinstance(answer, Presented)
