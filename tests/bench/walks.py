"""Healthy walks against their limit: servers that are 50 ms away, and cmdlets that take 800 ms."""

import asyncio
import shlex
import statistics
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from heapq import heapreplace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from checks.deployment import Vantage
from lab import client
from lab.client import Connection
from tests.bench.distance import from_afar
from tests.bench.figures import Figure
from tests.bench.walking import Walked, Wanted, What

ROUND_TRIP = 0.05
CMDLET = 0.8
"""Seconds."""
SIGN_IN = 2 * ROUND_TRIP
"""What Windows sign-in takes: a challenge, and its proof."""
SLACK = 1.1
"""How often its limit a walk may take."""
LONGEST = 120.0
"""Seconds that a walk may take before it is given up."""


class NotHealthy(Exception):
    """A walk did not end as it should: what it took says nothing."""


@dataclass(frozen=True)
class Kind:
    """One kind of walk."""

    name: str
    runbook: str
    vantage: Vantage
    at_once: int
    """Cmdlets that its shell takes at once; 0 where it has none."""
    local: bool = False
    """True: the shell is this computer's own PowerShell."""

    @property
    def clearing(self) -> float:
        """Seconds that a cmdlet takes at its shell beside the way to its answer: remotely it is cleared up by a third
        exchange, after that which starts it and that which fetches what it brought."""
        return 0.0 if self.local else ROUND_TRIP


KINDS = (
    Kind("mobility, remote shell", "mobility", Vantage.INSIDE, 3),
    Kind("mobility, local shell", "mobility", Vantage.FRONT_END, 1, local=True),
    Kind("mobility, outside, no shell", "mobility", Vantage.OUTSIDE, 0),
    Kind("XMPP, the Edge's shell", "xmpp", Vantage.EDGE, 3),
)


def measured(rounds: int) -> list[Figure]:
    """The figures of all kinds of walks."""
    return asyncio.run(_measured(rounds))


async def _measured(rounds: int) -> list[Figure]:
    figures = []
    memory: list[float] = []
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        _stand_in(folder)
        running = await opened.enter_async_context(client.start(delay_ms=round(CMDLET * 1000)))
        afar = await opened.enter_async_context(from_afar(running.connection, ROUND_TRIP))
        for kind in KINDS:
            figures += await _of_kind(kind, afar, folder, rounds, memory)
    return [*figures, Figure("memory of a walk, at most", memory, "MB")]


async def _of_kind(kind: Kind, connection: Connection, folder: Path, rounds: int, memory: list[float]) -> list[Figure]:
    async def times(what: What, step: str = "") -> list[Walked]:
        wanted = Wanted(
            connection=asdict(connection), runbook=kind.runbook, vantage=kind.vantage, local=kind.local,
            what=what, step=step,
        )  # fmt: skip
        return [await _walked(kind, wanted, folder) for _ in range(rounds)]

    in_turn = await times("in turn")
    alone = _median(await times("one step", in_turn[0].longest))
    ahead = await times("look-ahead")
    memory += [each.memory / 1e6 for each in ahead]
    whole = Figure(f"healthy walk: {kind.name}", [each.seconds for each in ahead], "s", digits=2)
    longest = f"{in_turn[0].longest} alone, {alone:.2f} s"
    rows = [replace(whole, most=SLACK * alone, why=f"({SLACK} x {longest})")]
    if kind.at_once:
        shell = await times("shell")
        one = statistics.median(each.one_cmdlet for each in shell)
        cmdlets = Cmdlets(ahead[0].cmdlets, one, kind, opening=_median(shell) - one)
        rows = _with_cmdlets(whole, cmdlets, alone, longest)
    return [*rows, Figure("- without look-ahead", [each.seconds for each in in_turn], "s", digits=2)]


@dataclass(frozen=True)
class Cmdlets:
    """What a walk asks of its shell. Times are in seconds."""

    many: int
    one: float
    """From a question to its answer, in a session that is open."""
    kind: Kind
    opening: float
    """Until the first session is open."""

    @property
    def whole(self) -> float:
        """What one takes with its clearing up."""
        return self.one + self.kind.clearing

    @property
    def share(self) -> float:
        """Their time divided by how many run at once."""
        return self.many * self.whole / self.kind.at_once

    @property
    def least(self) -> float:
        """What they take where the sessions are opened side by side, sign in one after another, and none waits."""
        free_at = [self.opening + SIGN_IN * number for number in range(self.kind.at_once)]
        for _ in range(self.many):
            heapreplace(free_at, free_at[0] + self.one)
        return max(free_at)


def _with_cmdlets(walked: Figure, cmdlets: Cmdlets, alone: float, longest: str) -> list[Figure]:
    """The walk against its limit, and beside it the least that its cmdlets can take."""
    limit, why = SLACK * cmdlets.share, f"{cmdlets.many} cmdlets of {cmdlets.whole:.2f} s / {cmdlets.kind.at_once}"
    if alone > cmdlets.share:
        limit, why = SLACK * alone, longest
    why = f"({SLACK} x {why})"
    if cmdlets.least > limit:
        limit, why = SLACK * cmdlets.least, f"({SLACK} x the least, which is more than {limit:.2f} s {why})"
    least = f"- the least that {cmdlets.many} cmdlets of {cmdlets.one:.2f} s take, {cmdlets.kind.at_once} at once"
    return [replace(walked, most=limit, why=why), Figure(least, [cmdlets.least], "s", digits=2)]


def _median(walked: Sequence[Walked]) -> float:
    return statistics.median(each.seconds for each in walked)


async def _walked(kind: Kind, wanted: Wanted, folder: Path) -> Walked:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.walking",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "SystemRoot": str(folder), "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(LONGEST):
            said, complaint = await process.communicate(msgspec.json.encode(wanted) + b"\n")
    except TimeoutError:
        process.kill()
        await process.wait()
        raise NotHealthy(f"The walk {kind.name} took longer than {LONGEST:g} s.") from None
    if process.returncode:
        raise NotHealthy(f"The walk {kind.name} crashed: {complaint.decode(errors='replace')[-500:]}")
    walked = msgspec.json.decode(said, type=Walked)
    if walked.status != "ok" or walked.unknown:
        raise NotHealthy(f"The walk {kind.name} ended with {walked.status}, unknown: {', '.join(walked.unknown)}.")
    return walked


def _stand_in(folder: Path) -> None:
    """Puts the lab's PowerShell where Windows has its own. It takes its time for each line that it is asked."""
    program = folder / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    program.parent.mkdir(parents=True)
    program.write_text(
        "#!/bin/sh\n"
        f"cd {shlex.quote(str(Path(client.__file__).parent.parent))}\n"
        f"while IFS= read -r line; do sleep {CMDLET}; printf '%s\\n' \"$line\"; done |\n"
        f"exec {shlex.quote(sys.executable)} -m lab.powershell_host\n"
    )
    program.chmod(0o755)
