"""The runbooks by name. Each is wired in its own package."""

from typing import Any

from checks.mobility.runbook import MOBILITY
from checks.model import Runbook, Step
from checks.xmpp.runbook import XMPP

RUNBOOKS: dict[str, Runbook] = {runbook.name: runbook for runbook in (MOBILITY, XMPP)}


def find_step(step_id: str) -> Step[Any] | None:
    """The step of that id, in whichever runbook it is."""
    for runbook in RUNBOOKS.values():
        if step_id in runbook.step_ids:
            return runbook.stage(step_id).step
    return None
