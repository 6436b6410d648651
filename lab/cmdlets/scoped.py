"""Collections whose members are told apart by their Identity: all of them, or those that a call names."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from lab.cmdlets.binding import Arguments, not_found


class _Identified(Protocol):
    identity: str


T = TypeVar("T", bound=_Identified)


def chosen(cmdlet: str, collection: Sequence[T], arguments: Arguments) -> list[T]:
    """The members that -Identity or -Filter name; all without either. CmdletError where none has the Identity."""
    if "filter" in arguments:
        pattern = str(arguments["filter"]).lower()
        return [each for each in collection if fnmatchcase(each.identity.lower(), pattern)]
    if "identity" not in arguments:
        return list(collection)
    wanted = str(arguments["identity"]).lower()
    # A per-user policy may be named without its scope.
    found = [each for each in collection if each.identity.lower() in {wanted, f"tag:{wanted}"}]
    if not found:
        message = f'Cannot find the item "{arguments["identity"]}" in the store.'
        identifier = f"ItemNotFound,Microsoft.Rtc.Management.Internal.Get{cmdlet.removeprefix('Get-Cs')}Cmdlet"
        raise not_found(cmdlet, message, wanted, identifier)
    return found
