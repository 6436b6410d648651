"""Certificates, whole and broken."""

import datetime
import functools

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.certificates import MOST_NAMES, decode
from checks.probes import Certificate


def name(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, text), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Litware")]
    )


def issue(*extensions: x509.ExtensionType, issuer: str = "Litware CA", key: str = "ec") -> bytes:
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    match key:
        case "rsa":
            private = rsa.generate_private_key(65537, 2048)
        case "ed25519":
            private = ed25519.Ed25519PrivateKey.generate()
        case _:
            private = ec.generate_private_key(ec.SECP256R1())
    start = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("lyncweb.litwareinc.com"))
        .issuer_name(name(issuer))
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2028))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    certificate = builder.sign(private, None if key == "ed25519" else hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.DER)


@functools.cache
def whole() -> bytes:
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("lyncweb.litwareinc.com"),
            x509.DNSName("*.litwareinc.com"),
            x509.RFC822Name("kenmyer@litwareinc.com"),
        ]
    )
    uses = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH, x509.ObjectIdentifier("1.2.3.4")]
    )
    return issue(names, uses)


def test_all_fields_of_a_whole_certificate() -> None:
    assert decode(whole()) == Certificate(
        subject="O=Litware,CN=lyncweb.litwareinc.com",
        issuer="O=Litware,CN=Litware CA",
        names=("lyncweb.litwareinc.com", "*.litwareinc.com"),
        not_before="2026-01-02T03:04:05+00:00",
        not_after="2028-01-02T03:04:05+00:00",
        purposes=("serverAuth", "clientAuth", "1.2.3.4"),
        key="EC secp256r1, SHA256",
    )


@pytest.mark.parametrize(("key", "shown"), [("rsa", "RSA 2048, SHA256"), ("ed25519", "Ed25519")])
def test_kinds_of_key(key: str, shown: str) -> None:
    assert decode(issue(key=key)).key == shown


def test_self_signed_without_names() -> None:
    found = decode(issue(issuer="lyncweb.litwareinc.com"))
    assert (found.self_signed, found.names, found.purposes, found.problem) == (True, (), (), "")


def test_a_field_that_does_not_parse_takes_no_other_with_it() -> None:
    found = decode(issue(x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, b"\x30\x05garbage")))
    assert (found.names, found.subject) == ((), "O=Litware,CN=lyncweb.litwareinc.com")
    assert "the names cannot be read" in found.problem


def test_hostile_names_are_harmless_and_bounded() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName(f"\x1b[3{number}m.litwareinc.com") for number in range(1000)])
    found = decode(issue(names, issuer="evil\x1b]0;\u202e\n[bold]"))
    assert len(found.names) == MOST_NAMES
    assert all(text.isprintable() for text in (*found.names, found.issuer))


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"no certificate", b"\x30\x84\xff\xff\xff\xff"])
def test_what_is_no_certificate(der: bytes) -> None:
    assert decode(der).problem.startswith("This is no certificate that can be read")


@given(st.binary(max_size=300))
def test_never_raises_on_any_bytes(der: bytes) -> None:
    assert decode(der).problem


@given(st.data())
def test_never_raises_on_a_mutated_certificate(data: st.DataObject) -> None:
    der = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 3))
    found = decode(bytes(der[: len(der) - cut]))
    assert all(text.isprintable() for text in (found.subject, found.issuer, found.problem, found.key, *found.names))
