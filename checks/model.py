"""The words of the house as frozen values: statuses, findings, remedies, steps, runbooks. No I/O."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar

import msgspec

from checks.circumstances import Circumstance
from checks.status import Status as Status

if TYPE_CHECKING:
    from checks.context import Context
    from checks.deployment import Deployment


class Reason(StrEnum):
    """Why something stayed unknown."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    DENIED = "denied"
    MISSING_INPUT = "missing-input"
    MISSING_DEPENDENCY = "missing-dependency"
    NOT_POSSIBLE_HERE = "not-possible-here"
    CANCELLED = "cancelled"
    BUG = "bug"


class Vantage(StrEnum):
    """Where the wizard stands."""

    FRONT_END = "front-end"
    EDGE = "edge"
    INSIDE = "inside"
    OUTSIDE = "outside"


class Frozen(msgspec.Struct, frozen=True):
    """Base of every value that travels: immutable, compared by content, written as JSON."""


class Remedy(Frozen, frozen=True):
    """An action as data: shown and copied, never run.

    Either a cmdlet with its parameters, or a guided `action` in words for what no command can do.
    """

    who: str
    """Who may do it, by role or group."""
    risk: str
    """What it touches beyond the fault."""
    verify: str
    """How to see that it helped."""
    cmdlet: str = ""
    parameters: dict[str, Any] = {}
    action: str = ""
    instead: bool = False
    """True: another way than those before it, of which one is enough. Others are steps, in their order."""

    def command(self) -> str:
        """The one line to paste; empty for a guided action."""
        from checks.knowledge.powershell import command_line

        return command_line(self.cmdlet, self.parameters) if self.cmdlet else ""


class _OneOfSeveral(Protocol):
    @property
    def instead(self) -> bool: ...


def labels(remedies: Sequence[_OneOfSeveral]) -> tuple[str, ...]:
    """What stands before each remedy: `Fix`, numbered where there are several; `Or 2` before another way."""
    if len(remedies) < 2:
        return ("Fix",) * len(remedies)
    return tuple(f"{'Or' if one.instead and number > 1 else 'Fix'} {number}" for number, one in enumerate(remedies, 1))


def another_way(remedy: Remedy) -> Remedy:
    """The remedy as another way than those before it."""
    return msgspec.structs.replace(remedy, instead=True)


class Finding(Frozen, frozen=True):
    """What a step concluded."""

    answer: str
    status: Status
    headline: str
    """One sentence, in the user's own names."""
    detail: tuple[str, ...] = ()
    """What else was seen that bears on it, a line each."""
    remedies: tuple[Remedy, ...] = ()
    link: str = ""
    """Where it is documented."""
    reason: Reason | None = None
    """Set where the status is unknown."""
    command: str = ""
    """The command whose output would settle it, where input is missing."""
    because: str = ""
    """Set where the status is skipped: `step-id/answer` of the cause, or empty when the user skipped it."""
    seen_from: tuple[Vantage, ...] = ()
    """Set where only the seat stood in the way: each of these seats sees it, or a part of it, the nearest first."""


class Answer(Frozen, frozen=True):
    """One possible conclusion of one step."""

    name: str
    status: Status
    meaning: str


class Outcomes:
    """All that one step may conclude, and the page that documents it."""

    def __init__(self, link: str, *answers: Answer) -> None:
        self.link = link
        self.answers = answers
        self._by_name = {answer.name: answer for answer in answers}

    def finding(
        self,
        answer: str,
        headline: str,
        *detail: str,
        remedies: tuple[Remedy, ...] = (),
        reason: Reason | None = None,
        command: str = "",
        seen_from: tuple[Vantage, ...] = (),
    ) -> Finding:
        """A finding with the status that the answer has. KeyError where the step does not declare the answer."""
        return Finding(
            answer=answer,
            status=self._by_name[answer].status,
            headline=headline,
            detail=detail,
            remedies=remedies,
            link=self.link,
            reason=reason,
            command=command,
            seen_from=seen_from,
        )


def gravest(findings: Sequence[Finding], order: Sequence[str], *more: str) -> Finding:
    """Of findings about several things the one whose answer comes first in `order`, with the others' headlines beside it."""
    worst = min(findings, key=lambda finding: order.index(finding.answer))
    others = tuple(finding.headline for finding in findings if finding is not worst)
    return msgspec.structs.replace(worst, detail=(*worst.detail, *others, *more))


