"""Real XMPP servers, built by other people: required in CI, started, led to by records, and asked by the probe."""

import asyncio
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.deployment import Sources
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.xmpp import XmppProbe
from checks.probes.xmpp_facts import Attempt, Stream, StreamFacts
from tests.unit.probes.conftest import NameServer
from tests.unit.probes.xmpp_peers import answering

ADDRESS = "127.0.0.1"
DOMAIN, OURS, HOST = "contoso.com", "litwareinc.com", "xmpp.contoso.com"
_START = 60.0
"""Seconds that a server may take to start."""


@dataclass(frozen=True)
class Ports:
    """Where a server listens at ADDRESS; 0: nowhere."""

    starttls: int
    direct: int = 0


def installed(program: str | None, name: str, package: str) -> str:
    """The program that was looked for. Where it is not there, the test fails in CI and is skipped elsewhere."""
    if program is not None:
        return program
    if os.environ.get("CI"):
        pytest.fail(f"{name} has to be there: install the package {package}.")
    pytest.skip(f"{name} is not installed (Debian's package {package}).")


@contextmanager
def running(
    command: Sequence[str], awaited: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A server, from the moment that it has told all that is awaited of it, each in some line."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Timer(_START, process.kill)
    late.start()
    # What it goes on to tell must not fill the pipe.
    reading = threading.Thread(target=process.stdout.read)
    told: list[str] = []
    waiting = set(awaited)
    try:
        while waiting:
            if not (line := process.stdout.readline()):
                pytest.fail(f"{command[0]} did not start:\n{''.join(told)}")
            told.append(line)
            waiting -= {words for words in waiting if words in line}
        late.cancel()
        reading.start()
        yield
    finally:
        late.cancel()
        process.stdin.close()
        process.terminate()
        process.wait()
        if reading.ident is not None:
            reading.join()
        process.stdout.close()


async def seen(domain: str, ports: Ports, ca_file: Path, *, client: str = "") -> StreamFacts:
    """What the probe tells of a domain whose records lead to these ports."""
    zone = {(f"_xmpp-server._tcp.{domain}", "SRV"): [f"10 0 {ports.starttls} {HOST}."], (HOST, "A"): [ADDRESS]}
    if ports.direct:
        zone[f"_xmpps-server._tcp.{domain}", "SRV"] = [f"20 0 {ports.direct} {HOST}."]
    server = NameServer(answering(zone))
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: server, local_addr=(ADDRESS, 0))
    try:
        sources = Sources(dns_outside=f"{ADDRESS}:{transport.get_extra_info('sockname')[1]}")
        resolver = DnsProbe(sources, "outside")
        network = Network(sources, resolver, "outside")
        probe = XmppProbe(resolver, network, ca_file=str(ca_file), client_certificate=client)
        facts = await probe.ask(Stream(domain=domain, from_domain=OURS, view="outside"))
    finally:
        transport.close()
    assert isinstance(facts, StreamFacts)
    assert facts.way == "records"
    return facts


def only(facts: StreamFacts) -> Attempt:
    """The one attempt that there was to make."""
    (attempt,) = facts.attempts
    return attempt
