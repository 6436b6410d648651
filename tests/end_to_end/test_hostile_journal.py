"""A journal written by somebody else: nothing in it reaches a terminal or a ticket but as text, and it leads nowhere."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks import journal as journals
from checks.journal import UnreadableJournal
from checks.probes import Cmdlet, Unanswered
from checks.secret import Secret
from tests.end_to_end.command import lyncdoctor
from tui.beginning import Beginning
from tui.session import PasswordNeeded, ResumedWalk, Session

COMMITTED = Path(__file__).parents[1] / "journals" / "mobility-policy-disabled-for-user.jsonl"
TRICK = "\x1b]0;owned\x07\x1b[2J\x9b[bold]<script>`|\u202e\r"
# What is no free text: changing it makes a journal that is refused, which other tests show.
STRUCTURE = {
    "kind",
    "on",
    "type",
    "status",
    "reason",
    "step",
    "outcome",
    "phase",
    "stopped",
    "method",
    "view",
    "vantage",
    "way",
    "connection",
    "account",
    "runbook",
}


def poisoned(value: Any, key: str = "") -> Any:
    match value:
        case dict():
            return {name: poisoned(item, name) for name, item in value.items()}
        case list():
            return [poisoned(item, key) for item in value]
        case str() if key not in STRUCTURE:
            return value + TRICK
    return value


def rewritten(path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    lines = [json.loads(line) for line in COMMITTED.read_text().splitlines()]
    path.write_text("".join(json.dumps(change(line)) + "\n" for line in lines))
    return path


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
async def test_a_report_of_it_is_harmless(form: str, tmp_path: Path) -> None:
    path = rewritten(tmp_path / "walk.jsonl", lambda line: line if line["kind"] == "began" else poisoned(line))
    ended = await lyncdoctor("report", str(path), "--format", form)
    assert ended.code == 1
    assert "owned" in ended.stdout, "it is shown, as text"
    assert not [one for one in ended.stdout + ended.stderr if one != "\n" and unicodedata.category(one) == "Cc"]


def test_names_that_did_not_come_through_the_door_are_refused(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "walk.jsonl", lambda line: poisoned(line) if line["kind"] == "began" else line)
    with pytest.raises(UnreadableJournal, match="cannot be right"):
        journals.read(path)


def naming_a_shell(path: Path, user: str) -> Path:
    def change(line: dict[str, Any]) -> dict[str, Any]:
        if line["kind"] == "began":
            line["scenario"] = ""
            line["sources"] |= {"shell": "https://fabrikam.com/OcsPowershell", "shell_user": user}
        return line

    return rewritten(path, change)


async def test_it_makes_nobody_sign_in_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    begin = Beginning({"shell": Secret("of the environment"), "edge": Secret("of the environment")})
    session = await begin(ResumedWalk(journal=naming_a_shell(tmp_path / "a.jsonl", "")))
    assert isinstance(session, Session)
    answer = await session.walk.asking.probes.shell.ask(Cmdlet(name="Get-CsPool"))
    assert isinstance(answer, Unanswered)
    assert "no Lync shell" in answer.detail
    await session.walk.asking.close()
    await session.close()
    with pytest.raises(PasswordNeeded, match=r"fabrikam\.com"):
        await begin(ResumedWalk(journal=naming_a_shell(tmp_path / "b.jsonl", "litwareinc\\admin")))
