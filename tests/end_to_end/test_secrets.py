"""A password leaves memory nowhere, and a refused one is never tried a second time."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from checks.runbooks import RUNBOOKS
from lab import client
from tests.end_to_end.command import Ended, lyncdoctor, options_for
from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.lab
STEPS = RUNBOOKS["mobility"].step_ids
CANARY = "Canary-7f3a-Passw0rd"


async def walked(home: Path, lab: client.Running, *arguments: str) -> Ended:
    """A walk with the canary as the shell's password, and every file that it could write below `home`."""
    places = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "TMPDIR": str(home)}
    record = ["--record", str(home / "walk.jsonl")]
    return await lyncdoctor(
        "run", "mobility", *options_for(lab.connection), *record, *arguments,
        environment={**places, "LYNCDOCTOR_SHELL_PASSWORD": CANARY},
    )  # fmt: skip


def artefacts(ended: Ended, home: Path) -> str:
    files = [path.read_text(errors="replace") for path in sorted(home.rglob("*")) if path.is_file()]
    assert files
    return "\n".join([ended.stdout, ended.stderr, *files])


async def refusals(lab: client.Running) -> int:
    counts = await lab.control("sign-ins")
    return sum(counts["refused"].values())


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
async def test_the_right_password_is_in_no_artefact(form: str, tmp_path: Path) -> None:
    async with client.start("healthy", shell_password=CANARY) as lab:
        ended = await walked(tmp_path, lab, "--format", form)
        assert ended.code == 0, ended.stdout
        assert await refusals(lab) == 0
    assert "kenmyer" in artefacts(ended, tmp_path)
    assert CANARY not in artefacts(ended, tmp_path)


async def test_a_wrong_password_is_refused_once_and_is_in_no_artefact(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        ended = await walked(tmp_path, lab)
        assert await refusals(lab) == 1
    assert ended.code == 3, ended.stdout
    assert "refused the sign-in" in ended.stdout
    assert CANARY not in artefacts(ended, tmp_path)


async def test_the_password_is_taken_out_of_the_environment() -> None:
    program = "import os; from tui.cli import main; main(['tree', 'xmpp']); print(*os.environ)"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        env={**os.environ, "LYNCDOCTOR_SHELL_PASSWORD": CANARY},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert b"LYNCDOCTOR_SHELL_PASSWORD" not in output


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")
def test_a_password_typed_into_the_form_is_in_no_artefact(tmp_path: Path) -> None:
    """Its shell cannot be reached, because its name server listens nowhere: the walk is shown and written all the same."""
    places = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm-256color"}
    terminal = Terminal(environment={**os.environ, **places})
    walks = tmp_path / "state" / "lyncdoctor" / "walks"

    def written() -> str:
        return "".join(path.read_text() for path in walks.glob("*.jsonl"))

    try:
        terminal.wait_for(lambda: b"Mobility" in terminal.seen, "the welcome screen")
        terminal.type("\x1b[B\r")  # the arrow down: from the symptoms to Mobility
        terminal.wait_for(lambda: b"SIP address" in terminal.seen, "the form")
        terminal.type("kenmyer@litwareinc.com\t\tlyncweb.litwareinc.com\tatl-cs-001.litwareinc.com\t\t")
        terminal.type("\x1b[C\x1b[C")  # the arrow to the right, twice: a remote shell
        terminal.wait_for(lambda: b"Password" in terminal.seen, "the field for the password")
        terminal.type(f"\tatl-cs-001.litwareinc.com\tlitwareinc\\admin\t{CANARY}\t ")
        terminal.wait_for(lambda: b"DNS inside" in terminal.seen, "what More holds")
        terminal.type("\t\t127.0.0.1:9\r")
        terminal.wait_for(lambda: f'"step":"{STEPS[0]}"' in written(), "the first finding")
        terminal.type("q")
        terminal.wait_for_end()
    finally:
        terminal.close()
    assert "litwareinc\\\\admin" in written(), "the account was typed, and so was its password"
    files = "\n".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert CANARY not in files
    assert CANARY.encode() not in terminal.seen
