"""Connections that failed, in the words of Winsock, .NET, curl and TLS libraries; whose port it was; ms-diagnostics."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from checks.knowledge.diagnosis.diagnostics_codes import CODES, owner
from tests.unit.knowledge.diagnosis.expected import Row, check, name_of

SOCKETS = [
    Row("10060 … :5061", "registrar", starts.PORTS, "is the Registrar, not XMPP"),
    Row(
        "Error Message : 10060, A connection attempt failed because the connected party\ndid not properly respond after a "
        "period of time, or\nestablished connection failed because connected host has\nfailed to respond 10.188.116.96:5061",
        "10.188.116.96:5061",
        starts.PORTS,
        "not XMPP",
    ),
    Row(
        "10061 No connection could be made because the target machine actively refused it 10.0.0.5:5061",
        "RTCSRV",
        starts.SERVICES,
        "not XMPP",
    ),
    Row("10060 failed to respond edge01.litwareinc.com:5061", "SIP port of an Edge", "", "partners use 5269"),
    Row("10060, failed to respond 192.0.2.10:5269", "192.0.2.10:5269", starts.XMPP_PORTS, "policies"),
    Row(
        "No connection could be made because the target machine actively refused it 192.0.2.10:5269",
        "XMPP proxy",
        starts.XMPP_LISTENING,
    ),
    Row("10060 connecting to 10.0.0.10:23456", "inner XMPP port", starts.XMPP_PORTS, "between Front End and Edge"),
    Row("10061 connecting to 10.0.0.10:23456", "XMPP proxy does not listen", starts.XMPP_LISTENING),
    Row("10054 forcibly closed by the remote host 10.0.0.10:23456", "broke the connection off", starts.XMPP_EVENTS),
    Row("10054 forcibly closed by the remote host 192.0.2.10:5269", "broke the connection off", starts.XMPP_STREAM),
    Row(
        "Resolve-DnsName : _xmpp-server._tcp.contoso.com : DNS name does not exist",
        "_xmpp-server._tcp.contoso.com has no",
        starts.XMPP_DNS,
    ),
    Row("10060 to 203.0.113.5:443", "web services", starts.PORTS, "wrong password"),
    Row("WSAECONNREFUSED 10061 at 10.0.0.4:4443", "IIS", starts.PORTS),
    Row(
        "10054 An existing connection was forcibly closed by the remote host 203.0.113.5:443",
        "no TLS version",
        starts.CERTIFICATES,
    ),
    Row("No route to host 203.0.113.5:443", "no route", starts.PORTS),
    Row("10060 to 17.0.0.1:5223", "Apple", "", "needs no push"),
    Row("Connection timed out", "does not answer", ""),
    Row("connect ECONNREFUSED 127.0.0.1:9999", "refuses the connection", ""),
    Row("10013 An attempt was made to access a socket in a way forbidden", "This machine itself", ""),
    Row("11001 No such host is known", "has no entry", "", "nothing was connected"),
    Row(
        "The remote name could not be resolved: 'lyncweb.litwareinc.com'",
        "lyncweb.litwareinc.com has no entry",
        starts.DNS,
    ),
    Row("11004, The requested name is valid but no data of the requested type was found", "no address", ""),
    Row(
        "curl: (6) Could not resolve host: lyncdiscover.litwareinc.com",
        "lyncdiscover.litwareinc.com",
        starts.DNS,
        "firewall",
    ),
    Row(
        "curl: (7) Failed to connect to lyncweb.litwareinc.com port 443 after 21043 ms: Connection timed out",
        "lyncweb.litwareinc.com:443",
        starts.PORTS,
    ),
    Row("TCP connect timed out: 10.0.0.9:5269", "10.0.0.9:5269", starts.XMPP_PORTS),
]
TLS = [
    Row(
        "https://lyncweb.litwareinc.com/ curl: (60) SSL certificate problem: certificate has expired",
        "has ended",
        starts.CERTIFICATES,
    ),
    Row("NET::ERR_CERT_DATE_INVALID https://lyncweb.litwareinc.com/", "has ended", starts.CERTIFICATES),
    Row("Verify return code: 9 (certificate is not yet valid)", "has not begun", starts.CERTIFICATES),
    Row(
        "curl: (60) SSL: no alternative certificate subject name matches target host name",
        "other names",
        starts.CERTIFICATES,
    ),
    Row("unable to verify the first certificate", "does not send", starts.CERTIFICATES),
    Row("SEC_E_UNTRUSTED_ROOT (0x80090325)", "not trusted", starts.CERTIFICATES, "wrong password"),
    Row("CERT_E_UNTRUSTEDROOT", "not trusted", starts.CERTIFICATES),
    Row("tlsv1 alert protocol version, SSL alert number 70", "no TLS version", starts.CERTIFICATES),
    Row("wrong version number", "does not speak TLS", starts.CERTIFICATES),
    Row(
        "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
        "refuses the certificate",
        starts.CERTIFICATES,
    ),
    Row("The request was aborted: Could not create SSL/TLS secure channel.", "breaks off", starts.CERTIFICATES),
    Row("openssl s_client -starttls xmpp-server: self-signed certificate", "not trusted", starts.XMPP_CERTIFICATE),
]
SIP = [
    Row("SIP/2.0 403 Forbidden", "does not allow", "", "wrong password"),
    Row("Error : 404, Not Found", "does not exist", starts.USER_ENABLED, "missing web service"),
    Row("SIP/2.0 480 Temporarily Unavailable", "signed in nowhere", "", "fault of the server"),
    Row("Error : 504, Server time-out", "on the way", "", "sign-in"),
    Row("SIP/2.0 408 Request Timeout", "in time", ""),
    Row(
        'SIP/2.0 504 Server time-out\nms-diagnostics: 1008;reason="Unable to resolve DNS SRV record";domain="fabrikam.com"',
        "no SRV record",
        "",
        "certificate",
    ),
    Row(
        "Error : 404, Not Found\nDiagnosis : ErrorCode=1003,source=atl-cs-001.litwareinc.com,Reason=User does\nnot exist",
        "does not exist in this deployment",
        starts.USER_ENABLED,
        "wrong password",
    ),
    Row(
        "Error : 504, Server time-out\nDiagnosis : ErrorCode=2, Source=atl-cs-001.litwareinc.com,Reason=See\nresponse code and "
        "reason phrase.",
        "status beside it",
        "",
    ),
]


@pytest.mark.parametrize("row", [*SOCKETS, *TLS, *SIP], ids=name_of)
def test_first_cause_step_and_what_it_does_not_mean(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize(
    "form",
    [
        'ms-diagnostics: {code};reason="{reason}";source="fe01.contoso.com"',
        'X-Ms-diagnostics : {code};source="FE01.contoso.com";reason="{reason}";faultcode="wsse:FailedAuthentication"',
        "Diagnosis : ErrorCode={code},Source=fe01.contoso.com,Reason={reason}",
        'ms-diagnostics-public: {code};reason="{reason}"',
    ],
)
def test_every_documented_number_in_every_form(code: int, form: str) -> None:
    found = diagnose(form.format(code=code, reason=CODES[code].reason))
    assert found.recognised[0] == f"ms-diagnostics {code}"
    assert found.likely[0].step == CODES[code].step
    assert CODES[code].reason.rstrip(".") in found.likely[0].reason


def test_a_number_without_its_header_is_known_by_its_grammar() -> None:
    found = diagnose('28032;source="fe01.contoso.com";reason="The web ticket is invalid."')
    assert "another pool" in found.likely[0].cause
    assert "fe01.contoso.com" in found.likely[0].reason


@pytest.mark.parametrize(
    ("code", "whose"), [(28099, "web ticket"), (1499, "SIP stack"), (4999, "user services"), (17001, "client version")]
)
def test_a_number_that_is_not_documented_is_said_to_be_so(code: int, whose: str) -> None:
    found = diagnose(f'ms-diagnostics: {code};reason="Something";source="fe01.contoso.com"')
    assert whose in owner(code)
    assert whose.lower() in found.likely[0].cause.lower()
    assert "Something" in found.likely[0].cause
    assert "not known here" in found.likely[0].reason
    assert found.question


def test_a_reason_in_words_outranks_the_bare_status_beside_it() -> None:
    text = 'SIP/2.0 403 Forbidden\nms-diagnostics: 4010;reason="Certificate trust could not be established"'
    assert "Certificate trust" in diagnose(text).likely[0].cause
    without = diagnose("SIP/2.0 403 Forbidden\nms-diagnostics: 4010")
    assert "Certificate trust" not in without.likely[0].cause


def test_the_504_beside_a_number_that_is_not_known_is_used_and_nothing_pasted_is_asked_for() -> None:
    header = (
        'ms-diagnostics: 1034;reason="Previous hop federated peer did not report diagnostic information"'
        ';Domain="fabrikam.com";source="sip.contoso.com"'
    )
    found = diagnose(f"SIP/2.0 504 Server time-out\n{header}")
    assert [words in one.cause for words, one in zip(("did not answer", "Previous hop"), found.likely, strict=True)]
    assert "whole message" not in found.question
    assert "sip.contoso.com" in found.question
    assert not any("504" in one.reason for one in diagnose(header).likely)


def test_what_is_no_text_is_told_so() -> None:
    assert "no text" in diagnose(bytes(range(256)).decode(errors="replace") * 4).question


@pytest.mark.parametrize(
    "message",
    [
        "Can't sign in. Please check your account info and try again.",
        "Can't sign in. Check your sign-in information and try again.",
    ],
)
def test_the_clients_words_vary(message: str) -> None:
    assert diagnose(message).likely[0].step == "mobility.user-enabled"


def test_a_number_outside_every_range_is_nobodys() -> None:
    found = diagnose('ms-diagnostics: 99999;reason="Strange"')
    assert not found.likely
    assert "99999" in found.question


def test_a_first_401_is_no_fault() -> None:
    found = diagnose("SIP/2.0 401 Unauthorized")
    assert not found.likely
    assert "no fault" in found.not_meant[0]
    assert "Test-CsRegistration" in found.question


def test_a_process_number_in_netstat_is_no_winsock_error() -> None:
    found = diagnose("  TCP    192.0.2.10:5269      0.0.0.0:0     LISTENING       10060\n")
    assert not any("Winsock" in kind for kind in found.recognised)
