"""The cmdlets that the runbooks prescribe, as changes of the model: what the real one would change in a deployment.

No function knows a scenario: a cmdlet does the same to any model. What an administrator would fill in, `<account>`
among the values, is filled in here. A command that names no computer is run wherever it has something to do, for the
lab does not see at which server it is typed.
"""

from collections.abc import Mapping
from typing import Any

from lab.cmdlets.binding import Cmdlet, CmdletError, bind
from lab.mending import applications, certificates, federation, looking, names, rights, services, settings, users
from lab.model import Model

__all__ = ["CannotMend", "cmdlets", "mend"]


class CannotMend(Exception):
    """The command did not do its work. The text is what PowerShell says."""


_ALL: Mapping[str, Cmdlet] = {
    cmdlet.name.lower(): cmdlet
    for module in (applications, certificates, federation, looking, names, rights, services, settings, users)
    for cmdlet in module.CMDLETS
}


def cmdlets() -> tuple[str, ...]:
    """The names of all that can be carried out, as they are written."""
    return tuple(cmdlet.name for cmdlet in _ALL.values())


def mend(model: Model, name: str, parameters: Mapping[str, Any]) -> str:
    """Carries a command out, and tells in a sentence what came of it. Raises CannotMend, and has changed nothing then."""
    cmdlet = _ALL.get(name.lower())
    if cmdlet is None:
        raise CannotMend(
            f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program."
        )
    try:
        return " ".join(cmdlet.run(model, bind(cmdlet, list(parameters.items()))))
    except CmdletError as error:
        raise CannotMend(error.message) from None
