"""A phone's own sign-in, without any Lync shell. Asked only by steps that say that they act."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from checks.model import Reason
from checks.probes import Account, PhoneSession, PhoneSignIn, Unanswered, Unreached, trust
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.phone_exchange import Caller
from checks.probes.phone_sign_in import SignIn
from checks.probes.phone_trust import Trust
from checks.probes.wire import DEADLINES, Deadlines
from checks.secret import Secret

CONCEALED = "***"
_SHORTEST_SECRET = 3
"""Characters. A shorter one would be found in every word."""
_OUR_WORDS = frozenset({"kind", "type"})
_TELLING = 64
"""Characters from which on a secret is known by how it begins, for an answer may be cut off in it."""
_BEGINNING = 24


class PhoneProbe:
    """Answers `PhoneSignIn`. An account whose password was refused stays closed until it is typed anew."""

    def __init__(
        self,
        network: Network,
        secrets: Mapping[str, Secret] | None = None,
        *,
        accounts: Accounts | None = None,
        hosts: Iterable[str] = (),
        ca_file: str = "",
        proxy: str = "",
        deadlines: Deadlines = DEADLINES,
        seconds: float = 20.0,
    ) -> None:
        """`secrets` has the passwords of the `sender` and the `receiver`, unless `accounts` knows them.

        `hosts`: the deployment's own, whatever their domain. `seconds`: what a whole sign-in may take.
        """
        self._network = network
        self._accounts = accounts or Accounts(secrets)
        self._hosts = tuple(hosts)
        self._ca_file = ca_file
        self._proxy = "" if proxy == "none" else proxy
        self._deadlines = deadlines
        self._seconds = seconds

    async def ask(self, question: PhoneSignIn) -> PhoneSession | Unreached | Unanswered:
        """How far the sign-in came; Unreached where the first host was not reached.

        Unanswered before any packet where no password is known, or where it was refused before.
        """
        password = self._accounts.password(question.login)
        if isinstance(password, Unanswered):
            return password
        if self._proxy.startswith("https:"):
            return Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail="A proxy is asked over http:// alone.")
        context = trust.verifying(self._ca_file)
        if isinstance(context, Unanswered):
            return context
        caller = Caller(self._network, question.view, context, self._proxy, self._deadlines, self._seconds)
        known = Trust(question.web, question.sip, self._hosts)
        sign_in = SignIn(question, self._accounts, caller, known)
        answer = await sign_in.run()
        return answer if isinstance(answer, Unanswered | Unreached) else _without(answer, sign_in.secrets)

    def reset(self, account: Account, password: Secret) -> None:
        """Takes a password that was typed anew; the next question tries it."""
        self._accounts.reset(account, password)


def _without(session: PhoneSession, secrets: Iterable[Secret]) -> PhoneSession:
    """The session in which nothing of these is left, even where a server repeats what it was sent."""
    hidden = [secret.reveal() for secret in secrets if len(secret.reveal()) >= _SHORTEST_SECRET]
    return msgspec.convert(_concealed(msgspec.to_builtins(session), "", hidden), PhoneSession)


def _concealed(value: Any, key: str, hidden: list[str]) -> Any:
    match value:
        case str() if key not in _OUR_WORDS:
            return _text_without(value, hidden)
        case dict():
            return {name: _concealed(item, name, hidden) for name, item in value.items()}
        case list() | tuple():
            return [_concealed(item, key, hidden) for item in value]
    return value


def _text_without(text: str, hidden: list[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, CONCEALED)
        if len(secret) > _TELLING and secret[:_BEGINNING] in text:
            text = text.partition(secret[:_BEGINNING])[0] + CONCEALED
    return text
