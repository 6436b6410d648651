"""A fault that the learner has not seen: what he is told of it, what it may be, and whether he named it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, NamedTuple

from checks.journal import Concluded, Revealed, now
from checks.model import Finding, Runbook, Status, Step
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from tui.faults import Fault, offered
from tui.glyphs import WORDS
from tui.session import PracticeWalk, Session

Scenario = Mapping[str, Any]
"""An entry of the lab's listing."""
Told = list[tuple[str, str]]
"""Lines of a label and a sentence."""

NO_FAULT = "No fault"
ABOUT = (
    "You are told what a user reports, and find the fault as in a real walk. Before the verdict you are asked to "
    "name the cause."
)
BY_HAND = "The lab cannot mend this one: no command does it."
_HINTS = 3


class Ruling(NamedTuple):
    """Whether a fault is the cause, and why."""

    is_right: bool
    why: Told


@dataclass
class Case:
    """A scenario whose fault is to be found, and how far the learner has come."""

    runbook: Runbook
    scenario: str
    title: str
    symptom: str
    cause: str
    """`step-id/answer`."""
    seen: Collection[str]
    """The faults that the learner's seat can see, the cause among them; the same way."""
    seat: str = ""
    """The vantage from which the fault is seen; empty: the one that the runbook is walked from."""
    hints: int = 0
    """How often a hint was asked for; after the last one the first comes again."""
    named: bool = False
    """True once the cause was named or told."""
    missed: bool = False
    """True once something else was named, or the learner asked to be told."""
    passed: bool = False
    """True once the learner wanted the verdict without naming the cause."""

    @property
    def step(self) -> Step[Any]:
        """The step that finds the cause."""
        return self.runbook.stage(self.cause.partition("/")[0]).step

    @property
    def heading(self) -> str:
        """What stands above: it gives nothing away."""
        return self.runbook.title if self.named else f"{self.runbook.title} · one fault, unseen"

    @property
    def has_hint(self) -> bool:
        """True while a hint helps."""
        return not self.named

    @property
    def next_hint(self) -> str:
        """What asking for a hint does."""
        if not self.hints:
            return "Show the hint"
        return "Show the next hint" if self.hints % _HINTS else "Show the first hint again"

    def call(self) -> Told:
        """What is known before the walk begins; the fault too, once it was named."""
        from tui.practice import described

        return [
            ("The call", f"“{self.symptom}”"),
            ("Deployment", described(self.scenario)),
            ("Your seat", self._seat.replace("-", " ")),
            *([("It is", f"{self.title}.")] if self.named else []),
        ]

    def hint(self) -> Told:
        """The hint that was asked for last; nothing where none was, or the cause is known.

        First two steps, of which one finds the fault; then that one, with what to compare; then two of the choices, one
        of them the cause.
        """
        number = (self.hints - 1) % _HINTS + 1
        label = f"Hint {number}/{_HINTS}"
        match 0 if self.named or not self.hints else number:
            case 0:
                return []
            case 1:
                return [(label, f"Look at {' or '.join(f'“{title}”' for title in self._two_steps())}.")]
            case 2:
                good = " ".join(self.step.good.split())
                return [(label, f"“{self.step.title}” asks: {self.step.question.strip()}"), ("Good is", good)]
        return [(label, f"It is one of two: {' or '.join(f'“{meaning}”' for meaning in self._two_faults())}.")]

    def choices(self) -> tuple[Fault, ...]:
        """The true cause among faults of neighbouring steps, in the runbook's order; the same at every call."""
        return offered(self.runbook, self.cause, f"{self.runbook.name} {self.scenario}", self.seen)

    def is_cause(self, fault: Fault) -> bool:
        return fault.name == self.cause

    def ruling(self, fault: Fault, walk: Walk | None) -> Ruling:
        """Whether the fault is the cause, and what this walk has seen that speaks for it or against it."""
        if self.is_cause(fault):
            return Ruling(True, [("Right", f"{self.title}."), *self._seen(walk)])
        concluded = walk.conclusion(fault.step) if walk else None
        if concluded is not None and concluded.finding.answer == fault.answer:
            is_later = self.runbook.step_ids.index(fault.step) > self.runbook.step_ids.index(self.step.id)
            other = "the cause comes before it" if is_later else "it is not the cause: something else is"
            return Ruling(False, [("True, but", f"It is there, and {other}."), ("Here", _told(concluded.finding))])
        shows = ("Not that", f"It would show at “{fault.title}”: {fault.meaning}.")
        return Ruling(False, [shows, *_speaks_against(concluded)])

    def solution(self, walk: Walk | None) -> Told:
        """The cause for whoever asks to be told it."""
        return [("It is", f"{self.title}."), *self._seen(walk)]

    def _seen(self, walk: Walk | None) -> Told:
        concluded = walk.conclusion(self.step.id) if walk else None
        answer = self.cause.partition("/")[2]
        if concluded is not None and concluded.finding.answer == answer:
            by_hand = [] if any(remedy.cmdlet for remedy in concluded.finding.remedies) else [("Fix", BY_HAND)]
            return [("Seen at", f"“{self.step.title}”. {_told(concluded.finding)}"), *by_hand]
        meaning = next(fault.meaning for fault in self.choices() if self.is_cause(fault))
        return [("Seen at", f"“{self.step.title}”, which tells it: {meaning}.")]

    @property
    def _seat(self) -> str:
        """Where the learner stands: the fault is seen from there."""
        from tui.practice import usual_seat

        return self.seat or usual_seat(self.runbook.name)

    def _two_steps(self) -> Sequence[str]:
        """The title of the step that finds the fault and that of one beside it among the choices, in their order."""
        titles = [fault.title for fault in self.choices()]
        own = titles.index(self.step.title)
        first = Random(self.scenario).randint(max(own - 1, 0), max(min(own, len(titles) - 2), 0))  # noqa: S311 - no secret
        return titles[first : first + 2]

    def _two_faults(self) -> Sequence[str]:
        """The meaning of the cause and that of another choice, in the order of the choices."""
        dice = Random(f"{self.runbook.name} {self.scenario}")  # noqa: S311 - no secret
        choices = self.choices()
        cause = next(fault.meaning for fault in choices if self.is_cause(fault))
        # Two steps may word a fault alike.
        other = dice.choice([fault.meaning for fault in choices if fault.meaning != cause])
        return list(dict.fromkeys(fault.meaning for fault in choices if fault.meaning in {cause, other}))


