"""The walks that several modules judge: each scenario of the lab is walked live once in a session."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from checks.journal import Journal
from lab import scenarios
from tests.end_to_end.mending import Outcomes, mend_into
from tests.end_to_end.walking import LABS, all_walked

LiveWalks = Mapping[tuple[str, str], Journal]

# One listener on 127.0.0.1 is seen by every Edge of this machine, so what looks at its sockets is one group, and its
# walks come one after another.
GROUPS = {"mobility": pytest.mark.xdist_group("mobility"), "xmpp": pytest.mark.xdist_group("edge")}
EACH_RUNBOOK = pytest.mark.parametrize(
    "runbook", [pytest.param(runbook, marks=group) for runbook, group in GROUPS.items()]
)
"""For tests that judge the walks of a runbook: two workers make them."""
_AT_ONCE = {"mobility": LABS, "xmpp": 1}


@pytest.fixture(scope="session")
def mendings() -> Outcomes:
    """What the remedies of each walk's verdict came to; filled while `live_walks` are walked."""
    return {}


@pytest.fixture(scope="session")
def mobility_walks(request: pytest.FixtureRequest) -> LiveWalks:
    """The records of walks through the mobility runbook, as `live_walks` tells."""
    return _walked(request, "mobility")


@pytest.fixture(scope="session")
def xmpp_walks(request: pytest.FixtureRequest) -> LiveWalks:
    """The same of XMPP federation."""
    return _walked(request, "xmpp")


@pytest.fixture
def live_walks(request: pytest.FixtureRequest, runbook: str) -> LiveWalks:
    """The record of a walk over real sockets, by scenario and runbook: of those that the selected tests name, or of all."""
    walks: LiveWalks = request.getfixturevalue(f"{runbook}_walks")
    return walks


def _walked(request: pytest.FixtureRequest, runbook: str) -> LiveWalks:
    names = _wanted(request, runbook)
    asked_for = any("mendings" in getattr(item, "fixturenames", ()) for item in request.session.items)
    then = mend_into(request.getfixturevalue("mendings")) if asked_for else None

    async def walk() -> LiveWalks:
        walks = await all_walked(runbook, [(name,) for name in names], labs=_AT_ONCE[runbook], then=then)
        return {(name, runbook): journal for (name,), journal in walks.items()}

    # In a thread of its own, for a test's own event loop may be there already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, walk()).result()


def _wanted(request: pytest.FixtureRequest, runbook: str) -> list[str]:
    """The scenarios that the selected tests of a runbook name; all of them where one names none."""
    named: list[str] = []
    for item in request.session.items:
        fixtures: Any = getattr(item, "fixturenames", ())
        call = getattr(item, "callspec", None)
        parameters = call.params if call else {}
        uses = "live_walks" in fixtures and parameters.get("runbook") == runbook
        if uses or f"{runbook}_walks" in fixtures:
            if "scenario" not in parameters:
                return [str(one["name"]) for one in scenarios.listing() if one["runbook"] == runbook]
            named.append(str(parameters["scenario"]))
    return named
