"""The evidence of a step as it is read: in its order, and the lines that hold what a person looks for."""

from collections.abc import Sequence

from checks.journal import Asked
from checks.walk import Walk


def own_first(walk: Walk, step_id: str) -> tuple[Asked, ...]:
    """The evidence of a step: what it was the first to ask, then what an earlier step of the walk had asked already.

    The latter mostly names servers and users. What the step judged is in the former.
    """
    earlier = walk.path[: walk.path.index(step_id)] if step_id in walk.path else ()
    known = {asked.question for step in earlier for asked in walk.journal.evidence(step)}
    return tuple(sorted(walk.journal.evidence(step_id), key=lambda asked: asked.question in known))


def matching(evidence: Sequence[Asked], words: str) -> list[tuple[Asked, Sequence[str]]]:
    """Each question with the lines of its answer that hold all of the words, whatever their case.

    A question that holds them itself comes with all of its lines, and one without any such line is left out. Without
    words everything matches.
    """
    wanted = words.casefold().split()
    found: list[tuple[Asked, Sequence[str]]] = []
    for asked in evidence:
        lines = list(asked.answer.lines())
        if _has(asked.question.typed(), wanted):
            found.append((asked, lines))
        elif kept := [line for line in lines if _has(line, wanted)]:
            found.append((asked, kept))
    return found


def _has(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)
