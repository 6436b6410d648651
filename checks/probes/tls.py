"""TLS as a server presents it: the chain as sent and the verifier's verdict, each from a handshake of its own."""

import asyncio
import ssl
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec

from checks.knowledge.certificates import decode
from checks.model import Reason
from checks.probes import Certificate, Handshake, NoTls, Presented, Records, Unanswered, trust
from checks.probes.addresses import Network
from checks.probes.wire import DEADLINES, ConnectFailed, Deadlines, Endpoint, Wire, connect, words_of
from checks.text import clean

MOST_CERTIFICATES = 10

A = TypeVar("A", Presented, NoTls)


class TlsProbe:
    """Answers `Handshake`. Nothing is ever sent through what it opens."""

    def __init__(
        self, network: Network, *, ca_file: str = "", proxy: str = "", deadlines: Deadlines = DEADLINES
    ) -> None:
        self._network = network
        self._ca_file = ca_file
        self._proxied = proxy not in {"", "none"}
        self._deadlines = deadlines

    async def ask(self, question: Handshake) -> Presented | NoTls | Unanswered:
        """What the server shows; why it shows nothing; Unanswered where it could not be asked."""
        verifying = trust.verifying(self._ca_file)
        if isinstance(verifying, Unanswered):
            return verifying
        if self._proxied:
            return Unanswered(
                reason=Reason.NOT_POSSIBLE_HERE,
                command=question.typed(),
                detail="Certificates are not looked at through a proxy.",
            )
        endpoints = await self._network.endpoints(question.host, question.port, question.view)
        if isinstance(endpoints, Unanswered):
            return endpoints
        if isinstance(endpoints, Records):
            return NoTls(kind="no-such-name", detail=_without_address(question.host, endpoints))
        asking = _Asking(question.host, endpoints, self._deadlines)
        try:
            return await asking.ask(verifying)
        except ConnectFailed as failure:
            return NoTls(kind=failure.kind, detail=failure.detail, address=failure.address)


class _Asking:
    """The handshakes with one server, within one deadline."""

    def __init__(self, host: str, endpoints: tuple[Endpoint, ...], deadlines: Deadlines) -> None:
        self._host = host
        self._endpoints = endpoints
        self._deadlines = deadlines
        self._until = asyncio.get_running_loop().time() + deadlines.whole

    async def ask(self, verifying: ssl.SSLContext) -> Presented | NoTls | Unanswered:
        shown = await self._shake(trust.blind())
        if isinstance(shown, Presented):
            return shown if shown.rule else await self._verdict(shown, verifying)
        if shown.kind in {"silence", "not-tls"}:
            return shown
        if not trust.can_speak_old_protocols():
            return _with(shown, old_protocols_tried=False)
        old = await self._shake(trust.blind_and_old())
        if isinstance(old, Presented):
            return _with(old, only_old=True, rule=old.rule or shown.detail)
        return shown

    async def _verdict(self, shown: Presented, verifying: ssl.SSLContext) -> Presented | Unanswered:
        """The same server asked again, by a client that verifies."""
        wire = await self._connect()
        try:
            async with asyncio.timeout_at(self._until):
                await wire.start_tls(verifying, self._host)
        except ssl.SSLCertVerificationError as error:
            return _with(shown, rule=f"{clean(error.verify_message)} (code {error.verify_code})")
        except (OSError, UnicodeError) as error:
            return Unanswered(
                reason=Reason.UNREACHABLE,
                detail=f"{clean(self._host)} showed its certificate, then broke off a second handshake: {words_of(error)}.",
            )
        finally:
            wire.close()
        return _with(shown, verified=True)

    async def _shake(self, context: ssl.SSLContext) -> Presented | NoTls:
        """What one handshake shows to a client that accepts anything."""
        wire = await self._connect()
        try:
            async with asyncio.timeout_at(self._until):
                tls = await wire.start_tls(context, self._host)
            return _presented(wire, tls.version() or "", tuple(decode(der) for der in chain_as_sent(tls)))
        except (OSError, UnicodeError) as error:
            if _is_unreadable(error):
                rule = "OpenSSL cannot read the certificate."
                return _with(_presented(wire, "TLS", (Certificate(problem=rule),)), rule=rule)
            kind, detail = _failure(error, wire)
            return NoTls(kind=kind, detail=detail, address=wire.address)
        finally:
            wire.close()

    async def _connect(self) -> Wire:
        """A connection; once one was made, always to the same address."""
        wire = await connect(self._endpoints, self._deadlines)
        self._endpoints = (wire.endpoint,)
        return wire


def chain_as_sent(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The server's certificates in DER, in the order sent, at most ten; public in Python from 3.13 on."""
    if sys.version_info >= (3, 13):
        sent = tls.get_unverified_chain()
    else:
        from _ssl import ENCODING_DER

        inner: Any = tls._sslobj  # type: ignore[attr-defined]
        sent = [certificate.public_bytes(ENCODING_DER) for certificate in inner.get_unverified_chain() or ()]
    return tuple(sent[:MOST_CERTIFICATES])


def _presented(wire: Wire, protocol: str, chain: tuple[Certificate, ...]) -> Presented:
    return Presented(
        address=wire.address,
        protocol=protocol,
        chain=chain,
        verified=False,
        seen_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _failure(error: Exception, wire: Wire) -> tuple[Literal["reset", "not-tls", "alert", "silence"], str]:
    """What a failed handshake means, by the bytes that came and by OpenSSL's words."""
    if wire.opening and not trust.looks_like_tls(wire.opening):
        return "not-tls", trust.without_tls(wire.opening)
    if isinstance(error, TimeoutError):
        return "silence", "It took the connection and did not finish a TLS handshake."
    # Before a handshake is finished, the first patch releases of Python 3.11 take its breaking off for an orderly end.
    ended = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    if ended or not isinstance(error, ssl.SSLError):
        return "reset", "It closed the connection in the middle of the handshake."
    return "alert", f"The handshake was refused: {words_of(error)}."


def _is_unreadable(error: Exception) -> bool:
    """True where the handshake failed on a certificate that is none, before anything could be verified."""
    return isinstance(error, ssl.SSLError) and "ASN1" in words_of(error).upper()


def _without_address(host: str, records: Records) -> str:
    name = clean(host)
    match records.outcome:
        case "no-such-name":
            return f"There is no name {name}."
        case "server-failure":
            return f"The name server cannot answer for {name}."
        case "loop":
            return f"The aliases of {name} go in a circle."
    return f"{name} has no record of type A or AAAA."


def _with(answer: A, **changes: Any) -> A:
    return msgspec.structs.replace(answer, **changes)
