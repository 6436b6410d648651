"""The end of a walk: the first fault in causal order, what follows from it, and what was not seen."""

from collections import Counter

import msgspec

from checks.circumstances import seat_of, steps_for
from checks.journal import STATED, Began, Concluded, Journal
from checks.model import Finding, Runbook, Status, Vantage, Verdict


def verdict_of(runbook: Runbook, journal: Journal) -> Verdict:
    """The verdict that a journal's conclusions amount to."""
    concluded = [journal.concluded[step] for step in runbook.step_ids if step in journal.concluded]
    if not concluded:
        return Verdict.nothing_walked()
    elsewhere = _seen_elsewhere(concluded, journal.began.deployment.vantage)
    return msgspec.structs.replace(_of(runbook, journal, concluded), not_from_here=elsewhere)


def _of(runbook: Runbook, journal: Journal, concluded: list[Concluded]) -> Verdict:
    faults = [one for status in (Status.FAILED, Status.WARNING) for one in concluded if one.finding.status is status]
    unknown = tuple(one.step for one in concluded if one.finding.status is Status.UNKNOWN)
    skipped_by_user = [one for one in concluded if one.finding.answer == "skipped" and not one.finding.because]
    if not faults:
        unseen = unknown + tuple(one.step for one in skipped_by_user)
        return _faultless(runbook, journal.began, concluded, unseen)
    first = next((one for one in faults if not _follows_another(runbook, journal, one, faults)), faults[0])
    cause = f"{first.step}/{first.finding.answer}"
    following = [
        one for one in faults if _is_explained(runbook, journal, one, by=first.step) or _rests_on(runbook, one, first)
    ]
    return Verdict(
        status=first.finding.status,
        cause=cause,
        headline=first.finding.headline,
        detail=first.finding.detail,
        remedies=first.finding.remedies,
        consequences=(*(_follows(runbook, one) for one in following), *_consequences(runbook, concluded, cause)),
        also=tuple(f"{one.step}/{one.finding.answer}" for one in faults if one is not first and one not in following),
        unknown=unknown,
        not_agreed=_not_agreed(concluded),
    )


def _seen_elsewhere(concluded: list[Concluded], own: Vantage) -> dict[Vantage, tuple[str, ...]]:
    """The steps that this seat cannot see, by the seat to walk at: of few seats the one that each step names first."""
    seats = {one.step: [seat for seat in one.finding.seen_from if seat is not own] for one in concluded}
    few = _few(list(seats.values()))
    nearest = {step: next(seat for seat in sees if seat in few) for step, sees in seats.items() if sees}
    return {seat: steps for seat in few if (steps := tuple(step for step in nearest if nearest[step] is seat))}


def _few(seats: list[list[Vantage]]) -> list[Vantage]:
    """Seats of which each of the lists that is not empty has one: first the one that most of them have."""
    few: list[Vantage] = []
    while count := Counter(seat for several in seats for seat in several):
        few.append(max(Vantage, key=lambda seat: count[seat]))
        seats = [several for several in seats if few[-1] not in several]
    return few


def _is_explained(runbook: Runbook, journal: Journal, fault: Concluded, by: str = "") -> bool:
    """True where a step that comes later, `by` alone if it is named, was seen to be the reason for it."""
    stage = runbook.stage(fault.step)
    if stage.explained and fault.finding.answer not in stage.explained:
        return False
    reasons = {step: answers for step, answers in stage.explained_by.items() if by in {"", step}}
    found = ((journal.concluded.get(step), answers) for step, answers in reasons.items())
    return any(one is not None and one.finding.answer in answers for one, answers in found)


def _follows_another(runbook: Runbook, journal: Journal, fault: Concluded, faults: list[Concluded]) -> bool:
    return _is_explained(runbook, journal, fault) or any(_rests_on(runbook, fault, other) for other in faults)


def _rests_on(runbook: Runbook, fault: Concluded, cause: Concluded) -> bool:
    """True where the step of the fault tells nothing after the cause, and was walked before it."""
    return cause.finding.answer in runbook.stage(fault.step).stands_on.get(cause.step, ())


def _follows(runbook: Runbook, fault: Concluded) -> str:
    """A fault that is there only because of the cause."""
    return f"{runbook.stage(fault.step).step.title}: {fault.finding.headline}"


def _not_agreed(concluded: list[Concluded]) -> tuple[str, ...]:
    return tuple(one.step for one in concluded if one.finding.answer == "not-agreed")


def _faultless(runbook: Runbook, began: Began, concluded: list[Concluded], unknown: tuple[str, ...]) -> Verdict:
    """The verdict where nothing was found: it claims no more than was seen."""
    seen = [one for one in concluded if one.finding.status is Status.OK]
    why = tuple(dict.fromkeys(one.finding.headline for one in concluded if one.step in unknown))
    status, headline = Status.OK, _nothing_found(runbook, began, concluded)
    so_far = _so_far(runbook, began, concluded)
    if unknown:
        status = Status.UNKNOWN
        headline = "No fault found, but not everything could be seen." if seen else "Nothing could be seen."
        if so_far:
            headline = f"{'No fault found' if seen else 'Nothing seen'} so far: {so_far}"
    elif does_not_apply := _hides_most(concluded):
        status, headline, why = Status.NOT_APPLICABLE, does_not_apply.headline, does_not_apply.detail
    elif not seen:
        status, headline, why = _nothing_seen(runbook, concluded)
        if so_far and status is Status.NOT_APPLICABLE:
            headline = f"Nothing seen so far: {so_far}"
    return Verdict(
        status=status,
        cause=None,
        headline=headline,
        detail=why[:3]
        + _as_stated(runbook, concluded)
        + _where_it_fails(runbook, began, concluded)
        + _the_rest(runbook, began),
        unknown=unknown,
        not_agreed=_not_agreed(concluded),
    )


