"""What mends a remote shell that cannot be used: sentences with the command in them, none of which is ever run."""

from checks.knowledge import roles
from checks.knowledge.powershell import quote
from checks.probes.shell.target import Account, Target

NAME_ACCOUNT = "Name an account with --shell-user, or --edge-user for the Edge, and give its password."
PASSWORD_ANEW = "check the account's name, and type its password anew."  # noqa: S105 - a sentence
OLD_FRAMEWORK = (
    "Skype for Business Server 2015 needs .NET Framework 4.5.2 or later for it from cumulative update 4 on "
    r"((Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full').Release is 379893 or more), and "
    "Windows Management Framework 5.0 breaks it (KB 3169706)."
)
_PLACE = "<account>"


def access_denied(target: Target, account: Account) -> str:
    """Which group or role lets an account use PowerShell at the endpoint."""
    signed_in = f"{account.name} signed in at {target.host}, but may not use PowerShell there."
    if target.of_lync:
        joining = roles.joining(roles.VIEWING, account.short_name or _PLACE)
        return f"{signed_in} The account needs a Lync role, such as {roles.VIEWING}: {joining}"
    member = quote(account.user or _PLACE)
    return (
        f"{signed_in} It has to be one of that computer's Administrators or Remote Management Users "
        f"(net localgroup 'Remote Management Users' {member} /add). Of the local accounts Windows lets only the "
        "built-in Administrator administer from afar, unless LocalAccountTokenFilterPolicy is 1."
    )


def no_endpoint(target: Target) -> str:
    """Where the endpoint would be, or how it is made."""
    missing = f"There is no PowerShell endpoint at {target.url}."
    if target.of_lync or (target.tls and target.port == 443):
        return f"{missing} On a Front End pool it is https://<pool>/OcsPowershell."
    return f"{missing} Windows makes one when Enable-PSRemoting -Force is run on that computer."


def not_listening(target: Target) -> str:
    """What to do where nothing listens; empty where there is nothing particular to do."""
    if target.of_lync:
        return "The World Wide Web Publishing Service of the pool may be stopped (Start-Service W3SVC)."
    return (
        "Enable-PSRemoting -Force on that computer makes it listen on 5985; it listens on 5986, for https, only "
        "where a certificate was given to it."
    )


def no_session_left(target: Target, account: Account) -> str:
    """What to do where an account has as many sessions as it may."""
    return (
        f"{account.name} has as many PowerShell sessions open at {target.host} as one account may. Close those that "
        "are not needed (Get-PSSession | Remove-PSSession where they were opened), or use another account."
    )


def https_address(target: Target) -> str:
    """The address of the same computer's encrypted endpoint, by Windows' own port."""
    return f"https://{target.host}:5986/wsman"
