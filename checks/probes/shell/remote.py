"""Cmdlets at a remote PowerShell endpoint: the pool's own, which knows no script, or an Edge's WinRM.

Both are sent cmdlets and parameters alone.
"""

import asyncio
from functools import partial

import msgspec

from checks.model import Reason
from checks.probes import Cmdlet, Objects, Unanswered, View
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.shell.acting import ask_as_test_users, logins_of
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.lane import Lane
from checks.probes.shell.lanes import CLOSED, Deadlines, Lanes
from checks.probes.shell.target import Account, parse_target
from checks.secret import Secret

__all__ = ["Deadlines", "RemoteShell"]


class RemoteShell:
    """Asks at most three cmdlets at once, each in a lane of its own; lanes are opened when they are needed.

    A session that cannot be opened is not tried again for each question: all are answered from that one failure until
    `forget` or `reset`. A refused sign-in is remembered until `reset` brings another password.
    """

    def __init__(
        self,
        address: str,
        user: str,
        password: Secret | None,
        network: Network,
        view: View,
        ca_file: str = "",
        proxy: str = "",
        deadlines: Deadlines | None = None,
        accounts: Accounts | None = None,
    ) -> None:
        """`address` has passed `parse_shell` or `parse_edge_shell`; its name is looked up in `view`."""
        self._target = parse_target(address, proxy)
        self._deadlines = deadlines or Deadlines()
        self._lanes = Lanes(
            self._target, Account(user, password), ca_file, network, view, self._deadlines, accounts or Accounts()
        )

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        """What the cmdlet brought back. An error record of the cmdlet is an answer."""
        return await ask_as_test_users(question, self._lanes.accounts, self._ask)

    async def _ask(self, question: Cmdlet) -> Objects | Unanswered:
        until = asyncio.get_running_loop().time() + self._seconds_for(question)
        outcome = await self._ask_once(question, until)
        if isinstance(outcome, Failure) and outcome.dropped:
            if not outcome.unheard and not _only_reads(question.name):
                return _not_repeated(question, outcome)
            outcome = await self._ask_once(question, until)
        if isinstance(outcome, Objects):
            return outcome
        return msgspec.structs.replace(outcome.answer, command=question.typed())

    def forget(self) -> None:
        """Lets the next question try again to open a session, unless a sign-in was refused."""
        self._lanes.forget()

    def reset(self, password: Secret | None) -> None:
        """Takes a password that was typed anew; the next question tries it."""
        self._lanes.reset(password)

    async def close(self) -> None:
        """Stops what runs, gives the sessions back and leaves no thread behind."""
        await self._lanes.close()

    def _seconds_for(self, question: Cmdlet) -> float:
        return self._deadlines.acting if logins_of(question) else self._deadlines.call

    async def _ask_once(self, question: Cmdlet, until: float) -> Objects | Failure:
        seconds = f"{self._seconds_for(question):g} seconds"
        try:
            async with asyncio.timeout_at(until):
                lane = await self._lanes.take()
        except TimeoutError:
            return failed(Reason.TIMEOUT, f"{self._target.host} was busy with other commands for {seconds}.")
        if isinstance(lane, Failure):
            return lane
        try:
            async with asyncio.timeout_at(until):
                return await self._ask_in(lane, question)
        except TimeoutError:
            return failed(Reason.TIMEOUT, f"{question.name} took longer than {seconds} and was stopped.")

    async def _ask_in(self, lane: Lane, question: Cmdlet) -> Objects | Failure:
        asked = lane.ask(question)
        asked.add_done_callback(partial(self._lanes.hand_back, lane))
        try:
            outcome = await asyncio.shield(asked)
        except asyncio.CancelledError:
            lane.stop()
            cutting = asyncio.get_running_loop().call_later(self._deadlines.stopping, lane.cut)
            asked.add_done_callback(lambda _: cutting.cancel())
            raise
        if self._lanes.closed and not isinstance(outcome, Objects):
            return CLOSED
        return outcome or failed(Reason.CANCELLED, f"{question.name} was stopped.")


def _only_reads(cmdlet: str) -> bool:
    """True for what may be asked twice. Test-Cs* signs in and sends, so once is what the user agreed to."""
    verb, _, noun = cmdlet.lower().partition("-")
    return verb in {"get", "resolve"} or (verb == "test" and not noun.startswith("cs"))


def _not_repeated(question: Cmdlet, lost: Failure) -> Unanswered:
    detail = f"{lost.answer.detail} {question.name} acts, so it was not run a second time."
    return msgspec.structs.replace(lost.answer, detail=detail, command=question.typed())
