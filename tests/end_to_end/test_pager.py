"""What is read in a pager fits the terminal that the pager is on."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from pathlib import Path

JOURNAL = Path(__file__).parents[1] / "journals" / "mobility-policy-disabled-for-user.jsonl"
COLUMNS = 60


async def printed(*arguments: str) -> str:
    """What a command writes into a pipe, while its other end of a narrow terminal stays stderr."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tui", *arguments,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=far,
        )  # fmt: skip
        stdout, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        os.close(far)
        os.close(near)
    return stdout.decode()


async def test_prose_is_broken_where_the_terminal_of_the_pager_ends() -> None:
    for arguments in (["tree", "xmpp"], ["explain", "xmpp.dns"], ["report", str(JOURNAL)]):
        lines = (await printed(*arguments)).splitlines()
        # Commands and addresses stay whole, to be copied.
        prose = [line for line in lines if "://" not in line and " -" not in line and len(line.split()) > 1]
        assert len(prose) > 20
        assert max(map(len, prose)) in range(COLUMNS - 8, COLUMNS + 1), max(prose, key=len)
