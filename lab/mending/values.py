"""What commands say and take, whatever they are about."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from lab.cmdlets.binding import Arguments, CmdletError


class _Identified(Protocol):
    identity: str


T = TypeVar("T", bound=_Identified)


def is_placeholder(value: Any) -> bool:
    """True for what an administrator fills in: `<account>`."""
    return isinstance(value, str) and value.startswith("<") and value.endswith(">")


def several(value: Any) -> list[str]:
    """The values of a parameter that takes one or several, also as one text with commas."""
    each = value if isinstance(value, list | tuple) else str(value).split(",")
    return [str(one).strip() for one in each if str(one).strip()]


def require(cmdlet: str, arguments: Arguments, *parameters: str) -> None:
    """Raises CmdletError where a mandatory parameter is missing."""
    missing = [name for name in parameters if name.lower() not in arguments]
    if missing:
        raise refused(
            cmdlet,
            f"Cannot process command because of one or more missing mandatory parameters: {' '.join(missing)}.",
        )


def refused(cmdlet: str, message: str) -> CmdletError:
    """The error of a cmdlet that does not do what it was told."""
    return CmdletError(message, "OperationFailed", category="InvalidOperation", activity=cmdlet, terminates=True)


def found(cmdlet: str, collection: Sequence[T], identity: Any) -> T:
    """The member of that Identity, with or without `Tag:`. CmdletError where there is none."""
    wanted = str(identity).lower()
    for one in collection:
        if one.identity.lower() in {wanted, f"tag:{wanted}"}:
            return one
    raise refused(cmdlet, f'Cannot find the item "{identity}" in the store.')


def one_of(cmdlet: str, parameter: str, value: Any, allowed: Iterable[str]) -> str:
    """The value as it is written among those that a parameter takes. CmdletError where it is none of them."""
    names = list(allowed)
    for name in names:
        if str(value).lower() == name.lower():
            return name
    raise refused(
        cmdlet,
        f"Cannot bind parameter '{parameter}'. Cannot convert value \"{value}\" to one of these: {', '.join(names)}.",
    )
