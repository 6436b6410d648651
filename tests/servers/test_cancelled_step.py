"""A step that is cancelled in the middle of a cmdlet leaves nothing behind, at the server or here."""

import asyncio
import threading

import pytest

from checks.context import Asking
from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Reason
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import client
from tests import in_process
from tui import practice

STEP = "mobility.user-enabled"


async def running_pipelines(running: client.Running) -> int:
    return int((await running.control("pipelines"))["pool"]["running"])


@pytest.mark.lab
async def test_a_cancelled_step_stops_its_cmdlet_and_the_walk_goes_on() -> None:
    async with in_process.start("shell-hangs") as running:
        place = practice.deployment_of(running.connection, "mobility", Vantage.INSIDE)
        journal = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
        sources = practice.sources_of(running.connection, place.vantage)
        asking = Asking(LiveProbes(place, sources, practice.secrets_of(running.connection)), journal)
        walk = Walk(RUNBOOKS["mobility"], place, asking, journal)
        step = asyncio.create_task(walk.conclude(STEP))
        while not await running_pipelines(running):
            assert not step.done()
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        async with asyncio.timeout(20):
            while await running_pipelines(running):
                pass
        assert walk.cancel(STEP).finding.reason is Reason.CANCELLED
        assert (await walk.conclude("mobility.service-url")).finding.answer == "lync-answers"
        await asking.close()
        assert (await running.control("pipelines"))["pool"]["sessions"] == 0
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("remote-shell")]
