"""Whatever is typed in plain mode, the walk ends as one ends, and nothing hostile is printed."""

import asyncio
import io
import sys
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Remedy
from tests.pilot.canned_walk import Beginning, World
from tests.pilot.conftest import STRAIGHT
from tui.exit_codes import ExitCode
from tui.plain import PlainWizard

KEYS = (*["", "v", "f", "r", "m", "p", "a", "t", "y", "n", "w", "h", "e", "b", "j", "1", "2", "N", "?", "."],
        "e Enabled", "-", "what nobody understands", "Identity : x", "\x1b[2J", "9999999999", "\N{SUPERSCRIPT TWO}")  # fmt: skip


@given(typed=st.lists(st.sampled_from(KEYS), max_size=40), enabled=st.booleans(), practice=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_lines(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: Sequence[str],
    enabled: bool,
    practice: bool,
) -> None:
    world = World()
    world.says["Get-CsUser"] = {"Enabled": enabled or None}
    beginning = Beginning(world)

    async def mend(remedy: Remedy) -> str:
        world.says["Get-CsMobilityPolicy"] = {"EnableMobility": True}
        return "Mobility is switched on."

    beginning.mend = mend if practice else None
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(typed) + "\n"))
    code = asyncio.run(PlainWizard(beginning, tuple, ()).run(STRAIGHT))
    assert code in {ExitCode.FINE, ExitCode.FAULT, ExitCode.UNKNOWN}
    said = capsys.readouterr().out
    assert "Step 1 of 3." in said
    assert "\x1b" not in said
    assert beginning.closed == 1
    assert world.closed == 1
