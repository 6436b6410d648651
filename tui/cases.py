"""A fault that the learner has not seen: what he is told of it, what it may be, and whether he named it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from checks.journal import Revealed, now
from checks.model import Finding, Runbook, Status, Step
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
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
_NEAR = 4
"""How many neighbouring steps the possible causes are of."""
_HINTS = 2
_FAULTS = {Status.FAILED, Status.WARNING}


class Fault(NamedTuple):
    """What the cause may be: an answer of a step."""

    step: str
    answer: str
    title: str
    """That of the step."""
    meaning: str


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
    seat: str = ""
    """The vantage from which the fault is seen; empty: the one that the runbook is walked from."""
    hints: int = 0
    """How many of the hints were asked for."""
    named: bool = False
    """True once the cause was named or told."""
    passed: bool = False
    """True once the learner wanted the verdict without naming the cause."""

    @property
    def step(self) -> Step[Any]:
        """The step that finds the cause."""
        return self.runbook.stage(self.cause.partition("/")[0]).step

    @property
    def heading(self) -> str:
        """What stands above: it gives nothing away until the cause was named."""
        return f"{self.runbook.title} · {self.title if self.named else 'one fault, unseen'}"

    @property
    def has_hint(self) -> bool:
        """True while there is a hint to ask for."""
        return not self.named and self.hints < _HINTS

    def call(self) -> Told:
        """What is known before the walk begins."""
        from tui.practice import described, usual_seat

        seat = self.seat or usual_seat(self.runbook.name)
        return [
            ("The call", f"“{self.symptom}”"),
            ("Deployment", described(self.scenario)),
            ("Your seat", seat.replace("-", " ")),
        ]

    def hint(self) -> Told:
        """The hints that were asked for: the step to look at, then what it asks."""
        both = [("Hint", f"Look at “{self.step.title}”."), ("It asks", self.step.question)]
        return both[: self.hints]

    def choices(self) -> tuple[Fault, ...]:
        """The true cause among faults of neighbouring steps, in the runbook's order; the same at every call."""
        dice = Random(f"{self.runbook.name} {self.scenario}")  # noqa: S311 - no secret
        faults = [of_step for stage in self.runbook.stages if (of_step := self._faults(stage.step))]
        own = next(place for place, of_step in enumerate(faults) if of_step[0].step == self.step.id)
        # The cause is at any place of the neighbourhood, or its place would tell it.
        first = dice.randint(max(0, min(own - _NEAR + 1, len(faults) - _NEAR)), max(0, min(own, len(faults) - _NEAR)))
        near = faults[first : first + _NEAR]
        # Another step comes twice too, or that of the cause would stand out.
        twice = dice.choice([of_step for of_step in near if of_step is not faults[own]] or near)
        offered: list[Fault] = []
        for of_step in near:
            others = [fault for fault in of_step if not self.is_cause(fault)]
            wanted = 2 if of_step is twice and of_step is not faults[own] else 1
            picked = dice.sample(others, min(wanted, len(others)))
            offered += [fault for fault in of_step if fault in picked or self.is_cause(fault)]
        return tuple(offered)

    def is_cause(self, fault: Fault) -> bool:
        return f"{fault.step}/{fault.answer}" == self.cause

    def ruling(self, fault: Fault, walk: Walk | None) -> Ruling:
        """Whether the fault is the cause, and what this walk has seen that speaks for it or against it."""
        if self.is_cause(fault):
            return Ruling(True, [("Right", f"{self.title}."), *self._seen(walk)])
        shows = ("Not that", f"It would show at “{fault.title}”: {fault.meaning}.")
        return Ruling(False, [shows, *_speaks_against(fault, walk)])

    def solution(self, walk: Walk | None) -> Told:
        """The cause for whoever asks to be told it."""
        return [("It is", f"{self.title}."), *self._seen(walk)]

    def _seen(self, walk: Walk | None) -> Told:
        concluded = walk.conclusion(self.step.id) if walk else None
        answer = self.cause.partition("/")[2]
        if concluded is not None and concluded.finding.answer == answer:
            return [("Seen at", f"“{self.step.title}”. {_told(concluded.finding)}")]
        meaning = next(one.meaning for one in self.step.answers if one.name == answer)
        return [("Seen at", f"“{self.step.title}”, which tells it: {meaning}.")]

    def _faults(self, step: Step[Any]) -> list[Fault]:
        return [
            Fault(step.id, answer.name, step.title, answer.meaning)
            for answer in step.answers
            if answer.status in _FAULTS or f"{step.id}/{answer.name}" == self.cause
        ]


def _speaks_against(fault: Fault, walk: Walk | None) -> Iterator[tuple[str, str]]:
    concluded = walk.conclusion(fault.step) if walk else None
    if concluded is None:
        yield "Here", "You have not looked at that step yet."
        return
    finding = concluded.finding
    yield "Here", _told(finding)
    if finding.answer == fault.answer:
        yield "", "So it is there, but it is not the first cause: something else brings it about."
    elif finding.status is Status.OK:
        yield "", "That speaks against it."


def _told(finding: Finding) -> str:
    return f"{WORDS[finding.status]}: {finding.headline}"


def case_of(scenario: Scenario) -> Case:
    """The case of a scenario that has a fault."""
    return Case(
        runbook=RUNBOOKS[str(scenario["runbook"])],
        scenario=str(scenario["name"]),
        title=str(scenario["title"]),
        symptom=str(scenario["symptom"]),
        cause=str(scenario["cause"]),
        seat=str(scenario.get("seat", "")),
    )


def case_named(scenario: str, runbook: str) -> Case:
    """The case of a scenario of the lab by its name."""
    from lab import scenarios

    return case_of(next(one for one in scenarios.listing() if (one["name"], one["runbook"]) == (scenario, runbook)))


def request_for(case: Case) -> PracticeWalk:
    """The walk of a case, unseen until its cause was named."""
    return PracticeWalk(runbook=case.runbook.name, scenario=case.scenario, case=None if case.named else case)


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
        session.walk.journal.add(Revealed(at=now()))


def topics(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, str, Scenario]]:
    """Each scenario with its runbook and topic, in the order of the runbooks' steps: its topic is the step of its cause.

    A scenario of two runbooks comes once for each.
    """
    for name, runbook in RUNBOOKS.items():
        places = {"": -1, **{step_id: place for place, step_id in enumerate(runbook.step_ids)}}
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
