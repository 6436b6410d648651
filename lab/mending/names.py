"""The records of DNS: Add- and Remove-DnsServerResourceRecord….

Without -ComputerName the name server of the inside is meant, where these cmdlets are. The public zone is on another one,
which has to be named.
"""

from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import is_placeholder, refused, require, several
from lab.model import Model, Name, Service, View

_COMMON = ("ZoneName", "Name", "ComputerName")


def _view(cmdlet: str, arguments: Arguments) -> View:
    server = arguments.get("computername")
    if server is None:
        return "inside"
    if is_placeholder(server) and "public" in str(server):
        return "outside"
    raise refused(cmdlet, f"Failed to get information about the zone on server {server}.")


def _full_name(cmdlet: str, arguments: Arguments) -> str:
    require(cmdlet, arguments, "ZoneName", "Name")
    zone, name = str(arguments["zonename"]), str(arguments["name"])
    return zone if name == "@" else f"{name}.{zone}"


def _free(cmdlet: str, model: Model, arguments: Arguments) -> tuple[dict[str, Name], str]:
    """The view's names, and the name that the record is for. CmdletError where the name is an alias already."""
    names, name = model.names[_view(cmdlet, arguments)], _full_name(cmdlet, arguments)
    if name in names and names[name].alias:
        raise refused(cmdlet, f"Failed to create resource record {name}: it is an alias already.")
    return names, name


def _add_alias(model: Model, arguments: Arguments) -> list[Any]:
    cmdlet = "Add-DnsServerResourceRecordCName"
    require(cmdlet, arguments, "HostNameAlias")
    names, name = _free(cmdlet, model, arguments)
    if name in names:
        raise refused(cmdlet, f"Failed to create resource record {name}: a name with other records takes no alias.")
    names[name] = Name(alias=str(arguments["hostnamealias"]).rstrip("."))
    return [f"{name} is an alias of {names[name].alias} now."]


def _add_address(model: Model, arguments: Arguments) -> list[Any]:
    cmdlet = "Add-DnsServerResourceRecordA"
    require(cmdlet, arguments, "IPv4Address")
    names, name = _free(cmdlet, model, arguments)
    hosts = {address: host for host, address in model.addresses.items()}
    addresses = several(arguments["ipv4address"])
    strange = [address for address in addresses if address not in hosts]
    if strange:
        raise refused(cmdlet, f"Failed to create resource record {name}: {strange[0]} is no address of this network.")
    names.setdefault(name, Name()).hosts += [hosts[address] for address in addresses]
    return [f"{name} has the address {', '.join(addresses)} now."]


def _add_record(model: Model, arguments: Arguments) -> list[Any]:
    """Of the many kinds of Add-DnsServerResourceRecord, -Srv alone."""
    cmdlet = "Add-DnsServerResourceRecord"
    require(cmdlet, arguments, "Srv", "DomainName", "Priority", "Weight", "Port")
    names, name = _free(cmdlet, model, arguments)
    target = str(arguments["domainname"]).rstrip(".")
    service = Service(target, int(arguments["port"]), int(arguments["priority"]), int(arguments["weight"]))
    names.setdefault(name, Name()).services.append(service)
    return [f"{name} leads to {target}:{service.port} now."]


def _remove(model: Model, arguments: Arguments) -> list[Any]:
    cmdlet = "Remove-DnsServerResourceRecord"
    require(cmdlet, arguments, "RRType")
    names, name = model.names[_view(cmdlet, arguments)], _full_name(cmdlet, arguments)
    attribute = {"a": "hosts", "cname": "alias", "srv": "services"}.get(str(arguments["rrtype"]).lower(), "")
    held = names.get(name)
    if held is None or not attribute or not getattr(held, attribute):
        raise refused(cmdlet, f"Failed to get {name} record in {arguments['zonename']} zone.")
    setattr(held, attribute, "" if attribute == "alias" else [])
    if not (held.hosts or held.alias or held.services):
        del names[name]
    return [f"{name} has no {arguments['rrtype']} record any more."]


CMDLETS = (
    Cmdlet("Add-DnsServerResourceRecordCName", (*_COMMON, "HostNameAlias"), _add_alias),
    Cmdlet("Add-DnsServerResourceRecordA", (*_COMMON, "IPv4Address"), _add_address),
    Cmdlet("Add-DnsServerResourceRecord", (*_COMMON, "Srv", "DomainName", "Priority", "Weight", "Port"), _add_record),
    Cmdlet("Remove-DnsServerResourceRecord", (*_COMMON, "RRType", "Force"), _remove),
)
