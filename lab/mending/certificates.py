"""Request-, Import- and Set-CsCertificate: what an authority issues, and which use it is assigned to."""

import copy
from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import is_placeholder, one_of, refused, require, several
from lab.model import ACCESS_EDGE, Certificate, Model, Side

_SIDES: dict[str, Side] = {
    "Default": "internal",
    "WebServicesInternal": "internal",
    "WebServicesExternal": "external",
}
_OF_EDGE = ("AccessEdgeExternal", "DataEdgeExternal", "AudioVideoAuthentication")
_USES = (*_SIDES, *_OF_EDGE)


def _request(model: Model, arguments: Arguments) -> list[Any]:
    """With -CA the authority answers at once; with -Output a file waits to be brought to one."""
    cmdlet = "Request-CsCertificate"
    require(cmdlet, arguments, "New", "Type")
    uses = _uses(cmdlet, arguments)
    names = [*_of_topology(model, uses), *several(arguments.get("domainname", ""))]
    if arguments.get("allsipdomain"):
        names += [f"sip.{domain}" for domain in model.sip_domains]
    certificate = Certificate(list(dict.fromkeys(names)), client=bool(arguments.get("clienteku")))
    if "ca" in arguments:
        model.store.held.append(certificate)
        return [f"A certificate for {', '.join(certificate.names)} was issued. Nothing uses it yet."]
    if "output" not in arguments:
        raise refused(cmdlet, "Specify a certification authority, or a file for an offline request.")
    model.store.requested.append(certificate)
    return [f"The request was written to {arguments['output']}."]


def _uses(cmdlet: str, arguments: Arguments) -> list[str]:
    return [one_of(cmdlet, "Type", use, _USES) for use in several(arguments["type"])]


def _of_topology(model: Model, uses: list[str]) -> list[str]:
    """The names that the cmdlet knows by itself for these uses."""
    pool = model.pools[0]
    web = model.web_names_of(pool)
    computers = [computer.fqdn for computer in model.computers_of(pool)]
    names: list[str] = []
    for use in uses:
        match use:
            case "Default":
                names += [pool, *computers]
            case "WebServicesInternal":
                names += [*computers, web.internal]
            case "WebServicesExternal":
                names += [*computers, *([web.external] if web.external else [])]
            case _:
                names.append(ACCESS_EDGE)
    return names


def _import(model: Model, arguments: Arguments) -> list[Any]:
    """Import-CsCertificate: what the authority made of the last request."""
    require("Import-CsCertificate", arguments, "Path")
    if not is_placeholder(arguments["path"]) or not model.store.requested:
        raise refused("Import-CsCertificate", f"Cannot find the file {arguments['path']}.")
    certificate = model.store.requested.pop()
    model.store.held.append(certificate)
    return [f"The certificate for {', '.join(certificate.names)} is in the store. Nothing uses it yet."]


def _set(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsCertificate: a web site shows it at once, the Edge as soon as its services are restarted."""
    cmdlet = "Set-CsCertificate"
    require(cmdlet, arguments, "Type", "Thumbprint")
    uses = _uses(cmdlet, arguments)
    on_edge = any(use in _OF_EDGE for use in uses)
    certificate = _meant(cmdlet, model, arguments["thumbprint"], on_edge=on_edge)
    if on_edge:
        model.xmpp.edge_certificate, model.xmpp.edge_certificate_assigned = certificate, True
    for side in {_SIDES[use] for use in uses if use in _SIDES}:
        for site in model.web_servers_of(model.pools[0], side):
            site.certificate = certificate
    return [f"The certificate for {', '.join(certificate.names)} is assigned to {', '.join(uses)}."]


def _meant(cmdlet: str, model: Model, thumbprint: Any, *, on_edge: bool) -> Certificate:
    """The newest that nothing uses yet; on the Edge else the one that it has, as it is."""
    if is_placeholder(thumbprint) and model.store.held:
        return model.store.held[-1]
    if is_placeholder(thumbprint) and on_edge:
        return copy.deepcopy(model.xmpp.edge_certificate or model.xmpp.edge.certificate)
    raise refused(cmdlet, f'Cannot find a certificate with the thumbprint "{thumbprint}".')


CMDLETS = (
    Cmdlet(
        "Request-CsCertificate",
        (
            *("New", "Type", "CA", "DomainName", "AllSipDomain", "KeySize", "PrivateKeyExportable", "Output"),
            *("ClientEKU", "FriendlyName", "Template"),
        ),
        _request,
    ),
    Cmdlet("Import-CsCertificate", ("Path", "PrivateKeyExportable", "Password"), _import),
    Cmdlet("Set-CsCertificate", ("Type", "Thumbprint"), _set),
)
