"""Get-CsCertificate: what the Front End or the Edge that is asked has assigned to its services."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from psrpcore.types import PSString

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.model import EDGE, Certificate, Model, Side

_ISSUERS = {"lab": "CN=Litware Issuing CA 1", "stranger": "CN=Fabrikam Issuing CA 1"}
_OF_SIDE: dict[str, Side] = {
    "Default": "internal",
    "WebServicesInternal": "internal",
    "WebServicesExternal": "external",
}
_USES = (
    "AccessEdgeExternal", "AudioVideoAuthentication", "DataEdgeExternal", "Default", "External", "Internal",
    "iPhoneAPNService", "iPadAPNService", "MPNService", "PICWebService", "ProvisionService", "WebServicesExternal",
    "WebServicesInternal", "WsFedTokenTransfer",
)  # fmt: skip
_USE = clixml.enumeration("Deployment.CertType", _USES)


def get_certificate(model: Model, arguments: Arguments) -> list[Any]:
    """One object for each use of the pool's first computer; or those that -Type names."""
    held = {use: model.web_servers_of(model.pools[0], side)[0].certificate for use, side in _OF_SIDE.items()}
    return _references(held, arguments)


def get_edge_certificate(model: Model, arguments: Arguments) -> list[Any]:
    """One object for each use of the Edge that has a certificate; or those that -Type names."""
    external = model.xmpp.edge_certificate or model.xmpp.edge.certificate
    held = {"Internal": Certificate([EDGE])}
    if model.xmpp.edge_certificate_assigned:
        held |= dict.fromkeys(("AccessEdgeExternal", "DataEdgeExternal", "AudioVideoAuthentication"), external)
    return _references(held, arguments)


def _references(held: dict[str, Certificate], arguments: Arguments) -> list[Any]:
    wanted = arguments.get("type") or ()
    asked = {str(use).lower() for use in (wanted if isinstance(wanted, list | tuple) else [wanted])}
    return [_reference(use, certificate) for use, certificate in held.items() if not asked or use.lower() in asked]


def _reference(use: str, certificate: Certificate) -> Any:
    # Whole days, so that one lab tells the same however often it is asked.
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    name = certificate.names[0]
    print_of = hashlib.sha1(" ".join(certificate.names).encode(), usedforsecurity=False).hexdigest().upper()
    properties = {
        "Issuer": _ISSUERS.get(certificate.issuer, f"CN={name}"),
        "NotAfter": today + timedelta(days=certificate.ends),
        "NotBefore": today + timedelta(days=certificate.begins),
        "SerialNumber": print_of[:20],
        "Subject": f"CN={name}",
        "AlternativeNames": [PSString(each) for each in certificate.names],
        "Thumbprint": print_of,
        "Use": _USE[use],
    }
    return clixml.lync_object("Deployment.CertificateReference", properties)


_PARAMETERS = ("Type", "Identity", "Report")
CMDLETS = (Cmdlet("Get-CsCertificate", _PARAMETERS, get_certificate),)
OF_EDGE = (Cmdlet("Get-CsCertificate", _PARAMETERS, get_edge_certificate),)
