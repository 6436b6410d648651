"""What Test-CsMcxP2PIM, Test-CsMcxConference, Test-CsXmppIM and their like print.

Consoles and documents label the same six values in several ways, and what an error or a diagnosis says has colons of
its own. So a line is a label only where it is one of those known, and comes in their order.
"""

from typing import Any

from checks.knowledge.clixml import MOST_CHARACTERS
from checks.knowledge.pasted.console import Line, Unreadable, dedented
from checks.knowledge.pasted.wrapping import Width, rejoined, width_of
from checks.text import clean

NAMES = ("TargetFqdn", "TargetUri", "Result", "Latency", "Error", "Diagnosis")
"""In the order in which they are printed."""

_LABELS = {
    "target fqdn": "TargetFqdn", "targetfqdn": "TargetFqdn", "대상 fqdn": "TargetFqdn",
    "nom de domaine complet (fqdn) cible": "TargetFqdn",
    "target uri": "TargetUri", "targeturi": "TargetUri", "대상 uri": "TargetUri", "uri de destination": "TargetUri",
    "result": "Result", "결과": "Result", "résultat": "Result",
    "latency": "Latency", "대기 시간": "Latency", "latence": "Latency",
    "error message": "Error", "error": "Error", "errormessage": "Error", "오류 메시지": "Error",
    "message d'erreur": "Error",
    "diagnosis": "Diagnosis", "진단": "Diagnosis", "diagnostic": "Diagnosis",
}  # fmt: skip
_WITHOUT_COLON = {"diagnostic": "Diagnosis", "진단을": "Diagnosis", "있게": "Diagnosis"}
"""As the translated documents have them."""
_RESULTS = {
    "success": "Success", "성공": "Success", "réussite": "Success", "succès": "Success",
    "failure": "Failure", "실패": "Failure", "échec": "Failure",
}  # fmt: skip
_SAYING_MUCH = frozenset({"Error", "Diagnosis"})
_ADDRESSES = frozenset({"TargetFqdn", "TargetUri"})
_HEADER_OBJECT = "Microsoft.Rtc.Signaling.DiagnosticHeader"


def is_label(text: str) -> bool:
    """True where a line begins the result of a test, or goes on with it."""
    return _label(text) is not None


def read(lines: list[Line]) -> list[dict[str, Any]]:
    """The results, each with those of NAMES that were printed. Raises Unreadable for a line that belongs to none."""
    found: list[dict[str, list[str]]] = []
    current = ""
    flush = dedented(lines)
    for line in flush:
        if not line.text:
            continue
        labelled = _label(line.text)
        if labelled and _comes_after(labelled, current):
            current = labelled
            if current == NAMES[0] or not found:
                found.append({})
            found[-1][current] = [line.text]
        elif current in _SAYING_MUCH | _ADDRESSES:
            found[-1][current].append(line.text)
        else:
            raise Unreadable(f"Line {line.number} is no part of what this test prints.", line)
    width = width_of(line.text for line in flush)
    return [{name: _value(name, texts, width) for name, texts in one.items()} for one in found]


def named_alike(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results that came in another form, under the same names."""
    renamed = [{_LABELS.get(name.casefold(), name): value for name, value in one.items()} for one in objects]
    return [{name: _told(name, value) for name, value in one.items()} for one in renamed]


def _label(text: str) -> str | None:
    """The name of the value that a line begins."""
    label, colon, _ = text[:200].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").partition(":")
    words = " ".join(label.split()).casefold()
    return _LABELS.get(words) if colon else _WITHOUT_COLON.get(words)


def _comes_after(name: str, current: str) -> bool:
    return name == NAMES[0] or not current or NAMES.index(name) > NAMES.index(current)


def _value(name: str, texts: list[str], width: Width) -> Any:
    first = texts[0].partition(":")[2]
    column = len(texts[0]) - len(first) + 1 if first.startswith(" ") or not first else 0
    if column and all(not text[:column].strip() for text in texts[1:]):
        pieces = [first[1:], *(text[column:] for text in texts[1:])]
    else:
        # A document broke the lines, and no width tells how.
        column, width = 0, Width(0, sure=False)
        pieces = [text.strip() for text in (first, *texts[1:])]
    if name in _ADDRESSES:
        return clean("".join("".join(pieces).split()), MOST_CHARACTERS) or None
    said = clean(rejoined([piece for piece in pieces if piece.strip()], width, column), MOST_CHARACTERS)
    return _told(name, said or None)


def _told(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "Result":
        return _RESULTS.get(value.casefold(), value)
    # The type's name is printed behind what the object says.
    return value.removesuffix(_HEADER_OBJECT).rstrip() or None if name == "Diagnosis" else value
