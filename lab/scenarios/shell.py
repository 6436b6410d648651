"""Faults of the remote PowerShell endpoint. They keep a wizard from seeing, so no runbook names one as the cause."""

from lab.model import DOMAIN, POWERSHELL, WINRM, Directory, MobilityPolicy, Model, Trouble, User
from lab.scenarios import Enter, scenario
from lab.wsman import SHELL_NOT_FOUND

_CALL_FAILED = 1726
"""Windows' number for a remote procedure call that failed."""


def _unlisted(name: str, title: str) -> Enter:
    return scenario(name, "", title, "", None)


@_unlisted("shell-hangs", "Get-CsUser never comes back")
def shell_hangs(model: Model) -> None:
    model.shell.hangs.add("get-csuser")


@_unlisted("shell-not-in-role", "The caller's role holds Get-CsUser alone")
def shell_not_in_role(model: Model) -> None:
    model.shell.withheld |= {
        "get-csaccessedgeconfiguration",
        "get-csalloweddomain",
        "get-cseffectivepolicy",
        "get-cshostingprovider",
        "get-csimfilterconfiguration",
        "get-csmcxconfiguration",
        "get-csmobilitypolicy",
        "get-cspool",
        "get-cspushnotificationconfiguration",
        "get-csserverversion",
        "get-csservice",
        "get-cssipdomain",
        "get-cssite",
        "get-cswebserviceconfiguration",
        "get-cswindowsservice",
        "test-csmcxconference",
        "test-csmcxp2pim",
        "test-csmcxpushnotification",
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


@_unlisted("shell-drops", "The connection breaks off while Get-CsUser runs, once")
def shell_drops(model: Model) -> None:
    model.shell.trouble["get-csuser"] = Trouble(drops=1)


@_unlisted("shell-keeps-dropping", "The connection breaks off whenever Get-CsUser runs")
def shell_keeps_dropping(model: Model) -> None:
    model.shell.trouble["get-csuser"] = Trouble(drops=1000)


@_unlisted("shell-drops-test", "The connection breaks off while a synthetic transaction runs")
def shell_drops_test(model: Model) -> None:
    model.shell.trouble["test-csmcxp2pim"] = Trouble(drops=1)


@_unlisted("shell-faults", "Get-CsUser ends in a fault of WS-Management")
def shell_faults(model: Model) -> None:
    model.shell.trouble["get-csuser"] = Trouble(fault=_CALL_FAILED)


@_unlisted("shell-ends", "The pool forgets the session while Get-CsUser runs")
def shell_ends(model: Model) -> None:
    model.shell.trouble["get-csuser"] = Trouble(fault=SHELL_NOT_FOUND)


@_unlisted("shell-large", "Get-CsUser brings 5 MB")
def shell_large(model: Model) -> None:
    model.shell.trouble["get-csuser"] = Trouble(padding=5_000_000)


@_unlisted("shell-warns", "Get-CsUser brings its object with two warnings and an error beside it")
def shell_warns(model: Model) -> None:
    warnings = ("The topology has changed.", "The global catalog \x1b[31manswers slowly.")
    model.shell.trouble["get-csuser"] = Trouble(warnings=warnings, error="A domain controller could not be asked.")


@_unlisted("shell-refuses", "Every sign-in is refused, at the pool and at the Edge")
def shell_refuses(model: Model) -> None:
    _endpoint(model).refuses = model.edge_winrm.directories[WINRM].refuses = True


@_unlisted("shell-basic", "The endpoint takes Basic alone")
def shell_basic(model: Model) -> None:
    _endpoint(model).challenges = ['Basic realm="atl-cs-001"']


@_unlisted("shell-ntlm", "The endpoint takes NTLM alone")
def shell_ntlm(model: Model) -> None:
    _endpoint(model).challenges = ["NTLM"]


@_unlisted("shell-kerberos", "The endpoint takes Kerberos alone")
def shell_kerberos(model: Model) -> None:
    _endpoint(model).challenges = ["Kerberos"]


@_unlisted("shell-quota", "The account has as many sessions as it may")
def shell_quota(model: Model) -> None:
    model.shell.most_sessions = 0


@_unlisted("shell-one-session", "An account may have one session")
def shell_one_session(model: Model) -> None:
    model.shell.most_sessions = 1


@_unlisted("edge-shell-closed", "Windows Remote Management of the Edge is off")
def edge_shell_closed(model: Model) -> None:
    model.edge_winrm.http = model.edge_winrm.https = "closed"


@_unlisted("edge-shell-denied", "The account may not administer the Edge from afar")
def edge_shell_denied(model: Model) -> None:
    model.edge_shell.access = False


@_unlisted("edge-shell-basic", "The Edge takes Basic alone")
def edge_shell_basic(model: Model) -> None:
    model.edge_winrm.directories[WINRM].challenges = ['Basic realm="WSMAN"']


@_unlisted("edge-shell-drops", "The connection to the Edge breaks off once while Get-NetTCPConnection runs")
def edge_shell_drops(model: Model) -> None:
    model.edge_shell.trouble["get-nettcpconnection"] = Trouble(drops=1)


@_unlisted("edge-shell-bare", "The Edge has no Lync module")
def edge_shell_bare(model: Model) -> None:
    model.edge_shell.withheld |= {
        "get-cspool",
        "get-csserverversion",
        "get-csservice",
        "get-cssipdomain",
        "get-cssite",
    }


def _endpoint(model: Model) -> Directory:
    return model.web_server("pool").directories[POWERSHELL]


@_unlisted("two-hundred-users", "Two hundred users, one of them under a policy without phones")
def two_hundred_users(model: Model) -> None:
    names = [f"user{number}" for number in range(2, 200)]
    model.users += [User(sam, "User", sam[4:], f"sip:{sam}@{DOMAIN}", f"{sam}@{DOMAIN}") for sam in names]
    model.mobility_policies.append(MobilityPolicy("Tag:NoPhones", enable_mobility=False))
    model.users[-1].mobility_policy = "NoPhones"
