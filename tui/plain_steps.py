"""The steps of a walk as a list in plain mode: how each ended, what lies ahead, and the way to any of them."""

from checks.model import Status
from checks.text import clean
from checks.walk import Walk
from tui.prompts import choose


async def choose_step(walk: Walk, here: str = "") -> str | None:
    """The step to go to; None where the user stays. One that is not walked yet is walked out of its turn."""
    titles = [_told(walk, step, here) for step in walk.steps]
    place = await choose([*titles, "Stay here"], len(titles))
    if place == len(titles) or walk.steps[place] == here:
        return None
    walk.go_to(walk.steps[place])
    return walk.steps[place]


def _told(walk: Walk, step: str, here: str) -> str:
    """A step and how it ended; of one that was skipped also why."""
    title = walk.runbook.stage(step).step.title
    concluded = walk.conclusion(step)
    if concluded is None:
        ended = "not walked yet"
    elif concluded.finding.status is Status.SKIPPED:
        ended = f"skipped. {clean(concluded.finding.headline, 300)}"
    else:
        ended = concluded.finding.status.replace("-", " ")
    return f"{title}: {ended}{', and you are here' if step == here else ''}"
