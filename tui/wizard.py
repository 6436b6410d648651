"""Opens the wizard on a terminal: chooses the kind of screen that the terminal can show, then runs it."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Timer
from typing import TYPE_CHECKING, Any

from tui.exit_codes import ExitCode
from tui.session import BeginWalk, NamesFound, Opening, Resumable, Secrets, Session, Start, WalkRequest

if TYPE_CHECKING:
    from tui.used_before import Used

READING = 1.0
"""Seconds after which nobody waits for the first screen any more."""


def open_wizard(
    *,
    plain: bool = False,
    ascii_only: bool = False,
    start: Start = Opening.WELCOME,
    secrets: Secrets,
) -> int:
    """Runs the wizard to its end and gives the exit code."""
    reason = "" if plain else cannot_draw()
    begin = _Begin(secrets)
    if plain or reason:
        import asyncio

        from tui.plain import PlainWizard

        if reason:
            sys.stderr.write(f"lyncdoctor: {reason}\nIt goes on in plain mode.\n")
        return asyncio.run(PlainWizard(begin, _resumable, Scenarios()).run(start))
    from tui.app import WizardApp

    scenarios = Scenarios()
    app = WizardApp(
        start=start,
        scenarios=scenarios,
        begin=begin,
        resumable=_resumable,
        used=_used,
        ascii_only=ascii_only,
    )
    reading = Timer(READING, lambda: _load_behind(scenarios))
    reading.start()
    try:
        app.run()
    finally:
        reading.cancel()
    if app.journal is not None:
        from tui import places

        sys.stderr.write(f"{places.farewell(app.journal)}\n")
    if app.unkept:
        sys.stderr.write(f"{app.unkept}\n")
    return app.return_code or ExitCode.FINE


def _load_behind(scenarios: Sequence[Mapping[str, Any]]) -> None:
    """Loads what the next screens want while the first one is read, so that no key waits for it."""
    import tui.beginning
    import tui.screens.commands
    import tui.screens.deployment
    import tui.screens.practice
    import tui.screens.symptom  # noqa: F401
    from checks.runbooks import RUNBOOKS

    list(RUNBOOKS.values())
    len(scenarios)


class _Begin:
    """What begins walks, made when the first one is asked for."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def __call__(self, request: WalkRequest) -> Session | NamesFound:
        return await self._beginning(request)

    @cached_property
    def _beginning(self) -> BeginWalk:
        from tui.beginning import Beginning

        return Beginning(self._secrets)


def _resumable() -> Sequence[Resumable]:
    from tui.beginning import resumable

    return resumable()


def _used(runbook: str) -> "Sequence[Used]":
    from tui.used_before import used_before

    return used_before(runbook)


class Scenarios(Sequence[Mapping[str, Any]]):
    """The scenarios of the lab, read when somebody looks at them: the first screen shows none."""

    def __getitem__(self, index: Any) -> Any:
        return self._listed[index]

    def __len__(self) -> int:
        return len(self._listed)

    @cached_property
    def _listed(self) -> Sequence[Mapping[str, Any]]:
        from lab import scenarios

        return scenarios.listing()


def cannot_draw() -> str:
    """Why this terminal cannot show screens, in a sentence; empty where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "This is no terminal, and cannot show screens."
    if os.environ.get("TERM") == "dumb":
        return "This terminal (TERM=dumb) cannot show screens."
    if sys.platform == "win32" and sys.getwindowsversion() < (10, 0):
        return "This console is older than Windows Server 2016 and cannot show screens."
    return ""
