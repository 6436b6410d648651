"""The model served: name servers, web servers, the PowerShell endpoints and the Edge, opened and closed together."""

from pathlib import Path
from typing import Any

from lab import scenarios
from lab.addresses import free_port, pick
from lab.answers import Site
from lab.certificates import Authorities
from lab.dns import NameServer
from lab.edge import Edge
from lab.model import (
    DOMAIN,
    EDGE,
    EDGE_COMPUTER,
    HOSTS,
    POOL,
    VIEWS,
    WEB,
    WEB_INTERNAL,
    Account,
    Model,
    View,
    WebServer,
    default_users,
)
from lab.powershell import Endpoint
from lab.signin import SignIns
from lab.web import Host


class Deployment:
    """A lab in one process. Addresses, ports, accounts and authorities stay as they are when the scenario changes."""

    def __init__(self, accounts: list[Account], directory: Path) -> None:
        self._directory = directory
        self._addresses = pick(HOSTS)
        self._authorities = Authorities()
        self._ca_file = directory / "root.pem"
        self._ca_file.write_bytes(self._authorities.trusted_pem)
        self.sign_ins = SignIns(accounts, directory)
        self._model = Model()
        self._ports: dict[View, int] = {}
        self._https_port = self._http_port = 0
        self._servers: list[NameServer | Host | Edge | Endpoint] = []
        self._sites: dict[str, Site] = {}
        self._endpoints: dict[str, Endpoint] = {}

    async def open(self, names: list[str], delay_ms: int = 0) -> None:
        """Serves a healthy deployment, changed by these scenarios. OSError with a sentence where it cannot."""
        changes = [scenarios.get(name).change for name in names]
        self._model = model = Model(addresses=self._addresses)
        model.shell.delay_ms = model.edge_shell.delay_ms = delay_ms
        for change in changes:
            change(model)
        await self._open_name_servers(model)
        await self._open_web_servers(model)
        edge = Edge(model, self._directory)
        self._servers.append(edge)
        await edge.open()

    async def _open_name_servers(self, model: Model) -> None:
        for view in VIEWS:
            server = NameServer(model, view)
            self._servers.append(server)
            self._ports[view] = await server.open(self._addresses["dns"], self._ports.get(view, 0))

    async def _open_web_servers(self, model: Model) -> None:
        servers = (*model.web_servers, model.edge_winrm)
        addresses = [self._addresses[server.host] for server in servers]
        self._https_port = self._https_port or free_port(addresses)
        while self._http_port in (0, self._https_port):
            self._http_port = free_port(addresses)
        for server in servers:
            await self._open_web_server(model, server)

    async def _open_web_server(self, model: Model, server: WebServer) -> None:
        of_edge = server is model.edge_winrm
        endpoint = Endpoint(model, server.fqdn, "edge" if of_edge else "front-end")
        site = Site(server, self.sign_ins, endpoint, EDGE_COMPUTER if of_edge else DOMAIN.partition(".")[0])
        host = Host(server, site, self._authorities, self._directory)
        self._servers += [host, endpoint]
        self._sites[server.host] = site
        self._endpoints[server.host] = endpoint
        await host.open(self._addresses[server.host], self._https_port, self._http_port)

    async def change(self, names: list[str], delay_ms: int = 0) -> None:
        """Becomes another deployment in the same place."""
        for name in names:
            scenarios.get(name)
        await self._close_servers()
        await self.open(names, delay_ms)

    def requests(self) -> dict[str, dict[str, int]]:
        """How often each path of each web server was asked since it became what it is."""
        return {host: dict(site.requests) for host, site in self._sites.items()}

    def pipelines(self) -> dict[str, dict[str, Any]]:
        """What the PowerShell endpoint of each host has run since it became what it is."""
        return {host: endpoint.report() for host, endpoint in self._endpoints.items()}

    def connection(self) -> dict[str, Any]:
        """Where everything is."""
        dns = self._addresses["dns"]
        return {
            "dns_inside": f"{dns}:{self._ports['inside']}",
            "dns_outside": f"{dns}:{self._ports['outside']}",
            "https_port": self._https_port,
            "http_port": self._http_port,
            "ca_file": str(self._ca_file),
            "domain": DOMAIN,
            "users": [user.sip for user in default_users()],
            "pool": POOL,
            "web": WEB,
            "web_internal": WEB_INTERNAL,
            "edge": EDGE,
            "shell_url": f"https://{self._model.shell_pool}/OcsPowershell",
            "edge_shell_url": f"http://{EDGE}:{self._http_port}/wsman",
            "addresses": self._addresses,
        }

    async def close(self) -> None:
        await self._close_servers()
        self.sign_ins.close()

    async def _close_servers(self) -> None:
        for server in self._servers:
            await server.close()
        self._servers.clear()
