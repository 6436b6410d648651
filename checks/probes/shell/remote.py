"""Cmdlets at a remote PowerShell endpoint: the pool's own, which knows no script, or an Edge's WinRM.

Both are sent cmdlets and parameters alone.
"""

import asyncio
from functools import partial
from urllib.parse import urlsplit

import msgspec

from checks.model import Frozen, Reason
from checks.probes import Cmdlet, Objects, Records, Unanswered, View
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.shell.acting import ask_as_test_users, logins_of
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.lane import Lane
from checks.probes.shell.line import Line
from checks.probes.shell.target import Account, parse_target
from checks.probes.wire import Endpoint
from checks.secret import Secret

MOST_LANES = 3
_CLOSED = failed(Reason.CANCELLED, "The shell was closed.")


class Deadlines(Frozen, frozen=True):
    """Seconds that the shell waits at most."""

    connect: float = 5.0
    """For one address."""
    connecting: float = 8.0
    """For all addresses of the endpoint together."""
    opening: float = 12.0
    """From the name to an open session."""
    call: float = 20.0
    """From a question to its answer, whatever is in between."""
    acting: float = 60.0
    """The same for a cmdlet that signs in as a test user: a conference takes a quarter of a minute."""
    stopping: float = 3.0
    """For the endpoint to stop a command, or to take a session back, before the connection is cut."""


