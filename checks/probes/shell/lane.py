"""One lane to the endpoint: a thread, a connection and a runspace pool, for one command at a time."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from checks.model import Reason
from checks.probes import Cmdlet, Objects, Unanswered
from checks.probes.accounts import Accounts
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.line import Line
from checks.probes.shell.target import Account, Target
from checks.probes.trust import verifying

if TYPE_CHECKING:
    from checks.probes.shell.session import Session

T = TypeVar("T")

_ENDING_SECONDS = 3.0
"""What a thread may take to notice that its connection was cut."""


def load() -> None:
    """Imports what a lane needs. What is missing is told when one is opened."""
    with contextlib.suppress(ImportError):
        import checks.probes.shell.faults  # noqa: F401


class Lane:
    """Its methods return at once; what they start runs in the lane's thread, one after another, and never raises."""

    def __init__(self, target: Target, account: Account, line: Line, ca_file: str, accounts: Accounts) -> None:
        self.account = account
        self._target = target
        self._line = line
        self._ca_file = ca_file
        self._accounts = accounts
        self._session: Session | None = None
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="remote-shell")

    def open(self, *, first: bool) -> asyncio.Future[Failure | None]:
        """Connects, signs in and opens the runspace pool. The `first` one has its turn to sign in from the beginning."""
        return self._start(lambda: self._open(first))

    def ask(self, question: Cmdlet) -> asyncio.Future[Objects | Failure | None]:
        """Runs one cmdlet; the result is None where it was stopped."""
        self._wanted.set()
        stopping = self._stopping = threading.Event()
        return self._start(lambda: self._ask(question, stopping))

    def tidy(self) -> None:
        """Frees at the server what its commands left there, until the next one is asked."""
        wanted = self._wanted = threading.Event()
        self._start(lambda: self._tidy(wanted))

    def stop(self) -> None:
        """Asks the endpoint to stop the command that runs."""
        self._stopping.set()

    def cut(self) -> None:
        """Cuts the connection: whatever the thread is doing ends at once, and the lane with it."""
        self._line.cut()

    def leave_turn(self) -> None:
        """Lets other lanes sign in: whoever has to know what came of this one's sign-in knows it."""
        self._line.leave_turn()

    async def close(self, grace: float) -> Failure | None:
        """Stops what runs and gives the runspace pool back, within `grace` seconds; then cuts the connection.

        Where the connection was lost that takes a new sign-in, which may be refused: that is the failure.
        """
        self.stop()
        self._wanted.set()
        closing = self._start(self._close)
        try:
            await asyncio.wait([closing], timeout=grace)
        finally:
            self.cut()
        ended, _ = await asyncio.wait([closing], timeout=_ENDING_SECONDS)
        self._thread.shutdown(wait=bool(ended), cancel_futures=True)
        return closing.result() if ended else None

    def _start(self, work: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self, first: bool) -> Failure | None:
        if first and not self._line.take_turn():
            return failed(Reason.CANCELLED, "The session was given up before it was opened.")
        context = verifying(self._ca_file)
        if isinstance(context, Unanswered):
            return Failure(context)
        try:
            from checks.probes.shell.session import Session
        except ImportError as missing:
            return failed(
                Reason.MISSING_DEPENDENCY,
                f"The remote shell needs the Python package pypsrp, and {missing.name or 'a part of it'} is not "
                "installed.",
            )
        return self._guarded(lambda: self._begin(Session, context))

    def _begin(self, session: "type[Session]", context: ssl.SSLContext) -> None:
        self._session = session(self._target, self.account, self._line, context, self._accounts)
        self._session.open()

    def _ask(self, question: Cmdlet, stopping: threading.Event) -> Objects | Failure | None:
        session = self._session
        if session is None:
            closed = f"The session with {self._target.host} is closed."
            return failed(Reason.UNREACHABLE, closed, dropped=True, unheard=True)
        outcome = self._guarded(lambda: session.invoke(question, stopping))
        if isinstance(outcome, Failure):
            return outcome._replace(unheard=outcome.unheard and not session.begun)
        return outcome

    def _tidy(self, wanted: threading.Event) -> None:
        session = self._session
        if session is not None:
            self._guarded(lambda: session.tidy(wanted))

    def _close(self) -> Failure | None:
        session, self._session = self._session, None
        return self._guarded(session.close) if session is not None else None

    def _guarded(self, work: Callable[[], T]) -> T | Failure:
        """A library may raise anything, and its traceback would hold the password: it ends here."""
        from checks.probes.shell.faults import failure

        try:
            return work()
        except Exception as error:
            return failure(error, self._line, self._target, self.account)
