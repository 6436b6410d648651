"""One finding, whoever brought the facts: a remote shell, the local one, a paste in each form, a collected file, a record.

Each scenario of the lab is walked live once. Then the facts of the servers come from another source, and the facts of
the network from what was recorded.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from checks import journal as journals
from checks.collecting import script
from checks.context import Asking
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import PASTED, VERSION, Asked, Began, Journal, now
from checks.knowledge.pasted import NotUnderstood, understand
from checks.model import Finding, Reason, Status
from checks.probes import Answer, Cmdlet, Objects, Question, Socket, Sockets, SocketTable, Unanswered
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.secret import Secret
from checks.walk import Walk
from lab import client, printing, scenarios
from lab.cmdlets import CmdletError, Command, run
from lab.model import EdgeSocket
from lab.powershell_host import model_of
from tests.collected import deployment, played, played_on_each
from tests.end_to_end.conftest import LiveWalks
from tests.end_to_end.walking import told_again
from tui import practice

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = pytest.mark.xdist_group("edge")

Findings = dict[str, Finding]
SEAT = {"mobility": Vantage.FRONT_END, "xmpp": Vantage.EDGE}


async def walked(
    runbook: str,
    place: Deployment,
    sources: Sources,
    evidence: Iterable[Journal] = (),
    secrets: Mapping[str, Secret] = {},
) -> Journal:
    """The record of a walk, kept in memory."""
    record = Journal(Began(version=VERSION, runbook=runbook, deployment=place, at=now()))
    asking = Asking(LiveProbes(place, sources, secrets), record, Evidence(evidence))
    try:
        await Walk(RUNBOOKS[runbook], place, asking, record).run_all()
    finally:
        await asking.close()
    return record


def findings(record: Journal) -> Findings:
    return {step: concluded.finding for step, concluded in record.concluded.items()}


def only(record: Journal, *kinds: type) -> Journal:
    """The answers of a record to these kinds of questions."""
    kept = Journal(record.began)
    for asked in record.asked.values():
        if isinstance(asked.question, kinds):
            kept.add(asked)
    return kept


def network(record: Journal) -> Journal:
    """What a record tells of the network, and not of the servers."""
    kept = Journal(record.began)
    for asked in record.asked.values():
        if not isinstance(asked.question, Cmdlet | Sockets):
            kept.add(asked)
    return kept


async def live(running: client.Running, runbook: str, scenario: str) -> Journal:
    """The walk over real sockets: mobility at a Front End with the remote shell, XMPP on the Edge itself."""
    await running.control("change", scenarios=[scenario])
    place = practice.deployment_of(running.connection, runbook, SEAT[runbook])
    sources = practice.sources_of(running.connection, place.vantage)
    return await walked(runbook, place, sources, secrets=practice.secrets_of(running.connection))


async def each_scenario(
    runbook: str, check: Callable[[client.Running, str, Journal], Any], *, side_by_side: int
) -> None:
    """Walks each listed scenario live, in several deployments at once, and hands the record over."""
    names = [one["name"] for one in scenarios.listing() if one["runbook"] == runbook]

    async def work() -> None:
        async with client.start() as running:
            while names:
                name = names.pop()
                await check(running, name, await live(running, runbook, name))

    async with asyncio.TaskGroup() as workers:
        for _ in range(side_by_side):
            workers.create_task(work())


# A paste.

COLUMNS = {
    "Get-CsUser": (
        "SipAddress", "Enabled", "RegistrarPool", "HostingProvider", "MobilityPolicy", "UserPrincipalName", "DisplayName",
        "VoicePolicy", "ExternalAccessPolicy",
    ),
    "Get-CsMobilityPolicy": (
        "Identity", "EnableMobility", "EnableOutsideVoice", "EnableIPAudioVideo", "RequireWIFIForIPAudio", "RequireWIFIForIPVideo",
    ),
    "Get-CsEffectivePolicy": ("MobilityPolicy", "VoicePolicy", "ExternalAccessPolicy"),
    "Get-CsPool": ("Identity", "Site", "Computers", "Services"),
    "Get-CsWindowsService": ("Status", "Name", "DisplayName"),
    "Get-CsManagementStoreReplicationStatus": ("UpToDate", "ReplicaFqdn", "LastStatusReport", "ProductVersion"),
    "Get-CsService": (
        "PoolFqdn", "XmppListeningPort", "XmppInternalPort", "ExternalFqdn", "InternalFqdn", "AccessEdgeExternalFqdn",
        "InternalInterfaceFqdn",
    ),
    "Get-CsWebServiceConfiguration": (
        "Identity", "UseWindowsAuth", "UseCertificateAuth", "UsePinAuth", "UseWsFedPassiveAuth", "AllowExternalAuthentication",
        "PendingGetWaitTimeOutInMinutes",
    ),
    "Get-CsPushNotificationConfiguration": (
        "Identity", "EnableApplePushNotificationService", "EnableMicrosoftPushNotificationService",
    ),
    "Get-CsMcxConfiguration": (
        "Identity", "PushNotificationProxyUri", "SessionExpirationInterval", "SessionShortExpirationInterval",
    ),
    "Get-CsAccessEdgeConfiguration": ("Identity", "AllowFederatedUsers", "AllowOutsideUsers", "EnablePartnerDiscovery"),
    "Get-CsHostingProvider": ("Identity", "ProxyFqdn", "Enabled", "EnabledSharedAddressSpace", "AutodiscoverUrl"),
    "Get-CsAllowedDomain": ("Identity", "Domain"),
    "Get-CsSite": ("Identity", "SiteType", "ParentSite", "XmppFederationRoute"),
    "Get-CsXmppAllowedPartner": (
        "Identity", "AdditionalDomains", "TlsNegotiation", "SaslNegotiation", "SupportDialbackNegotiation", "PartnerType",
        "EnableKeepAlive", "ProxyFqdn", "ConnectionLimit",
    ),
    "Get-CsXmppGatewayConfiguration": (
        "ConnectionLimit", "PartnerConnectionLimit", "KeepAliveInterval", "StreamEstablishmentTimeout", "StreamInactivityTimeout",
        "EnableLoggingAllMessageBodies", "DialbackPassphrase",
    ),
    "Get-CsExternalAccessPolicy": (
        "Identity", "EnableFederationAccess", "EnableXmppAccess", "EnablePublicCloudAccess", "EnableOutsideAccess",
    ),
    "Get-CsImFilterConfiguration": ("Identity", "Enabled", "Action", "Prefixes"),
}  # fmt: skip

FORMS: Mapping[str, Callable[[Cmdlet, Sequence[Any]], str]] = {
    "list, 80 columns": lambda question, values: printing.format_list(values, 80),
    "list, 120 columns": lambda question, values: printing.format_list(values, 120),
    "table": lambda question, values: (
        printing.format_table(values, COLUMNS[question.name], 400)
        if question.name in COLUMNS
        else printing.format_list(values)
    ),
    "JSON": lambda question, values: printing.to_json(values, names=True),
    "CLIXML": lambda question, values: printing.to_clixml(values),
}


async def pasted(form: str, scenario: str, record: Journal) -> Journal:
    """What a person would paste for each cmdlet of a walk."""
    kept, model = Journal(record.began), model_of([scenario])
    for asked in record.asked.values():
        if isinstance(asked.question, Cmdlet):
            typed = asked.question.typed()
            command = Command(asked.question.name, tuple(asked.question.parameters))
            try:
                text = FORMS[form](asked.question, await run(model, [command]))
            except CmdletError as error:
                text = printing.error_text(error, typed)
            answer = understand(asked.question, f"PS C:\\> {typed}\n{text}\nPS C:\\>")
            assert not isinstance(answer, NotUnderstood), (scenario, typed, answer, text)
            kept.add(as_pasted(asked.question, answer))
    return kept


def as_pasted(question: Question, answer: Answer) -> Asked:
    return Asked(question=question, answer=answer, seat="front-end", at=now(), took_ms=0, source=PASTED)


# The local shell: the stand-in lies where Windows keeps its PowerShell.


def windows_with(folder: Path, *options: str) -> Path:
    """A folder that looks as Windows' own, with the stand-in as powershell.exe."""
    program = folder / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    program.parent.mkdir(parents=True)
    words = " ".join(f"'{word}'" for word in (sys.executable, "-m", "lab.powershell_host", *options))
    program.write_text(f"#!/bin/sh\nexec {words}\n")
    program.chmod(0o755)
    return folder


