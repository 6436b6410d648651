"""lyncdoctor as a child process."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from lab.client import Connection


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


async def lyncdoctor(*arguments: str, environment: Mapping[str, str] = {}, seconds: float = 60) -> Ended:
    """Runs a command without a terminal. TimeoutError where it takes longer than `seconds`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", *arguments, env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Ended(process.returncode, stdout.decode(), stderr.decode())


def options_for(connection: Connection) -> list[str]:
    """The options of a user who points lyncdoctor at a lab as at any deployment."""
    users = [part for sip in connection.users for part in ("--sip", sip)]
    names = ["--web", connection.web, "--pool", connection.pool, "--edge", connection.edge]
    servers = [
        "--dns-inside",
        connection.dns_inside,
        "--dns-outside",
        connection.dns_outside,
        "--ca-file",
        connection.ca_file,
    ]
    ports = [part for rule in connection.connect_to for part in ("--connect-to", rule)]
    shell = ["--shell", connection.shell_url, "--shell-user", connection.shell_user]
    return [*users, *names, *servers, *ports, *shell]
