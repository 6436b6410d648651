"""Hostile text, secrets, and PowerShell as text."""

import copy
import pickle
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.powershell import command_line, quote
from checks.secret import Secret
from checks.text import clean, clean_lines

HOSTILE = "a\x1b[31mb\x07c\u202ed\x9be\ud800f"


@given(st.text(max_size=300), st.integers(1, 200))
def test_clean_text_has_no_control_character_and_keeps_the_limit(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert all(unicodedata.category(character) not in {"Cc", "Cs"} for character in cleaned)
    assert clean(cleaned, limit) == cleaned


@given(st.text(max_size=2000))
def test_clean_lines_breaks_lines_and_nothing_else(text: str) -> None:
    cleaned = clean_lines(text, 500, 10)
    assert all(character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"} for character in cleaned)
    assert cleaned.count("\n") < 10


def test_escapes_and_reordering_marks_are_shown_as_replaced() -> None:
    replacement = "\N{REPLACEMENT CHARACTER}"
    expected = f"a{replacement}[31mb{replacement}c{replacement}d{replacement}e{replacement}f"
    assert clean(HOSTILE) == expected
    assert clean("one\r\ntwo") == "one  two"
    assert clean_lines("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_a_secret_is_printed_by_nothing() -> None:
    secret = Secret("canary")
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>10}",
        "".join(map(str, [secret])),
        repr([secret]),
        repr({"a": secret}),
    ]
    assert not any("canary" in text for text in shown)
    assert secret.reveal() == "canary"
    for write in (pickle.dumps, msgspec.json.encode, copy.deepcopy):
        with pytest.raises(TypeError):
            write(secret)


@pytest.mark.parametrize(("value", "quoted"), [
    (True, "$True"), (None, "$Null"), (5, "5"), ("Global", "Global"), ("sip:kenmyer@litwareinc.com", "sip:kenmyer@litwareinc.com"),
    ("Ken Myer", "'Ken Myer'"), ("", "''"), ("it's", "'it''s'"), ("a\u2019b", "'a\u2019\u2019b'"), ("$(calc)", "'$(calc)'"),
    ("-Force", "'-Force'"), ([], "@()"), (["a", "b c"], "a,'b c'"), ({"Add": "x y"}, "@{Add='x y'}"), ("*XMPP*", "'*XMPP*'"),
])  # fmt: skip
def test_quoting(value: object, quoted: str) -> None:
    assert quote(value) == quoted


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40))
def test_a_quoted_text_is_one_argument_and_expands_nothing(text: str) -> None:
    quoted = quote(text)
    if not quoted.startswith("'"):
        assert not set(quoted) & set("$`\"'(){};|&<> @,#") - set("@"), "bare words hold nothing that PowerShell acts on"
        return
    inside = quoted[1:-1]
    for mark in "'\u2018\u2019\u201a\u201b":
        inside = inside.replace(mark * 2, "")
    assert not set(inside) & set("'\u2018\u2019\u201a\u201b"), "every quote inside is doubled"


def test_switches_are_written_as_switches() -> None:
    assert command_line("Get-CsService", {"EdgeServer": True}) == "Get-CsService -EdgeServer"
    parameters = {"Identity": "Global", "EnableMobility": True}
    assert (
        command_line("Set-CsMobilityPolicy", parameters)
        == "Set-CsMobilityPolicy -Identity Global -EnableMobility $True"
    )
