"""The probes over real sockets. Each is made when it is first asked for, so that a start costs no import."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from checks.deployment import Deployment, Sources, Vantage
from checks.probes import (
    Account,
    Cmdlet,
    Handshake,
    Lookup,
    NoTls,
    Objects,
    Open,
    PhoneSession,
    PhoneSignIn,
    Port,
    Presented,
    Probe,
    Records,
    Request,
    Response,
    Samples,
    Series,
    Server,
    Sockets,
    SocketTable,
    Stream,
    StreamFacts,
    Unreached,
    View,
)
from checks.probes.accounts import Accounts
from checks.probes.journal import Offline
from checks.probes.servers import Hosts, Shells
from checks.secret import Secret

if TYPE_CHECKING:
    from checks.probes.addresses import Network
    from checks.probes.phone import PhoneProbe
    from checks.probes.shell import Shell


class LiveProbes:
    """Implements `Probes`. `secrets` holds the passwords of the `shell`, the `edge`, the `sender` and the `receiver`, where there are any."""

    def __init__(self, deployment: Deployment, sources: Sources, secrets: Mapping[str, Secret] = {}) -> None:
        self._deployment = deployment
        self._sources = sources
        # One mapping for all, so that a password typed anew is known wherever that account signs in.
        self._secrets = dict(secrets)
        self._accounts = Accounts(self._secrets)
        self._shells = Shells({"front-end": self._open_shell, "edge": self._open_edge_shell})

    @cached_property
    def dns(self) -> Probe[Lookup, Records]:
        return Offline() if self._sources.offline else self._resolver

    @cached_property
    def http(self) -> Probe[Request, Response | Unreached]:
        if self._sources.offline:
            return Offline()
        from checks.probes.http import HttpProbe

        return HttpProbe(
            self._network,
            ca_file=self._sources.ca_file,
            proxy=self._sources.proxy,
            system_proxy=self._sources.system_proxy,
        )

    @cached_property
    def tls(self) -> Probe[Handshake, Presented | NoTls]:
        if self._sources.offline:
            return Offline()
        from checks.probes.tls import TlsProbe

        return TlsProbe(self._network, ca_file=self._sources.ca_file, proxy=self._sources.proxy)

    @cached_property
    def host(self) -> Probe[Sockets, SocketTable]:
        from checks.probes.host import HostProbe

        # Whoever pastes is not at the server, whatever seat he speaks for.
        here = None if self._sources.offline or self._sources.shell == "paste" else HostProbe()
        edge = self._deployment.vantage is Vantage.EDGE
        reached: dict[Server, Shell] = {}
        if self._sources.edge_shell and not edge:
            reached["edge"] = self._shells.of("edge")
        return Hosts(here, self._deployment.vantage, reached)

    @cached_property
    def ports(self) -> Probe[Port, Open | Unreached]:
        if self._sources.offline:
            return Offline()
        from checks.probes.ports import PortProbe

        return PortProbe(self._network)

    @cached_property
    def series(self) -> Probe[Series, Samples | Unreached]:
        if self._sources.offline:
            return Offline()
        from checks.probes.series import SeriesProbe

        return SeriesProbe(self._network, ca_file=self._sources.ca_file)

    @cached_property
    def phone(self) -> Probe[PhoneSignIn, PhoneSession | Unreached]:
        return Offline() if self._sources.offline else self._phone_signing_in

    @cached_property
    def xmpp(self) -> Probe[Stream, StreamFacts]:
        if self._sources.offline:
            return Offline()
        from checks.probes.xmpp import XmppProbe

        return XmppProbe(
            self._resolver,
            self._network,
            ca_file=self._sources.ca_file,
            client_certificate=self._sources.client_certificate,
            proxy=self._sources.proxy,
        )

    @property
    def shell(self) -> Probe[Cmdlet, Objects]:
        return self._shells

    def know(self, deployment: Deployment) -> None:
        """Takes names that were found meanwhile. Not to be called once a step was gathered."""
        self._deployment = deployment

    def forget(self) -> None:
        """Lets the shells be opened anew; the other probes remember nothing."""
        self._shells.forget()

    def reset(self, whose: Server | Account, password: Secret) -> None:
        """Takes the password of a shell or of a test user that was typed anew."""
        if whose == "front-end" or whose == "edge":
            self._shells.reset(whose, password)
            return
        self._secrets[whose] = password
        self._accounts.reset(whose, password)
        if not self._sources.offline:
            self._phone_signing_in.reset(whose, password)

    def refuse(self, account: Account) -> None:
        """Keeps a test user whose password was refused before from being signed in until it is typed anew."""
        self._accounts.refuse(account)

    async def close(self) -> None:
        """Closes what was opened; the other probes hold nothing between two questions."""
        await self._shells.close()

    def _open_shell(self) -> "Shell":
        from checks.probes.shell import open_shell

        password = self._secrets.get("shell")
        return open_shell(self._sources, self._network, password, self._own_view, self._accounts)

    def _open_edge_shell(self) -> "Shell":
        from checks.probes.shell import open_edge_shell

        if self._deployment.vantage is Vantage.EDGE and self._sources.shell == "local":
            return self._shells.of("front-end")
        # Its name is one of the inside, which the Edge itself knows without asking its resolver.
        view: View = "inside" if self._deployment.vantage is Vantage.EDGE else self._own_view
        return open_edge_shell(self._sources, self._network, self._secrets.get("edge"), view)

    @cached_property
    def _resolver(self) -> Probe[Lookup, Records]:
        from checks.probes.dns import DnsProbe
        from checks.probes.lookups import SharedLookups

        return SharedLookups(DnsProbe(self._sources, self._own_view))

    @cached_property
    def _phone_signing_in(self) -> "PhoneProbe":
        from checks.probes.phone import PhoneProbe

        return PhoneProbe(
            self._network,
            accounts=self._accounts,
            hosts=(self._deployment.pool, self._deployment.web_internal),
            ca_file=self._sources.ca_file,
            proxy=self._sources.proxy,
        )

    @cached_property
    def _network(self) -> "Network":
        from checks.probes.addresses import Network

        return Network(self._sources, self._resolver, self._own_view)

    @property
    def _own_view(self) -> View:
        """An Edge resolves through its outside interface."""
        return "outside" if self._deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE} else "inside"
