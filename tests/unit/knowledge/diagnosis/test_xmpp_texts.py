"""Texts of XMPP servers, of the people on both sides, and of the event log."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from checks.knowledge.diagnosis.streams import CONDITIONS
from checks.knowledge.xmpp.stream_errors import meaning
from tests.unit.knowledge.diagnosis.expected import Row, check, name_of

SERVERS = [
    Row("This host does not serve contoso.com", "SRV record", starts.XMPP_PARTNER_STREAM),
    Row("Server-to-server communication is disabled for this host", "does not federate", starts.XMPP_PARTNER_STREAM),
    Row("Your server's certificate has expired", "has ended", starts.XMPP_CERTIFICATE),
    Row("Your server's certificate is not valid for this name", "bare SIP domain", starts.XMPP_CERTIFICATE),
    Row("Your server's certificate is self-signed", "does not trust", starts.XMPP_CERTIFICATE),
    Row("certificate is invalid, expired, or not trusted by contoso.com", "does not trust", starts.XMPP_CERTIFICATE),
    Row("tls error: unsupported certificate purpose", "clientAuth", starts.XMPP_CERTIFICATE),
    Row(
        "Encrypted server-to-server communication is required but was not offered",
        "requires TLS",
        starts.XMPP_NEGOTIATION,
        "bad certificate",
    ),
    Row("No viable authentication method offered", "only dialback", starts.XMPP_NEGOTIATION, "DNS or firewall"),
    Row("Authentication failed: Peer provided no SASL mechanisms", "only dialback", starts.XMPP_NEGOTIATION),
    Row("<db:result from='contoso.com' type='invalid'/> dialback", "pass phrases", starts.XMPP_GATEWAY),
    Row("dialback failed: timed out", "may not reach our 5269", starts.XMPP_DNS, "outbound 5269"),
    Row("remote-server-not-found", "never reached", starts.XMPP_PARTNER_DNS),
    Row("remote-server-timeout", "did not end in time", starts.XMPP_PARTNER_STREAM),
    Row(
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
        "refused SASL EXTERNAL",
        starts.XMPP_CERTIFICATE,
        "user's password",
    ),
    Row("Since the weekend their presence is unknown", "EnableXmppAccess", starts.XMPP_POLICY),
    Row("The partner can't reach us any more", "does not listen", starts.XMPP_LISTENING),
    Row("They cannot see us until we write first", "PublicUnverified", starts.XMPP_PARTNER, "firewall"),
    Row("The stream drops every 300 s with this partner", "keep-alive", starts.XMPP_PARTNER),
    Row(
        "Test-CsXmppIM -TargetFqdn pool01.contoso.com\nResult : Failure\nError Message : message not delivered",
        "not deployed",
        starts.XMPP_PRODUCT,
    ),
    Row(
        "Test-CsXmppIM -TargetFqdn pool01.contoso.com\nResult : Failure\nError Message : 504, Server time-out",
        "waited for another in vain",
        starts.XMPP_SERVICES,
        "Registrar",
    ),
    Row(
        "Test-CsXmppIM\nResult : Failure\nError Message : 10060, A connection attempt failed 10.188.116.96:5061",
        "the Registrar",
        starts.PORTS,
        "is the Registrar, not XMPP",
    ),
    Row(
        "Since yesterday our XMPP partner's certificate is refused",
        "our Edge does not accept",
        starts.XMPP_PARTNER_CERTIFICATE,
    ),
    Row(
        "Only one user cannot write to his XMPP contacts", "EnableXmppAccess", starts.XMPP_POLICY, "shared by everyone"
    ),
    Row("We changed the XMPP policy and it has no effect", "has not arrived on the Edge", starts.XMPP_REPLICATION),
    Row("XMPP presence comes and goes", "several servers or records", starts.XMPP_DNS, "switch or a policy"),
]
EVENTS = [
    Row("Event ID: 32174 Server startup is being delayed", "quorum", starts.SERVICES, "do not restart"),
    Row("LS Replica Replicator Agent Service, event 1017", "4443", starts.SERVICES),
    Row("LS Replica Replicator Agent, Event ID 1015", "certificate", starts.SERVICES),
    Row("Event ID 1034 LS File Transfer Agent, replication", "share", starts.SERVICES),
    Row("Event 32042 LS User Services", "session tickets", "", "phones see"),
    Row("event id 61045", "session tickets"),
    Row("Event ID 30061", "New users", starts.USER_ENABLED, "wrong password"),
    Row("ProviderName : LS UCWA\nId : 20002\nMessage : Unexpected exception", "UCWA failed", starts.WEB_APPLICATIONS),
    Row(
        "   ProviderName: LS UCWA\n\nTimeCreated                     Id LevelDisplayName Message\n-----------  -- ----\n"
        "12/1/2014 10:00:01 AM        20012 Error            Failed to register endpoint.",
        "register the user's endpoint",
        starts.REGISTRAR,
    ),
    Row("ASP.NET 4.0.30319.0 Event ID: 1309", "unhandled error", starts.WEB_APPLICATIONS),
    Row("LS XMPP Translating Gateway Proxy event: dialback failed", "dialback", starts.XMPP_DNS),
    Row("LS XMPP Translating Gateway event: connection to 10.0.0.1:23456 lost", "23456", starts.XMPP_LISTENING),
    Row("Event of LS XMPP Translating Gateway: cannot resolve the SRV record", "DNS", starts.XMPP_PARTNER_DNS),
]


@pytest.mark.parametrize("row", [*SERVERS, *EVENTS], ids=name_of)
def test_first_cause_step_and_what_it_does_not_mean(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
def test_every_stream_error(condition: str) -> None:
    text = f"<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
    found = diagnose(text)
    assert found.recognised[0] == f"XMPP stream error {condition}"
    assert found.likely[0].cause == meaning(condition).sentence
    assert found.likely[0].step == CONDITIONS[condition].step
    assert condition in found.likely[0].reason


def test_the_text_beside_a_stream_error_decides() -> None:
    found = diagnose(
        "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>Encrypted server-to-server "
        "communication is required but was not offered</text></stream:error>"
    )
    assert "requires TLS" in found.likely[0].cause
    assert len(found.likely) == 1, "the condition says the same with less"


def test_an_event_that_no_document_numbers_is_asked_about() -> None:
    found = diagnose("LS XMPP Translating Gateway, event 4711: something happened")
    assert not found.likely
    assert "Get-WinEvent" in found.question


def test_a_number_of_another_source_is_not_taken_for_lyncs() -> None:
    found = diagnose("Event ID 1309 from SomethingElse")
    assert not found.likely
    assert "1309" in found.question
