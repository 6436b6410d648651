"""Opens the wizard on a terminal: chooses the kind of screen that the terminal can show, then runs it."""

import os
import sys
from pathlib import Path

from checks.secret import Secret
from tui.exit_codes import ExitCode
from tui.session import Opening, PracticeWalk, ResumedWalk, Start


def open_wizard(
    *,
    ascii_only: bool = False,
    scenario: str = "",
    choose_scenario: bool = False,
    resume: Path | None = None,
    shell_password: Secret | None = None,
) -> int:
    """Runs the wizard to its end and gives the exit code."""
    refusal = cannot_draw()
    if refusal:
        sys.stderr.write(f"lyncdoctor: {refusal}\n")
        return ExitCode.USAGE
    from lab import scenarios
    from tui.app import WizardApp
    from tui.beginning import Beginning, resumable

    app = WizardApp(
        start=_start(scenario, choose_scenario, resume),
        scenarios=scenarios.listing(),
        begin=Beginning(shell_password),
        resumable=resumable,
        ascii_only=ascii_only,
    )
    app.run()
    return app.return_code or ExitCode.FINE


def cannot_draw() -> str:
    """Why this terminal cannot show the wizard, in a sentence; empty where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the wizard needs a terminal. Without one: lyncdoctor run mobility --help"
    if os.environ.get("TERM") == "dumb":
        return "this terminal (TERM=dumb) cannot show screens. Without them: lyncdoctor run mobility --help"
    if sys.platform == "win32" and sys.getwindowsversion() < (10, 0):
        return "this console is older than Windows Server 2016 and cannot show screens. Use: lyncdoctor run mobility --help"
    return ""


def _start(scenario: str, choose_scenario: bool, resume: Path | None) -> Start:
    if resume is not None:
        return ResumedWalk(journal=resume)
    if scenario:
        from lab import scenarios

        named = next(one for one in scenarios.listing() if one["name"] == scenario)
        return PracticeWalk(runbook=str(named["runbook"]), scenario=scenario)
    return Opening.PRACTICE if choose_scenario else Opening.WELCOME
