"""Which terminals cannot show screens, so that plain mode goes on by itself."""

import sys

import pytest

from tui.wizard import cannot_draw


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


@pytest.mark.parametrize("end", ["stdin", "stdout"])
def test_a_pipe_cannot(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getattr(sys, end), "isatty", lambda: False)
    assert cannot_draw() == "This is no terminal, and cannot show screens."


def on_windows(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "getwindowsversion", lambda: version, raising=False)


def test_a_usual_terminal_can() -> None:
    assert cannot_draw() == ""


def test_a_dumb_one_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert cannot_draw() == "This terminal (TERM=dumb) cannot show screens."


@pytest.mark.parametrize("version", [(6, 2), (6, 3)], ids=["Windows Server 2012", "Windows Server 2012 R2"])
def test_a_console_before_windows_server_2016_cannot(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch, version)
    assert cannot_draw() == "This console is older than Windows Server 2016 and cannot show screens."


def test_that_of_windows_server_2016_can(monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch, (10, 0))
    assert cannot_draw() == ""
