"""Which domains a certificate speaks for in XMPP."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.xmpp.names import PresentedNames, ascii_form, match, near_misses, read

XMPP_ADDRESS, SERVICE_NAME = "1.3.6.1.5.5.7.8.5", "1.3.6.1.5.5.7.8.7"


def other(oid: str, text: str, tag: int = 0x0C) -> x509.OtherName:
    data = text.encode()
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x81, len(data)])
    return x509.OtherName(x509.ObjectIdentifier(oid), bytes([tag]) + length + data)


def certificate(*names: x509.GeneralName, common: str = "sip.contoso.com", raw: bytes = b"") -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if raw:
        builder = builder.add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), raw), critical=False
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_all_kinds_of_names_are_read() -> None:
    long = "x" * 150 + ".contoso.com"
    shown = read(
        certificate(
            other(XMPP_ADDRESS, "contoso.com"),
            other(XMPP_ADDRESS, long),
            other(SERVICE_NAME, "_xmpp-server.contoso.com", tag=0x16),
            other("1.3.6.1.4.1.311.20.2.3", "kenmyer@contoso.com"),
            x509.DNSName("sip.contoso.com"),
            x509.DNSName("*.contoso.com"),
        )
    )
    assert shown == PresentedNames(
        xmpp=("contoso.com", long),
        services=("_xmpp-server.contoso.com",),
        hosts=("sip.contoso.com", "*.contoso.com"),
        common=("sip.contoso.com",),
    )


def test_a_certificate_without_names_has_its_common_name_alone() -> None:
    assert read(certificate(common="contoso.com")) == PresentedNames(common=("contoso.com",))


@pytest.mark.parametrize("der", [b"", b"\x30\x00", certificate(raw=b"\x30\x03\x82\x05a"), certificate(raw=b"\x04")])
def test_what_cannot_be_read_is_a_problem_and_no_name(der: bytes) -> None:
    shown = read(der)
    assert shown.problem
    assert shown.problem.isprintable()
    assert match(shown, "contoso.com") is None


@pytest.mark.parametrize("raw", [b"\x05\x00", b"\x04\x01a", b"\x0c\x00", b"\x30\x03\x0c\x01a"])
def test_another_name_that_is_no_text_is_passed_over(raw: bytes) -> None:
    wrapped = x509.OtherName(x509.ObjectIdentifier(XMPP_ADDRESS), raw)
    shown = read(certificate(wrapped, x509.DNSName("contoso.com")))
    assert (shown.xmpp, shown.hosts, shown.problem) == ((), ("contoso.com",), "")


@pytest.mark.parametrize(
    ("names", "domain", "kind"),
    [
        (PresentedNames(hosts=("contoso.com",)), "contoso.com", "dNSName"),
        (PresentedNames(hosts=("CONTOSO.com.",)), "contoso.COM", "dNSName"),
        (PresentedNames(hosts=("*.contoso.com",)), "im.contoso.com", "dNSName"),
        (PresentedNames(hosts=("*.contoso.com",)), "contoso.com", None),
        (PresentedNames(hosts=("*.contoso.com",)), "a.im.contoso.com", None),
        (PresentedNames(hosts=("*.com",)), "contoso.com", None),
        (PresentedNames(hosts=("*.*.com",)), "im.contoso.com", None),
        (PresentedNames(hosts=("*",)), "com", None),
        (PresentedNames(hosts=("i*.contoso.com",)), "im.contoso.com", None),
        (PresentedNames(hosts=("sip.contoso.com", "xmpp.contoso.com")), "contoso.com", None),
        (PresentedNames(hosts=("contoso.com",)), "corp.contoso.com", None),
        (PresentedNames(hosts=("contoso.com.example",)), "contoso.com", None),
        (PresentedNames(services=("_xmpp-server.contoso.com",)), "contoso.com", "SRVName"),
        (PresentedNames(services=("_XMPP-server.*.contoso.com",)), "im.contoso.com", "SRVName"),
        (PresentedNames(services=("_xmpp-client.contoso.com",)), "contoso.com", None),
        (PresentedNames(services=("contoso.com",)), "contoso.com", None),
        (PresentedNames(xmpp=("contoso.com",), hosts=("contoso.com",)), "contoso.com", "xmppAddr"),
        (PresentedNames(xmpp=("*.contoso.com",)), "im.contoso.com", None),
        (PresentedNames(xmpp=("kenmyer@contoso.com",)), "contoso.com", None),
        (PresentedNames(xmpp=("münchen.example",)), "xn--mnchen-3ya.example", "xmppAddr"),
        (PresentedNames(hosts=("xn--mnchen-3ya.example",)), "MÜNCHEN.example", "dNSName"),
        (PresentedNames(common=("contoso.com",)), "contoso.com", None),
        (PresentedNames(), "contoso.com", None),
        (PresentedNames(hosts=("",), xmpp=("",)), "", None),
    ],
)
def test_which_names_count(names: PresentedNames, domain: str, kind: str | None) -> None:
    found = match(names, domain)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("names", "domain", "words"),
    [
        (PresentedNames(hosts=("*.contoso.com",)), "contoso.com", "not for contoso.com itself"),
        (PresentedNames(hosts=("*.contoso.com",)), "a.im.contoso.com", "one label only"),
        (PresentedNames(hosts=("sip.contoso.com",)), "contoso.com", "name of a host"),
        (PresentedNames(hosts=("contoso.com",)), "corp.contoso.com", "does not stand for the domains below"),
        (PresentedNames(common=("contoso.com",)), "contoso.com", "common name only"),
        (PresentedNames(services=("_xmpp-client.contoso.com",)), "contoso.com", "another service"),
    ],
)
def test_names_that_come_near_are_explained(names: PresentedNames, domain: str, words: str) -> None:
    (sentence,) = near_misses(names, domain)
    assert words in sentence


def test_where_a_name_counts_or_none_comes_near_nothing_is_explained() -> None:
    assert near_misses(PresentedNames(hosts=("contoso.com", "*.contoso.com")), "contoso.com") == ()
    assert near_misses(PresentedNames(hosts=("fabrikam.com",)), "contoso.com") == ()


NAMES = st.lists(st.text(max_size=40) | st.sampled_from(["*.contoso.com", "contoso.com", "*", "*.", "."]), max_size=4)


@given(NAMES, NAMES, NAMES, st.sampled_from(["contoso.com", "im.contoso.com"]) | st.text(max_size=40))
def test_hostile_names_never_stand_for_more_than_they_say(
    xmpp: list[str], services: list[str], hosts: list[str], domain: str
) -> None:
    names = PresentedNames(xmpp=tuple(xmpp), services=tuple(services), hosts=tuple(hosts))
    found = match(names, domain)
    if found is not None:
        last = ascii_form(found.name.lower().removeprefix("_xmpp-server.").removeprefix("*."))
        assert ascii_form(domain).endswith(last)
        assert near_misses(names, domain) == ()
    assert all(sentence.endswith(".") for sentence in near_misses(names, domain))


@given(st.binary(max_size=400))
def test_any_bytes_are_read(der: bytes) -> None:
    read(der)
