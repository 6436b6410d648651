"""Ctrl+c on a walk without a screen: it tells how far it came, and how it is gone on with."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tui.exit_codes import ExitCode


def _take_interrupts() -> None:
    """A child of a shell's background job would not hear of ctrl+c."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("names", [("--web", "lyncweb.litwareinc.com"), ("--sip", "kenmyer@litwareinc.com")])
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process")
async def test_interrupted_it_tells_how_far_it_came_and_how_to_go_on(names: tuple[str, str], tmp_path: Path) -> None:
    """Also while names are looked for, as they are where a user alone is named."""
    record = tmp_path / "walk.jsonl"
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tui", "run", "mobility", *names,
            "--dns-inside", f"127.0.0.1:{silent.getsockname()[1]}", "--record", str(record),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            preexec_fn=_take_interrupts,
        )  # fmt: skip
        asked = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(silent, 512), 30)
        assert asked, "the walk is under way"
        process.send_signal(signal.SIGINT)
        stdout, stderr = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert not stdout
    first, *more = stderr.decode().splitlines()
    assert first.startswith("lyncdoctor: interrupted after ")
    assert first.endswith(" steps.")
    assert [line.split(":")[1].strip() for line in more] == [
        f"lyncdoctor resume {record}",
        f"lyncdoctor report {record}",
    ]
    assert record.stat().st_size
