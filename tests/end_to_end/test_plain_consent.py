"""Plain mode at a step that signs in as a user: it asks, goes on without, and tries each password once."""

import asyncio
import os
from pathlib import Path

import pytest

from checks.deployment import Vantage
from checks.journal import VERSION, Began, Concluded, Journal, now
from checks.model import Finding, Status
from checks.runbooks import RUNBOOKS
from lab import client
from tests.end_to_end.terminal import Terminal
from tests.end_to_end.test_plain import dialogue
from tui import practice

pytestmark = pytest.mark.lab
STEPS = RUNBOOKS["mobility"].step_ids
SIGN_IN = STEPS.index("mobility.sign-in")
WRONG = "Canary-wrong-2"


async def test_it_goes_on_without_and_can_be_run_later(tmp_path: Path) -> None:
    keys = "\n" * SIGN_IN + "\n" + "r\nyes\ny\n" + "\n" + "q\n"
    code, said = await dialogue(tmp_path, keys, "lab", "--plain", "healthy")
    assert code == 0
    assert said.count("To agree: Signs in at lyncweb.litwareinc.com as kenmyer@litwareinc.com") == 2
    assert "y agrees and runs it, enter goes on without it" in said
    assert "'yes' is none of these." in said
    assert "[>>] Phone sign-in, skipped: Not run" in said
    assert said.index("[>>] Phone sign-in, skipped: Not run") < said.index("[ok] Phone sign-in: ")
    assert "[ok] User document" in said, "one agreement covers it"


def begun(path: Path, connection: client.Connection) -> Path:
    """A walk on the lab, as on any deployment, that has come as far as the sign-in."""
    began = Began(
        version=VERSION,
        runbook="mobility",
        deployment=practice.deployment_of(connection, "mobility"),
        at=now(),
        sources=practice.sources_of(connection, Vantage.OUTSIDE),
    )
    journal = Journal(began, path)
    for step_id in STEPS[:SIGN_IN]:
        finding = Finding(answer="skipped", status=Status.SKIPPED, headline="You skipped this step.")
        journal.add(Concluded(step=step_id, finding=finding, at=now()))
    journal.close()
    return path


def typed_anew(walk: Path, home: Path, right: str) -> bytes:
    """What the terminal showed of a sign-in whose first password is wrong and whose second is right."""
    places = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "TERM": "xterm"}
    terminal = Terminal("--plain", "resume", str(walk), environment={**os.environ, **places})
    try:
        terminal.wait_for(lambda: b"enter goes on without it" in terminal.seen, "the question")
        terminal.type("y\r")
        terminal.wait_for(lambda: b"Password of kenmyer" in terminal.seen, "the question for the password")
        terminal.type(f"{WRONG}\r")
        terminal.wait_for(lambda: b"[XX] Phone sign-in" in terminal.seen, "the refusal")
        terminal.wait_for(lambda: b"t type the password anew" in terminal.seen, "the key for it")
        terminal.type("t\r")
        terminal.wait_for(lambda: terminal.seen.count(b"Password of") == 2, "the second question")
        terminal.type(f"{right}\r")
        terminal.wait_for(lambda: b"[ok] Phone sign-in" in terminal.seen, "the finding")
        terminal.type("q\r")
        terminal.wait_for_end()
    finally:
        terminal.close()
    return terminal.seen


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")
async def test_a_refused_password_is_typed_anew(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        right = lab.connection.passwords[lab.connection.users[0]]
        walk = begun(tmp_path / "walk.jsonl", lab.connection)
        seen = await asyncio.to_thread(typed_anew, walk, tmp_path, right)
        assert sum((await lab.control("sign-ins"))["refused"].values()) == 1
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert "kenmyer" in written
    for secret in (right, WRONG):
        assert secret not in written
        assert secret.encode() not in seen
