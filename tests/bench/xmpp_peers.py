"""Fifty partners seen by others' tools and by the server-to-server probe, side by side: `python -m tests.bench.xmpp_peers`."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.own_network import prepare, run_inside
from tests.bench.partners import PORT, domains, host_of, serving
from tests.bench.streams import AT_ONCE

SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/nagios/plugins"
PACKAGES = {
    "named": "bind9",
    "prosody": "prosody",
    "openssl": "openssl",
    "xmpp-dns": "xmpp-dns",
    "check_xmppng": "nagios-check-xmppng",
}
"""The programs that are needed, and Debian's package of each."""
STARTS = 5
ROUND = 3.0
"""Seconds that a round of one tool takes at least: the quick ones are measured more often."""
LONGEST = 120.0
"""Seconds that one process may take."""


@dataclass(frozen=True)
class Tool:
    """One way to look at partners."""

    name: str
    look: Callable[[Sequence[str]], list[str]]
    """The command that looks at these domains."""
    start: list[str]
    """The command that starts the same program and gives it nothing to look at."""
    proof: str
    """What is printed once for each domain whose certificate was seen and verified."""
    takes_many: bool = False
    """True where one process looks at all domains."""


@dataclass
class Measured:
    """Seconds, one of each run."""

    in_turn: list[float] = field(default_factory=list)
    at_once: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Of the tool's own processes alone, for the runs at once."""
    start: list[float] = field(default_factory=list)
    seen: int = 0
    """Domains of the run with the fewest that were seen."""
    missed: str = ""
    """What was said of a domain that was not."""

    def look_through(self, said: Sequence[str], proof: str) -> None:
        """Counts the domains that were seen."""
        self.seen = min(self.seen, sum(each.count(proof) for each in said))
        self.missed = next((each for each in said if proof not in each), self.missed)


def tools() -> list[Tool]:
    """The floor, the others, ours."""
    return [
        Tool(
            "openssl s_client -starttls xmpp-server (floor)",
            lambda names: [
                "openssl", "s_client", "-brief", "-starttls", "xmpp-server", "-xmpphost", names[0],
                "-connect", f"{host_of(names[0])}:{PORT}", "-verify_return_error", "-verify_hostname", names[0],
            ],
            ["openssl", "version"],
            "Verification: OK",
        ),
        Tool(
            "xmpp-dns -s -t",
            lambda names: ["xmpp-dns", "--no-color", "-s", "-t", names[0]],
            ["xmpp-dns", "--version"],
            "Certificate: [OK]",
        ),
        Tool(
            "check_xmppng --s2s --starttls",
            lambda names: ["check_xmppng", "--s2s", "--starttls", "-H", host_of(names[0]), "--servername", names[0]],
            ["check_xmppng", "--help"],
            "XMPP OK",
        ),
        Tool(
            "lyncdoctor run xmpp --partner ...",
            lambda names: [
                sys.executable, "-m", "tui", "run", "xmpp", "--vantage", "outside", "--from", "bench.invalid",
                *(word for name in names for word in ("--partner", name)),
            ],
            [sys.executable, "-m", "tui", "--version"],
            "presents a certificate that is right for it",
            takes_many=True,
        ),
        Tool(
            "our probe alone, one process",
            lambda names: [sys.executable, "-m", "tests.bench.streams", *names],
            [sys.executable, "-m", "tests.bench.streams"],
            "db:verify: invalid",
            takes_many=True,
        ),
    ]  # fmt: skip


def run(command: Sequence[str], environment: dict[str, str]) -> str:
    """What a program says, on either output."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=LONGEST, check=False,
    )  # fmt: skip
    return done.stdout.decode(errors="replace")


def timed(act: Callable[[], list[str]]) -> tuple[float, float, list[str]]:
    """Seconds by the clock, seconds of the processor in the programs that were run, and what they said."""
    used, started = _used(), time.perf_counter()
    said = act()
    return time.perf_counter() - started, _used() - used, said


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def round_of(tool: Tool, names: Sequence[str], environment: dict[str, str], measured: Measured) -> str:
    """One round of one tool, of several runs where it is quick; gives what it said of the first domain."""
    measured.start += [timed(lambda: [run(tool.start, environment)])[0] for _ in range(STARTS)]
    until = time.monotonic() + ROUND
    while True:
        first = _look(tool, names, environment, measured)
        if time.monotonic() >= until:
            return first


def _look(tool: Tool, names: Sequence[str], environment: dict[str, str], measured: Measured) -> str:
    if tool.takes_many:
        seconds, processor, said = timed(lambda: [run(tool.look(names), environment)])
        first = run(tool.look(names[:1]), environment)
    else:
        commands = [tool.look([name]) for name in names]
        seconds, _, said = timed(lambda: [run(command, environment) for command in commands])
        measured.in_turn.append(seconds)
        measured.look_through(said, tool.proof)
        first = said[0]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            seconds, processor, said = timed(
                lambda: list(pool.map(lambda command: run(command, environment), commands))
            )
    measured.at_once.append(seconds)
    measured.processor.append(processor)
    measured.look_through(said, tool.proof)
    return first


def shown(seconds: Sequence[float]) -> str:
    """The median, and the fastest and the slowest."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})" if seconds else "-"


