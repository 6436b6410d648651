"""Which of Lync's predefined roles offer a cmdlet, as far as it is documented, and how to see it on a deployment.

A role decides in a remote session only. Microsoft's pages describe the tasks of each role and print no list of its
cmdlets, so what follows from a description alone is worded as a possibility.
"""

import re
from collections.abc import Mapping
from typing import Any

from checks.knowledge.lync_objects import text, value
from checks.knowledge.powershell import command_line

ALL_TASKS = "CsAdministrator"
"""May do everything, by its description."""
VIEWING = "CsViewOnlyAdministrator"
"""Sees users and servers, by its description."""

LOCAL_GROUP = "RTCUniversalServerAdmins"
"""The group whose members may run every cmdlet of this walk in a shell on the server, where roles decide nothing."""

_SEES_USERS = ("CsHelpDesk", "CsUserAdministrator")
SEES_SERVERS = ("CsServerAdministrator",)
_OF_USERS = frozenset({"get-csuser", "get-cseffectivepolicy", "get-csmobilitypolicy"})
_CMDLET = re.compile(r"\b[A-Z][A-Za-z]{1,20}-Cs[A-Za-z0-9]{1,50}\b")


def cmdlet_in(message: str) -> str:
    """The Lync cmdlet that an error names, in whatever language; empty where it names none."""
    found = _CMDLET.search(message[:2000])
    return found.group() if found else ""


def roles_offering(cmdlet: str) -> tuple[str, ...]:
    """The predefined roles that offer a cmdlet by their descriptions: first the one that surely does."""
    name = cmdlet.lower()
    if name in _OF_USERS:
        return (ALL_TASKS, VIEWING, *_SEES_USERS)
    if name.startswith("get-"):
        return (ALL_TASKS, VIEWING, *SEES_SERVERS)
    return (ALL_TASKS, *SEES_SERVERS) if name.startswith("test-") else (ALL_TASKS,)


def held_by(role: Mapping[str, Any]) -> frozenset[str] | None:
    """The cmdlets in lower case that a role of Get-CsAdminRole holds; None where they were not shown."""
    found = value(role, "Cmdlets")
    items = found if isinstance(found, list | tuple) else [found] if found else []
    named = (cmdlet_in(text({"Name": item}, "Name")) for item in items)
    return frozenset(name.lower() for name in named if name) or None


def seeing_roles(cmdlet: str) -> str:
    """The command that lists the roles of a deployment, its own ones included, that offer a cmdlet."""
    # The word's end keeps Get-CsUserAcp from passing for Get-CsUser.
    pattern = cmdlet.replace("'", "''") + r"\b"
    return f"Get-CsAdminRole | Where-Object {{$_.Cmdlets -match '{pattern}'}}"


def not_offered(cmdlet: str) -> str:
    """What it means that a session does not know a cmdlet, and what would change it: two sentences."""
    if not cmdlet:
        return "the session does not offer the cmdlet. In a remote session the roles of the account decide that."
    surely, *perhaps = roles_offering(cmdlet)
    others = f", and {' and '.join(perhaps)} may" if perhaps else ""
    return (
        f"the session does not offer {cmdlet}: in a remote session the roles of the account decide that, unless this "
        f"version of the server has no such cmdlet. {surely} offers it{others}; in the Lync Server Management Shell "
        f"on a server, {seeing_roles(cmdlet)} lists all roles that do."
    )


def joining(role: str, account: str) -> str:
    """The command that gives an account a role: each role is a group of Active Directory with the role's name."""
    return command_line("Add-ADGroupMember", {"Identity": role, "Members": account})
