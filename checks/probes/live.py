"""The probes over real sockets. Each is made when it is first asked for, so that a start costs no import."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from checks.deployment import Deployment, Sources, Vantage
from checks.probes import (
    Cmdlet,
    Handshake,
    Lookup,
    NoTls,
    Objects,
    Presented,
    Probe,
    Records,
    Request,
    Response,
    Sockets,
    SocketTable,
    Unreached,
    View,
)
from checks.secret import Secret

if TYPE_CHECKING:
    from checks.probes.addresses import Network
    from checks.probes.shell import Shell


class LiveProbes:
    """Implements `Probes`. `secrets` holds the password of the `shell`, where there is one."""

    def __init__(self, deployment: Deployment, sources: Sources, secrets: Mapping[str, Secret] = {}) -> None:
        self._deployment = deployment
        self._sources = sources
        self._secrets = secrets
        self._shell: Shell | None = None

    @cached_property
    def dns(self) -> Probe[Lookup, Records]:
        from checks.probes.dns import DnsProbe

        return DnsProbe(self._sources, self._own_view)

    @cached_property
    def http(self) -> Probe[Request, Response | Unreached]:
        from checks.probes.http import HttpProbe

        return HttpProbe(self._network, ca_file=self._sources.ca_file, proxy=self._sources.proxy)

    @cached_property
    def tls(self) -> Probe[Handshake, Presented | NoTls]:
        from checks.probes.tls import TlsProbe

        return TlsProbe(self._network, ca_file=self._sources.ca_file, proxy=self._sources.proxy)

    @cached_property
    def host(self) -> Probe[Sockets, SocketTable]:
        from checks.probes.host import HostProbe

        return HostProbe()

    @property
    def shell(self) -> Probe[Cmdlet, Objects]:
        if self._shell is None:
            from checks.probes.shell import open_shell

            password = self._secrets.get("shell")
            self._shell = open_shell(self._sources, self._network, password, self._deployment.vantage)
        return self._shell

    def forget(self) -> None:
        """Lets the shell be opened anew; the other probes remember nothing."""
        if self._shell is not None:
            self._shell.forget()

    async def close(self) -> None:
        """Closes what was opened; the other probes hold nothing between two questions."""
        if self._shell is not None:
            await self._shell.close()
            self._shell = None

    @cached_property
    def _network(self) -> "Network":
        from checks.probes.addresses import Network

        return Network(self._sources, self.dns, self._own_view)

    @property
    def _own_view(self) -> View:
        """An Edge resolves through its outside interface."""
        return "outside" if self._deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE} else "inside"
