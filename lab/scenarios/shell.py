"""Faults of the remote PowerShell endpoint. They keep a wizard from seeing, so no runbook names one as the cause."""

from lab.model import POWERSHELL, Model
from lab.scenarios import Enter, scenario


def _unlisted(name: str, title: str) -> Enter:
    return scenario(name, "", title, "", None)


@_unlisted("shell-hangs", "Get-CsUser never comes back")
def shell_hangs(model: Model) -> None:
    model.shell.hangs.add("get-csuser")


@_unlisted("shell-not-in-role", "The caller's role holds Get-CsUser alone")
def shell_not_in_role(model: Model) -> None:
    model.shell.withheld |= {
        "get-cseffectivepolicy",
        "get-csmobilitypolicy",
        "get-cspool",
        "get-csserverversion",
        "get-csservice",
        "get-cssipdomain",
        "get-cssite",
        "get-cswebserviceconfiguration",
    }


@_unlisted("shell-access-denied", "Whoever signs in is refused a session")
def shell_access_denied(model: Model) -> None:
    model.shell.access = False


@_unlisted("shell-not-installed", "The pool has no remote PowerShell endpoint")
def shell_not_installed(model: Model) -> None:
    for server in model.web_servers:
        server.directories.pop(POWERSHELL, None)


@_unlisted("pool-unreachable", "A firewall drops every packet to the pool")
def pool_unreachable(model: Model) -> None:
    model.web_server("pool").https = "drop"


@_unlisted("pool-refuses", "Nothing listens on the pool")
def pool_refuses(model: Model) -> None:
    model.web_server("pool").https = "closed"


@_unlisted("pool-untrusted", "The pool's certificate is self-signed")
def pool_untrusted(model: Model) -> None:
    model.web_server("pool").certificate.issuer = "self"
