"""Which domains a certificate may speak for in XMPP: the bare domain counts, not the host that an SRV record names.

Sources: RFC 6120 (id-on-xmppAddr), RFC 4985 (SRVName), RFC 9525 (dNSName, wildcards; the common name no longer counts).
"""

import warnings
from typing import TYPE_CHECKING, Literal

from checks.model import Frozen
from checks.text import clean

if TYPE_CHECKING:
    from cryptography import x509

MOST_NAMES = 200
_MOST_CHARACTERS = 260
_XMPP_ADDRESS = "1.3.6.1.5.5.7.8.5"
_SERVICE_NAME = "1.3.6.1.5.5.7.8.7"
_SERVICE = "_xmpp-server."
# RFC 4985 has SRVName as IA5String; some authorities write UTF8String. xmppAddr is UTF8String.
_STRING_TAGS = frozenset({0x0C, 0x16})

Kind = Literal["xmppAddr", "SRVName", "dNSName"]


class PresentedNames(Frozen, frozen=True):
    """The names in a certificate that XMPP looks at, in order. `problem` is set where they cannot be read."""

    xmpp: tuple[str, ...] = ()
    """id-on-xmppAddr: addresses of XMPP, here bare domains."""
    services: tuple[str, ...] = ()
    """SRVName: `_xmpp-server.` and a domain."""
    hosts: tuple[str, ...] = ()
    """dNSName, wildcards among them."""
    common: tuple[str, ...] = ()
    """Common names of the subject: of no weight today, and what old certificates have alone."""
    problem: str = ""


class Match(Frozen, frozen=True):
    """The name that a certificate speaks for a domain by."""

    kind: Kind
    name: str


def read(der: bytes) -> PresentedNames:
    """The names of a certificate in DER. Never raises."""
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography warns of oddities that it reads all the same.
        try:
            certificate = x509.load_der_x509_certificate(der)
        except Exception as error:
            return PresentedNames(problem=clean(f"This is no certificate that can be read: {error}"))
        common = _common(certificate)
        try:
            extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except x509.ExtensionNotFound:
            return PresentedNames(common=common)
        except Exception as error:  # The library raises a dozen kinds, at access and not when it loads.
            return PresentedNames(common=common, problem=clean(f"The names cannot be read: {error}"))
        others = extension.value.get_values_for_type(x509.OtherName)
        return PresentedNames(
            xmpp=_of_type(others, _XMPP_ADDRESS),
            services=_of_type(others, _SERVICE_NAME),
            hosts=_kept(extension.value.get_values_for_type(x509.DNSName)),
            common=common,
        )


def match(names: PresentedNames, domain: str) -> Match | None:
    """The name by which the certificate speaks for the domain; None where it does not."""
    wanted = ascii_form(domain)
    if not wanted:
        return None
    for name in names.xmpp:
        if ascii_form(name) == wanted:
            return Match(kind="xmppAddr", name=name)
    for name in names.services:
        if name.lower().startswith(_SERVICE) and _covers(name[len(_SERVICE) :], wanted):
            return Match(kind="SRVName", name=name)
    for name in names.hosts:
        if _covers(name, wanted):
            return Match(kind="dNSName", name=name)
    return None


def near_misses(names: PresentedNames, domain: str) -> tuple[str, ...]:
    """Why names that look right do not count, one sentence each; empty where nothing comes near."""
    wanted = ascii_form(domain)
    if not wanted or match(names, domain) is not None:
        return ()
    found: list[str] = []
    for name in names.hosts:
        bare = ascii_form(name.removeprefix("*."))
        if name.startswith("*.") and bare == wanted:
            found.append(f"{name} stands for names below {domain}, not for {domain} itself.")
        elif name.startswith("*.") and wanted.endswith(f".{bare}"):
            found.append(f"{name} stands for one label only, and {domain} has more.")
        elif bare.endswith(f".{wanted}"):
            found.append(f"{name} is the name of a host; XMPP looks for {domain} itself.")
        elif wanted.endswith(f".{bare}"):
            found.append(f"{name} does not stand for the domains below it.")
    found += [
        f"{domain} is its common name only, which servers of today do not look at."
        for name in names.common
        if ascii_form(name) == wanted
    ]
    found += [
        f"{name} names another service than _xmpp-server."
        for name in names.services
        if ascii_form(name.partition(".")[2]) == wanted
    ]
    return tuple(dict.fromkeys(found))


def ascii_form(name: str) -> str:
    """A name as DNS has it, in lower case without the final dot; empty where it is none."""
    bare = name.rstrip(".").lower()
    if not bare or len(bare) > _MOST_CHARACTERS:
        return ""
    if bare.isascii():
        return bare
    try:
        return bare.encode("idna").decode()
    except UnicodeError:
        return ""


def _covers(pattern: str, wanted: str) -> bool:
    """True where a name is the wanted one; a wildcard is the whole leftmost label and stands for exactly one."""
    if not pattern.startswith("*."):
        return "*" not in pattern and ascii_form(pattern) == wanted
    parent = ascii_form(pattern[2:])
    # A wildcard right below a top level domain, or a second one, is nobody's name.
    return "." in parent and "*" not in parent and wanted.partition(".")[2] == parent


def _common(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography.x509.oid import NameOID

    try:
        found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return _kept([str(name.value) for name in found])
    except Exception:  # A subject that does not parse is told of where the whole certificate is decoded.
        return ()


def _of_type(others: "list[x509.OtherName]", oid: str) -> tuple[str, ...]:
    texts = (_string(other.value) for other in others if other.type_id.dotted_string == oid)
    return _kept([text for text in texts if text])


def _string(der: bytes) -> str:
    """The text of one DER string; empty where it is none."""
    if len(der) < 2 or der[0] not in _STRING_TAGS:
        return ""
    length, start = der[1], 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 2:
            return ""
        length, start = int.from_bytes(der[2 : 2 + octets], "big"), 2 + octets
    if start + length != len(der):
        return ""
    return der[start:].decode("utf-8", errors="replace")


def _kept(names: list[str]) -> tuple[str, ...]:
    return tuple(clean(name, _MOST_CHARACTERS) for name in names[:MOST_NAMES])
