"""Cmdlets that sign in as a test user: nothing is sent without a password, and a refusal closes the account."""

from collections.abc import Awaitable, Callable

import msgspec

from checks.knowledge import synthetic_output
from checks.probes import Cmdlet, Login, Objects, Unanswered
from checks.probes.accounts import Accounts

Ask = Callable[[Cmdlet], Awaitable[Objects | Unanswered]]


def logins_of(question: Cmdlet) -> tuple[Login, ...]:
    """The test users that a cmdlet signs in; none for what only reads."""
    return tuple(value for _, value in question.parameters if isinstance(value, Login))


async def ask_as_test_users(question: Cmdlet, accounts: Accounts, ask: Ask) -> Objects | Unanswered:
    """What `ask` brings, one such cmdlet after another. Unanswered, and nothing sent, where a password may not be used.

    A test of two users does not say which of them was refused, so then both are closed.
    """
    logins = logins_of(question)
    if not logins:
        return await ask(question)
    async with accounts.turn:
        for login in logins:
            password = accounts.password(login)
            if isinstance(password, Unanswered):
                return msgspec.structs.replace(password, command=question.typed())
        answer = await ask(question)
        if isinstance(answer, Objects) and synthetic_output.refused(answer):
            for login in logins:
                accounts.refuse(login.account)
        return answer
