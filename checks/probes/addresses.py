"""Where a connection goes: names become addresses in a view of DNS, and `--connect-to` sends them elsewhere."""

import ipaddress

from checks.deployment import ConnectTo, Sources
from checks.probes import Lookup, Probe, Record, Records, Unanswered, View
from checks.probes.wire import Endpoint


class Network:
    """How the probes reach a host; all of them go through one."""

    def __init__(self, sources: Sources, dns: Probe[Lookup, Records], own_view: View = "inside") -> None:
        self.own_view: View = own_view
        """The view that this machine itself has; a proxy's name is looked up in it."""
        self._connect_to = sources.connect_to
        self._dns = dns

    async def resolve(self, host: str, view: View) -> Records | Unanswered:
        """The addresses of a name; an IP address is its own."""
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return await self._dns.ask(Lookup(name=host, kind="ADDRESS", view=view))
        kind = "AAAA" if address.version == 6 else "A"
        return Records(outcome="found", records=(Record(name=host, kind=kind, value=str(address)),))

    async def endpoints(self, host: str, port: int, view: View) -> tuple[Endpoint, ...] | Records | Unanswered:
        """The endpoints to try, in order; where the name has no address, what the name server said instead."""
        to_host, to_port = self.destination(host, port)
        records = await self.resolve(to_host, view)
        if isinstance(records, Unanswered) or records.outcome != "found" or not records.addresses:
            return records
        return tuple(Endpoint(address, to_port) for address in records.addresses)

    def destination(self, host: str, port: int) -> tuple[str, int]:
        """Host and port that a connection to these goes to, by the first rule of `--connect-to` that fits."""
        for rule in self._connect_to:
            if _fits(rule, host, port):
                return rule.to_host or host, rule.to_port or port
        return host, port


def _fits(rule: ConnectTo, host: str, port: int) -> bool:
    return (not rule.host or rule.host == host.strip("[]").rstrip(".").lower()) and rule.port in {None, port}
