"""The end of a walk: the first fault in causal order, what follows from it, and what was not seen."""

from collections import Counter

from checks.journal import STATED, Concluded, Journal
from checks.model import Finding, Runbook, Status, Symptom, Verdict


def verdict_of(runbook: Runbook, journal: Journal) -> Verdict:
    """The verdict that a journal's conclusions amount to."""
    concluded = [journal.concluded[step] for step in runbook.step_ids if step in journal.concluded]
    if not concluded:
        return Verdict.nothing_walked()
    faults = [one for status in (Status.FAILED, Status.WARNING) for one in concluded if one.finding.status is status]
    unknown = tuple(one.step for one in concluded if one.finding.status is Status.UNKNOWN)
    skipped_by_user = [one for one in concluded if one.finding.answer == "skipped" and not one.finding.because]
    if not faults:
        unseen = unknown + tuple(one.step for one in skipped_by_user)
        return _faultless(runbook, runbook.symptom(journal.began.symptom), concluded, unseen)
    first = next((one for one in faults if not _is_explained(runbook, journal, one)), faults[0])
    cause = f"{first.step}/{first.finding.answer}"
    following = [one for one in faults if _is_explained(runbook, journal, one, by=first.step)]
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


def _is_explained(runbook: Runbook, journal: Journal, fault: Concluded, by: str = "") -> bool:
    """True where a step that comes later, `by` alone if it is named, was seen to be the reason for it."""
    stage = runbook.stage(fault.step)
    if stage.explained and fault.finding.answer not in stage.explained:
        return False
    reasons = {step: answers for step, answers in stage.explained_by.items() if by in {"", step}}
    found = ((journal.concluded.get(step), answers) for step, answers in reasons.items())
    return any(one is not None and one.finding.answer in answers for one, answers in found)


def _follows(runbook: Runbook, fault: Concluded) -> str:
    """A fault that is there only because of the cause."""
    return f"{runbook.stage(fault.step).step.title}: {fault.finding.headline}"


def _not_agreed(concluded: list[Concluded]) -> tuple[str, ...]:
    return tuple(one.step for one in concluded if one.finding.answer == "not-agreed")


def _faultless(
    runbook: Runbook, symptom: Symptom | None, concluded: list[Concluded], unknown: tuple[str, ...]
) -> Verdict:
    """The verdict where nothing was found: it claims no more than was seen."""
    seen = [one for one in concluded if one.finding.status is Status.OK]
    why = tuple(dict.fromkeys(one.finding.headline for one in concluded if one.step in unknown))
    status, headline = Status.OK, _nothing_found(runbook, symptom, concluded)
    if unknown:
        status = Status.UNKNOWN
        headline = "No fault found, but not everything could be seen." if seen else "Nothing could be seen."
    elif does_not_apply := _hides_most(concluded):
        status, headline, why = Status.NOT_APPLICABLE, does_not_apply.headline, does_not_apply.detail
    elif not seen:
        status, headline, why = _nothing_seen(runbook, concluded)
    return Verdict(
        status=status,
        cause=None,
        headline=headline,
        detail=why[:3] + _as_stated(runbook, concluded) + _the_rest(runbook, symptom),
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


def _nothing_found(runbook: Runbook, symptom: Symptom | None, concluded: list[Concluded]) -> str:
    all_of = len(symptom.explained_by if symptom else runbook.stages)
    walked, ran = len(concluded), len(concluded) - len(_not_agreed(concluded))
    if walked < all_of:
        what = "that can explain the symptom" if symptom else f"of {runbook.title}"
        return f"No fault found so far: {walked} of {all_of} steps {what} were walked."
    if symptom is None:
        return f"No fault found in {runbook.title}."
    if ran < all_of:
        return f"No fault found in {ran} of the {all_of} steps that can explain the symptom; the others were not run."
    if all_of == 1:
        return "The one step that can explain the symptom found no fault."
    return f"None of the {all_of} steps that can explain the symptom found a fault."


def _as_stated(runbook: Runbook, concluded: list[Concluded]) -> tuple[str, ...]:
    """Which steps are as a person said: nothing here saw them."""
    titles = [runbook.stage(one.step).step.title for one in concluded if one.source == STATED]
    return (f"Stated by a person, and not seen here: {', '.join(titles)}.",) if titles else ()


def _the_rest(runbook: Runbook, symptom: Symptom | None) -> tuple[str, ...]:
    """What a walk from a symptom left out, and how it is walked."""
    left = len(runbook.stages) - len(symptom.explained_by) if symptom else 0
    if not left:
        return ()
    return (f"The other {left} steps of {runbook.title} were not walked: begin it from the top, or without --symptom.",)


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
