"""What a running step is doing, in words."""

from typing import NamedTuple

from checks.text import clean
from checks.walk import Walk


class Progress(NamedTuple):
    """The question that a step waits for, and how far it is."""

    doing: str
    """As an administrator would type it; `looking` where nothing is being asked."""
    answered: int
    asked: int

    @property
    def so_far(self) -> str:
        """How many of its questions are answered; empty where that tells nothing."""
        return f"{self.answered} of {self.asked} questions are answered" if self.asked > 1 else ""


def progress(walk: Walk, step_id: str) -> Progress:
    """How far a step is that runs now."""
    asked = walk.watch.get(step_id, [])
    waiting = [question for question in asked if question not in walk.journal.asked]
    doing = clean(waiting[0].typed(), 400) if waiting else "looking"
    return Progress(doing, len(asked) - len(waiting), len(asked))
