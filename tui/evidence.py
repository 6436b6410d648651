"""What a file of evidence holds, and what can be walked from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checks.deployment import Deployment, Sources
from checks.journal import Journal
from checks.opening import read_evidence, seen_from
from checks.runbooks import RUNBOOKS
from checks.walk import steps_for
from tui.origins import day_and_time
from tui.session import LiveWalk, ResumedWalk, WalkRequest

AS_IT_STANDS = "as-it-stands"


class Offer(NamedTuple):
    """Something that can be done with a file."""

    choice: str
    """AS_IT_STANDS, or the name of a runbook."""
    title: str
    note: str


def read(path: Path) -> Journal:
    """What a file tells: a journal, or a copy of a PowerShell window. Raises UnreadableJournal, and OSError."""
    return read_evidence((str(path),))[0]


def description(read: Journal) -> Iterator[tuple[str, str]]:
    """What a journal holds: a label and a sentence each."""
    began = read.began
    runbook = RUNBOOKS.get(began.runbook)
    yield "File", f"{read.source}: {f'a walk of {runbook.title}' if runbook and read.concluded else 'evidence'}"
    lab = ", in the practice lab" if began.scenario else ""
    seat = began.deployment.vantage.replace("-", " ")
    yield "Of", f"{began.deployment.name}, from {seat}, {day_and_time(began.at)}{lab}"
    steps = f" to questions, and the findings of {len(read.concluded)} steps" if read.concluded else " to questions"
    yield "Holds", f"{len(read.asked)} answers{steps}"


def offers(read: Journal) -> list[Offer]:
    """What can be done with a journal: what it was made for comes first."""
    found: list[Offer] = []
    own = read.began.runbook
    if own in RUNBOOKS and read.concluded:
        ended = set(steps_for(RUNBOOKS[own], read.began.symptom, read.began.told)) <= set(read.concluded)
        title, note = ("Go on with the walk", "what is missing is asked live")
        if ended:
            title, note = ("Show the walk as it stands", "its findings and its verdict")
        found.append(Offer(AS_IT_STANDS, title, note))
    runbooks = sorted(RUNBOOKS, key=lambda name: name != own)
    return found + [Offer(name, f"Walk {RUNBOOKS[name].title} from it", "nothing is asked live") for name in runbooks]


def request_for(choice: str, path: Path, read: Journal) -> WalkRequest:
    """The walk of an offer. InvalidName where the file names what cannot be."""
    if choice == AS_IT_STANDS:
        return ResumedWalk(journal=path)
    return LiveWalk(
        runbook=choice,
        deployment=seen_from(Deployment(), (read,), keep_seat=False),
        sources=Sources(evidence=(str(path.resolve()),), offline=True),
        symptom=read.began.symptom if choice == read.began.runbook else "",
        told=read.began.told if choice == read.began.runbook else (),
    )
