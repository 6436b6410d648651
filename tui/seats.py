"""What the seat of a walk could not see, and from where it is seen."""

import re
from collections.abc import Iterator, Mapping

from checks.model import Finding, Status
from checks.walk import Walk

_OF_THE_SEAT = frozenset({"not-for-this-seat", "not-from-here", "seen-from-edge", "seen-from-outside"})
"""The answers of steps that another seat can see. Other reasons for `not-applicable` hold from everywhere."""
_WALK = {
    "Edge": "walk at the Edge",
    "Front End": "walk at the Front End",
    "outside": "walk outside",
    "inside": "walk inside",
}
"""By the word for a seat in a finding: what to do about it."""
_SEAT = re.compile(r"(?<![\w.-])(Edge|Front End|outside|inside)(?:s\b)?(?![\w-]|\.\w)")


def unseen_from_here(walk: Walk) -> Mapping[str, tuple[str, ...]]:
    """The titles of the steps that another seat can see, by where to walk for them; empty: nobody knows where."""
    found: dict[str, tuple[str, ...]] = {}
    for step in walk.steps:
        concluded = walk.conclusion(step)
        if concluded is None or concluded.finding.status is not Status.NOT_APPLICABLE:
            continue
        if concluded.finding.answer in _OF_THE_SEAT:
            where = next(_seats(concluded.finding, own=walk.deployment.vantage.replace("-", " ")), "")
            title = walk.runbook.stage(step).step.title
            found[_WALK.get(where, "")] = (*found.get(_WALK.get(where, ""), ()), title)
    return found


def _seats(finding: Finding, own: str) -> Iterator[str]:
    """The seats that a finding names, the nearest to the point first; the seat of the walk is none of them."""
    named = finding.answer.removeprefix("seen-from-").replace("edge", "Edge")
    for seat in (named, *_SEAT.findall(finding.headline)):
        if seat in _WALK and seat.casefold() != own:
            yield seat
