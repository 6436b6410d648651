"""Whatever the text is: no crash, bounded, clean, and the same each time."""

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.knowledge.diagnosis import Diagnosis, diagnose
from checks.knowledge.diagnosis.conclusion import MOST_LIKELY
from checks.knowledge.diagnosis.paste import MOST_CHARACTERS, Paste
from tests.unit.knowledge.diagnosis import (
    test_connection_texts,
    test_documented_texts,
    test_mobility_texts,
    test_shell_texts,
    test_xmpp_texts,
)
from tests.unit.knowledge.diagnosis.expected import NOW, Row

PROSE = [
    *test_mobility_texts.PHONES,
    *test_mobility_texts.TICKETS,
    *test_mobility_texts.HTTP,
    *test_connection_texts.SOCKETS,
    *test_connection_texts.TLS,
    *test_connection_texts.SIP,
    *test_xmpp_texts.SERVERS,
    *test_xmpp_texts.EVENTS,
    *test_shell_texts.ERRORS,
]
ROWS = [*PROSE, *test_shell_texts.OBJECTS, *test_documented_texts.ROWS]
FRAGMENTS = st.sampled_from([row.text for row in ROWS])
NOISE = st.text(max_size=200)
ANY_TEXT = st.lists(FRAGMENTS | NOISE, max_size=5).map("\n".join)


def _sentences(found: Diagnosis) -> Iterator[str]:
    yield from found.recognised
    yield from found.in_order
    yield from found.not_meant
    yield found.question
    for one in found.likely:
        yield from (one.cause, one.reason, one.step, one.command, one.who)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_diagnosed_and_what_is_said_is_clean(text: str) -> None:
    found = diagnose(text, NOW)
    assert len(found.likely) <= MOST_LIKELY
    assert found.likely or found.question or found.in_order
    causes = [one.cause for one in found.likely]
    assert len(causes) == len(set(causes))
    for sentence in _sentences(found):
        assert len(sentence) <= 700
        assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in sentence)
        assert "«" not in sentence
    assert diagnose(text, NOW) == found


@settings(max_examples=150, deadline=None)
@given(FRAGMENTS, st.integers(0, 400), NOISE)
def test_a_text_that_was_cut_or_mangled_is_diagnosed(text: str, at: int, noise: str) -> None:
    found = diagnose(text[:at] + noise + text[at + len(noise) :], NOW)
    assert found.likely or found.question or found.in_order


@given(st.text(max_size=300))
def test_positions_in_lower_case_are_those_of_the_text(text: str) -> None:
    paste = Paste(text)
    assert len(paste.low) == len(paste.flat)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROSE), st.sampled_from(["\n", "\n    ", " \n  ", "\u00a0"]))
def test_wrapping_between_words_changes_no_cause_of_prose(row: Row, break_: str) -> None:
    """A console breaks sentences anywhere; only texts that are read line by line may suffer."""
    if "\n" in row.text:
        return
    assert row.cause.lower() in diagnose(row.text.replace(" ", break_, 3), NOW).likely[0].cause.lower()


@pytest.mark.parametrize("escape", ["\x1b[31m", "\u202e", "\x07", "\x9b1m"])
def test_no_terminal_escape_comes_through(escape: str) -> None:
    found = diagnose(
        f'ms-diagnostics: 1499;reason="bad{escape}word";source="fe01.contoso.com"\n{escape}10060 :443{escape}'
    )
    assert found.likely
    assert not any(
        character in sentence
        for sentence in _sentences(found)
        for character in escape
        if not character.isalnum() and character not in "["
    )


@pytest.mark.parametrize(
    "unit",
    ["a", "\n", "a.", "@a.b", "10060 ", "TCP 1.2.3.4:5 6.7.8.9:10 X\n", "a : b\n", "http://a.b/", "sip:", "Name : \n", "1.1.1 a: \n",
     "EnableMobility : False\n", "-----BEGIN CERTIFICATE-----\n", "HTTP/1.1 200 OK\n", '{"a":', "<failure ", "한국", "https://" + "a." * 50],
)  # fmt: skip
def test_a_long_text_of_one_pattern_is_diagnosed(unit: str) -> None:
    """A pattern that backtracks over the whole text would not come back from these."""
    found = diagnose(unit * (300_000 // len(unit)), NOW)
    assert found.likely or found.question or found.in_order


def test_what_lies_beyond_a_million_characters_is_not_looked_at() -> None:
    found = diagnose("x " * (MOST_CHARACTERS // 2) + "\nE_SslError")
    assert not found.likely
    assert "1,000,000" in found.recognised[-1]
