"""What is typed line by line: where a paste ends, and who has left."""

import io
import sys

import pytest

from tui.prompts import Left, ask, ask_paste


@pytest.mark.parametrize("typed", ["Enabled : True\nSipAddress : x\n.\nmore\n", "Enabled : True\nSipAddress : x\n"])
async def test_a_paste_ends_with_a_dot_or_with_the_input(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert await ask_paste() == "Enabled : True\nSipAddress : x"


async def test_who_pastes_nothing_and_ends_the_input_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(Left):
        await ask_paste()


@pytest.mark.parametrize("typed", ["q\n", "Q\n", "", " q "])
async def test_q_and_the_end_of_the_input_leave(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(Left):
        await ask("> ")
