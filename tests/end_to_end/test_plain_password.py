"""Plain mode in a terminal: a refused password is typed anew, and neither is written anywhere."""

import asyncio
import os
from pathlib import Path

import pytest

from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from lab import client
from tests.end_to_end.terminal import Terminal
from tui import practice

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX"),
]
RIGHT = "Canary-right-1"
WRONG = "Canary-wrong-2"


def begun(path: Path, connection: client.Connection) -> Path:
    """A walk through mobility that begins, on the lab as if it were a deployment like any other."""
    deployment = practice.deployment_of(connection, "mobility")
    sources = practice.sources_of(connection, Vantage.INSIDE)
    began = Began(version=VERSION, runbook="mobility", deployment=deployment, at=now(), sources=sources)
    Journal(began, path).close()
    return path


def typed_anew(walk: Path, home: Path) -> bytes:
    """What the terminal showed of a walk whose first password is wrong and whose second is right."""
    places = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "TERM": "xterm"}
    terminal = Terminal("--plain", "resume", str(walk), environment={**os.environ, **places})

    try:
        terminal.wait_for(lambda: b"Password of" in terminal.seen, "the question for the password")
        terminal.type(f"{WRONG}\r")
        terminal.wait_for(lambda: b"refused the sign-in" in b" ".join(terminal.seen.split()), "the refusal")
        terminal.wait_for(lambda: b"t type the password anew" in terminal.seen, "the key for it")
        terminal.type("t\r")
        terminal.wait_for(lambda: terminal.seen.count(b"Password of") == 2, "the second question")
        terminal.type(f"{RIGHT}\r")
        terminal.wait_for(lambda: b"[ok] Permissions" in terminal.seen, "the finding")
        terminal.type("\r")
        terminal.wait_for(lambda: b"[ok] Services" in terminal.seen, "the next finding, without another question")
        terminal.type("v\r")
        terminal.wait_for(lambda: b"The verdict so far: 2 of" in terminal.seen, "the verdict so far")
        terminal.type("q\r")
        terminal.wait_for_end()
    finally:
        terminal.close()
    return terminal.seen


async def test_a_refused_password_is_typed_anew(tmp_path: Path) -> None:
    async with client.start("healthy", shell_password=RIGHT) as lab:
        walk = begun(tmp_path / "walk.jsonl", lab.connection)
        seen = await asyncio.to_thread(typed_anew, walk, tmp_path)
        assert sum((await lab.control("sign-ins"))["refused"].values()) == 1
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert "kenmyer" in written
    for secret in (RIGHT, WRONG):
        assert secret not in written
        assert secret.encode() not in seen
