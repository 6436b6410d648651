"""How parameters meet a cmdlet, and how a cmdlet fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.model import Model

_COMMON = frozenset({"erroraction", "warningaction", "verbose", "debug", "localstore", "domaincontroller"})


class CmdletError(Exception):
    """An error record. One that does not terminate leaves the pipeline completed."""

    def __init__(
        self,
        message: str,
        identifier: str,
        *,
        category: str = "NotSpecified",
        exception: str = "Microsoft.Rtc.Management.ManagementException",
        target: str = "",
        activity: str = "",
        terminates: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.id = identifier
        self.category = category
        self.exception = exception
        self.target = target
        self.activity = activity
        self.terminates = terminates


@dataclass(frozen=True)
class Credential:
    """A user name and a password, as a cmdlet is given them."""

    user: str
    password: str = field(repr=False)


Arguments = Mapping[str, Any]
"""Values by parameter, in lower case."""


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet. The first parameter takes what is given without a name."""

    name: str
    parameters: tuple[str, ...]
    run: Callable[[Model, Arguments], list[Any]]

    @property
    def type_name(self) -> str:
        """The class that error identifiers end in."""
        verb, _, noun = self.name.partition("-Cs")
        return f"Microsoft.Rtc.Management.{verb}{noun}Cmdlet"


def bind(cmdlet: Cmdlet, given: Sequence[tuple[str | None, Any]]) -> Arguments:
    """The arguments of a call; CmdletError for a parameter that the cmdlet does not have."""
    known = {name.lower() for name in cmdlet.parameters}
    bound: dict[str, Any] = {}
    for name, value in given:
        key = (name or (cmdlet.parameters[0] if cmdlet.parameters else "")).lower().lstrip("-").rstrip(":")
        if key in known:
            bound[key] = value
        elif key not in _COMMON:
            raise CmdletError(
                f"A parameter cannot be found that matches parameter name '{name or value}'.",
                f"NamedParameterNotFound,{cmdlet.type_name}",
                category="InvalidArgument",
                exception="System.Management.Automation.ParameterBindingException",
                activity=cmdlet.name,
                terminates=True,
            )
    return bound


def not_found(cmdlet: str, message: str, target: str, identifier: str) -> CmdletError:
    """The error of a cmdlet that was asked for something that does not exist."""
    return CmdletError(message, identifier, category="ObjectNotFound", target=target, activity=cmdlet)
