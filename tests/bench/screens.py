"""What the wizard costs in a terminal of 80x24 with 256 colours: its start, its bytes, its answers to keys, its memory."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.bare_app import SHOWN
from tests.bench.figures import Figure
from tests.bench.timed_terminal import TimedTerminal, Written, terminal

START = 1.3
"""How often the start of a bare Textual app the start may take."""
AT_ONCE = 100
"""Milliseconds after which work has to say that it runs: what a key does without asking anybody takes less."""
STEP_BYTES = 6000
RUNNING_BYTES = 300
"""In any second."""
WELCOME = "Start from a symptom"
HEALTHY, FAULTY, SILENT = "healthy", "policy-disabled-for-user", "autodiscover-silent"
"""Scenarios: the last has a step that waits for seconds."""
STEP = b"step "
"""In the head of every step, and of no other screen."""
_COUNT_TEXTUAL = (
    "import sys\n"
    "from tui.cli import main\n"
    "try:\n    main()\n"
    "finally:\n    sys.stderr.write(str(sum(name.split('.')[0] == 'textual' for name in sys.modules)))\n"
)


def measured(rounds: int) -> list[Figure]:
    """The figures of the screens and of the commands that need none."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        return [
            *_commands(rounds),
            *_starts(rounds, folder),
            *_steps(rounds, folder),
            _running(rounds, folder),
        ]


def _commands(rounds: int) -> list[Figure]:
    figures = []
    for option in ("--version", "--help"):
        _timed(option)
        figures += [
            Figure(option, [_timed(option) * 1000 for _ in range(rounds)], "ms"),
            Figure(f"- modules of Textual that {option} imports", [_textual(option)], most=0),
        ]
    return figures


def _timed(option: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tui", option], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _textual(option: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _COUNT_TEXTUAL, option], capture_output=True, text=True, check=True, env=os.environ
    )
    return int(done.stderr)


def _starts(rounds: int, folder: Path) -> list[Figure]:
    """The first round is not counted: it reads from the disk."""
    bare, ours, painted, idle = [], [], [], []
    for _ in range(rounds + 1):
        with terminal("-m", "tests.bench.bare_app", folder=folder) as opened:
            bare.append(opened.painted(SHOWN).seconds * 1000)
        with terminal("-m", "tui", folder=folder) as opened:
            written = opened.painted(WELCOME)
            ours.append(written.seconds * 1000)
            painted.append(float(len(written.data)))
            idle.append(float(len(opened.during(2).data)))
    floor = Figure("start of a bare Textual app to its first screen", bare[1:], "ms")
    return [
        floor,
        Figure(
            "start of the wizard to its first screen", ours[1:], "ms", START * floor.median, why=f"({START} x that)"
        ),
        Figure("bytes of the first screen", painted[1:], "B"),
        Figure("bytes in two idle seconds on the first screen", idle[1:], "B", 0),
    ]


def _steps(rounds: int, folder: Path) -> list[Figure]:
    changes, idle, memory = [], [], []
    enter: list[float] = []
    fold: list[float] = []
    for _ in range(rounds):
        sizes: list[int] = []
        for scenario in (HEALTHY, FAULTY):
            with terminal("-m", "tui", "lab", scenario, folder=folder) as opened:
                _open_first(opened)
                while (written := _pressed(opened, "\r")).data.count(STEP):
                    sizes.append(len(written.data))
                    enter.append(written.seconds * 1000)
                    fold += [_pressed(opened, "w").seconds * 1000 for _ in ("open", "close")]
                idle.append(float(len(opened.during(2).data)))
                memory.append(opened.most_memory() / 1e6)
        changes.append(float(max(sizes)))
    return [
        Figure("bytes of a change of step, the largest of a walk", changes, "B", STEP_BYTES),
        Figure("bytes in two idle seconds on the verdict", idle, "B", 0),
        Figure("enter to the next step, gathered ahead", enter, "ms", AT_ONCE),
        Figure("key to a fold opened or closed", fold, "ms", AT_ONCE),
        Figure("memory of the wizard after a walk, at most", memory, "MB"),
    ]


def _running(rounds: int, folder: Path) -> Figure:
    seconds = []
    for _ in range(rounds):
        with terminal("-m", "tui", "lab", SILENT, folder=folder) as opened:
            _open_first(opened)
            while b"ASKING" not in _pressed(opened, "\r").data:
                pass
            seconds += [float(len(opened.during(1).data)) for _ in range(5)]
    return Figure("bytes of a running step in a second", seconds, "B", RUNNING_BYTES)


def _pressed(opened: TimedTerminal, key: str) -> Written:
    opened.press(key)
    return opened.painted()


def _open_first(opened: TimedTerminal) -> None:
    """Waits for the first step's finding, and until what comes after it has been gathered."""
    opened.painted("step 1/", "next")
    opened.settled(2.0)
