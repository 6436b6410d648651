"""The kinds of lines that a journal is made of, as they are written and read."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from checks.circumstances import MOST_NAME, MOST_TOLD
from checks.deployment import Deployment, Sources
from checks.model import Finding, Frozen
from checks.probes import Answer, Question

VERSION = 1
PASTED = "pasted"
STATED = "stated"
MOST_NOTE = 500
"""Characters of a note, and of what a person adds to an answer."""

Told = Annotated[tuple[Annotated[str, msgspec.Meta(max_length=MOST_NAME)], ...], msgspec.Meta(max_length=MOST_TOLD)]


class Began(Frozen, frozen=True, tag="began", tag_field="kind"):
    """The first line. A walk in the lab names its scenario and no source: the next lab has other ports."""

    version: int
    runbook: str
    deployment: Deployment
    at: str
    scenario: str = ""
    sources: Sources = Sources()
    symptom: str = ""
    """The name of the symptom that the walk is to explain; empty: all of the runbook is walked."""
    told: Told = ()
    """What was told beside the symptom: names of details of the runbook's circumstances."""
    unseen: bool = False
    """True in the lab while the learner has not been told the scenario."""


class Asked(Frozen, frozen=True, tag="asked", tag_field="kind"):
    """One question of the world and its answer."""

    question: Question
    answer: Answer
    seat: str
    at: str
    took_ms: int
    source: str = ""
    """Where the answer comes from if it was not asked live: a journal's file name, or PASTED."""


class Concluded(Frozen, frozen=True, tag="concluded", tag_field="kind"):
    """What a step concluded. A later line about the same step replaces an earlier one."""

    step: str
    finding: Finding
    at: str
    took_ms: int = 0
    facts: dict[str, Any] | None = None
    """The step's facts as JSON has them; None where nothing was gathered."""
    evidence: tuple[Question, ...] = ()
    """The questions it rests on; their answers are in the `asked` lines before it."""
    source: str = ""
    """STATED where a person said what it is, and nothing here saw it."""
    alone: bool = False
    """True where the user went to this step out of its turn: the walk goes on from where he left."""


class Noted(Frozen, frozen=True, tag="noted", tag_field="kind"):
    """What a person wrote down about a step. A later line about the same step replaces it; an empty note removes it."""

    note: str
    at: str
    step: str = ""
    """Empty: about the verdict."""


class Revealed(Frozen, frozen=True, tag="revealed", tag_field="kind"):
    """The learner named the cause of an unseen scenario, or was told it."""

    at: str
    at_once: bool = False
    """True where the first fault that he named was the cause."""


class Raw(Frozen, frozen=True):
    """Output as the collector script writes it: not yet read, in Base64."""

    type: Literal["clixml", "netstat"]
    data: str


class Collected(Frozen, frozen=True, tag="asked", tag_field="kind"):
    """An `asked` line of the collector script."""

    question: Question
    answer: Raw
    seat: str
    at: str
    took_ms: int


class _OfAnyKind(Frozen, frozen=True):
    kind: str


Line = Began | Asked | Concluded | Noted | Revealed
_KINDS = frozenset({"began", "asked", "concluded", "noted", "revealed"})
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_collected: msgspec.json.Decoder[Collected] = msgspec.json.Decoder(Collected)
_encoder = msgspec.json.Encoder()


def encode(line: Line) -> bytes:
    """A line as it is written, with its line break."""
    return _encoder.encode(line) + b"\n"


def decode(raw: bytes) -> Line | None:
    """A line; None for one of a kind that only a newer version writes.

    Raises what msgspec raises, RecursionError or UnicodeDecodeError where it is none.
    """
    if b'"clixml"' not in raw and b'"netstat"' not in raw:
        return _own_line(raw)
    try:
        collected = _collected.decode(raw)
    except msgspec.ValidationError:
        return _own_line(raw)
    from checks.knowledge.shell_envelope import collected as decoded

    answer = decoded(collected.answer.type, collected.answer.data, collected.question)
    return Asked(
        question=collected.question, answer=answer, seat=collected.seat, at=collected.at, took_ms=collected.took_ms
    )


def _own_line(raw: bytes) -> Line | None:
    try:
        return _decoder.decode(raw)
    except msgspec.ValidationError:
        if msgspec.json.decode(raw, type=_OfAnyKind).kind in _KINDS:
            raise
    return None


def now() -> str:
    """The time of day in UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
