"""The commands of a walk in the palette."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen

from tui.screens.call import case_commands
from tui.screens.step import StepScreen
from tui.screens.verdict import VerdictScreen
from tui.screens.walking import OfWalk


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """What can be done on a screen of a walk; nothing on any other."""
    match screen:
        case StepScreen():
            yield from _step_commands(screen)
        case VerdictScreen():
            yield from _verdict_commands(screen)
        case _:
            return
    yield from case_commands(screen.session, screen.app.push_screen)


def _step_commands(screen: StepScreen) -> Iterator[SystemCommand]:
    """What can be brought to the step that is shown, and every step of the walk."""
    if screen.check_action("replace", ()):
        yield SystemCommand("Paste an output", "As the answer to a question of this step", screen.action_paste)
    if screen.check_action("state", ()):
        yield SystemCommand("Answer by hand", "You looked, and say which answer it is", screen.action_state)
    if screen.check_action("type_password", ()):
        yield SystemCommand("Type the password", "The one that the shell refused, anew", screen.action_type_password)
    yield from _of_both(screen, screen.go_to)


def _verdict_commands(screen: VerdictScreen) -> Iterator[SystemCommand]:
    """What can be done about the verdict, and every step of the walk."""
    if screen.check_action("check_again", ()):
        yield SystemCommand("Fixed it, check again", "Walks only what failed", screen.action_check_again)
    yield SystemCommand("New walk", "This one can be resumed, and is in its journal", screen.action_leave)
    yield from _of_both(screen, screen.go_to)


def _of_both(screen: OfWalk, go_to: Callable[[str], Awaitable[None]]) -> Iterator[SystemCommand]:
    yield SystemCommand("Note", "A line that stands in the journal and in every report", screen.action_note)
    yield SystemCommand("Export", "Writes the report into a file in this folder", screen.action_export)
    if screen.check_action("mend", ()):
        yield SystemCommand("Mend it", "Carries a remedy out in the practice deployment", screen.action_mend)
    if screen.session.practice:
        begin_anew = partial(screen.app.call_later, screen.wizard.begin_anew)
        yield SystemCommand("Start anew", "The same practice walk, on the deployment as it was", begin_anew)
    digits = len(str(len(screen.walk.steps)))
    for number, step_id in enumerate(screen.walk.steps, 1):
        step = screen.walk.runbook.stage(step_id).step
        ahead = "" if step_id in screen.walk.path else "Not walked yet, so it is walked alone. "
        # The palette sorts by the alphabet: a blank before a digit keeps the order of the walk.
        title = f"Step {number:>{digits}}: {step.title}"
        yield SystemCommand(title, f"{ahead}{step.question}", partial(go_to, step_id))
