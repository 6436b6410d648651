"""The commands of the README and of the guide do what is told of them; their options, keys and links exist.

Each command goes through the program's own command line, in a folder that holds the files it names. What would ask a
network ends where the walk would begin; whatever asks nothing live runs to its end.
"""

import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from checks.journal import read, write_journal
from tui import cli, headless, wizard
from tui.app import WizardApp
from tui.exit_codes import ExitCode
from tui.headless import Order
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "guide.md")
JOURNALS = ROOT / "tests" / "journals"

JOURNAL_FILES = {
    "outside.jsonl": "mobility-healthy",
    "front-end.jsonl": "mobility-healthy",
    "before.jsonl": "mobility-healthy",
    "after.jsonl": "mobility-policy-disabled-for-user",
    "walk.jsonl": "mobility-tls-expired",
    "FILE": "mobility-refused",
    "collected-front-end.jsonl": "collected-front-end-2013",
    "collected-edge.jsonl": "collected-edge-2013",
}
TEXT_FILES = {
    "partners.txt": "fabrikam.com\ncontoso.com\n",
    "users.txt": "sip:kenmyer@litwareinc.com\n",
    "error.txt": "Can't verify the certificate from the server\n",
    "window.txt": "PS C:\\> Get-CsUser -Identity sip:kenmyer@litwareinc.com | Format-List *\n\n"
    "SipAddress    : sip:kenmyer@litwareinc.com\nEnabled       : True\nRegistrarPool : atl-cs-001.litwareinc.com\n\n",
}

_FENCED = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Documented(NamedTuple):
    """A command as a document has it."""

    document: str
    words: tuple[str, ...]
    """Without the program's own name."""
    piped: str
    """What the command before it in a pipe prints."""

    def __str__(self) -> str:
        return f"{self.document}: {' '.join(self.words)}"


def documented() -> Iterator[Documented]:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        blocks = "".join(_FENCED.findall(text)).replace("\\\n", " ")
        for line in [*blocks.splitlines(), *spans(text)]:
            if "lyncdoctor" in line:
                yield from commands_in(line, path.name)


def spans(text: str) -> Iterator[str]:
    """What stands in code within prose, each in one line."""
    yield from (" ".join(span.split()) for span in _CODE.findall(_FENCE.sub("", text)))


def commands_in(line: str, document: str) -> Iterator[Documented]:
    """The calls of the program in a line of a shell."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    call: list[str] = []
    piped = ""
    for word in [*words, ";"]:
        if word not in {"|", "&&", ";"}:
            call.append(word)
            continue
        if call and Path(call[0]).name == "lyncdoctor":
            yield Documented(document, tuple(call[1:]), piped)
        piped = " ".join(call[1:]) if word == "|" and call[0] == "echo" else ""
        call = []


COMMANDS = sorted(set(documented()))


def test_the_documents_have_commands_of_every_kind() -> None:
    kinds = {command.words[:1] for command in COMMANDS}
    named = {"run", "lab", "explain", "tree", "report", "request", "diff", "diagnose", "collect", "resume"}
    assert kinds == {(), *((name,) for name in named), ("--ascii",), ("--plain",)}
    assert any(command.piped for command in COMMANDS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a user stands in, with the files that the documents name, and a walk of his to report and resume."""
    for name, journal in JOURNAL_FILES.items():
        shutil.copy(JOURNALS / f"{journal}.jsonl", tmp_path / name)
    for name, text in TEXT_FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    walks = tmp_path / "walks"
    walks.mkdir()
    monkeypatch.setattr("tui.places.walks", lambda: walks)
    unfinished = read(JOURNALS / "mobility-healthy.jsonl")
    del unfinished.concluded["mobility.client"]
    write_journal(unfinished, walks / "20260101-000000-000000-mobility.jsonl")
    return tmp_path


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been walked live, or shown on a screen."""
    begun: list[str] = []
    run = headless.run

    def walk(order: Order) -> int:
        if order.sources.offline:
            return run(order)
        begun.append(order.runbook.name)
        return ExitCode.FINE

    def show(**arguments: object) -> int:
        begun.append("wizard")
        return ExitCode.FINE

    monkeypatch.setattr(headless, "run", walk)
    monkeypatch.setattr(wizard, "open_wizard", show)
    return begun


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_documented_command_does_something(
    command: Documented,
    folder: Path,
    begun: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(command.piped.encode())))
    for option, file in pairwise(command.words):
        if option == "--record":
            # It lies there for the commands that read what this one records.
            (folder / file).unlink(missing_ok=True)
    before = set(folder.iterdir())
    try:
        code: int | str | None = cli.main(command.words)
    except SystemExit as left:
        code = left.code
    told = capsys.readouterr()
    assert code in {ExitCode.FINE, ExitCode.FAULT, ExitCode.UNKNOWN}, told.err
    assert begun or told.out or set(folder.iterdir()) - before, "it did nothing"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_options_in_the_prose_exist(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = {
        word.partition("=")[0]
        for span in spans(document.read_text(encoding="utf-8"))
        if span.startswith("--")
        for word in span.split()
        if word.startswith("--")
    }
    known = ""
    for command in ([], ["run"], ["lab"], ["collect"], ["report"]):
        with pytest.raises(SystemExit):
            cli.main([*command, "--help"])
        known += capsys.readouterr().out
    assert named
    assert named <= set(re.findall(r"--[a-z-]+", known))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_exit_codes_are_those_of_the_program(document: Path) -> None:
    rows = re.findall(r"^\| (\d+) \|", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(row) for row in rows] == sorted(ExitCode)


def test_the_keys_of_the_guide_are_those_of_the_walk() -> None:
    table = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8").partition("| key |")[2].partition("\n\n")[0]
    told = {key for row in re.findall(r"^\| (.+?) \|", table, re.MULTILINE) for key in re.split(r",? ", row)}
    screens = {key for screen in (StepScreen, VerdictScreen) for key in keys_of(screen)}
    called = {"escape": "esc", "question_mark": "?", "f1": "F1", "slash": "/"}
    assert {called.get(key, key) for key in screens} <= told
    assert told <= {called.get(key, key) for key in screens | set(keys_of(WizardApp))} | {"ctrl+p", "/", "---"}


def keys_of(shows: type[App[Any]] | type[Screen[Any]]) -> Iterator[str]:
    """The keys of letters and functions that a screen binds; those that scroll are known to everybody."""
    known = {"up", "down", "k", "j", "pageup", "pagedown", "space", "home", "end", "left", "right", "tab", "shift+tab"}
    for one in shows.BINDINGS:
        if isinstance(one, Binding):
            yield from (key for key in one.key.split(",") if key not in known)


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda p: p.name
)
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def anchors(text: str) -> set[str]:
    """The anchors that the headings of a page in Markdown have."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}
