"""What a text is expected to be diagnosed as: a row of the tables in this folder."""

from typing import NamedTuple

from checks.knowledge.diagnosis import Diagnosis, diagnose

NOW = "2026-11-21T12:00:00+00:00"


class Row(NamedTuple):
    """A text, words of its first cause, the step to start at, and words of what it does not mean."""

    text: str
    cause: str
    step: str = ""
    not_meant: str = ""


def name_of(row: Row) -> str:
    """A row's name in the test report."""
    return " ".join(row.text.split())[:50]


def check(row: Row) -> Diagnosis:
    """Diagnoses the row's text and holds it against the row."""
    found = diagnose(row.text, NOW)
    assert found.likely, f"nothing likely; asked: {found.question}"
    first = found.likely[0]
    assert row.cause.lower() in first.cause.lower(), [one.cause for one in found.likely]
    assert first.step == row.step
    if row.not_meant:
        assert any(row.not_meant.lower() in line.lower() for line in found.not_meant), found.not_meant
    assert first.reason, "a cause without its reason"
    assert first.who, "nobody who could act"
    return found
