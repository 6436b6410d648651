"""What a picture begins with, and what is done before it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from textual.events import Paste

from checks.deployment import Deployment, Sources
from tui.cases import case_named, request_for
from tui.session import LiveWalk, PracticeWalk


@dataclass(frozen=True)
class Recorded:
    """A walk through to its verdict, made from what a journal recorded, as if the world had been a little different."""

    journal: str
    silent: tuple[str, ...] = ()
    """Parts of questions that nobody answered in time."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """What is written otherwise in the answers."""
    steps: int = 0
    """How many steps were walked; 0: all."""


class Returning(NamedTuple):
    """The welcome screen of somebody who was here before: a walk to resume, and deployments that were used."""


class Visit(NamedTuple):
    """From the verdict to a step."""

    step: str


class Mended(NamedTuple):
    """From now on the world answers as another journal tells."""

    journal: str


class Theme(NamedTuple):
    """Another theme is chosen."""

    name: str


class Shot(NamedTuple):
    """The screen as it is now is a picture of that name."""

    name: str


Beginning = str | Recorded | Returning | LiveWalk | PracticeWalk
"""The name of a journal or of an opening screen; a walk that is made; one of which nothing is known; an unseen fault."""
Key = str | Paste | Visit | Mended | Theme | Shot

WAITING = LiveWalk(
    runbook="mobility",
    deployment=Deployment(
        domains=("litwareinc.com",),
        users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
        pool="atl-cs-001.litwareinc.com",
    ),
    sources=Sources(shell="paste", offline=True),  # noqa: S604 - no subprocess
    start="mobility.user-enabled",
)
"""A walk that waits for pastes."""
ACTING = replace(WAITING, sources=Sources(shell="local"), start="mobility.sign-in")  # noqa: S604 - no subprocess
"""One that waits for somebody to agree to a sign-in."""
UNSEEN = request_for(case_named("policy-disabled-for-user", "mobility"))
