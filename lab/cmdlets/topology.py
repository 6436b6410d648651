"""What the topology knows: pools, services, sites, SIP domains, the product's version."""

from typing import Any

from psrpcore.types import PSUInt16

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.model import ACCESS_EDGE, EDGE, LYNC_2013, POOL, SITE, SKYPE_2015, SKYPE_2019, Model

_INTERNAL = "Deploy.Internal"
_POOL_ROLES = ("Registrar", "UserServer", "ConferencingServer", "WebServer")
_BRANCH_ROLES = ("Registrar", "MediationServer")
_DIRECTOR_ROLES = ("Registrar", "WebServer")


def get_pool(model: Model, arguments: Arguments) -> list[Any]:
    """All pools, Directors and Edges among them, or the one that -Identity names."""
    pools = [_pool(model, pool, roles) for pool, roles in _roles(model)]
    pools += [_pool(model, edge, ("EdgeServer",)) for edge in _edges(model)]
    pools += [_pool(model, pool, _BRANCH_ROLES) for pool in model.branch_appliances]
    return _named("Get-CsPool", pools, arguments)


def get_service(model: Model, arguments: Arguments) -> list[Any]:
    """The services of one role or of all, on one pool or on all."""
    roles: dict[str, list[Any]] = {
        "registrar": [_registrar(model, pool) for pool, _ in _roles(model)],
        "webserver": [_web_services(model, pool) for pool, _ in _roles(model)],
        "edgeserver": [_edge_services(model, edge) for edge in _edges(model)],
        "director": [_registrar(model, pool) for pool in model.directors],
    }
    # A Director is a registrar, and in the list of all services once.
    asked = [role for role in roles if arguments.get(role)] or [role for role in roles if role != "director"]
    services = [service for role in asked for service in roles[role]]
    if pool := str(arguments.get("poolfqdn", "")).lower():
        services = [service for service in services if _value(service, "PoolFqdn").lower() == pool]
        if not services and pool not in (*model.pools, *model.directors, *_edges(model)):
            identifier = "ClusterNotFound,Microsoft.Rtc.Management.Xds.GetServiceCmdlet"
            raise not_found("Get-CsService", f'There is no pool "{pool}" in the topology.', pool, identifier)
    return _named("Get-CsService", services, arguments)


def get_site(model: Model, arguments: Arguments) -> list[Any]:
    """The central sites: each that has an XMPP route or none, and each that a pool is in."""
    names = dict.fromkeys((*model.xmpp.routes, *(_site(model, pool) for pool in _every_pool(model))))
    return _named("Get-CsSite", [_site_object(model, number, name) for number, name in enumerate(names, 1)], arguments)


def _site_object(model: Model, number: int, name: str) -> Any:
    pools = [pool for pool in _every_pool(model) if _site(model, pool) == name]
    services = [f"{role}:{pool}" for pool, roles in _roles(model) for role in roles if pool in pools]
    return clixml.lync_object(
        f"{_INTERNAL}.Site+CentralSite",
        {
            "Identity": f"Site:{name}",
            "SiteId": number,
            "Services": services + [f"EdgeServer:{edge}" for edge in _edges(model) if edge in pools],
            "Pools": pools,
            "FederationRoute": f"EdgeServer:{EDGE}",
            "XmppFederationRoute": model.xmpp.routes.get(name) if model.product.has_xmpp else None,
            "DefaultPersistentChatPool": None,
            "Description": None,
            "DisplayName": name,
            "SiteType": clixml.SITE_TYPE["CentralSite"],
            "ParentSite": None,
        },
        f"Site:{name}",
    )


def get_sip_domain(model: Model, arguments: Arguments) -> list[Any]:
    """The SIP domains; the first is the default."""
    domains = [
        clixml.lync_object("Xds.SipDomain", {"Identity": name, "Name": name, "IsDefault": not number}, name)
        for number, name in enumerate(model.sip_domains)
    ]
    return _named("Get-CsSipDomain", domains, arguments)


def get_server_version(model: Model, arguments: Arguments) -> list[Any]:
    """One line of text."""
    return [f"{model.product.name} ({model.product.version}): Volume license key installed."]


def _roles(model: Model) -> list[tuple[str, tuple[str, ...]]]:
    """Every pool inside, with the roles that it has."""
    return [(pool, _POOL_ROLES) for pool in model.pools] + [(pool, _DIRECTOR_ROLES) for pool in model.directors]


def _edges(model: Model) -> list[str]:
    return [EDGE, *model.xmpp.more_edges]


def _every_pool(model: Model) -> list[str]:
    return [*model.pools, *model.directors, *_edges(model)]


def _site(model: Model, pool: str) -> str:
    return next((computer.site for computer in model.computers_of(pool)), SITE)


def _pool(model: Model, fqdn: str, roles: tuple[str, ...]) -> Any:
    properties = {
        "Identity": fqdn,
        "Services": [f"{role}:{fqdn}" for role in roles],
        "Computers": [computer.fqdn for computer in model.computers_of(fqdn)],
        "Fqdn": fqdn,
        "BackupPoolFqdn": None,
        "Site": f"Site:{_site(model, fqdn)}",
    }
    return clixml.lync_object(f"{_INTERNAL}.Cluster", properties, fqdn)


def _registrar(model: Model, pool: str) -> Any:
    properties = {
        "Identity": f"Registrar:{pool}",
        "SipPort": PSUInt16(5061),
        "SipServerTcpPort": PSUInt16(5060),
        "XmppGatewaySipPort": PSUInt16(5098),
        "WebPort": PSUInt16(444),
        "UserServer": None if pool in model.directors else f"UserServer:{pool}",
        "WebServer": f"WebServer:{pool}",
        "EdgeServer": f"EdgeServer:{EDGE}",
        "EnableAutomaticFailover": False,
    }
    return _service(model, "Registrar", pool, properties)