def _hides_most(concluded: list[Concluded]) -> Finding | None:
    """What makes most of the steps pointless without being a fault, such as a version that has none of it."""
    because = Counter(one.finding.because for one in concluded if one.finding.because)
    for one in concluded:
        if because[f"{one.step}/{one.finding.answer}"] * 2 > len(concluded):
            return one.finding if one.finding.status is Status.NOT_APPLICABLE else None
    return None


def _nothing_seen(runbook: Runbook, concluded: list[Concluded]) -> tuple[Status, str, tuple[str, ...]]:
    """Status, headline and reasons where no step saw anything, and none should have."""
    withheld = _not_agreed(concluded)
    if len(withheld) == len(concluded):
        return Status.SKIPPED, "Nothing was looked at: it takes a sign-in, and nobody agreed to that.", ()
    without = ", or without a sign-in" if withheld else ""
    headline = f"Nothing of {runbook.title} can be seen from this seat, or in this version{without}."
    return Status.NOT_APPLICABLE, headline, tuple(dict.fromkeys(one.finding.headline for one in concluded))


def _so_far(runbook: Runbook, began: Began, concluded: list[Concluded]) -> str:
    """How far the walk came, in a sentence; empty where it came to its end."""
    all_of = len(steps_for(runbook, began.symptom, began.told))
    if len(concluded) >= all_of:
        return ""
    symptom = "the symptom" if runbook.symptom(began.symptom) else "what was told"
    what = f"that can explain {symptom}" if all_of < len(runbook.stages) else f"of {runbook.title}"
    return f"{len(concluded)} of {all_of} steps {what} were walked."


def _nothing_found(runbook: Runbook, began: Began, concluded: list[Concluded]) -> str:
    all_of = len(steps_for(runbook, began.symptom, began.told))
    is_part = all_of < len(runbook.stages)
    symptom = "the symptom" if runbook.symptom(began.symptom) else "what was told"
    ran = len(concluded) - len(_not_agreed(concluded))
    if so_far := _so_far(runbook, began, concluded):
        return f"No fault found so far: {so_far}"
    if not is_part:
        return f"No fault found in {runbook.title}."
    if ran < all_of:
        return f"No fault found in {ran} of the {all_of} steps that can explain {symptom}; the others were not run."
    if all_of == 1:
        return f"The one step that can explain {symptom} found no fault."
    return f"None of the {all_of} steps that can explain {symptom} found a fault."


def _as_stated(runbook: Runbook, concluded: list[Concluded]) -> tuple[str, ...]:
    """Which steps are as a person said: nothing here saw them."""
    titles = [runbook.stage(one.step).step.title for one in concluded if one.source == STATED]
    return (f"Stated by a person, and not seen here: {', '.join(titles)}.",) if titles else ()


def _where_it_fails(runbook: Runbook, began: Began, concluded: list[Concluded]) -> tuple[str, ...]:
    """Where it was told to fail, if the walk stood elsewhere and no step asks to be walked there anyway."""
    seat, told = seat_of(runbook, began.symptom, began.told)
    own = began.deployment.vantage
    if not seat or own == seat or (seat, own) == (Vantage.INSIDE, Vantage.FRONT_END):
        return ()
    if any(seat in one.finding.seen_from for one in concluded):
        return ()
    stood = {Vantage.FRONT_END: "the Front End", Vantage.EDGE: "the Edge"}.get(own, own)
    return (f"It was told: {told}. This walk was seen from {stood}, so walk {seat} too.",)


def _the_rest(runbook: Runbook, began: Began) -> tuple[str, ...]:
    """What a walk from a symptom left out, and how it is walked."""
    left = len(runbook.stages) - len(steps_for(runbook, began.symptom, began.told))
    if not left:
        return ()
    rest = f"The other {left} steps" if left > 1 else "The other step"
    were = "were" if left > 1 else "was"
    if runbook.symptom(began.symptom) is None:
        return (
            f"{rest} of {runbook.title} {were} not walked: what was told rules {'them' if left > 1 else 'it'} out.",
        )
    return (f"{rest} of {runbook.title} {were} not walked: begin it from the top, or without --symptom.",)


def _consequences(runbook: Runbook, concluded: list[Concluded], cause: str) -> tuple[str, ...]:
    """What was not looked at: one sentence for all that the same cause hides."""
    hidden: dict[str, list[str]] = {}
    for one in concluded:
        if one.finding.because:
            hidden.setdefault(one.finding.because, []).append(runbook.stage(one.step).step.title)
    return tuple(_not_looked_at(runbook, titles, because, cause) for because, titles in hidden.items())


def _not_looked_at(runbook: Runbook, titles: list[str], because: str, cause: str) -> str:
    *others, last = titles
    named = f"{', '.join(others)} and {last} were" if others else f"{last} was"
    of = "" if because == cause else f", because of {title_of(runbook, because)}"
    return f"{named} not looked at{of}."


def title_of(runbook: Runbook, cause: str) -> str:
    """The title of the step of a cause. A journal may have been written by anybody, so there may be no such step."""
    step_id = cause.partition("/")[0]
    return runbook.stage(step_id).step.title if step_id in runbook.step_ids else "another step"
