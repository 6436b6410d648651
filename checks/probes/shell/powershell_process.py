"""One `powershell.exe` that answers cmdlets: started, asked a line at a time, and killed with all that it started."""

import asyncio
import base64
import binascii
import contextlib
import os
import secrets
import subprocess
from collections.abc import Sequence
from typing import Self

import msgspec
import psutil

from checks.knowledge.shell_envelope import read_envelope
from checks.model import Frozen
from checks.probes import Cmdlet, Login, Objects
from checks.secret import Secret
from checks.text import clean
from checks.threads import in_thread

MOST_LINE = 16 * 1024 * 1024
"""Bytes of one answer, and of what else may be printed before it."""
_MARK = b"lyncdoctor "
_MOST_COMPLAINTS = 4000
_FAREWELL = 5.0
"""Seconds that a killed process has to be gone."""


class Broken(Exception):
    """The process ended, or printed something in place of an answer. The text says which."""


class Hello(Frozen, frozen=True):
    """What the process says of itself when it is ready."""

    module: str = ""
    """`Lync` or `SkypeForBusiness`; empty where neither was loaded."""
    problem: str = ""
    """Why one that is installed was not loaded."""
    version: str = ""
    """PowerShell's own."""
    elevated: bool = True


class PowerShellProcess:
    """Asks are one after another: who asks has to take turns."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.hello = Hello()
        self._process = process
        self._complaints = b""
        self._draining = asyncio.create_task(self._drain())

    @classmethod
    async def start(cls, command: Sequence[str]) -> Self:
        """Starts the command. OSError where that is not possible."""
        return cls(
            await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=MOST_LINE,
                env={name: value for name, value in os.environ.items() if not name.startswith("LYNCDOCTOR_")},
                # The terminal's Ctrl+C is for us; and no window appears beside ours.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        )

    async def greet(self) -> None:
        """Waits until the process is ready. Raises Broken."""
        try:
            self.hello = msgspec.json.decode(await self._answer("hello"), type=Hello)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Broken("it began with something that is no greeting") from None

    async def ask(self, question: Cmdlet, passwords: Sequence[Secret] = ()) -> Objects:
        """What the cmdlet brought back. `passwords` are those of the logins among its parameters, in order.

        Only with one of them may a cmdlet run that tests. Raises Broken.
        """
        # Nobody who prints can guess it, so nothing that is printed can pass for the answer.
        identifier = secrets.token_hex(8)
        assert self._process.stdin  # noqa: S101 - it is a pipe
        try:
            self._process.stdin.write(_line_of(question, identifier, passwords))
            await self._process.stdin.drain()
        except OSError:
            raise Broken(self._ended()) from None
        answer = await self._answer(identifier)
        # Reading a large answer takes a while.
        objects = await in_thread(lambda: read_envelope(answer.decode("utf-8", "replace")))
        if objects is None:
            raise Broken("it printed something that is no answer")
        return objects

    def kill(self) -> None:
        """Ends the process and all that it started, at once."""
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(self._process.pid)
            for one in (own, *own.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    one.kill()

    async def reap(self) -> None:
        """Waits until a killed process is gone, and lets go of its pipes."""
        assert self._process.stdin  # noqa: S101 - it is a pipe
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _FAREWELL)
        self._draining.cancel()
        await asyncio.wait([self._draining])

    async def _answer(self, identifier: str) -> bytes:
        """The data of the next answer with this identifier; what else is printed is passed over."""
        wanted = _MARK + identifier.encode() + b" "
        passed = 0
        while True:
            line = await self._line()
            if line.startswith(wanted):
                try:
                    return base64.b64decode(line[len(wanted) :].strip(), validate=True)
                except binascii.Error:
                    raise Broken("it printed something that is no answer") from None
            passed += len(line)
            if passed > MOST_LINE:
                raise Broken("it printed without end")

    async def _line(self) -> bytes:
        assert self._process.stdout  # noqa: S101 - it is a pipe
        try:
            line = await self._process.stdout.readline()
        except ValueError:
            raise Broken(f"it sent more than {MOST_LINE // 1024 // 1024} MB in one line") from None
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            raise Broken(self._ended())
        return line

    def _ended(self) -> str:
        said = [line for line in self._complaints.decode("utf-8", "replace").splitlines() if line.strip()]
        return f"it ended by itself{f', saying “{clean(said[0], 200)}”' if said else ''}"

    async def _drain(self) -> None:
        """Reads what goes to stderr, so that the process never waits for it, and keeps the beginning."""
        assert self._process.stderr  # noqa: S101 - it is a pipe
        with contextlib.suppress(OSError):
            while data := await self._process.stderr.read(65536):
                self._complaints += data[: _MOST_COMPLAINTS - len(self._complaints)]


def _line_of(question: Cmdlet, identifier: str, passwords: Sequence[Secret]) -> bytes:
    """A question as the script reads it. The passwords stand behind it, each in Base64, and in no JSON."""
    logins = [(name, value.user) for name, value in question.parameters if isinstance(value, Login)]
    asked = {
        "id": identifier,
        "name": question.name,
        "parameters": {name: value for name, value in question.parameters if not isinstance(value, Login)},
        "logins": [{"parameter": name, "user": user} for name, user in logins],
        "acts": bool(logins),
    }
    parts = (msgspec.json.encode(asked), *(password.reveal().encode() for password in passwords))
    return b" ".join(map(base64.b64encode, parts)) + b"\n"
