"""Plain mode tells what a step waits for while it takes long, and goes on after a cancel."""

import asyncio
import io
import os
import signal
import sys

import pytest

from tests.pilot.canned_walk import Beginning, World
from tests.pilot.conftest import STRAIGHT
from tui import plain_adding
from tui.plain import PlainWizard


def type_lines(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))


async def until_said(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, once the words are in it."""
    said = ""
    async with asyncio.timeout(20):
        while words not in said:
            await asyncio.sleep(0)
            said += capsys.readouterr().out
    return said


async def test_what_a_long_step_waits_for_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plain_adding, "EVERY", 0.001)
    type_lines("q\n", monkeypatch)
    world = World()
    answer = world.hold("Get-CsUser")
    walking = asyncio.create_task(PlainWizard(Beginning(world), tuple, ()).run(STRAIGHT))
    said = await until_said("Still looking, 0 s: Get-CsUser\n", capsys)
    assert said.index("Looking. Ctrl+c cancels.") < said.index("Still looking")
    answer.set()
    assert await walking == 0
    rest = capsys.readouterr().out
    assert "[ok] Users enabled" in rest
    assert "Still looking" not in rest.partition("[ok] Users enabled")[2]


async def test_a_step_that_answers_at_once_tells_nothing_of_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_lines("\nq\n", monkeypatch)
    await PlainWizard(Beginning(World()), tuple, ()).run(STRAIGHT)
    assert "Still looking" not in capsys.readouterr().out


def test_ctrl_c_cancels_the_step_and_not_the_walk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plain_adding, "EVERY", 0.001)
    type_lines("\nq\n", monkeypatch)
    world = World()
    world.hold("Get-CsUser")

    async def interrupt() -> str:
        said = await until_said("Still looking", capsys)
        os.kill(os.getpid(), signal.SIGINT)
        return said

    async def walk() -> int:
        interrupting = asyncio.create_task(interrupt())
        code = await PlainWizard(Beginning(world), tuple, ()).run(STRAIGHT)
        await interrupting
        return code

    asyncio.run(walk())
    said = capsys.readouterr().out
    assert "[??] Users enabled, unknown: You cancelled this check" in said
    assert "[XX] Mobility policy, failed: " in said
