"""The walks that several modules judge: each scenario of the lab is walked live once in a session."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.journal import Journal
from lab import scenarios
from tests.end_to_end.walking import all_walked

LiveWalks = Mapping[tuple[str, str], Journal]


def listed() -> list[tuple[str, str]]:
    """Each listed scenario with each of its runbooks."""
    return [(one["name"], one["runbook"]) for one in scenarios.listing()]


@pytest.fixture(scope="session")
def live_walks(request: pytest.FixtureRequest) -> LiveWalks:
    """The record of a walk over real sockets, by scenario and runbook: of those that the selected tests name, or of all.

    Walks on an Edge come one after another: what listens on the loopback address is seen by every Edge of the machine.
    """
    users = [item for item in request.session.items if "live_walks" in getattr(item, "fixturenames", ())]
    calls = [getattr(item, "callspec", None) for item in users]
    named = [
        (str(call.params["scenario"]), str(call.params["runbook"]))
        for call in calls
        if call and "scenario" in call.params
    ]
    wanted = named if len(named) == len(users) else listed()

    async def walk() -> LiveWalks:
        mobility, xmpp = await asyncio.gather(
            all_walked("mobility", [(name,) for name, runbook in wanted if runbook == "mobility"]),
            all_walked("xmpp", [(name,) for name, runbook in wanted if runbook == "xmpp"], labs=1),
        )
        walks = {(name, "mobility"): journal for (name,), journal in mobility.items()}
        return walks | {(name, "xmpp"): journal for (name,), journal in xmpp.items()}

    # In a thread of its own, for a test's own event loop may be there already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, walk()).result()
