"""The lanes of a remote shell: how many there are, who uses them, how they are opened and given back."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import cast

import msgspec

from checks.model import Frozen, Reason
from checks.probes import Objects, View
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.shell.endpoints import endpoints_of
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.lane import Lane, load
from checks.probes.shell.line import Line
from checks.probes.shell.target import Account, Target
from checks.probes.shell.turn import Turn
from checks.probes.wire import Endpoint
from checks.secret import Secret
from checks.threads import in_thread

MOST_LANES = 3
CLOSED = failed(Reason.CANCELLED, "The shell was closed.")


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


class Lanes:
    """At most three, opened when they are needed.

    The first one shows whether the endpoint can be reached. From then on they are opened side by side, but sign in one
    after another, each when the one before it was let in: so no password is refused twice.
    """

    def __init__(
        self,
        target: Target,
        account: Account,
        ca_file: str,
        network: Network,
        view: View,
        deadlines: Deadlines,
        accounts: Accounts,
    ) -> None:
        self.account = account
        """Who signs in."""
        self.accounts = accounts
        """The test users, whose passwords cmdlets may need."""
        self.free: list[Lane] = []
        """Those that are open and that nobody uses."""
        self.closed = False
        self._target = target
        self._ca_file = ca_file
        self._network = network
        self._view: View = view
        self._deadlines = deadlines
        self._failure: Failure | None = None
        """Why there is none for anybody."""
        self._most = MOST_LANES
        self._waiting = 0
        """How many wait for a lane."""
        self._open: set[Lane] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._entering: set[Lane] = set()
        """Those that are being opened, and may sign in."""
        self._leaving: dict[asyncio.Task[None], Lane] = {}
        """Those that are being given back. They may still run a command, so they count."""
        self._endpoints: tuple[Endpoint, ...] = ()
        """Where those lead that there are."""
        self._reached = False
        self._changed = asyncio.Event()
        self._turn = Turn()
        self._refused: Account | None = None
        self._closing_until = 0.0

    def forget(self) -> None:
        """Lets the next one who needs a lane try again to open one, unless a sign-in was refused."""
        self._most = MOST_LANES
        if self._failure is not None and not self._failure.refused and not self.closed:
            self._failure = None

    def reset(self, password: Secret | None) -> None:
        """Takes a password that was typed anew."""
        self.account = self.account._replace(password=password)
        if not self.closed:
            self._failure = None
        self.forget()

    async def close(self) -> None:
        """Stops what runs, gives the sessions back and leaves no thread behind."""
        self.closed = True
        self._failure = CLOSED
        self._closing_until = asyncio.get_running_loop().time() + self._deadlines.stopping
        self._note_change()
        for opening in self._opening:
            opening.cancel()
        if self._opening:
            await asyncio.wait(self._opening)
        for lane in list(self._open):
            self._retire(lane)
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def take(self) -> Lane | Failure:
        """A lane that nobody uses, opened where there is none yet."""
        self._waiting += 1
        try:
            while self._failure is None:
                if self.free:
                    return self.free.pop()
                self._open_one_more()
                await self._changed.wait()
            return self._failure
        finally:
            self._waiting -= 1

    def _open_one_more(self) -> None:
        """Begins to open a lane where there may be one more, and more wait than are being opened."""
        if len(self._open) + len(self._opening) + len(self._leaving) >= self._most:
            return
        first = not self._open and not self._opening
        if first:
            self._endpoints, self._reached = (), False
        if not self._opening or (self._reached and len(self._opening) < self._waiting):
            self._opening.add(asyncio.create_task(self._begin(first=first)))

    def hand_back(self, lane: Lane, asked: asyncio.Future[Objects | Failure | None]) -> None:
        """Takes back a lane that has done what it was asked, or has failed."""
        outcome = None if asked.cancelled() else asked.result()
        if isinstance(outcome, Failure):
            self._remember_refusal(outcome, lane.account)
            self._retire(lane)
        elif lane in self._open:
            self.free.append(lane)
            if not self._waiting:
                lane.tidy()
        self._note_change()

    async def _begin(self, *, first: bool) -> None:
        """Opens one lane more. Its outcome counts for all who wait, so none of them can cancel it."""
        account = self.account
        outcome: Lane | Failure | None
        try:
            outcome = self._failure or await self._new_lane(account, first=first)
        except Exception as error:  # Who waits would else try again and again.
            outcome = failed(Reason.BUG, f"the probe crashed while it opened a session: {type(error).__name__}")
        finally:
            self._opening.remove(cast("asyncio.Task[None]", asyncio.current_task()))
            self._note_change()
        if isinstance(outcome, Lane):
            self._open.add(outcome)
            self.free.append(outcome)
        elif outcome is None:
            return
        elif outcome.refused:
            self._remember_refusal(outcome, account)
        elif not first or self._open:
            # The endpoint gives no more; those that work go on.
            self._most = max(1, len(self._open) + len(self._opening))
        elif account is self.account:
            self._failure = outcome
            self._cut(self._entering)

    async def _new_lane(self, account: Account, *, first: bool) -> Lane | Failure | None:
        """A lane that is open, or why there is none; None where it was cut because another one failed."""
        if account.user and not account.password:
            missing = failed(Reason.MISSING_INPUT, f"The password of {account.user} was not given.")
            return missing._replace(answer=msgspec.structs.replace(missing.answer, password_wanted=True))
        if not self._endpoints:
            # What a lane imports takes about as long as the name server.
            found, _ = await asyncio.gather(endpoints_of(self._target, self._network, self._view), in_thread(load))
            if isinstance(found, Failure):
                return found
            self._endpoints = found
        line = Line(
            self._endpoints, connect=self._deadlines.connect, connecting=self._deadlines.connecting, turn=self._turn,
            reached=self._telling_reached(),
        )  # fmt: skip
        lane = Lane(self._target, account, line, self._ca_file, self.accounts)
        self._entering.add(lane)
        opening = lane.open(first=first)
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
            self._entering.discard(lane)
            lane.cut()
            self._give_back(lane)
            raise
        wanted = lane in self._entering
        self._entering.discard(lane)
        if wanted and failure is None:
            lane.leave_turn()
            return lane
        self._give_back(lane)
        return failure if wanted or (failure is not None and failure.refused) else None

    def _remember_refusal(self, failure: Failure, account: Account) -> None:
        if failure.refused:
            self._refused = account
            self._cut(lane for lane in (*self._entering, *self._leaving.values()) if lane.account is account)
            if account is self.account and not self.closed:
                self._failure = failure
                self._note_change()

    def _cut(self, lanes: Iterable[Lane]) -> None:
        """Keeps lanes that are being opened or given back from signing in."""
        for lane in list(lanes):
            self._entering.discard(lane)
            lane.cut()

    def _retire(self, lane: Lane) -> None:
        if lane in self._open:
            self._open.remove(lane)
            if lane in self.free:
                self.free.remove(lane)
            self._give_back(lane)

    def _give_back(self, lane: Lane) -> None:
        leaving = asyncio.create_task(self._close_lane(lane))
        self._leaving[leaving] = lane
        leaving.add_done_callback(self._left)

    async def _close_lane(self, lane: Lane) -> None:
        # What came of its sign-in was remembered before this task began.
        lane.leave_turn()
        if lane.account is self._refused:
            lane.cut()
        grace = self._deadlines.stopping
        if self.closed:
            grace = max(0.0, min(grace, self._closing_until - asyncio.get_running_loop().time()))
        try:
            failure = await lane.close(grace)
            if failure is not None:
                self._remember_refusal(failure, lane.account)
        finally:
            lane.leave_turn()

    def _left(self, leaving: asyncio.Task[None]) -> None:
        self._leaving.pop(leaving)
        self._note_change()

    def _telling_reached(self) -> Callable[[], None]:
        """What a lane's thread calls once it has reached the endpoint."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # The loop was closed meanwhile: nobody waits any more.
                loop.call_soon_threadsafe(self._note_reached)

        return tell

    def _note_reached(self) -> None:
        self._reached = True
        self._note_change()

    def _note_change(self) -> None:
        """Wakes all who wait for a lane; each looks again whether there is one."""
        self._changed.set()
        self._changed = asyncio.Event()
