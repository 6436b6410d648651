"""What mends the records by which partners find the Edge."""

from checks.model import Remedy
from checks.xmpp.service_records import PORT, service_of

_WHO = "DNS administrator of the public DNS zone"
_RERUN = "check again (r)"
_PROVIDER = "If a provider keeps the public zone, enter the same record there"


def add_record(domain: str, access: str) -> Remedy:
    """The SRV record of a domain that has none. `access` is the Access Edge's FQDN; empty where it is not known."""
    risk = f"none: nobody has the name yet. Whoever looked for it remembers for some minutes that it was missing. {_PROVIDER}"
    if not access:
        return Remedy(
            action=f"In the public DNS zone of {domain}, create an SRV record: service _xmpp-server, protocol _tcp, priority 0, "
            f"weight 0, port {PORT}, host the FQDN of the Access Edge service (often sip.{domain}).",
            who=_WHO,
            risk=risk,
            verify=_verify(domain),
        )
    return Remedy(
        cmdlet="Add-DnsServerResourceRecord",
        parameters={
            "Srv": True,
            # Without it the zone of the inside would be changed, where the command is typed.
            "ComputerName": "<public name server>",
            "ZoneName": domain,
            "Name": "_xmpp-server._tcp",
            "DomainName": access,
            "Priority": 0,
            "Weight": 0,
            "Port": PORT,
        },
        who=_WHO,
        risk=risk,
        verify=_verify(domain),
    )


def check_spelling(domain: str) -> Remedy:
    """Where the domain itself is not in DNS."""
    return Remedy(
        action=f"Compare {domain} with what stands behind the @ of your own users' addresses (Get-CsSipDomain).",
        who="you",
        risk="none: it only looks",
        verify="walk again with the right domain",
    )


def ask_a_public_one(domain: str) -> Remedy:
    """Where only a name server that may be one of the inside was asked."""
    return Remedy(
        action=f"Ask a public name server: Resolve-DnsName {service_of(domain)} -Type SRV -Server <public name server>. Where it "
        "shows a record to the Access Edge, nothing is missing.",
        who="anyone who reaches a public name server",
        risk="none: it only asks",
        verify="if it shows none either, add the record",
    )


def enable(domain: str, access: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS zone of {domain}, give the record {service_of(domain)} the target "
        f"{access or 'of the Access Edge FQDN'} and the port {PORT}, in place of “.”.",
        who=_WHO,
        risk="somebody may have meant it: a record with “.” says on purpose that the domain has no XMPP",
        verify=_verify(domain),
    )


def give_address(domain: str, host: str, access: str) -> Remedy:
    instead = f", or let the SRV record name {access}" if access and access != host else ""
    return Remedy(
        action=f"In the public DNS, give {host} an A record with the external address of the Access Edge{instead}.",
        who=_WHO,
        risk=f"none: the name leads nowhere now. {_PROVIDER}",
        verify=f"Resolve-DnsName {host} -Server <public name server>, then {_RERUN}",
    )


def drop_target(domain: str, host: str) -> Remedy:
    return Remedy(
        instead=True,
        action=f"Take the SRV record of {domain} that names {host} out of the public zone, if no Edge is to be there.",
        who=_WHO,
        risk="partners then use the other targets alone",
        verify=_verify(domain),
    )


def publish_address(host: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS zone, change {host} to the public address of the Access Edge service: its external address, or "
        "the one that NAT leads there.",
        who=_WHO,
        risk="the internal DNS zone keeps its own record; change the public one alone",
        verify=f"Resolve-DnsName {host} -Server <public name server>, then {_RERUN}",
    )


def right_port(domain: str, port: int) -> Remedy:
    return Remedy(
        action=f"In the public DNS zone, change the port of {service_of(domain)} from {port} to {PORT}.",
        who=_WHO,
        risk="partners remember the old record until its time to live is over",
        verify=_verify(domain),
    )


def right_target(domain: str, access: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS, let {service_of(domain)} name {access}, or give the name that it has the address of {access}. "
        "If the address is led to the Access Edge by NAT, it is right as it is.",
        who=_WHO,
        risk="with several Edge pools: the target belongs to the one that the site's XMPP route names",
        verify=_verify(domain),
    )


def name_directly(domain: str, host: str, final: str) -> Remedy:
    """For a target that is an alias."""
    return Remedy(
        action=f"In the public DNS, replace the alias {host} by an A record with the address that it leads to now, or let "
        f"{service_of(domain)} name {final} itself.",
        who=_WHO,
        risk="an A record must be changed by hand when the address changes",
        verify=_verify(domain),
    )


def name_not_address(domain: str, access: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS, let {service_of(domain)} name a host, {access or 'the Access Edge FQDN'}, and give that host the "
        "address in an A record.",
        who=_WHO,
        risk="none: the host stays the same",
        verify=_verify(domain),
    )


def drop_ipv6(host: str) -> Remedy:
    return Remedy(
        action=f"Take the AAAA record of {host} out of the public DNS, or let the Access Edge listen on that IPv6 address and the "
        "firewalls pass it.",
        who=f"{_WHO}, or the firewall administrator",
        risk="other services under the same name lose IPv6 too",
        verify=f"Resolve-DnsName {host} -Type AAAA -Server <public name server>, then {_RERUN}",
    )


def own_priority(domain: str) -> Remedy:
    return Remedy(
        action=f"In the public DNS zone, give each Edge pool's record of {service_of(domain)} a priority of its own, the lowest to "
        "the one that the site's XMPP route names.",
        who=_WHO,
        risk="partners turn to the pool of the lowest priority; the others are there for when it fails",
        verify=_verify(domain),
    )


def _verify(domain: str) -> str:
    return f"Resolve-DnsName {service_of(domain)} -Type SRV -Server <public name server>, then {_RERUN}"
