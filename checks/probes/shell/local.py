"""Cmdlets through this computer's own Windows PowerShell: one long-lived process, fed with names and parameters as data."""

import asyncio
import base64
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from checks import powershell
from checks.knowledge.lync_objects import not_found
from checks.model import Frozen, Reason
from checks.probes import Cmdlet, CmdletError, Objects, Unanswered
from checks.probes.accounts import Accounts
from checks.probes.shell.acting import ask_as_test_users, logins_of
from checks.probes.shell.powershell_process import Broken, Hello, PowerShellProcess
from checks.secret import Secret
from checks.text import clean

_DENIED = frozenset({"PermissionDenied", "SecurityError", "AuthenticationError"})
_DENIED_WORDS = ("access is denied", "insufficient access", "unauthorized", "not authorized", "login failed")
_CLOSED = Unanswered(reason=Reason.CANCELLED, detail="The shell was closed.")


class Deadlines(Frozen, frozen=True):
    """Seconds that the shell waits at most."""

    call: float = 20.0
    """From a question to its answer, whatever is in between."""
    acting: float = 60.0
    """The same for a cmdlet that signs in as a test user: a conference takes a quarter of a minute."""
    starting: float = 60.0
    """For PowerShell to load the module. It is not started anew because a question would not wait that long."""


class LocalShell:
    """Asks one cmdlet after another. A cmdlet that hangs is ended with its process; the next question starts another.

    `command` stands in for this computer's powershell.exe. `accounts` has the passwords of the test users; only a
    cmdlet that signs in as one of them may act.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        deadlines: Deadlines | None = None,
        accounts: Accounts | None = None,
    ) -> None:
        self._command = command
        self._deadlines = deadlines or Deadlines()
        self._accounts = accounts or Accounts()
        self._turn = asyncio.Lock()
        self._process: PowerShellProcess | None = None
        self._starting: asyncio.Task[None] | None = None
        self._failure: Unanswered | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        """What the cmdlet brought back. An error record of the cmdlet is an answer."""
        return await ask_as_test_users(question, self._accounts, self._ask)

    async def _ask(self, question: Cmdlet) -> Objects | Unanswered:
        until = asyncio.get_running_loop().time() + self._seconds_for(question)
        try:
            async with asyncio.timeout_at(until):
                await self._turn.acquire()
        except TimeoutError:
            answer: Objects | Unanswered = self._late(
                question, "This computer's PowerShell was busy with other commands for"
            )
        else:
            try:
                answer = await self._ask_in_turn(question, until)
            finally:
                self._turn.release()
        if isinstance(answer, Unanswered):
            return msgspec.structs.replace(answer, command=question.typed())
        return answer

    def forget(self) -> None:
        """Lets the next question try again to start PowerShell."""
        self._failure = None

    def reset(self, password: Secret) -> None:
        """There is no password: cmdlets run as the current Windows user."""

    async def close(self) -> None:
        """Ends the process, and whatever cmdlet it runs."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        self._end()
        if self._ending:
            await asyncio.wait(self._ending)

    async def _ask_in_turn(self, question: Cmdlet, until: float) -> Objects | Unanswered:
        try:
            async with asyncio.timeout_at(until):
                try:
                    return await self._ask_process(question)
                except Broken as broken:
                    # What acts is not done twice.
                    if not question.name.startswith("Get-"):
                        return self._unusable(broken)
                try:
                    return await self._ask_process(question)
                except Broken as broken:
                    return self._unusable(broken)
        except TimeoutError:
            if self._starting is not None:
                return self._late(question, "PowerShell has been loading the Lync or Skype for Business module for")
            return self._late(question, f"{question.name} was ended, because it took longer than")

    async def _ask_process(self, question: Cmdlet) -> Objects | Unanswered:
        process = await self._ready()
        if isinstance(process, Unanswered):
            return process
        if "-Cs" in question.name and not process.hello.module:
            return _no_module(process.hello)
        try:
            answer = await process.ask(question, self._passwords(question))
        except BaseException:
            # Broken, late or cancelled: the cmdlet can be stopped in no other way.
            self._end()
            raise
        return _not_elevated(answer) if _hides_rights(question, answer, process.hello) else answer

    def _passwords(self, question: Cmdlet) -> tuple[Secret, ...]:
        """The passwords of the test users that the cmdlet signs in, in its order."""
        found = (self._accounts.password(login) for login in logins_of(question))
        return tuple(password for password in found if isinstance(password, Secret))

    async def _ready(self) -> PowerShellProcess | Unanswered:
        """The process that is asked, started where there is none. Who stops waiting does not stop the start."""
        if self._process is None and self._failure is None and not self._closed:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start())
            await asyncio.wait([self._starting])
            self._starting = None
        if self._closed:
            return _CLOSED
        return self._process or self._failure or _CLOSED

    async def _start(self) -> None:
        """Starts a process, and another one if it breaks at once. A failure is remembered until `forget`."""
        command = self._command or own_command(os.environ)
        if command is None:
            self._failure = _no_powershell()
            return
        try:
            async with asyncio.timeout(self._deadlines.starting):
                try:
                    self._process = await self._started(command)
                except Broken:
                    self._process = await self._started(command)
        except Broken as broken:
            self._failure = self._unusable(broken)
        except TimeoutError:
            self._failure = Unanswered(
                reason=Reason.TIMEOUT,
                detail=f"This computer's PowerShell was not ready within {self._deadlines.starting:g} seconds.",
            )
        except OSError as error:
            self._failure = Unanswered(
                reason=Reason.NOT_POSSIBLE_HERE,
                detail=f"Windows PowerShell cannot be started on this computer: {error.strerror}.",
            )

    async def _started(self, command: Sequence[str]) -> PowerShellProcess:
        process = await PowerShellProcess.start(command)
        try:
            await process.greet()
        except BaseException:
            self._retire(process)
            raise
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._retire(process)

    def _retire(self, process: PowerShellProcess) -> None:
        process.kill()
        ending = asyncio.create_task(process.reap())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    def _unusable(self, broken: Broken) -> Unanswered:
        if self._closed:
            return _CLOSED
        return Unanswered(reason=Reason.UNREACHABLE, detail=f"This computer's PowerShell could not be asked: {broken}.")

    def _seconds_for(self, question: Cmdlet) -> float:
        return self._deadlines.acting if logins_of(question) else self._deadlines.call

    def _late(self, question: Cmdlet, what: str) -> Unanswered:
        return Unanswered(reason=Reason.TIMEOUT, detail=f"{what} {self._seconds_for(question):g} seconds.")


