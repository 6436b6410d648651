"""Web tickets: ports of the metadata, the request, the assertion byte by byte, faults, hostile documents."""

import base64
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge import web_ticket
from checks.knowledge.web_ticket import Fault

METADATA = """<?xml version="1.0" encoding="utf-8"?>
<wsx:Metadata xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
<wsx:MetadataSection><wsdl:definitions><wsdl:service name="WebTicketService">
<wsdl:port name="WebTicketServiceWinNegotiate" binding="tns:WebTicketServiceWinNegotiate">
 <soap:address location="https://web.contoso.com/WebTicket/WebTicketService.svc"/></wsdl:port>
<wsdl:port name="WsFedBearer"><soap12:address location=" https://web.contoso.com/WebTicket/WebTicketService.svc/WsFed_bearer "/>
</wsdl:port><wsdl:port name="empty"/><wsdl:port/></wsdl:service></wsdl:definitions></wsx:MetadataSection></wsx:Metadata>"""

ASSERTION = '<saml:Assertion xmlns:saml="urn:s" AssertionID="1" Note="a&gt;b"><saml:Subject>Ken &amp; Co</saml:Subject></saml:Assertion>'
ANSWER = f"<s:Envelope xmlns:s='e'><s:Body><RequestedSecurityToken>{ASSERTION}</RequestedSecurityToken></s:Body></s:Envelope>"

OF_LYNC = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>wsse:FailedAuthentication
</faultcode><faultstring>No valid security token.</faultstring><detail><OCSDiagnosticsFault><Ms-Diagnostics-Fault>
<ErrorId>28020</ErrorId><Reason>No valid security token.</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail>
</s:Fault></s:Body></s:Envelope>"""
OF_SOAP_12 = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>
</s:Code><s:Reason><s:Text>It was malformed.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"""


def test_ports_by_name() -> None:
    assert web_ticket.ports(METADATA) == {
        "WebTicketServiceWinNegotiate": "https://web.contoso.com/WebTicket/WebTicketService.svc",
        "WsFedBearer": "https://web.contoso.com/WebTicket/WebTicketService.svc/WsFed_bearer",
        "empty": "",
    }


def test_a_thousand_ports_are_too_many() -> None:
    many = "".join(f'<port name="p{number}"/>' for number in range(1000))
    assert len(web_ticket.ports(f"<service>{many}</service>")) == web_ticket.MOST_PORTS


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><service><port name="&b;"/></service>',
        '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><service><port name="a"/></service>',
        "<html><body>404</body></html>",
        "<service><port name='a'>",
        "<" * 1000,
        "",
    ],
)
def test_what_is_no_metadata_has_no_ports(hostile: str) -> None:
    assert web_ticket.ports(hostile) == {}


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_a_request_holds_what_it_is_given_and_nothing_that_this_could_be_taken_for(sip: str) -> None:
    envelope = web_ticket.request("https://web.contoso.com/x", f"sip:{sip}", context="c-1", entropy=b"1" * 32)
    root = ET.fromstring(envelope)
    texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert texts["Value"] == f"sip:{sip}"
    assert texts["Address"] == "https://web.contoso.com/x"
    assert base64.b64decode(texts["BinarySecret"] or "") == b"1" * 32
    assert [element.get("Context") for element in root.iter() if element.tag.endswith("}RequestSecurityToken")] == [
        "c-1"
    ]
    assert len(list(root.iter())) == 14


def test_the_assertion_is_taken_byte_by_byte() -> None:
    assert web_ticket.assertion(ANSWER.encode()) == ASSERTION.encode()
    declared = b'<?xml version="1.0" encoding="utf-8"?>\n<!-- <saml:Assertion> -->' + ANSWER.encode()
    assert web_ticket.assertion(declared) == ASSERTION.encode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="<&\ufffe\uffff]")))
def test_whatever_is_in_the_assertion_it_comes_as_it_is(text: str) -> None:
    inner = f"<a:Assertion xmlns:a='u'><Assertion>{text}</Assertion><b c='>'/></a:Assertion >"
    assert web_ticket.assertion(f"<e>{inner}<Assertion>2</Assertion></e>".encode()) == inner.encode()


@pytest.mark.parametrize(
    "hostile",
    [
        b"<!DOCTYPE e []>" + ANSWER.encode(),
        ANSWER.encode()[:-40],
        ANSWER.replace("Assertion", "Insertion").encode(),
        b"<e><Assertion/></e>",
        b"<e><Assertion>" + b"x" * 30_000 + b"</Assertion></e>",
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_what_brings_no_usable_ticket_brings_none(hostile: bytes) -> None:
    assert web_ticket.assertion(hostile) == b""


def test_faults_of_either_version() -> None:
    assert web_ticket.fault(OF_LYNC) == Fault("wsse:FailedAuthentication", 28020, "No valid security token.")
    assert web_ticket.fault(OF_SOAP_12) == Fault("s:Sender", 0, "It was malformed.")
    assert web_ticket.fault(ANSWER) is None
    assert web_ticket.fault(OF_LYNC.replace("28020", "9" * 30)) == Fault(
        "wsse:FailedAuthentication", 0, "No valid security token."
    )


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(web_ticket.ports(text), dict)
    assert isinstance(web_ticket.assertion(text.encode("utf-8", "replace")), bytes)
    web_ticket.fault(f"<a>{text}</a>")
