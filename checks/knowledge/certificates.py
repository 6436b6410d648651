"""Certificates as plain values. Old and odd certificates are common: each field is read for itself."""

import warnings
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from checks.probes import Certificate
from checks.text import clean

if TYPE_CHECKING:
    from cryptography import x509

MOST_NAMES = 200
_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}

T = TypeVar("T")


def decode(der: bytes) -> Certificate:
    """The certificate's fields. Never raises: `problem` says what could not be read, and that field is empty."""
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography warns of oddities that it reads all the same.
        try:
            certificate = x509.load_der_x509_certificate(der)
        except Exception as error:
            return Certificate(problem=f"This is no certificate that can be read: {_words(error)}")
        return _Reading(certificate).decoded()


class _Reading:
    """One certificate, read field by field, with a note of each that does not parse."""

    def __init__(self, certificate: "x509.Certificate") -> None:
        self._certificate = certificate
        self._problems: list[str] = []

    def decoded(self) -> Certificate:
        certificate = self._certificate
        subject = self._read("the subject", lambda: clean(certificate.subject.rfc4514_string()), "")
        issuer = self._read("the issuer", lambda: clean(certificate.issuer.rfc4514_string()), "")
        return Certificate(
            subject=subject,
            issuer=issuer,
            names=self._read("the names", lambda: _names(certificate), ()),
            not_before=self._read("the first day", lambda: _iso(certificate.not_valid_before_utc), ""),
            not_after=self._read("the last day", lambda: _iso(certificate.not_valid_after_utc), ""),
            purposes=self._read("the purposes", lambda: _purposes(certificate), ()),
            key=self._read("the key", lambda: _key(certificate), ""),
            self_signed=self._read("the issuer", lambda: certificate.subject == certificate.issuer, False),
            problem=clean("; ".join(dict.fromkeys(self._problems))),
        )

    def _read(self, what: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Exception as error:  # The library raises a dozen kinds, at access and not when it loads.
            self._problems.append(f"{what} cannot be read: {_words(error)}")
            return otherwise


def _names(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)
    return tuple(clean(str(name), 260) for name in names[:MOST_NAMES])


def _purposes(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return ()
    oids = [purpose.dotted_string for purpose in extension.value]
    return tuple(_PURPOSES.get(oid, oid) for oid in oids[:32])


def _key(certificate: "x509.Certificate") -> str:
    """Kind and size of the key and the hash of the signature: `RSA 2048, SHA256`."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    key = certificate.public_key()
    match key:
        case rsa.RSAPublicKey():
            kind = f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            kind = f"EC {key.curve.name}"
        case dsa.DSAPublicKey():
            kind = f"DSA {key.key_size}"
        case _:
            kind = type(key).__name__.removeprefix("_").removesuffix("PublicKey")
    signature = certificate.signature_hash_algorithm
    return f"{kind}, {signature.name.upper()}" if signature else kind


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _words(error: Exception) -> str:
    return clean(str(error), 200) or type(error).__name__


def days_left(last: str, moment: str) -> str:
    """From the day of a moment to a last day, both in ISO 8601: `335 days`. Empty where one is none, or it has ended."""
    try:
        days = (datetime.fromisoformat(last[:10]) - datetime.fromisoformat(moment[:10])).days
    except ValueError:
        return ""
    return f"{days} day{'' if days == 1 else 's'}" if days >= 0 else ""
