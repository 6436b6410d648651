"""What starts fast must stay so: the command line imports no screen, no probe library and no lab until it must."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("textual", "rich", "httpx", "dns", "psutil", "cryptography", "pypsrp", "spnego", "lab.client", "h11")


FIRST_SCREEN = """
import asyncio, sys
import tui.cli, tui.wizard
from tui.app import WizardApp

async def begin(request):
    raise AssertionError("nobody asked for a walk")

async def shown():
    app = WizardApp(begin=begin)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "from the top" in pilot.app.screen.query_one("Menu").render().plain

asyncio.run(shown())
print(*sys.modules)
"""


def imported_by(*arguments: str) -> set[str]:
    """The modules that are loaded once the command has ended."""
    program = (
        "import sys\n"
        "from tui.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "sys.stdout.flush()\nprint('MODULES', *sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return set(run.stdout.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize("arguments", [
    ("--help",), ("--version",), ("run", "--help"), ("explain", "mobility.policy"), ("tree", "xmpp"), ("lab", "--list"),
], ids=" ".join)  # fmt: skip
def test_nothing_heavy_is_imported(arguments: tuple[str, ...]) -> None:
    modules = imported_by(*arguments)
    assert not [name for name in HEAVY if name in modules]


def test_the_first_screen_needs_no_other_screen_and_nothing_of_the_walk(tmp_path: Path) -> None:
    """Each would be a part of the start, and nobody has chosen it yet."""
    run = subprocess.run(
        [sys.executable, "-c", FIRST_SCREEN], env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = set(run.stdout.split())
    needless = {"argparse", "msgspec", "checks.model", "checks.walk", "lab", *HEAVY} - {"textual", "rich"}
    assert not needless & loaded
    assert {name for name in loaded if name.startswith("tui.screens.")} == {"tui.screens.frame", "tui.screens.welcome"}
