"""What passes between the command line and the screens: plain values, and the one call that begins a walk.

The screens build neither probes nor practice deployments. They ask for a walk, and are given one.
The first screen has these names too, so they are all that is imported here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from checks.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from checks.deployment import Deployment, Sources
    from checks.model import Remedy
    from checks.naming import Found
    from checks.probes import Account, Server
    from checks.walk import Walk
    from tui.cases import Case
    from tui.used_before import Used

Secrets = Mapping[str, Secret]
"""Passwords by whose they are: `shell`, `edge`, `sender`, `receiver`."""


class Opening(StrEnum):
    """The screen that the wizard opens with, where no walk was asked for."""

    WELCOME = "welcome"
    PRACTICE = "practice"


@dataclass(frozen=True, kw_only=True)
class LiveWalk:
    """A walk on a real deployment, as the form names it."""

    runbook: str
    deployment: Deployment
    sources: Sources
    secrets: Secrets = field(default_factory=dict)
    start: str = ""
    """The step to begin at; empty: the first."""
    symptom: str = ""
    """The name of what is to be explained: the walk keeps to the steps that can; empty: the whole runbook."""
    told: tuple[str, ...] = ()
    """What was told beside the symptom: names of details of the runbook's circumstances."""
    looks: bool = False
    """True: names that are missing are looked for first, and shown before the walk begins."""


@dataclass(frozen=True, kw_only=True)
class PracticeWalk:
    """A walk on the practice deployment with one scenario."""

    runbook: str
    scenario: str
    symptom: str = ""
    told: tuple[str, ...] = ()
    case: Case | None = None
    """Where the learner is to find the fault: nothing gives the scenario away until he has named the cause."""


@dataclass(frozen=True, kw_only=True)
class ResumedWalk:
    """A walk that goes on where its journal ends."""

    journal: Path
    secrets: Secrets = field(default_factory=dict)
    """Typed anew: no journal has one."""


WalkRequest = LiveWalk | PracticeWalk | ResumedWalk
Start = Opening | LiveWalk | PracticeWalk | ResumedWalk


@dataclass(frozen=True, kw_only=True)
class Session:
    """A walk under way, and how to end what was started for it besides its probes."""

    walk: Walk
    close: Callable[[], Awaitable[None]]
    """Stops the practice deployment where there is one, and closes the journal.

    Awaited once, when the walk is left, after `walk.asking.close()`.
    """
    practice: bool = False
    """True on the practice deployment: the screens say so."""
    accounts: Mapping[Server, str] = field(default_factory=dict)
    """Who signs in at the shell of which server, by a password that can be typed anew."""
    start: str = ""
    """The step that a new walk begins with; empty: the first."""
    known: set[Account] = field(default_factory=set)
    """The test users whose password is known; a step that acts asks for the others'."""
    mend: Callable[[Remedy], Awaitable[str]] | None = None
    """Carries a remedy out in the practice deployment, and gives a sentence of what was done. None on a real one.

    CannotMend where no command can.
    """
    case: Case | None = None
    """Of an unseen practice walk: what the learner is to find."""


def waiting_for(request: WalkRequest) -> str:
    """What a screen says while the walk is being begun."""
    match request:
        case PracticeWalk():
            return "Starting the practice deployment"
        case LiveWalk(looks=True):
            return "Looking for the other names"
        case ResumedWalk():
            return "Going on where the walk ended"
    return "Beginning"


@dataclass(frozen=True)
class NamesFound:
    """Names that nobody typed, for the user to look at before the walk begins."""

    found: Sequence[Found]


class CannotBegin(Exception):
    """The walk cannot begin. The text is the sentence that the user is shown."""


class CannotMend(Exception):
    """The remedy cannot be carried out. The text is the sentence that the user is shown."""


class PasswordNeeded(CannotBegin):
    """The walk can be resumed once the password of `account` is typed: the screen asks for it and begins again."""

    def __init__(self, account: str, whose: str) -> None:
        super().__init__(f"The password of {account} is needed to go on; no journal keeps one.")
        self.account = account
        self.whose = whose
        """Its key among the secrets: `shell` or `edge`."""


class BeginWalk(Protocol):
    """Begins the walk that was asked for. Raises CannotBegin with a sentence; may be cancelled.

    Where names were to be looked for and some were found, it gives those instead, and the walk is asked for again.
    """

    async def __call__(self, request: WalkRequest) -> Session | NamesFound: ...


@dataclass(frozen=True, kw_only=True)
class Resumable:
    """An unfinished walk, as the welcome screen offers it."""

    journal: Path
    runbook: str
    """The title of its runbook."""
    deployment: str
    step: int
    """The number of the step that comes next, from 1."""
    steps: int
    """How many are walked: all of the runbook, or those that can explain a symptom."""
    at: datetime
    """When it was last written; with a time zone."""
    practice: bool = False
    """True for a walk of the practice deployment."""


FindResumable = Callable[[], Sequence[Resumable]]
"""The unfinished walks, newest first. Asked each time the welcome screen is shown."""
FindUsed = Callable[[str], "Sequence[Used]"]
"""The deployments that were used last, for the form of a runbook. Asked each time the form is shown."""
