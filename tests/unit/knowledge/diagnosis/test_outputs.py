"""Whole outputs of netstat, nslookup, dig, curl and openssl, and the desktop client's sign-in tree."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checks.knowledge.diagnosis import diagnose, starts
from tests.unit.knowledge.diagnosis.expected import NOW

ENGLISH = "Active Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n"
FRENCH = "Connexions actives\n\n  Proto  Adresse locale         Adresse distante       État            PID\n"
KOREAN = "활성 연결\n\n  프로토콜  로컬 주소              외부 주소              상태            PID\n"
GERMAN = "Aktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n"
OUTSIDE = "  TCP    192.0.2.10:5269        0.0.0.0:0              {listen}       1111\n"
INSIDE = "  TCP    10.0.0.10:23456        0.0.0.0:0              {listen}       1111\n"
OTHER = "  TCP    0.0.0.0:135            0.0.0.0:0              {listen}       900\n"
TREE = """\
1 Login: FAIL (hr = 0x1)                       status=0x80ef0191
1.1 Lync-autodiscovery: {autodiscovery} (hr = 0x80004005)
    Lync autodiscovery completed with hr: 0X80004005 sipint: sipext: authint: authext: ucwaint: ucwaext: wts: ucwaurl:
1.2 DNSAutoDiscovery: PASS
1.3 BootStrap: FAIL (hr = 0x1)
1.3.1 GetAndPublishCert: FAIL (hr = 0x1)      TargetUri:https://lyncweb.litwareinc.com/CertProv/CertProvisioningService.svc
1.3.1.1 ExecuteWithWindowsOrNoAuthInternal: FAIL (hr = 0x3d0000)
"""


@pytest.mark.parametrize(
    ("header", "listen", "language"),
    [
        (ENGLISH, "LISTENING", "English"),
        (FRENCH, "LISTENING", "French"),
        (KOREAN, "LISTENING", "Korean"),
        (GERMAN, "ABHÖREN", "German"),
    ],
)
def test_netstat_is_read_in_every_language(header: str, listen: str, language: str) -> None:
    found = diagnose(header + (OUTSIDE + INSIDE).format(listen=listen))
    assert found.recognised == (f"netstat output in {language}",)
    assert not found.likely
    assert "listens on 5269" in found.in_order[0]
    assert "idle" in found.not_meant[0]
    assert "Resolve-DnsName -Type SRV" in found.question


@pytest.mark.parametrize(
    ("rows", "cause", "step"),
    [
        (OTHER, "nothing listens for XMPP", starts.XMPP_LISTENING),
        (OTHER + OUTSIDE, "does not listen on 23456", starts.XMPP_LISTENING),
        (OTHER + INSIDE, "does not listen on 5269", starts.XMPP_LISTENING),
        (
            OTHER + "  TCP    0.0.0.0:52690          0.0.0.0:0              LISTENING       5269\n",
            "nothing listens for XMPP",
            starts.XMPP_LISTENING,
        ),
        (
            OUTSIDE + INSIDE + "  TCP    192.0.2.10:49700       203.0.113.9:5269       SYN_SENT        1111\n",
            "203.0.113.9:5269 gets no answer",
            starts.XMPP_PARTNER_PORTS,
        ),
        (
            OTHER + "  TCP    10.0.0.5:49700         10.0.0.10:23456        SYN_SENT        1111\n",
            "10.0.0.10:23456 gets no answer",
            starts.XMPP_PORTS,
        ),
    ],
)
def test_what_netstat_shows_to_be_wrong(rows: str, cause: str, step: str) -> None:
    found = diagnose(ENGLISH + rows.format(listen="LISTENING"))
    assert cause in found.likely[0].cause
    assert found.likely[0].step == step


def test_a_port_that_was_not_asked_for_is_not_missing() -> None:
    found = diagnose(r"C:\> netstat -ano | findstr 5269" + "\n" + OUTSIDE.format(listen="LISTENING"))
    assert not found.likely
    assert "findstr 23456" in found.question


def test_two_empty_answers_of_netstat_say_that_nothing_listens() -> None:
    found = diagnose("C:\\> netstat -ano | findstr 5269\nC:\\> netstat -ano | findstr 23456\n")
    assert "nothing listens for XMPP" in found.likely[0].cause


@pytest.mark.parametrize(
    "text",
    [
        "C:\\> nslookup lyncdiscover.litwareinc.com\nServer:  dns01.litwareinc.com\nAddress:  10.0.0.2\n\n"
        "*** dns01.litwareinc.com can't find lyncdiscover.litwareinc.com: Non-existent domain\n",
        "Resolve-DnsName : lyncdiscover.litwareinc.com : DNS name does not exist\nAt line:1 char:1\n"
        "+ Resolve-DnsName lyncdiscover.litwareinc.com\n"
        "    + FullyQualifiedErrorId : DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName\n",
        "Resolve-DnsName : lyncdiscover.litwareinc.com : Le nom DNS n’existe pas\nAu caractère Ligne:1 : 1\n"
        "    + FullyQualifiedErrorId : DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName\n",
        "; <<>> DiG 9.18 <<>> lyncdiscover.litwareinc.com\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n"
        ";; QUESTION SECTION:\n;lyncdiscover.litwareinc.com. IN A\n",
    ],
    ids=["nslookup", "resolve-dnsname", "in French", "dig"],
)
def test_a_missing_name_from_every_resolver(text: str) -> None:
    found = diagnose(text)
    first = found.likely[0]
    assert "lyncdiscover.litwareinc.com has no" in first.cause
    assert first.step == starts.DNS
    assert "DNS" in first.who
    assert len(found.likely) == 1, "the same is not told twice"
    assert "nothing was connected to" in found.not_meant[0]


def test_a_failing_resolver_says_nothing_of_the_record() -> None:
    found = diagnose(
        "; <<>> DiG 9.18 <<>> lyncdiscover.litwareinc.com\n;; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n"
        ";; QUESTION SECTION:\n;lyncdiscover.litwareinc.com. IN A\n"
    )
    assert "is not known" in found.likely[0].cause
    assert "is missing" in found.not_meant[0]


def test_an_alias_into_another_domain() -> None:
    found = diagnose(
        "; <<>> DiG 9.18 <<>> lyncdiscover.contoso.com\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n"
        ";; QUESTION SECTION:\n;lyncdiscover.contoso.com. IN A\n;; ANSWER SECTION:\n"
        "lyncdiscover.contoso.com. 300 IN CNAME webdir.online.lync.com.\nwebdir.online.lync.com. 60 IN A 52.112.0.1\n"
    )
    assert "webdir.online.lync.com" in found.likely[0].cause
    assert found.likely[0].step == starts.DNS


def test_an_srv_record_with_another_port() -> None:
    found = diagnose(
        "; <<>> DiG 9.18 <<>> SRV _xmpp-server._tcp.contoso.com\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n"
        ";; QUESTION SECTION:\n;_xmpp-server._tcp.contoso.com. IN SRV\n;; ANSWER SECTION:\n"
        "_xmpp-server._tcp.contoso.com. 300 IN SRV 0 0 5222 xmpp.contoso.com.\n"
    )
    assert "port 5222" in found.likely[0].cause
    assert found.likely[0].step == starts.XMPP_DNS


def _certificate(name: str, last: datetime) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "FabrikamCA")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def _s_client(pem: str, code: str) -> str:
    return (
        "$ openssl s_client -connect lyncweb.litwareinc.com:443 -servername lyncweb.litwareinc.com -showcerts\n"
        "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = lyncweb.litwareinc.com\n   i:CN = FabrikamCA\n"
        f"{pem}---\nServer certificate\nsubject=CN = lyncweb.litwareinc.com\n\nissuer=CN = FabrikamCA\n\n---\n"
        "No client certificate CA names sent\n---\nSSL handshake has read 2000 bytes and written 400 bytes\n"
        f"Verification error: {code}\n---\nNew, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384\n"
        f"SSL-Session:\n    Protocol  : TLSv1.2\n    Verify return code: {code}\n---\n"
    )


@pytest.mark.parametrize(
    ("name", "last", "code", "cause"),
    [
        (
            "lyncweb.litwareinc.com",
            datetime(2021, 1, 1, tzinfo=UTC),
            "10 (certificate has expired)",
            "ended on 2021-01-01",
        ),
        (
            "mail.litwareinc.com",
            datetime(2040, 1, 1, tzinfo=UTC),
            "62 (hostname mismatch)",
            "not among its names: mail.",
        ),
        (
            "lyncweb.litwareinc.com",
            datetime(2040, 1, 1, tzinfo=UTC),
            "21 (unable to verify the first certificate)",
            "does not send the certificate of the issuer",
        ),
    ],
)
def test_what_openssl_shows_of_a_certificate(name: str, last: datetime, code: str, cause: str) -> None:
    found = diagnose(_s_client(_certificate(name, last), code), NOW)
    assert found.recognised == ("openssl s_client output",)
    assert cause in found.likely[0].cause
    assert "lyncweb.litwareinc.com" in found.likely[0].cause
    assert found.likely[0].step == starts.CERTIFICATES


def test_a_certificate_that_verifies_is_in_order() -> None:
    pem = _certificate("lyncweb.litwareinc.com", datetime(2040, 1, 1, tzinfo=UTC))
    found = diagnose(_s_client(pem, "0 (ok)"), NOW)
    assert not found.likely
    assert "verifies" in found.in_order[0]
    assert found.question


@pytest.mark.parametrize(
    ("text", "in_order"),
    [
        (
            "C:\\> curl -i https://lyncweb.litwareinc.com/ucwa/v1/applications\nHTTP/1.1 401 Unauthorized\n"
            "WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\nX-MS-Server-Fqdn: fe01.litwareinc.com\n\n",
            "401 is what a healthy service answers to /ucwa",
        ),
        (
            "C:\\> curl -i https://lyncweb.litwareinc.com/mcx/mcxservice.svc\nHTTP/1.1 200 OK\n"
            "X-MS-Server-Fqdn: fe01.litwareinc.com\nContent-Length: 2\n\nok",
            "Lync itself answers, from fe01.litwareinc.com",
        ),
        (
            'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"AccessLocation":"External","Root":{"Links":[]}}',
            "Autodiscover answers",
        ),
    ],
)
def test_healthy_web_answers_are_no_cause(text: str, in_order: str) -> None:
    found = diagnose(text)
    assert not found.likely, found.likely
    assert any(in_order in line for line in found.in_order), found.in_order
    assert found.question


def test_the_deepest_failure_of_a_desktop_sign_in_decides() -> None:
    found = diagnose(TREE.format(autodiscovery="FAIL"))
    assert found.recognised == ("a sign-in log of the desktop client",)
    first, second = found.likely
    assert "Windows sign-in" in first.cause
    assert first.step == starts.WINDOWS_AUTH
    assert "may stand for SIP 401" in first.reason, "one sample is no proof"
    assert "Autodiscover" in second.cause
    assert second.step == starts.AUTODISCOVER
    assert "no comfort for phones" in found.not_meant[0]


def test_autodiscover_that_passed_is_no_cause() -> None:
    found = diagnose(TREE.format(autodiscovery="PASS"))
    assert len(found.likely) == 1


@pytest.mark.parametrize(
    ("node", "cause", "step"),
    [
        ("1.1 Get-LiveIdToken: FAIL (hr = 0x1)", "gave the user no token", "mobility.user-enabled"),
        ("1.2 ExecuteWithTokenAuthInternal: FAIL (hr = 0x1)", "token of the online identity", "mobility.user-enabled"),
        ("1.2 DNSAutoDiscovery: FAIL (hr = 0x1)", "found no server by DNS", ""),
        ("1.3 GetAndPublishCert: FAIL (hr = 0x1)", "gets no certificate", starts.WINDOWS_AUTH),
    ],
)
def test_the_branches_of_a_desktop_sign_in(node: str, cause: str, step: str) -> None:
    found = diagnose(f"1 Login: FAIL (hr = 0x1)\n{node}\n")
    assert cause in found.likely[0].cause
    assert found.likely[0].step == step


def test_a_node_that_no_document_explains_is_said_to_be_so() -> None:
    found = diagnose("1 Login: FAIL (hr = 0x1)\n1.1 SomethingNew: FAIL (hr = 0x1)\n")
    assert "stopped at SomethingNew" in found.likely[0].cause
    assert "No document" in found.likely[0].reason
    assert found.question


def test_an_address_that_is_none_does_not_hide_the_status() -> None:
    found = diagnose("C:\\> curl -i https://[lyncweb/mcx\nHTTP/1.1 503 Service Unavailable\nContent-Length: 0\n\n")
    assert found.recognised == ("HTTP status 503",)
