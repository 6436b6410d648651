"""What starts fast must stay so: the command line imports no screen, no probe library and no lab until it must."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "httpx", "dns", "psutil", "cryptography", "pypsrp", "spnego", "lab.client", "h11")


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
