"""Add-ADGroupMember: what the account of the shell may do, from its next session on."""

from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import refused, require
from lab.model import Model

_LOCAL_GROUP = "RTCUniversalServerAdmins"


def _add_member(model: Model, arguments: Arguments) -> list[Any]:
    """A role is a group of the same name. The group for servers opens their stores and registries as well."""
    require("Add-ADGroupMember", arguments, "Identity", "Members")
    group = str(arguments["identity"])
    if group == _LOCAL_GROUP:
        model.shell.trouble = {name: one for name, one in model.shell.trouble.items() if not one.refusal}
    elif group in {role.identity for role in model.admin_roles}:
        model.shell.roles.append(group)
    else:
        raise refused("Add-ADGroupMember", f"Cannot find an object with identity: '{group}'.")
    return [f"The account of the shell is a member of {group} now."]


CMDLETS = (Cmdlet("Add-ADGroupMember", ("Identity", "Members"), _add_member),)
