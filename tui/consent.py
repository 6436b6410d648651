"""What the wizard asks before a step may act: who signs in where, and the passwords that this takes."""

from collections.abc import Callable

from checks.accounts import with_accounts
from checks.probes import Account, Answer, Question, Server
from checks.secret import Secret
from checks.walk import Walk
from tui.session import Session

GENERAL = "This step acts: it signs in as the users, or sends something in their name."


def sentence(walk: Walk, step_id: str) -> str:
    """What the user agrees to, in his own names."""
    consent = walk.runbook.stage(step_id).step.consent
    return consent.says(with_accounts(walk.deployment, _told(walk))) if consent else GENERAL


def user_of(walk: Walk, account: Account) -> str:
    """What a test user types as user name; empty where there is no such user."""
    return with_accounts(walk.deployment, _told(walk)).account_of(account)


def missing_password(session: Session, step_id: str) -> Account | None:
    """The first account of the step whose password nobody has given; None where all are known."""
    consent = session.walk.runbook.stage(step_id).step.consent
    accounts = consent.accounts if consent else ()
    return next((one for one in accounts if one not in session.known and user_of(session.walk, one)), None)


def take_password(session: Session, account: Account, password: Secret) -> None:
    """Keeps a password that was typed before the step runs."""
    session.walk.asking.sign_in_again(account, password)
    note_typed(session, account)


def note_typed(session: Session, whose: Server | Account) -> None:
    """The password of a test user was typed, so nobody asks for it again."""
    if whose == "sender" or whose == "receiver":
        session.known.add(whose)


def must_ask(walk: Walk, step_id: str) -> bool:
    """True where the step waits for the user to agree. Whoever declined is not asked again for the same sign-in."""
    concluded = walk.conclusion(step_id)
    has_run = concluded is not None and concluded.finding.answer != "not-agreed"
    return walk.must_agree(step_id) and not has_run and step_id not in walk.declined


def was_declined(walk: Walk, step_id: str) -> bool:
    """True where the step was passed by because nobody agreed, and can still be agreed to."""
    concluded = walk.conclusion(step_id)
    return concluded is not None and concluded.finding.answer == "not-agreed" and walk.must_agree(step_id)


def _told(walk: Walk) -> Callable[[Question], Answer | None]:
    """The answers that the walk has so far."""
    asked = walk.journal.asked
    return lambda question: asked[question].answer if question in asked else None