def own_command(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """The command line of Windows' own PowerShell; None where there is none.

    It is found where Windows keeps it: neither the path nor the current folder may put another in its place.
    """
    root = environment.get("SystemRoot")
    if not root:
        return None
    # A 32-bit program sees the real System32 under this name only, and Lync's module is not for 32 bits.
    folders = ("Sysnative", "System32") if sys.maxsize <= 2**32 else ("System32",)
    for folder in folders:
        program = Path(root, folder, "WindowsPowerShell", "v1.0", "powershell.exe")
        if program.is_file():
            script = base64.b64encode(powershell.loop().encode("utf-16-le")).decode("ascii")
            # Where scripts are forbidden, as by default before Windows Server 2012 R2, no module would load.
            how = ("-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned")
            return str(program), *how, "-EncodedCommand", script
    return None


def _no_powershell() -> Unanswered:
    return Unanswered(
        reason=Reason.NOT_POSSIBLE_HERE,
        detail="This computer has no Windows PowerShell. Name the pool's remote shell with --shell, paste what the "
        "command prints, or collect it on the server with the script that lyncdoctor collect writes.",
    )


def _no_module(hello: Hello) -> Unanswered:
    if hello.problem:
        detail = f"The module on this computer could not be loaded: {clean(hello.problem)}"
    else:
        detail = (
            "Neither the Lync nor the SkypeForBusiness module is on this computer. Run lyncdoctor on a Front End, or "
            "name the pool's remote shell with --shell."
        )
    return Unanswered(reason=Reason.MISSING_DEPENDENCY, detail=detail)


def _hides_rights(question: Cmdlet, answer: Objects, hello: Hello) -> bool:
    """True where a Lync cmdlet was refused and the process has not the rights that its user has."""
    refused = any(_is_refusal(error) for error in answer.errors)
    return refused and not answer.objects and not hello.elevated and "-Cs" in question.name


def _is_refusal(error: CmdletError) -> bool:
    said = error.message.lower()
    return not not_found(error) and (error.category in _DENIED or any(word in said for word in _DENIED_WORDS))


def _not_elevated(answer: Objects) -> Unanswered:
    return Unanswered(
        reason=Reason.DENIED,
        detail="This window was not opened as administrator, and Windows hides your groups from it. Open the shell as "
        "administrator: right-click Lync Server Management Shell, choose “Run as administrator”, and start lyncdoctor "
        f"there. Refused was: {answer.errors[0].message}",
    )
