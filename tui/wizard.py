"""Opens the wizard on a terminal: chooses the kind of screen that the terminal can show, then runs it."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Timer
from typing import Any

from tui.exit_codes import ExitCode
from tui.session import Opening, Secrets, Start

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
    from tui.beginning import Beginning, resumable

    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("lyncdoctor: the wizard needs a terminal. Without one: --plain, or lyncdoctor run --help\n")
        return ExitCode.USAGE
    reason = "" if plain else cannot_draw()
    begin = Beginning(secrets)
    if plain or reason:
        from tui.plain import PlainWizard

        if reason:
            sys.stderr.write(f"lyncdoctor: {reason} It goes on in plain mode.\n")
        return asyncio.run(PlainWizard(begin, resumable, Scenarios()).run(start))
    from tui.app import WizardApp

    scenarios = Scenarios()
    app = WizardApp(
        start=start,
        scenarios=scenarios,
        begin=begin,
        resumable=resumable,
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
    return app.return_code or ExitCode.FINE


def _load_behind(scenarios: Sequence[Mapping[str, Any]]) -> None:
    """Loads what the next screens want while the first one is read, so that no key waits for it."""
    from checks.runbooks import RUNBOOKS

    list(RUNBOOKS.values())
    len(scenarios)


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
    if os.environ.get("TERM") == "dumb":
        return "This terminal (TERM=dumb) cannot show screens."
    if sys.platform == "win32" and sys.getwindowsversion() < (10, 0):
        return "This console is older than Windows Server 2016 and cannot show screens."
    return ""
