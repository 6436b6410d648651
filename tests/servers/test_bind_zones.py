"""BIND serves the zones of the model: the findings about DNS are those that the lab's own name server leads to."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import msgspec
import pytest

from checks.context import Asking
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.knowledge.shell_envelope import read_envelope
from checks.mobility import dns_records
from checks.model import Finding, Reason, Status
from checks.probes import Cmdlet
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runner import run
from lab import scenarios
from lab.addresses import free_port
from lab.dns import NameServer, start_of_authority, zone_of, zones
from lab.model import DOMAIN, POOL, WEB, WEB_INTERNAL, Model, View
from lab.powershell_host import answer, model_of

pytestmark = pytest.mark.lab

NAMED = shutil.which("named", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
NAMES_FAIL = {"name-not-found", "alias-loop"}
LISTED = [one["name"] for one in scenarios.listing() if one["name"].startswith("dns-") or one["name"] in NAMES_FAIL]
CASES = ["healthy", *LISTED, "dns-server-failure", "dns-silent"]
PLACE = Deployment(domains=(DOMAIN,), pool=POOL, web=WEB, web_internal=WEB_INTERNAL)

ADDRESS = "127.0.0.1"
"""BIND serves addresses that an interface has; of 127.0.0.0/8 that is this one."""

Ports = Mapping[View, int]
"""The port of each view's name server."""


@pytest.fixture
def named() -> str:
    """BIND's server."""
    if NAMED is None:
        if os.environ.get("CI"):
            pytest.fail("BIND's named has to be there: install the package bind9.")
        pytest.skip("BIND's named is not installed (Debian's package bind9).")
    return NAMED


def zone_file(model: Model, view: View, zone: str) -> str:
    """The names of the model that lie in a zone, as a master file. What fails or keeps silent is not in it."""
    lines = ["$TTL 60", f"{zone}. IN SOA {start_of_authority(zone)}", f"{zone}. IN NS localhost."]
    for name, entry in model.names[view].items():
        if zone_of(model, view, name) != zone or entry.fault:
            continue
        lines += [f"{name}. IN A {model.addresses[host]}" for host in entry.hosts]
        lines += [f"{name}. IN CNAME {entry.alias}."] if entry.alias else []
        lines += [f"{name}. IN SRV {one.priority} {one.weight} {one.port} {one.target}." for one in entry.services]
    return "\n".join(lines) + "\n"


def configuration(model: Model, view: View, port: int, folder: Path) -> str:
    """A server for one view. A zone that cannot be loaded fails; a policy keeps silent. It asks and tells nobody else."""
    served = {zone: folder / zone for zone in zones(model, view)}
    for zone, file in served.items():
        file.write_text(zone_file(model, view, zone))
    policy = ""
    for name, entry in model.names[view].items():
        if entry.fault == "server-failure":
            served[name] = folder / "there-is-no-such-file"
        elif entry.fault == "drop":
            policy += f"{name}.policy. IN CNAME rpz-drop.\n"
    if policy:
        served["policy"] = folder / "policy"
        start = f"$TTL 60\npolicy. IN SOA {start_of_authority('policy')}\npolicy. IN NS localhost.\n"
        served["policy"].write_text(start + policy)
        policy = 'response-policy { zone "policy"; } recursive-only no qname-wait-recurse no;'
    parts = "\n".join(f'zone "{zone}" {{ type primary; file "{file}"; }};' for zone, file in served.items())
    return f"""
options {{
    directory "{folder}"; pid-file none; lock-file none; session-keyfile none;
    listen-on port {port} {{ {ADDRESS}; }}; listen-on-v6 {{ none; }};
    recursion no; notify no; dnssec-validation no; empty-zones-enable no; trust-anchor-telemetry no;
    {policy}
}};
controls {{ }};
{parts}
"""


@asynccontextmanager
async def bind(named: str, model: Model, ports: Ports, folder: Path) -> AsyncIterator[None]:
    """BIND with the model's zones, a server for each view."""
    async with AsyncExitStack() as stack:
        for view, port in ports.items():
            place = folder / view
            place.mkdir()
            (place / "named.conf").write_text(configuration(model, view, port, place))
            await stack.enter_async_context(running(named, place / "named.conf"))
            for name, entry in model.names[view].items():
                if entry.fault == "drop":
                    await until_silent(name, port)
        yield


async def until_silent(name: str, port: int) -> None:
    """A policy takes hold a moment after the server has said that it runs."""
    async with asyncio.timeout(30):
        while True:
            try:
                await dns.asyncquery.udp(dns.message.make_query(name, "A"), ADDRESS, port=port, timeout=0.5)
            except dns.exception.Timeout:
                return


