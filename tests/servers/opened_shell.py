"""A remote shell that is open to a lab, with what a test looks at."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import lab.client
from checks.deployment import Sources, parse_connect_to
from checks.probes import Cmdlet, Lookup, Objects, Probe, Records, Unanswered, View
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell.remote import Deadlines, RemoteShell
from checks.probes.wire import Endpoint
from checks.secret import Secret
from lab.client import Running
from tests import in_process

KEN = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
POOLS = Cmdlet(name="Get-CsPool")
ADMIN = r"litwareinc\admin"


class Counting(Network):
    """Counts how often somebody set out to connect."""

    def __init__(self, sources: Sources, dns: Probe[Lookup, Records]) -> None:
        super().__init__(sources, dns)
        self.attempts = 0
        self.resolved = asyncio.Event()

    async def endpoints(self, host: str, port: int, view: View) -> tuple[Endpoint, ...] | Records | Unanswered:
        self.attempts += 1
        found = await super().endpoints(host, port, view)
        self.resolved.set()
        return found


class Opened(RemoteShell):
    """A shell of a lab's pool or of its Edge, with what a test looks at."""

    def __init__(
        self, running: Running, password: str | None, deadlines: Deadlines, *, edge: bool = False, **changed: Any
    ) -> None:
        connection = running.connection
        named = {
            "shell": connection.edge_shell_url if edge else connection.shell_url,
            "shell_user": connection.edge_shell_user if edge else connection.shell_user,
            "dns_inside": connection.dns_inside,
            "connect_to": tuple(map(parse_connect_to, connection.connect_to)),
            "ca_file": connection.ca_file,
        }
        sources = Sources(**(named | changed))
        self.running = running
        self.network = Counting(sources, DnsProbe(sources, "inside"))
        self._host = "edge-internal" if edge else "pool"
        super().__init__(
            sources.shell, sources.shell_user, Secret(password) if password else None, self.network, "inside",
            sources.ca_file, sources.proxy, deadlines,
        )  # fmt: skip

    async def requests(self) -> int:
        """How many requests have reached the endpoint."""
        paths = (await self.running.control("requests"))[self._host]
        return sum(number for path, number in paths.items() if path in {"/ocspowershell", "/wsman"})

    async def pipelines(self) -> dict[str, Any]:
        """What the endpoint has run, and runs."""
        counted: dict[str, Any] = (await self.running.control("pipelines"))[self._host]
        return counted

    async def sign_ins(self) -> tuple[int, int]:
        """How often the shell's account was accepted and refused."""
        counted = await self.running.control("sign-ins")
        return counted["accepted"].get(self._lanes.account.user, 0), counted["refused"].get(self._lanes.account.user, 0)


@asynccontextmanager
async def opened(
    *scenarios: str,
    password: str | None = "",
    deadlines: Deadlines | None = None,
    delay_ms: int = 0,
    edge: bool = False,
    apart: bool = False,
    **changed: Any,
) -> AsyncIterator[Opened]:
    """A lab and a shell of it, closed together. An empty password is the right one.

    `apart`: the lab is a process of its own, so that this one's environment tells of no account.
    """
    start = lab.client.start if apart else in_process.start
    async with start(*scenarios, delay_ms=delay_ms) as running:
        connection = running.connection
        right = connection.edge_shell_password if edge else connection.shell_password
        given = right if password == "" else password
        shell = Opened(running, given, deadlines or Deadlines(), edge=edge, **changed)
        try:
            yield shell
        finally:
            await shell.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Asks the lab again and again; each question is a round trip to another process."""
    async with asyncio.timeout(10):
        while not await condition():
            pass


async def nothing_runs(shell: Opened) -> bool:
    """True once no pipeline is left at the server."""
    return bool((await shell.pipelines())["running"] == 0)


async def has_a_free_lane(shell: Opened) -> bool:
    await shell.requests()
    return bool(shell._lanes.free)


def unanswered(answer: Objects | Unanswered) -> Unanswered:
    assert isinstance(answer, Unanswered), "\n".join(answer.lines())
    return answer


def brought(answer: Objects | Unanswered) -> Objects:
    assert isinstance(answer, Objects), answer
    return answer
