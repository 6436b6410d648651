"""Which certificates are trusted: the system's store, and the certificate authorities that the user names."""

import functools
import os
import ssl
import sys
import warnings

import truststore

from checks.model import Reason
from checks.probes import Unanswered
from checks.probes.excerpts import decoded
from checks.text import clean

# Servers without RFC 5746 are refused by OpenSSL 3 before they can show anything; ssl names the option from 3.12 on.
_UNSAFE_LEGACY_RENEGOTIATION = 0x4

OLDEST = ssl.TLSVersion.TLSv1_2
"""The oldest protocol of today's clients. Said here, because some systems' Python leaves it to the system."""


def verifying(ca_file: str = "", *, names: bool = True, protocols: tuple[str, ...] = ()) -> ssl.SSLContext | Unanswered:
    """A context that verifies by the system's store and, where given, by the PEM file as well.

    Without `names` it verifies the chain alone. `protocols` are offered in ALPN. It is shared by all who ask for it
    while the files stay as they are: nobody may change it.
    """
    try:
        changed = os.stat(ca_file).st_mtime_ns if ca_file else 0
        return _verifying(ca_file, names, protocols, changed, *map(os.environ.get, _STORE))
    except ssl.SSLError:
        return _unusable(ca_file, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
    except OSError as error:
        return _unusable(ca_file, f"cannot be read: {error.strerror or type(error).__name__}")
    except ValueError:
        return _unusable(ca_file, "is not the name of a file")


_STORE = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Where OpenSSL is told to look for the system's store."""


@functools.lru_cache(maxsize=4)
def _verifying(ca_file: str, names: bool, protocols: tuple[str, ...], *changes: object) -> ssl.SSLContext:
    """The context, made once for as long as `changes` stays the same. Raises OSError and ValueError."""
    context = _of_system()
    context.minimum_version = OLDEST
    context.check_hostname = names
    if protocols:
        context.set_alpn_protocols(list(protocols))
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


def _of_system() -> ssl.SSLContext:
    """A context with the system's store. truststore reads it anew for each connection, tens of milliseconds long.

    Where the store is a file that OpenSSL finds by itself, reading it once tells the same.
    """
    if sys.platform not in {"win32", "darwin"}:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_default_verify_paths()
        if context.cert_store_stats()["x509_ca"]:
            return context
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def blind() -> ssl.SSLContext:
    """A context that accepts any certificate, so that it can be looked at."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = OLDEST
    return context


def blind_and_old(newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> ssl.SSLContext:
    """A context that accepts TLS 1.0 and weak ciphers too. For diagnosis alone: nothing secret goes through it.

    Raises ssl.SSLError or ValueError where this machine's OpenSSL was built without them.
    """
    context = blind()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= ssl.Options(_UNSAFE_LEGACY_RENEGOTIATION)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = newest
    return context


def can_speak_old_protocols() -> bool:
    """True where this machine's OpenSSL can say hello in TLS 1.0 or 1.1; found out without a packet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        newest = ssl.TLSVersion.TLSv1_1
    try:
        tls = blind_and_old(newest).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return True
    except (ssl.SSLError, ValueError):
        return False
    return True


def looks_like_tls(opening: bytes) -> bool:
    """True where a peer's first bytes are a TLS record: its type, then version 3.x."""
    return opening[0] in range(0x14, 0x18) and opening[1:2] in {b"", b"\x03"} if opening else False


def without_tls(opening: bytes) -> str:
    """What a peer speaks whose first bytes are no TLS: one sentence, with its first line where that may tell."""
    if opening.startswith(b"HTTP/"):
        return "It speaks HTTP on that port, without TLS."
    said = clean(decoded(opening.splitlines()[0]), 80).strip() if opening.strip() else ""
    return f"It answers, but not with TLS: {said}" if said else "It answers, but not with TLS."


def _unusable(ca_file: str, why: str) -> Unanswered:
    return Unanswered(
        reason=Reason.MISSING_INPUT, detail=f"The file of certificate authorities {clean(ca_file)} {why}."
    )
