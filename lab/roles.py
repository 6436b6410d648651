"""The roles that decide which cmdlets a remote session offers."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

_USERS = ("get-csuser", "get-cseffectivepolicy", "get-csmobilitypolicy", "get-cspool", "get-cssipdomain", "get-cssite")


@dataclass
class AdminRole:
    """A role and what it holds: names of cmdlets in lower case, `*` standing for any part of one.

    The cmdlets of the predefined roles are not documented one by one; these follow from what each role is for.
    """

    identity: str
    cmdlets: tuple[str, ...]
    standard: bool = True

    def holds(self, cmdlet: str) -> bool:
        return any(fnmatchcase(cmdlet.lower(), pattern) for pattern in self.cmdlets)


def default_roles() -> list[AdminRole]:
    """The predefined roles."""
    return [
        AdminRole("CsAdministrator", ("*",)),
        AdminRole("CsVoiceAdministrator", ("get-csuser", "get-cspool")),
        AdminRole("CsUserAdministrator", _USERS),
        AdminRole("CsServerAdministrator", ("get-*", "test-*")),
        AdminRole("CsViewOnlyAdministrator", ("get-*",)),
        AdminRole("CsHelpDesk", _USERS),
        AdminRole("CsArchivingAdministrator", ("get-csuser",)),
        AdminRole("CsResponseGroupAdministrator", ("get-csuser",)),
        AdminRole("CsLocationAdministrator", ("get-csuser",)),
    ]
