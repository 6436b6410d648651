"""The lab in plain mode: which trouble to practise on, the call, and the naming of the cause."""

from collections.abc import Sequence

from checks.runbooks import RUNBOOKS
from checks.threads import in_thread
from tui import cases, learned, places
from tui.cases import Case, Scenario, Told
from tui.prompts import ask, choose, say
from tui.session import PracticeWalk, Session


async def practice_walk(scenarios: Sequence[Scenario]) -> PracticeWalk:
    """The walk on a fault that is not told, or on a scenario that is chosen."""
    say("Which trouble shall the practice deployment on this machine have?")
    unseen = [name for name in RUNBOOKS if any(cases.has_fault(one, name) for one in scenarios)]
    titles = [f"A fault you have not seen, in {RUNBOOKS[name].title}" for name in unseen]
    listed = list(cases.topics(scenarios))
    named = await in_thread(lambda: learned.named_in(places.walks()))
    for name in unseen:
        if so_far := learned.so_far(named, listed, name):
            say(f"So far in {RUNBOOKS[name].title}: {so_far}")
    chosen = await choose([*titles, "A scenario by its topic, its name or its title"])
    if chosen < len(unseen):
        return await call_first(cases.surprise(scenarios, unseen[chosen]), scenarios)
    return await _by_topic(scenarios)


async def call_first(case: Case, scenarios: Sequence[Scenario]) -> PracticeWalk:
    """Tells what the user reports; gives the walk, of this fault or of another one."""
    tell(case.call())
    offers = ["Begin the walk", "Name the cause yourself", "Show the hint", "Another fault, surprise me",
              "Another fault, by topic"]  # fmt: skip
    while True:
        match await choose(offers, 0):
            case 0:
                return cases.request_for(case)
            case 1:
                await name_cause(case, None)
            case 2:
                _hint(case)
            case 3:
                case = cases.surprise(scenarios, case.runbook.name, but=case.scenario)
                tell(case.call())
            case _:
                return await _by_topic(scenarios)


async def name_cause(case: Case, session: Session | None, *, before_verdict: bool = False) -> None:
    """Asks which fault it is until it is named, told, or the learner passes."""
    if case.named:
        say(f"You know it: {case.title}.")
        return
    walk = session.walk if session else None
    faults = case.choices()
    passing = "I pass: show the verdict" if before_verdict else "Not now"
    offers = [*(f"{fault.title}: {fault.meaning}" for fault in faults), "A hint", "Tell me what it is", passing]
    say("Before the verdict: which fault is it?" if before_verdict else "Which fault is it?")
    while not case.named:
        chosen = await choose(offers)
        if chosen == len(faults):
            _hint(case)
        elif chosen == len(faults) + 1:
            case.missed = True
            cases.reveal(case, session)
            tell(case.solution(walk))
        elif chosen == len(faults) + 2:
            case.passed = case.passed or before_verdict
            return
        else:
            ruling = case.ruling(faults[chosen], walk)
            if ruling.is_right:
                cases.reveal(case, session)
            else:
                case.missed = True
            tell(ruling.why)


async def _by_topic(scenarios: Sequence[Scenario]) -> PracticeWalk:
    """A scenario by a part of what can be read of it; enter lists the topics first."""
    listed = list(cases.topics(scenarios))
    while True:
        words = (await ask("A part of its topic, name or title; enter lists the topics: ")).casefold().split()
        if not words:
            topics = list(dict.fromkeys((runbook, topic) for runbook, topic, _ in listed))
            of = topics[await choose([f"{runbook}: {topic}" for runbook, topic in topics])]
            offered = [each for each in listed if each[:2] == of]
        else:
            offered = [each for each in listed if cases.holds(each[2], each[0], each[1], words)]
        if offered:
            titles = [f"{runbook}, {topic}: {scenario['title']}" for runbook, topic, scenario in offered]
            runbook, _, scenario = offered[await choose(titles)]
            return PracticeWalk(runbook=runbook, scenario=str(scenario["name"]))
        say("None has that.")


def _hint(case: Case) -> None:
    if case.has_hint:
        case.hints += 1
    tell(case.hint())


def tell(told: Told) -> None:
    """Prints what is told, a line each."""
    say("\n".join(f"{label}: {sentence}" if label else sentence for label, sentence in told))
