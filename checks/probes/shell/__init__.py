"""The shells that run cmdlets: by name and parameters, never as text that a server would run."""

from typing import Protocol

from checks.deployment import Sources
from checks.probes import Cmdlet, Objects, Probe, View
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.secret import Secret


class Shell(Probe[Cmdlet, Objects], Protocol):
    """A probe of cmdlets, closed when the walk is over."""

    def forget(self) -> None:
        """Lets the next question try again to open a session, unless a sign-in was refused."""

    def reset(self, password: Secret) -> None:
        """Takes a password that was typed anew; the next question tries it."""

    async def close(self) -> None: ...


def open_shell(
    sources: Sources, network: Network, password: Secret | None, view: View, accounts: Accounts | None = None
) -> Shell:
    """The Lync shell that the sources name. Nothing is sent before the first question.

    `accounts` has the passwords of the test users, for cmdlets that sign in as them.
    """
    match sources.shell:
        case "none" | "paste":
            from checks.probes.shell.none import NoShell

            return NoShell(_why_none(sources))
        case "local":
            from checks.probes.shell.local import LocalShell

            return LocalShell(accounts=accounts)
    from checks.probes.shell.remote import RemoteShell

    return RemoteShell(
        sources.shell,
        sources.shell_user,
        password,
        network,
        view,
        sources.ca_file,
        sources.proxy,
        accounts=accounts,
    )


def _why_none(sources: Sources) -> str:
    if sources.shell == "paste":
        return "Its output was not pasted yet."
    return "None of the files tells it." if sources.evidence else "This walk has no Lync shell to ask."


def open_edge_shell(sources: Sources, network: Network, password: Secret | None, view: View) -> Shell:
    """The Edge's own shell, over WinRM."""
    if not sources.edge_shell:
        from checks.probes.shell.none import NoShell

        return NoShell("This walk has no shell of the Edge to ask.")
    from checks.probes.shell.remote import RemoteShell

    return RemoteShell(sources.edge_shell, sources.edge_user, password, network, view, sources.ca_file, sources.proxy)
