"""Questions that act, most of all by signing in as a test user: which they are, and where they could be asked."""

from checks.deployment import Sources
from checks.journal import Asked
from checks.probes import Account, Cmdlet, Login, PhoneSignIn, Question, Server, Sockets, Unanswered


def logins(question: Question) -> tuple[Login, ...]:
    """The test users that asking it signs in as; empty for a question that only reads."""
    match question:
        case PhoneSignIn(login=login):
            return (login,)
        case Cmdlet(parameters=parameters):
            return tuple(value for _, value in parameters if isinstance(value, Login))
    return ()


def acts(question: Question) -> bool:
    """True for a question that wants the user's consent before it is asked live.

    It signs in as a user, or is a cmdlet that does more than get something.
    """
    return bool(logins(question)) or (isinstance(question, Cmdlet) and not question.name.lower().startswith("get-"))


def can_act(sources: Sources) -> bool:
    """False where nothing is there that could sign in anywhere."""
    return not sources.offline or _has_shell(sources)


def can_be_asked(question: Question, sources: Sources) -> bool:
    """False for a question that acts and that evidence or a paste alone can answer."""
    return not sources.offline or (isinstance(question, Cmdlet) and _has_shell(sources))


def rests_on(whose: Server | Account, asked: Asked) -> bool:
    """True for a question that a password typed anew may answer otherwise."""
    if any(login.account == whose for login in logins(asked.question)):
        return True
    match asked.question:
        case Cmdlet(on=server) | Sockets(on=server):
            return server == whose and isinstance(asked.answer, Unanswered)
    return False


def _has_shell(sources: Sources) -> bool:
    return sources.shell not in {"none", "paste"}
