"""The passwords of the two test users. No account is refused twice in a walk, whoever signs it in."""

import asyncio
from collections.abc import Mapping

from checks.model import Reason
from checks.probes import Account, Login, Unanswered
from checks.secret import Secret


class Accounts:
    """What every probe that signs in as a test user shares: the passwords, and which of them a server has refused.

    Who signs in holds `turn` from asking for the password until it is known whether it was refused.
    """

    def __init__(self, secrets: Mapping[str, Secret] | None = None) -> None:
        """`secrets` may have the passwords of the `sender` and the `receiver`; it is read when one is needed."""
        self.turn = asyncio.Lock()
        self._secrets = secrets if secrets is not None else {}
        self._typed_anew: dict[Account, Secret] = {}
        self._refused: set[Account] = set()

    def password(self, login: Login) -> Secret | Unanswered:
        """The password to sign in with, or why nothing may be sent: none is known, or it was refused before."""
        if login.account in self._refused:
            return Unanswered(
                reason=Reason.DENIED,
                detail=f"The sign-in of {login.user} was refused before in this walk. It is not tried again with this "
                "password, so that the account is not locked out: check the user name, and type the password anew.",
                password_wanted=True,
                account=login.account,
            )
        password = self._typed_anew.get(login.account) or self._secrets.get(login.account)
        if not password:
            return Unanswered(
                reason=Reason.MISSING_INPUT,
                detail=f"The password of {login.user} was not given.",
                password_wanted=True,
                account=login.account,
            )
        return password

    def refuse(self, account: Account) -> None:
        """A server has refused this account, so it is closed for every probe until its password is typed anew."""
        self._refused.add(account)

    def reset(self, account: Account, password: Secret) -> None:
        """Takes a password that was typed anew; the next sign-in tries it."""
        self._typed_anew[account] = password
        self._refused.discard(account)
