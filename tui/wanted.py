"""What a step still wants from a person: outputs to paste, or a password that was refused."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from checks.journal import PASTED, Asked
from checks.knowledge import synthetic_output
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.commands import command_for
from checks.model import Finding, Status
from checks.probes import (
    Account,
    Answer,
    Cmdlet,
    Login,
    Objects,
    PhoneSession,
    PhoneSignIn,
    Question,
    Server,
    Sockets,
    Unanswered,
)
from checks.threads import in_thread
from checks.walk import Walk


def unanswered(walk: Walk, step_id: str) -> tuple[Question, ...]:
    """The questions of a concluded step that nobody answered, in the order they were asked."""
    return tuple(one.question for one in walk.journal.evidence(step_id) if isinstance(one.answer, Unanswered))


def wanted_first(walk: Walk, step_id: str) -> Question | None:
    """The question whose output helps most: what the finding names, else the first without an answer.

    What it names may have been answered, by a name server that failed. None where every question has an answer that
    was not pasted.
    """
    asked = walk.journal.evidence(step_id)
    questions = unanswered(walk, step_id) or tuple(one.question for one in asked if one.source == PASTED)
    concluded = walk.conclusion(step_id)
    command = concluded.finding.command if concluded else ""
    if not questions:
        return None
    named = (one.question for one in asked if one.question.typed() == command)
    return next(named, questions[0])


def is_wanting(walk: Walk, step_id: str) -> bool:
    """True where a paste could change what the step concluded: it could not judge, and a question has no answer yet,

    or one that a person brought and that may have been incomplete.
    """
    concluded = walk.conclusion(step_id)
    undecided = concluded is not None and concluded.finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}
    brought = any(one.source == PASTED for one in walk.journal.evidence(step_id))
    return undecided and (brought or bool(unanswered(walk, step_id)))


def with_command_to_paste(finding: Finding, questions: tuple[Question, ...]) -> Finding:
    """The finding with its command in the form whose output can be pasted, where it is that of a question."""
    for question in questions:
        if finding.command and finding.command == question.typed():
            return msgspec.structs.replace(finding, command=command_for(question))
    return finding


class Refused(NamedTuple):
    """Whose password is wanted anew: of a server's shell, or of a test user."""

    whose: Server | Account
    name: str
    """The account, as it is typed."""


def refused_at(walk: Walk, step_id: str, accounts: Mapping[Server, str]) -> Refused | None:
    """The account whose password is wanted anew; None where no step's evidence says so."""
    return next(filter(None, (_refused(asked, accounts) for asked in walk.journal.evidence(step_id))), None)


def _refused(asked: Asked, accounts: Mapping[Server, str]) -> Refused | None:
    logins = _logins(asked.question)
    match asked:
        case Asked(
            question=Cmdlet(on=server) | Sockets(on=server), answer=Unanswered(password_wanted=True, account="")
        ):
            return Refused(server, accounts[server]) if server in accounts else None
        case Asked(answer=Unanswered(password_wanted=True, account=account)):
            return _of([login for login in logins if not account or login.account == account])
        case Asked(answer=PhoneSession(refused=True)):
            return _of(logins)
        case Asked(answer=Objects() as answer) if len(logins) == 1 and synthetic_output.refused(answer):
            return _of(logins)
    return None


def _logins(question: Question) -> list[Login]:
    """The test users that a question signs in as."""
    match question:
        case PhoneSignIn(login=login):
            return [login]
        case Cmdlet(parameters=parameters):
            return [value for _, value in parameters if isinstance(value, Login)]
    return []


def _of(logins: Sequence[Login]) -> Refused | None:
    return Refused(logins[0].account, logins[0].user) if logins else None


async def read_paste(question: Question, text: str) -> Answer | NotUnderstood:
    """What a paste says, read beside the screen: it may be large."""
    try:
        return await in_thread(lambda: understand(question, text))
    except Exception as error:  # Nothing that a person pasted may end the wizard.
        return NotUnderstood(
            sentence=f"Reading it crashed ({type(error).__name__}). That is a bug; nothing was taken, and nothing is lost."
        )


def still_wanted(walk: Walk, step_id: str) -> str:
    """How many of a step's outputs are missing, while they matter; empty where they do not."""
    if not is_wanting(walk, step_id):
        return ""
    missing, asked = len(unanswered(walk, step_id)), len(walk.journal.evidence(step_id))
    return f"{missing} of {asked} outputs wanted"