def table(results: dict[str, Measured], count: int) -> list[str]:
    """A row for each tool."""
    head = ("", "one by one, s", f"{AT_ONCE} at once, s", "processor, s", "start-up, s", "seen")
    rows = [
        (
            name,
            shown(one.in_turn),
            shown(one.at_once),
            f"{statistics.median(one.processor):.2f}",
            f"{statistics.median(one.start):.3f}",
            f"{one.seen} of {count}",
        )
        for name, one in results.items()
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]


def compared(results: dict[str, Measured], count: int) -> list[str]:
    """How long each of ours takes for each second of another's."""
    others = {name: one for name, one in results.items() if one.in_turn}
    lines = []
    for own in (name for name in results if name not in others):
        ours = results[own]
        mine, start = statistics.median(ours.at_once), statistics.median(ours.start)
        for name, one in others.items():
            theirs, starts = statistics.median(one.in_turn), count * statistics.median(one.start)
            lines += [
                f"{own}: {mine / theirs:.2f} of the time of {count} runs of {name};",
                f"  {(mine - start) / (theirs - starts):.2f} without start-up on either side; "
                f"{mine / statistics.median(one.at_once):.2f} where {AT_ONCE} of its runs go side by side.",
            ]
    return lines


def quoted(said: dict[str, str]) -> list[str]:
    """What each tool said, as a paragraph each."""
    lines: list[str] = []
    for name, text in said.items():
        paragraph = f"{name}: " + "; ".join(line.strip() for line in text.splitlines() if line.strip())
        lines += textwrap.wrap(
            paragraph, 118, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
    return lines


def measure(
    used: Sequence[Tool], names: Sequence[str], rounds: int, folder: Path
) -> tuple[dict[str, Measured], dict[str, str]]:
    """The figures of each tool, and what it said of the first domain; to be called in the own network."""
    results = {tool.name: Measured(seen=len(names)) for tool in used}
    said: dict[str, str] = {}
    with serving(names, _program("named"), _program("prosody"), folder) as trusted:
        environment = {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "HOME": str(folder), "SSL_CERT_FILE": str(trusted)}
        for _ in range(rounds):
            for tool in used:
                said[tool.name] = round_of(tool, names, environment, results[tool.name])
    return results, said


def _program(name: str) -> str:
    return shutil.which(name, path=SYSTEM_PATH) or name


def report(count: int, rounds: int) -> list[str]:
    """Measures; to be called in the own network."""
    names = domains(count)
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place))
        results, said = measure(tools(), names, rounds, Path(place))
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    lines = [
        f"{count} domains, {rounds} rounds: median (fastest-slowest). {os.cpu_count()} processors, load {load}.",
        "",
        *table(results, count),
        "",
        *compared(results, count),
    ]
    if missed := {name: one.missed for name, one in results.items() if one.seen < count}:
        lines += ["", "Not every domain was seen, so that time is of less work. Said of one that was not:"]
        lines += quoted(missed)
    return [*lines, "", f"Said of {names[0]}:", *quoted(said)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.xmpp_peers", description=__doc__)
    parser.add_argument("--domains", type=int, default=50, choices=range(1, 251), metavar="N")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 101), metavar="N")
    parser.add_argument("--in-own-network", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    missing = [program for program in PACKAGES if shutil.which(program, path=SYSTEM_PATH) is None]
    if missing:
        packages = " ".join(PACKAGES[program] for program in missing)
        sys.exit(f"Missing: {', '.join(missing)}. Install Debian's {packages}.")
    if not options.in_own_network:
        return run_inside(sys.executable, "-m", "tests.bench.xmpp_peers", "--in-own-network", *sys.argv[1:])
    print("\n".join(report(options.domains, options.rounds)))  # noqa: T201 - it is what the program is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
