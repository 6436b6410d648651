"""The lines of a step's evidence that hold what a person looks for."""

from collections.abc import Sequence

from checks.journal import Asked


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