def _speaks_against(concluded: Concluded | None) -> Iterator[tuple[str, str]]:
    """What the step that would show a fault has shown in its place, and what follows from that."""
    if concluded is None or (concluded.finding.status is Status.SKIPPED and not concluded.finding.because):
        yield "Here", "You have not looked at that step yet."
        return
    yield "Here", _told(concluded.finding)
    match concluded.finding:
        case Finding(status=Status.OK):
            yield "", "That speaks against it."
        case Finding(status=Status.FAILED | Status.WARNING):
            yield "", "So another thing is wrong there."
        case Finding(status=Status.SKIPPED):
            yield "", "A fault that was seen hides it: look at that one first."
        case Finding(status=Status.NOT_APPLICABLE, seen_from=seats) if seats:
            yield "", "The fault of this walk can be seen from your seat."
        case _:
            yield "", "So nothing there speaks for it."


def _told(finding: Finding) -> str:
    return f"{WORDS[finding.status]}: {finding.headline}"


def case_of(scenario: Scenario) -> Case:
    """The case of a scenario that has a fault."""
    from tui.practice import seen_from

    return Case(
        runbook=RUNBOOKS[str(scenario["runbook"])],
        scenario=str(scenario["name"]),
        title=str(scenario["title"]),
        symptom=str(scenario["symptom"]),
        cause=str(scenario["cause"]),
        seen=seen_from(str(scenario["runbook"]), str(scenario.get("seat", ""))),
        seat=str(scenario.get("seat", "")),
    )


def case_named(scenario: str, runbook: str) -> Case:
    """The case of a scenario of the lab by its name."""
    from lab import scenarios

    return case_of(next(one for one in scenarios.listing() if (one["name"], one["runbook"]) == (scenario, runbook)))


def request_for(case: Case) -> PracticeWalk:
    """The walk of a case, unseen until its cause was named."""
    return PracticeWalk(runbook=case.runbook.name, scenario=case.scenario, case=None if case.named else case)


def anew(session: Session) -> PracticeWalk:
    """A practice walk from its beginning, on a deployment as it was then; unseen while its cause was not named."""
    began = session.walk.journal.began
    case = replace(session.case, passed=False) if session.case is not None and is_unseen(session) else None
    return PracticeWalk(
        runbook=began.runbook, scenario=began.scenario, symptom=began.symptom, told=began.told, case=case
    )


def surprise(scenarios: Sequence[Scenario], runbook: str = "", seed: int | None = None, but: str = "") -> Case:
    """A fault that nobody chose, of one runbook or of any, and not that of the scenario `but`.

    The same seed picks the same one.
    """
    named = [runbook] if runbook else list(RUNBOOKS)
    faults = [one for one in scenarios if any(has_fault(one, name) for name in named) and one["name"] != but]
    chosen = Random(seed).choice(sorted(faults, key=lambda one: (str(one["runbook"]), str(one["name"]))))  # noqa: S311
    return case_of(chosen)


def has_fault(scenario: Scenario, runbook: str) -> bool:
    """True where a scenario of that runbook has a fault that can be named."""
    return runbook == scenario["runbook"] and _found_by(scenario) in RUNBOOKS[runbook].step_ids


def is_unseen(session: Session) -> bool:
    """True while the learner has not been told which fault the deployment has."""
    return session.case is not None and session.walk.journal.began.unseen


def asks_first(session: Session) -> bool:
    """True where the learner is asked to name the cause before he sees the verdict."""
    return is_unseen(session) and session.case is not None and not session.case.passed


def reveal(case: Case, session: Session | None) -> None:
    """From now on nothing is kept from the learner, also where the walk is resumed."""
    case.named = True
    if session is not None and session.walk.journal.began.unseen:
        session.walk.journal.add(Revealed(at=now(), at_once=not (case.missed or case.passed)))


def topics(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, str, Scenario]]:
    """Each scenario with its runbook and topic, in the order of the runbooks' steps: its topic is the step of its cause.

    A scenario of two runbooks comes once for each. Those without a fault come last of their runbook.
    """
    for name, runbook in RUNBOOKS.items():
        places = {step_id: place for place, step_id in enumerate(runbook.step_ids)}
        titles = {"": NO_FAULT, **{stage.step.id: stage.step.title for stage in runbook.stages}}
        mine = [(_found_by(one), one) for one in scenarios if name in str(one["runbook"]).split()]
        for step_id, scenario in sorted(mine, key=lambda each: places.get(each[0], len(places))):
            yield name, titles.get(step_id, ""), scenario


def _found_by(scenario: Scenario) -> str:
    """The step of the cause; empty where there is none."""
    return str(scenario["cause"] or "").partition("/")[0]


def holds(scenario: Scenario, runbook: str, topic: str, words: Sequence[str]) -> bool:
    """True where each of the words stands in what can be read of a scenario before it is chosen."""
    told = f"{runbook} {topic} {scenario['name']} {scenario['title']} {scenario['symptom']}".casefold()
    return all(word in told for word in words)