class RemoteShell:
    """Asks at most three cmdlets at once, each in a lane of its own; lanes are opened one after another, when needed.

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
        self._accounts = accounts or Accounts()
        self._target = parse_target(address, proxy)
        self._account = Account(user, password)
        self._ca_file = ca_file
        self._network = network
        self._view: View = view
        self._deadlines = deadlines or Deadlines()
        self._failure: Failure | None = None
        self._closed = False
        self._most = MOST_LANES
        self._lanes: set[Lane] = set()
        self._free: list[Lane] = []
        self._opening: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        """Held by whoever may sign in: so a refusal is known before the next one could."""
        self._refused: Account | None = None
        self._closing_until = 0.0

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        """What the cmdlet brought back. An error record of the cmdlet is an answer."""
        return await ask_as_test_users(question, self._accounts, self._ask)

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
        self._most = MOST_LANES
        if self._failure is not None and not self._failure.refused and not self._closed:
            self._failure = None

    def reset(self, password: Secret | None) -> None:
        """Takes a password that was typed anew; the next question tries it."""
        self._account = self._account._replace(password=password)
        if not self._closed:
            self._failure = None
        self.forget()

    async def close(self) -> None:
        """Stops what runs, gives the sessions back and leaves no thread behind."""
        self._closed = True
        self._failure = _CLOSED
        self._closing_until = asyncio.get_running_loop().time() + self._deadlines.stopping
        self._note_change()
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        for lane in list(self._lanes):
            self._retire(lane)
        if self._retiring:
            await asyncio.wait(self._retiring)

    def _seconds_for(self, question: Cmdlet) -> float:
        return self._deadlines.acting if logins_of(question) else self._deadlines.call

    async def _ask_once(self, question: Cmdlet, until: float) -> Objects | Failure:
        seconds = f"{self._seconds_for(question):g} seconds"
        try:
            async with asyncio.timeout_at(until):
                lane = await self._take()
        except TimeoutError:
            return failed(Reason.TIMEOUT, f"{self._target.host} was busy with other commands for {seconds}.")
        if isinstance(lane, Failure):
            return lane
        try:
            async with asyncio.timeout_at(until):
                return await self._ask_in(lane, question)
        except TimeoutError:
            return failed(Reason.TIMEOUT, f"{question.name} took longer than {seconds} and was stopped.")

    async def _take(self) -> Lane | Failure:
        """A lane that nobody uses, opened where there is none yet."""
        while self._failure is None:
            if self._free:
                return self._free.pop()
            # A session that is being given back may still run a command, so it counts.
            if self._opening is None and len(self._lanes) + len(self._retiring) < self._most:
                self._opening = asyncio.create_task(self._open())
            await self._changed.wait()
        return self._failure

    async def _ask_in(self, lane: Lane, question: Cmdlet) -> Objects | Failure:
        asked = lane.ask(question)
        asked.add_done_callback(partial(self._done, lane, self._account))
        try:
            outcome = await asyncio.shield(asked)
        except asyncio.CancelledError:
            lane.stop()
            cutting = asyncio.get_running_loop().call_later(self._deadlines.stopping, lane.cut)
            asked.add_done_callback(lambda _: cutting.cancel())
            raise
        if self._closed and not isinstance(outcome, Objects):
            return _CLOSED
        return outcome or failed(Reason.CANCELLED, f"{question.name} was stopped.")

    def _done(self, lane: Lane, account: Account, asked: asyncio.Future[Objects | Failure | None]) -> None:
        outcome = None if asked.cancelled() else asked.result()
        if isinstance(outcome, Failure):
            self._remember_refusal(outcome, account)
            self._retire(lane)
        elif lane in self._lanes:
            self._free.append(lane)
        self._note_change()

    async def _open(self) -> None:
        """Opens one lane more. Its outcome counts for all who wait, so none of them can cancel it."""
        account = self._account
        outcome: Lane | Failure
        try:
            async with self._turn:
                outcome = self._failure or await self._new_lane(account)
        except Exception as error:  # Who waits would else try again and again.
            outcome = failed(Reason.BUG, f"the probe crashed while it opened a session: {type(error).__name__}")
        finally:
            self._opening = None
            self._note_change()
        if isinstance(outcome, Lane):
            self._free.append(outcome)
        elif outcome.refused:
            self._remember_refusal(outcome, account)
        elif self._lanes:
            self._most = len(self._lanes)  # The endpoint gives no more; those that work go on.
        elif account is self._account:
            self._failure = outcome

    async def _new_lane(self, account: Account) -> Lane | Failure:
        if account.user and not account.password:
            missing = failed(Reason.MISSING_INPUT, f"The password of {account.user} was not given.")
            return missing._replace(answer=msgspec.structs.replace(missing.answer, password_wanted=True))
        endpoints = await self._endpoints()
        if isinstance(endpoints, Failure):
            return endpoints
        line = Line(endpoints, connect=self._deadlines.connect, connecting=self._deadlines.connecting)
        lane = Lane(self._target, account, line, self._ca_file, self._accounts)
        self._lanes.add(lane)
        opening = lane.open()
        try:
            async with asyncio.timeout(self._deadlines.opening):
                failure = await asyncio.shield(opening)
        except TimeoutError:
            failure = failed(
                Reason.TIMEOUT,
                f"{self._target.host} ({line.address}) took the connection and did not open a session within "
                f"{self._deadlines.opening:g} seconds.",
            )
            lane.cut()
        except asyncio.CancelledError:
            lane.cut()
            raise
        if failure is None:
            return lane
        self._retire(lane)
        return failure

    async def _endpoints(self) -> tuple[Endpoint, ...] | Failure:
        host, port, view = self._target.host, self._target.port, self._view
        if self._target.proxy:
            proxy, view = urlsplit(self._target.proxy), self._network.own_view
            if proxy.scheme == "https" and not self._target.tls:
                return failed(Reason.NOT_POSSIBLE_HERE, f"{self._target.url} is not asked through an https proxy.")
            host, port = proxy.hostname or "", proxy.port or (443 if proxy.scheme == "https" else 80)
        match await self._network.endpoints(host, port, view):
            case Unanswered() as unanswered:
                return Failure(unanswered)
            case Records() as records:
                missing = "does not exist" if records.outcome == "no-such-name" else "has no address"
                if records.outcome in {"server-failure", "loop"}:
                    missing = f"could not be looked up ({records.outcome})"
                return failed(Reason.UNREACHABLE, f"The name {host} {missing} in the {view} view of DNS.")
            case endpoints:
                return endpoints

    def _remember_refusal(self, failure: Failure, account: Account) -> None:
        if failure.refused:
            self._refused = account
            if account is self._account and not self._closed:
                self._failure = failure
                self._note_change()

    def _retire(self, lane: Lane) -> None:
        if lane in self._lanes:
            self._lanes.remove(lane)
            if lane in self._free:
                self._free.remove(lane)
            closing = asyncio.create_task(self._give_back(lane))
            self._retiring.add(closing)
            closing.add_done_callback(self._retired)

    async def _give_back(self, lane: Lane) -> None:
        async with self._turn:
            if lane.account is self._refused:
                lane.cut()
            grace = self._deadlines.stopping
            if self._closed:
                grace = max(0.0, min(grace, self._closing_until - asyncio.get_running_loop().time()))
            failure = await lane.close(grace)
            if failure is not None:
                self._remember_refusal(failure, lane.account)

    def _retired(self, closing: asyncio.Task[None]) -> None:
        self._retiring.discard(closing)
        self._note_change()

    def _note_change(self) -> None:
        """Wakes all who wait for a lane; each looks again whether there is one."""
        self._changed.set()
        self._changed = asyncio.Event()


def _only_reads(cmdlet: str) -> bool:
    """True for what may be asked twice. Test-Cs* signs in and sends, so once is what the user agreed to."""
    verb, _, noun = cmdlet.lower().partition("-")
    return verb in {"get", "resolve"} or (verb == "test" and not noun.startswith("cs"))


def _not_repeated(question: Cmdlet, lost: Failure) -> Unanswered:
    detail = f"{lost.answer.detail} {question.name} acts, so it was not run a second time."
    return msgspec.structs.replace(lost.answer, detail=detail, command=question.typed())
