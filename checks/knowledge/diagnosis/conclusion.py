"""From the signs of a text to what is said of it: the clearest sign decides, causal order breaks ties."""

from collections.abc import Iterable, Sequence

import msgspec

from checks.knowledge.diagnosis.model import Clarity, Diagnosis, Likely, Sign
from checks.knowledge.diagnosis.paste import MOST_CHARACTERS, Paste
from checks.knowledge.diagnosis.questions import question_about
from checks.text import clean

MOST_LIKELY = 8
_MOST_LINES = 8
_LONGEST_SENTENCE = 600


def conclude(paste: Paste, signs: Sequence[Sign]) -> Diagnosis:
    """What the signs say together."""
    explained = frozenset[str]().union(*(sign.explains for sign in signs))
    kept = [sign for sign in signs if sign.topic not in explained]
    # Python's sort is stable, so what stands first in the text stays first among equals.
    ranked = sorted(kept, key=lambda sign: (-sign.clarity, sign.layer))
    likely = _ordered(ranked)
    clearest = max((sign.clarity for sign in ranked if sign.likely), default=Clarity.HINT)
    question = next((sign.question for sign in ranked if sign.question), "")
    if not likely and not question:
        question = question_about(paste)
    elif clearest > Clarity.STATUS:
        question = ""
    return Diagnosis(
        recognised=_unique([*(sign.kind for sign in ranked), *_cut(paste)]),
        likely=likely,
        in_order=_unique(line for sign in ranked for line in sign.in_order),
        not_meant=_unique(line for sign in ranked for line in sign.not_meant),
        question=clean(question, _LONGEST_SENTENCE),
        names=paste.names,
    )


def _ordered(ranked: list[Sign]) -> tuple[Likely, ...]:
    """The first cause of each sign by rank; its other causes stand behind the first ones of equally clear signs."""
    causes = [
        (-2 * sign.clarity + (place > 0), rank, one)
        for rank, sign in enumerate(ranked)
        for place, one in enumerate(sign.likely)
    ]
    causes.sort(key=lambda cause: cause[:2])
    by_cause: dict[str, Likely] = {}
    for _, _, one in causes:
        harmless = _harmless(one)
        by_cause.setdefault(harmless.cause.casefold(), harmless)
    return tuple(by_cause.values())[:MOST_LIKELY]


def _harmless(likely: Likely) -> Likely:
    return msgspec.structs.replace(
        likely,
        cause=clean(likely.cause, _LONGEST_SENTENCE),
        reason=clean(likely.reason, _LONGEST_SENTENCE),
        command=clean(likely.command, _LONGEST_SENTENCE),
    )


def _unique(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean(line, _LONGEST_SENTENCE) for line in lines))[:_MOST_LINES]


def _cut(paste: Paste) -> tuple[str, ...]:
    return (f"only the first {MOST_CHARACTERS:,} characters were looked at",) if paste.cut else ()
