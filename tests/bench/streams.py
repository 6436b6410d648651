"""The server-to-server probe on many domains in one process: `python -m tests.bench.streams [DOMAIN …]`."""

import asyncio
import sys
from collections.abc import Sequence

from checks.deployment import Sources
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.xmpp import XmppProbe
from checks.probes.xmpp_facts import Stream

AT_ONCE = 8
"""Domains that are looked at side by side."""


async def look_at(domains: Sequence[str], from_domain: str) -> None:
    """Prints what the probe tells of each domain, in their order. Names and trust are the system's."""
    sources = Sources()
    resolver = DnsProbe(sources, "outside")
    probe = XmppProbe(resolver, Network(sources, resolver, "outside"))
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(domain: str) -> str:
        async with gate:
            return "\n".join((await probe.ask(Stream(domain=domain, from_domain=from_domain, view="outside"))).lines())

    for told in await asyncio.gather(*map(look, domains)):
        print(told)  # noqa: T201 - it is what the program is for


if __name__ == "__main__":
    asyncio.run(look_at(sys.argv[1:], "litwareinc.com"))
