"""Where stdout has few characters a report comes out in plain letters, and data comes out whole."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "journals"
JOURNAL = FOLDER / "xmpp-xmpp-tls-missing.jsonl"
ENCODINGS = ("ascii", "latin-1", "cp437", "cp1252")


async def said(encoding: str, *arguments: str, typed: str = "") -> tuple[int, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", *arguments, env={**os.environ, "PYTHONIOENCODING": encoding},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    assert process.returncode is not None
    return process.returncode, out, err


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", ["text", "markdown", "nagios"])
async def test_a_report_for_people_is_written_in_any(encoding: str, form: str) -> None:
    code, out, err = await said(encoding, "report", str(JOURNAL), "--format", form)
    assert (code, err) == (2 if form == "nagios" else 1, b"")
    text = out.decode(encoding)
    assert "the partner offers no TLS" in text
    assert encoding == "cp1252" or "“" not in text


async def test_what_is_lacking_is_plain() -> None:
    _, out, _ = await said("ascii", "report", str(JOURNAL))
    assert "Send this to the administrator of fabrikam.com: 'Your server" in " ".join(out.decode("ascii").split())


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_data_is_utf_8_in_any(encoding: str) -> None:
    _, expected, _ = await said("utf-8", "report", str(JOURNAL), "--format", "json")
    _, out, err = await said(encoding, "report", str(JOURNAL), "--format", "json")
    assert err == b""
    assert json.loads(out) == json.loads(expected)


async def test_the_dialogue_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    code, out, err = await said("cp437", "--plain", typed="1\nq\n")
    assert (code, err) == (0, b"")
    assert b"'Can't verify the certificate from the server'" in out
