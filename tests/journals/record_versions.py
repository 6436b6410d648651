"""Records the journals in tests/journals/versions anew: `python -m tests.journals.record_versions`.

Each is a walk through a healthy deployment of one product. Where a Lync shell is, whatever else products differ in
was asked too: the version, the services, a test of Mcx.
"""

import asyncio
from pathlib import Path

from checks.context import Asking
from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.probes import Cmdlet
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tui import practice

FOLDER = Path(__file__).parent / "versions"
SCENARIOS = {
    "2013": "healthy",
    "2015": "healthy-2015",
    "2019": "healthy-2019",
    "se": "healthy-subscription-edition",
}
# Of 2019 the Edge's own sockets tell nothing: that it has no XMPP is known where a Lync shell is.
SEATS = {("xmpp", "2013"): Vantage.EDGE, ("xmpp", "2015"): Vantage.EDGE}

WINDOWS_SERVICES = Cmdlet(name="Get-CsWindowsService")
WEB_SERVICES = Cmdlet(name="Get-CsService", parameters=(("WebServer", True),))
EDGE_SERVICES = Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),))
SERVER_VERSION = Cmdlet(name="Get-CsServerVersion")
SITES = Cmdlet(name="Get-CsSite")
MCX_TEST = Cmdlet(
    name="Test-CsMcxP2PIM",
    parameters=(
        ("TargetFqdn", "atl-cs-001.litwareinc.com"),
        ("Authentication", "TrustedServer"),
        ("SenderSipAddress", "sip:kenmyer@litwareinc.com"),
        ("ReceiverSipAddress", "sip:pilar@litwareinc.com"),
    ),
)
BESIDE = (SERVER_VERSION, WINDOWS_SERVICES, WEB_SERVICES, EDGE_SERVICES, SITES, MCX_TEST)


async def record(running: client.Running, runbook: str, product: str) -> Path:
    """Walks and asks, and gives the file."""
    path = FOLDER / f"{runbook}-{product}.jsonl"
    path.unlink(missing_ok=True)
    deployment = practice.deployment_of(running.connection, runbook, SEATS.get((runbook, product), Vantage.FRONT_END))
    sources = practice.sources_of(running.connection, deployment.vantage)
    began = Began(version=VERSION, runbook=runbook, deployment=deployment, at=now(), scenario=SCENARIOS[product])
    journal = Journal(began, path)
    asking = Asking(LiveProbes(deployment, sources, practice.secrets_of(running.connection)), journal)
    walk = Walk(RUNBOOKS[runbook], deployment, asking, journal)
    walk.agree()
    try:
        await walk.run_all()
        for question in BESIDE if runbook == "mobility" else ():
            await asking.ask(question)
    finally:
        await asking.close()
        journal.close()
    path.chmod(0o644)
    return path


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for product, scenario in SCENARIOS.items():
        async with client.start(scenario) as running:
            for runbook in RUNBOOKS:
                print(await record(running, runbook, product))  # noqa: T201 - a script's answer


if __name__ == "__main__":
    asyncio.run(main())
