"""Opens the wizard on a terminal: chooses the kind of screen that the terminal can show, then runs it."""

import asyncio
import os
import sys
from pathlib import Path

from tui.exit_codes import ExitCode
from tui.session import Opening, PracticeWalk, ResumedWalk, Secrets, Start


def open_wizard(
    *,
    plain: bool = False,
    ascii_only: bool = False,
    scenario: str = "",
    choose_scenario: bool = False,
    resume: Path | None = None,
    secrets: Secrets,
) -> int:
    """Runs the wizard to its end and gives the exit code."""
    from lab import scenarios
    from tui.beginning import Beginning, resumable

    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("lyncdoctor: the wizard needs a terminal. Without one: --plain, or lyncdoctor run --help\n")
        return ExitCode.USAGE
    reason = "" if plain else cannot_draw()
    start, begin = _start(scenario, choose_scenario, resume), Beginning(secrets)
    if plain or reason:
        from tui.plain import PlainWizard

        if reason:
            sys.stderr.write(f"lyncdoctor: {reason} It goes on in plain mode.\n")
        return asyncio.run(PlainWizard(begin, resumable, scenarios.listing()).run(start))
    from tui.app import WizardApp

    app = WizardApp(
        start=start,
        scenarios=scenarios.listing(),
        begin=begin,
        resumable=resumable,
        ascii_only=ascii_only,
    )
    app.run()
    if app.journal is not None:
        sys.stderr.write(f"This walk is in {app.journal}\nIts report: lyncdoctor report\n")
    return app.return_code or ExitCode.FINE


def cannot_draw() -> str:
    """Why this terminal cannot show screens, in a sentence; empty where it can."""
    if os.environ.get("TERM") == "dumb":
        return "This terminal (TERM=dumb) cannot show screens."
    if sys.platform == "win32" and sys.getwindowsversion() < (10, 0):
        return "This console is older than Windows Server 2016 and cannot show screens."
    return ""


def _start(scenario: str, choose_scenario: bool, resume: Path | None) -> Start:
    if resume is not None:
        return ResumedWalk(journal=resume)
    if scenario:
        from lab import scenarios

        named = next(one for one in scenarios.listing() if one["name"] == scenario)
        return PracticeWalk(runbook=str(named["runbook"]), scenario=scenario)
    return Opening.PRACTICE if choose_scenario else Opening.WELCOME
