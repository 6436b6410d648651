"""What mends a name that does not lead where phones must go."""

from collections.abc import Iterable

from checks.knowledge.dns_views import within
from checks.model import Remedy
from checks.probes import View

_DNS_ADMINISTRATOR = "DNS administrator"
_TOPOLOGY_ADMINISTRATOR = "member of RTCUniversalServerAdmins and Domain Admins"
_RERUN = "check again (r)"
_ZONES: dict[View, str] = {"inside": "internal DNS zone", "outside": "public DNS zone"}


def create(name: str, zone: str, view: View, target: str, addresses: Iterable[str]) -> Remedy:
    """A record for a name that has none: an alias of the target in the same zone, else its IPv4 addresses."""
    known = tuple(sorted(address for address in addresses if ":" not in address))
    risk = "none: nobody has the name yet. Whoever looked for it remembers for some minutes that it was missing"
    if view == "outside":
        risk += ". If a provider keeps the public zone, enter the same record there"
    who, verify = _of_zone(view), _verify(name, view)
    parts = {**_server(view), "ZoneName": zone, "Name": name.removesuffix(f".{zone}")}
    if not within(name, zone) or name == zone:
        parts = {}
    if parts and target and within(target, zone):
        return Remedy(
            cmdlet="Add-DnsServerResourceRecordCName",
            parameters={**parts, "HostNameAlias": target},
            who=who,
            risk=risk,
            verify=verify,
        )
    if parts and known:
        return Remedy(
            cmdlet="Add-DnsServerResourceRecordA",
            parameters={**parts, "IPv4Address": known[0] if len(known) == 1 else known},
            who=who,
            risk=risk,
            verify=verify,
        )
    where = "the reverse proxy" if view == "outside" else "the internal web services (the Director's, else the pool's)"
    return Remedy(
        action=f"In the {_ZONES[view]}, create an A record {name} with the address of {target or where}.",
        who=who,
        risk=risk,
        verify=verify,
    )


def publish_web(name: str, view: View) -> Remedy:
    """A record for the external web FQDN, which leads to the reverse proxy from everywhere."""
    passing = (
        ""
        if view == "outside"
        else " Traffic from inside must then be let through to the proxy and back in (the hairpin)."
    )
    return Remedy(
        action=f"In the {_ZONES[view]}, create an A record {name} with the address at which the reverse "
        f"proxy is reached from there.{passing}",
        who=_of_zone(view),
        risk="none: nobody has the name there yet",
        verify=_verify(name, view),
    )


def mend_alias(name: str, target: str, view: View) -> Remedy:
    return Remedy(
        action=f"In the {_ZONES[view]}, give {target} an address, or make {name} an alias of a name that has one.",
        who=_of_zone(view),
        risk="other names may be aliases of the same target",
        verify=_verify(name, view),
    )


def remove(name: str, zone: str, kind: str) -> Remedy:
    """Takes a name that belongs inside out of the public zone."""
    risk = "if inside and outside are served from one zone, inside clients lose the name too: separate the views first"
    who, verify = _of_zone("outside"), _verify(name, "outside")
    if not within(name, zone) or name == zone:
        return Remedy(action=f"Remove {name} from the public DNS zone.", who=who, risk=risk, verify=verify)
    return Remedy(
        cmdlet="Remove-DnsServerResourceRecord",
        parameters={**_server("outside"), "ZoneName": zone, "Name": name.removesuffix(f".{zone}"), "RRType": kind},
        who=who,
        risk=risk,
        verify=verify,
    )


def replace_alias(name: str, view: View) -> Remedy:
    return Remedy(
        action=f"Replace the alias {name} by an A record with the address that it leads to now, or by an alias of a name "
        "in its own domain that the certificate covers.",
        who=_of_zone(view),
        risk="the record must be changed by hand when the address changes",
        verify=_verify(name, view),
    )


def publish_port_80(name: str) -> Remedy:
    return Remedy(
        instead=True,
        action=f"Keep the alias and let phones begin with HTTP: on the reverse proxy, publish {name} on port 80 and "
        "forward it to port 8080 of the pool.",
        who="administrator of the reverse proxy",
        risk="the first request of a phone then travels unencrypted; all others use HTTPS",
        verify=f"curl.exe -i http://{name}/",
    )


def lead_home(name: str, web: str, view: View) -> Remedy:
    return Remedy(
        action=f"As long as users are homed in this deployment, let {name} lead to {web or 'the external web FQDN'} here: "
        "in a hybrid deployment this one sends the users of Microsoft 365 on.",
        who=_of_zone(view),
        risk="users of Microsoft 365 alone take one more redirect",
        verify=_verify(name, view),
    )


def drop_wildcard(domain: str, names: Iterable[str], view: View) -> Remedy:
    return Remedy(
        action=f"In the {_ZONES[view]}, enter lyncdiscover.{domain} itself"
        f"{'' if view == 'outside' else f' and lyncdiscoverinternal.{domain}'}, and remove the wildcard *.{domain} or keep "
        f"it from answering {' and '.join(names)}.",
        who=_of_zone(view),
        risk="other names may live by the wildcard: list what is in use before it goes",
        verify=_RERUN,
    )


def part_names(web: str) -> Remedy:
    return Remedy(
        action="In Topology Builder, open the properties of the pool, Web services, and give the external base URL another "
        f"name than {web}; publish the topology, and run Setup or Remove Components on each Front End.",
        who=_TOPOLOGY_ADMINISTRATOR,
        risk="the new name needs DNS records, certificates and a publishing rule of its own before phones use it",
        verify=f"Get-CsService -WebServer, then {_RERUN}",
    )


def aim_at_proxy(name: str, view: View) -> Remedy:
    hairpin = " Let inside clients through to it (the hairpin) first." if view == "inside" else ""
    return Remedy(
        action=f"In the {_ZONES[view]}, change {name} to the address of the reverse proxy, not of the pool "
        f"or its load balancer.{hairpin}",
        who=_of_zone(view),
        risk="if the way to the proxy is closed, phones that worked by the pool's address lose their connection",
        verify=_verify(name, view),
    )


def check_spelling(domain: str) -> Remedy:
    """Where the domain itself is not in DNS."""
    return Remedy(
        action=f"Compare {domain} with what stands behind the @ of the users' addresses (Get-CsSipDomain).",
        who="you",
        risk="none: it only looks",
        verify="walk again with the right domain",
    )


def _verify(name: str, view: View) -> str:
    """Outside is not what the name servers of the inside tell."""
    server = " -Server <public name server>" if view == "outside" else ""
    return f"Resolve-DnsName {name}{server}, then {_RERUN}"


def _of_zone(view: View) -> str:
    return f"{_DNS_ADMINISTRATOR} of the {_ZONES[view]}"


def _server(view: View) -> dict[str, str]:
    """Without it the command changes the zone of the server that it is typed at, which is the one inside."""
    return {"ComputerName": "<public name server>"} if view == "outside" else {}
