"""What partners are convinced by stays out of every value, wherever it came from."""

from pathlib import Path

import msgspec
import pytest

from checks import journal
from checks.deployment import Deployment
from checks.journal import VERSION, Asked, Began, Journal
from checks.knowledge.pasted import understand
from checks.probes import Cmdlet, Objects

PHRASE = "wintergreen-7731"
QUESTION = Cmdlet(name="Get-CsXmppGatewayConfiguration")


@pytest.mark.parametrize("name", ["DialbackPassphrase", "dialbackpassphrase"])
def test_a_value_keeps_only_that_it_is_set(name: str) -> None:
    told = Objects(objects=({"Identity": "Global", name: PHRASE},))
    assert told.objects[0] == {"Identity": "Global", name: "(set)"}
    assert PHRASE not in "\n".join(told.lines())


def test_what_is_not_set_stays_so() -> None:
    assert Objects(objects=({"DialbackPassphrase": None}, {"DialbackPassphrase": ""})).objects == (
        {"DialbackPassphrase": None},
        {"DialbackPassphrase": ""},
    )


def test_a_journal_that_holds_it_is_read_without_it() -> None:
    line = msgspec.json.encode(Objects(objects=({"DialbackPassphrase": "x"},))).replace(b"(set)", PHRASE.encode())
    assert msgspec.json.decode(line, type=Objects).objects == ({"DialbackPassphrase": "(set)"},)


def test_a_paste_is_taken_without_it() -> None:
    told = understand(
        QUESTION, f"Identity           : Global\nConnectionLimit    : 1000\nDialbackPassphrase : {PHRASE}\n"
    )
    assert isinstance(told, Objects)
    assert told.objects[0]["DialbackPassphrase"] == "(set)"


def test_a_journal_is_written_without_it(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    written = Journal(
        Began(version=VERSION, runbook="xmpp", deployment=Deployment(), at="2026-01-01T00:00:00+00:00"), path
    )
    answer = Objects(objects=({"DialbackPassphrase": PHRASE},))
    written.add(Asked(question=QUESTION, answer=answer, seat="front-end", at="2026-01-01T00:00:00+00:00", took_ms=1))
    written.close()
    assert PHRASE not in path.read_text()
    assert journal.read(path).asked[QUESTION].answer == Objects(objects=({"DialbackPassphrase": "(set)"},))
