"""The child process: `python -m lab.serve`.

Its first line of stdin says as JSON which lab is wanted, its first line of stdout tells where everything is or why
it cannot be. After that each line is a request or its reply. It ends with its stdin, and with its parent.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lab import mending, scenarios
from lab.deployment import Deployment
from lab.lifeline import die_with_parent
from lab.model import EDGE_COMPUTER, Account

_GRACE = 3.0
"""Seconds that an orderly end may take."""


class Lab:
    """The running lab and its control channel."""

    def __init__(self, wanted: dict[str, Any], directory: Path) -> None:
        self._directory = directory
        self._delay_ms = int(wanted.get("delay_ms", 0))
        shell = Account("litwareinc\\admin", str(wanted.get("shell_password") or _password()))
        users = [Account(f"litwareinc\\{sam}", _password(), f"{sam}@litwareinc.com") for sam in ("kenmyer", "pilar")]
        self._edge = Account(f"{EDGE_COMPUTER}\\administrator", _password())
        self._accounts = [shell, *users, self._edge]
        self._deployment = Deployment(self._accounts, directory, frozenset(wanted.get("without", ())))

    async def open(self, names: list[str]) -> dict[str, Any]:
        """Serves; returns what the parent needs to know."""
        await self._deployment.open(names, self._delay_ms)
        return self._connection()

    def _connection(self) -> dict[str, Any]:
        shell, *users = self._accounts[:-1]
        return self._deployment.connection() | {
            "shell_user": shell.name,
            "shell_password": shell.password,
            "edge_shell_user": self._edge.name,
            "edge_shell_password": self._edge.password,
            "passwords": {f"sip:{user.upn}": user.password for user in users},
        }

    async def control(self, request: dict[str, Any]) -> Any:
        """Does what the parent asks: `sign-ins`, `requests`, `pipelines`, `streams`, `certificate`, `mend` by a command, or `change` to others."""
        match request.get("command"):
            case "sign-ins":
                return self._deployment.sign_ins.report()
            case "requests":
                return self._deployment.requests()
            case "pipelines":
                return self._deployment.pipelines()
            case "streams":
                return self._deployment.streams()
            case "certificate":
                return self._deployment.certificate(str(request["host"]))
            case "mend":
                return await self._deployment.mend(str(request["cmdlet"]), dict(request["parameters"]))
            case "change":
                await self._deployment.change(list(request["scenarios"]), self._delay_ms)
                return self._connection()
        raise ValueError(f"The lab does not know the command {request.get('command')}.")

    async def close(self) -> None:
        await self._deployment.close()


def _password() -> str:
    return secrets.token_urlsafe(12)


async def _converse(lab: Lab, names: list[str], said: Iterator[bytes], directory: Path) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    # A thread, because not every system lets a loop wait for a pipe on stdin. It also ends a loop that is stuck.
    threading.Thread(target=_read, args=(said, loop, lines, directory), daemon=True).start()

    def end(*_: object) -> None:
        # A loop that is closed is ending already.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lines.put_nowait, b"")

    # Not the loop's own handler: that one goes with the loop, before the directory is removed.
    signal.signal(signal.SIGTERM, end)
    try:
        try:
            _say(await lab.open(names))
        except (OSError, scenarios.UnknownScenario) as problem:
            _say({"failed": str(problem)})
            return
        while line := await lines.get():
            request = json.loads(line)
            try:
                _say({"id": request["id"], "result": await lab.control(request)})
            except (OSError, ValueError, KeyError, LookupError, mending.CannotMend) as problem:
                _say({"id": request["id"], "error": str(problem)})
    finally:
        await lab.close()


def _read(
    said: Iterator[bytes], loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[bytes]", directory: Path
) -> None:
    # A loop that is closed has ended in order.
    with contextlib.suppress(RuntimeError):
        for line in said:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, b"")
    time.sleep(_GRACE)
    shutil.rmtree(directory, ignore_errors=True)
    os._exit(1)


def _said() -> Iterator[bytes]:
    """The lines of stdin. Read from the descriptor: a thread that waits inside sys.stdin would crash the end."""
    rest = b""
    while data := os.read(0, 65536):
        *whole, rest = (rest + data).split(b"\n")
        yield from whole


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serves until stdin ends."""
    # The terminal's Ctrl+C is for the parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said = _said()
    wanted = json.loads(next(said))
    die_with_parent(int(wanted["parent"]))
    # From here on there is something to remove; until the lab takes the signal, the end of stdin tells.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    directory = Path(tempfile.mkdtemp(prefix="lyncdoctor-lab-"))
    try:
        asyncio.run(_converse(Lab(wanted, directory), list(wanted["scenarios"]), said, directory))
    except BrokenPipeError:
        # Nobody reads what is said any more.
        sys.stdout = None
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