@asynccontextmanager
async def running(named: str, file: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        named, "-4", "-g", "-n", "1", "-c", str(file),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    told: list[str] = []
    try:
        async with asyncio.timeout(30):
            while not told or not told[-1].endswith(" running"):
                line = await process.stderr.readline()
                if not line:
                    pytest.fail("BIND did not start:\n" + "\n".join(told))
                told.append(line.decode(errors="replace").rstrip())
        # What it goes on to tell must not fill the pipe.
        reading = asyncio.create_task(process.stderr.read())
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    await reading


@asynccontextmanager
async def own(model: Model, ports: Ports) -> AsyncIterator[None]:
    """The lab's own name servers with the same zones at the same place."""
    servers = {view: NameServer(model, view) for view in ports}
    try:
        for view, server in servers.items():
            await server.open(ADDRESS, ports[view])
        yield
    finally:
        for server in servers.values():
            await server.close()


def free_ports() -> Ports:
    first = second = free_port([ADDRESS])
    while second == first:
        second = free_port([ADDRESS])
    return {"inside": first, "outside": second}


async def topology(model: Model) -> Evidence:
    """What the model's Lync shell tells of names."""
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=PLACE, at=now()))
    for question in (Cmdlet(name="Get-CsService", parameters=(("WebServer", True),)), Cmdlet(name="Get-CsSipDomain")):
        told = read_envelope(await asyncio.to_thread(answer, model, question.name, dict(question.parameters)))
        assert told is not None
        record.add(Asked(question=question, answer=told, seat="inside", at=now(), took_ms=0))
    return Evidence([record])


async def concluded(evidence: Evidence, ports: Ports, seat: str = "") -> Finding:
    """What the step finds from a seat, over real sockets."""
    place = msgspec.structs.replace(PLACE, vantage=Vantage(seat)) if seat else PLACE
    sources = Sources(dns_inside=f"{ADDRESS}:{ports['inside']}", dns_outside=f"{ADDRESS}:{ports['outside']}")
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    asking = Asking(LiveProbes(place, sources, {}), record, evidence)
    try:
        return (await run(dns_records.STEP, place, asking)).finding
    finally:
        await asking.close()


@pytest.mark.parametrize("scenario", CASES)
async def test_bind_leads_to_the_same_finding(scenario: str, named: str, tmp_path: Path) -> None:
    model = model_of([scenario])
    ports = free_ports()
    evidence, seat = await topology(model), scenarios.get(scenario).seat
    async with own(model, ports):
        expected = await concluded(evidence, ports, seat)
    async with bind(named, model, ports, tmp_path):
        assert await concluded(evidence, ports, seat) == expected
    if scenario in LISTED:
        cause = scenarios.get(scenario).cause or ""
        step, _, named_answer = cause.partition("/")
        assert expected.answer == (named_answer if step == "mobility.dns" else "resolves")
    else:
        answers = {"healthy": ("resolves", None), "dns-silent": ("not-seen", Reason.TIMEOUT)}
        assert (expected.answer, expected.reason) == answers.get(scenario, ("not-seen", Reason.UNREACHABLE))
        assert expected.status in {Status.OK, Status.UNKNOWN}


QUERIES = ["nobody", "lyncweb", "a.b.wild", "b.wild", "x.below", "below", "_tcp", "_xmpp-server._tcp", "wild", "loop"]


async def test_bind_answers_wildcards_and_names_between_as_the_lab_does(named: str, tmp_path: Path) -> None:
    """What a wildcard covers is easily thought wrong, so every kind of question is compared with BIND's answer."""
    model = model_of([])
    names = model.names["outside"]
    kind = type(names[WEB])
    names |= {
        f"*.wild.{DOMAIN}": kind(hosts=["pool"]),
        f"*.{DOMAIN}": kind(alias=WEB),
        f"deep.below.{DOMAIN}": kind(hosts=["pool"]),
        f"loop.{DOMAIN}": kind(alias=f"elsewhere.{DOMAIN}"),
    }
    ports = free_ports()

    async def asked() -> Sequence[tuple[str, str, set[str]]]:
        answers = []
        for label in (*QUERIES, ""):
            for record_kind in ("A", "AAAA", "CNAME", "SRV"):
                query = dns.message.make_query(f"{label}.{DOMAIN}".lstrip("."), record_kind)
                reply = await dns.asyncquery.udp(query, ADDRESS, 5, ports["outside"])
                records = {line for rrset in reply.answer for line in rrset.to_text().splitlines()}
                answers.append((f"{label} {record_kind}", dns.rcode.to_text(reply.rcode()), records))
                assert reply.flags & dns.flags.AA
        return answers

    async with own(model, ports):
        lab = await asked()
    async with bind(named, model, ports, tmp_path):
        assert await asked() == lab
