"""The commands of a step in the palette."""

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand

from tui.screens.step import StepScreen


def step_commands(screen: StepScreen) -> Iterator[SystemCommand]:
    """What can be brought to the step that is shown, and the steps that were walked."""
    if screen.check_action("replace", ()):
        yield SystemCommand("Paste an output", "As the answer to a question of this step", screen.action_paste)
    if screen.check_action("type_password", ()):
        yield SystemCommand("Type the password", "The one that the shell refused, anew", screen.action_type_password)
    digits = len(str(len(screen.walk.steps)))
    for number, step_id in enumerate(screen.walk.steps, 1):
        if step_id in screen.walk.path:
            step = screen.walk.runbook.stage(step_id).step
            # The palette sorts by the alphabet: a blank before a digit keeps the order of the walk.
            yield SystemCommand(f"Step {number:>{digits}}: {step.title}", step.question, partial(screen.visit, step_id))
    ahead = len(screen.walk.steps) - len(screen.walk.path)
    if ahead:
        title = f"Steps not walked yet: {ahead}"
        yield SystemCommand(title, "Enter, step by step, leads to them; only walked ones are listed", lambda: None)
