"""The settings that a new partner has by itself, over real sockets: they rest on our certificate, and leave dialback out."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.context import Asking, Context
from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Finding
from checks.probes.live import LiveProbes
from checks.xmpp import negotiation
from lab import client
from tui import practice

# One listener on 127.0.0.1 is seen by every Edge of this machine, so these never run at the same time.
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("edge")]


async def judged(running: client.Running, certificate: str) -> Finding:
    """What the Edge sees, with its own certificate or without one."""
    place = practice.deployment_of(running.connection, "xmpp", Vantage.EDGE)
    sources = replace(practice.sources_of(running.connection, Vantage.EDGE), client_certificate=certificate)
    asking = Asking(
        LiveProbes(place, sources, practice.secrets_of(running.connection)),
        Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now())),
    )
    try:
        return negotiation.judge(await negotiation.gather(Context(place, asking)))
    finally:
        await asking.close()


async def test_they_work_with_our_certificate_fail_without_external_and_are_not_judged_untested(tmp_path: Path) -> None:
    async with client.start("xmpp-defaults") as running:
        told = await running.control("certificate", host="edge-external")
        file = tmp_path / "edge.pem"
        file.write_text(told["chain"] + told["key"])

        untested = await judged(running, "")
        assert untested.answer == "untested"
        assert any("dialback does not operate" in line for line in untested.detail)

        settled = await judged(running, str(file))
        assert (settled.answer, settled.headline.rpartition(": ")[2]) == ("settles", "SASL over TLS.")

        await running.control("change", scenarios=["xmpp-defaults", "xmpp-partner-without-external"])
        failed = await judged(running, str(file))
        assert failed.answer == "no-shared-proof"
        assert any("dialback does not operate" in line for line in failed.detail)
        (ours, theirs) = failed.remedies
        assert ours.parameters["SaslNegotiation"] == "Optional"
        assert "SASL EXTERNAL" in theirs.action
