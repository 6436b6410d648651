"""Get-CsAdminRole and Get-CsAdminRoleAssignment: which roles there are, what each holds, and who has which."""

from typing import Any

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet, not_found
from lab.model import Model
from lab.roles import AdminRole

_DOMAIN_SID = "S-1-5-21-2831376166-2963252556-2165051629"
_ADMINISTRATOR = "admin"


def get_admin_role(model: Model, arguments: Arguments) -> list[Any]:
    """All roles, or the one that -Identity names."""
    wanted = str(arguments.get("identity") or "").lower()
    roles = [
        _role(number, role) for number, role in enumerate(model.admin_roles) if wanted in {"", role.identity.lower()}
    ]
    if wanted and not roles:
        message = f'Cannot find the role "{arguments["identity"]}".'
        raise not_found("Get-CsAdminRole", message, wanted, "ItemNotFound,Microsoft.Rtc.Management.GetAdminRoleCmdlet")
    return roles


def get_admin_role_assignment(model: Model, arguments: Arguments) -> list[Any]:
    """The names of an account's roles. It goes by the account's short name alone."""
    return list(model.shell.roles) if str(arguments.get("identity") or "").lower() == _ADMINISTRATOR else []


def _role(number: int, role: AdminRole) -> Any:
    # What a role holds is found in the register that this module itself is entered in.
    from lab.cmdlets import names

    properties = {
        "Identity": role.identity,
        "SID": f"{_DOMAIN_SID}-{1200 + number}",
        "IsStandardRole": role.standard,
        "Cmdlets": [f"Name={name}" for name in names() if role.holds(name)],
        "ConfigScopes": ["Global"],
        "UserScopes": ["Global"],
        "TemplateName": None,
    }
    return clixml.lync_object("WritableConfig.Settings.Roles.Role", properties, role.identity)


CMDLETS = (
    Cmdlet("Get-CsAdminRole", ("Identity", "Sid", "Filter"), get_admin_role),
    Cmdlet("Get-CsAdminRoleAssignment", ("Identity",), get_admin_role_assignment),
)
