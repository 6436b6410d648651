"""The register of scenarios: small functions that change the model and nothing else.

`cause` is what the runbook has to find, `step-id/answer`. It is a plain string that the lab never reads.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.model import Model

Change = Callable[[Model], None]
Enter = Callable[[Change], Change]


class UnknownScenario(LookupError):
    """No scenario has that name. The text is a sentence."""


@dataclass(frozen=True)
class Scenario:
    """One thing the deployment can be. A scenario without a runbook is not listed: tests alone use it."""

    name: str
    runbooks: tuple[str, ...]
    title: str
    symptom: str
    """As a user would report it."""
    cause: str | None
    change: Change
    seat: str = ""
    """The vantage from which the fault is seen; empty: the one that the runbook is walked from."""


_REGISTER: dict[str, Scenario] = {}


def scenario(name: str, runbook: str, title: str, symptom: str, cause: str | None, seat: str = "") -> Enter:
    """Enters the decorated function. `runbook` may name several with a blank between them, or be empty."""

    def enter(change: Change) -> Change:
        if name in _REGISTER:
            raise ValueError(f"two scenarios are called {name}")
        _REGISTER[name] = Scenario(name, tuple(runbook.split()), title, symptom, cause, change, seat)
        return change

    return enter


@scenario(
    "healthy",
    "mobility xmpp",
    "Everything works",
    "Nobody complains. Walk it to see what good looks like.",
    None,
)
def healthy(model: Model) -> None:
    """The model as it stands."""


def get(name: str) -> Scenario:
    """The scenario of that name; UnknownScenario where there is none."""
    _load()
    try:
        return _REGISTER[name]
    except KeyError:
        raise UnknownScenario(f"There is no scenario called {name}.") from None


def names(*, unlisted: bool = False) -> tuple[str, ...]:
    """The names of all listed scenarios; with `unlisted` those of the tests too."""
    _load()
    return tuple(name for name, entry in _REGISTER.items() if entry.runbooks or unlisted)


def listing() -> list[dict[str, Any]]:
    """Name, runbook, title, symptom, cause and seat of every scenario, ready for JSON.

    `runbook` is one name; a scenario of two runbooks is listed once for each.
    """
    _load()
    return [
        {
            "name": entry.name,
            "runbook": runbook,
            "title": entry.title,
            "symptom": entry.symptom,
            "cause": entry.cause,
            "seat": entry.seat,
        }
        for entry in _REGISTER.values()
        for runbook in entry.runbooks
    ]


def _load() -> None:
    """Imports every module of this package: entering is their effect."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
