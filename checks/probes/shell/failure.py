"""How a remote shell failed, as a value: nothing of a library's exception leaves the thread that met it."""

from typing import NamedTuple

from checks.model import Reason
from checks.probes import Unanswered


class Failure(NamedTuple):
    """Why there is no answer."""

    answer: Unanswered
    refused: bool = False
    """True where a sign-in was refused: the password must not be sent again."""
    dropped: bool = False
    """True where a session that had worked was lost, so that a new one may help."""
    unheard: bool = False
    """True where it is certain that the command was not begun, so that nothing is done twice by asking again."""


def failed(
    reason: Reason, detail: str, *, refused: bool = False, dropped: bool = False, unheard: bool = False
) -> Failure:
    return Failure(Unanswered(reason=reason, detail=detail, password_wanted=refused), refused, dropped, unheard)
