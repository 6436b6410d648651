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
from pathlib import Path
from typing import Any

from lab import scenarios
from lab.deployment import Deployment
from lab.lifeline import die_with_parent
from lab.model import Account

_GRACE = 3.0
"""Seconds that an orderly end may take."""


class Lab:
    """The running lab and its control channel."""

    def __init__(self, wanted: dict[str, Any], directory: Path) -> None:
        self._directory = directory
        self._delay_ms = int(wanted.get("delay_ms", 0))
        shell = Account("litwareinc\\admin", str(wanted.get("shell_password") or _password()))
        users = [Account(f"litwareinc\\{sam}", _password(), f"{sam}@litwareinc.com") for sam in ("kenmyer", "pilar")]
        self._accounts = [shell, *users]
        self._deployment = Deployment(self._accounts, directory)

    async def open(self, names: list[str]) -> dict[str, Any]:
        """Serves; returns what the parent needs to know."""
        await self._deployment.open(names, self._delay_ms)
        shell, *users = self._accounts
        return self._deployment.connection() | {
            "shell_user": shell.name,
            "shell_password": shell.password,
            "passwords": {f"sip:{user.upn}": user.password for user in users},
        }

    async def control(self, request: dict[str, Any]) -> Any:
        """Does what the parent asks: `sign-ins`, `requests`, or `change` to other scenarios."""
        match request.get("command"):
            case "sign-ins":
                return self._deployment.sign_ins.report()
            case "requests":
                return self._deployment.requests()
            case "change":
                await self._deployment.change(list(request["scenarios"]), self._delay_ms)
                return None
        raise ValueError(f"The lab does not know the command {request.get('command')}.")

    async def close(self) -> None:
        await self._deployment.close()


def _password() -> str:
    return secrets.token_urlsafe(12)


async def _converse(lab: Lab, names: list[str], directory: Path) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    # A thread, because not every system lets a loop wait for a pipe on stdin. It also ends a loop that is stuck.
    threading.Thread(target=_read, args=(loop, lines, directory), daemon=True).start()
    with contextlib.suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGTERM, lines.put_nowait, b"")
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
            except (OSError, ValueError, KeyError, LookupError) as problem:
                _say({"id": request["id"], "error": str(problem)})
    finally:
        await lab.close()


def _read(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[bytes]", directory: Path) -> None:
    over = threading.Event()
    while not over.is_set():
        line = sys.stdin.buffer.readline()
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lines.put_nowait, line)
        if not line:
            over.wait(_GRACE)
            shutil.rmtree(directory, ignore_errors=True)
            os._exit(1)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serves until stdin ends."""
    # The terminal's Ctrl+C is for the parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wanted = json.loads(sys.stdin.buffer.readline() or b"{}")
    die_with_parent(int(wanted["parent"]))
    directory = Path(tempfile.mkdtemp(prefix="lyncdoctor-lab-"))
    try:
        asyncio.run(_converse(Lab(wanted, directory), list(wanted["scenarios"]), directory))
    except BrokenPipeError:
        # Nobody reads what is said any more.
        sys.stdout = None
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
