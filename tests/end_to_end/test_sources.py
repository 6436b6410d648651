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
from typing import Any, get_args

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
from lab import printing
from lab.cmdlets import CmdletError, Command, run
from lab.model import EdgeSocket
from lab.powershell_host import model_of
from tests.collected import deployment, played, played_on_each
from tests.end_to_end.conftest import EACH_RUNBOOK, GROUPS, LiveWalks
from tests.end_to_end.walking import told_again

Findings = dict[str, Finding]
EVERY_KIND = set(get_args(Question))
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


def nobody_there(asked: Asked) -> bool:
    """True where the seat had nobody to ask: no other source at that seat has either."""
    return isinstance(asked.answer, Unanswered) and asked.answer.reason is Reason.MISSING_INPUT


def network(record: Journal) -> Journal:
    """What a record tells of the network, and not of the servers."""
    kept = Journal(record.began)
    for asked in record.asked.values():
        if not isinstance(asked.question, Cmdlet | Sockets):
            kept.add(asked)
    return kept


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
    """What a person would paste for each question about a server in a walk."""
    kept, model = Journal(record.began), model_of([scenario], edge_sockets(record))
    for asked in record.asked.values():
        if isinstance(asked.question, Sockets) and isinstance(asked.answer, SocketTable):
            text = netstat(asked.answer.sockets, "English")
            kept.add(as_pasted(asked.question, understood(scenario, asked.question, text)))
        if isinstance(asked.question, Cmdlet) and not nobody_there(asked):
            typed, on = asked.question.typed(), asked.question.on
            command = Command(asked.question.name, tuple(asked.question.parameters))
            try:
                text = FORMS[form](asked.question, await run(model, [command], on))
            except CmdletError as error:
                text = printing.error_text(error, typed)
            kept.add(
                as_pasted(asked.question, understood(scenario, asked.question, f"PS C:\\> {typed}\n{text}\nPS C:\\>"))
            )
    return kept


def understood(scenario: str, question: Question, text: str) -> Answer:
    answer = understand(question, text)
    assert not isinstance(answer, NotUnderstood), (scenario, question.typed(), answer, text)
    return answer


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


ACTING = {stage.step.id for runbook in RUNBOOKS.values() for stage in runbook.stages if stage.step.acts}
"""No collector and no paste signs in, so what these steps say rests on a live sign-in or on its record."""


TOLD_MORE_OR_LESS = {
    # A console cuts the list of the cmdlets that a role holds.
    "xmpp.permissions",
    # A Front End's own log is told by the collector there, and by no remote shell.
    "xmpp.events",
    # It cuts the names of a certificate too, which the remedy then says.
    "mobility.certificates",
}
"""Steps whose sources differ in how much they tell: they come to the same answer, with other words."""


def looked_at(found: Findings) -> Findings:
    """The findings of the steps that only look."""
    looked = {step: finding for step, finding in found.items() if step not in ACTING}
    return {
        step: Finding(answer=finding.answer, status=finding.status, headline="", reason=finding.reason)
        if step in TOLD_MORE_OR_LESS
        else finding
        for step, finding in looked.items()
    }


@pytest.mark.lab
@EACH_RUNBOOK
async def test_a_runbook_is_judged_alike_from_every_source(
    runbook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_walks: LiveWalks
) -> None:
    seen: set[bytes] = set()

    async def check(name: str, record: Journal) -> None:
        place, expected, net = record.began.deployment, looked_at(findings(record)), network(record)

        async def offline(*evidence: Journal) -> Findings:
            return looked_at(findings(await walked(runbook, place, Sources(offline=True), evidence)))

        assert findings(await told_again([record])) == findings(record), name
        # Many scenarios lie in the network alone: what the servers tell in all of them is tried once. From outside no
        # server told anything that another source could tell too.
        servers = list(only(record, Cmdlet).asked.values())
        told = b"".join(sorted(msgspec.json.encode((one.question, one.answer)) for one in servers))
        if told in seen or not any(isinstance(one.answer, Objects) for one in servers):
            return
        seen.add(told)
        assert await offline(net, *await collected(name, record, tmp_path)) == expected, (name, "collected")
        for form in FORMS:
            assert await offline(net, await pasted(form, name, record)) == expected, (name, form)
        if any(one.question.on == "edge" for one in servers if isinstance(one.question, Cmdlet)):
            # What stands in for the local shell is a Front End's.
            return
        async with local_shell(tmp_path / name, monkeypatch, "--scenario", name) as sources:
            local = looked_at(findings(await walked(runbook, place, sources, [net])))
        assert local == expected, (name, "local")

    for (name, _), record in live_walks.items():
        await check(name, record)
    assert len(seen) > 10