@asynccontextmanager
async def local_shell(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> AsyncIterator[Sources]:
    with monkeypatch.context() as patch:
        patch.setenv("SystemRoot", str(windows_with(folder, *options)))
        patch.setenv("PYTHONPATH", os.getcwd())
        yield Sources(shell="local", offline=True)  # noqa: S604 - a word, and no subprocess


ACTING = {stage.step.id for stage in RUNBOOKS["mobility"].stages if stage.step.acts}
"""No collector and no paste signs in, so what these steps say rests on a live sign-in or on its record."""


def looked_at(found: Findings) -> Findings:
    """The findings of the steps that only look."""
    return {step: finding for step, finding in found.items() if step not in ACTING}


@pytest.mark.lab
async def test_mobility_is_judged_alike_from_every_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_walks: LiveWalks
) -> None:
    seen: set[bytes] = set()

    async def check(name: str, record: Journal) -> None:
        place, expected, net = record.began.deployment, looked_at(findings(record)), network(record)

        async def offline(*evidence: Journal) -> Findings:
            return looked_at(findings(await walked("mobility", place, Sources(offline=True), evidence)))

        assert findings(await told_again([record])) == findings(record), name
        # Many scenarios lie in the network alone: what the servers tell in all of them is tried once. From outside no
        # server told anything that another source could tell too.
        servers = list(only(record, Cmdlet).asked.values())
        told = b"".join(sorted(msgspec.json.encode((one.question, one.answer)) for one in servers))
        if told in seen or not any(isinstance(one.answer, Objects) for one in servers):
            return
        seen.add(told)
        collected = []
        for number, text in enumerate(await asyncio.to_thread(played_on_each, script(place), model_of([name]))):
            written = tmp_path / f"{name}-{number}.jsonl"
            written.write_text(text, encoding="utf-8")
            collected.append(journals.read(written))
        assert await offline(net, *collected) == expected, (name, "collected")
        for form in FORMS:
            assert await offline(net, await pasted(form, name, record)) == expected, (name, form)
        async with local_shell(tmp_path / name, monkeypatch, "--scenario", name) as sources:
            local = looked_at(findings(await walked("mobility", place, sources, [net])))
        assert local == expected, (name, "local")

    for (name, runbook), record in live_walks.items():
        if runbook == "mobility":
            await check(name, record)
    assert len(seen) > 10


