"""XMPP servers that do as they are told, well or badly, the records that lead to them, and certificates for clients."""

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HEADER = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
    "xmlns:db='jabber:server:dialback' id='417GAF25' from='contoso.com' to='litwareinc.com' version='1.0'>"
)
LEGACY = HEADER.replace(" version='1.0'>", ">")
ANY_FEATURES = "<stream:features>{}</stream:features>"
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>{}</starttls>"
EXTERNAL = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
DIALBACK = "<dialback xmlns='urn:xmpp:features:dialback'/>"
PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
FAILURE = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
INVALID = "<db:verify from='contoso.com' to='litwareinc.com' id='x' type='invalid'/>"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

Zone = dict[tuple[str, str], list[str]]


def answering(zone: Zone, failing: tuple[str, ...] = (), silent: tuple[str, ...] = ()) -> Any:
    """What a name server with these records answers."""

    def answer(query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        if name in silent:
            return None
        response = dns.message.make_response(query)
        if name in failing:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif name not in {known for known, _ in zone}:
            response.set_rcode(dns.rcode.NXDOMAIN)
        for wanted in (kind, "CNAME"):
            for value in zone.get((name, wanted), []):
                response.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", wanted, value))
        return response

    return answer


def stream_error(condition: str, text: str = "") -> str:
    """An error, and the end of the stream."""
    told = f"<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>{text}</text>" if text else ""
    inside = f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>{told}"
    return f"<stream:error>{inside}</stream:error></stream:stream>"


@dataclass
class Peer:
    """A server that answers each request with the text set for it; an empty one keeps silent."""

    header: str = HEADER
    features: str = ANY_FEATURES.format(STARTTLS.format("<required/>"))
    starttls: str = PROCEED
    context: ssl.SSLContext | None = None
    secured_header: str = HEADER
    secured_features: str = ANY_FEATURES.format(DIALBACK)
    verify: str = INVALID
    external_for_certificates: bool = False
    piece: int = 0
    """Bytes that are sent at a time; 0: all."""
    late: float = 0.0
    """Seconds before each answer."""
    direct: bool = False
    heard: list[str] = field(default_factory=list)
    """The requests of all connections, in order."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a connection is over."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ssl.SSLError):
            if self.direct:
                await self._talk(reader, writer, self.secured_header, self._offered(writer))
            elif await self._talk(reader, writer, self.header, self.features):
                assert self.context is not None
                await writer.start_tls(self.context)
                await self._talk(reader, writer, self.secured_header, self._offered(writer))
        self.ended.set()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, header: str, features: str
    ) -> bool:
        """One stream, to its end; True where TLS begins."""
        self.heard.append(await _until(reader, "version='1.0'>"))
        await self._say(writer, header + features)
        while True:
            request = await _until(reader, ">")
            if "<db:verify" in request:
                request += await _until(reader, "</db:verify>")
            self.heard.append(request)
            if "<starttls" in request:
                await self._say(writer, self.starttls)
                if self.starttls == PROCEED and self.context is not None:
                    return True
            elif "<db:verify" in request:
                await self._say(writer, self.verify)
            elif not request or "</stream:stream>" in request:
                return False

    def _offered(self, writer: asyncio.StreamWriter) -> str:
        if self.external_for_certificates and writer.get_extra_info("peercert"):
            return ANY_FEATURES.format(EXTERNAL + DIALBACK)
        return self.secured_features

    async def _say(self, writer: asyncio.StreamWriter, text: str) -> None:
        data = text.encode()
        await asyncio.sleep(self.late)
        for start in range(0, len(data), self.piece or len(data) or 1):
            writer.write(data[start : start + (self.piece or len(data))])
            await writer.drain()
            if self.piece:
                # Each piece has to arrive for itself.
                for _ in range(3):
                    await asyncio.sleep(0)


async def _until(reader: asyncio.StreamReader, end: str) -> str:
    try:
        return (await reader.readuntil(end.encode())).decode(errors="replace")
    except asyncio.IncompleteReadError as incomplete:
        return incomplete.partial.decode(errors="replace")


def by_hand(context: ssl.SSLContext) -> Handler:
    """A server that shakes hands and, where that fails, says why before it closes, as servers do and asyncio does not."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        with contextlib.suppress(ssl.SSLError):
            while True:
                try:
                    tls.do_handshake()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(65536))
                else:
                    break
        writer.write(outgoing.read())
        await writer.drain()
        await reader.read()

    return handler


# Prosody asks of a client that it may be a server too.
_BOTH_WAYS = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


def client_certificate(
    name: str, issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, folder: Path
) -> str:
    """A PEM file with a certificate for a domain that its server may use as a client, its key, and its issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(_BOTH_WAYS), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    unencrypted = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    path = folder / f"client-{name}.pem"
    path.write_bytes(private + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, issuer)))
    return str(path)
