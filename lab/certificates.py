"""The lab's own certificate authorities, root and issuing, made anew for every run, and what they issue."""

import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.model import Certificate
from lab.private import PrivateFile

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Party:
    """A certificate with its key; `issuer` is None for a root."""

    certificate: x509.Certificate
    key: Key
    issuer: "Party | None" = None

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Issued:
    """A server's certificate, ready to serve with."""

    leaf: Party
    sent: tuple[bytes, ...]
    """The certificates that the server sends, each in PEM, its own first."""

    @property
    def channel_binding(self) -> bytes:
        """What RFC 5929 calls tls-server-end-point; the lab signs with SHA-256."""
        return b"tls-server-end-point:" + self.leaf.certificate.fingerprint(hashes.SHA256())

    @property
    def key_pem(self) -> bytes:
        """The private key, not encrypted."""
        return self.leaf.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def context(self, directory: Path, *, old: bool = False) -> ssl.SSLContext:
        """A server's context; with `old` one that speaks TLS 1.0 alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Above security level 0 OpenSSL 3 refuses TLS 1.0, and a weak key even to its owner.
        context.set_ciphers("ALL:@SECLEVEL=0" if old else "DEFAULT:@SECLEVEL=0")
        if old:
            # Python warns of TLS 1.0.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        with PrivateFile(directory, self.key_pem + b"".join(self.sent)) as file:
            context.load_cert_chain(file.path)
        return context


class Authorities:
    """The lab's authority, whose root the clients trust, and a stranger's, whose root nobody trusts."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)
        self._issuing = {
            "lab": self._authority("Litware Root CA", "Litware Issuing CA 1"),
            "stranger": self._authority("Fabrikam Root CA", "Fabrikam Issuing CA 1"),
        }

    @property
    def trusted_pem(self) -> bytes:
        """The root that clients have to trust."""
        root = self._issuing["lab"].issuer
        assert root is not None  # noqa: S101 - an issuing authority always has one
        return root.pem

    def issue(self, wanted: Certificate) -> Issued:
        """A server certificate as the model wants it."""
        issuer = None if wanted.issuer == "self" else self._issuing[wanted.issuer]
        leaf = self._sign(
            *(wanted.names[0], issuer, wanted.begins, wanted.ends),
            names=None if wanted.common_name_only else wanted.names,
            weak=wanted.weak,
            client=wanted.client,
        )
        sent = [leaf.pem]
        if issuer and wanted.sends != "leaf":
            sent.append(issuer.pem)
        if issuer and issuer.issuer and wanted.sends == "root":
            sent.append(issuer.issuer.pem)
        return Issued(leaf, tuple(sent))

    def _authority(self, root_name: str, issuing_name: str) -> Party:
        root = self._sign(root_name, None, -2000, 2000, authority=True)
        return self._sign(issuing_name, root, -1000, 1000, authority=True)

    def _sign(
        self,
        name: str,
        issuer: Party | None,
        begins: int,
        ends: int,
        names: list[str] | None = None,
        *,
        authority: bool = False,
        weak: bool = False,
        client: bool = False,
    ) -> Party:
        key: Key = rsa.generate_private_key(65537, 1024) if weak else ec.generate_private_key(ec.SECP256R1())  # noqa: S505
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = issuer.key if issuer else key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now + timedelta(days=begins))
            .not_valid_after(self._now + timedelta(days=ends))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(_key_usage(authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
            uses = [ExtendedKeyUsageOID.SERVER_AUTH, *([ExtendedKeyUsageOID.CLIENT_AUTH] if client else [])]
            usage = x509.ExtendedKeyUsage(uses)
            builder = builder.add_extension(alternatives, critical=False).add_extension(usage, critical=False)
        return Party(builder.sign(signer, hashes.SHA256()), key, issuer)


def _key_usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