F = TypeVar("F", bound=msgspec.Struct)


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What the user agrees to before a step may act."""

    deed: str
    """Steps of the same deed share one sign-in, so agreeing to one of them is agreeing to all."""
    accounts: tuple[Literal["sender", "receiver"], ...]
    """Whose passwords it takes."""
    says: Callable[["Deployment"], str]
    """Who signs in where, and what is done there: one sentence in the user's own names."""
    wanted: Callable[["Deployment"], bool] = lambda deployment: True
    """False where nothing would be done, as far as the deployment tells: nobody is asked for anything then."""


class Step(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """One question of a runbook. The file of the step holds everything of it."""

    id: str
    title: str
    """A few words, for the rail."""
    question: str
    facts: type[F]
    gather: Callable[["Context"], Awaitable[F]]
    judge: Callable[[F], Finding]
    outcomes: Outcomes
    why: str
    good: str
    by_hand: Callable[["Deployment"], tuple[str, ...]]
    """The documented commands with this deployment's names filled in; a line that begins with `# ` is prose."""
    limit: float = 25.0
    """Seconds that gathering may take."""
    acts: bool = False
    """True where it changes something or signs in as a user: run only after consent, never ahead."""
    consent: Consent | None = None
    """Of a step that acts."""

    @property
    def link(self) -> str:
        """Where it is documented."""
        return self.outcomes.link

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Its own answers; COMMON_ANSWERS may come instead of one."""
        return self.outcomes.answers


COMMON_ANSWERS = (
    Answer(name="timeout", status=Status.UNKNOWN, meaning="gathering took longer than the step may take"),
    Answer(name="cancelled", status=Status.UNKNOWN, meaning="you cancelled it"),
    Answer(name="bug", status=Status.UNKNOWN, meaning="the check itself crashed; that says nothing of the server"),
    Answer(name="not-agreed", status=Status.SKIPPED, meaning="it signs in as a user, and nobody agreed to that"),
    Answer(name="skipped", status=Status.SKIPPED, meaning="it could not tell anything new, or you skipped it"),
)
"""What the runner and the walk may conclude for any step, beside the step's own answers."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A step's place in a runbook."""

    step: Step[Any]
    otherwise: str | None
    """The step shown next; None for the verdict."""
    next: Mapping[str, str | None] = {}
    """Answers that lead elsewhere than `otherwise`."""
    stands_on: Mapping[str, frozenset[str]] = {}
    """Steps without whose success this one tells nothing, each with the answers that make it pointless."""
    explained_by: Mapping[str, frozenset[str]] = {}
    """Later steps whose answers are the reason for a fault that shows here first: they are the cause then, and not it."""
    explained: frozenset[str] = frozenset()
    """The answers of this step that they explain; all of them where none is named."""

    def after(self, answer: str) -> str | None:
        """The step shown after this answer; None for the verdict."""
        return self.next.get(answer, self.otherwise)


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """What users or an error message tell, and the steps that can explain it."""

    name: str
    says: str
    """As it is said, in one line."""
    because: str
    """Why the walk begins where it does: a sentence."""
    explained_by: tuple[str, ...]
    """Steps of the runbook; the first in causal order is the one to begin with."""


class Runbook(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A tree of steps: the stages in causal order."""

    name: str
    title: str
    purpose: str
    stages: tuple[Stage, ...]
    symptoms: tuple[Symptom, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    """What is asked beside a symptom."""

    def symptom(self, name: str) -> Symptom | None:
        """The symptom of that name; None where there is none, or none was named."""
        return next((symptom for symptom in self.symptoms if symptom.name == name), None)

    def stage(self, step_id: str) -> Stage:
        """The stage of a step; KeyError where the runbook has no such step."""
        return self._stages[step_id]

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        return tuple(self._stages)

    @cached_property
    def _stages(self) -> Mapping[str, Stage]:
        return {stage.step.id: stage for stage in self.stages}


class Verdict(Frozen, frozen=True):
    """The end of a walk."""

    status: Status
    cause: str | None
    """`step-id/answer` of the first fault in causal order."""
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    consequences: tuple[str, ...] = ()
    """Steps that told nothing because of a fault: a sentence for all that one cause hides."""
    also: tuple[str, ...] = ()
    """`step-id/answer` of other faults, independent of the cause."""
    unknown: tuple[str, ...] = ()
    """Steps that should have been seen and were not."""
    not_agreed: tuple[str, ...] = ()
    """Steps that were not run because they sign in as a user."""
    not_from_here: dict[Vantage, tuple[str, ...]] = {}
    """Steps that the seat of the walk cannot see, by the seat to walk at for them: as few seats as it takes."""

    @classmethod
    def nothing_walked(cls) -> Self:
        return cls(status=Status.UNKNOWN, cause=None, headline="Nothing was checked.")