async def collected(name: str, record: Journal, folder: Path) -> list[Journal]:
    """What the collector writes on every server that a walk asked."""
    place, model = record.began.deployment, model_of([name], edge_sockets(record))
    questions = [one.question for one in only(record, Cmdlet, Sockets).asked.values() if not nobody_there(one)]
    texts: list[str] = []
    if any(question.on == "front-end" for question in questions if isinstance(question, Cmdlet)):
        front_end = script(replace(place, vantage=Vantage.FRONT_END))
        # Collected when the walk was made: days left are counted from then.
        texts += await asyncio.to_thread(played_on_each, front_end, model, record.began.at)
    if any(question.on == "edge" for question in questions if isinstance(question, Cmdlet | Sockets)):
        edge = script(replace(place, vantage=Vantage.EDGE))
        texts.append(await asyncio.to_thread(played, edge, model, at=record.began.at))
    files = [folder / f"{name}-{number}.jsonl" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return [journals.read(file) for file in files]


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


def edge_sockets(record: Journal) -> list[EdgeSocket]:
    """What the processes of the Edge had open in a walk."""
    tables = (one.answer for one in record.asked.values() if isinstance(one.answer, SocketTable))
    return [
        EdgeSocket(one.address, one.port, one.pid or 0, one.process, one.remote_address, one.remote_port)
        for table in tables
        for one in table.sockets
        if one.state in {"LISTEN", "ESTABLISHED"}
    ]


@pytest.mark.lab
@GROUPS["xmpp"]
async def test_the_sockets_of_the_edge_are_judged_alike_in_every_language(xmpp_walks: LiveWalks) -> None:
    tables: set[bytes] = set()
    for (name, _), record in xmpp_walks.items():
        asked = [one for one in record.asked.values() if isinstance(one.answer, SocketTable)]
        if not asked:
            continue
        question, table = asked[0].question, asked[0].answer
        assert isinstance(table, SocketTable)
        kind = msgspec.json.encode([(one.port, one.process, one.state, bool(one.pid)) for one in table.sockets])
        if kind in tables:
            continue
        tables.add(kind)
        expected, others = looked_at(findings(record)), only(record, *(EVERY_KIND - {Sockets}))
        for language in WORDS:
            paste = Journal(record.began)
            paste.add(as_pasted(question, understood(name, question, netstat(table.sockets, language))))
            told = await walked("xmpp", record.began.deployment, Sources(offline=True), [others, paste])
            assert looked_at(findings(told)) == expected, (name, language)
    assert len(tables) > 4


@pytest.mark.lab
async def test_without_a_source_nothing_is_claimed() -> None:
    for runbook, seat in SEAT.items():
        record = await walked(runbook, deployment(seat), Sources(offline=True))
        for step, finding in looked_at(findings(record)).items():
            assert finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}, (step, finding)
            assert finding.status is Status.NOT_APPLICABLE or finding.reason is Reason.MISSING_INPUT
        assert all(isinstance(one.answer, Unanswered) for one in record.asked.values())
        unknown = [step for step, finding in findings(record).items() if finding.status is Status.UNKNOWN]
        assert f"{runbook}.services" in unknown, "what this seat sees is missing, and that is said"
