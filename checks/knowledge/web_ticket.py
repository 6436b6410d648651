"""Web tickets in SOAP: what the ticket service's metadata offers, the request for a ticket, and what comes back.

Everything that comes is hostile: no document type is read, and what cannot be understood is left out.
"""

import base64
import xml.etree.ElementTree as ET
from xml.parsers import expat
from xml.sax.saxutils import escape

from checks.model import Frozen
from checks.text import clean

WINDOWS_PORT = "WebTicketServiceWinNegotiate"
"""The port where Windows signs in."""
ISSUE = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue"
"""The SOAPAction of a request for a ticket."""
MOST_PORTS = 32
_MOST_TICKET = 24 * 1024
"""Bytes; a longer one fits into no header."""

_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<wst:RequestSecurityToken xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512" Context="{context}">
<wst:TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1</wst:TokenType>
<wst:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</wst:RequestType>
<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">
<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>{service}</wsa:Address>
</wsa:EndpointReference></wsp:AppliesTo>
<wst:Claims Dialect="urn:component:Microsoft.Rtc.WebAuthentication.2010:authclaims">
<auth:ClaimType xmlns:auth="http://schemas.xmlsoap.org/ws/2006/12/authorization" \
Uri="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri" Optional="false">
<auth:Value>{sip}</auth:Value></auth:ClaimType></wst:Claims>
<wst:Entropy><wst:BinarySecret>{entropy}</wst:BinarySecret></wst:Entropy>
<wst:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/SymmetricKey</wst:KeyType>
</wst:RequestSecurityToken></s:Body></s:Envelope>
"""


class Fault(Frozen, frozen=True):
    """Why a SOAP service refuses. `id` is the number of Lync's own diagnostics; 0 where it gives none."""

    code: str
    id: int
    text: str


def parsed(text: str) -> ET.Element | None:
    """The root element; None for what is no XML, and for what declares a document type, as none of Lync's does."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        return ET.fromstring(text.lstrip("\ufeff"))  # noqa: S314 - without a document type there are no entities
    except (ET.ParseError, ValueError):
        return None


def local_name(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def ports(metadata: str) -> dict[str, str]:
    """The service's ports by name, each with its address; of two with one name the first."""
    root = parsed(metadata)
    found: dict[str, str] = {}
    for port in root.iter() if root is not None else ():
        name = clean(port.get("name", ""), 100).strip()
        if local_name(port) != "port" or not name:
            continue
        address = next((child.get("location", "") for child in port if local_name(child) == "address"), "")
        found.setdefault(name, clean(address, 500).strip())
        if len(found) == MOST_PORTS:
            break
    return found


def request(service: str, sip: str, *, context: str, entropy: bytes) -> bytes:
    """The envelope that asks for a ticket to `service`, for the user with this SIP address."""
    secret = base64.b64encode(entropy).decode()
    values = {"context": context, "service": service, "sip": sip, "entropy": secret}
    return _ENVELOPE.format(**{name: escape(value, {'"': "&quot;"}) for name, value in values.items()}).encode()


def assertion(envelope: bytes) -> bytes:
    """The SAML assertion of an answer, byte by byte as it came, because it is signed; empty where there is none."""
    reading = _Assertion()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reading.refuse
    parser.StartElementHandler = lambda name, _: reading.begin(name, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: reading.end(parser.CurrentByteIndex)
    try:
        parser.Parse(envelope, True)
    except (expat.ExpatError, ValueError, _Refused):
        return b""
    ending = envelope.find(b">", reading.ends) + 1
    ticket = envelope[reading.begins : ending] if 0 <= reading.begins < reading.ends < ending else b""
    # An element without content has no end tag, and what ends there is the one around it.
    is_whole = envelope.startswith(b"</" + reading.name.encode(), reading.ends)
    return ticket if is_whole and len(ticket) <= _MOST_TICKET else b""


def fault(envelope: str) -> Fault | None:
    """The fault of an answer, of either version of SOAP; None where it holds none."""
    root = parsed(envelope)
    if root is None:
        return None
    texts: dict[str, str] = {}
    for element in root.iter():
        texts.setdefault(local_name(element).lower(), clean((element.text or "").strip(), 300))
    if "fault" not in texts:
        return None
    code = texts.get("faultcode") or texts.get("value") or ""
    text = texts.get("reason") or texts.get("faultstring") or texts.get("text") or ""
    number = texts.get("errorid", "")
    return Fault(code=code, id=int(number) if number.isdecimal() and len(number) <= 6 else 0, text=text)


class _Refused(Exception):
    """The document declares a document type."""


class _Assertion:
    """Where the first element called Assertion begins, and where its end tag does."""

    def __init__(self) -> None:
        self.name = ""
        self.begins = self.ends = -1
        self._depth = 0
        self._at = 0

    def refuse(self, *_: object) -> None:
        raise _Refused

    def begin(self, name: str, index: int) -> None:
        self._depth += 1
        if self.begins < 0 and name.rpartition(":")[2] == "Assertion":
            self.name, self.begins, self._at = name, index, self._depth

    def end(self, index: int) -> None:
        if self.begins >= 0 > self.ends and self._depth == self._at:
            self.ends = index
        self._depth -= 1