def _web_services(model: Model, pool: str) -> Any:
    names = model.web_names_of(pool)
    properties: dict[str, Any] = {
        "Identity": f"WebServer:{pool}",
        "FileStore": f"FileStore:{pool}",
        "UserServer": None if pool in model.directors else f"UserServer:{pool}",
        "PrimaryHttpPort": PSUInt16(80),
        "PrimaryHttpsPort": PSUInt16(443),
        "ExternalHttpPort": PSUInt16(8080),
        "ExternalHttpsPort": PSUInt16(4443),
        "PublishedPrimaryHttpPort": PSUInt16(80),
        "PublishedPrimaryHttpsPort": PSUInt16(443),
        "PublishedExternalHttpPort": PSUInt16(80),
        "PublishedExternalHttpsPort": PSUInt16(443),
        "ReachPrimaryPsomServerPort": PSUInt16(8060),
        "ReachExternalPsomServerPort": PSUInt16(8061),
        "AppSharingPortStart": PSUInt16(49152),
        "AppSharingPortCount": PSUInt16(16383),
    }
    if LYNC_2013.year <= model.product.year < SKYPE_2019.year:
        properties |= {
            "McxSipPrimaryListeningPort": PSUInt16(5086),
            "McxSipExternalListeningPort": PSUInt16(5087),
        }
    if model.product.has_ucwa:
        properties |= {
            "UcwaSipPrimaryListeningPort": PSUInt16(5089),
            "UcwaSipExternalListeningPort": PSUInt16(5088),
        }
    properties |= {
        "WebTicketExternalUri": f"https://{names.external or pool}/WebTicket/WebTicketService.svc",
        "WebTicketInternalUri": f"https://{names.internal}/WebTicket/WebTicketService.svc",
        "ExternalFqdn": names.external,
        "InternalFqdn": names.internal,
    }
    return _service(model, "WebServer", pool, properties, [f"Registrar:{pool}", f"ConferencingServer:{pool}"])


def _edge_services(model: Model, edge: str) -> Any:
    # A computer whose build is told is of a product without XMPP.
    xmpp = model.product.has_xmpp and not any(computer.version for computer in model.computers_of(edge))
    properties: dict[str, Any] = {
        "Identity": f"EdgeServer:{edge}",
        "Registrar": f"Registrar:{POOL}",
        "AccessEdgeInternalSipPort": PSUInt16(5061),
        "AccessEdgeExternalSipPort": PSUInt16(5061),
        "AccessEdgeClientSipPort": PSUInt16(443),
        "DataPsomServerPort": PSUInt16(8057),
        "DataPsomClientPort": PSUInt16(444),
        "MediaRelayAuthEdgePort": PSUInt16(5062),
        "AccessEdgeExternalFqdn": ACCESS_EDGE,
        "DataEdgeExternalFqdn": ACCESS_EDGE,
        "AVEdgeExternalFqdn": ACCESS_EDGE,
        "InternalInterfaceFqdn": edge,
        "ExternalMrasFqdn": ACCESS_EDGE,
        "XmppInternalPort": PSUInt16(23456) if xmpp else None,
        "XmppListeningPort": PSUInt16(5269) if xmpp else None,
    }
    if model.product.year >= SKYPE_2019.year:
        properties["SkypeSearchProxyPort"] = PSUInt16(4443)
    return _service(model, "EdgeServer", edge, properties, [f"Registrar:{pool}" for pool in model.pools])


def _service(
    model: Model, role: str, pool: str, properties: dict[str, Any], dependents: list[str] | None = None
) -> Any:
    tail = {
        "DependentServiceList": dependents or [],
        "ServiceId": f"1-{role}-1",
        "SiteId": f"Site:{_site(model, pool)}",
        "PoolFqdn": pool,
        "Version": 8 if model.product.year >= SKYPE_2015.year else 6,
        "Role": role,
    }
    return clixml.lync_object(f"Xds.Display{role}", properties | tail, f"{role}:{pool}")


def _named(cmdlet: str, objects: list[Any], arguments: Arguments) -> list[Any]:
    """All of them, or the one whose Identity is asked for; a site may be named without `Site:`."""
    if "identity" not in arguments:
        return objects
    wanted = str(arguments["identity"]).lower()
    found = [
        each
        for each in objects
        if _value(each, "Identity").lower().removeprefix("site:")
        == wanted.removeprefix("site:").removeprefix("service:")
    ]
    if not found:
        noun = cmdlet.removeprefix("Get-Cs")
        message = f'Cannot find the item "{arguments["identity"]}" in the topology.'
        raise not_found(cmdlet, message, wanted, f"ItemNotFound,Microsoft.Rtc.Management.Xds.Get{noun}Cmdlet")
    return found


def _value(built: Any, name: str) -> str:
    return next(str(each.get_value(built)) for each in built.PSObject.adapted_properties if each.name == name)


CMDLETS = (
    Cmdlet("Get-CsPool", ("Identity", "Filter", "Site"), get_pool),
    Cmdlet(
        "Get-CsService",
        ("Identity", "Filter", "WebServer", "Registrar", "Director", "EdgeServer", "PoolFqdn"),
        get_service,
    ),
    Cmdlet("Get-CsSite", ("Identity", "Filter"), get_site),
    Cmdlet("Get-CsSipDomain", ("Identity", "Filter"), get_sip_domain),
    Cmdlet("Get-CsServerVersion", (), get_server_version),
)
