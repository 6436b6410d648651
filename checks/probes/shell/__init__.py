"""The Lync shell: cmdlets by name and parameters, never as text that a server would run."""

from typing import Protocol

from checks.deployment import Sources, Vantage
from checks.probes import Cmdlet, Objects, Probe
from checks.probes.addresses import Network
from checks.secret import Secret


class Shell(Probe[Cmdlet, Objects], Protocol):
    """A probe of Lync cmdlets, closed when the walk is over."""

    def forget(self) -> None:
        """Lets the next question try again to open a session, unless a sign-in was refused."""

    async def close(self) -> None: ...


def open_shell(sources: Sources, network: Network, password: Secret | None, vantage: Vantage) -> Shell:
    """The shell that the sources name. Nothing is sent before the first question."""
    if sources.shell == "none":
        from checks.probes.shell.none import NoShell

        return NoShell()
    from checks.probes.shell.remote import RemoteShell

    return RemoteShell(sources, network, password, vantage)