# Sockets.

WORDS = {
    "English": ("Active Connections", "LISTENING", "ESTABLISHED"),
    "French": ("Connexions actives", "LISTENING", "ESTABLISHED"),
    "German": ("Aktive Verbindungen", "ABHÖREN", "HERGESTELLT"),
    "Korean": ("활성 연결", "LISTENING", "ESTABLISHED"),
}


def netstat(sockets: Iterable[Socket], language: str) -> str:
    """`netstat -ano; tasklist` as a console of that language prints it."""
    title, listening, established = WORDS[language]
    # Windows is never without this one.
    lines = ["", title, "", f"  TCP    0.0.0.0:135            0.0.0.0:0              {listening:<16}744"]
    processes = {}
    for one in sockets:
        state = {"LISTEN": listening, "ESTABLISHED": established}.get(one.state, one.state)
        remote = f"{one.remote_address}:{one.remote_port}" if one.remote_address else "0.0.0.0:0"
        lines.append(f"  TCP    {one.address}:{one.port}".ljust(32) + f"{remote:<23}{state:<16}{one.pid or 0}")
        processes[one.pid or 0] = one.process
    lines += ["", f"{'Image Name':<25} {'PID':>8} Session Name        Session#    Mem Usage"]
    lines.append(f"{'=' * 25} {'=' * 8} {'=' * 16} {'=' * 11} {'=' * 12}")
    lines += [f"{name:<25} {pid:>8} Services                   0     10,000 K" for pid, name in processes.items()]
    return "\n".join([*lines, ""])


def edge_sockets(table: SocketTable) -> list[EdgeSocket]:
    return [
        EdgeSocket(one.address, one.port, one.pid or 0, one.process, one.remote_address, one.remote_port)
        for one in table.sockets
        if one.state in {"LISTEN", "ESTABLISHED"}
    ]


@pytest.mark.lab
async def test_the_edge_is_judged_alike_from_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(running: client.Running, name: str, record: Journal) -> None:
        place, expected, net = record.began.deployment, findings(record), network(record)
        ((question, table),) = (
            (one.question, one.answer) for one in record.asked.values() if isinstance(one.answer, SocketTable)
        )

        async def offline(*evidence: Journal, sources: Sources | None = None, seat: Vantage = Vantage.EDGE) -> Findings:
            there = replace(place, vantage=seat)
            return findings(await walked("xmpp", there, sources or Sources(offline=True), evidence))

        assert await offline(record) == expected, name
        for language in WORDS:
            answer = understand(question, netstat(table.sockets, language))
            assert isinstance(answer, SocketTable), (name, language, answer)
            paste = Journal(record.began)
            paste.add(as_pasted(question, answer))
            assert await offline(net, paste) == expected, (name, language)
            # Pasted at another desk, it says the same.
            assert await offline(net, paste, seat=Vantage.INSIDE) == expected, (name, language)
        seen = edge_sockets(table)
        written = tmp_path / f"{name}.jsonl"
        text = await asyncio.to_thread(played, script(deployment(Vantage.EDGE)), model_of([name], seen))
        written.write_text(text, encoding="utf-8")
        assert await offline(net, journals.read(written)) == expected, (name, "collected")

        # The practice deployment's sources inside hold the Edge's own shell.
        sources = practice.sources_of(running.connection, Vantage.INSIDE)
        inside, secrets = replace(place, vantage=Vantage.INSIDE), practice.secrets_of(running.connection)
        assert findings(await walked("xmpp", inside, sources, [net], secrets)) == expected, (name, "WinRM")

    # Two that listen on the loopback address would be seen by each other.
    await each_scenario("xmpp", check, side_by_side=1)


@pytest.mark.lab
async def test_without_a_source_nothing_is_claimed() -> None:
    for runbook, seat in SEAT.items():
        record = await walked(runbook, deployment(seat), Sources(offline=True))
        for step, finding in looked_at(findings(record)).items():
            assert finding.status is Status.UNKNOWN, (step, finding)
            assert finding.reason is Reason.MISSING_INPUT
        assert all(isinstance(one.answer, Unanswered) for one in record.asked.values())
        assert not [one for one in record.asked.values() if isinstance(one.answer, Objects)]
