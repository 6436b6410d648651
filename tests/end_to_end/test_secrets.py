"""A password leaves memory nowhere, and a refused one is never tried a second time."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from lab import client
from tests.end_to_end.command import Ended, lyncdoctor, options_for

pytestmark = pytest.mark.lab
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
