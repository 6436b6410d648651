"""What can be wrong with the certificates of the reverse proxy and of the Front End."""

import copy

from lab.model import DOMAIN, OTHER_POOL, WEB, Certificate, Model, Name
from lab.scenarios import Enter, scenario

_CERTIFICATE = "Phones say that they cannot verify the certificate from the server."
_UNAVAILABLE = "Phones say that the server might be unavailable."
_ON_WI_FI = "It works on mobile data; on the office Wi-Fi the certificate cannot be verified."
_EXTERNAL, _INTERNAL = f"lyncdiscover.{DOMAIN}", f"lyncdiscoverinternal.{DOMAIN}"
_EMEA = f"emea.{DOMAIN}"
_OUTSIDE = "outside"


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.certificates/{answer}", seat)


def _harmless(name: str, title: str, symptom: str, seat: str = "") -> Enter:
    return scenario(name, "mobility", title, symptom, None, seat)


def _of_front_end(model: Model) -> Certificate:
    """The certificate of the web site for clients inside, apart from that of the other site.

    An administrator's own shell refuses it too, so that another pool's is taken.
    """
    model.shell_pool = OTHER_POOL
    site = model.web_server("pool")
    site.certificate = copy.deepcopy(site.certificate)
    return site.certificate


# The reverse proxy's.


@_fault("tls-wrong-name", "The certificate does not hold the web services FQDN", _CERTIFICATE, "wrong-name")
def tls_wrong_name(model: Model) -> None:
    model.external_web.certificate.names.remove(WEB)


@_fault("tls-self-signed", "The certificate is self-signed", _CERTIFICATE, "untrusted")
def tls_self_signed(model: Model) -> None:
    model.external_web.certificate.issuer = "self"


@_fault(
    "tls-unknown-authority", "The certificate comes from an authority that nobody trusts", _CERTIFICATE, "untrusted"
)
def tls_unknown_authority(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.issuer, certificate.sends = "stranger", "root"


@_fault(
    "tls-incomplete-chain",
    "The reverse proxy does not send the issuing authority's certificate",
    "Android phones cannot verify the certificate; Windows clients can.",
    "incomplete-chain",
)
def tls_incomplete_chain(model: Model) -> None:
    model.external_web.certificate.sends = "leaf"


@_fault(
    "tls-expired",
    "The certificate has expired",
    "Since last month no phone signs in: the certificate cannot be verified.",
    "expired",
)
def tls_expired(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.begins, certificate.ends = -400, -35


@_fault("tls-not-yet-valid", "The certificate is not valid yet", _CERTIFICATE, "not-yet-valid")
def tls_not_yet_valid(model: Model) -> None:
    certificate = model.external_web.certificate
    certificate.begins, certificate.ends = 3, 368


@_fault(
    "tls-old-protocol",
    "The reverse proxy speaks TLS 1.0 alone",
    "Old phones sign in; those bought this year cannot connect.",
    "old-protocol",
)
def tls_old_protocol(model: Model) -> None:
    model.external_web.https = "tls-1.0"


@_fault(
    "tls-weak-key",
    "The certificate has an RSA key of 1024 bits",
    "Old phones sign in; those bought this year cannot verify the certificate.",
    "weak",
)
def tls_weak_key(model: Model) -> None:
    model.external_web.certificate.weak = True


@_fault("tls-plain-http", "Port 443 speaks HTTP without TLS", _UNAVAILABLE, "tls-failed")
def tls_plain_http(model: Model) -> None:
    model.external_web.https = "plain"


@_fault("tls-noise", "Port 443 leads to something that does not know TLS", _UNAVAILABLE, "tls-failed")
def tls_noise(model: Model) -> None:
    model.external_web.https = "noise"


@_fault(
    "tls-domain-missing",
    "The reverse proxy's certificate was not renewed for the second SIP domain, nor is port 80 published",
    f"Colleagues with an address in {_EMEA} cannot sign in on the phone.",
    "wrong-name",
    _OUTSIDE,
)
def tls_domain_missing(model: Model) -> None:
    model.names["outside"][f"lyncdiscover.{DOMAIN}"] = Name(hosts=["reverse-proxy"])
    model.external_web.certificate.names.remove(_EXTERNAL)
    model.external_web.http = "closed"


@_fault(
    "tls-name-missing-http-used",
    "The reverse proxy's certificate lacks lyncdiscover, and port 80 is published for it",
    "Phones show an error of the certificate, and sign in when it is passed over.",
    "name-missing-http-used",
    _OUTSIDE,
)
def tls_name_missing_http_used(model: Model) -> None:
    model.external_web.certificate.names.remove(_EXTERNAL)


@_harmless("healthy-wildcard", "A wildcard among the names of the certificate", "Nobody complains.", _OUTSIDE)
def healthy_wildcard(model: Model) -> None:
    model.external_web.certificate.names[:] = [WEB, f"*.{DOMAIN}"]


# The Front End's.


@_fault(
    "tls-internal-name-missing",
    "The Front End's certificate was renewed without lyncdiscoverinternal",
    _ON_WI_FI,
    "wrong-name",
)
def tls_internal_name_missing(model: Model) -> None:
    _of_front_end(model).names.remove(_INTERNAL)


@_fault("tls-internal-expired", "The Front End's certificate has expired", _ON_WI_FI, "expired")
def tls_internal_expired(model: Model) -> None:
    certificate = _of_front_end(model)
    certificate.begins, certificate.ends = -400, -35


@_fault(
    "tls-private-authority",
    "The Front End's certificate comes from an authority that this computer does not know",
    "On new phones, the certificate cannot be verified on the office Wi-Fi.",
    "private-authority",
)
def tls_private_authority(model: Model) -> None:
    certificate = _of_front_end(model)
    certificate.issuer, certificate.sends = "stranger", "root"


@_fault(
    "certificate-assigned-expired",
    "The certificate of the Front End's external web site has expired",
    "It works on the office Wi-Fi and fails on mobile data.",
    "assigned-expired",
)
def assigned_expired(model: Model) -> None:
    names = [*model.external_site.certificate.names, WEB]
    model.external_site.certificate = Certificate(names, begins=-800, ends=-400)


@_fault(
    "certificate-assigned-name-missing",
    "No certificate of the Front End holds lyncdiscover",
    "Nobody has complained. The Front End was set up anew last week, and is looked over before phones may use it.",
    "assigned-name-missing",
)
def assigned_name_missing(model: Model) -> None:
    # Both sites share it.
    model.web_server("pool").certificate.names.remove(_EXTERNAL)
