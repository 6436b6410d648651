"""The runbooks by name. Each is wired in its own package."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from checks.model import Runbook, Step

_WIRED_IN = {"mobility": "checks.mobility.runbook", "xmpp": "checks.xmpp.runbook"}


class _Runbooks(Mapping[str, Runbook]):
    """Loads each when it is first looked at: half of the wizard's start would else be steps that nobody walks yet."""

    def __getitem__(self, name: str) -> Runbook:
        runbook: Runbook = getattr(import_module(_WIRED_IN[name]), name.upper())
        return runbook

    def __contains__(self, name: object) -> bool:
        return name in _WIRED_IN

    def __iter__(self) -> Iterator[str]:
        return iter(_WIRED_IN)

    def __len__(self) -> int:
        return len(_WIRED_IN)


RUNBOOKS: Mapping[str, Runbook] = _Runbooks()


def find_step(step_id: str) -> Step[Any] | None:
    """The step of that id, in whichever runbook it is."""
    for runbook in RUNBOOKS.values():
        if step_id in runbook.step_ids:
            return runbook.stage(step_id).step
    return None
