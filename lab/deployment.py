"""The model served: name servers, web servers, plain ports, the PowerShell endpoints and the Edge, together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from lab import mending, scenarios
from lab.addresses import free_ports, pick
from lab.answers import Site
from lab.behind import Behind
from lab.callers import Answering, Requests
from lab.certificates import Authorities
from lab.dns import NameServer
from lab.edge import Edge
from lab.forward_proxy import ForwardProxy
from lab.listening import STANDARD, XMPP_PORT, ports_listening, ports_of, web_listening
from lab.load_balancer import Balancer
from lab.model import (
    DOMAIN,
    EDGE,
    EDGE_COMPUTER,
    HOSTS,
    POOL,
    PORTS,
    VIEWS,
    WEB,
    WEB_INTERNAL,
    Account,
    Model,
    View,
    WebServer,
    XmppServer,
    default_users,
)
from lab.plain_ports import PlainPorts
from lab.powershell import Endpoint
from lab.reverse_proxy import Proxy, publishes_http
from lab.signin import Gate, SignIns
from lab.web import Host
from lab.web_servers import Listener
from lab.xmpp_server import XmppHost

Server = NameServer | Host | PlainPorts | XmppHost | ForwardProxy | Edge | Endpoint
Part = Literal["names", "web", "edge-winrm", "forward-proxy", "ports"]
"""What is opened and closed together."""


class Deployment:
    """A lab in one process. Addresses, ports, accounts and authorities stay as they are when the scenario changes."""

    def __init__(self, accounts: list[Account], directory: Path, without: frozenset[str] = frozenset()) -> None:
        """On the hosts `without` nothing listens for web requests, so that another server can."""
        self._directory = directory
        self._without = without
        self._addresses = pick(HOSTS)
        self._authorities = Authorities()
        self._ca_file = directory / "root.pem"
        self._ca_file.write_bytes(self._authorities.trusted_pem)
        self.sign_ins = SignIns(accounts, directory)
        self._model = Model()
        self._dns_ports: dict[View, int] = {}
        self._ports: dict[int, int] = {}
        self._forward_proxy = ""
        self._seat = ""
        self._servers: dict[Part, list[Server]] = {}
        self._requests: dict[str, Requests] = {}
        self._endpoints: dict[str, Endpoint] = {}
        self._xmpp_hosts: dict[str, XmppHost] = {}

    async def open(self, names: list[str], delay_ms: int = 0) -> None:
        """Serves a healthy deployment, changed by these scenarios. OSError with a sentence where it cannot."""
        chosen = [scenarios.get(name) for name in names]
        self._seat = next((each.seat for each in chosen if each.seat), "")
        await self.serve([each.change for each in chosen], delay_ms)

    async def serve(self, changes: Sequence[scenarios.Change], delay_ms: int = 0) -> None:
        """Serves a healthy deployment after these changes of its model."""
        self._model = model = Model(addresses=self._addresses)
        model.shell.delay_ms = model.edge_shell.delay_ms = delay_ms
        model.transactions.sign_in = self._sign_in
        for change in changes:
            change(model)

        await self._open_name_servers(model)
        if not self._ports:
            self._ports = free_ports(STANDARD, [self._addresses[host] for host in HOSTS])
        await self._open_web_servers(model)
        await self._open_edge_winrm(model)
        await self._open_forward_proxy(model)
        await self._open_ports(model)

    def _sign_in(self, user: str, password: str) -> str:
        return self.sign_ins.by_password(user, password, Gate(DOMAIN.partition(".")[0]))

    async def _open_name_servers(self, model: Model) -> None:
        for view in VIEWS:
            server = NameServer(model, view)
            self._enter("names", server)
            self._dns_ports[view] = await server.open(self._addresses["dns"], self._dns_ports.get(view, 0))

    async def _open_web_servers(self, model: Model) -> None:
        behind = Behind()
        for each in model.web_servers:
            stopped = "W3SVC" in model.computer(each.fqdn).standing_still
            # The model keeps the site as it is once the service runs again.
            server = replace(each, https="closed", http="closed") if stopped else each
            site = self._site(model, server, "front-end")
            behind.place(server, site)
            await self._open_listener("web", server, site, site.requests)
        for load_balancer in model.load_balancers:
            balancer = Balancer(model, load_balancer, behind)
            behind.place(load_balancer, balancer)
            await self._open_listener("web", load_balancer, balancer, balancer.requests)
        for reverse_proxy in model.reverse_proxies:
            proxy = Proxy(model, reverse_proxy, behind)
            if not publishes_http(reverse_proxy):
                reverse_proxy.http = "closed"
            await self._open_listener("web", reverse_proxy, proxy, proxy.requests)

    async def _open_edge_winrm(self, model: Model) -> None:
        site = self._site(model, model.edge_winrm, "edge")
        await self._open_listener("edge-winrm", model.edge_winrm, site, site.requests)

    def _site(self, model: Model, server: WebServer, on: Literal["front-end", "edge"]) -> Site:
        endpoint = Endpoint(model, server.fqdn, on)
        self._enter("edge-winrm" if on == "edge" else "web", endpoint)
        if server.side == "internal":
            self._endpoints[server.host] = endpoint
        authority = EDGE_COMPUTER if on == "edge" else DOMAIN.partition(".")[0]
        return Site(model, server, self.sign_ins, endpoint, authority)

    async def _open_listener(self, part: Part, listener: Listener, answering: Answering, requests: Requests) -> None:
        self._requests[listener.key] = requests
        if listener.host in self._without:
            return
        host = Host(listener, answering, self._authorities, self._directory)
        self._enter(part, host)
        https, http = PORTS[listener.side]
        await host.open(self._addresses[listener.host], self._ports[https], self._ports[http])

    async def _open_ports(self, model: Model) -> None:
        await self._open_plain_ports(model)
        await self._open_xmpp_servers(model)
        edge = Edge(model, self._directory)
        self._enter("ports", edge)
        await edge.open()

    def _enter(self, part: Part, server: Server) -> None:
        """Notes what is to be closed; before it is opened, so that what fails half-way is closed too."""
        self._servers.setdefault(part, []).append(server)

    async def _open_plain_ports(self, model: Model) -> None:
        plain = PlainPorts()
        self._enter("ports", plain)
        speaking = {(server.host, XMPP_PORT) for server in model.xmpp.servers}
        for host in HOSTS:
            for port, state in ports_of(model, host).items():
                if (host, port) not in speaking:
                    await plain.open(self._addresses[host], self._ports[port], state)

    async def _open_xmpp_servers(self, model: Model) -> None:
        for server in model.xmpp.servers:
            host = self._xmpp_hosts[server.host] = XmppHost(server, self._authorities, self._directory)
            self._enter("ports", host)
            state = ports_of(model, server.host).get(XMPP_PORT, "closed")
            await host.open(self._addresses[server.host], self._ports[XMPP_PORT], state)

    async def _open_forward_proxy(self, model: Model) -> None:
        proxy = ForwardProxy(model, self._ports)
        self._enter("forward-proxy", proxy)
        await proxy.open(self._addresses["forward-proxy"])
        self._forward_proxy = proxy.address

    def certificate(self, host: str) -> dict[str, str]:
        """A certificate as the model wants it for a server, as PEM: the `chain` as it is sent, and the `key`."""
        listeners: list[Listener | XmppServer] = [
            *self._model.web_servers,
            *self._model.load_balancers,
            *self._model.reverse_proxies,
            *self._model.xmpp.servers,
        ]
        listener = next(each for each in listeners if each.host == host)
        issued = self._authorities.issue(listener.certificate)
        return {"chain": b"".join(issued.sent).decode(), "key": issued.key_pem.decode()}

    async def change(self, names: list[str], delay_ms: int = 0) -> None:
        """Becomes another deployment in the same place."""
        for name in names:
            scenarios.get(name)
        await self._close_servers()
        await self.open(names, delay_ms)

    async def mend(self, cmdlet: str, parameters: Mapping[str, Any]) -> str:
        """Carries a command out in the deployment as it stands; a sentence of what came of it. Raises mending.CannotMend.

        Servers that read the model go on; what is to listen otherwise is opened anew. The next `change` forgets it.
        """
        model = self._model
        web, ports = web_listening(model), ports_listening(model)
        said = mending.mend(model, cmdlet, parameters)
        if web_listening(model) != web:
            await self._close_part("web")
            await self._open_web_servers(model)
        if ports_listening(model) != ports:
            await self._close_part("ports")
            model.edge_sockets.clear()
            await self._open_ports(model)
        return said

    def requests(self) -> dict[str, dict[str, int]]:
        """How often each path of each web site was asked since it became what it is."""
        return {key: dict(requests) for key, requests in self._requests.items()}

    def pipelines(self) -> dict[str, dict[str, Any]]:
        """What the PowerShell endpoint of each host has run since it became what it is."""
        return {host: endpoint.report() for host, endpoint in self._endpoints.items()}

    def streams(self) -> dict[str, dict[str, int]]:
        """How many connections each XMPP server had a stream on since it became what it is, by the stream's `from`."""
        return {host: dict(server.streams) for host, server in self._xmpp_hosts.items()}

    def connection(self) -> dict[str, Any]:
        """Where everything is."""
        dns = self._addresses["dns"]
        return {
            "dns_inside": f"{dns}:{self._dns_ports['inside']}",
            "dns_outside": f"{dns}:{self._dns_ports['outside']}",
            "ports": {str(standard): port for standard, port in self._ports.items()},
            "ca_file": str(self._ca_file),
            "domain": DOMAIN,
            "users": [user.sip for user in default_users()],
            "accounts": self._model.transactions.typed,
            "pool": POOL,
            "web": WEB,
            "web_internal": WEB_INTERNAL,
            "edge": EDGE,
            "partner": self._model.xmpp.sought,
            "receiver": f"adelany@{self._model.xmpp.sought}",
            "system_proxy": self._forward_proxy or "none",
            "seat": self._seat,
            "shell_url": f"https://{self._model.shell_pool}/OcsPowershell",
            "edge_shell_url": f"http://{EDGE}:{self._ports[80]}/wsman",
            "addresses": self._addresses,
        }

    async def close(self) -> None:
        await self._close_servers()
        self.sign_ins.close()

    async def _close_servers(self) -> None:
        for part in tuple(self._servers):
            await self._close_part(part)
        self._requests.clear()
        self._endpoints.clear()
        self._xmpp_hosts.clear()

    async def _close_part(self, part: Part) -> None:
        for server in self._servers.pop(part, ()):
            await server.close()
