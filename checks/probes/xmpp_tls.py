"""TLS on a stream of XMPP: what the server shows, and what our verifier says of the chain."""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from checks.knowledge.certificates import decode
from checks.knowledge.xmpp import names
from checks.knowledge.xmpp.names import PresentedNames
from checks.model import Reason
from checks.probes import Certificate, NoTls, Presented, Unanswered, trust
from checks.probes.tls import chain_as_sent
from checks.probes.wire import Wire, words_of
from checks.text import clean

DIRECT_PROTOCOL = ("xmpp-server",)
"""What a client says for direct TLS in ALPN (XEP-0368)."""


class Shake(NamedTuple):
    """The outcome of one handshake. With `refusal` the verifier turned the chain down before it could be seen."""

    tls: Presented | NoTls | None
    names: PresentedNames = PresentedNames()
    refusal: str = ""


async def shake(wire: Wire, context: ssl.SSLContext, domain: str, until: float) -> Shake:
    """Shakes hands with `domain` as the name asked for. Never raises for a fault of the server."""
    try:
        async with asyncio.timeout_at(until):
            tls = await wire.start_tls(context, domain)
    except ssl.SSLCertVerificationError as error:
        return Shake(None, refusal=f"{clean(error.verify_message)} (code {error.verify_code})")
    except (OSError, UnicodeError) as error:
        if isinstance(error, ssl.SSLError) and "ASN1" in words_of(error).upper():
            rule = "OpenSSL cannot read the certificate."
            shown = _presented(wire, "TLS", (Certificate(problem=rule),), verified=False)
            return Shake(_refused(shown, rule), PresentedNames(problem=rule))
        return Shake(_failed(error, wire))
    chain = chain_as_sent(tls)
    shown = _presented(wire, tls.version() or "", tuple(map(decode, chain)), context.verify_mode == ssl.CERT_REQUIRED)
    return Shake(shown, names.read(chain[0]) if chain else PresentedNames())


def verifying(ca_file: str, *, direct: bool) -> ssl.SSLContext | Unanswered:
    """A context that verifies the chain and leaves names alone: XMPP has rules of its own for them."""
    return trust.verifying(ca_file, names=False, protocols=DIRECT_PROTOCOL if direct else ())


def accepting(*, direct: bool, old: bool = False, certificate: str = "") -> ssl.SSLContext | Unanswered:
    """A context that accepts whatever is shown, with a client certificate where a PEM file of one is named."""
    context = trust.blind_and_old() if old else trust.blind()
    if direct:
        context.set_alpn_protocols(list(DIRECT_PROTOCOL))
    if not certificate:
        return context
    name = clean(certificate)
    try:
        # Without a password given here, OpenSSL would ask for one at the terminal.
        context.load_cert_chain(certificate, password=lambda: b"")
    except ssl.SSLError:
        problem = f"The file {name} does not hold a certificate and its key in PEM form, without a password."
    except (OSError, ValueError) as error:
        problem = f"The file {name} cannot be read: {words_of(error)}."
    else:
        return context
    return Unanswered(reason=Reason.MISSING_INPUT, detail=problem)


def _presented(wire: Wire, protocol: str, chain: tuple[Certificate, ...], verified: bool) -> Presented:
    return Presented(
        address=wire.address,
        protocol=protocol,
        chain=chain,
        verified=verified,
        seen_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _refused(shown: Presented, rule: str) -> Presented:
    return msgspec.structs.replace(shown, rule=rule)


def _failed(error: Exception, wire: Wire) -> NoTls:
    """What a failed handshake means, by the bytes that came and by OpenSSL's words."""
    if wire.opening and not trust.looks_like_tls(wire.opening):
        return NoTls(kind="not-tls", detail=trust.without_tls(wire.opening), address=wire.address)
    if isinstance(error, TimeoutError):
        detail = "It did not finish a TLS handshake in time."
        return NoTls(kind="silence", detail=detail, address=wire.address)
    # Before a handshake is finished, the first patch releases of Python 3.11 take its breaking off for an orderly end.
    ended = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    if ended or not isinstance(error, ssl.SSLError):
        detail = "It closed the connection in the middle of the handshake."
        return NoTls(kind="reset", detail=detail, address=wire.address)
    return NoTls(kind="alert", detail=f"The handshake was refused: {words_of(error)}.", address=wire.address)
