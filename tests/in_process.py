"""A lab in this process and on the test's own event loop: the same servers on real sockets, without an interpreter's start.

Only one at a time: who may sign in with NTLM stands in the environment of the process.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.client import Connection, LabFailed, Running
from lab.serve import Lab


class InProcess(Running):
    """What `lab.client.start` gives, but for the process."""

    def __init__(self, lab: Lab, connection: Connection) -> None:
        self.connection = connection
        self.pid = os.getpid()
        self._lab = lab

    async def control(self, command: str, **arguments: Any) -> Any:
        # Whoever asks again and again lets the servers do their work meanwhile.
        await asyncio.sleep(0)
        try:
            result = await self._lab.control({"command": command, **arguments})
        except (OSError, ValueError, LookupError) as problem:
            raise LabFailed(str(problem)) from None
        if command == "change":
            self.connection = _connection(result)
        return json.loads(json.dumps(result))


@asynccontextmanager
async def start(
    *scenarios: str, shell_password: str | None = None, delay_ms: int = 0, without: Iterable[str] = ()
) -> AsyncIterator[Running]:
    """Runs a lab as `lab.client.start` does. OSError where it cannot."""
    wanted = {"shell_password": shell_password, "delay_ms": delay_ms, "without": list(without)}
    with TemporaryDirectory(prefix="lyncdoctor-lab-") as directory:
        lab = Lab(wanted, Path(directory))
        try:
            yield InProcess(lab, _connection(await lab.open(list(scenarios or ("healthy",)))))
        finally:
            await lab.close()


def _connection(said: dict[str, Any]) -> Connection:
    told = json.loads(json.dumps(said))
    return Connection(**told | {"users": tuple(told["users"])})
