"""What the program costs, against its budgets: `python -m tests.bench [--write docs/bench.md]`.

Exit code 1 where a budget is broken, 2 where something could not be measured.
"""

import argparse
import os
import platform
import sys
from pathlib import Path

from tests.bench import screens, walks
from tests.bench.figures import Figure, table
from tests.bench.timed_terminal import NeverCame

PREFACE = """# What it costs

Made by `python -m tests.bench --write docs/bench.md`. Each figure is the median of {rounds} rounds, with the least and the
most beside it; bytes and times are those of a terminal of 80x24 with 256 colours. Measured on {machine}.

"""
REMARKS = f"""
A healthy walk is that of the practice deployment with its servers {walks.ROUND_TRIP * 1000:.0f} ms away: every answer takes
that long, and so does the opening of a connection. Every cmdlet takes {walks.CMDLET * 1000:.0f} ms beside that. Counted is from
the beginning of the walk to its verdict, in a new process, with all that is imported meanwhile. Nothing signs in as a user.

Its limit is {walks.SLACK} times the larger of two. One is the step that takes longest when it is walked alone. The other is
the time of its cmdlets divided by how many run at once: three remotely, one in the local shell. A remote cmdlet takes
three exchanges: one starts it, one fetches what it brought, one clears up. The shell puts the last one off while others
wait, so that walking takes less than the time of the cmdlets one by one.

Beside it stands the least that the cmdlets can take, where no session ever waits. It is more than a third of their time:
the first session has to be opened, the others sign in after it, and a cmdlet cannot be divided by three. Where this
least is already more than the limit, the limit is {walks.SLACK} times the least.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 101), metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the table there")
    options = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("This benchmark needs Linux: it reads from /proc how much memory a program had.")
    try:
        figures = [*screens.measured(options.rounds), *walks.measured(options.rounds)]
    except (NeverCame, walks.NotHealthy) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    text = table(figures)
    sys.stdout.write(text)
    if options.write:
        preface = PREFACE.format(rounds=options.rounds, machine=_machine())
        options.write.write_text(preface + text + REMARKS, encoding="utf-8")
    return 1 if _over(figures) else 0


def _over(figures: list[Figure]) -> bool:
    over = [figure.name for figure in figures if figure.is_over]
    for name in over:
        sys.stderr.write(f"Over its budget: {name}\n")
    return bool(over)


def _machine() -> str:
    """The class of the machine, without its name."""
    load = os.getloadavg()[0]
    return f"Linux, {os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, load {load:.1f}"


if __name__ == "__main__":
    sys.exit(main())
