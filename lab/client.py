"""How the parent uses the lab: `async with start("healthy") as running`."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FAREWELL = 5.0
"""Seconds that the child may take to end by itself."""


class LabFailed(Exception):
    """The practice deployment cannot run. The text is a sentence."""


@dataclass(frozen=True)
class Connection:
    """Where a lab is. Every host has each standard port at another one of its own address, as `ports` tells."""

    dns_inside: str
    """`ADDRESS:PORT` of the name server that gives the inside view."""
    dns_outside: str
    ports: dict[str, int]
    """By standard port, such as "443"."""
    ca_file: str
    """The root that has to be trusted, in PEM."""
    domain: str
    users: tuple[str, ...]
    """The SIP addresses of the two test users."""
    pool: str
    web: str
    """External web services FQDN."""
    web_internal: str
    edge: str
    system_proxy: str
    """The HTTP proxy that a computer inside is set to; `none` where there is none."""
    shell_url: str
    shell_user: str
    shell_password: str = field(repr=False)
    edge_shell_url: str
    """The Edge's WinRM over http, which encrypts its messages; over https it is at `https_port`."""
    edge_shell_user: str
    edge_shell_password: str = field(repr=False)
    passwords: dict[str, str] = field(repr=False)
    """By SIP address."""
    addresses: dict[str, str]
    """By host: see `lab.names.HOSTS`."""
    accounts: dict[str, str] = field(default_factory=dict)
    """By SIP address, what the administrator would type as the user name where it is not the address."""
    partner: str = ""
    """The domain of the XMPP partner."""
    receiver: str = ""
    """The address of its user whom a test message goes to."""
    seat: str = ""
    """The vantage from which the scenario's fault is seen; empty: any that its runbook is walked from."""

    @property
    def https_port(self) -> int:
        """Where port 443 is."""
        return self.ports["443"]

    @property
    def http_port(self) -> int:
        """Where port 80 is."""
        return self.ports["80"]

    @property
    def connect_to(self) -> tuple[str, ...]:
        """As curl's --connect-to: only the ports change."""
        return tuple(f":{standard}::{port}" for standard, port in self.ports.items())


class Running:
    """A lab that runs."""

    def __init__(self, process: asyncio.subprocess.Process, connection: Connection) -> None:
        self.connection = connection
        self.pid = process.pid
        self._process = process
        self._turn = asyncio.Lock()
        self._requests = 0

    async def control(self, command: str, **arguments: Any) -> Any:
        """Asks the lab. LabFailed where it does not answer or refuses.

        `sign-ins`: how often each account was `accepted` and `refused`, by `domain\\user`.
        `requests`: how often each path of each web site was asked; by host, its external site as `pool-external`.
        `streams`: how many connections each XMPP server has had a stream on, by host and by the domain in `from`.
        `certificate` with `host`: a certificate of the lab's authority as that host shows it, with its key, in PEM.
        `pipelines`: what each PowerShell endpoint has run: `running` now, the `most` at once, how often each cmdlet
        was `asked`, `scripts`, and the `sessions` that are open; by host, `edge-internal` for the Edge's own.
        `mend` with `cmdlet` and its `parameters`: carries a command of a remedy out, until the next `change`, and tells
        what came of it in a sentence. LabFailed with what PowerShell says where it does not work.
        `change` with `scenarios`, a list of names: becomes another deployment at the same addresses. What `connection`
        tells is that one's from then on.
        """
        async with self._turn:
            self._requests += 1
            message = {"id": self._requests, "command": command, **arguments}
            try:
                async with asyncio.timeout(15):
                    _write(self._process, message)
                    reply = await _read(self._process)
                    while reply.get("id") != self._requests:
                        reply = await _read(self._process)
            except (OSError, TimeoutError, ValueError):
                raise LabFailed("The practice deployment does not answer any more.") from None
        if "error" in reply:
            raise LabFailed(str(reply["error"]))
        if command == "change":
            self.connection = _connection(reply["result"])
        return reply["result"]


@asynccontextmanager
async def start(
    *scenarios: str,
    shell_password: str | None = None,
    delay_ms: int = 0,
    timeout: float = 20.0,
    without: Iterable[str] = (),
) -> AsyncIterator[Running]:
    """Runs a lab as a child process; without a scenario it is healthy, several put several faults in.

    `shell_password` is given to the shell's account, else it is random. `delay_ms` is what every cmdlet takes.
    On the hosts `without` nothing listens for web requests, so that another server can.
    The child ends when the block does, and when this process does. LabFailed where it cannot run.
    """
    if shell_password is not None and (":" in shell_password or not shell_password.isprintable()):
        raise LabFailed("The lab's password may have neither colons nor line ends.")
    # From the package's own place, so that nothing in the current folder stands in for it.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "lab.serve",
        cwd=Path(__file__).parent.parent,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith("LYNCDOCTOR_")},
        # Signals of the terminal are for the parent; the child ends in order when the parent is gone.
        start_new_session=True,
    )
    complaints = asyncio.create_task(_last_line(process))
    folder: Path | None = None
    try:
        wanted = {
            "parent": os.getpid(),
            "scenarios": scenarios or ("healthy",),
            "shell_password": shell_password,
            "delay_ms": delay_ms,
            "without": list(without),
        }
        connection = await _connected(process, complaints, wanted, timeout)
        folder = Path(connection.ca_file).parent
        yield Running(process, connection)
    finally:
        await _end(process)
        complaints.cancel()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


async def _connected(
    process: asyncio.subprocess.Process, complaints: "asyncio.Task[str]", wanted: dict[str, Any], timeout: float
) -> Connection:
    try:
        async with asyncio.timeout(timeout):
            _write(process, wanted)
            said = await _read(process)
    except TimeoutError:
        raise LabFailed(f"The practice deployment did not come up within {timeout:g} seconds.") from None
    except (OSError, ValueError):
        await _end(process)
        raise LabFailed(f"The practice deployment ended while it started: {await complaints}") from None
    if "failed" in said:
        raise LabFailed(str(said["failed"]))
    return _connection(said)


def _connection(said: dict[str, Any]) -> Connection:
    return Connection(**said | {"users": tuple(said["users"])})


def _write(process: asyncio.subprocess.Process, message: dict[str, Any]) -> None:
    assert process.stdin  # noqa: S101 - it is a pipe
    process.stdin.write(json.dumps(message).encode() + b"\n")


async def _read(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next line; ValueError where there is none."""
    assert process.stdout  # noqa: S101 - it is a pipe
    message = json.loads(await process.stdout.readline())
    if not isinstance(message, dict):
        raise ValueError
    return message


async def _last_line(process: asyncio.subprocess.Process) -> str:
    """Reads stderr to its end, so that the child never waits for it."""
    assert process.stderr  # noqa: S101 - it is a pipe
    last = ""
    with contextlib.suppress(ValueError):
        async for line in process.stderr:
            last = line.decode(errors="replace").strip()[:300] or last
    return last


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin  # noqa: S101 - it is a pipe
    process.stdin.close()
    try:
        async with asyncio.timeout(_FAREWELL):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
